//! Repositories, and the images in them.

use super::{Asking, open, send};

const TAG: (&str, &str) = ("tag", "v1");
const IMAGE: (&str, &str) = ("digest", "{image}");

pub const ROUTES: &[Asking] = &[
    open("portal/repository::show", "/repository/{repository}"),
    open("portal/repository::show", "/repository/{repository}?tab=tags"),
    open("portal/repository::show", "/repository/{repository}?tab=history"),
    open("portal/repository::show", "/repository/{repository}?tab=logs"),
    open("portal/repository::show", "/repository/{repository}?tab=settings"),
    open("portal/image::tag", "/repository/{repository}/tag/v1"),
    open("portal/image::manifest", "/repository/{repository}/manifest/{image}"),
    open("portal/image::compare::show", "/repository/{repository}/-/compare?from=v1&to=v1"),
    open("portal/image::download::manifest", "/repository/{repository}/-/manifest?digest={image}"),
    open("portal/image::download::file", "/repository/{repository}/-/layers/file?digest={image}&layer=0&path=none"),
    send("portal/image::files::list", "/repository/{repository}/-/layers/listing", &[IMAGE, ("layer", "0")]),
    open("portal/tags::news::follow", "/repository/{repository}/-/tags/news"),
    send("portal/tags::actions::add", "/repository/{repository}/-/tags/addition", &[TAG, IMAGE, ("name", "v2")]),
    send("portal/tags::actions::expire", "/repository/{repository}/-/tags/expiration", &[TAG, ("never", "on")]),
    send("portal/tags::actions::restore", "/repository/{repository}/-/tags/restoration", &[("was", "v1 {image}")]),
    send("portal/tags::actions::revert", "/repository/{repository}/-/tags/reversion", &[TAG, IMAGE]),
    send("portal/tags::actions::delete", "/repository/{repository}/-/tags/deletion", &[TAG]),
    send(
        "portal/tags::actions::add_label",
        "/repository/{repository}/-/labels/addition",
        &[TAG, IMAGE, ("key", "color"), ("value", "blue")],
    ),
    send(
        "portal/tags::actions::delete_label",
        "/repository/{repository}/-/labels/deletion",
        &[TAG, IMAGE, ("label", "none")],
    ),
    send("portal/information::describe", "/repository/{repository}/-/description", &[("description", "Text")]),
    send("portal/information::preview", "/repository/{repository}/-/description/preview", &[("description", "Text")]),
    send("portal/information::star", "/repository/{repository}/-/star", &[("starred", "yes")]),
    send(
        "portal/settings::grant",
        "/repository/{repository}/-/permissions",
        &[("who", "dummy"), ("who_kind", "user"), ("role", "read")],
    ),
    send(
        "portal/settings::change_permission",
        "/repository/{repository}/-/permissions/change",
        &[("name", "dummy"), ("kind", "user"), ("role", "write")],
    ),
    send("portal/settings::change_visibility", "/repository/{repository}/-/visibility", &[("value", "{visibility}")]),
    send("portal/settings::change_state", "/repository/{repository}/-/state", &[("value", "normal")]),
    send("portal/settings::delete", "/repository/{repository}/-/deletion", &[("confirm", "no")]),
    send("portal/exports::of_repository", "/repository/{repository}/-/logs/exports", &[]),
];
