//! Operations in the reference's own words, as Python. Only what walks make is known here; anything else ends the test.

use std::fmt::Write as _;

use quintet_core::operation::Operation;
use quintet_core::schema::{
    Condition, Constraint, Deferrable, Expr, Field, Index, Initial, Kind, OnDelete, Operator, Options, Relation, To,
    Value,
};

/// An operation as an expression.
///
/// # Panics
/// Where a walk makes one that is not known here.
pub(super) fn operation(operation: &Operation) -> String {
    let (name, args) = match operation {
        Operation::CreateModel { name, fields, options, bases, .. } => {
            let fields = fields.iter().map(|(name, own)| format!("({}, {})", text(name), field(own)));
            let bases: Vec<String> = bases.iter().map(|base| text(base)).collect();
            let bases = if bases.is_empty() { "models.Model".to_owned() } else { bases.join(", ") };
            let model_options = format!("{{{}}}", pairs(&options_of(options), ": ", text));
            ("CreateModel", vec![text(name), list(fields), model_options, format!("({bases},)")])
        }
        Operation::DeleteModel { name } => ("DeleteModel", vec![text(name)]),
        Operation::RenameModel { old_name, new_name } => ("RenameModel", vec![text(old_name), text(new_name)]),
        Operation::AlterModelTable { name, table } => ("AlterModelTable", vec![text(name), optional(table.as_deref())]),
        Operation::AlterModelTableComment { name, comment } => {
            ("AlterModelTableComment", vec![text(name), optional(comment.as_deref())])
        }
        Operation::AlterModelOptions { name, options } => {
            let mut all = options_of(options);
            all.retain(|(key, _)| matches!(*key, "ordering" | "verbose_name"));
            ("AlterModelOptions", vec![text(name), format!("{{{}}}", pairs(&all, ": ", text))])
        }
        Operation::AlterUniqueTogether { name, unique_together } => {
            ("AlterUniqueTogether", vec![text(name), together(unique_together)])
        }
        Operation::AlterOrderWithRespectTo { name, order_with_respect_to } => {
            ("AlterOrderWithRespectTo", vec![text(name), optional(order_with_respect_to.as_deref())])
        }
        Operation::AddField { model, name, field: own, preserve_default } => {
            ("AddField", vec![text(model), text(name), field(own), truth(*preserve_default)])
        }
        Operation::RemoveField { model, name } => ("RemoveField", vec![text(model), text(name)]),
        Operation::AlterField { model, name, field: own, preserve_default } => {
            ("AlterField", vec![text(model), text(name), field(own), truth(*preserve_default)])
        }
        Operation::RenameField { model, old_name, new_name } => {
            ("RenameField", vec![text(model), text(old_name), text(new_name)])
        }
        Operation::AddIndex { model, index: own } => ("AddIndex", vec![text(model), index(own)]),
        Operation::RemoveIndex { model, name } => ("RemoveIndex", vec![text(model), text(name)]),
        Operation::RenameIndex { model, old_name, new_name } => {
            let names = format!("new_name={}, old_name={}", text(new_name), text(old_name));
            ("RenameIndex", vec![text(model), names])
        }
        Operation::AddConstraint { model, constraint: own } => ("AddConstraint", vec![text(model), constraint(own)]),
        Operation::RemoveConstraint { model, name } => ("RemoveConstraint", vec![text(model), text(name)]),
        other => panic!("a walk does not make {other:?}"),
    };
    format!("migrations.{name}({})", args.join(", "))
}

type Pairs = Vec<(&'static str, String)>;

fn pairs(all: &Pairs, between: &str, key: fn(&str) -> String) -> String {
    all.iter().map(|(name, value)| format!("{}{between}{value}", key(name))).collect::<Vec<_>>().join(", ")
}

fn options_of(options: &Options) -> Pairs {
    let mut all = Pairs::new();
    let mut say = |name, value| all.push((name, value));
    if let Some(table) = &options.db_table {
        say("db_table", text(table));
    }
    if let Some(comment) = &options.db_table_comment {
        say("db_table_comment", text(comment));
    }
    if let Some(name) = &options.verbose_name {
        say("verbose_name", text(name));
    }
    if !options.ordering.is_empty() {
        say("ordering", texts(&options.ordering));
    }
    if !options.unique_together.is_empty() {
        say("unique_together", together(&options.unique_together));
    }
    if let Some(name) = &options.order_with_respect_to {
        say("order_with_respect_to", text(name));
    }
    if options.proxy {
        say("proxy", truth(true));
    }
    say("indexes", list(options.indexes.iter().map(index)));
    say("constraints", list(options.constraints.iter().map(constraint)));
    all
}

fn together(rules: &[Vec<String>]) -> String {
    format!("set([{}])", rules.iter().map(|rule| format!("tuple({})", texts(rule))).collect::<Vec<_>>().join(", "))
}

fn field(field: &Field) -> String {
    let mut all = Pairs::new();
    match &field.kind {
        Kind::CompositePrimaryKey { fields } => {
            let names: Vec<String> = fields.iter().map(|name| text(name)).collect();
            return format!("models.CompositePrimaryKey({})", names.join(", "));
        }
        Kind::ForeignKey(to) | Kind::OneToOne(to) => relation(to, &mut all),
        Kind::ManyToMany(many) => {
            all.push(("to", label(&many.to)));
            all.push(("related_name", optional(many.related_name.as_deref())));
            if let Some(through) = &many.through {
                all.push(("through", label(through)));
            }
            if let Some(table) = &many.db_table {
                all.push(("db_table", text(table)));
            }
        }
        Kind::Decimal { max_digits, decimal_places } => {
            all.push(("max_digits", number(*max_digits)));
            all.push(("decimal_places", number(*decimal_places)));
        }
        Kind::Char { max_length }
        | Kind::Text { max_length }
        | Kind::Slug { max_length, .. }
        | Kind::Email { max_length }
        | Kind::Url { max_length }
        | Kind::Binary { max_length }
        | Kind::File { max_length, .. }
        | Kind::Image { max_length, .. }
        | Kind::FilePath { max_length, .. } => {
            all.extend(max_length.map(|most| ("max_length", most.to_string())));
        }
        Kind::Date { auto_now, auto_now_add }
        | Kind::DateTime { auto_now, auto_now_add }
        | Kind::Time { auto_now, auto_now_add } => {
            all.push(("auto_now", truth(*auto_now)));
            all.push(("auto_now_add", truth(*auto_now_add)));
        }
        Kind::Generated { expression: own, output, db_persist } => {
            all.push(("expression", expression(own)));
            all.push(("output_field", self::field(output)));
            all.push(("db_persist", truth(*db_persist)));
        }
        _ => {}
    }
    switches(field, &mut all);
    format!("models.{}({})", field.kind.class(), pairs(&all, "=", str::to_owned))
}

fn relation(relation: &Relation, all: &mut Pairs) {
    all.push(("to", label(&relation.to)));
    let on_delete = match relation.on_delete {
        OnDelete::Cascade => "CASCADE",
        OnDelete::DoNothing => "DO_NOTHING",
        ref other => panic!("a walk does not make {other:?}"),
    };
    all.push(("on_delete", format!("models.{on_delete}")));
    all.push(("db_constraint", truth(relation.db_constraint)));
    all.push(("parent_link", truth(relation.parent_link)));
    if let Some(name) = &relation.related_name {
        all.push(("related_name", text(name)));
    }
    if let Some(name) = &relation.to_field {
        all.push(("to_field", text(name)));
    }
}

fn switches(field: &Field, all: &mut Pairs) {
    let usual = Field::new(field.kind.clone());
    let switches = [
        ("null", field.null, usual.null),
        ("blank", field.blank, usual.blank),
        ("primary_key", field.primary_key, usual.primary_key),
        ("unique", field.unique, usual.unique),
        ("db_index", field.db_index, usual.db_index),
    ];
    all.extend(switches.iter().filter(|(_, is, was)| is != was).map(|(name, is, _)| (*name, truth(*is))));
    if let Some(Initial::Value(own)) = &field.default {
        all.push(("default", value(own)));
    }
    if let Some(own) = &field.db_default {
        all.push(("db_default", expression(own)));
    }
    for (name, own) in [("db_column", &field.db_column), ("db_comment", &field.db_comment)] {
        if let Some(own) = own {
            all.push((name, text(own)));
        }
    }
}

fn index(index: &Index) -> String {
    let mut args: Vec<String> = index.expressions.iter().map(expression).collect();
    if !index.fields.is_empty() {
        args.push(format!("fields={}", list(index.fields.iter().map(|field| text(&field.written())))));
    }
    args.push(format!("name={}", text(&index.name)));
    if let Some(own) = &index.condition {
        args.push(format!("condition={}", condition(own)));
    }
    format!("models.Index({})", args.join(", "))
}

fn constraint(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Check(check) => {
            format!("models.CheckConstraint(condition={}, name={})", condition(&check.condition), text(&check.name))
        }
        Constraint::Unique(unique) => {
            let mut args: Vec<String> = unique.expressions.iter().map(expression).collect();
            if !unique.fields.is_empty() {
                args.push(format!("fields={}", texts(&unique.fields)));
            }
            args.push(format!("name={}", text(&unique.name)));
            if let Some(own) = &unique.condition {
                args.push(format!("condition={}", condition(own)));
            }
            if let Some(own) = unique.deferrable {
                let when = match own {
                    Deferrable::Deferred => "DEFERRED",
                    Deferrable::Immediate => "IMMEDIATE",
                };
                args.push(format!("deferrable=models.Deferrable.{when}"));
            }
            if let Some(own) = unique.nulls_distinct {
                args.push(format!("nulls_distinct={}", truth(own)));
            }
            format!("models.UniqueConstraint({})", args.join(", "))
        }
    }
}

fn expression(expr: &Expr) -> String {
    match expr {
        Expr::F(name) => format!("models.F({})", text(name)),
        Expr::Value(own) => format!("models.Value({})", value(own)),
        Expr::Func { name, args } => {
            format!("functions.{name}({})", args.iter().map(expression).collect::<Vec<_>>().join(", "))
        }
        Expr::Combined { left, operator: Operator::Add, right } => {
            format!("({} + {})", expression(left), expression(right))
        }
        Expr::OrderBy { expr, descending: true, nulls_first: None } => format!("{}.desc()", expression(expr)),
        other => panic!("a walk does not make {other:?}"),
    }
}

fn condition(own: &Condition) -> String {
    let joined = |all: &[Condition], with: &str| all.iter().map(condition).collect::<Vec<_>>().join(with);
    match own {
        Condition::And(all) => format!("({})", joined(all, " & ")),
        Condition::Or(all) => format!("({})", joined(all, " | ")),
        Condition::Not(one) => format!("~{}", condition(one)),
        Condition::Lookup { key, value: Expr::Value(own) } => format!("models.Q({key}={})", value(own)),
        other => panic!("a walk does not make {other:?}"),
    }
}

fn value(own: &Value) -> String {
    match own {
        Value::Null => "None".to_owned(),
        Value::Bool(yes) => truth(*yes),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Decimal(own) => format!("decimal.Decimal({})", text(own)),
        Value::Text(own) => text(own),
        Value::Bytes(bytes) => {
            format!(
                "b'{}'",
                bytes.iter().fold(String::new(), |mut out, byte| {
                    let _ = write!(out, "\\x{byte:02x}");
                    out
                })
            )
        }
        Value::Date(own) => format!("datetime.date.fromisoformat({})", text(own)),
        Value::DateTime(own) => format!("datetime.datetime.fromisoformat({})", text(&format!("{own}+00:00"))),
        Value::Time(own) => format!("datetime.time.fromisoformat({})", text(own)),
        Value::Duration(microseconds) => format!("datetime.timedelta(microseconds={microseconds})"),
        Value::Uuid(own) => format!("uuid.UUID({})", text(own)),
        // A JSON text of a walk reads the same in Python.
        Value::Json(own) => own.clone(),
        Value::List(all) => list(all.iter().map(value)),
    }
}

fn label(to: &To) -> String {
    text(&to.label_lower())
}

fn text(own: &str) -> String {
    format!("{own:?}")
}

fn texts(all: &[String]) -> String {
    list(all.iter().map(|own| text(own)))
}

fn list(all: impl Iterator<Item = String>) -> String {
    format!("[{}]", all.collect::<Vec<_>>().join(", "))
}

fn optional(own: Option<&str>) -> String {
    own.map_or_else(|| "None".to_owned(), text)
}

fn number(own: Option<u32>) -> String {
    own.map_or_else(|| "None".to_owned(), |own| own.to_string())
}

fn truth(yes: bool) -> String {
    if yes { "True" } else { "False" }.to_owned()
}
