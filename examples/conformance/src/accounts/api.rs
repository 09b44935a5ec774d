//! API views that tell who asks, by different ways to know it.

use quintet::prelude::*;
use quintet::rest::{Authenticator, BasicAuthentication, Choice, SessionAuthentication, TokenAuthentication};

fn told(request: &Request) -> Response {
    Response::json(&json!({ "user": request.user().username() }))
}

macro_rules! views {
    ($($name:ident { $($choice:item)* })*) => {
        $(pub(super) struct $name;

        impl ApiView for $name {
            fn methods(on: &mut Methods<Self>) {
                on.get(Self::show).post(Self::show).put(Self::show).patch(Self::show).delete(Self::show);
            }

            $($choice)*
        }

        impl $name {
            async fn show(&self, request: &Request) -> Result<Response> {
                Ok(told(request))
            }
        })*
    };
}

views! {
    Me {}
    Open {
        fn permissions(&self) -> Permission {
            AllowAny.into()
        }
    }
    ByName {
        fn authentication(&self) -> Choice<Authenticator> {
            BasicAuthentication::default().into()
        }
    }
    ByToken {
        fn authentication(&self) -> Choice<Authenticator> {
            TokenAuthentication::default().into()
        }
    }
    Any {
        fn authentication(&self) -> Choice<Authenticator> {
            Choice::from(BasicAuthentication::default()).and(TokenAuthentication::default()).and(SessionAuthentication)
        }
    }
}
