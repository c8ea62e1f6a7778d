//! Short addresses, as Quay has them and as images are written: `/acme`, `/acme/web`, `/acme/web:1.4`, `/acme/web@sha256:…`.
//! They lead to the pages of what the reader may see; for others there is nothing at such an address.

use domain::Error;
use domain::access::Read;
use domain::oci::{NamespaceName, Reference, RepositoryName};

use super::organization::head::{Head, Tab};
use super::problem::PageError;
use super::urls;
use super::visit::Visit;

/// Where a path that nothing else answers leads to, if it is such an address, or one that ends in a slash too many.
///
/// # Errors
/// As the database's.
pub async fn leads_to(visit: &Visit, path: &str) -> Result<Option<String>, PageError> {
    // Of `//host/` browsers would make another place.
    let Some(path) = path.strip_prefix('/').filter(|path| !path.starts_with(['/', '\\'])) else { return Ok(None) };
    if let Some(rest) = path.strip_suffix('/') {
        let is_page = rest.starts_with("repository/") || rest.starts_with("organization/") || rest.starts_with("user/");
        return if is_page { Ok(Some(format!("/{rest}"))) } else { named(visit, rest).await };
    }
    named(visit, path).await
}

async fn named(visit: &Visit, path: &str) -> Result<Option<String>, PageError> {
    let (name, reference) = match path.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => match path.split_once(':') {
            Some((name, tag)) => (name, Some(tag)),
            None => (path, None),
        },
    };
    let reference = match reference.map(str::parse::<Reference>) {
        Some(Err(_)) => return Ok(None),
        Some(Ok(reference)) => Some(reference),
        None => None,
    };
    if let Ok(name) = name.parse::<RepositoryName>() {
        return Ok(repository_at(visit, &name).await?.then(|| match reference {
            Some(Reference::Tag(tag)) => urls::tag(name.as_str(), tag.as_str()),
            Some(Reference::Digest(digest)) => urls::manifest(name.as_str(), digest.as_str()),
            None => urls::repository(name.as_str()),
        }));
    }
    match name.parse::<NamespaceName>() {
        Ok(name) if reference.is_none() => namespace_at(visit, &name).await,
        _ => Ok(None),
    }
}

/// Whether the reader may see this repository.
async fn repository_at(visit: &Visit, name: &RepositoryName) -> Result<bool, PageError> {
    match visit.repository::<Read>(name.as_str()).await {
        Ok(_) => Ok(true),
        Err(PageError::NotFound | PageError::SignIn) => Ok(false),
        Err(PageError::Domain(Error::NotFound(_) | Error::Unauthenticated(_) | Error::Forbidden { .. })) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The page of this namespace, if the reader belongs to it or sees some of its repositories.
async fn namespace_at(visit: &Visit, name: &NamespaceName) -> Result<Option<String>, PageError> {
    let head = match Head::of_either(visit, name.as_str(), Tab::Repositories).await {
        Err(PageError::NotFound) => return Ok(None),
        head => head?,
    };
    let is_shown = head.is_known_to(visit) || head.has_something_for(visit).await?;
    Ok(is_shown.then(|| urls::namespace(head.name(), head.is_user())))
}
