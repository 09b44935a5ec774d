//! quintet's procedural macros. They rearrange tokens; what the result does lives in the crates it names.

#![forbid(unsafe_code)]

mod test;

use proc_macro::TokenStream;

/// Runs an `async fn` as a test, on a runtime of its own.
///
/// ```ignore
/// #[quintet::test]
/// async fn the_index_page_answers() {
///     let client = quintet::testing::Client::new(crate::settings::settings);
///     assert_eq!(client.get("/").await.status(), 200);
/// }
/// ```
#[proc_macro_attribute]
pub fn test(attribute: TokenStream, function: TokenStream) -> TokenStream {
    test::expand(attribute, function)
}
