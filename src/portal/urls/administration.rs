//! The pages for superusers.

use crate::portal::frame::Administration;

/// A page of the administration.
pub fn administration(page: impl std::borrow::Borrow<Administration>) -> &'static str {
    match page.borrow() {
        Administration::Users => "/administration/users",
        Administration::Organizations => "/administration/organizations",
        Administration::Sessions => "/administration/sessions",
        Administration::Jobs => "/administration/jobs",
        Administration::Storage => "/administration/storage",
        Administration::Logs => "/administration/logs",
        Administration::Messages => "/administration/messages",
        Administration::Health => "/administration/health",
        Administration::Settings => "/administration/settings",
    }
}
