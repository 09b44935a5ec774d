//! `#[quintet::test]`: `async fn f() { .. }` becomes `#[test] fn f() { block_on(async move { .. }) }`.
//!
//! Works on tokens alone, so that a test costs no parser in the build. Mistakes are reported on the user's own tokens.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

pub(crate) fn expand(attribute: TokenStream, function: TokenStream) -> TokenStream {
    if let Some(token) = attribute.into_iter().next() {
        return error("`#[quintet::test]` takes no arguments", token.span());
    }
    let tokens: Vec<TokenTree> = function.into_iter().collect();
    match expanded(&tokens) {
        Ok(expanded) => expanded,
        Err((message, span)) => {
            // The function stays, so that the only error is ours.
            error(message, span).into_iter().chain(tokens).collect()
        }
    }
}

fn expanded(tokens: &[TokenTree]) -> Result<TokenStream, (&'static str, Span)> {
    let here = tokens.first().map_or_else(Span::call_site, TokenTree::span);
    let word = |wanted: &str| {
        tokens.iter().position(|token| matches!(token, TokenTree::Ident(name) if name.to_string() == wanted))
    };
    let function = word("fn").ok_or(("`#[quintet::test]` stands before an `async fn`", here))?;
    let is_async = word("async").filter(|at| *at < function);
    let at = is_async.ok_or(("a test is an `async fn`; a plain one needs only `#[test]`", tokens[function].span()))?;
    let Some((TokenTree::Group(body), head)) = tokens.split_last() else {
        return Err(("a test has a body", here));
    };
    let arguments = head.iter().skip(function).find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    });
    if let Some(argument) = arguments.and_then(|group| group.stream().into_iter().next()) {
        return Err(("a test has no arguments", argument.span()));
    }
    let signature = head.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, token)| token.clone());
    Ok(test_attribute().into_iter().chain(signature).chain([blocking(body)]).collect())
}

/// `{ ::quintet::testing::block_on(async move { .. }) }`
fn blocking(body: &Group) -> TokenTree {
    let word = |text: &str| TokenTree::Ident(Ident::new(text, Span::call_site()));
    let future: TokenStream = [word("async"), word("move"), TokenTree::Group(body.clone())].into_iter().collect();
    let mut call = path(&["quintet", "testing", "block_on"]);
    call.push(Group::new(Delimiter::Parenthesis, future).into());
    Group::new(Delimiter::Brace, call.into_iter().collect()).into()
}

/// `#[::core::prelude::v1::test]`, which no `use` of the user's can shadow.
fn test_attribute() -> TokenStream {
    let name = path(&["core", "prelude", "v1", "test"]).into_iter().collect();
    let group = Group::new(Delimiter::Bracket, name);
    [TokenTree::Punct(Punct::new('#', Spacing::Alone)), group.into()].into_iter().collect()
}

fn path(parts: &[&str]) -> Vec<TokenTree> {
    let colons = [Punct::new(':', Spacing::Joint), Punct::new(':', Spacing::Alone)];
    let part = |name: &&str| {
        colons
            .iter()
            .cloned()
            .map(TokenTree::Punct)
            .chain([Ident::new(name, Span::call_site()).into()])
            .collect::<Vec<_>>()
    };
    parts.iter().flat_map(part).collect()
}

/// `compile_error! { "message" }` on the span.
fn error(message: &str, span: Span) -> TokenStream {
    let mut text = Literal::string(message);
    text.set_span(span);
    let mut group = Group::new(Delimiter::Brace, TokenTree::Literal(text).into());
    group.set_span(span);
    let mut bang = Punct::new('!', Spacing::Alone);
    bang.set_span(span);
    [Ident::new("compile_error", span).into(), bang.into(), TokenTree::Group(group)].into_iter().collect()
}
