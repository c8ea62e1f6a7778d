//! What superusers do to users.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::{Admin, Authorized, Instance, Standing};
use domain::account::{self, User};
use domain::db::Tx;
use domain::error::{Error, Thing};
use domain::oci::NamespaceName;
use domain::time::Timestamp;
use domain::{naming, ownership, second_factor};
use serde::Deserialize;

use super::dialog::{Change, Dialog, NewUser, Subject};
use super::{named, page, question};
use crate::portal::administration::superuser;
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::recovery;

/// The form for another user.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

/// What a change needs: an address, a password, a name, or the user's name again.
#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    value: String,
}

/// `POST /administration/users`: with a password of ours, shown this once.
///
/// # Errors
/// As [`account::create`], but for what the form can mend.
pub async fn create(visit: Visit, form: VerifiedForm<Wanted>) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let wanted = form.into_inner();
    match make(&visit, instance, &wanted).await {
        Ok((user, password)) => {
            let dialog = Dialog::Password { user: user.name, password };
            Ok(visit.page(&page(&visit, Some(dialog)).await?))
        }
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            let dialog = Dialog::Create(NewUser { name: wanted.name, email: wanted.email, faults });
            Ok(visit.refused(&page(&visit, Some(dialog)).await?))
        }
    }
}

async fn make(visit: &Visit, instance: Authorized<Instance, Admin>, wanted: &Wanted) -> domain::Result<(User, String)> {
    let services = &visit.services;
    let name: NamespaceName = wanted.name.trim().parse()?;
    let email = Some(wanted.email.trim().to_string()).filter(|email| !email.is_empty());
    let password = account::generated_password(&*services.entropy);
    let password_hash = hash(visit, &password).await?;
    let new = account::NewUser { name, email, password_hash: Some(password_hash), standing: Standing::Plain };
    let now = services.clock.now();
    let made = services.db.write(move |tx| {
        if let Some(email) = &new.email {
            account::require_email_free(tx, email)?;
        }
        account::create(tx, instance.caller(), now, &new)
    });
    Ok((made.await?, password))
}

/// `POST /administration/users/<name>/<change>`
///
/// # Errors
/// As the change's, but for what the form can mend.
pub async fn change(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Given>,
) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let (name, word) = path.into_inner();
    let change = Change::named(&word).ok_or(PageError::NotFound)?;
    let user = named(&visit, &name).await?;
    if !Subject::of(&visit, &user).allows(change) {
        let flash = Flash::failed(visit.text().with("admin-user-not-possible", "name", &user.name));
        return Ok(visit.go_saying(urls::administration_users(), flash));
    }
    let value = form.into_inner().value;
    if change == Change::Recovery {
        return link(&visit, instance, &user.name).await;
    }
    match carry_out(&visit, instance, change, &user.name, &value).await {
        Ok(()) => Ok(visit.go_saying(urls::administration_users(), done(&visit, change, &user.name))),
        Err(error) => refused(&visit, change, user.name, value, error).await,
    }
}

fn done(visit: &Visit, change: Change, name: &str) -> Flash {
    let flash = Flash::done(visit.text().with(change.done(), "name", name));
    match change {
        Change::Disable => {
            let back = urls::administration_user(name, Change::Enable.word());
            flash.undone_by(visit.text().say(Change::Enable.label()), back, Vec::new())
        }
        _ => flash,
    }
}

async fn carry_out(
    visit: &Visit,
    instance: Authorized<Instance, Admin>,
    change: Change,
    name: &str,
    value: &str,
) -> domain::Result<()> {
    let typed = value.trim();
    if matches!(change, Change::Delete | Change::TakeOwnership) && typed != name {
        return Err(Error::invalid("value", visit.text().with("admin-user-type-wrong", "name", name)));
    }
    if matches!(change, Change::Delete | Change::TakeOwnership) {
        visit.services.access.require_endable(name)?;
    }
    let given = match change {
        Change::Password => {
            account::password::check_rule(value)?;
            hash(visit, value).await?
        }
        Change::Rename => typed.parse::<NamespaceName>()?.to_string(),
        _ => typed.to_string(),
    };
    let (name, now) = (name.to_string(), visit.services.clock.now());
    visit.services.db.write(move |tx| apply(tx, &instance, now, (change, &name), &given)).await
}

fn apply(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: Timestamp,
    (change, name): (Change, &str),
    given: &str,
) -> domain::Result<()> {
    let caller = instance.caller();
    let stand = |tx: &mut Tx<'_>, standing| account::raise_standing(tx, caller, now, name, standing);
    match change {
        Change::Email => account::change_email(tx, instance, now, name, given),
        Change::Password => account::set_password(tx, caller, now, name, given),
        Change::SecondFactor => second_factor::reset(tx, instance, now, name),
        Change::Rename => naming::rename_user(tx, instance, now, name, &given.parse()?),
        Change::MakeSuperuser => stand(tx, Standing::Superuser),
        Change::MakeReadOnly => stand(tx, Standing::ReadOnlySuperuser),
        Change::MakePlain => stand(tx, Standing::Plain),
        Change::Enable => account::set_enabled(tx, caller, now, name, true),
        Change::Disable => account::set_enabled(tx, caller, now, name, false),
        Change::TakeOwnership => ownership::take(tx, instance, now, name).map(|_| ()),
        Change::Delete => account::delete_user(tx, caller, now, name),
        // Answered with a secret, by `link`.
        Change::Recovery => Err(Error::NotFound(Thing::Recovery)),
    }
}

/// The page with a link to set a password with, shown this once.
async fn link(visit: &Visit, instance: Authorized<Instance, Admin>, name: &str) -> Result<HttpResponse, PageError> {
    let (now, entropy, user) = (visit.services.clock.now(), visit.services.entropy.clone(), name.to_string());
    let made = visit.services.db.write(move |tx| account::make_recovery(tx, &instance, &*entropy, now, &user));
    let (secret, until) = made.await?;
    let url = recovery::link(&visit.services.settings, &secret);
    let dialog = Dialog::Link { user: name.to_string(), url, until: visit.reader().moment(until) };
    Ok(visit.page(&page(visit, Some(dialog)).await?))
}

/// The dialog again; whatever the domain calls the field, there is one.
async fn refused(
    visit: &Visit,
    change: Change,
    name: String,
    value: String,
    error: Error,
) -> Result<HttpResponse, PageError> {
    let mut faults = Faults::none();
    let error = match error {
        // The user is there; what is not found is the factor.
        Error::NotFound(_) if change == Change::SecondFactor => {
            Error::refused(visit.text().with("admin-user-factor-none", "name", &name))
        }
        other => other,
    };
    for fault in Faults::from_domain(&visit.request, error)?.iter() {
        let field = if change.field().is_some() { "value" } else { "" };
        faults.add(field, fault.message.clone());
    }
    // A password is not sent back.
    let typed = if change == Change::Password { String::new() } else { value };
    let question = question(visit, change, name, typed, faults).await?;
    Ok(visit.refused(&page(visit, Some(Dialog::Ask(question))).await?))
}

async fn hash(visit: &Visit, password: &str) -> domain::Result<String> {
    let services = &visit.services;
    services.sign_in.hash_new(password, services.entropy.clone(), &visit.caller().origin).await
}
