//! The names that the reference computes for indexes and constraints, digests included.

use md5::{Digest, Md5};

use super::IndexedField;

/// The first digits of the MD5 of all parts, one after the other.
pub fn digest(parts: &[&str], length: usize) -> String {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>()[..length].to_owned()
}

/// A name, cut where it is longer than a database takes: its beginning and a digest of the whole.
pub fn truncate(name: &str, limit: Option<usize>) -> String {
    let (namespace, table) = split(name);
    let Some(limit) = limit.filter(|limit| table.chars().count() > *limit) else { return name.to_owned() };
    let cut: String = table.chars().take(limit - 4).collect();
    let cut = format!("{cut}{}", digest(&[table], 4));
    if namespace.is_empty() { cut } else { format!("{namespace}\".\"{cut}") }
}

/// The namespace and the name of `"namespace"."name"`, without quotes at the outer ends.
fn split(identifier: &str) -> (&str, &str) {
    match identifier.split_once("\".\"") {
        Some((namespace, name)) => (namespace.trim_matches('"'), name.trim_matches('"')),
        None => ("", identifier.trim_matches('"')),
    }
}

/// The name of an index or a constraint on columns of a table, of at most so many characters.
pub fn create_index_name(table: &str, columns: &[&str], suffix: &str, limit: Option<usize>) -> String {
    let table = split(table).1;
    let limit = limit.unwrap_or(200);
    let mut parts = vec![table];
    parts.extend(columns);
    let ending = format!("{}{suffix}", digest(&parts, 8));
    let joined = columns.join("_");
    let whole = format!("{table}_{joined}_{ending}");
    if whole.chars().count() <= limit {
        return whole;
    }
    // Characters are counted, not bytes: a table or a column may be named in any script.
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let ending = cut(&ending, limit / 3);
    let each = (limit - ending.chars().count()) / 2 - 1;
    let name = format!("{}_{}_{ending}", cut(table, each), cut(&joined, each));
    // No database likes a name that begins so.
    if name.starts_with(|c: char| c == '_' || c.is_ascii_digit()) {
        return format!("D{}", cut(&name, name.chars().count() - 1));
    }
    name
}

/// The name of an index of a model that has none; columns in the order of the fields.
pub fn index_auto_name(table: &str, columns: &[&str], fields: &[IndexedField]) -> String {
    let table = split(table).1;
    let marked: Vec<String> = columns
        .iter()
        .zip(fields)
        .map(|(column, field)| format!("{}{column}", if field.descending { "-" } else { "" }))
        .collect();
    let mut parts = vec![table];
    parts.extend(marked.iter().map(String::as_str));
    parts.push("idx");
    let cut = |text: &str, length: usize| text.chars().take(length).collect::<String>();
    let first = columns.first().copied().unwrap_or_default();
    let name = format!("{}_{}_{}_idx", cut(table, 11), cut(first, 7), digest(&parts, 6));
    if name.starts_with(|c: char| c == '_' || c.is_ascii_digit()) { format!("D{}", &name[1..]) } else { name }
}

#[cfg(test)]
mod tests {
    use super::create_index_name;

    #[test]
    fn a_name_in_any_script_is_cut_between_characters_as_the_reference_cuts_it() {
        let suffix = "_fk_shop_übergrößentabelle_schlüssel";
        let column = "übergröße_id_und_ein_langer_name";
        let name = |table| create_index_name(table, &[column], suffix, Some(63));
        assert_eq!(
            name("_shop_größenverzeichnis_und_noch_viel_mehr_dazu"),
            "D_shop_größenverzeich_übergröße_id_und_ein_9ffd717f_fk_shop_übe"
        );
        assert_eq!(name("shop_ü"), "shop_ü_übergröße_id_und_ein_db76dee0_fk_shop_über");
    }
}
