//! Names that stay: of components, of operations, of what operations belong to.

use std::collections::{BTreeMap, BTreeSet};

use super::operation::Operation;

/// `order_state` as `OrderState`.
pub fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut begins = true;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() {
            begins = true;
        } else if std::mem::take(&mut begins) {
            camel.push(letter.to_ascii_uppercase());
        } else {
            camel.push(letter);
        }
    }
    if camel.is_empty() || camel.starts_with(|first: char| first.is_ascii_digit()) {
        format!("Of{camel}")
    } else {
        camel
    }
}

/// What the component of a serializer is called: `NoteSerializer` is `Note`.
pub fn component_name(serializer: &str) -> String {
    let last = serializer.rsplit("::").next().unwrap_or(serializer);
    camel(last.strip_suffix("Serializer").filter(|rest| !rest.is_empty()).unwrap_or(last))
}

/// The words of a path behind a prefix, without its parameters: `/api/shop/by-status/{id}/` is `shop`, `by_status`.
pub fn tokens(path: &str, prefix: &str) -> Vec<String> {
    let rest = path.strip_prefix(prefix).unwrap_or(path);
    let word = |part: &str| {
        let plain: String = without_parameters(part)
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '_' })
            .collect();
        plain.trim_matches('_').to_owned()
    };
    rest.split('/').map(word).filter(|word| !word.is_empty()).collect()
}

fn without_parameters(part: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_usize;
    for letter in part.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            letter if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

/// What an operation belongs to: the first word of its path.
pub fn tag_of(path: &str, prefix: &str) -> Option<String> {
    tokens(path, prefix).into_iter().next()
}

/// Makes the names of operations different: of those that have one, all but the first in the order of their paths get a
/// number. Gives the names that came more than once.
pub fn operation_ids(operations: &mut [Operation]) -> Vec<String> {
    let mut order: Vec<usize> = (0..operations.len()).collect();
    order.sort_by(|one, other| {
        let key = |at: usize| (&operations[at].path, &operations[at].method);
        key(*one).cmp(&key(*other))
    });
    let mut taken: BTreeSet<String> = operations.iter().map(|operation| operation.id.clone()).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for at in order {
        let id = operations[at].id.clone();
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 {
            continue;
        }
        twice.insert(id.clone());
        let mut number = *count;
        while !taken.insert(format!("{id}_{number}")) {
            number += 1;
        }
        operations[at].id = format!("{id}_{number}");
    }
    twice.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializers_give_their_names_to_components() {
        assert_eq!(component_name("NoteSerializer"), "Note");
        assert_eq!(component_name("app::Serializer"), "Serializer");
        assert_eq!(component_name("Bulk"), "Bulk");
        assert_eq!(camel("order_state"), "OrderState");
        assert_eq!(camel("2nd"), "Of2nd");
    }

    #[test]
    fn words_of_a_path_are_those_outside_of_its_parameters() {
        assert_eq!(tokens("/api/shop/by-status/{id}/", "/api"), ["shop", "by_status"]);
        assert_eq!(tokens("/files/{name}.json", "/"), ["files", "json"]);
        assert_eq!(tag_of("/api/notes/{id}/", "/api").as_deref(), Some("notes"));
        assert_eq!(tag_of("/", "/"), None);
    }

    #[test]
    fn operations_of_one_name_are_numbered_in_the_order_of_their_paths() {
        let of = |path: &str, id: &str| Operation { path: path.into(), id: id.into(), ..Operation::default() };
        let mut all = [of("/b/", "x_list"), of("/a/", "x_list"), of("/c/", "x_list_2"), of("/d/", "y")];
        assert_eq!(operation_ids(&mut all), ["x_list"]);
        let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["x_list_3", "x_list", "x_list_2", "y"]);
    }
}
