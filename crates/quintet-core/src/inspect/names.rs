//! Names of structs and fields out of the names of tables and columns, as the reference chooses them, as far as they are
//! names in Rust as well.

/// Structs that would hide a type of the prelude, of which the fields are made.
const TAKEN_TYPES: &[&str] = &[
    "Auto",
    "Bigauto",
    "Binary",
    "Box",
    "Choices",
    "Clone",
    "Copy",
    "Date",
    "Datetime",
    "Debug",
    "Decimal",
    "Default",
    "Delete",
    "Drop",
    "Duration",
    "Email",
    "Eq",
    "Err",
    "Error",
    "File",
    "Filepath",
    "Fn",
    "Foreignkey",
    "From",
    "Generated",
    "Hash",
    "Image",
    "Into",
    "Intoview",
    "Ipaddr",
    "Iterator",
    "Json",
    "Manytomany",
    "Method",
    "Model",
    "None",
    "Ok",
    "Onetoone",
    "Option",
    "Ord",
    "Parent",
    "Request",
    "Response",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Slug",
    "Smallauto",
    "Some",
    "Statuscode",
    "String",
    "Sync",
    "Text",
    "Time",
    "Url",
    "Urls",
    "Uuid",
    "Value",
    "Vec",
    "View",
];

/// The words of Rust, those of the future too.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Letters beyond ASCII that can stand anywhere in a name of Rust's, and are written in one way only.
const LETTERS: &[(char, char)] = &[
    ('\u{c0}', '\u{24f}'),
    ('\u{388}', '\u{3ff}'),
    ('\u{400}', '\u{481}'),
    ('\u{48a}', '\u{52f}'),
    ('\u{5d0}', '\u{5ea}'),
    ('\u{620}', '\u{64a}'),
    ('\u{3041}', '\u{3096}'),
    ('\u{30a1}', '\u{30fa}'),
    ('\u{4e00}', '\u{9fff}'),
    ('\u{ac00}', '\u{d7a3}'),
];

/// The struct of a table: `shop_order_line` is `ShopOrderLine`.
pub(super) fn of_table(table: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = String::new();
    let mut inside = false;
    for c in table.chars() {
        // A letter after anything else is large, as the reference writes titles.
        let titled: String = if inside { c.to_lowercase().collect() } else { c.to_uppercase().collect() };
        inside = c.is_alphabetic();
        name.extend(titled.chars().filter(char::is_ascii_alphanumeric));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.insert_str(0, "Table");
    }
    if TAKEN_TYPES.iter().any(|taken| taken.eq_ignore_ascii_case(&name)) {
        name.push_str("Model");
    }
    numbered(name, "", taken)
}

/// A field's name, and why it is not the column's.
pub(super) struct FieldName {
    pub(super) name: String,
    /// Whether the column's name has to be said.
    pub(super) differs: bool,
    pub(super) notes: Vec<&'static str>,
}

/// The field of a column; that of a key is without `_id`. `id` is for primary keys only.
pub(super) fn of_column(column: &str, is_key: bool, may_be_id: bool, taken: impl Fn(&str) -> bool) -> FieldName {
    let mut notes = vec![];
    let lower: String = column.to_lowercase();
    if lower != column {
        notes.push("the column has capital letters");
    }
    let short = lower.strip_suffix("_id").filter(|_| is_key);
    let wanted = short.unwrap_or(&lower);
    let mut name: String = wanted.chars().map(|c| if is_letter(c) { c } else { '_' }).collect();
    if name != wanted {
        notes.push("the column has characters that a field's name cannot have");
    }
    if name.contains("__") {
        while name.contains("__") {
            name = name.replace("__", "_");
        }
        if lower.contains("__") {
            notes.push("the column has more than one `_` in a row");
        }
    }
    if name.starts_with('_') || name.is_empty() {
        name.insert_str(0, "field");
        notes.push("the column begins with `_`");
    }
    if name.ends_with('_') {
        name.push_str("field");
        notes.push("the column ends with `_`");
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.push_str("_field");
        notes.push("the column is a word of Rust");
    }
    if name == "pk" {
        name.push_str("_field");
        notes.push("`pk` means the primary key, whatever its name");
    }
    if name == "id" && !may_be_id {
        name.push_str("_field");
        notes.push("a field named `id` is the primary key");
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert_str(0, "number_");
        notes.push("the column begins with a digit");
    }
    if taken(&name) {
        name = numbered(name, "_", taken);
        notes.push("two columns would have the same field");
    }
    // A letter can be small in two ways: the column's name is said wherever it is not plain.
    let usual = if is_key { format!("{name}_id") } else { name.clone() };
    FieldName { differs: usual != column || !column.is_ascii(), name, notes }
}

fn is_letter(c: char) -> bool {
    let among = || c.is_alphabetic() && LETTERS.iter().any(|(first, last)| (first..=last).contains(&&c));
    c.is_ascii_alphanumeric() || c == '_' || among()
}

/// The name with the first number that makes it another than those there are.
fn numbered(name: String, joint: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(&name) {
        return name;
    }
    (0_u32..).map(|number| format!("{name}{joint}{number}")).find(|name| !taken(name)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> String {
        of_column(name, false, true, |_| false).name
    }

    #[test]
    fn a_struct_has_the_name_that_the_reference_gives_it() {
        let name = |table| of_table(table, |_| false);
        assert_eq!(name("shop_order_line"), "ShopOrderLine");
        assert_eq!(name("SHOP_ORDER2fa"), "ShopOrder2Fa");
        assert_eq!(name("größe"), "Gre");
        assert_eq!(name("o'neil \"x\""), "ONeilX");
    }

    #[test]
    fn a_struct_that_would_have_no_name_or_that_of_a_type_has_another() {
        let name = |table| of_table(table, |_| false);
        assert_eq!(name("日本"), "Table");
        assert_eq!(name(""), "Table");
        assert_eq!(name("2024"), "Table2024");
        assert_eq!(name("url"), "UrlModel");
        assert_eq!(name("ip_addr"), "IpAddrModel");
        assert_eq!(of_table("a_b", |name| name == "AB"), "AB0");
    }

    #[test]
    fn a_field_has_the_name_that_the_reference_gives_it() {
        for (from, to) in [
            ("Title", "title"),
            ("with space", "with_space"),
            ("a--b", "a_b"),
            ("a__b", "a_b"),
            ("_hidden", "field_hidden"),
            ("tail_", "tail_field"),
            ("2fa", "number_2fa"),
            ("", "field"),
            ("\"", "field_field"),
            ("größe", "größe"),
            ("x²", "x_field"),
            ("日本", "日本"),
        ] {
            assert_eq!(column(from), to, "of `{from}`");
        }
    }

    #[test]
    fn a_word_of_rust_and_a_reserved_name_have_an_ending() {
        for word in KEYWORDS {
            assert_eq!(column(word), format!("{word}_field"));
        }
        assert_eq!(column("pk"), "pk_field");
        assert_eq!(of_column("id", false, false, |_| false).name, "id_field");
    }

    #[test]
    fn a_key_is_without_its_ending_and_says_its_column_only_where_it_differs() {
        let key = |name| of_column(name, true, true, |_| false);
        assert_eq!((key("author_id").name.as_str(), key("author_id").differs), ("author", false));
        assert_eq!((key("author").name.as_str(), key("author").differs), ("author", true));
        assert_eq!((key("_id").name.as_str(), key("_id").differs), ("field", true));
    }

    #[test]
    fn two_columns_with_one_name_are_numbered() {
        let second = of_column("Name", false, true, |name| name == "name" || name == "name_0");
        assert_eq!((second.name.as_str(), second.differs), ("name_1", true));
    }
}
