//! quintet's procedural macros. They rearrange tokens; what the result does lives in the crates it names.

#![forbid(unsafe_code)]

mod attributes;
mod choices;
mod frontend;
mod mistakes;
mod model;
mod permission;
mod serializer;
mod test;

use proc_macro::TokenStream;

/// Makes a struct a model: its values are rows of a table. `docs/reference/models.md` lists the attributes.
///
/// ```ignore
/// #[derive(Model, Debug, Clone)]
/// #[model(ordering = "-created_at")]
/// pub struct Note {
///     pub id: BigAuto,
///     #[field(max_length = 100)]
///     pub title: String,
///     #[field(auto_now_add)]
///     pub created_at: DateTime,
///     #[field(on_delete = cascade, related_name = "notes")]
///     pub author: ForeignKey<User>,
/// }
/// ```
#[proc_macro_derive(Model, attributes(model, field))]
pub fn model(input: TokenStream) -> TokenStream {
    model::expand(input.into()).into()
}

/// Makes an enum a field's type: its members are what may be chosen.
///
/// ```ignore
/// #[derive(Choices, Clone, Copy, Debug, PartialEq)]
/// pub enum Status {
///     Draft,
///     #[choice(value = "gone", label = "Gone for good")]
///     GoneForGood,
/// }
/// ```
#[proc_macro_derive(Choices, attributes(choice, choices))]
pub fn choices(input: TokenStream) -> TokenStream {
    choices::expand(input.into()).into()
}

/// Makes a struct a serializer: it reads a request's data, and shows rows. `docs/reference/serializers.md` lists the
/// attributes.
///
/// ```ignore
/// #[derive(Serializer)]
/// #[serializer(model = Note, fields(id, title, content, author, words), read_only(author), validate(title = polite))]
/// pub struct NoteSerializer {
///     #[field(method = words)]
///     pub words: i64,
/// }
/// ```
#[proc_macro_derive(Serializer, attributes(serializer, field))]
pub fn serializer(input: TokenStream) -> TokenStream {
    serializer::expand(input.into()).into()
}

/// Lets `&`, `|` and `!` join a rule to others: `IsAuthenticated & (IsOwner | IsAdminUser)`.
///
/// ```ignore
/// #[derive(Permission)]
/// pub struct IsOwner;
///
/// impl HasPermission for IsOwner {
///     async fn object(&self, request: &Request, _: &ViewFacts, object: Object<'_>) -> Result<bool> {
///         Ok(object.get::<Note>().is_some_and(|note| request.user().id() == Some(note.author.id)))
///     }
/// }
/// ```
#[proc_macro_derive(Permission)]
pub fn permission(input: TokenStream) -> TokenStream {
    permission::expand(input.into()).into()
}

/// The front end in a folder of the project; in a program that `manage build` made, with its built files.
///
/// ```ignore
/// frontend: quintet::frontend!("frontend"),
/// ```
#[proc_macro]
pub fn frontend(input: TokenStream) -> TokenStream {
    frontend::expand(input)
}

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
