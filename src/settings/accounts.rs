//! How people come to have accounts.

use crate::settings::parse;
use crate::settings::reader::Reader;

/// Who may make accounts.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// Whether anybody may make an account of their own. Default false. `PIERHEAD_ACCOUNTS__REGISTRATION`.
    pub registration: bool,
}

impl Accounts {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            registration: reader.value(
                "accounts.registration",
                "false",
                "Whether anybody who reaches this registry may make an account of their own",
                parse::boolean,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::Given;

    #[test]
    fn nobody_makes_their_own_account_unless_told_otherwise() {
        assert!(!Given::nothing().settings().accounts.registration);
        let given = Given::nothing().variable("PIERHEAD_ACCOUNTS__REGISTRATION", "true");
        assert!(given.settings().accounts.registration);
    }
}
