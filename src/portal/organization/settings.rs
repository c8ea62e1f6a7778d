//! The tab "Settings" of a namespace. Those of a user are on the pages of their account.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::{Admin, Read, Standing};
use domain::naming;
use domain::oci::NamespaceName;
use domain::organization::{self, DetailChanges};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::retention::{self, Window};
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// What the address says of the tab's state.
#[derive(Deserialize, Default)]
struct Asked {
    dialog: Option<String>,
}

/// The form of what is kept about an organization.
#[derive(Deserialize)]
pub struct General {
    email: String,
    tag_expiration_s: i64,
}

/// The form of its name.
#[derive(Deserialize)]
pub struct NewName {
    name: String,
}

/// The form that deletes it.
#[derive(Deserialize, Default)]
pub struct Deletion {
    confirm: String,
}

#[derive(Template)]
#[template(path = "organization/settings.html")]
struct SettingsPage {
    frame: Frame,
    head: Head,
    typed: Typed,
    /// Whether this visitor may give it another name.
    renames: bool,
    /// Days until a deletion is for good.
    restorable_days: u64,
    deleting: Option<Faults>,
}

/// What is in the forms.
struct Typed {
    email: String,
    tag_expiration_s: i64,
    name: String,
    confirm: String,
    faults: Faults,
}

/// `?tab=settings`
///
/// # Errors
/// To the page that asks for the password, before a deletion.
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    let deletes = asked.dialog.as_deref() == Some("delete") && head.may.administer && !head.is_user();
    if deletes {
        visit.require_fresh()?;
    }
    let page = page(&visit, head).await?;
    Ok(visit.page(&SettingsPage { deleting: deletes.then(Faults::none), ..page }))
}

/// `POST /organization/<name>/settings`
///
/// # Errors
/// Not found for a user; else as [`organization::change_details`], but for what the form can mend.
pub async fn change(visit: Visit, name: Path<String>, form: VerifiedForm<General>) -> Result<HttpResponse, PageError> {
    let organization = visit.namespace::<Admin>(&name).await?;
    if !organization.is_organization {
        return Err(PageError::NotFound);
    }
    let typed = form.into_inner();
    let changes = DetailChanges {
        email: Some(typed.email.trim().to_string()),
        tag_expiration_s: Some(typed.tag_expiration_s),
        ..DetailChanges::default()
    };
    let now = visit.services.clock.now();
    let changed =
        visit.services.db.write(move |tx| organization::change_details(tx, &organization, now, &changes)).await;
    if let Err(error) = changed {
        let faults = Faults::from_domain(&visit.request, error)?;
        let mut page = again(&visit, &name).await?;
        page.typed = Typed { email: typed.email, tag_expiration_s: typed.tag_expiration_s, faults, ..page.typed };
        return Ok(visit.refused(&page));
    }
    let flash = Flash::done(visit.text().say("organization-settings-saved"));
    Ok(visit.go_saying(&settings_url(&name), flash))
}

/// `POST /organization/<name>/name`: for superusers.
///
/// # Errors
/// As [`naming::rename_organization`], but for what the form can mend; to the page that asks for the password if that was
/// long ago.
pub async fn rename(visit: Visit, name: Path<String>, form: VerifiedForm<NewName>) -> Result<HttpResponse, PageError> {
    let instance = visit.registry::<Admin>().await?;
    visit.require_fresh()?;
    let typed = form.into_inner().name;
    let (old, now) = (name.clone(), visit.services.clock.now());
    let renamed = match typed.trim().parse::<NamespaceName>() {
        Ok(new) => {
            let renaming =
                move |tx: &mut domain::db::Tx<'_>| naming::rename_organization(tx, &instance, now, &old, &new);
            visit.services.db.write(renaming).await
        }
        Err(violation) => Err(violation.into()),
    };
    match renamed {
        Ok(listed) => {
            let flash = Flash::done(visit.text().with2("organization-renamed", "old", &*name, "name", &listed.name));
            Ok(visit.go_saying(&settings_url(&listed.name), flash))
        }
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            let mut page = again(&visit, &name).await?;
            page.typed = Typed { name: typed, faults, ..page.typed };
            Ok(visit.refused(&page))
        }
    }
}

/// `POST /organization/<name>/deletion`
///
/// # Errors
/// As [`organization::delete`]; to the page that asks for the password if that was long ago.
pub async fn delete(visit: Visit, name: Path<String>, form: VerifiedForm<Deletion>) -> Result<HttpResponse, PageError> {
    let organization = visit.namespace::<Admin>(&name).await?;
    if !organization.is_organization {
        return Err(PageError::NotFound);
    }
    visit.require_fresh()?;
    let typed = form.into_inner().confirm;
    if typed.trim() != organization.name {
        let message = visit.text().with("organization-delete-mistyped", "name", &organization.name);
        let mut page = again(&visit, &name).await?;
        page.typed.confirm = typed;
        return Ok(visit.refused(&SettingsPage { deleting: Some(Faults::one("confirm", message)), ..page }));
    }
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| organization::delete(tx, &organization, now)).await?;
    let flash = Flash::done(visit.text().with("organization-deleted", "name", &*name));
    Ok(visit.go_saying(urls::organizations(), flash))
}

async fn again(visit: &Visit, name: &str) -> Result<SettingsPage, PageError> {
    page(visit, Head::load(visit, name, false, Tab::Settings).await?).await
}

async fn page(visit: &Visit, head: Head) -> Result<SettingsPage, PageError> {
    let organization = visit.namespace::<Read>(head.name()).await?;
    let details = visit.services.db.read(move |conn| organization::details(conn, &organization)).await?;
    let typed = Typed {
        email: details.email.unwrap_or_default(),
        tag_expiration_s: details.tag_expiration_s,
        name: head.name().to_string(),
        confirm: String::new(),
        faults: Faults::none(),
    };
    let renames = visit.visitor.standing == Standing::Superuser && !head.is_user();
    let restorable_days = retention::restorable_days(visit);
    let frame = visit.frame(Here::Namespace(head.name().to_string())).await?;
    Ok(SettingsPage { frame, head, typed, renames, restorable_days, deleting: None })
}

fn settings_url(name: &str) -> String {
    urls::namespace_tab(name, false, Tab::Settings.word())
}

impl SettingsPage {
    fn windows(&self) -> Vec<Window> {
        retention::windows(self.typed.tag_expiration_s)
    }
}
