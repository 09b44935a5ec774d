//! The queries that the reference ran, as ours: each is understood, and the models that they are about are there.

#[allow(dead_code, reason = "other recordings are read by other tests")]
mod recorded;

use quintet_core::query::Registry;

#[test]
fn every_recorded_query_is_understood() {
    let queries = recorded::queries();
    let registry = Registry::new(&recorded::models_of_queries(), "UTC").expect("good models");
    for one in &queries {
        let (app, name) = &one.query.model;
        assert!(registry.find(app, name).is_some(), "{}: no model `{app}.{name}`", one.id);
    }
    assert!(queries.len() >= 400, "only {} queries", queries.len());
}
