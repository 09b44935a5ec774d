//! Names of files: what of them is kept, and what leads out of a folder.

use std::sync::LazyLock;

use quintet_core::python::strip;
use regex::Regex;

/// What no name keeps: all but letters, digits, `_`, `-` and `.`.
static DROPPED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[^-_.\p{L}\p{N}]").unwrap_or_else(|error| panic!("{error}")));

/// The name with `_` for spaces and without what could mean something to anybody; nothing where nothing is left.
pub(super) fn valid(name: &str) -> Option<String> {
    let spaced = strip(name).replace(' ', "_");
    let kept = DROPPED.replace_all(&spaced, "").into_owned();
    (!matches!(&*kept, "" | "." | "..")).then_some(kept)
}

/// A file in a folder, as one name with `/`; nothing where the folder leads out.
pub(super) fn joined(folder: &str, file: &str) -> Option<String> {
    relative(format!("{}/{file}", folder.replace('\\', "/")).trim_start_matches('/'))
        .filter(|_| !folder.starts_with('/'))
}

/// A name in its plainest form; nothing for one that is absolute, leads upwards, or that no file has.
pub(super) fn relative(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    if name.starts_with('/') || name.contains('\0') || name.ends_with('/') {
        return None;
    }
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    (!parts.is_empty() && !parts.contains(&"..")).then(|| parts.join("/"))
}

/// What a name that is taken is replaced by: `_` and a word before all its extensions, cut to a length in characters.
pub(super) fn alternative(name: &str, word: &str, max_length: Option<usize>) -> Option<String> {
    let (folder, file) = match name.rfind('/') {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    let (root, extension) = file.split_at(extensions_of(file));
    let count = |text: &str| text.chars().count();
    let rest = count(folder) + 1 + count(word) + count(extension);
    let room = max_length.map_or(usize::MAX, |length| length.saturating_sub(rest));
    let root: String = root.chars().take(room).collect();
    (!root.is_empty()).then(|| format!("{folder}{root}_{word}{extension}"))
}

/// Where the extensions of a file's name begin: `.tar.gz`.
fn extensions_of(file: &str) -> usize {
    let hidden = file.len() - file.trim_start_matches('.').len();
    match file[hidden..].find('.') {
        Some(at) if !file.ends_with('.') => hidden + at,
        _ => file.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_letters_digits_and_little_else() {
        let cases = [
            ("a b.txt", Some("a_b.txt")),
            (" é;ñ&.txt ", Some("éñ.txt")),
            ("..", None),
            ("@$", None),
            ("a\0b\n", Some("ab")),
            ("-x_1.PNG", Some("-x_1.PNG")),
        ];
        for (name, kept) in cases {
            assert_eq!(valid(name).as_deref(), kept, "{name:?}");
        }
    }

    #[test]
    fn a_name_that_leads_out_is_none() {
        for name in ["", "/etc/passwd", "..", "a/../b", "a\\..\\b", "..\\b", "a\0b", "a/", "."] {
            assert_eq!(relative(name), None, "{name:?}");
        }
        assert_eq!(relative("a//b/./c.txt").as_deref(), Some("a/b/c.txt"));
        assert_eq!(joined("up/2024", "a.txt").as_deref(), Some("up/2024/a.txt"));
        assert_eq!(joined("", "a.txt").as_deref(), Some("a.txt"));
        assert_eq!((joined("/up", "a.txt"), joined("../up", "a.txt")), (None, None));
    }

    #[test]
    fn a_taken_name_gets_a_word_before_its_extensions_and_keeps_its_length() {
        let other = |name, length| alternative(name, "abcdefg", length);
        assert_eq!(other("up/a.tar.gz", None).as_deref(), Some("up/a_abcdefg.tar.gz"));
        assert_eq!(other(".hidden", None).as_deref(), Some(".hidden_abcdefg"));
        assert_eq!(other("long-name.txt", Some(15)).as_deref(), Some("lon_abcdefg.txt"));
        assert_eq!(other("long-name.txt", Some(12)), None);
    }
}
