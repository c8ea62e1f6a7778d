//! Who stands above others by the settings, whatever the database says.

use super::lookup::Access;
use super::role::Standing;
use crate::account::User;
use crate::error::{Error, Result};
use crate::sentence::sentence;

impl Access {
    /// How a user stands to the registry by database and settings.
    pub fn standing_of(&self, user: &User) -> Standing {
        self.standing_by_name(&user.name, user.standing)
    }

    /// How the user of this name stands to the registry by settings, and by the database as given.
    pub fn standing_by_name(&self, name: &str, stored: Standing) -> Standing {
        self.rules.standing.get(name).copied().unwrap_or(Standing::Plain).max(stored)
    }

    /// Refuses to let an account go whose name the settings raise: a registry can lose its only superuser, and whoever
    /// gets the name next gets the rights.
    ///
    /// # Errors
    /// `Invalid` for such a name.
    pub fn require_endable(&self, name: &str) -> Result<()> {
        if self.standing_by_name(name, Standing::Plain) == Standing::Plain {
            return Ok(());
        }
        let message = sentence!(
            "said-settings-superuser",
            "The registry's settings give {name} a superuser's rights; take the name out of them first",
            name = name
        );
        Err(Error::invalid("username", message))
    }

    /// Whether the settings raise whoever has this name above others, so that it must not be had for the asking.
    pub fn raises(&self, name: &str) -> bool {
        self.standing_by_name(name, Standing::Plain) != Standing::Plain
    }
}
