//! Writes how a row is read and written, and what a query sees: a method for each field, and lists of them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Model;
use super::emit::is_key;
use super::field::Field;

/// What the traits of a model need besides its state.
pub(super) struct Parts {
    /// In `Model`.
    pub(super) items: TokenStream,
    /// In `Instance`.
    pub(super) slots: TokenStream,
    /// Beside them.
    pub(super) outside: TokenStream,
}

pub(super) fn parts(model: &Model) -> Parts {
    let (required, manager) = (required(model), manager(model));
    let columns = columns_type(model);
    let (key, read) = (key(model), read(model));
    Parts {
        items: quote! {
            type Columns = #columns;
            type Manager = #manager;
            #required
            fn key(&self) -> Self::Key {
                #key
            }
            fn read(
                reader: &mut ::quintet::models::derive::Reader<'_>,
            ) -> ::quintet::models::derive::Result<Self> {
                #read
            }
        },
        slots: slots(model),
        outside: TokenStream::new(),
    }
}

/// The same for a model with mistakes: it is one, and its fields cannot be asked for.
pub(super) fn placeholder(model: &Model) -> Parts {
    let name = &model.name;
    let hidden = format_ident!("{name}Columns");
    let slots = no_slots();
    Parts {
        items: quote! {
            type Columns = #hidden;
            type Manager = ::quintet::models::derive::Everything;
            const REQUIRED: &'static [::quintet::models::derive::Required] = &[];
            fn key(&self) -> i64 {
                0
            }
            fn read(_: &mut ::quintet::models::derive::Reader<'_>) -> ::quintet::models::derive::Result<Self> {
                unreachable!()
            }
        },
        slots,
        outside: columns_struct(model, &hidden, &TokenStream::new()),
    }
}

pub(super) fn placeholder_shared() -> TokenStream {
    let slots = no_slots();
    quote! {
        type Columns = ::quintet::models::derive::NoColumns;
        const REQUIRED: &'static [::quintet::models::derive::Required] = &[];
        fn read(_: &mut ::quintet::models::derive::Reader<'_>) -> ::quintet::models::derive::Result<Self> {
            unreachable!()
        }
        #slots
    }
}

fn no_slots() -> TokenStream {
    quote! {
        fn slots<'r>(&'r self, _: &mut ::std::vec::Vec<&'r dyn ::quintet::models::derive::Slot>) {}
        fn slots_mut<'r>(&'r mut self, _: &mut ::std::vec::Vec<&'r mut dyn ::quintet::models::derive::Slot>) {}
    }
}

/// What is in `Abstract` besides the fields' declaration.
pub(super) fn shared(model: &Model) -> TokenStream {
    let (columns, required) = (columns_type(model), required(model));
    let (read, slots) = (read(model), slots(model));
    quote! {
        type Columns = #columns;
        #required
        fn read(reader: &mut ::quintet::models::derive::Reader<'_>) -> ::quintet::models::derive::Result<Self> {
            #read
        }
        #slots
    }
}

fn columns_type(model: &Model) -> TokenStream {
    match &model.base {
        Some(base) => quote!(<#base as ::quintet::models::Model>::Columns),
        None => {
            let name = format_ident!("{}Columns", model.name);
            quote!(#name)
        }
    }
}

/// The struct with a method for each field. What a proxy sees is what its base sees.
pub(super) fn columns(model: &Model) -> TokenStream {
    if model.base.is_some() {
        return TokenStream::new();
    }
    let name = format_ident!("{}Columns", model.name);
    let vis = &model.vis;
    let methods = model.fields.iter().map(|field| {
        let Field { ident, name, ty, flatten, .. } = field;
        if *flatten {
            return quote_spanned! {here(field)=>
                #vis fn #ident(&self) -> <#ty as ::quintet::models::Abstract>::Columns {
                    ::quintet::models::derive::FromPath::from_path(
                        ::quintet::models::derive::Columns::path(self).clone(),
                    )
                }
            };
        }
        let span = here(field);
        quote_spanned! {span=>
            #vis fn #ident(&self) -> <#ty as ::quintet::models::FieldType>::Column {
                ::quintet::models::derive::column(::quintet::models::derive::Columns::path(self), #name)
            }
        }
    });
    columns_struct(model, &name, &quote!(#(#methods)*))
}

fn columns_struct(model: &Model, name: &Ident, methods: &TokenStream) -> TokenStream {
    let vis = &model.vis;
    // Fields that models share are seen without their struct's name: `user.username()`.
    let first = model.fields.iter().find(|field| field.flatten);
    let (inner, made) = match first.map(|field| (&field.ty, here(field))) {
        Some((ty, span)) => (
            quote_spanned!(span=> <#ty as ::quintet::models::Abstract>::Columns),
            quote_spanned!(span=> <<#ty as ::quintet::models::Abstract>::Columns as ::quintet::models::derive::FromPath>::from_path(path)),
        ),
        None => (quote!(::quintet::models::derive::Path), quote!(path)),
    };
    let path = match first {
        Some(_) => quote!(::quintet::models::derive::Columns::path(&self.0)),
        None => quote!(&self.0),
    };
    let deref = first.map(|_| {
        quote! {
            #[automatically_derived]
            impl ::core::ops::Deref for #name {
                type Target = #inner;
                fn deref(&self) -> &Self::Target {
                    &self.0
                }
            }
        }
    });
    quote! {
        #[doc(hidden)]
        #[allow(missing_docs, missing_debug_implementations, unreachable_pub, private_interfaces)]
        #vis struct #name(#inner);
        #[automatically_derived]
        impl ::quintet::models::derive::FromPath for #name {
            fn from_path(path: ::quintet::models::derive::Path) -> Self {
                Self(#made)
            }
        }
        #[automatically_derived]
        impl ::quintet::models::derive::Columns for #name {
            fn path(&self) -> &::quintet::models::derive::Path {
                #path
            }
        }
        #[automatically_derived]
        #[allow(missing_docs, dead_code, unreachable_pub, private_interfaces, clippy::all)]
        impl #name {
            #methods
        }
        #deref
    }
}

/// The shared fields of a row are its own: `user.username`.
pub(super) fn derefs(model: &Model) -> TokenStream {
    let name = &model.name;
    let Some(field) = model.fields.iter().find(|field| field.flatten) else { return TokenStream::new() };
    let (ident, ty) = (&field.ident, &field.ty);
    quote! {
        #[automatically_derived]
        impl ::core::ops::Deref for #name {
            type Target = #ty;
            fn deref(&self) -> &#ty {
                &self.#ident
            }
        }
        #[automatically_derived]
        impl ::core::ops::DerefMut for #name {
            fn deref_mut(&mut self) -> &mut #ty {
                &mut self.#ident
            }
        }
    }
}

fn manager(model: &Model) -> TokenStream {
    match &model.options.manager {
        Some(manager) => quote!(#manager),
        None => quote!(::quintet::models::derive::Everything),
    }
}

fn required(model: &Model) -> TokenStream {
    if let Some(base) = &model.base {
        return quote! {
            const REQUIRED: &'static [::quintet::models::derive::Required] =
                <#base as ::quintet::models::Model>::REQUIRED;
        };
    }
    let fields = model.fields.iter().filter(|field| !field.has_default).map(|field| {
        let Field { ident, ty, flatten, .. } = field;
        if *flatten {
            return quote_spanned! {here(field)=>
                ::quintet::models::derive::Required::Shared(<#ty as ::quintet::models::Abstract>::REQUIRED)
            };
        }
        let message = format!("`{}.{ident}` needs a value", model.name);
        let name = ident.to_string();
        let span = here(field);
        let blank =
            field.is_blank.then(|| quote_spanned!(span=> && !<#ty as ::quintet::models::FieldType>::MAY_BE_EMPTY));
        quote_spanned! {span=>
            ::quintet::models::derive::required(
                <#ty as ::quintet::models::FieldType>::REQUIRED #blank, #name, #message,
            )
        }
    });
    quote!(const REQUIRED: &'static [::quintet::models::derive::Required] = &[#(#fields),*];)
}

fn key(model: &Model) -> TokenStream {
    if model.base.is_some() {
        return quote!(::quintet::models::Model::key(&self.0));
    }
    let of = |field: &Field| {
        let ident = &field.ident;
        quote!(::quintet::models::FieldType::base(&self.#ident))
    };
    let composite = &model.options.primary_key;
    if !composite.is_empty() {
        let parts = composite.iter();
        let parts = parts.filter_map(|name| model.fields.iter().find(|field| field.name == name.value())).map(of);
        return quote!((#(#parts),*));
    }
    model.fields.iter().find(|field| is_key(model, field)).map_or_else(|| quote!(0), of)
}

fn read(model: &Model) -> TokenStream {
    if let Some(base) = &model.base {
        return quote!(<#base as ::quintet::models::Model>::read(reader).map(Self));
    }
    let fields = model.fields.iter().map(|field| {
        let Field { ident, ty, flatten, .. } = field;
        if *flatten {
            quote_spanned!(here(field)=> #ident: <#ty as ::quintet::models::Abstract>::read(reader)?)
        } else {
            quote_spanned!(here(field)=> #ident: <#ty as ::quintet::models::FieldType>::read(reader)?)
        }
    });
    quote!(::core::result::Result::Ok(Self { #(#fields),* }))
}

fn slots(model: &Model) -> TokenStream {
    let (all, all_mut) = match &model.base {
        Some(_) => (
            quote!(::quintet::models::Instance::slots(&self.0, to);),
            quote!(::quintet::models::Instance::slots_mut(&mut self.0, to);),
        ),
        None => {
            let of = |field: &Field, reference: TokenStream, method: Ident| {
                let (ident, ty, span) = (&field.ident, &field.ty, here(field));
                if field.flatten {
                    quote_spanned!(span=> <#ty as ::quintet::models::Abstract>::#method(#reference self.#ident, to);)
                } else {
                    let push = format_ident!("as_{}", method.to_string().replace("slots", "slot"));
                    quote_spanned! {span=>
                        to.push(<#ty as ::quintet::models::FieldType>::#push(#reference self.#ident));
                    }
                }
            };
            let all = model.fields.iter().map(|field| of(field, quote!(&), format_ident!("slots")));
            let all_mut = model.fields.iter().map(|field| of(field, quote!(&mut), format_ident!("slots_mut")));
            let count = model.fields.len();
            (quote!(to.reserve(#count); #(#all)*), quote!(to.reserve(#count); #(#all_mut)*))
        }
    };
    quote! {
        fn slots<'r>(&'r self, to: &mut ::std::vec::Vec<&'r dyn ::quintet::models::derive::Slot>) {
            #all
        }
        fn slots_mut<'r>(&'r mut self, to: &mut ::std::vec::Vec<&'r mut dyn ::quintet::models::derive::Slot>) {
            #all_mut
        }
    }
}

/// Where mistakes with a field's type are shown: at the type.
fn here(field: &Field) -> Span {
    field.ty.span().resolved_at(Span::call_site())
}
