//! The templates of pages: ours, embedded, unless the project has one of that name.

use std::fmt;
use std::sync::{LazyLock, OnceLock};

use aws_lc_rs::digest::{SHA256, digest};
use http::HeaderValue;
use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value as Held;

use super::page::mistake;
use crate::auth::base64::{self, Alphabet};
use crate::http::{Request, Result};

/// Templates of a project's own, by their names: the setting `rest_framework.templates`. One that is named as one of ours
/// takes its place; others are there for these.
///
/// ```
/// use quintet_web::rest::Templates;
///
/// const BRANDED: &str = r#"{% extends "rest_framework/base.html" %}{% block branding %}Shop{% endblock %}"#;
/// let templates = Templates::new(&[("rest_framework/api.html", BRANDED)]);
/// ```
#[derive(Clone, Copy, Default)]
pub struct Templates(&'static [(&'static str, &'static str)]);

impl Templates {
    /// Names with texts, for which `include_str!` is at hand.
    pub const fn new(all: &'static [(&'static str, &'static str)]) -> Self {
        Self(all)
    }

    /// What is wrong with them.
    pub(crate) fn problems(self) -> Vec<String> {
        let mut environment = Environment::new();
        let each = self.0.iter().filter_map(|(name, text)| {
            let error = environment.add_template(name, text).err()?;
            Some(format!("`rest_framework.templates` has `{name}`, which is no template: {error}"))
        });
        each.collect()
    }

    fn ready(self) -> Environment<'static> {
        let mut environment = Environment::new();
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        let own = self.0.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let ours = OURS.iter().filter(|(name, _)| !own.contains(name));
        for (name, text) in ours.chain(self.0) {
            // What is no template is told when the site is built.
            let _ = environment.add_template(name, text);
        }
        environment
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

const OURS: &[(&str, &str)] = &[
    ("rest_framework/base.html", include_str!("look/base.html")),
    ("rest_framework/api.html", include_str!("look/api.html")),
    ("rest_framework/field.html", include_str!("look/field.html")),
    ("rest_framework/login.html", include_str!("look/login.html")),
];

pub(super) const STYLE: &str = include_str!("look/style.css");
pub(super) const SCRIPT: &str = include_str!("look/script.js");

/// The templates of a site, made ready by the first page.
#[derive(Default)]
pub(crate) struct Kept(OnceLock<Environment<'static>>);

/// A page.
pub(super) fn render(request: &Request, name: &str, values: Held) -> Result<String> {
    let site = request.site();
    let environment = site.templates().0.get_or_init(|| site.options().rest_framework.templates.ready());
    let template = environment.get_template(name).map_err(mistake)?;
    template.render(values).map_err(mistake)
}

/// What a page may load and run: its own style and script, known by their digests, and files of this site.
pub(super) fn policy() -> &'static HeaderValue {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let hash = |text: &str| base64::encode(digest(&SHA256, text.as_bytes()).as_ref(), Alphabet::Standard);
        let text = format!(
            "default-src 'none'; style-src 'self' 'sha256-{}'; script-src 'self' 'sha256-{}'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'",
            hash(STYLE),
            hash(SCRIPT)
        );
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
    });
    &POLICY
}
