//! A built front end: its files, and the page for every address that is not the server's.
//!
//! The files are in memory, with the compressed variants that the build made of them. Whatever no route takes comes here,
//! so that nothing of a front end stands in front of a view. While somebody works on it, the files come from the
//! front end's own server instead (`handed_on`).

mod answer;
mod handed_on;
mod pack;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use md5::{Digest as _, Md5};

pub(crate) use answer::answer;
pub(crate) use handed_on::HandedOn;
pub use pack::{BadPack, pack, unpack};

use crate::http::content_type_of;

/// Where a site's front end comes from.
#[derive(Clone, Debug)]
pub enum FrontEnd {
    /// What the build made.
    Built(Arc<Assets>),
    /// A server on this machine that builds as it is asked: for development.
    Server(SocketAddr),
    /// Nothing yet: a page at the root says how to build it.
    Unbuilt,
}

/// The files of a built front end, by their paths without a leading slash.
#[derive(Debug, Default)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
    policy: String,
}

/// A file, and the same compressed.
#[derive(Debug, Default)]
struct Asset {
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
    content_type: String,
    etag: String,
}

/// The page that stands for every address of the front end.
const PAGE: &str = "index.html";

/// What a page may do that is served together with its scripts: load and call what comes from here, and nothing else.
pub const STRICT_POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

impl Assets {
    /// Files by name; `FILE.br` and `FILE.gz` are the variants of `FILE`. `policy` is the pages' `Content-Security-Policy`.
    pub fn new(files: impl IntoIterator<Item = (String, Bytes)>, policy: &str) -> Self {
        let mut all: BTreeMap<String, Bytes> = files.into_iter().collect();
        let plain: Vec<String> =
            all.keys().filter(|name| variant_of(name).is_none_or(|of| !all.contains_key(of))).cloned().collect();
        let files = plain.into_iter().map(|name| {
            let mut take = |ending: &str| all.remove(&format!("{name}{ending}"));
            let asset = Asset {
                gzip: take(".gz"),
                brotli: take(".br"),
                plain: take("").unwrap_or_default(),
                content_type: shown_type(&name),
                etag: String::new(),
            };
            (name, Asset { etag: digest(&asset.plain), ..asset })
        });
        Self { files: files.collect(), policy: policy.to_owned() }
    }

    /// Whether there is a page at all.
    pub fn has_page(&self) -> bool {
        self.files.contains_key(PAGE)
    }

    /// The names of all files, without their variants.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn digest(content: &[u8]) -> String {
    Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn variant_of(name: &str) -> Option<&str> {
    name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz"))
}

/// Text is in UTF-8: no browser has to guess.
fn shown_type(name: &str) -> String {
    let found = content_type_of(name).unwrap_or_else(|| "application/octet-stream".to_owned());
    if found.starts_with("text/") { format!("{found}; charset=utf-8") } else { found }
}
