//! How long deleted things stay, and what keeps them from coming back, as pages say it.

use domain::Error;
use domain::organization::TAG_EXPIRATIONS;

use super::faults::Faults;
use super::problem::PageError;
use super::visit::Visit;

const DAY: u64 = 24 * 3600;

/// A time for which deleted tags are kept, in a form.
pub struct Window {
    /// How long.
    pub seconds: i64,
    /// Its name's key.
    pub label: &'static str,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// The times there are to choose from, with this one chosen.
pub fn windows(chosen: i64) -> Vec<Window> {
    let labels = [
        "organization-expiration-none",
        "organization-expiration-day",
        "organization-expiration-week",
        "organization-expiration-two-weeks",
        "organization-expiration-four-weeks",
    ];
    let window = |(seconds, label)| Window { seconds, label, is_chosen: seconds == chosen };
    TAG_EXPIRATIONS.into_iter().zip(labels).map(window).collect()
}

/// Days until a deletion is for good.
pub fn restorable_days(visit: &Visit) -> u64 {
    visit.services.settings.retention.deleted.as_secs().div_ceil(DAY)
}

/// Why something did not come back, at the field of its new name: whatever is wrong, it is the name.
///
/// # Errors
/// What a name cannot mend.
pub fn faults(visit: &Visit, error: Error) -> Result<Faults, PageError> {
    if matches!(error, Error::AlreadyExists(_)) {
        return Ok(Faults::one("name", visit.text().say("admin-deleted-taken")));
    }
    let mut faults = Faults::none();
    for fault in Faults::from_domain(&visit.request, error)?.iter() {
        faults.add("name", fault.message.clone());
    }
    Ok(faults)
}
