//! Settings as a table: one row per setting, from which structs, defaults, documentation and `diffsettings` come.
//!
//! Knows the shape of a section, not any particular setting, and no source of values.

use std::fmt::{Debug, Write as _};

/// One setting: where it is, what the reference calls it, what it does, what it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The path a user writes, `security.ssl_redirect`.
    pub path: &'static str,
    /// The reference's own name, `SECURE_SSL_REDIRECT`; empty for a setting that only quintet has.
    pub reference: &'static str,
    /// The Rust type, as written in the section.
    pub kind: &'static str,
    /// What it does, in Markdown.
    pub doc: &'static str,
    /// The value, as Rust's `Debug` writes it.
    pub value: String,
}

/// A struct of settings that can list itself.
pub trait Section {
    /// Every setting of this section, in order.
    fn rows(&self) -> Vec<Row>;
}

/// The value as one line of text, for [`Row::value`].
pub fn shown(value: &dyn Debug) -> String {
    format!("{value:?}")
}

/// The reference page: a Markdown table per section, out of the defaults.
pub fn reference_page(sections: &[(&str, Vec<Row>)]) -> String {
    let mut page = String::new();
    for (title, rows) in sections {
        let _ = write!(
            page,
            "\n## {title}\n\n| setting | reference | type | default | what it does |\n|---|---|---|---|---|\n"
        );
        for row in rows {
            let reference = if row.reference.is_empty() { "—".to_owned() } else { format!("`{}`", row.reference) };
            let doc = row.doc.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
            let (kind, value) = (row.kind.replace('|', "\\|"), row.value.replace('|', "\\|"));
            let _ = writeln!(page, "| `{}` | {reference} | `{kind}` | `{value}` | {doc} |", row.path);
        }
    }
    page
}

/// Declares a section: the struct, its `Default`, and its rows, out of one table.
///
/// ```
/// quintet_core::settings_section! {
///     /// How pages are framed.
///     pub struct Frames in "frames." {
///         /// Who may frame a page.
///         options: String = "DENY".to_owned(), "X_FRAME_OPTIONS";
///     }
/// }
/// assert_eq!(Frames::default().options, "DENY");
/// ```
#[macro_export]
macro_rules! settings_section {
    ($(#[$meta:meta])* pub struct $name:ident in $section:literal {
        $($(#[doc = $doc:literal])+ $field:ident: $kind:ty = $default:expr, $reference:literal;)*
        $(sections { $($(#[doc = $inner_doc:literal])+ $inner:ident: $inner_kind:ty;)* })?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($(#[doc = $doc])+ pub $field: $kind,)*
            $($($(#[doc = $inner_doc])+ pub $inner: $inner_kind,)*)?
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* $($($inner: Default::default(),)*)? }
            }
        }

        impl $crate::settings::Section for $name {
            fn rows(&self) -> Vec<$crate::settings::Row> {
                let rows = vec![$($crate::settings::Row {
                    path: concat!($section, stringify!($field)),
                    reference: $reference,
                    kind: stringify!($kind),
                    doc: concat!($($doc, "\n"),+),
                    value: $crate::settings::shown(&self.$field),
                },)*];
                let inner: Vec<Vec<$crate::settings::Row>> =
                    vec![$($($crate::settings::Section::rows(&self.$inner),)*)?];
                rows.into_iter().chain(inner.into_iter().flatten()).collect()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(unreachable_pub)]
    mod sample {
        settings_section! {
        /// For the tests.
        pub struct Sample in "sample." {
            /// How many. With a | in it.
            count: u32 = 3, "SAMPLE_COUNT";
            /// Ours alone.
            own: Option<String> = None, "";
        }
        }
    }
    use sample::Sample;

    #[test]
    fn a_section_lists_its_rows_in_order_with_defaults() {
        let rows = Sample::default().rows();
        assert_eq!(rows.iter().map(|row| row.path).collect::<Vec<_>>(), ["sample.count", "sample.own"]);
        assert_eq!((rows[0].reference, rows[0].kind, rows[0].value.as_str()), ("SAMPLE_COUNT", "u32", "3"));
    }

    #[test]
    fn the_reference_page_escapes_what_would_break_its_table() {
        let page = reference_page(&[("Sample", Sample::default().rows())]);
        assert!(
            page.contains("| `sample.count` | `SAMPLE_COUNT` | `u32` | `3` | How many. With a \\| in it. |"),
            "{page}"
        );
        assert!(page.contains("| `sample.own` | — |"), "{page}");
    }
}
