//! Puts `mod NAME;` among the `mod` lines of `src/main.rs`, where rustfmt would.

use super::tokens::{Token, closing_index, is_word, tokens};
use super::{Unrecognised, line_end, line_start};

/// `main` with `mod name;` in it.
pub(crate) fn add_module(main: &str, name: &str) -> Result<String, Unrecognised> {
    let modules = modules(main)?;
    if let Some(module) = modules.iter().find(|module| module.name == name) {
        return if module.is_file { Ok(main.to_owned()) } else { Err(Unrecognised("a module of that name is in it")) };
    }
    let group = group(main, &modules)?;
    let added = insert(main, group, name);
    match self::modules(&added)?.iter().any(|module| module.name == name) {
        true => Ok(added),
        false => Err(Unrecognised(NO_LIST)),
    }
}

const NO_LIST: &str = "no `mod` lines were found";

/// `mod name;`, or `mod name { .. }`, outside of everything else.
struct Module<'a> {
    name: &'a str,
    is_file: bool,
    /// Its visibility, attributes and comments belong to it.
    start: usize,
    end: usize,
    first_token: usize,
    last_token: usize,
}

fn modules(text: &str) -> Result<Vec<Module<'_>>, Unrecognised> {
    let tokens = tokens(text)?;
    let mut modules = Vec::new();
    for (index, window) in tokens.windows(3).enumerate() {
        let [keyword, name, last] = window else { continue };
        if keyword.depth > 0 || keyword.text != "mod" || !is_word(name.text) || !matches!(last.text, ";" | "{") {
            continue;
        }
        let first_token = first_token(&tokens, index);
        let last_token = if last.text == ";" { index + 2 } else { closing_index(&tokens, index + 2) };
        modules.push(Module {
            name: name.text.strip_prefix("r#").unwrap_or(name.text),
            is_file: last.text == ";",
            start: with_comments_above(text, tokens[first_token].start),
            end: tokens[last_token].end(),
            first_token,
            last_token,
        });
    }
    Ok(modules)
}

/// Goes back over `pub`, `pub(crate)` and `#[..]`.
fn first_token(tokens: &[Token<'_>], keyword: usize) -> usize {
    let opening = |close: usize| tokens[..close].iter().rposition(|token| token.depth == tokens[close].depth);
    let text = |index: usize| tokens[index].text;
    let mut first = keyword;
    while let Some(previous) = first.checked_sub(1) {
        first = match text(previous) {
            "pub" => previous,
            ")" => match opening(previous) {
                Some(open) if open > 0 && text(open - 1) == "pub" => open - 1,
                _ => return first,
            },
            "]" => match opening(previous) {
                Some(open) if open > 0 && text(open - 1) == "#" => open - 1,
                _ => return first,
            },
            _ => return first,
        };
    }
    first
}

/// Lines of comments right above `start`, except what stands at the top of the file: that is about the file.
fn with_comments_above(text: &str, start: usize) -> usize {
    let mut first = line_start(text, start);
    while first > 0 {
        let above = line_start(text, first - 1);
        let line = text[above..first].trim();
        if !line.starts_with("//") || line.starts_with("//!") {
            return first;
        }
        if above == 0 {
            return line_start(text, start);
        }
        first = above;
    }
    first
}

/// The run of `mod name;` lines that an app joins: where the settings are, or else the first.
fn group<'m, 't>(text: &str, modules: &'m [Module<'t>]) -> Result<&'m [Module<'t>], Unrecognised> {
    let together = |one: &Module<'_>, next: &Module<'_>| {
        let between = &text[one.end..next.start.max(one.end)];
        let blank_line = between.matches('\n').count() > 1;
        one.is_file && next.is_file && next.first_token == one.last_token + 1 && !blank_line
    };
    let groups: Vec<_> = modules.chunk_by(together).filter(|group| group[0].is_file).collect();
    let with = |name| groups.iter().find(|group| group.iter().any(|module| module.name == name));
    let found = with("settings").or_else(|| with("urls")).or_else(|| groups.first());
    found.copied().ok_or(Unrecognised(NO_LIST))
}

fn insert(text: &str, group: &[Module<'_>], name: &str) -> String {
    let newline = line_end(text);
    let last = &group[group.len() - 1];
    if let Some(next) = group.iter().find(|module| module.name > name) {
        return format!("{}mod {name};{newline}{}", &text[..next.start], &text[next.start..]);
    }
    match text[last.end..].find('\n') {
        Some(rest) => {
            let (before, after) = text.split_at(last.end + rest + 1);
            format!("{before}mod {name};{newline}{after}")
        }
        None => format!("{text}{newline}mod {name};{newline}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(name: &str, before: &str, after: &str) {
        assert_eq!(add_module(before, name).as_deref(), Ok(after));
        assert_eq!(add_module(after, name).as_deref(), Ok(after), "a second time");
        let windows = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(add_module(&windows(before), name), Ok(windows(after)), "with other line ends");
    }

    #[test]
    fn the_line_comes_in_its_sorted_place() {
        let before = "mod settings;\nmod urls;\n\nfn main() {}\n";
        becomes("api", before, "mod api;\nmod settings;\nmod urls;\n\nfn main() {}\n");
        becomes("tags", before, "mod settings;\nmod tags;\nmod urls;\n\nfn main() {}\n");
        becomes("words", before, "mod settings;\nmod urls;\nmod words;\n\nfn main() {}\n");
    }

    #[test]
    fn the_text_at_the_top_of_the_file_stays_there() {
        becomes("api", "//! About.\nmod settings;\n", "//! About.\nmod api;\nmod settings;\n");
        becomes("api", "//! About.\n\nmod settings;\n", "//! About.\n\nmod api;\nmod settings;\n");
        becomes("api", "// Licence.\nmod settings;\n", "// Licence.\nmod api;\nmod settings;\n");
        becomes(
            "api",
            "#![forbid(unsafe_code)]\nmod settings;\n",
            "#![forbid(unsafe_code)]\nmod api;\nmod settings;\n",
        );
        becomes("api", "#!/usr/bin/env x\nmod settings;\n", "#!/usr/bin/env x\nmod api;\nmod settings;\n");
    }

    #[test]
    fn attributes_comments_and_visibility_stay_with_their_module() {
        becomes(
            "api",
            "use x;\n/// Doc.\n#[cfg(unix)]\n#[path = \"s.rs\"]\npub(crate) mod settings;\n",
            "use x;\nmod api;\n/// Doc.\n#[cfg(unix)]\n#[path = \"s.rs\"]\npub(crate) mod settings;\n",
        );
        becomes(
            "stats",
            "mod settings;\n// The routes.\npub mod urls;\n",
            "mod settings;\nmod stats;\n// The routes.\npub mod urls;\n",
        );
    }

    #[test]
    fn the_group_of_the_settings_is_joined_and_no_other() {
        becomes(
            "zoo",
            "mod a;\n\nmod settings;\nmod urls;\n\n#[cfg(test)]\nmod tests;\n",
            "mod a;\n\nmod settings;\nmod urls;\nmod zoo;\n\n#[cfg(test)]\nmod tests;\n",
        );
        becomes("b", "mod c;\nuse x;\nmod settings;\n", "mod c;\nuse x;\nmod b;\nmod settings;\n");
    }

    #[test]
    fn a_module_that_is_there_is_not_added_again() {
        for text in ["mod api;\n", "pub mod api;", "#[cfg(unix)]\nmod\n  api ;\n", "mod r#api;\n"] {
            assert_eq!(add_module(text, "api").as_deref(), Ok(text));
        }
    }

    #[test]
    fn look_alikes_in_comments_strings_and_other_modules_do_not_count() {
        let look_alikes = "/* mod api; */\n// mod api;\nconst A: &str = \"\nmod api;\n\";\nconst B: &str = r#\"mod api;\"#;\n\
                           mod inner {\n    mod api;\n}\n\n";
        becomes("api", &format!("{look_alikes}mod settings;\n"), &format!("{look_alikes}mod api;\nmod settings;\n"));
    }

    #[test]
    fn a_comment_behind_the_last_line_stays_there() {
        becomes("zoo", "mod urls; // routes\nfn main() {}\n", "mod urls; // routes\nmod zoo;\nfn main() {}\n");
    }

    #[test]
    fn a_file_without_a_last_line_end_gets_one() {
        assert_eq!(add_module("mod urls;", "zoo").as_deref(), Ok("mod urls;\nmod zoo;\n"));
    }

    #[test]
    fn a_file_without_mod_lines_is_left_alone() {
        for text in ["", "fn main() {}\n", "// mod settings;\n", "mod settings {}\n", "x! { mod settings; }\n"] {
            assert_eq!(add_module(text, "api"), Err(Unrecognised(NO_LIST)), "{text}");
        }
    }

    #[test]
    fn a_module_written_out_under_that_name_is_left_alone() {
        assert!(add_module("mod settings;\nmod api {}\n", "api").is_err());
    }

    #[test]
    fn a_place_that_turns_out_to_be_in_a_comment_is_not_used() {
        assert!(add_module("mod urls; /* more\nthan one line */\n", "zoo").is_err());
    }

    #[test]
    fn a_file_that_is_not_rust_is_left_alone() {
        assert!(add_module("mod settings;\nfn main() { \"\n", "api").is_err());
    }
}
