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
        let fits = is_word(c);
        if fits {
            made.push(c);
        } else if !between {
            made.push('_');
        }
        between = !fits;
    }
    made
}

/// What can stand in the name of a module: no `²`, which is a number elsewhere.
fn is_word(c: char) -> bool {
    c.is_alphabetic() || c.is_ascii_digit() || c == '_'
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
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && is_valid_ending(name)
}

/// Whether a text can stand in the name of a migration, behind its number.
pub fn is_valid_ending(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::words::*;
    use crate::schema::words::*;

    #[test]
    fn a_name_has_as_many_operations_as_fit_into_52_characters() {
        let add = |name: &str| add_field("note", name, integer());
        // Two of these make 52 characters, and one more letter is too much.
        let (first, second) = ("a".repeat(20), "b".repeat(21));
        let name = suggested(&[add(&first), add(&second)], false, "");
        assert_eq!((name.len(), name.ends_with("_and_more")), (52, false));
        let longer = suggested(&[add(&first), add(&format!("{second}b"))], false, "");
        assert_eq!(longer, format!("note_{first}_and_more"));
    }

    #[test]
    fn an_operation_without_a_name_makes_the_time_the_name() {
        let list = [add_field("note", "a", integer()), run_sql(&["SELECT 1"])];
        assert_eq!(suggested(&list, false, "20240131_1200"), "auto_20240131_1200");
        assert_eq!(suggested(&[], false, "20240131_1200"), "auto_20240131_1200");
    }

    #[test]
    fn signs_in_a_name_become_underscores() {
        let list = [remove_index("note", "a-b.c")];
        assert_eq!(suggested(&list, false, ""), "remove_note_a_b_c");
    }

    #[test]
    fn an_updated_migration_is_told_apart_from_what_it_was() {
        assert_eq!(updated("0002_note_a", "note_a_note_b"), "0002_note_a_note_b");
        assert_eq!(updated("0002_note_a", "note_a"), "0002_note_a_updated");
    }

    #[test]
    fn a_name_is_made_of_letters_digits_and_underscores() {
        assert_eq!(["seed_rows", "é2", "2a", "a b", ""].map(is_valid), [true, true, false, false, false]);
        assert_eq!(["2a", "../a", "a-b", ""].map(is_valid_ending), [true, false, false, false]);
    }
}
