//! Keyless identities: whose signature stands for a robot account's token.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::{Admin, Inspect};
use domain::robot::{self, Identity};
use serde::Deserialize;

use super::dialogs::Dialog;
use super::{Named, refused};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// Empty lines after those that are filled in.
const SPARE: usize = 2;

/// The dialog.
pub(super) struct Federation {
    pub robot: String,
    pub may: bool,
    pub lines: Vec<Line>,
    pub faults: Faults,
    pub action: String,
    /// Where a signed identity is exchanged for a token.
    pub exchange: String,
}

/// An identity in the form.
#[derive(Default)]
pub(super) struct Line {
    pub number: usize,
    pub issuer: String,
    pub subject: String,
}

/// The form: as many issuers as subjects.
#[derive(Deserialize)]
pub struct Identities {
    #[serde(default)]
    issuer: Vec<String>,
    #[serde(default)]
    subject: Vec<String>,
}

impl Federation {
    pub async fn of(visit: &Visit, named: &Named, may: bool) -> Result<Federation, PageError> {
        let (namespace, short) = (named.open::<Inspect>(visit).await?, named.short()?);
        let known = visit.services.db.read(move |conn| robot::identities(conn, &namespace, &short)).await?;
        let pairs = known.into_iter().map(|known| (known.issuer, known.subject)).collect();
        Ok(Federation::with(visit, named, may, pairs, Faults::none()))
    }

    fn with(visit: &Visit, named: &Named, may: bool, pairs: Vec<(String, String)>, faults: Faults) -> Federation {
        let spare = std::iter::repeat_with(Default::default).take(if may { SPARE } else { 0 });
        let line = |(at, (issuer, subject)): (usize, (String, String))| Line { number: at + 1, issuer, subject };
        Federation {
            robot: named.whole(),
            may,
            lines: pairs.into_iter().chain(spare).enumerate().map(line).collect(),
            faults,
            action: named.action("federation"),
            exchange: format!("{}/oauth2/federation/robot/token", visit.address().url()),
        }
    }
}

impl Line {
    /// The id of a field, by which faults name it.
    pub fn id(&self, field: &str) -> String {
        format!("{field}-{}", self.number)
    }
}

/// `POST …/robots/<robot>/federation`: the whole list, in place of the one before.
///
/// # Errors
/// As [`robot::set_identities`], but for what the form can mend.
pub async fn change(
    visit: Visit,
    path: Path<Named>,
    form: VerifiedForm<Identities>,
) -> Result<HttpResponse, PageError> {
    let named = path.into_inner();
    let (namespace, short) = (named.open::<Admin>(&visit).await?, named.short()?);
    let pairs = form.into_inner().pairs();
    let identities = match check(&visit, &pairs) {
        Ok(identities) => identities,
        Err(faults) => {
            let dialog = Federation::with(&visit, &named, true, pairs, faults);
            return refused(&visit, &named, Dialog::Federation(dialog)).await;
        }
    };
    let now = visit.services.clock.now();
    let written = visit.services.db.write(move |tx| match identities.is_empty() {
        true if robot::identities(tx, &namespace.clone().into(), &short)?.is_empty() => Ok(()),
        true => robot::clear_identities(tx, &namespace, now, &short),
        false => robot::set_identities(tx, &namespace, now, &short, &identities),
    });
    if let Err(error) = written.await {
        let dialog = Federation::with(&visit, &named, true, pairs, Faults::from_domain(&visit.request, error)?);
        return refused(&visit, &named, Dialog::Federation(dialog)).await;
    }
    let flash = Flash::done(visit.text().with("robots-federation-saved", "name", named.whole()));
    Ok(visit.go_saying(&named.dialog_url("federation"), flash))
}

fn check(visit: &Visit, pairs: &[(String, String)]) -> Result<Vec<Identity>, Faults> {
    let (mut faults, mut identities) = (Faults::none(), Vec::new());
    for (at, (issuer, subject)) in pairs.iter().enumerate() {
        if let Err(why) = visit.services.documents.check(issuer) {
            faults.add(format!("issuer-{}", at + 1), visit.text().with("robots-issuer-wrong", "why", why));
        }
        if subject.is_empty() {
            faults.add(format!("subject-{}", at + 1), visit.text().say("robots-subject-missing"));
        }
        identities.push(Identity { issuer: issuer.clone(), subject: subject.clone() });
    }
    if faults.any() { Err(faults) } else { Ok(identities) }
}

impl Identities {
    /// Without the lines that were left empty.
    fn pairs(self) -> Vec<(String, String)> {
        let trimmed = |text: String| text.trim().to_string();
        let pairs = self.issuer.into_iter().map(trimmed).zip(self.subject.into_iter().map(trimmed));
        pairs.filter(|(issuer, subject)| !issuer.is_empty() || !subject.is_empty()).collect()
    }
}
