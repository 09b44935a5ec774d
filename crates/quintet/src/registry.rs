//! What all apps of a project say together: its models as one state, and its migrations.

use std::sync::Arc;

use quintet_core::operation::Migration;
use quintet_core::query::Registry;
use quintet_core::schema::{Field, Kind, ProjectState, To};
use quintet_db::Models;
use quintet_web::auth::Accounts;

use crate::App;
use crate::settings::Settings;

/// The state that the models of these apps declare.
///
/// A key to the project's user model is one to "the user model, whichever it is", as the reference writes it.
pub fn project_state(apps: &[App], auth_user_model: &str) -> ProjectState {
    let mut state = ProjectState::new(auth_user_model);
    let user_model = state.user_model.clone();
    for app in apps {
        for def in &app.models {
            let mut model = def.state_in(app.label);
            for (_, field) in &mut model.fields {
                mark_user_model(field, &user_model);
            }
            state.add(model);
        }
    }
    state
}

/// The models of these settings' apps, as queries need them.
///
/// # Errors
/// A relation that leads to nothing, or a time zone that there is not.
pub fn query_registry(settings: &Settings) -> Result<Arc<Registry>, String> {
    let state = project_state(&settings.installed_apps, &settings.auth_user_model);
    Registry::new(&state, &settings.time_zone).map(Arc::new)
}

/// The same for a database, with those who are told of the rows and where queries of them begin.
///
/// # Errors
/// The same.
pub fn query_models(settings: &Settings) -> Result<Models, String> {
    let receivers = settings.installed_apps.iter().flat_map(|app| app.signals.iter().cloned());
    let accounts = Accounts::new(&settings.auth_user_model, settings.auth.clone());
    let managers = settings.installed_apps.iter().flat_map(|app| app.managers.iter().copied());
    let models = Models::new(query_registry(settings)?).with_receivers(receivers.collect()).with_managers(managers);
    Ok(models.with_extra(Arc::new(accounts)))
}

/// The migrations of these apps, each under its app's label, in the order of the apps.
pub fn all_migrations(apps: &[App]) -> Vec<Migration> {
    let of_app = |app: &App| {
        let label = app.label;
        let migrations = app.migrations.map_or_else(Vec::new, |all| all());
        migrations.into_iter().map(move |migration| Migration { app: label.to_owned(), ..migration })
    };
    apps.iter().flat_map(of_app).collect()
}

fn mark_user_model(field: &mut Field, (app, model): &(String, String)) {
    let mark = |to: &mut To| to.is_user_model |= to.is(app, model);
    match &mut field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => mark(&mut relation.to),
        Kind::ManyToMany(many) => {
            mark(&mut many.to);
            many.through.iter_mut().for_each(mark);
        }
        _ => {}
    }
}
