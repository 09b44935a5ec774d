//! What a view says about itself as HTML: paragraphs, lists, titles, code, emphasis and links of light markdown.
//!
//! No HTML of its own: everything is escaped first, so that what is not understood is shown as it is.

use crate::pages::escaped;

/// Light markdown as HTML.
pub(super) fn html(text: &str) -> String {
    let mut html = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        if line.trim().is_empty() {
            continue;
        }
        if line.trim_start().starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
            html.push_str(&format!("<pre><code>{}</code></pre>", escaped(&code.join("\n"))));
        } else if let Some(title) = titled(line) {
            html.push_str(&format!("<h3>{}</h3>", inline(title)));
        } else if let Some((tag, first)) = item(line) {
            let mut items = vec![first.to_owned()];
            while let Some(next) = lines.peek().map(|line| line.trim_end()).filter(|line| !line.trim().is_empty()) {
                match item(next) {
                    Some((other, _)) if other != tag => break,
                    Some((_, text)) => items.push(text.to_owned()),
                    None => {
                        if let Some(last) = items.last_mut() {
                            last.push(' ');
                            last.push_str(next.trim());
                        }
                    }
                }
                lines.next();
            }
            let items: String = items.iter().map(|item| format!("<li>{}</li>", inline(item))).collect();
            html.push_str(&format!("<{tag}>{items}</{tag}>"));
        } else {
            let mut paragraph = vec![line.trim().to_owned()];
            while let Some(next) = lines.peek().filter(|line| continues(line)) {
                paragraph.push(next.trim().to_owned());
                lines.next();
            }
            html.push_str(&format!("<p>{}</p>", inline(&paragraph.join(" "))));
        }
    }
    html
}

fn continues(line: &str) -> bool {
    let line = line.trim_end();
    !line.trim().is_empty() && titled(line).is_none() && item(line).is_none() && !line.trim_start().starts_with("```")
}

fn titled(line: &str) -> Option<&str> {
    let rest = line.trim_start().trim_start_matches('#');
    (rest.len() < line.trim_start().len()).then(|| rest.strip_prefix(' ')).flatten().map(str::trim)
}

/// An item of a list, and which kind of list.
fn item(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_start();
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some(("ul", text.trim()));
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let text = line[digits..].strip_prefix(". ").filter(|_| (1..=4).contains(&digits))?;
    Some(("ol", text.trim()))
}

/// The marks within a line.
fn inline(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = match first {
            '`' => between(rest, "`").map(|(inner, tail)| (format!("<code>{}</code>", escaped(inner)), tail)),
            '*' if rest.starts_with("**") => {
                between(rest, "**").map(|(inner, tail)| (format!("<strong>{}</strong>", inline(inner)), tail))
            }
            '*' => between(rest, "*").map(|(inner, tail)| (format!("<em>{}</em>", inline(inner)), tail)),
            '[' => link(rest),
            _ => None,
        };
        match found {
            Some((marked, tail)) => {
                html.push_str(&marked);
                rest = tail;
            }
            None => {
                let (character, tail) = rest.split_at(first.len_utf8());
                html.push_str(&escaped(character));
                rest = tail;
            }
        }
    }
    html
}

fn between<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let inside = text.strip_prefix(mark)?;
    let end = inside.find(mark)?;
    let inner = &inside[..end];
    let is_one = !inner.is_empty() && !inner.starts_with(char::is_whitespace) && !inner.ends_with(char::is_whitespace);
    is_one.then(|| (inner, &inside[end + mark.len()..]))
}

/// `[words](address)`, of which only addresses of the web and of this site are links.
fn link(text: &str) -> Option<(String, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, tail) = rest.split_once(')')?;
    let is_own = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let is_clean = !address.contains(|character: char| character.is_whitespace() || character.is_control());
    ((is_own || is_web) && is_clean && !words.contains('['))
        .then(|| (format!("<a href=\"{}\">{}</a>", escaped(address), inline(words)), tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_markdown_is_html() {
        assert_eq!(
            html("Notes of *one* user.\nSee `GET`.\n\n# How\n- a **b**\n- c\n  d\n\n1. e\n"),
            "<p>Notes of <em>one</em> user. See <code>GET</code>.</p><h3>How</h3>\
             <ul><li>a <strong>b</strong></li><li>c d</li></ul><ol><li>e</li></ol>"
        );
        assert_eq!(html("```\nlet a = <b>;\n```"), "<pre><code>let a = &lt;b&gt;;</code></pre>");
        assert_eq!(
            html("[a](/b/) [c](https://d.test/?e&f)"),
            "<p><a href=\"/b/\">a</a> <a href=\"https://d.test/?e&amp;f\">c</a></p>"
        );
        assert_eq!(html("2 * 3 * 4, snake_case"), "<p>2 * 3 * 4, snake_case</p>");
        assert_eq!(html(""), "");
    }

    #[test]
    fn html_and_other_schemes_are_text() {
        for text in [
            "<script>x</script>",
            "[a](javascript:x)",
            "[a](//evil.test)",
            "[<b>](/x\"onclick=y)",
            "**<i>**",
            "`<b>`",
            "[a](/\\evil.test)",
            "[a](data:text/html,x)",
            "# <h1>",
            "- <li>",
        ] {
            let html = html(text);
            assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("<i>"), "{html}");
            assert!(
                !html.contains("href=\"javascript") && !html.contains("href=\"//") && !html.contains("href=\"data"),
                "{html}"
            );
            assert!(!html.contains("\"onclick"), "{html}");
        }
    }
}
