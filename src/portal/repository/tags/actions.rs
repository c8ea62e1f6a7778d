//! What is done to tags.

use actix_web::{HttpResponse, web};
use domain::access::Write;
use domain::label::{self, NewLabel};
use domain::oci::{Digest, TagName};
use domain::tag::{self, Before, Change, Outcome};
use domain::time::Timestamp;
use serde::Deserialize;

use super::{Shown, Typed, again};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// More is not worth a cookie: the history brings those back.
const MOST_UNDONE: usize = 12;

/// Tags that were chosen.
#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    tag: Vec<String>,
    /// Whether the history is not to have them either.
    permanently: Option<String>,
    #[serde(default)]
    back: String,
}

/// Tags and when they are to end.
#[derive(Deserialize)]
pub struct Ending {
    #[serde(default)]
    tag: Vec<String>,
    #[serde(default)]
    at: String,
    never: Option<String>,
    #[serde(default)]
    back: String,
}

/// Tags as they were, one text each.
#[derive(Deserialize)]
pub struct Were {
    #[serde(default)]
    was: Vec<String>,
}

/// Another name for an image.
#[derive(Deserialize)]
pub struct Added {
    tag: String,
    digest: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    back: String,
}

/// A tag and what it is to point at again.
#[derive(Deserialize)]
pub struct Reverted {
    tag: String,
    digest: String,
}

/// A label to attach, or to take off.
#[derive(Deserialize)]
pub struct Labelled {
    tag: String,
    digest: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    back: String,
}

/// `POST /repository/<name>/-/tags/deletion`
///
/// # Errors
/// As [`tag::delete_many`] and [`tag::purge`].
pub async fn delete(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Chosen>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let form = form.into_inner();
    let (tags, shown) = (parsed(&form.tag), Shown::behind(&name, &form.back));
    let (for_good, now) = (form.permanently.is_some(), visit.services.clock.now());
    let deleted = visit.services.db.write(move |tx| {
        let outcome = tag::delete_many(tx, &repository, now, &tags)?;
        if for_good {
            for before in &outcome.changed {
                tag::purge(tx, &repository, now, (&before.tag, &before.digest), false)?;
            }
        }
        Ok(outcome)
    });
    let outcome = deleted.await?;
    let mut flash = told(&visit, "tags-deleted", &outcome);
    if !for_good && (1..=MOST_UNDONE).contains(&outcome.changed.len()) {
        let fields = outcome.changed.iter().map(|before| ("was".to_string(), written(before))).collect();
        flash =
            flash.undone_by(visit.text().say("tags-undo"), urls::repository_action(&name, "tags/restoration"), fields);
    }
    // To the list in any case: the page of a deleted tag is no more.
    Ok(visit.go_saying(&shown.here(&name, &[]), flash))
}

/// `POST /repository/<name>/-/tags/restoration`
///
/// # Errors
/// As [`tag::restore_many`].
pub async fn restore(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Were>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let before: Vec<Before> = form.into_inner().was.iter().filter_map(|text| read(text)).collect();
    let now = visit.services.clock.now();
    let outcome = visit.services.db.write(move |tx| tag::restore_many(tx, &repository, now, &before)).await?;
    // The notice that offers it stands on the list as it was.
    let back = visit.came_from_within(&urls::repository(&name));
    let to = back.unwrap_or_else(|| urls::repository_tab(&name, "tags"));
    Ok(visit.go_saying(&to, told(&visit, "tags-restored", &outcome)))
}

/// `POST /repository/<name>/-/tags/reversion`: a tag points again at what it pointed at before.
///
/// # Errors
/// As [`tag::restore`].
pub async fn revert(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Reverted>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let form = form.into_inner();
    let (tag, digest) = named(&form.tag, &form.digest)?;
    let (now, shown) = (visit.services.clock.now(), tag.clone());
    visit.services.db.write(move |tx| tag::restore(tx, &repository, now, &tag, &digest)).await?;
    let flash = Flash::done(visit.text().with("tags-reverted", "tag", shown.as_str()));
    let back = visit.came_from_within(&urls::repository(&name));
    Ok(visit.go_saying(&back.unwrap_or_else(|| urls::repository_tab(&name, "history")), flash))
}

/// `POST /repository/<name>/-/tags/expiration`
///
/// # Errors
/// As [`tag::set_expirations`], but for what the form can mend.
pub async fn expire(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Ending>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let Ending { tag, at, never, back } = form.into_inner();
    let shown = Shown::behind(&name, &back);
    let end = match never {
        Some(_) => None,
        None => match visit.reader().read_input(&at).filter(|end| *end > visit.services.clock.now()) {
            Some(end) => Some(end),
            None => {
                let shown = shown.asking("expire", tag);
                let faults = Faults::one("at", visit.text().say("tags-expire-past"));
                return again(&visit, &name, shown, faults, Typed { at, ..Typed::default() }).await;
            }
        },
    };
    let ends: Vec<(TagName, Option<Timestamp>)> = parsed(&tag).into_iter().map(|tag| (tag, end)).collect();
    let now = visit.services.clock.now();
    let outcome = visit.services.db.write(move |tx| tag::set_expirations(tx, &repository, now, &ends)).await?;
    let key = if end.is_some() { "tags-expiring" } else { "tags-not-expiring" };
    Ok(visit.go_saying(&shown.back(&name), told(&visit, key, &outcome)))
}

/// `POST /repository/<name>/-/tags/addition`
///
/// # Errors
/// As [`tag::change`], but for what the form can mend.
pub async fn add(visit: Visit, name: web::Path<String>, form: VerifiedForm<Added>) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let form = form.into_inner();
    let (source, digest) = named(&form.tag, &form.digest)?;
    let shown = Shown::behind(&name, &form.back);
    let new: TagName = match form.name.trim().parse() {
        Ok(new) => new,
        Err(_) => {
            let shown = shown.asking("add", vec![source.to_string()]);
            let faults = Faults::one("name", visit.text().say("tags-add-invalid"));
            return again(&visit, &name, shown, faults, Typed { name: form.name, ..Typed::default() }).await;
        }
    };
    let (now, added) = (visit.services.clock.now(), new.clone());
    let change = Change { digest: Some(digest), expires_at: None };
    visit.services.db.write(move |tx| tag::change(tx, &repository, now, &new, &change)).await?;
    let flash = Flash::done(visit.text().with("tags-added", "tag", added.as_str()));
    Ok(visit.go_saying(&shown.back(&name), flash))
}

/// `POST /repository/<name>/-/labels/addition`
///
/// # Errors
/// As [`label::add`], but for what the form can mend.
pub async fn add_label(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Labelled>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let form = form.into_inner();
    let (tag, digest) = named(&form.tag, &form.digest)?;
    let shown = Shown::behind(&name, &form.back);
    let new = NewLabel::checked(&*visit.services.entropy, form.key.trim(), &form.value, None);
    let now = visit.services.clock.now();
    let added = match new {
        Ok(new) => visit.services.db.write(move |tx| label::add(tx, &repository, now, &digest, &new).map(|_| ())).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => {
            let url = shown.with_dialog(&name, "labels", tag.as_str());
            Ok(visit.go_saying(&url, Flash::done(visit.text().with("tags-label-added", "key", form.key.trim()))))
        }
        Err(error) => {
            let faults = match Faults::from_domain(&visit.request, error)? {
                faults if faults.at("key").is_some() => Faults::one("key", visit.text().say("tags-label-key-invalid")),
                faults => faults,
            };
            let typed = Typed { key: form.key, value: form.value, ..Typed::default() };
            again(&visit, &name, shown.asking("labels", vec![tag.to_string()]), faults, typed).await
        }
    }
}

/// `POST /repository/<name>/-/labels/deletion`
///
/// # Errors
/// As [`label::delete`].
pub async fn delete_label(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Labelled>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let form = form.into_inner();
    let (tag, digest) = named(&form.tag, &form.digest)?;
    let (of, label, now) = (digest.clone(), form.label, visit.services.clock.now());
    let gone = visit.services.db.write(move |tx| label::delete(tx, &repository, now, &of, &label)).await?;
    let url = Shown::behind(&name, &form.back).with_dialog(&name, "labels", tag.as_str());
    let mut flash = Flash::done(visit.text().say("tags-label-deleted"));
    // The form makes labels of this kind only.
    if gone.media_type == "text/plain" {
        let fields = [("tag", form.tag), ("digest", digest.to_string()), ("key", gone.key), ("value", gone.value)];
        let fields = fields.into_iter().chain([("back", form.back)]).map(|(name, value)| (name.to_string(), value));
        let action = urls::repository_action(&name, "labels/addition");
        flash = flash.undone_by(visit.text().say("tags-undo"), action, fields.collect());
    }
    Ok(visit.go_saying(&url, flash))
}

fn parsed(tags: &[String]) -> Vec<TagName> {
    tags.iter().filter_map(|name| name.parse().ok()).collect()
}

fn named(tag: &str, digest: &str) -> Result<(TagName, Digest), PageError> {
    match (tag.parse(), digest.parse()) {
        (Ok(tag), Ok(digest)) => Ok((tag, digest)),
        _ => Err(PageError::NotFound),
    }
}

fn told(visit: &Visit, key: &str, outcome: &Outcome) -> Flash {
    let done = outcome.changed.len() + outcome.unchanged.len();
    let text = match outcome.changed.as_slice() {
        [one] if outcome.unchanged.is_empty() => visit.text().with2(key, "count", 1, "tag", one.tag.as_str()),
        _ => visit.text().with2(key, "count", done, "tag", ""),
    };
    let missing = outcome.missing.iter();
    let details: Vec<String> = missing.map(|tag| visit.text().with("tags-missing", "tag", tag.as_str())).collect();
    let flash = if done == 0 && !details.is_empty() {
        Flash::failed(visit.text().say("tags-none-there"))
    } else {
        Flash::done(text)
    };
    flash.listing(details)
}

/// `digest end tag`, the end as milliseconds or `-`.
fn written(before: &Before) -> String {
    let end = before.expires_at.map_or_else(|| "-".to_string(), |end| end.0.to_string());
    format!("{} {end} {}", before.digest, before.tag)
}

fn read(text: &str) -> Option<Before> {
    let mut parts = text.splitn(3, ' ');
    let digest = parts.next()?.parse().ok()?;
    let expires_at = match parts.next()? {
        "-" => None,
        end => Some(Timestamp(end.parse().ok()?)),
    };
    Some(Before { digest, expires_at, tag: parts.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_tag_was_survives_a_form() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for expires_at in [None, Some(Timestamp(1_700_000_000_000))] {
            let before = Before { tag: "1.4".parse().unwrap(), digest: digest.parse().unwrap(), expires_at };
            assert_eq!(read(&written(&before)), Some(before));
        }
        for odd in ["", "x", "sha256:00 - a", &format!("{digest} soon 1.4"), &format!("{digest} - a b")] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
