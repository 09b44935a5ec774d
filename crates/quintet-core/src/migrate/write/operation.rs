//! Operations as Rust.

use super::field::{field, optional};
use super::model::{constraint, index, managers, options};
use super::text::Text;
use super::{Place, WriteError};
use crate::operation::Operation;

pub(super) fn operations(all: &[Operation], place: &Place<'_>) -> Result<Text, WriteError> {
    Ok(Text::Vec(all.iter().map(|one| operation(one, place)).collect::<Result<_, _>>()?))
}

fn operation(operation: &Operation, place: &Place<'_>) -> Result<Text, WriteError> {
    let string = |text: &String| Text::string(text);
    let one_off = |text: Text, preserve: bool| if preserve { text } else { text.then("one_off_default", vec![]) };
    let elided = |text: Text, elidable: bool| if elidable { text.then("elidable", vec![]) } else { text };
    Ok(match operation {
        Operation::CreateModel { name, fields, options: said, bases, managers: known } => {
            let mut all = vec![];
            for (own, one) in fields {
                all.push(Text::Tuple(vec![string(own), field(one, &place.field(name, own))?]));
            }
            let text = Text::call("create_model", vec![string(name), Text::Vec(all), options(said)]);
            let text =
                if bases.is_empty() { text } else { text.then("bases", vec![Text::Slice(Text::strings(bases))]) };
            if known.is_empty() { text } else { text.then("managers", vec![managers(known)]) }
        }
        Operation::DeleteModel { name } => Text::call("delete_model", vec![string(name)]),
        Operation::RenameModel { old_name, new_name } => {
            Text::call("rename_model", vec![string(old_name), string(new_name)])
        }
        Operation::AlterModelTable { name, table } => {
            Text::call("alter_model_table", vec![string(name), optional(table)])
        }
        Operation::AlterModelTableComment { name, comment } => {
            Text::call("alter_model_table_comment", vec![string(name), optional(comment)])
        }
        Operation::AlterModelOptions { name, options: said } => {
            Text::call("alter_model_options", vec![string(name), options(said)])
        }
        Operation::AlterModelManagers { name, managers: known } => {
            Text::call("alter_model_managers", vec![string(name), managers(known)])
        }
        Operation::AlterUniqueTogether { name, unique_together } => {
            let rules = unique_together.iter().map(|rule| Text::Vec(Text::strings(rule)));
            Text::call("alter_unique_together", vec![string(name), Text::Vec(rules.collect())])
        }
        Operation::AlterOrderWithRespectTo { name, order_with_respect_to } => {
            Text::call("alter_order_with_respect_to", vec![string(name), optional(order_with_respect_to)])
        }
        Operation::AddField { model, name, field: one, preserve_default } => {
            let one = field(one, &place.field(model, name))?;
            one_off(Text::call("add_field", vec![string(model), string(name), one]), *preserve_default)
        }
        Operation::RemoveField { model, name } => Text::call("remove_field", vec![string(model), string(name)]),
        Operation::AlterField { model, name, field: one, preserve_default } => {
            let one = field(one, &place.field(model, name))?;
            one_off(Text::call("alter_field", vec![string(model), string(name), one]), *preserve_default)
        }
        Operation::RenameField { model, old_name, new_name } => {
            Text::call("rename_field", vec![string(model), string(old_name), string(new_name)])
        }
        Operation::AddIndex { model, index: one } => Text::call("add_index", vec![string(model), index(one)]),
        Operation::RemoveIndex { model, name } => Text::call("remove_index", vec![string(model), string(name)]),
        Operation::RenameIndex { model, old_name, new_name } => {
            Text::call("rename_index", vec![string(model), string(old_name), string(new_name)])
        }
        Operation::AddConstraint { model, constraint: one } => {
            Text::call("add_constraint", vec![string(model), constraint(one)])
        }
        Operation::RemoveConstraint { model, name } => {
            Text::call("remove_constraint", vec![string(model), string(name)])
        }
        Operation::AlterConstraint { model, name, constraint: one } => {
            Text::call("alter_constraint", vec![string(model), string(name), constraint(one)])
        }
        Operation::RunSql { sql, reverse, state, elidable } => {
            let mut text = Text::call("run_sql", vec![Text::Slice(Text::strings(sql))]);
            if let Some(reverse) = reverse {
                text = text.then("reverse_sql", vec![Text::Slice(Text::strings(reverse))]);
            }
            if !state.is_empty() {
                text = text.then("with_state", vec![operations(state, place)?]);
            }
            elided(text, *elidable)
        }
        Operation::RunRust { code, reverse, elidable } => {
            let mut text = Text::call("run", vec![place.path(&code.path)?]);
            if let Some(reverse) = reverse {
                text = text.then("reverse", vec![place.path(&reverse.path)?]);
            }
            elided(text, *elidable)
        }
        Operation::SeparateDatabaseAndState { database, state } => {
            Text::call("separate_database_and_state", vec![operations(database, place)?, operations(state, place)?])
        }
    })
}
