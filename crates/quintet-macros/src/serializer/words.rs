//! What is said of a field of a serializer, as calls of the words of fields.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::attributes::{Item, brackets, inside, split, unknown};
use crate::mistakes::Mistakes;

/// Words that are true or false.
const FLAGS: [&str; 11] = [
    "allow_blank",
    "allow_empty",
    "allow_empty_file",
    "allow_unicode",
    "binary",
    "coerce_to_string",
    "normalize_output",
    "required",
    "trim_whitespace",
    "use_url",
    "many",
];

/// Words with a value as it stands.
const VALUES: [&str; 19] = [
    "decimal_places",
    "default_timezone",
    "help_text",
    "html_cutoff",
    "html_cutoff_text",
    "initial",
    "label",
    "lookup_field",
    "lookup_url_kwarg",
    "max_digits",
    "max_length",
    "max_value",
    "min_length",
    "min_value",
    "pk_field",
    "protocol",
    "regex",
    "rounding",
    "uuid_format",
];

/// The others.
const OTHERS: [&str; 20] = [
    "allow_null",
    "async_method",
    "child",
    "choices",
    "default",
    "error_messages",
    "format",
    "hidden",
    "in_words",
    "input_formats",
    "list_field",
    "method",
    "queryset",
    "read_only",
    "slug_field",
    "source",
    "style",
    "validators",
    "view_name",
    "write_only",
];

/// A word as a call: `.label("Name")`.
pub(super) fn word(item: &Item, mistakes: &mut Mistakes) -> Option<TokenStream> {
    let name = item.name.to_string();
    let call = format_ident!("{name}");
    let derive = quote!(::quintet::serializers::derive);
    Some(match name.as_str() {
        _ if FLAGS.contains(&name.as_str()) => {
            let yes = item.flag(mistakes)?;
            quote!(.#call(#yes))
        }
        _ if VALUES.contains(&name.as_str()) || matches!(name.as_str(), "slug_field" | "source" | "view_name") => {
            let value = item.tokens(mistakes)?;
            quote!(.#call(#value))
        }
        "allow_null" | "hidden" | "write_only" => match item.flag(mistakes)? {
            true => quote!(.#call()),
            false => quote!(),
        },
        "default" => {
            let value = item.tokens(mistakes)?;
            quote!(.default(#derive::default_of(#value)))
        }
        "format" => {
            let text = item.tokens(mistakes)?;
            quote!(.written_as(#text))
        }
        "input_formats" => {
            let texts = item.texts(mistakes)?;
            quote!(.given_as(&[#(#texts),*]))
        }
        "choices" => choices(item, mistakes)?,
        "validators" => {
            let rules = item.list(mistakes)?;
            quote!(#(.validator(#derive::validator({
                #[allow(unused_imports)]
                use ::quintet::models::words::*;
                #rules
            })))*)
        }
        "error_messages" => {
            let mut calls = TokenStream::new();
            for message in item.inner(mistakes)? {
                let (code, text) = (message.name.to_string(), message.tokens(mistakes)?);
                calls.extend(quote!(.error_message(#code, #text)));
            }
            calls
        }
        "style" => style(item, mistakes)?,
        "child" => {
            let mut words = TokenStream::new();
            for inner in item.inner(mistakes)? {
                words.extend(word(&inner, mistakes));
            }
            let words = function(&words);
            quote!(.child(#words))
        }
        _ => {
            let known: Vec<&str> = FLAGS.iter().chain(&VALUES).chain(&OTHERS).copied().collect();
            unknown(item, &known, "a serializer's field", mistakes);
            return None;
        }
    })
}

/// `style(base_template = "textarea.html", rows = 10, hide_label)`.
fn style(item: &Item, mistakes: &mut Mistakes) -> Option<TokenStream> {
    const TEMPLATES: [&str; 7] = [
        "input.html",
        "textarea.html",
        "checkbox.html",
        "select.html",
        "select_multiple.html",
        "radio.html",
        "checkbox_multiple.html",
    ];
    const TEXTS: [&str; 2] = ["input_type", "placeholder"];
    const FLAGS: [&str; 3] = ["hide_label", "autofocus", "inline"];
    let mut calls = TokenStream::new();
    for word in item.inner(mistakes)? {
        let name = word.name.to_string();
        let call = format_ident!("{name}");
        match name.as_str() {
            "base_template" => {
                let text = word.text(mistakes)?;
                if !TEMPLATES.contains(&text.value().as_str()) {
                    mistakes.at(&text, format!("there are the templates `{}`", TEMPLATES.join("`, `")));
                    return None;
                }
                calls.extend(quote!(.base_template(#text)));
            }
            "rows" => {
                let rows = word.tokens(mistakes)?;
                calls.extend(quote!(.rows(#rows)));
            }
            name if TEXTS.contains(&name) => {
                let text = word.text(mistakes)?;
                calls.extend(quote!(.#call(#text)));
            }
            name if FLAGS.contains(&name) => {
                let yes = word.flag(mistakes)?;
                calls.extend(quote!(.#call(#yes)));
            }
            _ => {
                let known: Vec<&str> = ["base_template", "rows"].iter().chain(&TEXTS).chain(&FLAGS).copied().collect();
                unknown(&word, &known, "a style", mistakes);
                return None;
            }
        }
    }
    Some(quote!(.style(::quintet::serializers::derive::Style::new() #calls)))
}

/// Words as a function of a field.
pub(super) fn function(words: &TokenStream) -> TokenStream {
    quote! {
        |field| {
            #[allow(unused_imports)]
            use ::quintet::serializers::derive::Words as _;
            field #words
        }
    }
}

/// `choices = ["a", ("b", "B")]`, or `choices = Enum`.
fn choices(item: &Item, mistakes: &mut Mistakes) -> Option<TokenStream> {
    let tokens = item.tokens(mistakes)?;
    let Some(list) = brackets(&tokens) else {
        return Some(quote!(.choices(<#tokens as ::quintet::models::Choices>::choices())));
    };
    let mut members = vec![];
    for element in split(list) {
        let pair = inside(&element, proc_macro2::Delimiter::Parenthesis).map(split);
        match pair.as_deref() {
            Some([value, label]) => members.push(quote!(::quintet::serializers::derive::choice(#value, #label))),
            Some(_) => mistakes.at(&element, "a choice is a value, or `(value, \"label\")`"),
            None => members.push(quote!(::quintet::serializers::derive::choice_of(#element))),
        }
    }
    Some(quote!(.choices(::std::vec![#(#members),*])))
}
