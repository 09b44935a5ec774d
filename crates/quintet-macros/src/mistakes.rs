//! Mistakes, collected so that all are reported at once, and the word that was meant.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// What is wrong with a user's tokens.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<syn::Error>);

impl Mistakes {
    /// Something is wrong with these tokens.
    pub(crate) fn at(&mut self, tokens: &impl ToTokens, message: impl std::fmt::Display) {
        self.0.push(syn::Error::new_spanned(tokens, message));
    }

    /// What syn found wrong.
    pub(crate) fn found(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, as errors of the compiler.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// `; did you mean `unique`?`, or nothing.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known.into_iter().map(|known| (distance(word, known), known)).min();
    match near {
        Some((steps, known)) if steps <= 1 + word.len() / 4 => format!("\nhint: did you mean `{known}`?"),
        _ => String::new(),
    }
}

/// How many letters must be changed, added, removed or swapped with the next to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let changed = rows[i][j] + usize::from(a != b);
            let mut least = changed.min(row[j] + 1).min(rows[i][j + 1] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_nearly_known_is_guessed() {
        let known = ["max_length", "unique", "blank"];
        assert_eq!(did_you_mean("max_lenght", known), "\nhint: did you mean `max_length`?");
        assert_eq!(did_you_mean("uniqe", known), "\nhint: did you mean `unique`?");
    }

    #[test]
    fn a_word_far_from_all_is_not_guessed() {
        assert_eq!(did_you_mean("colour", ["max_length", "unique", "blank"]), "");
    }
}
