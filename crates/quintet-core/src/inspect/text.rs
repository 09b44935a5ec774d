//! The text of a `models.rs`, laid out as `rustfmt` leaves it.

use std::collections::BTreeMap;

use super::plan::Plan;
use super::table::{Field, Model};

/// The longest line.
const WIDTH: usize = 100;
/// The longest list in an attribute that stands in one line.
const ATTRIBUTE_WIDTH: usize = 70;

/// Where the models of tables are that every project has.
const BUILT_IN: [(&str, &str); 6] = [
    ("auth_group", "quintet::apps::auth::models::Group"),
    ("auth_permission", "quintet::apps::auth::models::Permission"),
    ("auth_user", "quintet::apps::auth::models::User"),
    ("django_admin_log", "quintet::apps::admin::models::LogEntry"),
    ("django_content_type", "quintet::apps::contenttypes::models::ContentType"),
    ("django_session", "quintet::apps::sessions::models::Session"),
];

/// The whole file.
pub(super) fn file(plan: &Plan<'_>, models: &[Model], unknown: &[String]) -> String {
    let mut text = header(plan.managed, models);
    for model in models {
        text.push('\n');
        match &model.unreadable {
            Some(why) => unreadable(&mut text, &model.table, why),
            None => write_model(&mut text, model),
        }
    }
    for table in unknown {
        text.push('\n');
        unreadable(&mut text, table, "the database has no such table");
    }
    let uses = uses(plan, models);
    text.replacen("\n\u{0}\n", &uses, 1)
}

fn header(managed: bool, models: &[Model]) -> String {
    let names: Vec<&str> = models.iter().filter(|one| one.unreadable.is_none()).map(|one| one.name.as_str()).collect();
    let management = if managed {
        "- Migrations change these tables from now on. The first one makes nothing where the tables are there:\n//!   `makemigrations`, then `migrate --fake-initial`."
    } else {
        "- `managed = false`: migrations leave these tables alone. Take the line away, or write the models again with\n//!   `inspectdb --managed`, to have migrations change them."
    };
    let mut text = format!(
        "//! Models of the tables of a database, written by `inspectdb`.\n\
         //!\n\
         //! To be done by hand:\n\
         //! - List the models in the `quintet::app!` of their app. All that are here:\n{}\
         //! - Look at what is said above a field: it is what the database does not know.\n\
         //! - Choose what happens when the other row goes: `on_delete = do_nothing` leaves it to the database.\n\
         //! - Names of models and fields may be changed; `db_table` and `db_column` hold the names of the database. A field\n\
         //!   that has no `db_column` then needs one.\n\
         //! {management}\n",
        listed(&names)
    );
    // The place of the lines that bring names in.
    text.push_str("\n\u{0}\n");
    text
}

fn listed(names: &[&str]) -> String {
    let mut text = String::new();
    let mut line = String::new();
    for name in names {
        if line.len() + name.len() > WIDTH {
            text.push_str(&format!("//!   {}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(&format!("`{name}`, "));
    }
    let last = line.trim_end().trim_end_matches(',');
    text.push_str(&format!("//!   {}\n", if last.is_empty() { "none" } else { last }));
    text
}

/// The prelude, and the models that are referred to and stand elsewhere.
fn uses(plan: &Plan<'_>, models: &[Model]) -> String {
    let targets = models.iter().flat_map(|model| &model.fields).filter_map(|field| field.target);
    let mut elsewhere = BTreeMap::new();
    for target in targets.map(|at| &plan.tables[at]).filter(|target| !target.chosen) {
        elsewhere.insert(target.name.clone(), target.table.name.clone());
    }
    let (mut known, mut missing) = (vec!["use quintet::prelude::*;\n".to_owned()], String::new());
    for (name, table) in elsewhere {
        match BUILT_IN.iter().find(|(own, _)| *own == table) {
            Some((_, path)) if path.ends_with(&format!("::{name}")) => known.push(format!("use {path};\n")),
            Some((_, path)) => known.push(format!("use {path} as {name};\n")),
            None => missing.push_str(&format!(
                "// `{name}` is the model of the table {}, which is not in this file: say where it is.\n",
                shown(&table)
            )),
        }
    }
    known.sort();
    format!("\n{}{missing}", known.concat())
}

fn unreadable(text: &mut String, table: &str, why: &str) {
    text.push_str(&format!("// The table {} is left out: {}\n", shown(table), one_line(why)));
}

fn write_model(text: &mut String, model: &Model) {
    for note in &model.notes {
        text.push_str(&format!("// {}\n", one_line(note)));
    }
    text.push_str("#[derive(Model, Debug, Clone)]\n");
    attribute(text, "", "model", &model.options);
    text.push_str(&format!("pub struct {} {{\n", model.name));
    for field in &model.fields {
        write_field(text, field);
    }
    text.push_str("}\n");
}

fn write_field(text: &mut String, field: &Field) {
    for note in &field.notes {
        text.push_str(&format!("    // {}\n", one_line(note)));
    }
    attribute(text, "    ", "field", &field.attributes);
    let line = format!("    pub {}: {},", field.name, field.ty);
    if line.chars().count() > WIDTH {
        text.push_str(&format!("    pub {}:\n        {},\n", field.name, field.ty));
    } else {
        text.push_str(&format!("{line}\n"));
    }
}

/// `#[field(max_length = 100, unique)]`, in a line if there is room.
fn attribute(text: &mut String, indent: &str, name: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let line = items.join(", ");
    if line.chars().count() <= ATTRIBUTE_WIDTH {
        text.push_str(&format!("{indent}#[{name}({line})]\n"));
        return;
    }
    let items: Vec<String> = items.iter().map(|item| format!("{indent}    {item}")).collect();
    text.push_str(&format!("{indent}#[{name}(\n{}\n{indent})]\n", items.join(",\n")));
}

/// A name of the database's in a comment, where a line break would end it.
fn shown(name: &str) -> String {
    format!("`{}`", one_line(name))
}

fn one_line(text: &str) -> String {
    let escape = |c: char| {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    text.trim_end().chars().map(escape).collect()
}
