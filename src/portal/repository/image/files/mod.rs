//! The files of an image: of one layer with what it changes, or of the image up to a layer.
//!
//! Layers are listed when somebody asks ([`list`]); until then and while that lasts the page says so and looks again by
//! itself. Layer, folder, file and view are all in the address ([`Shown`]).

mod folder;
mod progress;

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::Error;
use domain::access::Read;
use domain::image::Image;
use domain::layer_files::{FileKind, FilePath, PreviewText, View};
use serde::Deserialize;

use self::folder::{Crumb, FileRow};
use self::progress::Progress;
use super::download;
use super::subject::{Opened, Subject, Tab};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::signin::local;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

const ON_A_PAGE: usize = 200;
/// Images of more layers cannot be looked into up to the last.
const MOST_LAYERS: usize = 256;

/// What the address says of the page's state.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Shown {
    /// The layer that is looked at, counted from one; the last if it says none.
    layer: Option<usize>,
    /// `layer`: only what this layer has.
    view: String,
    path: String,
    /// Whether the path is a file to be shown.
    show: Option<String>,
    /// The folder goes on after this name.
    after: String,
    /// A path that somebody looks for.
    find: String,
}

#[derive(Template)]
#[template(path = "repository/image/files.html", blocks = ["files"])]
struct FilesPage {
    frame: Frame,
    subject: Subject,
    layers: Vec<LayerLink>,
    /// The layer that is looked at, counted from one.
    number: usize,
    command: Option<String>,
    is_layer_view: bool,
    /// This page, and the same with the other view.
    here: String,
    layer_view: String,
    image_view: String,
    find: String,
    not_found: bool,
    content: Content,
}

/// A layer to choose.
struct LayerLink {
    number: usize,
    url: String,
    title: String,
    size: String,
    is_here: bool,
}

/// What there is to see.
enum Content {
    /// Not yet, or not at all.
    Waiting(Progress),
    /// A folder.
    Folder {
        crumbs: Vec<Crumb>,
        rows: Vec<FileRow>,
        parent: Option<String>,
        first: Option<String>,
        next: Option<String>,
    },
    /// A file.
    File { crumbs: Vec<Crumb>, row: Box<FileRow>, text: Text, download: String },
}

/// What is shown of a file.
enum Text {
    Whole(String),
    Cut(String),
    Binary,
    /// There is nothing to be read: a device, a file with holes.
    Nothing,
}

impl Text {
    fn is_nothing(&self) -> bool {
        matches!(self, Text::Nothing)
    }
}

/// The tab "Files".
pub(super) async fn show(visit: &Visit, opened: Opened) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let view = shown.view(&opened.image)?;
    let mut not_found = false;
    if !shown.find.is_empty() {
        match find(visit, &opened, &shown, &view).await? {
            Some(url) => return Ok(visit.go(&url)),
            None => not_found = true,
        }
    }
    let content = content(visit, &opened, &shown, &view).await?;
    let Opened { subject, image, .. } = opened;
    let number = view.at + 1;
    let page = FilesPage {
        frame: visit.frame(Here::Namespace(subject.head.namespace.clone())).await?,
        layers: layers(&subject, &image, &shown, number),
        command: image
            .steps
            .steps
            .iter()
            .filter(|step| step.layer.is_some())
            .nth(view.at)
            .and_then(|step| step.instruction.clone()),
        is_layer_view: shown.is_layer_view(),
        here: shown.link(&subject, &[]),
        layer_view: shown.link(&subject, &[("view", "layer"), ("show", ""), ("after", "")]),
        image_view: shown.link(&subject, &[("view", ""), ("show", ""), ("after", "")]),
        find: shown.find.clone(),
        number,
        not_found,
        content,
        subject,
    };
    if visit.wants("files") { Ok(visit.block(&page.as_files())) } else { Ok(visit.page(&page)) }
}

/// Where a path that somebody looks for is; nothing if there is none.
async fn find(visit: &Visit, opened: &Opened, shown: &Shown, view: &View) -> Result<Option<String>, PageError> {
    let Ok(path) = shown.find.parse::<FilePath>() else { return Ok(None) };
    let to = |path: &FilePath, show: &str| {
        shown.link(&opened.subject, &[("path", path.as_str()), ("show", show), ("after", ""), ("view", "")])
    };
    if path.is_root() {
        return Ok(Some(to(&path, "")));
    }
    match visit.services.layer_files.file(&opened.repository, view.clone(), path.clone()).await {
        Ok(found) if found.kind == FileKind::Directory => Ok(Some(to(&path, ""))),
        Ok(_) => Ok(Some(to(&path, "file"))),
        // Not listed yet: the page says so.
        Err(Error::NotFound(_) | Error::Refused(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

async fn content(visit: &Visit, opened: &Opened, shown: &Shown, view: &View) -> Result<Content, PageError> {
    let path: FilePath = shown.path.parse().map_err(|_| PageError::NotFound)?;
    if let Some(waiting) = Progress::of(visit, opened, view).await? {
        return Ok(Content::Waiting(waiting));
    }
    if shown.show.is_some() && !path.is_root() {
        return file(visit, opened, shown, view, path).await;
    }
    let (files, repository) = (&visit.services.layer_files, &opened.repository);
    let (asked, after) = (path.clone(), shown.after.clone());
    let listing = if shown.is_layer_view() {
        files.layer_folder(repository, view.clone(), asked, after, ON_A_PAGE).await?
    } else {
        files.image_folder(repository, view.clone(), asked, after, ON_A_PAGE).await?
    };
    let here = |after: &str| shown.link(&opened.subject, &[("after", after)]);
    let to = |path: &FilePath| shown.link(&opened.subject, &[("path", path.as_str()), ("after", "")]);
    Ok(Content::Folder {
        crumbs: Crumb::of(&path, to),
        parent: path.parent().as_ref().map(to),
        first: (!shown.after.is_empty()).then(|| here("")),
        next: listing.next.as_deref().map(here),
        rows: listing.entries.into_iter().map(|entry| FileRow::new(visit, &opened.subject, shown, entry)).collect(),
    })
}

async fn file(
    visit: &Visit,
    opened: &Opened,
    shown: &Shown,
    view: &View,
    path: FilePath,
) -> Result<Content, PageError> {
    let (files, subject) = (&visit.services.layer_files, &opened.subject);
    let (entry, text) = match files.preview(&opened.repository, view.clone(), path.clone()).await {
        Ok(preview) => {
            let text = match preview.text {
                PreviewText::Text { text, is_cut: false } => Text::Whole(text),
                PreviewText::Text { text, is_cut: true } => Text::Cut(text),
                PreviewText::Binary => Text::Binary,
            };
            (preview.entry, text)
        }
        Err(Error::Refused(_)) => (files.file(&opened.repository, view.clone(), path.clone()).await?, Text::Nothing),
        Err(other) => return Err(other.into()),
    };
    let to = |path: &FilePath| shown.link(subject, &[("path", path.as_str()), ("show", ""), ("after", "")]);
    let number = (view.at + 1).to_string();
    let asked = [("digest", subject.digest.as_str()), ("layer", &number), ("path", path.as_str())];
    Ok(Content::File {
        crumbs: Crumb::of(&path, to),
        row: Box::new(FileRow::new(visit, subject, shown, entry)),
        text,
        download: urls::with_query(&urls::repository_action(&subject.head.name, "layers/file"), &asked),
    })
}

fn layers(subject: &Subject, image: &Image, shown: &Shown, number: usize) -> Vec<LayerLink> {
    let steps = image.steps.steps.iter().filter_map(|step| Some((step.layer.as_ref()?, step)));
    let link = |(at, (layer, step)): (usize, (&domain::image::Layer, &domain::image::Step))| LayerLink {
        number: at + 1,
        url: shown.link(
            subject,
            &[("layer", &(at + 1).to_string()), ("view", "layer"), ("path", ""), ("show", ""), ("after", "")],
        ),
        title: step.instruction.clone().unwrap_or_else(|| layer.digest.to_string()),
        size: subject.head.reader.size(layer.size),
        is_here: at + 1 == number,
    };
    steps.take(MOST_LAYERS).enumerate().map(link).collect()
}

impl Shown {
    fn is_layer_view(&self) -> bool {
        self.view == "layer"
    }

    fn view(&self, image: &Image) -> Result<View, PageError> {
        let all = image.details.manifest.layers.iter().take(MOST_LAYERS);
        let layers: Vec<_> = all.map(|layer| layer.digest.clone()).collect();
        let number = self.layer.unwrap_or(layers.len());
        let at = number.checked_sub(1).filter(|at| *at < layers.len()).ok_or(PageError::NotFound)?;
        Ok(View { layers, at })
    }

    /// This page, changed in these respects.
    fn link(&self, subject: &Subject, changes: &[(&str, &str)]) -> String {
        let layer = self.layer.map(|layer| layer.to_string()).unwrap_or_default();
        let known = [
            ("layer", layer.as_str()),
            ("view", &self.view),
            ("path", &self.path),
            ("show", self.show.as_deref().unwrap_or_default()),
            ("after", &self.after),
        ];
        let kept = known.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let values: Vec<(&str, &str)> = kept.chain(changes.iter().copied()).collect();
        let values: Vec<(&str, &str)> = values.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        urls::and_query(&subject.tab_url(Tab::Files), &values)
    }
}

/// Which layers of which manifest are to be listed, and where to go afterwards.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    digest: String,
    #[serde(default)]
    layer: usize,
    #[serde(default)]
    next: String,
}

/// `POST /repository/<name>/-/layers/listing`: lists the files of the layers up to one, in the background.
///
/// # Errors
/// Not found for what the repository does not have and for whoever may not read it.
pub async fn list(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Wanted>,
) -> Result<HttpResponse, PageError> {
    let wanted = form.into_inner();
    let repository = visit.repository::<Read>(&name).await?;
    let view = download::view(&visit, &repository, &wanted.digest, wanted.layer).await?;
    let layers = view.layers.get(..=view.at).filter(|layers| layers.len() <= MOST_LAYERS).ok_or(PageError::NotFound)?;
    visit.services.layer_files.request(&repository, layers).await?;
    let back = urls::manifest(repository.name.as_str(), &wanted.digest);
    let back = if wanted.next.is_empty() { urls::with_query(&back, &[("tab", "files")]) } else { local(&wanted.next) };
    Ok(visit.go(&back))
}
