//! What stands around every page of somebody who uses the portal: masthead, navigation, messages, notices.

use std::borrow::{Borrow, Cow};
use std::sync::Arc;

use domain::access::Inspect;
use domain::db::Conn;
use domain::entropy::plain_secret;
use domain::ids::UserId;
use domain::message::{self, Message, MessageFormat, Severity};
use domain::principal::Principal;
use domain::{Result, account};

use super::administration;
use super::flash::Flash;
use super::page;
use super::problem::PageError;
use super::show::{SafeHtml, markdown};
use super::text::{Argument, Language, Text};
use super::visit::Visit;

/// How htmx behaves: nothing is evaluated, nothing is asked of other hosts, going back loads the page anew, and an answer
/// with faults (422) or an error's page is shown like any other.
pub const HTMX: &str = r#"{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0,"refreshOnHistoryMiss":true,"scrollIntoViewOnBoost":false,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":true,"error":true}]}"#;

/// Namespaces in the navigation; the rest are on the page of organizations.
const MOST_NAMESPACES: usize = 12;
/// Enough for so many: an organization takes one for each role that somebody has in it, and there are three.
const MEMBERSHIPS: i64 = 36;
/// Letters of what tells two forms apart: a hundred bits.
const ONCE_LENGTH: usize = 20;
/// Stands for an argument that is put in later: an object replacement character, which no text has.
const MARK: &str = "\u{fffc}";
/// Letters of a message in a list.
const MESSAGE_SUMMARY: usize = 200;

/// Which item of the navigation the page belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Here {
    /// The start page.
    Home,
    /// Repositories of all namespaces, search.
    Repositories,
    /// The list of organizations.
    Organizations,
    /// An organization or user, by name.
    Namespace(String),
    /// A page of the administration.
    Administration(Administration),
    /// None of them.
    Elsewhere,
}

/// The pages for superusers that the navigation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Administration {
    /// Users.
    Users,
    /// Organizations of everybody.
    Organizations,
    /// What runs by itself.
    Jobs,
    /// Disk and what is on it.
    Storage,
    /// Events of everybody.
    Logs,
    /// To everybody.
    Messages,
    /// Whether it works.
    Health,
    /// Settings in force.
    Settings,
    /// Sessions of everybody.
    Sessions,
}

impl Administration {
    /// In the order of the navigation.
    pub const ALL: [Administration; 9] = [
        Administration::Users,
        Administration::Organizations,
        Administration::Sessions,
        Administration::Jobs,
        Administration::Storage,
        Administration::Logs,
        Administration::Messages,
        Administration::Health,
        Administration::Settings,
    ];

    /// Its icon in the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Administration::Users => "users",
            Administration::Organizations => "building-2",
            Administration::Sessions => "key-round",
            Administration::Jobs => "list-checks",
            Administration::Storage => "hard-drive",
            Administration::Logs => "scroll-text",
            Administration::Messages => "message-square",
            Administration::Health => "heart-pulse",
            Administration::Settings => "sliders-horizontal",
        }
    }

    /// Its name's key.
    pub fn label(self) -> &'static str {
        match self {
            Administration::Users => "frame-admin-users",
            Administration::Organizations => "frame-admin-organizations",
            Administration::Sessions => "frame-admin-sessions",
            Administration::Jobs => "frame-admin-jobs",
            Administration::Storage => "frame-admin-storage",
            Administration::Logs => "frame-admin-logs",
            Administration::Messages => "frame-admin-messages",
            Administration::Health => "frame-admin-health",
            Administration::Settings => "frame-admin-settings",
        }
    }
}

/// A namespace in the navigation.
#[derive(Debug, Clone)]
pub struct NavNamespace {
    /// Its name.
    pub name: String,
    /// Whether it is the user's own.
    pub is_user: bool,
}

/// Who is signed in.
pub struct Who {
    /// Row.
    pub id: UserId,
    /// Name.
    pub name: Arc<str>,
    /// What people call them: given and family name if they said.
    pub display_name: String,
    /// Whether an invitation to a team waits for an answer.
    pub has_invitations: bool,
    /// Whether the administration is in the navigation.
    pub is_operator: bool,
}

/// What stands around a page. Made by [`Visit::frame`].
pub struct Frame {
    /// Of this program.
    pub version: &'static str,
    /// Names the request in the log.
    pub request_id: Option<Arc<str>>,
    /// The reader's words.
    pub text: Text,
    /// As in `data-theme`.
    pub theme: &'static str,
    /// The reader's time zone, if known.
    pub zone: Option<&'static str>,
    /// Whether the key `/` goes to the search.
    pub slash_searches: bool,
    /// Host and port of the registry.
    pub host: String,
    /// For the hidden field of every form.
    pub proof: String,
    /// For the hidden field of forms that create.
    pub once: String,
    /// Nobody for whoever only looks around.
    pub who: Option<Who>,
    /// Where the page is.
    pub here: Here,
    /// The user's namespaces, their own first.
    pub namespaces: Vec<NavNamespace>,
    /// Messages of the administrators.
    pub messages: Vec<Message>,
    /// Jobs that failed in their last turn, for whoever has the administration in the navigation.
    pub failed_jobs: usize,
    /// What became of the form before.
    pub flash: Option<Flash>,
    /// This page's address, to come back to.
    pub address: String,
}

impl Visit {
    /// What stands around a page that is at `here`.
    ///
    /// # Errors
    /// As the database's.
    pub async fn frame(&self, here: Here) -> Result<Frame, PageError> {
        let who = match &self.caller().principal {
            Principal::User { id, name } => {
                let session = self.visitor.session.as_ref();
                Some(Who {
                    id: *id,
                    name: name.clone(),
                    display_name: session.map_or_else(|| name.to_string(), |session| session.display_name.clone()),
                    has_invitations: session.is_some_and(|session| session.has_invitations),
                    is_operator: self.visitor.is_operator(),
                })
            }
            _ => None,
        };
        let around = match &self.visitor.around {
            Some(known) => known.clone(),
            None => {
                let own = who.as_ref().map(|who| (who.id, who.name.clone()));
                let read = move |conn: &mut Conn| Around::read(conn, own.as_ref().map(|(id, name)| (*id, &**name)));
                self.services.db.read(read).await?
            }
        };
        let Around { namespaces, messages } = around;
        let failed_jobs = self.failed_jobs().await;
        Ok(Frame { namespaces, messages, failed_jobs, ..self.bare_frame(here, who) })
    }

    /// The board is in memory, and how the reader stands was asked before.
    async fn failed_jobs(&self) -> usize {
        if !self.visitor.is_operator() {
            return 0;
        }
        let instance = self.services.access.registry::<Inspect>(self.caller()).await;
        instance.map_or(0, |instance| administration::failed_jobs(&self.services.sweeps.list(&instance)))
    }

    /// As [`Visit::frame`] without what the database knows: for pages that say that it does not answer.
    pub(super) fn bare_frame(&self, here: Here, who: Option<Who>) -> Frame {
        Frame {
            version: env!("CARGO_PKG_VERSION"),
            request_id: page::request_id(&self.request),
            text: self.text(),
            theme: self.visitor.theme,
            zone: self.visitor.zone,
            slash_searches: self.visitor.session.as_ref().is_none_or(|session| session.preferences.slash_searches),
            host: self.address().host().to_string(),
            proof: self.visitor.proof.clone(),
            once: plain_secret(&*self.services.entropy, ONCE_LENGTH),
            who,
            here,
            namespaces: Vec::new(),
            messages: Vec::new(),
            failed_jobs: 0,
            flash: self.flash(),
            address: self.here(),
        }
    }
}

/// What the database knows of what stands around a page.
#[derive(Debug, Clone)]
pub struct Around {
    namespaces: Vec<NavNamespace>,
    messages: Vec<Message>,
}

impl Around {
    /// For this user, if it is one. Two statements.
    ///
    /// # Errors
    /// As the database's.
    pub fn read(conn: &mut Conn, user: Option<(UserId, &str)>) -> Result<Around> {
        let namespaces = user.map_or(Ok(Vec::new()), |user| namespaces(conn, user))?;
        Ok(Around { namespaces, messages: message::list(conn)? })
    }
}

fn namespaces(conn: &mut Conn, (id, name): (UserId, &str)) -> Result<Vec<NavNamespace>> {
    let own = NavNamespace { name: name.to_string(), is_user: true };
    let organizations = account::first_memberships(conn, id, MEMBERSHIPS)?;
    let others = organizations.into_iter().map(|one| NavNamespace { name: one.organization, is_user: false });
    Ok(std::iter::once(own).chain(others).take(MOST_NAMESPACES).collect())
}

impl Frame {
    /// A message without arguments.
    pub fn say(&self, key: &str) -> Cow<'static, str> {
        self.text.word(key)
    }

    /// A message with one argument.
    pub fn with(&self, key: &str, name: &'static str, value: impl Argument) -> String {
        self.text.with(key, name, value)
    }

    /// What a message says before its one argument and after it: for lists, which say it in each row.
    pub fn around(&self, key: &str, name: &'static str) -> (String, String) {
        let said = self.text.with(key, name, MARK);
        let (before, after) = said.split_once(MARK).unwrap_or((&said, ""));
        (before.to_string(), after.to_string())
    }

    /// A message with two arguments.
    pub fn with2(&self, key: &str, n1: &'static str, v1: impl Argument, n2: &'static str, v2: impl Argument) -> String {
        self.text.with2(key, n1, v1, n2, v2)
    }

    /// Whether this is the reader's language.
    pub fn speaks(&self, language: impl Borrow<Language>) -> bool {
        self.text.language == *language.borrow()
    }

    /// Whether the page is the start page.
    pub fn is_home(&self) -> bool {
        self.here == Here::Home
    }

    /// Whether the page is among those of all repositories.
    pub fn is_repositories(&self) -> bool {
        self.here == Here::Repositories
    }

    /// Whether the page is the list of organizations.
    pub fn is_organizations(&self) -> bool {
        self.here == Here::Organizations
    }

    /// Whether the page is this one of the administration.
    pub fn is_administration(&self, page: impl Borrow<Administration>) -> bool {
        self.here == Here::Administration(*page.borrow())
    }

    /// What stands beside an item of the administration: jobs that failed.
    pub fn administration_count(&self, page: impl Borrow<Administration>) -> usize {
        if *page.borrow() == Administration::Jobs { self.failed_jobs } else { 0 }
    }

    /// Whether the page belongs to this namespace.
    pub fn is_in(&self, namespace: &str) -> bool {
        matches!(&self.here, Here::Namespace(name) if name == namespace)
    }

    /// The zone that moments are shown in.
    pub fn zone_name(&self) -> &str {
        self.zone.unwrap_or("UTC")
    }

    /// A message's text where it is Markdown.
    pub fn message_markup(&self, message: &Message) -> Option<SafeHtml> {
        (message.format == MessageFormat::Markdown).then(|| markdown::render(&message.content))
    }

    /// A message in a line.
    pub fn message_summary(&self, message: &Message) -> String {
        match message.format {
            MessageFormat::Markdown => markdown::summary(&message.content, MESSAGE_SUMMARY),
            MessageFormat::Plain => message.content.clone(),
        }
    }

    /// The icon of a message's severity.
    pub fn banner_icon(&self, message: &Message) -> &'static str {
        match message.severity {
            Severity::Info => "info",
            Severity::Warning => "triangle-alert",
            Severity::Error => "circle-alert",
        }
    }

    /// The class of a message's badge.
    pub fn badge_class(&self, message: &Message) -> &'static str {
        match message.severity {
            Severity::Info => "badge-info",
            Severity::Warning => "badge-warn",
            Severity::Error => "badge-danger",
        }
    }

    /// What a message's severity is called, as a key of the texts.
    pub fn severity_key(&self, message: &Message) -> &'static str {
        match message.severity {
            Severity::Info => "admin-message-info",
            Severity::Warning => "admin-message-warning",
            Severity::Error => "admin-message-error",
        }
    }

    /// The class of a message's banner.
    pub fn banner_class(&self, message: &Message) -> &'static str {
        match message.severity {
            Severity::Info => "banner banner-info",
            Severity::Warning => "banner banner-warn",
            Severity::Error => "banner banner-danger",
        }
    }
}

/// One of four hues for a name's tile or avatar: always the same for the same name.
pub fn hue(name: &str) -> &'static str {
    let sum: u32 = name.bytes().map(u32::from).sum();
    ["", "av-2", "av-3", "av-4"][(sum % 4) as usize]
}

/// The letters of a name's avatar: the first of its first two parts.
pub fn initials(name: &str) -> String {
    let parts = name.split(['.', '_', '-', '+', ' ']).filter_map(|part| part.chars().next());
    parts.take(2).flat_map(char::to_uppercase).collect()
}
