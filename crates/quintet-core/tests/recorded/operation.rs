//! Operations and migrations.

use quintet_core::operation::{Dependency, Migration, Operation};
use quintet_core::schema::Code;
use serde_json::{Map, Value as Json};

use super::field::{field, fields};
use super::model::{bases, constraint, index, managers, options, rules};
use super::value::{flag, list, object, optional_text, pair, text, texts, unknown};

/// A migration of the oracle's project, which says itself what it is called.
pub(super) fn project_migration(json: &Json) -> Migration {
    let at = "operations.json";
    let (app, name) = (text(&json["app"], at), text(&json["name"], at));
    migration(&app, &name, json, &format!("{app}.{name}"))
}

/// A migration.
pub(super) fn migration(app: &str, name: &str, json: &Json, at: &str) -> Migration {
    let keys = |json: &Json| list(json, at).iter().map(|key| named(key, at)).collect();
    Migration {
        app: app.to_owned(),
        name: name.to_owned(),
        file: None,
        initial: json["initial"].as_bool(),
        dependencies: list(&json["dependencies"], at).iter().map(|on| dependency(on, at)).collect(),
        run_before: keys(&json["run_before"]),
        replaces: keys(&json["replaces"]),
        atomic: flag(&json["atomic"], at),
        operations: operations(&json["operations"], at),
    }
}

fn dependency(json: &Json, at: &str) -> Dependency {
    if json["$setting"] == "AUTH_USER_MODEL" {
        return Dependency::UserModel;
    }
    let (app, name) = named(json, at);
    Dependency::On(app, name)
}

fn named(json: &Json, at: &str) -> (String, String) {
    let (app, name) = pair(json, at);
    (text(app, at), text(name, at))
}

fn operations(json: &Json, at: &str) -> Vec<Operation> {
    if json.is_null() { vec![] } else { list(json, at).iter().map(|one| operation(one, at)).collect() }
}

/// One operation; each argument is taken away as it is read, so that none is passed over.
fn operation(json: &Json, at: &str) -> Operation {
    let mut args = object(json, at).clone();
    let class = text(&args.remove("class").unwrap_or(Json::Null), at);
    let at = &format!("{at}/{class}");
    let operation = of_class(&class, &mut args, at);
    assert!(args.is_empty(), "{at}: no counterpart for the arguments {:?}", args.keys().collect::<Vec<_>>());
    operation
}

fn of_class(class: &str, args: &mut Map<String, Json>, at: &str) -> Operation {
    let mut take = |key: &str| args.remove(key).unwrap_or(Json::Null);
    match class {
        "CreateModel" => Operation::CreateModel {
            name: text(&take("name"), at),
            fields: fields(&take("fields"), at),
            options: options(&take("options"), at),
            bases: bases(&take("bases"), at),
            managers: managers(&take("managers"), at),
        },
        "DeleteModel" => Operation::DeleteModel { name: text(&take("name"), at) },
        "RenameModel" => {
            Operation::RenameModel { old_name: text(&take("old_name"), at), new_name: text(&take("new_name"), at) }
        }
        "AlterModelTable" => {
            Operation::AlterModelTable { name: text(&take("name"), at), table: optional_text(&take("table"), at) }
        }
        "AlterModelTableComment" => Operation::AlterModelTableComment {
            name: text(&take("name"), at),
            comment: optional_text(&take("table_comment"), at),
        },
        "AlterModelOptions" => {
            Operation::AlterModelOptions { name: text(&take("name"), at), options: options(&take("options"), at) }
        }
        "AlterModelManagers" => {
            Operation::AlterModelManagers { name: text(&take("name"), at), managers: managers(&take("managers"), at) }
        }
        "AlterUniqueTogether" => Operation::AlterUniqueTogether {
            name: text(&take("name"), at),
            unique_together: rules(&take("unique_together"), at),
        },
        "AlterOrderWithRespectTo" => Operation::AlterOrderWithRespectTo {
            name: text(&take("name"), at),
            order_with_respect_to: optional_text(&take("order_with_respect_to"), at),
        },
        "AddField" => Operation::AddField {
            model: text(&take("model_name"), at),
            name: text(&take("name"), at),
            field: field(&take("field"), at),
            preserve_default: take("preserve_default").as_bool().unwrap_or(true),
        },
        "RemoveField" => Operation::RemoveField { model: text(&take("model_name"), at), name: text(&take("name"), at) },
        "AlterField" => Operation::AlterField {
            model: text(&take("model_name"), at),
            name: text(&take("name"), at),
            field: field(&take("field"), at),
            preserve_default: take("preserve_default").as_bool().unwrap_or(true),
        },
        "RenameField" => Operation::RenameField {
            model: text(&take("model_name"), at),
            old_name: text(&take("old_name"), at),
            new_name: text(&take("new_name"), at),
        },
        "AddIndex" => Operation::AddIndex { model: text(&take("model_name"), at), index: index(&take("index"), at) },
        "RemoveIndex" => Operation::RemoveIndex { model: text(&take("model_name"), at), name: text(&take("name"), at) },
        "RenameIndex" => Operation::RenameIndex {
            model: text(&take("model_name"), at),
            old_name: text(&take("old_name"), at),
            new_name: text(&take("new_name"), at),
        },
        "AddConstraint" => Operation::AddConstraint {
            model: text(&take("model_name"), at),
            constraint: constraint(&take("constraint"), at),
        },
        "RemoveConstraint" => {
            Operation::RemoveConstraint { model: text(&take("model_name"), at), name: text(&take("name"), at) }
        }
        "AlterConstraint" => Operation::AlterConstraint {
            model: text(&take("model_name"), at),
            name: text(&take("name"), at),
            constraint: constraint(&take("constraint"), at),
        },
        "RunPython" => {
            // Hints tell routers of several databases which model is meant.
            take("hints");
            Operation::RunRust {
                code: Code::new(text(&take("code"), at), ()),
                reverse: optional_text(&take("reverse_code"), at).map(|path| Code::new(path, ())),
                elidable: take("elidable").as_bool().unwrap_or(false),
            }
        }
        "RunSQL" => {
            take("hints");
            Operation::RunSql {
                sql: statements(&take("sql"), at),
                reverse: Some(take("reverse_sql")).filter(|sql| !sql.is_null()).map(|sql| statements(&sql, at)),
                state: operations(&take("state_operations"), at),
                elidable: take("elidable").as_bool().unwrap_or(false),
            }
        }
        "SeparateDatabaseAndState" => Operation::SeparateDatabaseAndState {
            database: operations(&take("database_operations"), at),
            state: operations(&take("state_operations"), at),
        },
        _ => unknown(&Json::from(class), at),
    }
}

/// One statement, or several.
fn statements(json: &Json, at: &str) -> Vec<String> {
    if json.is_string() { vec![text(json, at)] } else { texts(json, at) }
}
