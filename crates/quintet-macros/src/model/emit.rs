//! Writes what the derive has read: the checks of types, and the implementation of the trait.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Model;
use super::field::Field;

pub(super) fn model(model: &Model) -> TokenStream {
    let checks: TokenStream = model.fields.iter().map(|field| checks(model, field)).collect();
    let name = &model.name;
    let state = Ident::new("model", Span::mixed_site());
    let fields: TokenStream = model.fields.iter().map(|field| declared(model, field, &state)).collect();
    let reads = reads(model);
    if model.options.shared.is_some() {
        return quote! {
            #checks
            #reads
            #[automatically_derived]
            impl ::quintet::models::Abstract for #name {
                fn declare(#state: &mut ::quintet::models::ModelState) {
                    #[allow(unused_imports)]
                    use ::quintet::models::derive::Declare as _;
                    #fields
                }
            }
        };
    }
    let options = options(model, &state);
    let body = quote! {
        #[allow(unused_imports)]
        use ::quintet::models::derive::Declare as _;
        let mut #state = ::quintet::models::ModelState::new(stringify!(#name));
        #options
        #fields
        #state
    };
    let implementation = implementation(model, &key(model), &body);
    quote!(#checks #reads #implementation)
}

/// A column is there whether or not the program reads it yet: a new model's fields are no dead code.
fn reads(model: &Model) -> TokenStream {
    let name = &model.name;
    let fields = model.fields.iter().map(|field| field.ident.to_token_stream());
    let base = model.base.as_ref().map(|_| quote!(0));
    let fields = fields.chain(base);
    quote!(const _: fn(&#name) = |row| { let _ = (#(&row.#fields,)*); };)
}

/// What stands for a model that has mistakes, so that nobody else complains of it.
pub(super) fn placeholder(model: &Model) -> TokenStream {
    let name = &model.name;
    if model.options.shared.is_some() {
        return quote! {
            impl ::quintet::models::Abstract for #name {
                fn declare(_: &mut ::quintet::models::ModelState) {}
            }
        };
    }
    implementation(model, &quote!(i64), &quote!(::quintet::models::ModelState::new(stringify!(#name))))
}

fn implementation(model: &Model, key: &TokenStream, state: &TokenStream) -> TokenStream {
    let name = &model.name;
    let line = line(name.span());
    let places = model.fields.iter().filter(|field| !field.flatten).map(|field| {
        let (name, line) = (&field.name, self::line(field.ident.span()));
        quote!(::quintet::models::FieldPlace { name: #name, line: #line })
    });
    let app_label = model.options.app_label.as_ref().map(|label| quote!(const APP_LABEL: &'static str = #label;));
    quote! {
        #[automatically_derived]
        impl ::quintet::models::Model for #name {
            type Key = #key;
            #app_label
            const DEF: &'static ::quintet::models::ModelDef = &::quintet::models::ModelDef {
                name: stringify!(#name),
                file: file!(),
                line: #line,
                fields: &[#(#places),*],
                state: <Self as ::quintet::models::Model>::state,
            };
            fn state() -> ::quintet::models::ModelState {
                #state
            }
        }
    }
}

fn line(span: Span) -> u32 {
    u32::try_from(span.unwrap().line()).unwrap_or(0)
}

/// The value of the primary key.
fn key(model: &Model) -> TokenStream {
    let base = |field: &Field| {
        let ty = &field.ty;
        quote!(<#ty as ::quintet::models::FieldType>::Base)
    };
    if let Some(of) = &model.base {
        return quote!(<#of as ::quintet::models::Model>::Key);
    }
    if !model.options.primary_key.is_empty() {
        let names = model.options.primary_key.iter();
        let parts = names.filter_map(|name| model.fields.iter().find(|field| field.name == name.value())).map(base);
        return quote!((#(#parts),*));
    }
    model.fields.iter().find(|field| is_key(model, field)).map_or_else(|| quote!(i64), base)
}

/// Whether a field is the primary key: it says so, or it is the first parent, or it is `id`.
fn is_key(model: &Model, field: &Field) -> bool {
    if !model.options.primary_key.is_empty() || model.options.shared.is_some() && !field.primary_key {
        return false;
    }
    if model.fields.iter().any(|field| field.primary_key) {
        return field.primary_key;
    }
    match model.fields.iter().find(|field| field.parent) {
        Some(first) => first.ident == field.ident,
        None => field.name == "id",
    }
}

/// What the compiler checks of a field: that its type takes what is said, and lacks nothing.
fn checks(model: &Model, field: &Field) -> TokenStream {
    if field.flatten {
        return TokenStream::new();
    }
    let ty = &field.ty;
    let here = |span: Span| span.resolved_at(Span::call_site());
    let takes = field.takes.iter().map(|(aspect, span)| {
        quote_spanned! {here(*span)=>
            const _: () = ::quintet::models::derive::takes::<#ty>(::quintet::models::derive::#aspect);
        }
    });
    let implied = is_key(model, field) && !field.primary_key;
    let auto = (implied && !field.parent).then(|| {
        quote_spanned! {here(field.ident.span())=>
            const _: () = ::quintet::models::derive::takes::<#ty>(::quintet::models::derive::AUTO);
        }
    });
    let null = field
        .set_null
        .map(|span| quote_spanned!(here(span)=> const _: () = ::quintet::models::derive::nullable::<#ty>();));
    let key = implied.then(|| Ident::new("PRIMARY_KEY", Span::call_site()));
    let given = field.given.iter().chain(&key);
    let needs = quote_spanned! {here(ty.span())=>
        const _: () = ::quintet::models::derive::needs::<#ty>(0 #(| ::quintet::models::derive::#given)*);
    };
    quote!(#(#takes)* #auto #null #needs)
}

/// The statement that adds a field to the state.
fn declared(model: &Model, field: &Field, state: &Ident) -> TokenStream {
    let (name, ty, words) = (&field.name, &field.ty, &field.words);
    let reference = if model.options.shared.is_some() { quote!(#state) } else { quote!(&mut #state) };
    if field.flatten {
        return quote!(::quintet::models::derive::flatten::<#ty>(#reference););
    }
    let key = is_key(model, field).then(|| quote!(.primary_key()));
    quote! {
        ::quintet::models::derive::own(#reference, #name, <#ty as ::quintet::models::FieldType>::field() #key #words);
    }
}

/// The statements that say the options of the state.
fn options(model: &Model, state: &Ident) -> TokenStream {
    let options = &model.options;
    let words = &options.words;
    let mut all = TokenStream::new();
    if !words.is_empty() {
        all.extend(quote!(#state.options = ::quintet::models::derive::options() #words;));
    }
    if let Some(label) = &options.app_label {
        all.extend(quote!(#state.app = ::std::string::String::from(#label);));
    }
    if let Some(base) = &model.base {
        all.extend(quote!(::quintet::models::derive::proxy::<#base>(&mut #state);));
    }
    for (name, path) in &options.managers {
        all.extend(quote!(::quintet::models::derive::manager::<#path>(&mut #state, #name);));
    }
    if !options.primary_key.is_empty() {
        let names = &options.primary_key;
        all.extend(quote! {
            ::quintet::models::derive::own(
                &mut #state, "pk", ::quintet::models::derive::composite_primary_key(&[#(#names),*]),
            );
        });
    }
    all
}
