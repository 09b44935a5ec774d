//! The shapes of a site's serializers, each made once.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use quintet_core::rest::{Field, Settings};
use quintet_db::{Connection, Db};

use super::build::build;
use super::shape::Shape;
use super::traits::Declared;
use crate::http::{Error, Request, Result};

/// The shapes that were made so far.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    made: RwLock<HashMap<TypeId, Arc<Shape>>>,
    settings: OnceLock<Arc<Settings>>,
}

/// The settings that fields look at.
pub(crate) fn settings(request: &Request) -> Arc<Settings> {
    let site = request.site();
    let made = || Arc::new(site.options().rest_framework.field_settings());
    Arc::clone(site.shapes().settings.get_or_init(made))
}

/// A serializer made ready for the models of a site; the first one who asks makes it.
///
/// # Errors
/// The serializer does not fit the models.
pub fn shape<S: Declared>(request: &Request) -> Result<Arc<Shape>> {
    let shapes = request.site().shapes();
    if let Some(shape) = shapes.made.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<S>()) {
        return Ok(Arc::clone(shape));
    }
    let registry = Db::from(request).registry().map_err(Error::internal)?;
    let url = &request.site().options().rest_framework.url_field_name;
    let made = build(&S::declaration(), registry, request.dialect(), url, 0).map_err(Error::internal)?;
    let mut shapes = shapes.made.write().unwrap_or_else(PoisonError::into_inner);
    Ok(Arc::clone(shapes.entry(TypeId::of::<S>()).or_insert_with(|| Arc::new(made))))
}

/// The fields of a serializer, in order, for those who describe it.
///
/// # Errors
/// As [`shape`].
pub fn fields<S: Declared>(request: &Request) -> Result<Vec<Field>> {
    Ok(shape::<S>(request)?.fields().cloned().collect())
}
