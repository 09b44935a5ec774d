//! The names of migrations: a number and what the operations say.

use crate::operation::Operation;

/// A name with its number: `0002_note_body`.
pub fn numbered(number: u64, rest: &str) -> String {
    format!("{number:04}_{rest}")
}

/// What a migration is called behind its number: as many operations as fit, or the time where one of them has no name.
pub fn suggested(operations: &[Operation], initial: bool, timestamp: &str) -> String {
    if initial {
        return "initial".to_owned();
    }
    let fragments: Option<Vec<String>> = operations.iter().map(|one| one.fragment().map(|text| words(&text))).collect();
    let Some((first, others)) = fragments.as_deref().and_then(<[String]>::split_first) else {
        return format!("auto_{timestamp}");
    };
    let mut name = first.clone();
    for fragment in others {
        let longer = format!("{name}_{fragment}");
        if longer.chars().count() > 52 {
            return format!("{name}_and_more");
        }
        name = longer;
    }
    name
}

/// A text whose parts that cannot stand in a name are a `_` each.
fn words(text: &str) -> String {
    let mut made = String::new();
    let mut between = false;
    for c in text.chars() {
        let fits = c.is_alphanumeric() || c == '_';
        if fits {
            made.push(c);
        } else if !between {
            made.push('_');
        }
        between = !fits;
    }
    made
}

/// The name of a migration after more operations were added to it; `suggested` is what it is to be called behind its
/// number.
pub fn updated(old: &str, suggested: &str) -> String {
    let number: String = old.chars().take(4).collect();
    let name = format!("{number}_{suggested}");
    if name == old { format!("{old}_updated") } else { name }
}

/// Whether a text can be the name of a migration, as users give it.
pub fn is_valid(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}
