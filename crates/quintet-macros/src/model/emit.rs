//! Writes what the derive has read: the checks of types, and the implementation of the trait.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::field::Field;
use super::{Model, instance, way};

pub(super) fn model(model: &Model) -> TokenStream {
    let checks: TokenStream = model.fields.iter().map(|field| checks(model, field)).collect();
    let name = &model.name;
    let state = Ident::new("model", Span::mixed_site());
    let fields = fields(model, &state);
    let reads = reads(model);
    let columns = instance::columns(model);
    let derefs = instance::derefs(model);
    if model.options.shared.is_some() {
        let shared = instance::shared(model);
        let options = said(model).map(|said| {
            quote! {
                fn options() -> ::quintet::models::derive::Options {
                    #said
                }
            }
        });
        return quote! {
            #checks
            #reads
            #derefs
            #[automatically_derived]
            impl ::quintet::models::Abstract for #name {
                #shared
                fn declare(#state: &mut ::quintet::models::ModelState) {
                    #fields
                }
                #options
            }
            #columns
        };
    }
    let options = options(model, &state);
    let body = quote! {
        let mut #state = ::quintet::models::ModelState::new(stringify!(#name));
        #options
        #fields
        #state
    };
    let implementation = implementation(model, &key(model), &body);
    let ways = way::ways(model);
    quote!(#checks #reads #implementation #columns #derefs #ways)
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
        let shared = instance::placeholder_shared();
        return quote! {
            impl ::quintet::models::Abstract for #name {
                #shared
                fn declare(_: &mut ::quintet::models::ModelState) {}
            }
        };
    }
    let parts = instance::placeholder(model);
    described(model, &quote!(i64), &quote!(::quintet::models::ModelState::new(stringify!(#name))), &parts)
}

fn implementation(model: &Model, key: &TokenStream, state: &TokenStream) -> TokenStream {
    described(model, key, state, &instance::parts(model))
}

fn described(model: &Model, key: &TokenStream, state: &TokenStream, parts: &instance::Parts) -> TokenStream {
    let name = &model.name;
    let instance::Parts { items, slots, outside } = parts;
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
            #items
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
        #[automatically_derived]
        impl ::quintet::models::Instance for #name {
            fn model(&self) -> (&'static str, &'static str) {
                (<Self as ::quintet::models::Model>::APP_LABEL, stringify!(#name))
            }
            fn as_any(
                &self,
            ) -> &(dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync + 'static) {
                self
            }
            #slots
        }
        #outside
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
pub(super) fn is_key(model: &Model, field: &Field) -> bool {
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

/// Where mistakes with the user's own tokens are shown: at them. The same mistake in the same place is told once.
fn here(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// The statements that add the fields to the state. Each field is made in a function of its own: in one for all, each
/// would have a place on the stack, which thousands of them overflow.
fn fields(model: &Model, state: &Ident) -> TokenStream {
    let reference = if model.options.shared.is_some() { quote!(#state) } else { quote!(&mut #state) };
    let fields = model.fields.iter().map(|field| declared(model, field, state));
    quote! {
        {
            #[allow(unused_imports)]
            use ::quintet::models::derive::Declare as _;
            let fields: &[fn(&mut ::quintet::models::ModelState)] = &[#(#fields),*];
            ::quintet::models::derive::declare(#reference, fields);
        }
    }
}

/// The function that adds a field to the state.
fn declared(model: &Model, field: &Field, state: &Ident) -> TokenStream {
    let (name, ty, words) = (&field.name, &field.ty, &field.words);
    if field.flatten {
        return quote_spanned!(here(ty.span())=> <#ty as ::quintet::models::Abstract>::declare);
    }
    let key = is_key(model, field).then(|| quote!(.primary_key()));
    let made = quote_spanned!(here(ty.span())=> <#ty as ::quintet::models::FieldType>::field());
    quote!(|#state| ::quintet::models::derive::own(#state, #name, #made #key #words))
}

/// The statements that say the options of the state.
fn options(model: &Model, state: &Ident) -> TokenStream {
    let options = &model.options;
    let mut all = TokenStream::new();
    if let Some(said) = said(model) {
        all.extend(quote!(#state.options = #said;));
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

/// The options that are said or taken over; nothing where there are none.
fn said(model: &Model) -> Option<TokenStream> {
    let options = &model.options;
    let (words, anew) = (&options.words, &options.said);
    let first = || model.fields.iter().find(|field| field.flatten).map(|field| &field.ty);
    let inherited = options.inherit.as_ref().or_else(|| anew.is_empty().then(first).flatten());
    match inherited {
        Some(of) => Some(quote!(::quintet::models::derive::shared::<#of>(&[#(#anew),*]) #words)),
        None if words.is_empty() => None,
        None => Some(quote!(::quintet::models::derive::options() #words)),
    }
}
