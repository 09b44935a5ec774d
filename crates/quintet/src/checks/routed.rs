//! Whether databases, copies and routers go together: what can be known before anything is connected.

use std::path::Path;

use quintet_core::check::{Level, Message};
use quintet_core::schema::{Field, ModelState, ProjectState, To};
use quintet_db::Databases;

use crate::Settings;
use crate::databases::{bare, routers};

/// What is wrong with the databases of the settings, and with what routers say of the models.
pub(super) fn routed(settings: &Settings, state: &ProjectState) -> Vec<Message> {
    let databases = match bare(settings, Path::new(".")) {
        Ok(databases) => databases,
        Err(error) => return vec![Message::error("quintet.E010", sentence(error.message()), hint(&error))],
    };
    if settings.database_routers.is_empty() {
        return vec![];
    }
    let models = state.models.values();
    models.flat_map(|model| misled(&databases, model).into_iter().chain(apart(settings, state, model))).collect()
}

/// The same table twice is no mistake where routers keep the models apart.
pub(super) fn softened(settings: &Settings, message: Message) -> Message {
    let id = match message.id {
        "models.E028" => "models.W035",
        "fields.E340" => "fields.W344",
        _ => return message,
    };
    if settings.database_routers.is_empty() {
        return message;
    }
    let hint = Some("see that `database_routers` keep them in separate databases".to_owned());
    Message { id, level: Level::Warning, hint, ..message }
}

/// A router names a database that there is not.
fn misled(databases: &Databases, model: &ModelState) -> Option<Message> {
    let key = (model.app.as_str(), model.name.as_str());
    let error = [false, true].into_iter().find_map(|is_write| databases.routed(key, is_write).err())?;
    Some(Message::error("quintet.E011", sentence(error.message()), hint(&error)).about(model.label()))
}

/// Relations to models whose rows are in another database.
fn apart(settings: &Settings, state: &ProjectState, model: &ModelState) -> Vec<Message> {
    let routers = routers(settings);
    let refused = |(name, field): &(String, Field)| {
        let target = state.target(target(field)?)?;
        let (from, to) = ((model.app.as_str(), model.name.as_str()), (target.app.as_str(), target.name.as_str()));
        if routers.allow_relation(from, to) {
            return None;
        }
        let text = format!(
            "The routers keep `{}` and `{}` apart, and one refers to the other.",
            model.label(),
            target.label()
        );
        let hint = "Keep them in one database, or say in `allow_relation` of a router that they may.";
        Some(Message::error("quintet.E012", text, hint).about(format!("{}.{name}", model.label())))
    };
    model.fields.iter().filter_map(refused).collect()
}

fn target(field: &Field) -> Option<&To> {
    let relation = field.kind.relation().map(|relation| &relation.to);
    relation.or_else(|| field.kind.many_to_many().map(|many| &many.to))
}

fn hint(error: &quintet_db::Error) -> String {
    sentence(error.hint().unwrap_or("look at `databases`, `replicas` and `database_routers` in the settings"))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
