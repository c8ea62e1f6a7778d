//! Usage logs. They are tabs of the pages of what they are about; the registry's has a page.

use crate::portal::logs::Place;

/// The page a log is on.
pub fn logs_page(place: &Place) -> String {
    match place {
        Place::Organization(name) => format!("/organization/{name}?tab=logs"),
        Place::User(name) => format!("/user/{name}?tab=logs"),
        Place::Repository(name) => format!("/repository/{name}?tab=logs"),
        Place::Registry => "/administration/logs".to_string(),
    }
}

/// Where the form that makes a link to a log is sent.
pub fn log_exports(place: &Place) -> String {
    match place {
        Place::Organization(name) => format!("/organization/{name}/logs/exports"),
        Place::User(name) => format!("/user/{name}/logs/exports"),
        Place::Repository(name) => format!("/repository/{name}/-/logs/exports"),
        Place::Registry => "/administration/logs/exports".to_string(),
    }
}

/// Where the API hands a log out as a file; that of users to themselves.
pub fn log_download(place: &Place) -> String {
    match place {
        Place::Organization(name) => format!("/api/v1/organization/{name}/logs/export"),
        Place::User(_) => "/api/v1/user/logs/export".to_string(),
        Place::Repository(name) => format!("/api/v1/repository/{name}/logs/export"),
        Place::Registry => "/api/v1/superuser/logs/export".to_string(),
    }
}

/// The repository that an entry names, by its whole name then.
pub fn logged_repository(name: &str) -> String {
    format!("/repository/{name}")
}
