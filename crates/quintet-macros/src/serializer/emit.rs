//! Writes the declaration, the fields that closures see, and the implementations.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::field::{Field, Made};
use super::options::Which;
use super::{Serializer, words};

pub(super) fn serializer(serializer: &Serializer) -> TokenStream {
    let declaration = declaration(serializer);
    all(serializer, &declaration)
}

/// A serializer with mistakes: it is one, and declares nothing.
pub(super) fn placeholder(serializer: &Serializer) -> TokenStream {
    let begun = begun(serializer);
    all(serializer, &begun)
}

fn all(serializer: &Serializer, declaration: &TokenStream) -> TokenStream {
    let name = &serializer.name;
    let text = name.to_string();
    let faces = faces(serializer);
    let fields = format_ident!("{name}Fields");
    let (model, row, attributes, store) = match &serializer.options.model {
        Some(model) => (
            quote_spanned!(here(model)=> #model),
            quote!(::quintet::serializers::derive::row(model)),
            quote!(::core::option::Option::None),
            quote!(::quintet::serializers::derive::store::<Self>(instance, data, context)),
        ),
        None => (
            quote!(::quintet::serializers::Changes<Self>),
            quote!(::core::option::Option::None),
            quote!(::core::option::Option::Some(model.attributes())),
            quote! {{
                let _ = (data, context);
                let verb = if instance.is_some() { "update" } else { "create" };
                ::quintet::serializers::derive::nothing::<Self>(verb)
            }},
        ),
    };
    let hooks = hooks(serializer);
    let used = used(serializer);
    quote! {
        #faces
        #[automatically_derived]
        #[allow(unused_variables, clippy::all)]
        impl ::quintet::serializers::Declared for #name {
            type Model = #model;
            type Fields = #fields;
            fn declaration() -> ::quintet::serializers::derive::Declaration {
                #declaration
            }
            fn row(
                model: &Self::Model,
            ) -> ::core::option::Option<&dyn ::quintet::models::Instance> {
                #row
            }
            fn attributes(
                model: &Self::Model,
            ) -> ::core::option::Option<&::quintet::serializers::Attributes> {
                #attributes
            }
            fn store<'a>(
                instance: ::core::option::Option<Self::Model>,
                data: ::quintet::serializers::Attributes,
                context: &'a ::quintet::serializers::Context<'a>,
            ) -> ::quintet::serializers::derive::BoxFuture<'a, ::quintet::serializers::derive::Result<Self::Model>> {
                #store
            }
        }
        #[automatically_derived]
        impl ::quintet::serializers::SerializerField for #name {
            type Value = ::quintet::serializers::Changes<Self>;
            fn field() -> ::quintet::serializers::derive::FieldData {
                ::quintet::serializers::derive::nested(#text)
            }
            fn from_datum(
                datum: ::quintet::serializers::derive::Datum,
            ) -> ::quintet::serializers::derive::Result<Self::Value> {
                ::quintet::serializers::derive::changes(datum)
            }
            fn to_datum(value: Self::Value) -> ::quintet::serializers::derive::Datum {
                ::quintet::serializers::derive::datum(value)
            }
            fn behind() -> ::quintet::serializers::derive::Behind {
                ::quintet::serializers::derive::Behind::Serializer(<Self as ::quintet::serializers::Declared>::declaration)
            }
        }
        #hooks
        #used
    }
}

/// `impl Serializer`, unless it is written by hand.
fn hooks(serializer: &Serializer) -> TokenStream {
    let (name, options) = (&serializer.name, &serializer.options);
    if options.hooks.is_some() {
        return TokenStream::new();
    }
    let create = options.create.as_ref().map(|(_, function)| {
        quote_spanned! {here(function)=>
            fn create(
                data: ::quintet::serializers::Changes<Self>,
                context: &::quintet::serializers::Context<'_>,
            ) -> impl ::core::future::Future<
                Output = ::quintet::serializers::derive::Result<::quintet::serializers::ModelOf<Self>>,
            > + ::core::marker::Send {
                async move {
                    #function(context.db(), data.into_assignments()?).await
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        #[allow(clippy::all)]
        impl ::quintet::serializers::Serializer for #name {
            #create
        }
    }
}

/// The compiler is told that the struct and its fields are of use: they declare something.
fn used(serializer: &Serializer) -> TokenStream {
    let name = &serializer.name;
    let idents: Vec<_> = serializer.fields.iter().map(|field| &field.ident).collect();
    let made = if serializer.is_unit { quote!(#name) } else { quote!(#name { #(#idents: loop {}),* }) };
    quote! {
        const _: () = {
            #[allow(dead_code, unreachable_code, unused_variables, clippy::all)]
            fn made() -> #name {
                #made
            }
            #[allow(dead_code, unused_variables, clippy::all)]
            fn read(it: &#name) {
                #(let _ = &it.#idents;)*
            }
        };
    }
}

/// What closures see: the model's columns, and a method for each field that is given.
fn faces(serializer: &Serializer) -> TokenStream {
    let (vis, name) = (&serializer.vis, format_ident!("{}Fields", serializer.name));
    let methods = serializer.fields.iter().filter_map(|field| {
        let Field { ident, ty, given, .. } = field;
        let given = given.as_ref()?;
        Some(quote_spanned! {here(ty)=>
            #vis fn #ident(&self) -> ::quintet::serializers::Given<#ty> {
                ::quintet::serializers::Given::of(#given)
            }
        })
    });
    let (inner, deref) = match &serializer.options.model {
        Some(model) => (
            quote_spanned!(here(model)=> (::quintet::serializers::derive::Columns<#model>)),
            Some(quote_spanned! {here(model)=>
                #[automatically_derived]
                impl ::core::ops::Deref for #name {
                    type Target = <#model as ::quintet::models::Model>::Columns;
                    fn deref(&self) -> &Self::Target {
                        &self.0
                    }
                }
            }),
        ),
        None => (quote!(()), None),
    };
    quote! {
        #[doc(hidden)]
        #[derive(Default)]
        #[allow(missing_docs, missing_debug_implementations, unreachable_pub, private_interfaces)]
        #vis struct #name #inner;
        #[automatically_derived]
        #[allow(missing_docs, dead_code, unreachable_pub, private_interfaces, clippy::all)]
        impl #name {
            #(#methods)*
        }
        #deref
    }
}

fn begun(serializer: &Serializer) -> TokenStream {
    let text = serializer.name.to_string();
    match &serializer.options.model {
        Some(model) => quote_spanned! {here(model)=>
            ::quintet::serializers::derive::Declaration::model::<Self>(#text)
        },
        None => quote!(::quintet::serializers::derive::Declaration::plain::<Self>(#text)),
    }
}

fn declaration(serializer: &Serializer) -> TokenStream {
    let options = &serializer.options;
    let mut calls = begun(serializer);
    if !serializer.documentation.is_empty() {
        let text = &serializer.documentation;
        calls.extend(quote!(.description(#text)));
    }
    match &options.which {
        Which::Nothing => {}
        Which::All => calls.extend(quote!(.all())),
        Which::Named(names) => {
            let names = names.iter().map(ToString::to_string);
            calls.extend(quote!(.fields(&[#(#names),*])));
        }
        Which::Without(names) => {
            let names = names.iter().map(ToString::to_string);
            calls.extend(quote!(.exclude(&[#(#names),*])));
        }
    }
    for (call, names) in [("read_only", &options.read_only), ("write_only", &options.write_only)] {
        if !names.is_empty() {
            let (call, names) = (format_ident!("{call}"), names.iter().map(ToString::to_string));
            calls.extend(quote!(.#call(&[#(#names),*])));
        }
    }
    for extra in &options.extra {
        let (name, words) = (extra.name.to_string(), words::function(&extra.words));
        let source = match &extra.source {
            Some(source) => quote!(::core::option::Option::Some(#source)),
            None => quote!(::core::option::Option::None),
        };
        calls.extend(quote!(.extra(#name, #source, #words)));
    }
    if let Some((_, depth)) = &options.depth {
        calls.extend(quote!(.depth(#depth)));
    }
    for (name, function) in &options.querysets {
        let name = name.to_string();
        calls.extend(quote_spanned!(here(function)=> .rows_of_any::<_, _>(#name, #function)));
    }
    let model = options.model.as_ref().map_or_else(|| quote!(::quintet::serializers::Changes<Self>), Clone::clone);
    for field in &serializer.fields {
        calls.extend(declared(field, &model));
    }
    for (name, function) in &options.checks {
        let text = name.to_string();
        calls.extend(quote_spanned! {here(function)=> .check::<Self, _, _>(#text, |it| it.#name(), #function) });
    }
    if let Some(rules) = &options.validators {
        calls.extend(quote!(.rules(::std::vec![#(#rules),*])));
    }
    if let Some(function) = &options.to_representation {
        calls.extend(quote_spanned!(here(function)=> .shown_by::<Self, _>(#function)));
    }
    if let Some(function) = &options.to_internal_value {
        calls.extend(quote_spanned!(here(function)=> .taken_by::<Self>(#function)));
    }
    calls
}

fn declared(field: &Field, model: &TokenStream) -> TokenStream {
    let (name, ty) = (&field.name, &field.ty);
    let words = words::function(&field.words);
    let span = here(ty);
    match &field.made {
        Some(Made::Method(method)) => {
            return quote_spanned!(here(method)=> .method::<#model, #ty, _>(#name, #method, #words));
        }
        Some(Made::Later(method)) => {
            return quote_spanned!(here(method)=> .async_method::<#model, #ty>(#name, #method, #words));
        }
        Some(Made::Value(function)) => {
            return quote_spanned!(here(function)=> .value::<#model, #ty, _>(#name, #function, #words));
        }
        Some(Made::Words(text)) => {
            let function = quote_spanned!(here(text)=> ::quintet::serializers::derive::in_its_words);
            return quote_spanned!(here(text)=> .value::<#model, #ty, _>(#name, #function, #words));
        }
        None => {}
    }
    if field.in_words {
        return quote_spanned!(span=> .in_words::<#ty>(#name, #words));
    }
    let is_null_said = field.is_null_said;
    let declared = quote_spanned!(span=> .declare::<#ty>(#name, #words, #is_null_said));
    let rows =
        field.queryset.as_ref().map(|function| quote_spanned!(here(function)=> .rows_of::<#ty, _>(#name, #function)));
    quote!(#declared #rows)
}

/// Where mistakes with the user's own tokens are shown: at them.
fn here(tokens: &impl Spanned) -> Span {
    tokens.span().resolved_at(Span::call_site())
}
