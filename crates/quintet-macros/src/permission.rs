//! `#[derive(Permission)]`: lets `&`, `|` and `!` join a rule of a project's own to others.
//!
//! The language gives these operators to a type only where the type is, so that no trait can do it for all rules.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_quote};

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let name = &input.ident;
    let (own, names, bounds) = input.generics.split_for_impl();
    let mut with_other = input.generics.clone();
    with_other.params.push(parse_quote!(Other: ::core::convert::Into<::quintet::rest::Permission>));
    let (joined, _, _) = with_other.split_for_impl();
    let permission = quote!(::quintet::rest::Permission);
    quote! {
        #[automatically_derived]
        impl #joined ::core::ops::BitAnd<Other> for #name #names #bounds {
            type Output = #permission;
            fn bitand(self, other: Other) -> #permission {
                #permission::from(self) & other
            }
        }
        #[automatically_derived]
        impl #joined ::core::ops::BitOr<Other> for #name #names #bounds {
            type Output = #permission;
            fn bitor(self, other: Other) -> #permission {
                #permission::from(self) | other
            }
        }
        #[automatically_derived]
        impl #own ::core::ops::Not for #name #names #bounds {
            type Output = #permission;
            fn not(self) -> #permission {
                !#permission::from(self)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_with_parameters_keeps_them() {
        let text = expand(quote!(
            struct Has<T: Send>(T);
        ))
        .to_string();
        assert!(text.contains("impl < T : Send > :: core :: ops :: Not for Has < T >"), "{text}");
        assert_eq!(text.matches("impl <").count(), 3);
    }
}
