//! The manifest a page is about: found by tag or digest, with what stands above each of its tabs.

use std::borrow::Borrow;

use domain::Error;
use domain::access::{Authorized, Read};
use domain::image::{self, Configured, Image, Turn};
use domain::oci::{Digest, Reference};
use domain::repository::Repository;

use crate::portal::problem::PageError;
use crate::portal::repository::head::Head;
use crate::portal::repository::pull;
use crate::portal::show::short_digest;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// A view of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Where it stands and how to pull it.
    Details,
    /// How it was made.
    Layers,
    /// What is in its layers.
    Files,
    /// How it is run.
    Configuration,
    /// What is attached to it.
    Referrers,
    /// As it was pushed.
    Raw,
}

impl Tab {
    const ALL: [Tab; 6] = [Tab::Details, Tab::Layers, Tab::Files, Tab::Configuration, Tab::Referrers, Tab::Raw];

    /// As in an address.
    pub fn name(self) -> &'static str {
        match self {
            Tab::Details => "details",
            Tab::Layers => "layers",
            Tab::Files => "files",
            Tab::Configuration => "configuration",
            Tab::Referrers => "referrers",
            Tab::Raw => "raw",
        }
    }

    /// Its name's key.
    pub fn label(self) -> &'static str {
        match self {
            Tab::Details => "image-tab-details",
            Tab::Layers => "image-tab-layers",
            Tab::Files => "image-tab-files",
            Tab::Configuration => "image-tab-configuration",
            Tab::Referrers => "image-tab-referrers",
            Tab::Raw => "image-tab-raw",
        }
    }

    /// Whether it is the one that shows how many layers there are.
    pub fn is_layers(self) -> bool {
        self == Tab::Layers
    }

    /// Whether a manifest has something to show there. An index has neither layers nor a configuration, and layers of an
    /// artifact need not be archives.
    fn fits(self, image: &Image) -> bool {
        let layers = &image.details.manifest.layers;
        let is_image = matches!(image.configured, Configured::Read(_) | Configured::Unreadable(_));
        match self {
            Tab::Details | Tab::Referrers | Tab::Raw => true,
            Tab::Layers => !image.details.is_index(),
            Tab::Files => {
                let is_archive = |media_type: &str| media_type.contains("tar");
                !layers.is_empty() && (is_image || layers.iter().any(|layer| is_archive(layer.media_type.as_str())))
            }
            Tab::Configuration => is_image,
        }
    }
}

/// The manifest a page is about.
pub struct Subject {
    /// The repository it is in.
    pub head: Head,
    /// The tag it was asked for by.
    pub tag: Option<String>,
    /// Its digest.
    pub digest: String,
    /// What it is, where it says so.
    pub artifact_type: Option<String>,
    /// Where it runs.
    pub platform: Option<String>,
    /// Bytes in words.
    pub size: String,
    /// How many layers it has.
    pub layers: usize,
    /// Where the page is.
    pub tab: Tab,
    tabs: Vec<Tab>,
}

/// A manifest with all that its tabs are made of.
pub struct Opened {
    /// The permission to look at it.
    pub repository: Authorized<Repository, Read>,
    /// What stands above the tab.
    pub subject: Subject,
    /// The manifest with its configuration and layers.
    pub image: Image,
}

impl Opened {
    /// The manifest for somebody who may read its repository, at the tab of this name; details if it has no such tab.
    ///
    /// # Errors
    /// Not found for what the repository does not have and for whoever may not read it.
    pub async fn load(visit: &Visit, name: &str, reference: &Reference, wanted: &str) -> Result<Opened, PageError> {
        let (repository, head) = Head::load(visit, name, None).await?;
        let digest = find(visit, &repository, reference).await?.ok_or(PageError::NotFound)?;
        let image = open(visit, &repository, &digest).await?;
        let tabs: Vec<Tab> = Tab::ALL.into_iter().filter(|tab| tab.fits(&image)).collect();
        let platforms = image.platforms();
        let subject = Subject {
            tab: tabs.iter().copied().find(|tab| tab.name() == wanted).unwrap_or(Tab::Details),
            tag: match reference {
                Reference::Tag(tag) => Some(tag.to_string()),
                Reference::Digest(_) => None,
            },
            digest: digest.to_string(),
            artifact_type: image.details.artifact_type.clone(),
            platform: platforms.into_iter().next().filter(|_| !image.details.is_index()),
            size: head.reader.size(image.details.total_size),
            layers: image.details.manifest.layers.len(),
            tabs,
            head,
        };
        Ok(Opened { repository, subject, image })
    }
}

/// The digest of what a tag points at; a digest stands for itself. Nothing if there is no such tag.
///
/// # Errors
/// As the database's.
pub async fn find(
    visit: &Visit,
    repository: &Authorized<Repository, Read>,
    reference: &Reference,
) -> Result<Option<Digest>, PageError> {
    if let Reference::Digest(digest) = reference {
        return Ok(Some(digest.clone()));
    }
    match visit.services.manifests.find(repository, reference).await {
        Ok(found) => Ok(Some(found.digest.clone())),
        Err(Error::NotFound(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// A manifest with its configuration.
///
/// # Errors
/// As [`image::open`].
pub async fn open(
    visit: &Visit,
    repository: &Authorized<Repository, Read>,
    digest: &Digest,
) -> Result<Image, PageError> {
    let (services, turn) = (&visit.services, image::turn(repository).await?);
    Ok(image::open(&services.db, (&*services.store, &services.blobs), repository, &turn, digest).await?)
}

/// Manifests with their configurations, in their order; `None` for those that the repository does not have.
///
/// # Errors
/// As [`image::open_all`].
pub async fn open_all(
    visit: &Visit,
    repository: &Authorized<Repository, Read>,
    turn: &Turn,
    digests: &[Digest],
) -> Result<Vec<Option<Image>>, PageError> {
    let services = &visit.services;
    Ok(image::open_all(&services.db, (&*services.store, &services.blobs), repository, turn, digests).await?)
}

impl Subject {
    /// Its address: by the tag where it was asked for by one.
    pub fn url(&self) -> String {
        match &self.tag {
            Some(tag) => urls::tag(&self.head.name, tag),
            None => urls::manifest(&self.head.name, &self.digest),
        }
    }

    /// Where a tab is.
    pub fn tab_url(&self, tab: impl Borrow<Tab>) -> String {
        urls::with_query(&self.url(), &[("tab", tab.borrow().name())])
    }

    /// The tabs it has.
    pub fn tabs(&self) -> impl Iterator<Item = Tab> + '_ {
        self.tabs.iter().copied()
    }

    /// Whether it has this tab.
    pub fn has(&self, tab: impl Borrow<Tab>) -> bool {
        self.tabs.contains(tab.borrow())
    }

    /// Whether the page is this tab.
    pub fn is_at(&self, tab: impl Borrow<Tab>) -> bool {
        self.tab == *tab.borrow()
    }

    /// What it is, unless it is an image as most are.
    pub fn artifact(&self) -> Option<&str> {
        pull::artifact(self.artifact_type.as_deref())
    }

    /// What people call it: the tag, or the beginning of the digest.
    pub fn name(&self) -> &str {
        self.tag.as_deref().unwrap_or_else(|| short_digest(&self.digest))
    }

    /// What stands between the repository's name and the reference.
    pub fn separator(&self) -> &'static str {
        if self.tag.is_some() { ":" } else { "@" }
    }

    /// What an address names it by: the tag, or the whole digest.
    pub fn reference(&self) -> &str {
        self.tag.as_deref().unwrap_or(&self.digest)
    }

    /// The commands that pull it by its tag; none without one.
    pub fn pull_by_tag(&self) -> Vec<String> {
        let commands = |tag: &String| pull::by_tag(self.artifact_type.as_deref(), &self.head.reference, tag);
        self.tag.as_ref().map_or(Vec::new(), commands)
    }

    /// The commands that pull it by its digest.
    pub fn pull_by_digest(&self) -> Vec<String> {
        pull::by_digest(self.artifact_type.as_deref(), &self.head.reference, &self.digest)
    }

    /// Where it is compared with another.
    pub fn compare_url(&self) -> String {
        urls::with_query(&urls::compare(&self.head.name), &[("from", self.reference())])
    }

    /// A dialog about the tag, which leads back to this page.
    pub fn dialog_url(&self, dialog: &str) -> String {
        let (tag, back) = (self.tag.as_deref().unwrap_or_default(), self.tab_url(self.tab));
        let query = [("dialog", dialog), ("tag", tag), ("back", &back)];
        urls::and_query(&urls::repository_tab(&self.head.name, "tags"), &query)
    }

    /// What the tag pointed at before.
    pub fn history_url(&self) -> String {
        urls::and_query(&urls::repository_tab(&self.head.name, "history"), &[("q", self.name())])
    }

    /// Where its bytes are.
    pub fn download_url(&self) -> String {
        let address = urls::repository_action(&self.head.name, "manifest");
        urls::with_query(&address, &[("digest", &self.digest)])
    }

    /// The page of another manifest of the repository.
    pub fn manifest_url(&self, digest: &str) -> String {
        urls::manifest(&self.head.name, digest)
    }
}
