//! A field that a serializer's struct declares, and its `#[field(..)]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Type};

use super::words;
use crate::attributes::{Item, items};
use crate::mistakes::Mistakes;

/// The words for a row, as the reference calls them.
const STR: &str = "__str__";

/// A field, ready to be written.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) words: TokenStream,
    /// The function that makes it.
    pub(super) made: Option<Made>,
    /// The function that gives the rows it may be.
    pub(super) queryset: Option<TokenStream>,
    /// Whether the row behind it is shown in its own words.
    pub(super) in_words: bool,
    /// Whether it is said that it may be null.
    pub(super) is_null_said: bool,
    /// The name under which its value is found; nothing where it is never given.
    pub(super) given: Option<String>,
}

/// How a function makes a field.
pub(super) enum Made {
    /// `method = function`
    Method(TokenStream),
    /// `async_method = function`
    Later(TokenStream),
    /// `source = function`
    Value(TokenStream),
    /// `source = "__str__"`
    Words(LitStr),
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
            made: None,
            queryset: None,
            in_words: false,
            is_null_said: false,
        };
        for item in items(&field.attrs, "field", mistakes) {
            match item.name.to_string().as_str() {
                "method" | "async_method" => {
                    let made = if item.name == "method" { Made::Method } else { Made::Later };
                    parsed.made = item.tokens(mistakes).map(made);
                    parsed.given = None;
                }
                "source" => parsed.source(&item, mistakes),
                "queryset" => parsed.queryset = item.tokens(mistakes),
                // What the other words are about depends on it.
                "list_field" => {
                    if item.flag(mistakes) == Some(true) {
                        let others = std::mem::take(&mut parsed.words);
                        parsed.words = quote::quote!(.list_field() #others);
                    }
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
                    parsed.words.extend(words::word(&item, mistakes));
                }
            }
        }
        Some(parsed)
    }

    /// A path, or a function of the row.
    fn source(&mut self, item: &Item, mistakes: &mut Mistakes) {
        let Some(tokens) = item.tokens(mistakes) else { return };
        let Ok(text) = syn::parse2::<LitStr>(tokens.clone()) else {
            self.made = Some(Made::Value(tokens));
            self.given = None;
            return;
        };
        let path = text.value();
        if path == STR {
            self.made = Some(Made::Words(text));
            self.given = None;
            return;
        }
        // A path leads into values of values, which have no name of their own.
        self.given = self.given.take().and(Some(path).filter(|path| path != "*" && !path.contains('.')));
        self.words.extend(quote::quote!(.source(#tokens)));
    }
}
