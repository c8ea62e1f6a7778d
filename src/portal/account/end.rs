//! What ends an account as it was: it becomes an organization, or it is deleted.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{Admin, Read};
use domain::organization::{self, Counts};
use domain::principal::Principal;
use domain::{Error, account};
use serde::Deserialize;

use super::Asked;
use super::head::{Head, Tab};
use crate::portal::error::{self, Refusal};
use crate::portal::faults::Faults;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::retention;
use crate::portal::signin;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::{session, sign_in};

/// The form that deletes the account.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Deletion {
    confirm: String,
}

/// The form that makes an organization of it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Conversion {
    admin: String,
    password: String,
    code: String,
}

#[derive(Template)]
#[template(path = "account/end.html")]
struct EndPage {
    frame: Frame,
    head: Head,
    name: String,
    /// What is in the user's namespace.
    counts: Counts,
    /// Days until a deletion is for good.
    days: u64,
    /// Superusers must not vanish, and those who only look change no namespace.
    may: bool,
    dialog: Option<Dialog>,
}

enum Dialog {
    Delete(Deletion, Faults),
    Convert(Conversion, Faults),
}

/// `?tab=account`
pub async fn show(visit: &Visit, asked: &Asked) -> Result<HttpResponse, PageError> {
    if !asked.dialog.is_empty() {
        visit.require_fresh()?;
    }
    let mut page = page(visit, None).await?;
    page.dialog = match asked.dialog.as_str() {
        "delete" if page.may => Some(Dialog::Delete(Deletion::default(), Faults::none())),
        "convert" if page.may => Some(Dialog::Convert(Conversion::default(), Faults::none())),
        _ => None,
    };
    Ok(visit.page(&page))
}

/// `POST /account/deletion`
///
/// # Errors
/// As [`account::delete_own`], but for what the form can mend; to the page that asks for the password.
pub async fn delete(visit: Visit, form: VerifiedForm<Deletion>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    visit.namespace::<Admin>(&me.name).await?;
    visit.services.access.require_endable(&me.name)?;
    let typed = form.into_inner();
    if typed.confirm.trim() != &*me.name {
        let faults = Faults::one("confirm", visit.text().with("account-delete-mistyped", "name", &me.name));
        return again(&visit, Dialog::Delete(typed, faults)).await;
    }
    let now = visit.services.clock.now();
    if let Err(error) = visit.services.db.write(move |tx| account::delete_own(tx, &me, now)).await {
        let faults = whole(&visit, error)?;
        return again(&visit, Dialog::Delete(typed, faults)).await;
    }
    let mut answer = visit.leave(urls::landing());
    let _ = answer.add_cookie(&session::no_cookie(&visit.services));
    Ok(answer)
}

/// `POST /account/conversion`: the browser is signed in as the new organization's admin from then on.
///
/// # Errors
/// As [`account::convert_to_organization`], but for what the form can mend; to the page that asks for the password.
pub async fn convert(visit: Visit, form: VerifiedForm<Conversion>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    visit.namespace::<Admin>(&me.name).await?;
    visit.services.access.require_endable(&me.name)?;
    let typed = form.into_inner();
    let name = me.name.to_string();
    let (admin, factor) = match admin(&visit, &name, &typed).await? {
        Ok(found) => found,
        Err(faults) => return again(&visit, Dialog::Convert(typed, faults)).await,
    };
    let Principal::User { id, .. } = admin.principal else { return Err(PageError::NotFound) };
    let (from, now) = (me.caller().origin.clone(), visit.services.clock.now());
    let converting = move |tx: &mut domain::db::Tx<'_>| account::convert_to_organization(tx, &me, now, id);
    if let Err(error) = visit.services.db.write(converting).await {
        let faults = whole(&visit, error)?;
        return again(&visit, Dialog::Convert(typed, faults)).await;
    }
    let secret = sign_in::start(&visit.services, from, admin, factor).await?;
    let mut answer = visit.leave(&urls::organization(&name));
    let _ = answer.add_cookie(&session::cookie(&visit.services, secret));
    Ok(answer)
}

type Admitted = (domain::account::sign_in::SignedIn, Option<domain::second_factor::Factor>);

/// Who is to be the admin, if they are who they say.
async fn admin(visit: &Visit, own: &str, typed: &Conversion) -> Result<Result<Admitted, Faults>, PageError> {
    let text = visit.text();
    if typed.admin.trim() == own {
        return Ok(Err(Faults::one("admin", text.say("account-convert-other"))));
    }
    signin::count(visit)?;
    let code = Some(typed.code.trim()).filter(|code| !code.is_empty());
    let given = (typed.admin.trim(), typed.password.as_str(), code);
    match sign_in::who_is(&visit.services, &visit.caller().origin, given).await {
        Ok(Some(found)) => Ok(Ok(found)),
        Ok(None) => Ok(Err(Faults::one("code", text.say("account-convert-code")))),
        Err(Error::Unauthenticated(_)) => Ok(Err(Faults::one("password", text.say("signin-wrong")))),
        Err(error) => Err(error.into()),
    }
}

async fn again(visit: &Visit, dialog: Dialog) -> Result<HttpResponse, PageError> {
    Ok(visit.refused(&page(visit, Some(dialog)).await?))
}

/// What the domain says is about the account, not about a field of the form.
fn whole(visit: &Visit, error: Error) -> Result<Faults, PageError> {
    match error::refusal(&visit.request, &error) {
        Refusal::AtField { message, .. } => Ok(Faults::one("", message)),
        Refusal::Page(_) => Err(error.into()),
    }
}

async fn page(visit: &Visit, dialog: Option<Dialog>) -> Result<EndPage, PageError> {
    let name = visit.user()?.principal.name().to_string();
    let namespace = visit.namespace::<Read>(&name).await?;
    let header = visit.services.db.read(move |conn| organization::header(conn, &namespace)).await?;
    let frame = visit.frame(Here::Elsewhere).await?;
    Ok(EndPage {
        frame,
        head: Head::at(Tab::End),
        name,
        counts: header.counts,
        days: retention::restorable_days(visit),
        may: !visit.visitor.is_operator(),
        dialog,
    })
}
