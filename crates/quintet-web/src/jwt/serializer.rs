//! What a token view takes and answers: as the reference's serializers do, or as a project says instead.

use std::fmt;

use quintet_core::json::{Json, Object};
use quintet_core::rest::Field;

use super::UserToken;
use super::views::Door;
use crate::auth::Account;
use crate::http::{BoxFuture, Error, Request, Result};

type Validate = for<'a> fn(&'a mut TokenCall<'_>) -> BoxFuture<'a, Result<Object>>;

/// What a token view takes and answers, where a project says it: more fields, other checks, more in the answer.
///
/// ```
/// use quintet_core::json::Object;
/// use quintet_web::http::{BoxFuture, Error, Result};
/// use quintet_web::jwt::{SimpleJwt, TokenCall, TokenSerializer};
///
/// /// Asks for a code besides, and says who has logged in.
/// fn with_code<'a>(call: &'a mut TokenCall<'_>) -> BoxFuture<'a, Result<Object>> {
///     Box::pin(async move {
///         if call.get("code") != Some("0000") {
///             return Err(Error::invalid_field("code", "That is not the code."));
///         }
///         let answer = call.validate().await?;
///         Ok(answer.with("user", call.user().map_or("", |user| user.text("username"))))
///     })
/// }
///
/// let settings = SimpleJwt {
///     token_obtain_serializer: TokenSerializer::new(with_code).with_field("code"),
///     ..SimpleJwt::default()
/// };
/// ```
#[derive(Clone, Default)]
pub struct TokenSerializer {
    fields: Vec<&'static str>,
    validate: Option<Validate>,
}

impl TokenSerializer {
    /// One whose answer a function makes.
    pub fn new(validate: Validate) -> Self {
        Self { fields: vec![], validate: Some(validate) }
    }

    /// The same with one more field, of text, which must be there.
    #[must_use]
    pub fn with_field(mut self, name: &'static str) -> Self {
        self.fields.push(name);
        self
    }

    pub(super) fn more_fields(&self) -> impl Iterator<Item = Field> {
        self.fields.iter().map(|name| Field::char().named(*name).write_only())
    }

    pub(super) async fn answer(&self, call: &mut TokenCall<'_>) -> Result<Object> {
        match self.validate {
            Some(validate) => validate(call).await,
            None => call.validate().await,
        }
    }
}

/// What was sent to a token view.
pub struct TokenCall<'a> {
    pub(super) request: &'a Request,
    pub(super) door: Door,
    pub(super) taken: Vec<(String, String)>,
    pub(super) user: Option<Account>,
    /// The refresh token that is given out, for the cookie.
    pub(super) refresh: Option<(UserToken, String)>,
}

impl<'a> TokenCall<'a> {
    /// The request.
    pub fn request(&self) -> &'a Request {
        self.request
    }

    /// The text of a field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.taken.iter().find(|(name, _)| name == field).map(|(_, text)| text.as_str())
    }

    /// Puts another text into a field: an address that was found by a name.
    pub fn set(&mut self, field: &str, text: impl Into<String>) {
        let text = text.into();
        match self.taken.iter_mut().find(|(name, _)| name == field) {
            Some((_, old)) => *old = text,
            None => self.taken.push((field.to_owned(), text)),
        }
    }

    /// What the view does by itself: looks at the credentials or the token, and makes the answer.
    ///
    /// # Errors
    /// What is wrong with them.
    pub async fn validate(&mut self) -> Result<Object> {
        let answer = self.door.answer(self).await?;
        let mut members = Object::new();
        for (name, token) in answer {
            members.insert(name, Json::from(token));
        }
        Ok(members)
    }

    /// Who has logged in, once [`validate`](Self::validate) has found that the credentials are right.
    pub fn user(&self) -> Option<&Account> {
        self.user.as_ref()
    }

    pub(super) fn field(&self, name: &str) -> Result<String> {
        let text = self.get(name).map(str::to_owned);
        text.ok_or_else(|| Error::internal(format!("a token view has no field `{name}`")))
    }
}

impl fmt::Debug for TokenSerializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.validate.is_some() { "a function" } else { "None" })
    }
}

/// Nothing of what was sent, which is a password.
impl fmt::Debug for TokenCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenCall({:?})", self.door)
    }
}
