//! What a test gives as settings; never looks at the working directory or the real environment.

use crate::settings::{Faults, Loaded, Settings, Sources, load};

pub const TOKEN: &str = "0123456789abcdef0123";

#[derive(Clone, Default)]
pub struct Given {
    file: Option<String>,
    sources: Sources,
}

impl Given {
    pub fn nothing() -> Self {
        Self::default()
    }

    pub fn file(text: &str) -> Self {
        Self { file: Some(text.to_owned()), ..Self::default() }
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        let variable = (name.to_owned(), value.to_owned());
        self.sources.environment.push(variable);
        self
    }

    pub fn flag(mut self, key: &str, value: &str) -> Self {
        self.sources.flags.push((key.to_owned(), value.to_owned()));
        self
    }

    pub fn load(self) -> Result<Loaded, Faults> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pierhead.toml");
        if let Some(text) = self.file {
            std::fs::write(&path, text).unwrap();
        }
        load(self.sources, &path)
    }

    pub fn settings(self) -> Settings {
        self.load().unwrap().settings
    }

    /// The text of the only fault.
    pub fn fault(self) -> String {
        let faults = self.load().unwrap_err();
        assert_eq!(faults.0.len(), 1, "{faults}");
        faults.to_string()
    }
}
