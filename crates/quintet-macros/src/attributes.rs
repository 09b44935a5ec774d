//! Reads `#[field(unique, max_length = 100, error_messages(blank = "write something"))]` into items.
//!
//! Values stay tokens: the compiler checks them where they are used, on the user's own spans.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, LitBool, LitStr, Token};

use crate::mistakes::{Mistakes, did_you_mean};

/// One item of an attribute.
pub(crate) struct Item {
    /// Its name.
    pub(crate) name: Ident,
    /// What is said of it.
    pub(crate) value: Value,
}

/// What is said of an item.
pub(crate) enum Value {
    /// `unique`
    Nothing,
    /// `max_length = 100`
    Is(TokenStream),
    /// `error_messages(..)`
    List(TokenStream),
}

/// The items of all attributes of this name.
pub(crate) fn items(attributes: &[Attribute], name: &str, mistakes: &mut Mistakes) -> Vec<Item> {
    let mut found = vec![];
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        match attribute.meta.require_list() {
            Ok(list) => found.extend(parse(list.tokens.clone(), mistakes)),
            Err(_) => mistakes.at(attribute, format!("write `#[{name}(..)]`, with attributes between the parentheses")),
        }
    }
    found
}

/// Items between commas. What cannot be read is a mistake, and the next comma a new beginning.
pub(crate) fn parse(tokens: TokenStream, mistakes: &mut Mistakes) -> Vec<Item> {
    let mut items: Vec<Item> = vec![];
    for part in split(tokens) {
        match item.parse2(part) {
            Ok(item) if items.iter().any(|other| other.name == item.name && !may_repeat(&item)) => {
                mistakes.at(&item.name, format!("`{}` is said twice", item.name));
            }
            Ok(item) => items.push(item),
            Err(error) => mistakes.found(error),
        }
    }
    items
}

fn may_repeat(item: &Item) -> bool {
    matches!(item.value, Value::List(_))
}

fn item(input: ParseStream<'_>) -> syn::Result<Item> {
    let name = input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(
            error.span(),
            "an attribute is a word: `unique`, `max_length = 100`, `index(fields = [\"title\"])`",
        )
    })?;
    if input.is_empty() {
        return Ok(Item { name, value: Value::Nothing });
    }
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if input.is_empty() {
            return Err(syn::Error::new(name.span(), format!("`{name} =` has no value")));
        }
        return Ok(Item { name, value: Value::Is(input.parse()?) });
    }
    if let Ok(TokenTree::Group(group)) = input.parse::<TokenTree>()
        && group.delimiter() == Delimiter::Parenthesis
        && input.is_empty()
    {
        return Ok(Item { name, value: Value::List(group.stream()) });
    }
    let _: TokenStream = input.parse()?;
    Err(syn::Error::new(
        name.span(),
        format!("write `{name}`, `{name} = value` or `{name}(..)`, and a comma between two"),
    ))
}

/// Tokens between commas.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        if matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ',') {
            parts.push(TokenStream::new());
        } else if let Some(part) = parts.last_mut() {
            part.extend([token]);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

impl Item {
    /// Its tokens, to point at.
    fn span_tokens(&self) -> TokenStream {
        match &self.value {
            Value::Is(tokens) => tokens.clone(),
            Value::List(tokens) if !tokens.is_empty() => tokens.clone(),
            _ => self.name.to_token_stream(),
        }
    }

    /// Something is wrong with its value.
    pub(crate) fn wrong<T>(&self, mistakes: &mut Mistakes, message: &str) -> Option<T> {
        mistakes.at(&self.span_tokens(), message);
        None
    }

    /// `unique`, `unique = true`, `unique = false`.
    pub(crate) fn flag(&self, mistakes: &mut Mistakes) -> Option<bool> {
        match &self.value {
            Value::Nothing => Some(true),
            Value::Is(tokens) if let Ok(yes) = syn::parse2::<LitBool>(tokens.clone()) => Some(yes.value),
            _ => self.wrong(mistakes, &format!("write `{0}` or `{0} = false`", self.name)),
        }
    }

    /// `= tokens`.
    pub(crate) fn tokens(&self, mistakes: &mut Mistakes) -> Option<TokenStream> {
        match &self.value {
            Value::Is(tokens) => Some(tokens.clone()),
            _ => self.wrong(mistakes, &format!("`{0}` has a value: `{0} = ..`", self.name)),
        }
    }

    /// `= "text"`.
    pub(crate) fn text(&self, mistakes: &mut Mistakes) -> Option<LitStr> {
        match &self.value {
            Value::Is(tokens) if let Ok(text) = syn::parse2::<LitStr>(tokens.clone()) => Some(text),
            _ => self.wrong(mistakes, &format!("write `{} = \"..\"`", self.name)),
        }
    }

    /// `= [..]`, the elements as tokens.
    pub(crate) fn list(&self, mistakes: &mut Mistakes) -> Option<Vec<TokenStream>> {
        match &self.value {
            Value::Is(tokens) if let Some(inside) = brackets(tokens) => Some(split(inside)),
            _ => self.wrong(mistakes, &format!("`{0}` is a list: `{0} = [..]`", self.name)),
        }
    }

    /// `= ["a", "b"]`.
    pub(crate) fn texts(&self, mistakes: &mut Mistakes) -> Option<Vec<LitStr>> {
        let elements = self.list(mistakes)?;
        elements.into_iter().map(|element| text_of(&element, mistakes)).collect()
    }

    /// `= "a"` or `= ["a", "b"]`.
    pub(crate) fn text_or_texts(&self, mistakes: &mut Mistakes) -> Option<Vec<LitStr>> {
        match &self.value {
            Value::Is(tokens) if let Ok(text) = syn::parse2::<LitStr>(tokens.clone()) => Some(vec![text]),
            _ => self.texts(mistakes),
        }
    }

    /// `= word`, one of these.
    pub(crate) fn word(&self, words: &[&str], mistakes: &mut Mistakes) -> Option<String> {
        let word = match &self.value {
            Value::Is(tokens) => syn::parse2::<Ident>(tokens.clone()).ok().map(|word| word.to_string()),
            _ => None,
        };
        if let Some(word) = word.as_deref().filter(|word| words.contains(word)) {
            return Some(word.to_owned());
        }
        let guess = did_you_mean(&word.unwrap_or_default(), words.iter().copied());
        self.wrong(mistakes, &format!("`{}` is one of: {}{guess}", self.name, words.join(", ")))
    }

    /// The items of `name(..)`.
    pub(crate) fn inner(&self, mistakes: &mut Mistakes) -> Option<Vec<Item>> {
        match &self.value {
            Value::List(tokens) => Some(parse(tokens.clone(), mistakes)),
            _ => self.wrong(mistakes, &format!("write `{}(..)`", self.name)),
        }
    }
}

/// What stands between brackets.
pub(crate) fn brackets(tokens: &TokenStream) -> Option<TokenStream> {
    inside(tokens, Delimiter::Bracket)
}

/// What stands between delimiters, where nothing else is there.
pub(crate) fn inside(tokens: &TokenStream, delimiter: Delimiter) -> Option<TokenStream> {
    let mut tokens = tokens.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == delimiter => Some(group.stream()),
        _ => None,
    }
}

/// A text in quotes.
pub(crate) fn text_of(tokens: &TokenStream, mistakes: &mut Mistakes) -> Option<LitStr> {
    match syn::parse2::<LitStr>(tokens.clone()) {
        Ok(text) => Some(text),
        Err(_) => {
            mistakes.at(tokens, "this is a text in quotes");
            None
        }
    }
}

/// Says that an attribute is not known.
pub(crate) fn unknown(item: &Item, known: &[&str], of: &str, mistakes: &mut Mistakes) {
    let name = item.name.to_string();
    mistakes
        .at(&item.name, format!("`{name}` is not an attribute of {of}{}", did_you_mean(&name, known.iter().copied())));
}
