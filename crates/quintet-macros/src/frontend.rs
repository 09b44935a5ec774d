//! `frontend!("frontend")`: the folder of a front end, and where `build` has named a pack of its built files, these too.
//!
//! Works on tokens alone. The variable is also named in what comes out, so that the compiler tells cargo of it.

use proc_macro::{Literal, TokenStream, TokenTree};

/// Names the file with everything that the front end's build made.
const PACK: &str = "QUINTET_FRONTEND";

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut tokens = input.into_iter();
    let folder = match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(folder)), None) if folder.to_string().starts_with('"') => folder.to_string(),
        _ => {
            return parsed(
                "::core::compile_error!(\"`frontend!` takes the name of a folder: `frontend!(\\\"frontend\\\")`\")",
            );
        }
    };
    let packed = match std::env::var(PACK).ok().filter(|path| !path.is_empty()) {
        Some(path) => format!("::core::include_bytes!({})", Literal::string(&path)),
        None => "&[]".to_owned(),
    };
    parsed(&format!(
        "{{ const _: ::core::option::Option<&str> = ::core::option_env!(\"{PACK}\"); \
         ::quintet::settings::Frontend::with_pack({folder}, {packed}) }}"
    ))
}

/// The texts above are whole expressions, around literals that the compiler has read.
fn parsed(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}
