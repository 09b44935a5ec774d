//! A view that validates what comes and writes it as the serializer does; nothing is kept.

use std::marker::PhantomData;

use quintet::json::{Json as Tree, Object};
use quintet::prelude::*;
use quintet::serializers::{Datum, Many, validate, validate_many};

/// POST validates and shows; PATCH says which names came.
pub struct TryView<S> {
    of: PhantomData<fn() -> S>,
    many: bool,
}

impl<S> TryView<S> {
    /// Of one.
    pub fn one() -> Self {
        Self { of: PhantomData, many: false }
    }

    /// Of a list.
    pub fn many() -> Self {
        Self { many: true, ..Self::one() }
    }
}

impl<S: Serializer> ApiView for TryView<S> {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::tried).patch(Self::partly).takes::<S>();
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn name(&self) -> Option<&'static str> {
        Some("Try")
    }

    fn description(&self) -> &'static str {
        "Validates what is posted and writes it as the serializer does; nothing is kept."
    }
}

impl<S: Serializer> TryView<S> {
    async fn tried(&self, request: &Request) -> Result<Response> {
        let data = request.data().await?;
        if !self.many {
            let valid = validate::<S>(request, &data, None, false).await?;
            return Ok(Response::json_text(valid.to_json().await?));
        }
        let valid = validate_many::<S>(request, &data).await?;
        Ok(Response::json_text(valid.to_json().await?))
    }

    async fn partly(&self, request: &Request) -> Result<Response> {
        let data = request.data().await?;
        let names = if self.many {
            let rows = Many::<S> { partial: true, ..Many::default() }.validate(request, &data).await?;
            Tree::List(rows.iter().map(|row| names(row.attributes().iter())).collect())
        } else {
            let valid = validate::<S>(request, &data, None, true).await?;
            names(valid.attributes().iter())
        };
        Ok(Response::data(Object::new().with("given", names)))
    }
}

fn names<'d>(members: impl Iterator<Item = (&'d str, &'d Datum)>) -> Tree {
    Tree::Object(members.map(|(name, datum)| (name, given(datum))).collect())
}

/// The names that came, at every level, and true where there is a value.
fn given(datum: &Datum) -> Tree {
    match datum {
        Datum::Map(members) => names(members.iter().map(|(name, datum)| (name.as_str(), datum))),
        Datum::List(members) => Tree::List(members.iter().map(given).collect()),
        _ => Tree::Bool(true),
    }
}
