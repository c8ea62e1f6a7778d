//! What is done to a user, and the dialogs that ask first.

use std::borrow::Borrow;

use domain::access::Standing;
use domain::account::User;
use domain::principal::Principal;

use crate::portal::faults::Faults;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// A change of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Another address.
    Email,
    /// Another password.
    Password,
    /// A link to set one with.
    Recovery,
    /// No second factor any more.
    SecondFactor,
    /// Another name.
    Rename,
    /// Superuser.
    MakeSuperuser,
    /// Superuser who may look.
    MakeReadOnly,
    /// Neither.
    MakePlain,
    /// Credentials count again.
    Enable,
    /// Credentials count for nothing.
    Disable,
    /// Their namespace becomes an organization.
    TakeOwnership,
    /// Gone, with a way back.
    Delete,
}

/// What a change is called, as keys of the texts.
struct Words {
    /// In addresses.
    word: &'static str,
    icon: &'static str,
    label: &'static str,
    title: &'static str,
    text: &'static str,
    /// Nothing for what answers with a secret.
    done: &'static str,
}

impl Change {
    /// In the order of the menu.
    pub const ALL: [Change; 12] = [
        Change::Email,
        Change::Password,
        Change::Recovery,
        Change::SecondFactor,
        Change::Rename,
        Change::MakeSuperuser,
        Change::MakeReadOnly,
        Change::MakePlain,
        Change::Enable,
        Change::Disable,
        Change::TakeOwnership,
        Change::Delete,
    ];

    /// The change an address names.
    pub fn named(word: &str) -> Option<Change> {
        Change::ALL.into_iter().find(|change| change.word() == word)
    }

    #[expect(clippy::too_many_lines, reason = "a table: a change, its words")]
    fn words(self) -> Words {
        let words =
            |word, icon, [label, title, text, done]: [&'static str; 4]| Words { word, icon, label, title, text, done };
        match self {
            Change::Email => words(
                "email",
                "mail",
                ["admin-user-email", "admin-user-email-title", "admin-user-email-text", "admin-user-email-done"],
            ),
            Change::Password => words(
                "password",
                "key-round",
                [
                    "admin-user-password",
                    "admin-user-password-title",
                    "admin-user-password-text",
                    "admin-user-password-done",
                ],
            ),
            Change::Recovery => words(
                "recovery",
                "link",
                ["admin-user-recovery", "admin-user-recovery-title", "admin-user-recovery-text", ""],
            ),
            Change::SecondFactor => words(
                "second-factor",
                "shield-alert",
                ["admin-user-factor", "admin-user-factor-title", "admin-user-factor-text", "admin-user-factor-done"],
            ),
            Change::Rename => words(
                "name",
                "pencil",
                ["admin-user-rename", "admin-user-rename-title", "admin-user-rename-text", "admin-user-rename-done"],
            ),
            Change::MakeSuperuser => words(
                "superuser",
                "crown",
                [
                    "admin-user-superuser",
                    "admin-user-superuser-title",
                    "admin-user-superuser-text",
                    "admin-user-superuser-done",
                ],
            ),
            Change::MakeReadOnly => words(
                "read-only-superuser",
                "eye",
                [
                    "admin-user-read-only",
                    "admin-user-read-only-title",
                    "admin-user-read-only-text",
                    "admin-user-read-only-done",
                ],
            ),
            Change::MakePlain => words(
                "plain",
                "user",
                ["admin-user-plain", "admin-user-plain-title", "admin-user-plain-text", "admin-user-plain-done"],
            ),
            Change::Enable => words(
                "enable",
                "circle-check",
                ["admin-user-enable", "admin-user-enable-title", "admin-user-enable-text", "admin-user-enable-done"],
            ),
            Change::Disable => words(
                "disable",
                "circle-pause",
                [
                    "admin-user-disable",
                    "admin-user-disable-title",
                    "admin-user-disable-text",
                    "admin-user-disable-done",
                ],
            ),
            Change::TakeOwnership => words(
                "ownership",
                "building-2",
                [
                    "admin-user-ownership",
                    "admin-user-ownership-title",
                    "admin-user-ownership-text",
                    "admin-user-ownership-done",
                ],
            ),
            Change::Delete => words(
                "deletion",
                "trash-2",
                ["admin-user-delete", "admin-user-delete-title", "admin-user-delete-text", "admin-user-delete-done"],
            ),
        }
    }

    /// In addresses.
    pub fn word(self) -> &'static str {
        self.words().word
    }

    /// Its icon in the sprite.
    pub fn icon(self) -> &'static str {
        self.words().icon
    }

    /// What it is called in the menu and on the button.
    pub fn label(self) -> &'static str {
        self.words().label
    }

    /// What the dialog is called; has the user's name.
    pub fn title(self) -> &'static str {
        self.words().title
    }

    /// What will happen; has the user's name.
    pub fn text(self) -> &'static str {
        self.words().text
    }

    /// What the notice says; has the user's name.
    pub fn done(self) -> &'static str {
        self.words().done
    }

    /// Whether it takes something away.
    pub fn is_danger(self) -> bool {
        matches!(self, Change::Disable | Change::SecondFactor | Change::TakeOwnership | Change::Delete)
    }

    /// What is to be given: the field's name as a key of the texts, and its type.
    pub fn field(self) -> Option<(&'static str, &'static str)> {
        match self {
            Change::Email => Some(("admin-user-new-email", "email")),
            Change::Password => Some(("admin-user-new-password", "password")),
            Change::Rename => Some(("admin-user-new-name", "text")),
            Change::Delete | Change::TakeOwnership => Some(("admin-user-type-name", "text")),
            _ => None,
        }
    }
}

/// How a user stands, as far as changes depend on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    /// By database and settings.
    standing: Standing,
    /// Whether settings decide that, so that nothing here can change it.
    is_fixed: bool,
    is_enabled: bool,
    is_self: bool,
}

impl Subject {
    /// How this user stands, seen by whoever asks.
    pub fn new(visit: &Visit, name: &str, stored: Standing, is_enabled: bool) -> Subject {
        let access = &visit.services.access;
        Subject {
            standing: access.standing_by_name(name, stored),
            is_fixed: access.standing_by_name(name, Standing::Plain) != Standing::Plain,
            is_enabled,
            is_self: matches!(&visit.caller().principal, Principal::User { name: own, .. } if &**own == name),
        }
    }

    /// As [`Subject::new`].
    pub fn of(visit: &Visit, user: &User) -> Subject {
        Subject::new(visit, &user.name, user.standing, user.enabled)
    }

    /// By database and settings.
    pub fn standing(self) -> Standing {
        self.standing
    }

    /// Whether this can be done to them. The domain refuses the rest, or it would lock its doer out.
    pub fn allows(self, change: impl Borrow<Change>) -> bool {
        let is_superuser = self.standing == Standing::Superuser;
        let may_change_standing = !self.is_self && !self.is_fixed;
        match change.borrow() {
            Change::Email | Change::Password | Change::SecondFactor => true,
            // Settings name superusers by their names.
            Change::Rename => !self.is_fixed,
            Change::Recovery => self.is_enabled,
            Change::MakeSuperuser => may_change_standing && !is_superuser,
            Change::MakeReadOnly => may_change_standing && self.standing != Standing::ReadOnlySuperuser,
            Change::MakePlain => may_change_standing && self.standing != Standing::Plain,
            Change::Enable => !self.is_enabled,
            Change::Disable => self.is_enabled && !is_superuser,
            Change::TakeOwnership | Change::Delete => !is_superuser && !self.is_self,
        }
    }

    /// Everything that can be done to them, in the order of the menu.
    pub fn changes(self) -> Vec<Change> {
        Change::ALL.into_iter().filter(|change| self.allows(change)).collect()
    }
}

/// A change that is asked about.
pub(super) struct Question {
    /// What.
    pub change: Change,
    /// To whom.
    pub user: String,
    /// What is in the field.
    pub typed: String,
    /// What is wrong with it.
    pub faults: Faults,
    /// Repositories in their namespace, where they go or change hands.
    pub repositories: i64,
    /// Until when a deletion can be taken back.
    pub kept: String,
}

/// What stands over the list.
pub(super) enum Dialog {
    /// The form for another user.
    Create(NewUser),
    /// A question before something is done.
    Ask(Question),
    /// A password that was made, shown this once.
    Password {
        /// Whose.
        user: String,
        /// In the clear.
        password: String,
    },
    /// A link that was made, shown this once.
    Link {
        /// Whose password it sets.
        user: String,
        /// The link.
        url: String,
        /// Until when it is good.
        until: Moment,
    },
}

/// The form for another user, with what is wrong with it.
#[derive(Default)]
pub(super) struct NewUser {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// What is wrong.
    pub faults: Faults,
}

impl Question {
    /// Where the form is sent.
    pub fn action(&self) -> String {
        urls::administration_user(&self.user, self.change.word())
    }

    /// Whether repositories go, or change hands.
    pub fn names_content(&self) -> bool {
        matches!(self.change, Change::Delete | Change::TakeOwnership)
    }

    /// Whether it can be taken back for a while.
    pub fn is_deletion(&self) -> bool {
        self.change == Change::Delete
    }
}
