//! Regular expressions as schemas may have them: those of the reference's language that mean the same in ECMAScript.

/// The expression in ECMAScript's words, or nothing where that has none for it.
///
/// What both have in common stays; the ends `\A`, `\Z` and `\z` become `^` and `$`, and named groups lose what only one of
/// the two knows. Flags within, conditions, possessive repetitions and comments have no counterpart.
pub fn ecma(expression: &str) -> Option<String> {
    let mut ecma = String::with_capacity(expression.len());
    let mut letters = expression.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                'A' if !in_class => ecma.push('^'),
                'Z' | 'z' if !in_class => ecma.push('$'),
                // Written otherwise in each of them.
                'p' | 'P' | 'N' | 'U' | 'g' | 'k' | 'a' | 'x' | 'u' => return None,
                // An escape that Unicode expressions of ECMAScript refuse.
                other if !other.is_ascii_alphanumeric() && !"^$\\.*+?()[]{}|/-".contains(other) => ecma.push(other),
                '-' if !in_class => ecma.push('-'),
                other => ecma.extend(['\\', other]),
            },
            '[' if in_class => ecma.push_str("\\["),
            '[' => {
                in_class = true;
                ecma.push('[');
            }
            ']' if in_class => {
                in_class = false;
                ecma.push(']');
            }
            '(' if !in_class && letters.peek() == Some(&'?') => {
                letters.next();
                match letters.next()? {
                    ':' => ecma.push_str("(?:"),
                    '=' => ecma.push_str("(?="),
                    '!' => ecma.push_str("(?!"),
                    'P' if letters.peek() == Some(&'<') => ecma.push_str("(?"),
                    '<' if matches!(letters.peek(), Some('=' | '!')) => ecma.push_str("(?<"),
                    _ => return None,
                }
            }
            '*' | '+' | '?' | '}' if !in_class && letters.peek() == Some(&'+') => return None,
            other => ecma.push(other),
        }
    }
    (!in_class).then_some(ecma)
}

#[cfg(test)]
mod tests {
    use super::ecma;

    #[test]
    fn expressions_that_mean_the_same_are_taken_over() {
        for (python, wanted) in [
            (r"^\d{3}$", r"^\d{3}$"),
            (r"\A[a-z]+\Z", "^[a-z]+$"),
            (r"(?P<year>\d{4})-x", r"(?<year>\d{4})-x"),
            (r"^[\w.@+-]+$", r"^[\w.@+-]+$"),
            (r"a\-b\@c", "a-b@c"),
            (r"[[]", r"[\[]"),
        ] {
            assert_eq!(ecma(python).as_deref(), Some(wanted), "{python}");
        }
    }

    #[test]
    fn expressions_that_ecmascript_has_no_words_for_are_left_out() {
        for python in ["(?i)a", r"\p{L}", "(?#x)a", "a++", "(?P=year)", "[a"] {
            assert_eq!(ecma(python), None, "{python}");
        }
    }
}
