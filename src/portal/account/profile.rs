//! Names, address, and how long deleted tags of the user's own repositories stay.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{Admin, Standing};
use domain::account::{self, Profile, ProfileChanges};
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

/// The form of names and address.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    given_name: String,
    family_name: String,
    company: String,
    location: String,
    email: String,
}

/// The form of the time that deleted tags stay.
#[derive(Deserialize)]
pub struct Expiration {
    tag_expiration_s: i64,
}

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    frame: Frame,
    head: Head,
    typed: Typed,
    faults: Faults,
    /// Whether the user may change their namespace: read-only superusers change none.
    may_change_namespace: bool,
    windows: Vec<Window>,
}

/// `?tab=profile`
pub async fn show(visit: &Visit) -> Result<HttpResponse, PageError> {
    Ok(visit.page(&page(visit).await?))
}

/// `POST /account/profile`
///
/// # Errors
/// As [`account::change_profile`], but for what the form can mend.
pub async fn save(visit: Visit, form: VerifiedForm<Typed>) -> Result<HttpResponse, PageError> {
    let (me, now) = (visit.myself().await?, visit.services.clock.now());
    let typed = form.into_inner();
    let wanted = typed.trimmed();
    let saving = move |tx: &mut domain::db::Tx<'_>| {
        let changes = wanted.changes(&account::profile(tx, me.id)?);
        account::change_profile(tx, &me, now, &changes)
    };
    match visit.services.db.write(saving).await {
        Ok(_) => Ok(visit.go_saying(&Head::at(Tab::Profile).here(), Flash::done(visit.text().say("account-saved")))),
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            let page = page(&visit).await?;
            Ok(visit.refused(&ProfilePage { typed, faults, ..page }))
        }
    }
}

/// `POST /account/tag-expiration`
///
/// # Errors
/// As [`account::change_profile`].
pub async fn set_tag_expiration(visit: Visit, form: VerifiedForm<Expiration>) -> Result<HttpResponse, PageError> {
    let (me, now) = (visit.myself().await?, visit.services.clock.now());
    visit.namespace::<Admin>(&me.name).await?;
    let changes = ProfileChanges { tag_expiration_s: Some(form.into_inner().tag_expiration_s), ..Default::default() };
    visit.services.db.write(move |tx| account::change_profile(tx, &me, now, &changes)).await?;
    Ok(visit.go_saying(&Head::at(Tab::Profile).here(), Flash::done(visit.text().say("account-saved"))))
}

impl Typed {
    fn of(profile: Profile) -> Typed {
        Typed {
            given_name: profile.given_name.unwrap_or_default(),
            family_name: profile.family_name.unwrap_or_default(),
            company: profile.company.unwrap_or_default(),
            location: profile.location.unwrap_or_default(),
            email: profile.user.email.unwrap_or_default(),
        }
    }

    fn trimmed(&self) -> Typed {
        let trimmed = |text: &str| text.trim().to_string();
        Typed {
            given_name: trimmed(&self.given_name),
            family_name: trimmed(&self.family_name),
            company: trimmed(&self.company),
            location: trimmed(&self.location),
            email: trimmed(&self.email),
        }
    }

    /// What differs from what is known: the log names nothing else.
    fn changes(&self, known: &Profile) -> ProfileChanges {
        let differs = |new: &String, old: &Option<String>| {
            (new.as_str() != old.as_deref().unwrap_or_default()).then(|| new.clone())
        };
        ProfileChanges {
            given_name: differs(&self.given_name, &known.given_name),
            family_name: differs(&self.family_name, &known.family_name),
            company: differs(&self.company, &known.company),
            location: differs(&self.location, &known.location),
            email: differs(&self.email, &known.user.email),
            ..ProfileChanges::default()
        }
    }
}

async fn page(visit: &Visit) -> Result<ProfilePage, PageError> {
    let id = visit.myself().await?.id;
    let profile = visit.services.db.read(move |conn| account::profile(conn, id)).await?;
    let frame = visit.frame(Here::Elsewhere).await?;
    Ok(ProfilePage {
        frame,
        head: Head::at(Tab::Profile),
        windows: retention::windows(profile.tag_expiration_s),
        typed: Typed::of(profile),
        faults: Faults::none(),
        may_change_namespace: visit.visitor.standing != Standing::ReadOnlySuperuser,
    })
}
