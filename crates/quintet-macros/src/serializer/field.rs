//! A field that a serializer's struct declares, and its `#[field(..)]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Type};

use super::words;
use crate::attributes::{Value, items};
use crate::mistakes::Mistakes;

/// A field, ready to be written.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) words: TokenStream,
    /// The function that makes it.
    pub(super) method: Option<TokenStream>,
    /// Whether the row behind it is shown in its own words.
    pub(super) in_words: bool,
    /// Whether it is said that it may be null.
    pub(super) is_null_said: bool,
    /// The name under which its value is found; nothing where it is never given.
    pub(super) given: Option<String>,
}

impl Field {
    pub(super) fn parse(field: &syn::Field, mistakes: &mut Mistakes) -> Option<Self> {
        let ident = field.ident.clone()?;
        let name = ident.unraw().to_string();
        let mut parsed = Self {
            ident,
            given: Some(name.clone()),
            name,
            ty: field.ty.clone(),
            words: TokenStream::new(),
            method: None,
            in_words: false,
            is_null_said: false,
        };
        for item in items(&field.attrs, "field", mistakes) {
            match item.name.to_string().as_str() {
                "method" => {
                    parsed.method = item.tokens(mistakes);
                    parsed.given = None;
                }
                "in_words" => {
                    parsed.in_words = item.flag(mistakes).unwrap_or_default();
                    parsed.given = None;
                }
                "read_only" => {
                    if item.flag(mistakes) == Some(true) {
                        parsed.words.extend(quote::quote!(.read_only()));
                        parsed.given = None;
                    }
                }
                other => {
                    parsed.is_null_said |= other == "allow_null";
                    if let (true, Value::Is(tokens)) = (other == "source", &item.value) {
                        let source = syn::parse2::<LitStr>(tokens.clone()).ok().map(|text| text.value());
                        // A path leads into values of values, which have no name of their own.
                        parsed.given = parsed.given.and(source.filter(|path| path != "*" && !path.contains('.')));
                    }
                    parsed.words.extend(words::word(&item, mistakes));
                }
            }
        }
        Some(parsed)
    }
}
