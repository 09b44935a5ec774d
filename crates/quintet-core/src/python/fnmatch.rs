//! Patterns of names, as the reference's language has them in `fnmatch`: `*`, `?`, `[abc]`, `[!a-z]`.
//!
//! `*` takes slashes as well. A bracket without its end is a letter like any other.

/// Whether a name is one of those that a pattern means, with regard to case.
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where to go on after the last star, should what follows it not fit: no more than the square of the lengths.
    let mut star = None;
    while n < name.len() {
        match fits(&pattern[p..], name[n]) {
            _ if pattern.get(p) == Some(&'*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(length) => {
                p += length;
                n += 1;
            }
            None => {
                let Some((after, taken)) = star else { return false };
                star = Some((after, taken + 1));
                (p, n) = (after, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|letter| *letter == '*')
}

/// The length of the pattern's first part, where that part takes a letter.
fn fits(pattern: &[char], letter: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => match set(pattern) {
            Some((length, takes)) => takes(letter).then_some(length),
            None => (letter == '[').then_some(1),
        },
        same => (*same == letter).then_some(1),
    }
}

/// A set at the begin of a pattern: its length, and what it takes. A `]` right at its begin is one of its letters.
fn set(pattern: &[char]) -> Option<(usize, impl Fn(char) -> bool)> {
    let is_negated = pattern.get(1) == Some(&'!');
    let begin = 1 + usize::from(is_negated);
    let end = begin + 1 + pattern.get(begin + 1..)?.iter().position(|letter| *letter == ']')?;
    let letters = pattern[begin..end].to_vec();
    let takes = move |letter: char| {
        let mut i = 0;
        let mut found = false;
        while i < letters.len() {
            if letters.get(i + 1) == Some(&'-') && i + 2 < letters.len() {
                found |= (letters[i]..=letters[i + 2]).contains(&letter);
                i += 3;
            } else {
                found |= letters[i] == letter;
                i += 1;
            }
        }
        found != is_negated
    };
    Some((end + 1, takes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked of the reference's language.
    #[test]
    fn patterns_mean_what_they_mean_there() {
        let rows = [
            ("*", "", true),
            (".*", ".hid", true),
            (".*", "a.hid", false),
            ("*~", "x~", true),
            ("*.js", "assets/a.js", true),
            ("*.js", "a.js.gz", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[abc]x", "bx", true),
            ("[!abc]x", "bx", false),
            ("[!abc]x", "dx", true),
            ("[a-c]", "b", true),
            ("[a-c]", "d", false),
            ("[]]", "]", true),
            ("[", "[", true),
            ("[a", "[a", true),
            ("[!]", "[!]", true),
            ("[a-]", "-", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXcYb", false),
            ("CVS", "cvs", false),
            ("", "", true),
            ("", "a", false),
            ("é*", "éa", true),
        ];
        for (pattern, name, expected) in rows {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!matches(&("*a".repeat(200) + "b"), &"a".repeat(2000)));
    }
}
