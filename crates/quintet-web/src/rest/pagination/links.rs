//! Addresses with one parameter of the query changed: parameters sorted by name, encoded anew, as the reference does.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::http::Query;

/// What a value in a query needs not to be encoded for.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b' ');

/// The address with a parameter set.
pub fn replace_query_param(url: &str, name: &str, value: &str) -> String {
    changed(url, |all| {
        all.insert(name.to_owned(), vec![value.to_owned()]);
    })
}

/// The address without a parameter.
pub fn remove_query_param(url: &str, name: &str) -> String {
    changed(url, |all| {
        all.remove(name);
    })
}

fn changed(url: &str, change: impl FnOnce(&mut BTreeMap<String, Vec<String>>)) -> String {
    let (rest, fragment) = url.split_once('#').map_or((url, None), |(rest, fragment)| (rest, Some(fragment)));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // No limit: the request's own query was counted before.
    for (name, value) in Query::parse(query, None).iter().flat_map(Query::pairs) {
        all.entry(name.clone()).or_default().push(value.clone());
    }
    change(&mut all);
    let pairs = all.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    let query: Vec<String> = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    let mut changed = path.to_owned();
    if !query.is_empty() {
        changed = changed + "?" + &query.join("&");
    }
    match fragment {
        Some(fragment) => changed + "#" + fragment,
        None => changed,
    }
}

/// As a form is encoded.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string().replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_sorted_and_encoded_anew() {
        let url = "http://testserver/x/?b=1&a=%C3%A9+x&b=2&page=3&c=";
        assert_eq!(replace_query_param(url, "page", "4"), "http://testserver/x/?a=%C3%A9+x&b=1&b=2&c=&page=4");
        assert_eq!(remove_query_param("http://testserver/x/?page=2", "page"), "http://testserver/x/");
        assert_eq!(replace_query_param("/x/", "q", "a/b=c~"), "/x/?q=a%2Fb%3Dc~");
    }
}
