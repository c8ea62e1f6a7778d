//! The dialogs of the tab, as its address asks for them.

use domain::access::{Admin, Inspect, RepositoryRole};
use domain::robot;

use super::create::NewRobot;
use super::credentials::Credentials;
use super::federation::Federation;
use super::permissions::Permissions;
use super::{Head, Named, Shown, short_of};
use crate::portal::faults::Faults;
use crate::portal::problem::PageError;
use crate::portal::roles::{Choice, permissions};
use crate::portal::urls;
use crate::portal::visit::Visit;

/// What is open beside the list.
pub(super) enum Dialog {
    /// The form for a new one.
    Create(CreateDialog),
    /// How to sign in.
    Credentials(Credentials),
    /// What it may do directly.
    Permissions(Permissions),
    /// Whose signature stands for its token.
    Federation(Federation),
    /// What is said about it.
    Describe(Describe),
    /// The question before its token changes or it is deleted.
    Question(Question),
}

/// The form for a new one.
pub(super) struct CreateDialog {
    pub typed: NewRobot,
    pub faults: Faults,
    pub action: String,
}

impl CreateDialog {
    pub fn roles(&self) -> Vec<Choice> {
        permissions(RepositoryRole::from_word(&self.typed.role).unwrap_or(RepositoryRole::Read))
    }
}

/// What is said about a robot account.
pub(super) struct Describe {
    pub robot: String,
    pub description: String,
    pub faults: Faults,
    pub action: String,
}

/// A question before something that cannot be taken back.
pub(super) struct Question {
    pub robot: String,
    pub is_deletion: bool,
    /// In how many teams it is.
    pub teams: i64,
    /// How many repositories are granted to it.
    pub repositories: i64,
    pub action: String,
}

/// The dialog that the address asks for. What only admins can do opens for nobody else; a robot account that is not there
/// has no dialog.
pub(super) async fn asked_for(visit: &Visit, head: &Head, shown: &Shown) -> Result<Option<Dialog>, PageError> {
    let may = head.may.administer;
    let named = Named {
        kind: if head.is_user() { "user".into() } else { "organization".into() },
        namespace: head.name().to_string(),
        robot: short_of(&shown.robot, head.name()).to_string(),
    };
    Ok(match shown.dialog.as_str() {
        "create" if may => {
            let action = urls::robots(head.name(), head.is_user());
            let typed = NewRobot { name: named.robot, ..NewRobot::default() };
            Some(Dialog::Create(CreateDialog { typed, faults: Faults::none(), action }))
        }
        "credentials" => Some(Dialog::Credentials(Credentials::of(visit, &named, &shown.show, may).await?)),
        "permissions" => Some(Dialog::Permissions(Permissions::of(visit, &named, &shown.more, may).await?)),
        "federation" => Some(Dialog::Federation(Federation::of(visit, &named, may).await?)),
        "describe" if may => Some(Dialog::Describe(describe(visit, &named).await?)),
        "regenerate" if may => Some(Dialog::Question(question(visit, &named, false).await?)),
        "delete" if may => Some(Dialog::Question(question(visit, &named, true).await?)),
        _ => None,
    })
}

async fn describe(visit: &Visit, named: &Named) -> Result<Describe, PageError> {
    let (namespace, short) = (named.open::<Inspect>(visit).await?, named.short()?);
    let robot = visit.services.db.read(move |conn| robot::inspect(conn, &namespace, &short)).await?;
    Ok(Describe {
        robot: robot.name,
        description: robot.description,
        faults: Faults::none(),
        action: named.action("description"),
    })
}

/// With what is lost.
async fn question(visit: &Visit, named: &Named, is_deletion: bool) -> Result<Question, PageError> {
    let (namespace, short) = (named.open::<Admin>(visit).await?, named.short()?);
    let read = visit.services.db.read(move |conn| {
        let namespace = namespace.into();
        let robot = robot::inspect(conn, &namespace, &short)?;
        robot::counts(conn, &namespace, robot.id)
    });
    let (teams, repositories) = read.await?;
    let action = named.action(if is_deletion { "deletion" } else { "token" });
    Ok(Question { robot: named.whole(), is_deletion, teams, repositories, action })
}
