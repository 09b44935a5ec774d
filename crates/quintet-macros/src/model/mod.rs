//! `#[derive(Model)]`: parse, check, emit. All mistakes are reported at once, on the user's own tokens.
//!
//! What comes out is data: where the model stands, and a function that makes its state from the words of migrations. A
//! field's type is never interpreted; the trait `FieldType` decides, while compiling, which attributes it takes, how it is
//! read and written, and what a query sees of it.

mod emit;
mod field;
mod instance;
mod names;
mod options;
mod relation;
mod way;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, Ident, Type, Visibility};

use crate::mistakes::Mistakes;
use field::Field;
use options::Options;

/// A model as its struct declares it.
struct Model {
    name: Ident,
    vis: Visibility,
    /// Of a proxy: the base.
    base: Option<Type>,
    fields: Vec<Field>,
    options: Options,
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut mistakes = Mistakes::default();
    let Some(model) = parse(&input, &mut mistakes) else {
        return mistakes.into_tokens();
    };
    names::check(&model, &mut mistakes);
    if mistakes.is_empty() {
        return emit::model(&model);
    }
    // The model still is one, so that no other place complains of it.
    [mistakes.into_tokens(), emit::placeholder(&model)].into_iter().collect()
}

/// Reads a struct. `None` where it cannot be a model at all.
fn parse(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Model> {
    let name = &input.ident;
    if !input.generics.params.is_empty() {
        mistakes.at(&input.generics, format!("a model has no parameters: write a struct for each table of `{name}`"));
        return None;
    }
    let data = match &input.data {
        Data::Struct(data) => data,
        Data::Enum(_) => {
            mistakes.at(name, "a model is a struct\nhint: what may be chosen is an enum with `#[derive(Choices)]`");
            return None;
        }
        Data::Union(_) => {
            mistakes.at(name, "a model is a struct");
            return None;
        }
    };
    let options = Options::parse(&input.attrs, mistakes);
    let mut model = Model { name: name.clone(), vis: input.vis.clone(), base: None, fields: vec![], options };
    match &data.fields {
        Fields::Named(fields) if model.options.proxy.is_none() => {
            model.fields = fields.named.iter().filter_map(|field| Field::parse(field, name, mistakes)).collect();
        }
        Fields::Unnamed(fields) if model.options.proxy.is_some() && fields.unnamed.len() == 1 => {
            model.base = fields.unnamed.first().map(|base| base.ty.clone());
        }
        _ if model.options.proxy.is_some() => {
            mistakes.at(name, format!("a proxy is a struct around its base: `struct {name}(pub Base);`"));
            return None;
        }
        Fields::Unnamed(_) => {
            mistakes.at(
                name,
                "a model's fields have names: `struct Note { pub id: BigAuto }`\nhint: another face of a model has `#[model(proxy)]`",
            );
            return None;
        }
        _ => {
            mistakes.at(name, "a model has fields: at least `pub id: BigAuto`");
            return None;
        }
    }
    Some(model)
}
