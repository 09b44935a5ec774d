//! Addresses with one parameter of the query changed: parameters sorted by name, encoded anew, as the reference does.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::http::query_pairs;

/// What a value in a query needs not to be encoded for.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~');

/// The address with a parameter set.
pub fn replace_query_param(url: &str, name: &str, value: &str) -> String {
    changed(url, name, Some(value))
}

/// The address without a parameter.
pub fn remove_query_param(url: &str, name: &str) -> String {
    changed(url, name, None)
}

fn changed(url: &str, name: &str, value: Option<&str>) -> String {
    let (rest, fragment) = url.split_once('#').map_or((url, None), |(rest, fragment)| (rest, Some(fragment)));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    // No limit: the request's own query was counted before.
    let mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = query_pairs(query).filter(|(known, _)| known != name).collect();
    pairs.extend(value.map(|value| (name.into(), value.into())));
    // Stable: the values of a name keep their order.
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut changed = String::with_capacity(url.len() + name.len() + value.map_or(0, str::len) + 2);
    changed.push_str(path);
    for (number, (name, value)) in pairs.iter().enumerate() {
        changed.push(if number == 0 { '?' } else { '&' });
        encode_onto(&mut changed, name);
        changed.push('=');
        encode_onto(&mut changed, value);
    }
    if let Some(fragment) = fragment {
        changed.push('#');
        changed.push_str(fragment);
    }
    changed
}

/// As a form is encoded.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_onto(&mut encoded, text);
    encoded
}

fn encode_onto(encoded: &mut String, text: &str) {
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 {
            encoded.push('+');
        }
        encoded.extend(utf8_percent_encode(word, ESCAPED));
    }
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
        assert_eq!(replace_query_param("/x/?page=1&&page=2&a#end", "page", "3"), "/x/?a=&page=3#end");
        let url = "/x/?p%61ge=2&b=%20+%2B&b=%FF";
        assert_eq!(remove_query_param(url, "page"), "/x/?b=++%2B&b=%EF%BF%BD");
    }
}
