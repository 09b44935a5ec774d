//! What an operation is called: in the output of commands, and in the name of a migration.

use super::Operation;
use crate::schema::{Expr, Operator, Value};

impl Operation {
    /// What it does, in a line: `Add field body to note`.
    pub fn describe(&self) -> String {
        match self {
            Self::CreateModel { name, options, .. } => {
                format!("Create {}model {name}", if options.proxy { "proxy " } else { "" })
            }
            Self::DeleteModel { name } => format!("Delete model {name}"),
            Self::RenameModel { old_name, new_name } => format!("Rename model {old_name} to {new_name}"),
            Self::AlterModelTable { name, table } => {
                format!("Rename table for {name} to {}", table.as_deref().unwrap_or("(default)"))
            }
            Self::AlterModelTableComment { name, .. } => format!("Alter {name} table comment"),
            Self::AlterModelOptions { name, .. } => format!("Change Meta options on {name}"),
            Self::AlterModelManagers { name, .. } => format!("Change managers on {name}"),
            Self::AlterUniqueTogether { name, unique_together } => {
                format!("Alter unique_together for {name} ({} constraint(s))", unique_together.len())
            }
            Self::AlterOrderWithRespectTo { name, order_with_respect_to } => {
                let field = order_with_respect_to.as_deref().unwrap_or("None");
                format!("Set order_with_respect_to on {name} to {field}")
            }
            Self::AddField { model, name, .. } => format!("Add field {name} to {model}"),
            Self::RemoveField { model, name } => format!("Remove field {name} from {model}"),
            Self::AlterField { model, name, .. } => format!("Alter field {name} on {model}"),
            Self::RenameField { model, old_name, new_name } => {
                format!("Rename field {old_name} on {model} to {new_name}")
            }
            Self::AddIndex { model, index } if !index.expressions.is_empty() => {
                let expressions: Vec<String> = index.expressions.iter().map(shown).collect();
                format!("Create index {} on {} on model {model}", index.name, expressions.join(", "))
            }
            Self::AddIndex { model, index } => {
                let fields: Vec<String> = index.fields.iter().map(crate::schema::IndexedField::written).collect();
                format!("Create index {} on field(s) {} of model {model}", index.name, fields.join(", "))
            }
            Self::RemoveIndex { model, name } => format!("Remove index {name} from {model}"),
            Self::RenameIndex { model, old_name, new_name } => {
                format!("Rename index {old_name} on {model} to {new_name}")
            }
            Self::AddConstraint { model, constraint } => {
                format!("Create constraint {} on model {model}", constraint.name())
            }
            Self::RemoveConstraint { model, name } => format!("Remove constraint {name} from model {model}"),
            Self::AlterConstraint { model, name, .. } => format!("Alter constraint {name} on {model}"),
            Self::RunSql { .. } => "Raw SQL operation".to_owned(),
            Self::RunRust { .. } => "Raw Rust operation".to_owned(),
            Self::SeparateDatabaseAndState { .. } => "Custom state/database change combination".to_owned(),
        }
    }

    /// The sign before it in the output of `makemigrations`.
    pub fn symbol(&self) -> char {
        match self {
            Self::CreateModel { .. } | Self::AddField { .. } | Self::AddIndex { .. } | Self::AddConstraint { .. } => {
                '+'
            }
            Self::DeleteModel { .. }
            | Self::RemoveField { .. }
            | Self::RemoveIndex { .. }
            | Self::RemoveConstraint { .. } => '-',
            Self::RunSql { .. } => 's',
            Self::RunRust { .. } => 'r',
            Self::SeparateDatabaseAndState { .. } => '?',
            _ => '~',
        }
    }

    /// What it gives to the name of a migration; nothing where it has no subject.
    pub fn fragment(&self) -> Option<String> {
        let name = match self {
            Self::CreateModel { name, .. } => name.clone(),
            Self::DeleteModel { name } => format!("delete_{name}"),
            Self::RenameModel { old_name, new_name } => format!("rename_{old_name}_{new_name}"),
            Self::AlterModelTable { name, .. } => format!("alter_{name}_table"),
            Self::AlterModelTableComment { name, .. } => format!("alter_{name}_table_comment"),
            Self::AlterModelOptions { name, .. } => format!("alter_{name}_options"),
            Self::AlterModelManagers { name, .. } => format!("alter_{name}_managers"),
            Self::AlterUniqueTogether { name, .. } => format!("alter_{name}_unique_together"),
            Self::AlterOrderWithRespectTo { name, .. } => format!("alter_{name}_order_with_respect_to"),
            Self::AddField { model, name, .. } => format!("{model}_{name}"),
            Self::RemoveField { model, name } => format!("remove_{model}_{name}"),
            Self::AlterField { model, name, .. } => format!("alter_{model}_{name}"),
            Self::RenameField { model, old_name, new_name } => format!("rename_{old_name}_{model}_{new_name}"),
            Self::AddIndex { model, index } => format!("{model}_{}", index.name),
            Self::RemoveIndex { model, name } => format!("remove_{model}_{name}"),
            Self::RenameIndex { old_name, new_name, .. } => format!("rename_{old_name}_{new_name}"),
            Self::AddConstraint { model, constraint } => format!("{model}_{}", constraint.name()),
            Self::RemoveConstraint { model, name } => format!("remove_{model}_{name}"),
            Self::AlterConstraint { model, name, .. } => format!("alter_{model}_{name}"),
            Self::RunSql { .. } | Self::RunRust { .. } | Self::SeparateDatabaseAndState { .. } => return None,
        };
        Some(name.to_lowercase())
    }
}

/// A constant as the reference shows it.
fn constant(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(yes) => if *yes { "True" } else { "False" }.to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{text}'"),
        other => format!("{other:?}"),
    }
}

/// An expression as the reference shows it to people: `Lower(F(title))`.
fn shown(expr: &Expr) -> String {
    match expr {
        Expr::F(name) => format!("F({name})"),
        Expr::Value(value) => format!("Value({})", constant(value)),
        Expr::Func { name, args } => format!("{name}({})", args.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Expr::Combined { left, operator, right } => format!("{} {} {}", shown(left), operator.sign(), shown(right)),
        Expr::OrderBy { expr, descending, .. } => {
            format!("OrderBy({}, descending={})", shown(expr), if *descending { "True" } else { "False" })
        }
        Expr::Collate { expr, .. } => format!("Collate({})", shown(expr)),
        Expr::Cast { expr, .. } => format!("Cast({})", shown(expr)),
        Expr::Case { .. } => "Case".to_owned(),
        Expr::Condition(_) => "Q".to_owned(),
        Expr::Raw(sql) => format!("RawSQL({sql})"),
    }
}

impl Operator {
    /// The operator as the reference writes it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%%",
            Self::Pow => "^",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "#",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::add_index;
    use crate::schema::Index;
    use crate::schema::words::f;

    #[test]
    fn a_constant_in_an_expression_is_shown_as_the_reference_shows_it() {
        let operation = add_index("Note", Index::on(vec![f("size") + 1]).name("ix"));
        assert_eq!(operation.describe(), "Create index ix on F(size) + Value(1) on model Note");
    }
}
