//! A name and a password for a token.

use quintet_db::Db;
use quintet_web::auth::authenticate;
use quintet_web::rest::{
    AnyUser as _, Choice, FormParser, JsonParser, JsonRenderer, MultiPartParser, Parser, Renderer,
};

use super::models::Token;
use crate::prelude::*;
use crate::rest::openapi::{Describe, Operations};
use crate::serializers::validate;

/// Gives the token of whose name and password are sent: `{"token": ".."}`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ObtainAuthToken;

/// What is sent.
#[derive(Serializer)]
pub struct AuthTokenSerializer {
    /// The name to log in with.
    #[field(label = "Username", write_only)]
    pub username: String,
    /// The password.
    #[field(label = "Password", write_only, trim_whitespace = false)]
    pub password: String,
    /// What is answered.
    #[field(label = "Token", read_only)]
    pub token: String,
}

impl ApiView for ObtainAuthToken {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::post).takes::<AuthTokenSerializer>();
    }

    fn describe(&self, operations: &mut Operations) {
        operations.all(Describe::new().answers::<AuthTokenSerializer>(200));
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn throttles(&self) -> Throttles {
        Choice::none()
    }

    fn parsers(&self) -> Choice<Parser> {
        vec![FormParser.into(), MultiPartParser.into(), JsonParser.into()].into()
    }

    fn renderers(&self) -> Choice<Renderer> {
        vec![JsonRenderer.into()].into()
    }
}

impl ObtainAuthToken {
    async fn post(&self, request: &Request) -> Result<Response> {
        let valid = validate::<AuthTokenSerializer>(request, &*request.data().await?, None, false).await?;
        let username = valid.get(|sent| sent.username()).unwrap_or_default();
        let password = valid.get(|sent| sent.password()).unwrap_or_default();
        let user = authenticate(request.into(), &username, &password).await?;
        let Some(user) = user else {
            let key = request.site().options().rest_framework.non_field_errors_key.clone();
            return Err(Error::invalid_field(key, "Unable to log in with provided credentials."));
        };
        Ok(Response::json(&json!({ "token": Token::of(Db::from(request), &user.id()).await? })))
    }
}
