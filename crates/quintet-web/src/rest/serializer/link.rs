//! URLs in representations: of rows by a view's name, and of files in the storage; and the way back from a URL to a row.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use quintet_core::rest::{Files, RelatedTo};
use quintet_core::{address, json};
use quintet_db::Cell;

use super::context::Context;
use super::set::Set;
use super::value::{null, text_of};
use crate::http::{Error, Request, Result};
use crate::rest::reverse::{reverse, route_name};

/// The URL of a row.
pub(crate) fn url(to: &RelatedTo, set: &Set<'_>, row: usize, context: &Context<'_>, out: &mut Vec<u8>) -> Result<()> {
    let (RelatedTo::Hyperlink { view_name, lookup_field, lookup_url_kwarg }
    | RelatedTo::Identity { view_name, lookup_field, lookup_url_kwarg }) = to
    else {
        return Err(Error::internal("a relation without a view has no URL"));
    };
    let info = context.registry().model(set.model);
    let place = info.place(lookup_field);
    let place = place.ok_or_else(|| Error::internal(format!("`{}` has no field `{lookup_field}`", info.label())))?;
    let cell = set.cell(row, place);
    if cell.is_null() || matches!(&*cell, Cell::Text(text) if text.is_empty()) {
        null(out);
        return Ok(());
    }
    let address = address_of(context.request(), view_name, lookup_url_kwarg, &text_of(&cell))?;
    json::write_text(&address, false, out);
    Ok(())
}

/// The address of a row; with a suffix where the request's own path has one, and the route takes one.
pub(crate) fn address_of(request: &Request, view_name: &str, part: &str, value: &str) -> Result<String> {
    if let Some(format) = request.params().get("format")
        && let Ok(address) = reverse(request, view_name, &[(part, &value), ("format", &format)])
    {
        return Ok(address);
    }
    reverse(request, view_name, &[(part, &value)])
}

/// The URL of a file, or its name.
pub(crate) fn file(files: &Files, cell: &Cell, context: &Context<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Cell::Text(name) = cell else {
        null(out);
        return Ok(());
    };
    if name.is_empty() {
        null(out);
        return Ok(());
    }
    if !files.use_url.unwrap_or(context.facts().settings.uploaded_files_use_url) {
        json::write_text(name, false, out);
        return Ok(());
    }
    let request = context.request();
    let path = match request.storage() {
        Ok(storage) => storage.url(name),
        // A path that another program keeps files by is still shown.
        Err(_) => format!("/{}", utf8_percent_encode(name.trim_start_matches('/'), ESCAPED_IN_NAMES)),
    };
    json::write_text(&request.build_absolute_uri(&path)?, false, out);
    Ok(())
}

/// What the reference quotes in the names of files.
const ESCAPED_IN_NAMES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// The part of a URL by which it names a row of a view, or the code of what is wrong with it.
pub(crate) fn resolve(request: &Request, url: &str, view_name: &str, part: &str) -> Result<String, &'static str> {
    let path = match url.starts_with("http:") || url.starts_with("https:") {
        true => address::split(url).map(|parts| parts.path.to_owned()).unwrap_or_default(),
        false => url.to_owned(),
    };
    let path = percent_decode_str(&path).decode_utf8_lossy();
    let (name, params) = request.site().route_table().named(&path).ok_or("no_match")?;
    if name.as_deref() != Some(&*route_name(request, view_name)) {
        return Err("incorrect_match");
    }
    params.text(part).map(str::to_owned).ok_or("incorrect_match")
}
