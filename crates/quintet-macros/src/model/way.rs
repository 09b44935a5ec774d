//! Writes the ways back: `user.notes()`, on rows and in queries of the other model.
//!
//! The other model stands elsewhere, perhaps in another crate; a trait brings the method to it. It is in scope where the
//! models are: `use crate::api::models::*;`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::Model;
use super::field::{Back, Field};

pub(super) fn ways(model: &Model) -> TokenStream {
    model.fields.iter().filter_map(|field| way(model, field)).collect()
}

fn way(model: &Model, field: &Field) -> Option<TokenStream> {
    let Back { is_relation, name, query, .. } = &field.back;
    if !is_relation {
        return None;
    }
    let lower = model.name.unraw().to_string().to_lowercase();
    let shared = model.options.related_name.clone();
    let named = name.clone().or(shared).map(|name| name.replace("%(class)s", &lower));
    if named.as_deref().is_some_and(|name| name.ends_with('+') || name.contains('%')) {
        return None;
    }
    let accessor = match &named {
        Some(name) => name.clone(),
        None if field.back.is_one => lower.clone(),
        None => format!("{lower}_set"),
    };
    let method = syn::parse_str::<syn::Ident>(&accessor).ok()?;
    let query = query.clone().or(named).unwrap_or(lower);
    let camel: String = field
        .name
        .split('_')
        .map(|word| {
            word.chars().next().map_or_else(String::new, |c| c.to_uppercase().to_string() + &word[c.len_utf8()..])
        })
        .collect();
    let name = format_ident!("{}{camel}Back", model.name.unraw());
    let (vis, of, ty, field) = (&model.vis, &model.name, &field.ty, &field.name);
    let target = quote!(<#ty as ::quintet::models::Leads>::Target);
    let documentation = format!("The way back from `{}.{field}`.", model.name);
    let span = ty.span().resolved_at(Span::call_site());
    Some(quote_spanned! {span=>
        #[doc = #documentation]
        #[allow(missing_docs, dead_code, unreachable_pub)]
        #vis trait #name<Side> {
            type Rows;
            fn #method(&self) -> Self::Rows;
        }
        #[automatically_derived]
        impl #name<::quintet::models::derive::RowSide> for #target {
            type Rows = <#ty as ::quintet::models::Leads>::BackRows<#of>;
            fn #method(&self) -> Self::Rows {
                ::quintet::models::derive::back::<#target, #of, Self::Rows>(self, #field)
            }
        }
        #[automatically_derived]
        impl #name<::quintet::models::derive::ColumnSide> for <#target as ::quintet::models::Model>::Columns {
            type Rows = <#ty as ::quintet::models::Leads>::Back<#of>;
            fn #method(&self) -> Self::Rows {
                ::quintet::models::derive::column(::quintet::models::derive::Columns::path(self), #query)
            }
        }
    })
}
