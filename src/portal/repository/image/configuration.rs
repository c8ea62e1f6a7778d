//! How an image is run.

use actix_web::HttpResponse;
use askama::Template;
use domain::image::{Configuration, Configured};

use super::pairs::Pairs;
use super::subject::{Opened, Subject};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "repository/image/configuration.html")]
struct ConfigurationPage {
    frame: Frame,
    subject: Subject,
    /// Why there is nothing to show.
    unreadable: Option<String>,
    facts: Vec<Fact>,
    env: Pairs,
    labels: Pairs,
}

/// Something the configuration says.
struct Fact {
    label: String,
    value: Option<String>,
}

/// The tab "Configuration".
pub(super) async fn show(visit: &Visit, opened: Opened) -> Result<HttpResponse, PageError> {
    let Opened { subject, image, .. } = opened;
    let read = image.configured.read();
    let env = read.map_or(&[][..], |read| &read.env);
    let page = ConfigurationPage {
        frame: visit.frame(Here::Namespace(subject.head.namespace.clone())).await?,
        unreadable: match &image.configured {
            Configured::Unreadable(reason) => Some(reason.clone()),
            _ => None,
        },
        facts: read.map_or_else(Vec::new, |read| facts(visit, read)),
        env: Pairs::of(env.iter().map(|variable| (variable.name.as_str(), variable.value.as_deref().unwrap_or("")))),
        labels: Pairs::of(read.iter().flat_map(|read| &read.labels).map(|(key, value)| (key.as_str(), value.as_str()))),
        subject,
    };
    Ok(visit.page(&page))
}

fn facts(visit: &Visit, read: &Configuration) -> Vec<Fact> {
    let text = visit.text();
    let fact = |key: &str, value: Option<String>| Fact { label: text.say(key), value };
    let list = |names: &[String]| Some(names.join(", ")).filter(|names| !names.is_empty());
    vec![
        fact("image-entrypoint", command(&read.entrypoint)),
        fact("image-cmd", command(&read.cmd)),
        fact("image-user", read.user.clone()),
        fact("image-workdir", read.working_dir.clone()),
        fact("image-ports", list(&read.exposed_ports)),
        fact("image-volumes", list(&read.volumes)),
        fact("image-stop-signal", read.stop_signal.clone()),
        fact("image-platform", read.platform.as_ref().map(ToString::to_string)),
        fact("image-created", read.created.clone()),
        fact("image-author", read.author.clone()),
    ]
}

/// A command line as a Dockerfile writes it: where one word ends and the next begins can be told.
pub(super) fn command(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| serde_json::to_string(words).unwrap_or_default())
}
