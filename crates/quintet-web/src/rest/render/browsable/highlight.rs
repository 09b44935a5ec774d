//! Text of answers as HTML: JSON with its parts marked, and addresses that can be followed.
//!
//! Whatever stands in it was written by strangers: every character is escaped, and only `http` and `https` are followed.

use crate::pages::escaped;

/// JSON text as HTML.
pub(super) fn json(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' | 'a'..='z' | 'A'..='Z' => word_length(rest),
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        mark(token, behind, &mut html);
        rest = behind;
    }
    html
}

/// Any other text as HTML.
pub(super) fn plain(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    linked(text, &mut html);
    html
}

fn mark(token: &str, behind: &str, html: &mut String) {
    let class = match token.as_bytes().first() {
        Some(b'"') if behind.trim_start_matches(' ').starts_with(':') => "k",
        Some(b'"') => "s",
        Some(b'-' | b'0'..=b'9') => "n",
        Some(byte) if byte.is_ascii_alphabetic() => "w",
        _ => {
            html.push_str(&escaped(token));
            return;
        }
    };
    html.push_str("<span class=\"");
    html.push_str(class);
    html.push_str("\">");
    match class {
        "s" => linked(token, html),
        _ => html.push_str(&escaped(token)),
    }
    html.push_str("</span>");
}

/// The length of a text in quotes; of all the rest where it does not end.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn word_length(text: &str) -> usize {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    text.bytes().position(|byte| !is_inside(byte)).unwrap_or(text.len())
}

/// Text whose addresses are links.
fn linked(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = next_address(rest) {
        let (before, found) = rest.split_at(at);
        let end = found.find(ends_address).unwrap_or(found.len());
        let address = found[..end].trim_end_matches(['.', ',', ':', ';', '!', '?', ')', ']', '}']);
        html.push_str(&escaped(before));
        let safe = escaped(address);
        html.push_str("<a href=\"");
        html.push_str(&safe);
        html.push_str("\" rel=\"nofollow\">");
        html.push_str(&safe);
        html.push_str("</a>");
        rest = &found[address.len()..];
    }
    html.push_str(&escaped(rest));
}

/// Where an address begins that has something behind its scheme.
fn next_address(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find("http")?;
        let tail = &text[at..];
        let host = tail.strip_prefix("https://").or_else(|| tail.strip_prefix("http://"));
        let is_whole = !text[..at].ends_with(|before: char| before.is_alphanumeric());
        if is_whole && host.is_some_and(|host| host.starts_with(|first: char| first.is_alphanumeric() || first == '['))
        {
            return Some(at);
        }
        from = at + 4;
    }
}

/// What cannot stand in an address, or begins an escape in JSON.
fn ends_address(character: char) -> bool {
    character.is_whitespace() || character.is_control() || matches!(character, '"' | '\'' | '<' | '>' | '\\' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_json_are_marked() {
        assert_eq!(
            json("{\n  \"a\": [1, -2.5e3, true, null, \"x\"]\n}"),
            "{\n  <span class=\"k\">&quot;a&quot;</span>: [<span class=\"n\">1</span>, <span class=\"n\">-2.5e3</span>, \
             <span class=\"w\">true</span>, <span class=\"w\">null</span>, <span class=\"s\">&quot;x&quot;</span>]\n}"
        );
    }

    #[test]
    fn addresses_of_the_web_are_links_and_no_others() {
        let link = |url: &str| format!("<a href=\"{url}\" rel=\"nofollow\">{url}</a>");
        for (text, wanted) in [
            ("http://a.test/x?y=1&z=2", link("http://a.test/x?y=1&amp;z=2")),
            ("see https://a.test/b.", format!("see {}.", link("https://a.test/b"))),
            ("(http://a.test)", format!("({})", link("http://a.test"))),
            ("javascript:alert(1)", "javascript:alert(1)".to_owned()),
            ("JAVASCRIPT://http", "JAVASCRIPT://http".to_owned()),
            ("data:text/html,<b>", "data:text/html,&lt;b&gt;".to_owned()),
            ("xhttp://a.test", "xhttp://a.test".to_owned()),
            ("http://", "http://".to_owned()),
            ("http://a.test/\"onmouseover=x", format!("{}&quot;onmouseover=x", link("http://a.test/"))),
            ("http://a.test/'x <b>", format!("{}&#x27;x &lt;b&gt;", link("http://a.test/"))),
        ] {
            assert_eq!(plain(text), wanted, "{text}");
        }
    }

    #[test]
    fn whatever_stands_in_json_is_escaped_and_nothing_is_lost() {
        let hostile = "{\"<script>\": \"</pre><img src=x onerror=alert(1)>\\\"\", \"end\": \"";
        let html = json(hostile);
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("</pre"), "{html}");
        let mut text = html;
        for mark in ["<span class=\"k\">", "<span class=\"s\">", "<span class=\"w\">", "</span>"] {
            text = text.replace(mark, "");
        }
        let text = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert_eq!(text, hostile);
    }
}
