//! `#[derive(Serializer)]`: parse, check, emit. All mistakes are reported at once, on the user's own tokens.
//!
//! What comes out is a declaration: calls of `quintet::serializers::derive` with names, types and functions. A type is
//! never interpreted; the trait `SerializerField` decides what a field is, and the models what the others are.

mod emit;
mod field;
mod options;
mod words;

use proc_macro2::TokenStream;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Ident, Lit, Meta, MetaNameValue, Visibility};

use crate::mistakes::{Mistakes, did_you_mean};
use field::Field;
use options::{Options, Which};

/// A serializer as its struct declares it.
struct Serializer {
    name: Ident,
    vis: Visibility,
    fields: Vec<Field>,
    is_unit: bool,
    /// The documentation of the struct.
    documentation: String,
    options: Options,
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut mistakes = Mistakes::default();
    let Some(serializer) = parse(&input, &mut mistakes) else {
        return mistakes.into_tokens();
    };
    check(&serializer, &mut mistakes);
    if mistakes.is_empty() {
        return emit::serializer(&serializer);
    }
    // The serializer still is one, so that no other place complains of it.
    [mistakes.into_tokens(), emit::placeholder(&serializer)].into_iter().collect()
}

fn parse(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Serializer> {
    let name = &input.ident;
    if !input.generics.params.is_empty() {
        mistakes.at(&input.generics, "a serializer has no parameters");
        return None;
    }
    let Data::Struct(data) = &input.data else {
        mistakes.at(name, "a serializer is a struct");
        return None;
    };
    let options = Options::parse(&input.attrs, mistakes);
    let (fields, is_unit) = match &data.fields {
        Fields::Named(fields) => {
            (fields.named.iter().filter_map(|field| Field::parse(field, mistakes)).collect(), false)
        }
        Fields::Unit => (vec![], true),
        Fields::Unnamed(fields) => {
            mistakes.at(fields, "the fields of a serializer have names");
            return None;
        }
    };
    Some(Serializer {
        name: name.clone(),
        vis: input.vis.clone(),
        fields,
        is_unit,
        documentation: documentation(&input.attrs),
        options,
    })
}

/// What stands in the comments of documentation, without the space that each of their lines begins with.
fn documentation(attributes: &[Attribute]) -> String {
    let line = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(MetaNameValue { path, value: Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), .. })
            if path.is_ident("doc") =>
        {
            let text = text.value();
            Some(text.strip_prefix(' ').unwrap_or(&text).trim_end().to_owned())
        }
        _ => None,
    };
    attributes.iter().filter_map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// What can be told without knowing the model.
fn check(serializer: &Serializer, mistakes: &mut Mistakes) {
    let Serializer { name, fields, options, .. } = serializer;
    let own: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    if options.model.is_none() {
        if fields.is_empty() {
            mistakes.at(
                name,
                "a serializer has a model, or fields of its own\nhint: `#[serializer(model = .., fields(..))]`",
            );
        }
        for (word, ident) in options.only_of_models() {
            mistakes.at(ident, format!("`{word}` is for serializers of a model\nhint: name it: `model = ..`"));
        }
    }
    match &options.which {
        Which::Nothing if options.model.is_some() => mistakes
            .at(name, "which fields of the model?\nhint: `fields(id, title)`, `fields(all)` or `exclude(secret)`"),
        Which::Named(names) => {
            for field in fields.iter().filter(|field| !names.iter().any(|name| *name == field.name.as_str())) {
                mistakes.at(&field.ident, format!("`{0}` is declared, but `fields(..)` does not name it", field.name));
            }
        }
        Which::Without(names) => {
            for name in names.iter().filter(|name| own.iter().any(|own| **name == *own)) {
                mistakes.at(name, format!("`{name}` is declared, and excluded"));
            }
        }
        _ => {}
    }
    let known: Vec<String> = match &options.which {
        Which::Named(names) => names.iter().map(Ident::to_string).collect(),
        Which::Nothing => own.iter().map(|name| (*name).to_owned()).collect(),
        // The rest is known when the models are.
        _ => return,
    };
    for ident in options.mentioned() {
        let name = ident.to_string();
        if !known.contains(&name) {
            let guess = did_you_mean(&name, known.iter().map(String::as_str));
            mistakes.at(ident, format!("`{}` has no field `{name}`{guess}", serializer.name));
        }
    }
    for ident in options.of_model_only() {
        let name = ident.to_string();
        if own.contains(&name.as_str()) {
            mistakes.at(ident, format!("`{name}` is declared in the struct\nhint: say it there: `#[field(..)]`"));
        }
    }
}
