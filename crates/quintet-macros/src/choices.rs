//! `#[derive(Choices)]`: an enum whose members are what may be chosen.
//!
//! A member's value is its name in snake case, its number where it has one, or what `#[choice(value = ..)]` says; its
//! label is its name in words, or what `label` says.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, LitStr, Variant};

use crate::attributes::{Item, items, unknown};
use crate::mistakes::Mistakes;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut mistakes = Mistakes::default();
    let tokens = choices(&input, &mut mistakes);
    if mistakes.is_empty() { tokens.unwrap_or_default() } else { mistakes.into_tokens() }
}

fn choices(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<TokenStream> {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        mistakes.at(name, "what may be chosen is an enum\nhint: a table is a struct with `#[derive(Model)]`");
        return None;
    };
    if data.variants.is_empty() {
        mistakes.at(name, "something may be chosen: the enum has a member at least");
    }
    if !input.generics.params.is_empty() {
        mistakes.at(&input.generics, "an enum of choices has no parameters");
    }
    let numbers = data.variants.iter().any(|variant| variant.discriminant.is_some());
    let members: Vec<TokenStream> =
        data.variants.iter().filter_map(|variant| member(variant, numbers, mistakes)).collect();
    let empty = empty(&items(&input.attrs, "choices", mistakes), mistakes);
    let (column, aspects, needs) = column(input, numbers, mistakes)?;
    Some(quote! {
        #[automatically_derived]
        impl ::quintet::models::Choices for #name {
            const MEMBERS: &'static [::quintet::models::Member<Self>] = &[#(#members),*];
            #empty
            fn column() -> ::quintet::models::derive::Field {
                #column
            }
        }
        #[automatically_derived]
        impl ::quintet::models::FieldType for #name {
            type Base = Self;
            const TAKES: u32 = #aspects;
            const NEEDS: u32 = #needs;
            type Compared = Self;
            type Column = ::quintet::models::derive::Column<Self>;
            type NullColumn = ::quintet::models::derive::Column<::core::option::Option<Self>>;
            fn field() -> ::quintet::models::derive::Field {
                ::quintet::models::derive::chosen::<Self>()
            }
            fn from_cell(cell: ::quintet::models::derive::Cell) -> ::quintet::models::derive::Result<Self> {
                ::quintet::models::derive::chosen_from(cell)
            }
            fn to_value(&self) -> ::quintet::models::derive::Value {
                ::quintet::models::Choices::value(*self)
            }
            fn base(&self) -> Self {
                *self
            }
        }
        #[automatically_derived]
        impl ::quintet::serializers::SerializerField for #name {
            type Value = Self;
            fn field() -> ::quintet::serializers::derive::FieldData {
                ::quintet::serializers::derive::chosen::<Self>()
            }
            fn from_datum(
                datum: ::quintet::serializers::derive::Datum,
            ) -> ::quintet::serializers::derive::Result<Self> {
                ::quintet::serializers::derive::chosen_from(&datum)
            }
            fn to_datum(value: Self) -> ::quintet::serializers::derive::Datum {
                ::quintet::serializers::derive::Datum::Value(::quintet::models::Choices::value(value))
            }
        }
        #[automatically_derived]
        impl ::quintet::serializers::Represent for #name {
            fn represent(
                &self,
                facts: &::quintet::serializers::derive::Facts,
                out: &mut ::std::vec::Vec<u8>,
            ) -> ::quintet::serializers::derive::Result<()> {
                ::quintet::serializers::derive::represent_choice(*self, facts, out)
            }
        }
        #[automatically_derived]
        impl ::quintet::models::derive::Operand<#name> for #name {
            fn operand(self) -> ::quintet::models::derive::QueryExpr {
                ::quintet::models::derive::QueryExpr::Value(::quintet::models::Choices::value(self))
            }
        }
        #[automatically_derived]
        impl ::quintet::models::Fits<#name> for #name {}
        #[automatically_derived]
        impl ::core::convert::From<#name> for ::quintet::models::derive::Value {
            fn from(member: #name) -> Self {
                ::quintet::models::Choices::value(member)
            }
        }
        #[automatically_derived]
        impl ::core::convert::From<#name> for ::quintet::models::derive::Expr {
            fn from(member: #name) -> Self {
                Self::Value(::quintet::models::Choices::value(member))
            }
        }
    })
}

fn member(variant: &Variant, numbers: bool, mistakes: &mut Mistakes) -> Option<TokenStream> {
    let name = &variant.ident;
    if !matches!(variant.fields, Fields::Unit) {
        mistakes.at(&variant.fields, format!("a choice holds nothing: `{name}`"));
        return None;
    }
    let (mut value, mut label) = (None, None);
    for item in items(&variant.attrs, "choice", mistakes) {
        match item.name.to_string().as_str() {
            "value" => value = item.text(mistakes),
            "label" => label = item.text(mistakes),
            _ => unknown(&item, &["value", "label"], "a choice", mistakes),
        }
    }
    let plain = name.unraw().to_string();
    let value = match (numbers, &variant.discriminant, value) {
        (true, Some(_), None) => quote!(Int(Self::#name as i64)),
        (true, None, _) => {
            mistakes.at(name, format!("the others have numbers, and `{name}` has none\nhint: `{name} = 3`"));
            return None;
        }
        (true, Some(_), Some(value)) => {
            mistakes.at(&value, "a member with a number has no other value");
            return None;
        }
        (false, _, Some(value)) => quote!(Text(#value)),
        (false, _, None) => {
            let value = words_of(&plain).join("_").to_lowercase();
            quote!(Text(#value))
        }
    };
    let label = label.unwrap_or_else(|| LitStr::new(&words_of(&plain).join(" "), name.span()));
    Some(quote! {
        ::quintet::models::Member { is: Self::#name, value: ::quintet::models::derive::Constant::#value, label: #label }
    })
}

/// `#[choices(empty = "(none)")]`: nothing is a choice too.
fn empty(items: &[Item], mistakes: &mut Mistakes) -> Option<TokenStream> {
    let mut label = None;
    for item in items {
        match item.name.to_string().as_str() {
            "empty" => label = item.text(mistakes),
            _ => unknown(item, &["empty"], "an enum of choices", mistakes),
        }
    }
    label.map(|label| quote!(const EMPTY: ::core::option::Option<&'static str> = ::core::option::Option::Some(#label);))
}

/// The field, and what it takes and needs. Numbers have the width that `#[repr(..)]` says.
fn column(
    input: &DeriveInput,
    numbers: bool,
    mistakes: &mut Mistakes,
) -> Option<(TokenStream, TokenStream, TokenStream)> {
    let aspects = |names: &[&str]| {
        let names = names.iter().map(|name| format_ident!("{name}"));
        quote!(#(::quintet::models::derive::#names)|*)
    };
    if !numbers {
        let field = quote!(<::std::string::String as ::quintet::models::FieldType>::field());
        let takes = aspects(&["NULL", "PRIMARY_KEY", "FLAT", "DB_COLLATION", "MAX_LENGTH"]);
        return Some((field, takes, aspects(&["MAX_LENGTH"])));
    }
    let repr = input.attrs.iter().find(|attribute| attribute.path().is_ident("repr"));
    let width = match repr.map(|attribute| attribute.parse_args::<syn::Ident>()) {
        None => format_ident!("i32"),
        Some(Ok(width)) if ["i16", "i32", "i64", "u16", "u32"].iter().any(|known| width == known) => width,
        Some(_) => {
            mistakes.at(&repr, "the numbers of choices are `i16`, `i32`, `i64`, `u16` or `u32`");
            return None;
        }
    };
    let field = quote!(<#width as ::quintet::models::FieldType>::field());
    Some((field, aspects(&["NULL", "PRIMARY_KEY", "FLAT"]), quote!(0)))
}

/// `GoneForGood` is `Gone`, `For`, `Good`; `HTMLPage` is `HTML`, `Page`.
fn words_of(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let begins = match before {
            None | Some('_') => true,
            Some(before) if letter.is_uppercase() => {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            }
            Some(_) => false,
        };
        match words.last_mut() {
            _ if *letter == '_' => {}
            Some(word) if !begins => word.push(*letter),
            _ => words.push(letter.to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn a_name_is_split_where_a_capital_begins_a_word() {
        assert_eq!(words_of("GoneForGood"), ["Gone", "For", "Good"]);
        assert_eq!(words_of("HTMLPage"), ["HTML", "Page"]);
        assert_eq!(words_of("Draft"), ["Draft"]);
        assert_eq!(words_of("Level2"), ["Level2"]);
    }
}
