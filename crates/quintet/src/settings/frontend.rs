//! The front end of a project: where its sources are, and what a build made of them.

use std::fmt;
use std::path::{Path, PathBuf};

use quintet_web::assets::STRICT_POLICY;

/// A front end: `quintet::frontend!("frontend")`. The default is none.
#[derive(Clone)]
pub struct Frontend {
    folder: PathBuf,
    policy: String,
    pack: &'static [u8],
}

impl Frontend {
    /// What [`frontend!`](crate::frontend) writes: the folder, and the built files as [`quintet_web::assets::pack`] has
    /// them, or nothing.
    pub fn with_pack(folder: &str, pack: &'static [u8]) -> Self {
        Self { folder: folder.into(), policy: STRICT_POLICY.to_owned(), pack }
    }

    /// Another `Content-Security-Policy` of its pages, for one that loads or calls more than what comes from here.
    #[must_use]
    pub fn policy(mut self, policy: &str) -> Self {
        policy.clone_into(&mut self.policy);
        self
    }

    /// The folder of its sources, below the project's.
    pub(crate) fn folder(&self) -> Option<&Path> {
        Some(&*self.folder).filter(|folder| !folder.as_os_str().is_empty())
    }

    pub(crate) fn shown_policy(&self) -> &str {
        &self.policy
    }

    pub(crate) fn pack(&self) -> &'static [u8] {
        self.pack
    }
}

impl Default for Frontend {
    fn default() -> Self {
        Self::with_pack("", &[])
    }
}

/// The folder alone: the files are nothing to read.
impl fmt::Debug for Frontend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.folder.fmt(f)
    }
}
