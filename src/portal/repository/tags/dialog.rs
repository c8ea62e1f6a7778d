//! What can be done to chosen tags, before it is done.

use domain::access::{Authorized, Read};
use domain::label::{self, Label, LabelSource};
use domain::oci::{Digest, TagName};
use domain::repository::Repository;
use domain::tag;

use super::Shown;
use crate::portal::problem::PageError;
use crate::portal::repository::head::Head;
use crate::portal::visit::Visit;

/// The dialog that is open.
pub enum Dialog {
    /// Delete these.
    Delete {
        /// Which.
        tags: Vec<TagName>,
        /// For how long they can come back, in words; nothing if not at all.
        restorable: Option<String>,
    },
    /// Give these an end.
    Expire {
        /// Which.
        tags: Vec<TagName>,
        /// The end the only one has, as a field of a form takes it.
        current: String,
        /// The soonest that makes sense.
        soonest: String,
    },
    /// Another name for the same image.
    Add {
        /// The tag that names it now.
        tag: TagName,
        /// What it points at.
        digest: Digest,
    },
    /// Words attached to the image.
    Labels {
        /// The tag that names it.
        tag: TagName,
        /// What it points at.
        digest: Digest,
        /// By key.
        labels: Vec<Label>,
    },
    /// Choose what to compare with.
    Compare {
        /// This one.
        tag: TagName,
    },
}

/// What was typed into a form that was refused.
#[derive(Default)]
pub struct Typed {
    /// A new tag's name.
    pub name: String,
    /// An end.
    pub at: String,
    /// A label's key.
    pub key: String,
    /// A label's value.
    pub value: String,
}

impl Dialog {
    /// The dialog that the address asks for, if the caller may use it and its tags are there.
    ///
    /// # Errors
    /// As the database's.
    pub async fn open(
        visit: &Visit,
        repository: &Authorized<Repository, Read>,
        head: &Head,
        shown: &Shown,
    ) -> Result<Option<Dialog>, PageError> {
        let tags = shown.chosen();
        let Some(first) = tags.first().cloned() else { return Ok(None) };
        let asked = shown.dialog.as_str();
        if asked == "compare" {
            return Ok(Some(Dialog::Compare { tag: first }));
        }
        if !matches!(asked, "delete" | "expire" | "add" | "labels") || !head.can_write() {
            return Ok(None);
        }
        if asked == "delete" {
            let lifetime = u64::try_from(head.overview.tag_expiration_s).unwrap_or(0);
            let restorable = (lifetime > 0).then(|| head.reader.duration(std::time::Duration::from_secs(lifetime)));
            return Ok(Some(Dialog::Delete { tags, restorable }));
        }
        let now = visit.services.clock.now();
        let (repository, name, wants_labels) = (repository.clone(), first.clone(), asked == "labels");
        let found = visit.services.db.read(move |conn| {
            let Some(found) = tag::pointed(conn, &repository, now, &name)? else { return Ok(None) };
            let labels = if wants_labels { label::list(conn, &repository, &found.digest, None)? } else { Vec::new() };
            Ok(Some((found, labels)))
        });
        let Some((found, labels)) = found.await? else { return Ok(None) };
        Ok(Some(match asked {
            "add" => Dialog::Add { tag: first, digest: found.digest },
            "labels" => Dialog::Labels { tag: first, digest: found.digest, labels },
            _ => Dialog::Expire {
                current: found.expires_at.map(|at| head.reader.input(at)).unwrap_or_default(),
                soonest: head.reader.input(now),
                tags,
            },
        }))
    }
}

/// Whether a label can be taken off: those of the image stay with it.
pub fn is_removable(label: &Label) -> bool {
    label.source == LabelSource::Api
}
