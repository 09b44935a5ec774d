//! Routes with a format behind them: `notes.json` beside `notes/`.

use crate::routing::{Converter, Suffix};
use crate::urls::Urls;

/// These routes, and for each of them one with a format: `notes.json` beside `notes/`. The format chooses the renderer, as
/// `?format=` does; `allowed` are those that there are, any where it is empty. A [`DefaultRouter`](super::DefaultRouter)
/// does this by itself.
///
/// Routes that end in a slash lose it before the format; mounted routers stay as they are.
#[must_use]
pub fn format_suffix_patterns(urls: Urls, allowed: &[&str]) -> Urls {
    let escaped: Vec<String> = allowed.iter().map(|format| regex::escape(format)).collect();
    let format = if allowed.is_empty() { "[a-z0-9]+".to_owned() } else { escaped.join("|") };
    // One name for each set of formats: lists that are included may have another.
    let name = ["quintet_format"].iter().chain(allowed).copied().collect::<Vec<_>>().join("_");
    let suffix = Suffix { path: format!("<{name}:format>"), regex: format!(r"\.(?P<format>{format})/?$") };
    urls.with_suffix(&suffix).converter(name, converter(&format))
}

/// The format of a path, with its point: `.json`.
fn converter(format: &str) -> Converter {
    Converter::new(format!(r"\.(?:{format})/?"))
        .accept(|text| Some(text.trim_matches(['.', '/']).to_owned()))
        .to_url(|format| Some(format!(".{format}/")))
}
