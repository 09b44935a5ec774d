//! Attributes of keys and of many-to-many relations.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::field::{Field, with_words};
use crate::attributes::Item;
use crate::mistakes::{Mistakes, did_you_mean};

/// What can happen when the other row goes.
const RULES: [&str; 8] = ["cascade", "protect", "restrict", "set_null", "set_default", "set", "set_with", "do_nothing"];

/// Takes an attribute of relations; says whether it is one.
pub(super) fn attribute(field: &mut Field, item: &Item, mistakes: &mut Mistakes) -> Option<bool> {
    let name = item.name.to_string();
    match name.as_str() {
        "on_delete" => {
            let rule = rule(field, item, mistakes)?;
            field.word("on_delete", &rule);
        }
        "related_name" | "related_query_name" => field.only("RELATED", item, mistakes)?,
        "limit_choices_to" => {
            let condition = with_words(&item.tokens(mistakes)?);
            field.takes("RELATED", item);
            field.word("limit_choices_to", &condition);
        }
        "to_field" => field.only("TO_FIELD", item, mistakes)?,
        "db_constraint" => {
            field.takes("RELATED", item);
            if !item.flag(mistakes)? {
                field.word("no_db_constraint", &quote!());
            }
        }
        "parent_link" => {
            field.takes("TO_FIELD", item);
            if item.flag(mistakes)? {
                field.word("parent_link", &quote!());
            }
        }
        "symmetrical" => {
            let yes = item.flag(mistakes)?;
            field.takes("MANY", item);
            field.word("symmetrical", &quote!(#yes));
        }
        "through_fields" => {
            let names = item.texts(mistakes)?;
            let [here, there] = names.as_slice() else {
                return item.wrong(mistakes, "`through_fields` are two: `[\"from\", \"to\"]`");
            };
            field.takes("MANY", item);
            field.word("through_fields", &quote!(#here, #there));
        }
        "db_table" => field.only("MANY", item, mistakes)?,
        _ => return Some(false),
    }
    Some(true)
}

fn rule(field: &mut Field, item: &Item, mistakes: &mut Mistakes) -> Option<TokenStream> {
    field.needs("ON_DELETE", item);
    let mut tokens = item.tokens(mistakes)?.into_iter();
    let (word, argument) = (tokens.next()?, tokens.next());
    let argument = match (argument, tokens.next()) {
        (None, None) => None,
        (Some(TokenTree::Group(argument)), None) => Some(argument.stream()),
        _ => return item.wrong(mistakes, "write `on_delete = cascade`, or `on_delete = set(value)`"),
    };
    let rule = match (word.to_string().as_str(), argument) {
        ("cascade", None) => quote!(Cascade),
        ("protect", None) => quote!(Protect),
        ("restrict", None) => quote!(Restrict),
        ("set_null", None) => {
            field.set_null = Some(word.span());
            quote!(SetNull)
        }
        ("set_default", None) => quote!(SetDefault),
        ("do_nothing", None) => quote!(DoNothing),
        ("set", Some(value)) => quote!(Set(::quintet::models::derive::Value::from(#value))),
        ("set_with", Some(function)) => quote!(SetWith(::quintet::models::derive::Function::of(#function))),
        ("set", None) => return item.wrong(mistakes, "say what the key becomes: `set(1)`"),
        ("set_with", None) => return item.wrong(mistakes, "name a function: `set_with(fallback)`"),
        (known, Some(_)) if RULES.contains(&known) => {
            return item.wrong(mistakes, &format!("`{known}` has no argument"));
        }
        (other, _) => {
            let guess = did_you_mean(other, RULES);
            mistakes.at(
                &word.to_token_stream(),
                format!(
                    "`on_delete` is one of: {}{guess}",
                    RULES.join(", ").replace("set, set_with", "set(value), set_with(function)")
                ),
            );
            return None;
        }
    };
    Some(quote!(::quintet::models::derive::OnDelete::#rule))
}
