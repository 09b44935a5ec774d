//! Puts `crate::NAME::app(),` into the list `installed_apps` of `src/settings.rs`.
//!
//! Two forms are known: `installed_apps: vec![..]`, and `installed_apps: [.., vec![..]].concat()`.

use std::ops::Range;

use super::tokens::{Token, closing_index, tokens};
use super::{Unrecognised, indentation, line_end, line_start};

/// `settings` with the app at the end of its list.
pub(crate) fn add_installed_app(settings: &str, name: &str) -> Result<String, Unrecognised> {
    let app = format!("crate::{name}::app()");
    if List::find(settings)?.has(&app) {
        return Ok(settings.to_owned());
    }
    let added = List::find(settings)?.with(&app);
    match List::find(&added)?.has(&app) {
        true => Ok(added),
        false => Err(Unrecognised(NO_LIST)),
    }
}

const NO_LIST: &str = "no list `installed_apps: vec![..]` was found";
const SEVERAL_LISTS: &str = "more than one `installed_apps` was found";

/// rustfmt's width of an array on one line, and of any line.
const LIST_WIDTH: usize = 60;
const LINE_WIDTH: usize = 100;

/// The elements of the list, each as its tokens.
struct List<'a> {
    text: &'a str,
    elements: Vec<Vec<Token<'a>>>,
    /// Where the comma behind the last element is, if it has one.
    last_comma: Option<usize>,
    /// What is between the brackets.
    inside: Range<usize>,
}

impl<'a> List<'a> {
    fn find(text: &'a str) -> Result<Self, Unrecognised> {
        let tokens = tokens(text)?;
        let open = opening_bracket(&tokens)?;
        let close = closing_index(&tokens, open);
        let inner = &tokens[open + 1..close];
        let top = tokens[open].depth + 1;
        if inner.iter().any(|token| token.depth == top && token.text == ";") {
            return Err(Unrecognised(NO_LIST));
        }
        let is_comma = |token: &Token<'_>| token.depth == top && token.text == ",";
        Ok(List {
            text,
            elements: inner.split(is_comma).filter(|element| !element.is_empty()).map(<[_]>::to_vec).collect(),
            last_comma: inner.last().filter(|token| is_comma(token)).map(|comma| comma.start),
            inside: tokens[open].end()..tokens[close].start,
        })
    }

    fn has(&self, app: &str) -> bool {
        self.elements.iter().any(|element| element.iter().map(|token| token.text).collect::<String>() == app)
    }

    fn with(&self, app: &str) -> String {
        let close = self.inside.end;
        let own_line = self.text[line_start(self.text, close)..close].trim().is_empty();
        if own_line && self.inside.start < line_start(self.text, close) {
            self.with_line(app)
        } else {
            self.with_element(app)
        }
    }

    /// The closing bracket has a line of its own: the app gets one above it.
    fn with_line(&self, app: &str) -> String {
        let close_line = line_start(self.text, self.inside.end);
        let (mut before, after) = (self.text[..close_line].to_owned(), &self.text[close_line..]);
        let line = format!("{}{app},{}", self.element_indentation(), line_end(self.text));
        if let (Some(last), None) = (self.last_end(), self.last_comma) {
            before.insert(last, ',');
        }
        before + &line + after
    }

    /// The list is on one line, and stays there as long as rustfmt would leave it there.
    fn with_element(&self, app: &str) -> String {
        let mut elements: Vec<_> = self.elements.iter().map(|element| source(self.text, element)).collect();
        elements.push(app);
        let line = elements.join(", ");
        let (before, after) = (&self.text[..self.inside.start], &self.text[self.inside.end..]);
        let rest = after.split('\n').next().unwrap_or_default().trim_end();
        let width = before.len() - line_start(self.text, self.inside.start) + line.len() + rest.len();
        if self.has_line_end_or_comment() {
            let last = self.last_end().unwrap_or(self.inside.start);
            let comma = if self.last_end().is_some() { ", " } else { "" };
            return format!("{}{comma}{app}{}", &self.text[..last], self.tail(last));
        }
        if line.len() <= LIST_WIDTH && width <= LINE_WIDTH {
            return format!("{before}{line}{after}");
        }
        let newline = line_end(self.text);
        let indent = self.element_indentation();
        let lines: String = elements.iter().map(|element| format!("{indent}{element},{newline}")).collect();
        format!("{before}{newline}{lines}{}{after}", indentation(self.text, self.inside.start))
    }

    /// What follows the last element, without the comma that the new one has taken the place of.
    fn tail(&self, last: usize) -> String {
        match self.last_comma {
            Some(comma) => format!("{}{}", &self.text[last..comma], &self.text[comma + 1..]),
            None => self.text[last..].to_owned(),
        }
    }

    fn has_line_end_or_comment(&self) -> bool {
        let inside = &self.text[self.inside.clone()];
        ["\n", "//", "/*"].iter().any(|sign| inside.contains(sign))
    }

    fn last_end(&self) -> Option<usize> {
        self.elements.last().and_then(|element| element.last()).map(Token::end)
    }

    /// As the line of the last element has it, or one step more than the line of the bracket.
    fn element_indentation(&self) -> String {
        let opening_line = line_start(self.text, self.inside.start);
        let elements = self.elements.iter().filter_map(|element| element.first());
        let own_line = elements.rev().find(|first| line_start(self.text, first.start) != opening_line);
        match own_line {
            Some(first) => indentation(self.text, first.start).to_owned(),
            None => {
                let outer = indentation(self.text, self.inside.start);
                format!("{outer}{}", if outer.contains('\t') { "\t" } else { "    " })
            }
        }
    }
}

/// The `[` of the one list that is known how to change.
fn opening_bracket(tokens: &[Token<'_>]) -> Result<usize, Unrecognised> {
    let mut fields = (0..tokens.len()).filter_map(|index| field_value(tokens, index));
    let value = fields.next().ok_or(Unrecognised(NO_LIST))?;
    if fields.next().is_some() {
        return Err(Unrecognised(SEVERAL_LISTS));
    }
    plain_list(tokens, value).or_else(|| list_in_concat(tokens, value)).ok_or(Unrecognised(NO_LIST))
}

/// Where the value of a field `installed_apps: value` starts; a type behind the colon is no value.
fn field_value(tokens: &[Token<'_>], index: usize) -> Option<usize> {
    let is_field = texts_are(tokens, index, &["installed_apps", ":"]) && !texts_are(tokens, index + 2, &[":"]);
    (is_field && !texts_are(tokens, index + 2, &["Vec"])).then_some(index + 2)
}

/// `vec![..]`, and nothing more.
fn plain_list(tokens: &[Token<'_>], value: usize) -> Option<usize> {
    let open = texts_are(tokens, value, &["vec", "!", "["]).then_some(value + 2)?;
    value_ends(tokens, closing_index(tokens, open) + 1).then_some(open)
}

/// `[.., vec![..]].concat()` with one `vec!` directly in it.
fn list_in_concat(tokens: &[Token<'_>], value: usize) -> Option<usize> {
    let outer = texts_are(tokens, value, &["["]).then_some(value)?;
    let close = closing_index(tokens, outer);
    let is_concat = texts_are(tokens, close + 1, &[".", "concat", "(", ")"]) && value_ends(tokens, close + 5);
    let mut inner = (outer + 1..close).filter(|index| {
        tokens[*index].depth == tokens[outer].depth + 1
            && texts_are(tokens, *index, &["vec", "!", "["])
            && matches!(tokens[index - 1].text, "[" | ",")
    });
    let open = inner.next()? + 2;
    let after = &tokens[closing_index(tokens, open) + 1];
    (is_concat && inner.next().is_none() && matches!(after.text, "]" | ",")).then_some(open)
}

fn value_ends(tokens: &[Token<'_>], index: usize) -> bool {
    texts_are(tokens, index, &[","]) || texts_are(tokens, index, &["}"])
}

fn texts_are(tokens: &[Token<'_>], index: usize, texts: &[&str]) -> bool {
    tokens
        .get(index..index + texts.len())
        .is_some_and(|found| found.iter().map(|token| token.text).eq(texts.iter().copied()))
}

/// The piece of the text from the element's first token to its last.
fn source<'a>(text: &'a str, element: &[Token<'a>]) -> &'a str {
    match (element.first(), element.last()) {
        (Some(first), Some(last)) => &text[first.start..last.end()],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inside of a function and a struct literal, as it is in a project.
    fn settings(field: &str) -> String {
        format!(
            "pub fn settings(env: &Env) -> Settings {{\n    Settings {{\n        debug: true,\n        {field}\n        ..Settings::default()\n    }}\n}}\n"
        )
    }

    #[track_caller]
    fn becomes(before: &str, after: &str) {
        let (before, after) = (settings(before), settings(after));
        assert_eq!(add_installed_app(&before, "api").as_deref(), Ok(after.as_str()));
        assert_eq!(add_installed_app(&after, "api").as_deref(), Ok(after.as_str()), "a second time");
        let windows = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(add_installed_app(&windows(&before), "api"), Ok(windows(&after)), "with other line ends");
    }

    #[track_caller]
    fn unrecognised(field: &str) {
        assert!(add_installed_app(&settings(field), "api").is_err(), "{field}");
    }

    #[test]
    fn the_empty_list_gets_the_app() {
        becomes("installed_apps: vec![],", "installed_apps: vec![crate::api::app()],");
        becomes("installed_apps: vec![ ],", "installed_apps: vec![crate::api::app()],");
        becomes(
            "installed_apps: vec![\n        ],",
            "installed_apps: vec![\n            crate::api::app(),\n        ],",
        );
    }

    #[test]
    fn the_app_comes_last() {
        becomes(
            "installed_apps: vec![crate::zoo::app()],",
            "installed_apps: vec![crate::zoo::app(), crate::api::app()],",
        );
        becomes(
            "installed_apps: vec![crate::zoo::app(),],",
            "installed_apps: vec![crate::zoo::app(), crate::api::app()],",
        );
        becomes(
            "installed_apps: vec![\n            crate::zoo::app(),\n        ],",
            "installed_apps: vec![\n            crate::zoo::app(),\n            crate::api::app(),\n        ],",
        );
    }

    #[test]
    fn the_template_keeps_its_comment() {
        becomes(
            "installed_apps: vec![\n            // Apps.\n        ],",
            "installed_apps: vec![\n            // Apps.\n            crate::api::app(),\n        ],",
        );
    }

    #[test]
    fn a_missing_comma_is_put_right_behind_the_last_app() {
        becomes(
            "installed_apps: vec![\n            crate::zoo::app() // the animals, all\n        ],",
            "installed_apps: vec![\n            crate::zoo::app(), // the animals, all\n            crate::api::app(),\n        ],",
        );
    }

    #[test]
    fn a_line_that_gets_too_long_becomes_one_line_for_each() {
        becomes(
            "installed_apps: vec![crate::animals::app(), crate::elephants::app()],",
            "installed_apps: vec![\n            crate::animals::app(),\n            crate::elephants::app(),\n            crate::api::app(),\n        ],",
        );
        becomes(
            "installed_apps: vec![crate::elephants::app(), crate::an::app()],",
            "installed_apps: vec![crate::elephants::app(), crate::an::app(), crate::api::app()],",
        );
        becomes(
            "installed_apps: vec![crate::elephants::app(), crate::and::app()],",
            "installed_apps: vec![\n            crate::elephants::app(),\n            crate::and::app(),\n            crate::api::app(),\n        ],",
        );
    }

    #[test]
    fn a_list_written_in_another_way_stays_that_way() {
        becomes(
            "installed_apps: vec![crate::a::app(),\n            crate::b::app()],",
            "installed_apps: vec![crate::a::app(),\n            crate::b::app(), crate::api::app()],",
        );
        becomes(
            "installed_apps: vec![crate::a::app() /* a, b */, /* c */],",
            "installed_apps: vec![crate::a::app(), crate::api::app() /* a, b */ /* c */],",
        );
    }

    #[test]
    fn lists_and_calls_inside_the_list_are_elements() {
        becomes(
            "installed_apps: vec![with(vec![\"a, b\", \"]\"], [1, 2])],",
            "installed_apps: vec![with(vec![\"a, b\", \"]\"], [1, 2]), crate::api::app()],",
        );
    }

    #[test]
    fn the_last_list_of_a_concat_gets_the_app() {
        becomes(
            "installed_apps: [quintet::apps::defaults(), vec![x()]].concat(),",
            "installed_apps: [quintet::apps::defaults(), vec![x(), crate::api::app()]].concat(),",
        );
    }

    #[test]
    fn look_alikes_in_comments_and_strings_do_not_count() {
        becomes(
            "// installed_apps: vec![],\n        /* installed_apps: vec![crate::api::app()] */\n        \
             name: \"installed_apps: vec![]\",\n        installed_apps: vec![\n            // crate::api::app(),\n            \
             named(\"crate::api::app()\"),\n        ],",
            "// installed_apps: vec![],\n        /* installed_apps: vec![crate::api::app()] */\n        \
             name: \"installed_apps: vec![]\",\n        installed_apps: vec![\n            // crate::api::app(),\n            \
             named(\"crate::api::app()\"),\n            crate::api::app(),\n        ],",
        );
    }

    #[test]
    fn an_app_that_is_there_is_not_added_again() {
        for field in ["installed_apps: vec![crate::api::app()],", "installed_apps: vec![crate :: api\n::app( ), x()],"]
        {
            let settings = settings(field);
            assert_eq!(add_installed_app(&settings, "api"), Ok(settings));
        }
    }

    #[test]
    fn an_app_whose_name_only_ends_alike_is_another() {
        becomes(
            "installed_apps: vec![crate::my_api::app()],",
            "installed_apps: vec![crate::my_api::app(), crate::api::app()],",
        );
    }

    #[test]
    fn a_type_is_no_value() {
        let before = format!("struct S {{ installed_apps: Vec<App> }}\n{}", settings("installed_apps: vec![],"));
        assert!(add_installed_app(&before, "api").is_ok_and(|after| after.contains("vec![crate::api::app()]")));
    }

    #[test]
    fn anything_else_is_left_alone() {
        unrecognised("");
        unrecognised("// installed_apps: vec![],");
        unrecognised("installed_apps,");
        unrecognised("installed_apps: apps(),");
        unrecognised("installed_apps: apps::all(vec![]),");
        unrecognised("installed_apps: vec![app(); 3],");
        unrecognised("installed_apps: vec!(),");
        unrecognised("installed_apps: vec![].into_iter().collect(),");
        unrecognised("installed_apps: if debug { vec![] } else { vec![] },");
        unrecognised("installed_apps: [a(), b()].concat(),");
        unrecognised("installed_apps: [vec![], vec![]].concat(),");
        unrecognised("installed_apps: [a(), vec![].clone()].concat(),");
        unrecognised("installed_apps: [a(), vec![]].into(),");
        unrecognised("installed_apps: vec![], }; Settings { installed_apps: vec![],");
        unrecognised("installed_apps: vec![ /* not closed ],");
    }
}
