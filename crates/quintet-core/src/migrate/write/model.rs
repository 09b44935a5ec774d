//! Options of models, indexes and constraints as Rust.

use super::text::Text;
use super::value::{condition, expressions};
use crate::schema::{Check, Constraint, Deferrable, Index, IndexKind, IndexedField, Manager, Options, Unique};

pub(super) fn options(options: &Options) -> Text {
    let mut text = Text::call("options", vec![]);
    let texts = [("db_table", &options.db_table), ("db_table_comment", &options.db_table_comment)];
    text = named(text, &texts);
    text = several(text, "ordering", &options.ordering);
    for rule in &options.unique_together {
        text = text.then("unique_together", vec![Text::Slice(Text::strings(rule))]);
    }
    text = named(text, &[("order_with_respect_to", &options.order_with_respect_to)]);
    text = options.indexes.iter().fold(text, |text, one| text.then("index", vec![index(one)]));
    text = options.constraints.iter().fold(text, |text, one| text.then("constraint", vec![constraint(one)]));
    let switches =
        [(options.proxy, "proxy"), (!options.managed, "unmanaged"), (options.select_on_save, "select_on_save")];
    for (_, word) in switches.iter().filter(|(said, _)| *said) {
        text = text.then(word, vec![]);
    }
    for (codename, name) in &options.permissions {
        text = text.then("permission", vec![Text::string(codename), Text::string(name)]);
    }
    if let Some(verbs) = &options.default_permissions {
        text = text.then("default_permissions", vec![Text::Slice(Text::strings(verbs))]);
    }
    text = several(text, "get_latest_by", &options.get_latest_by);
    named(
        text,
        &[
            ("swappable", &options.swappable),
            ("verbose_name", &options.verbose_name),
            ("verbose_name_plural", &options.verbose_name_plural),
            ("base_manager_name", &options.base_manager_name),
            ("default_manager_name", &options.default_manager_name),
            ("default_related_name", &options.default_related_name),
        ],
    )
}

pub(super) fn index(index: &Index) -> Text {
    let text = if index.expressions.is_empty() {
        let fields: Vec<String> = index.fields.iter().map(IndexedField::written).collect();
        Text::call("index", vec![Text::Slice(Text::strings(&fields))])
    } else {
        Text::call("Index::on", vec![expressions(&index.expressions)])
    };
    let text = if index.name.is_empty() { text } else { text.then("name", vec![Text::string(&index.name)]) };
    let text = index.condition.iter().fold(text, |text, one| text.then("condition", vec![condition(one)]));
    let text = several(several(text, "include", &index.include), "opclasses", &index.opclasses);
    let kind = match index.kind {
        IndexKind::Default => return text,
        IndexKind::BTree => "IndexKind::BTree",
        IndexKind::Brin => "IndexKind::Brin",
        IndexKind::Gin => "IndexKind::Gin",
        IndexKind::Gist => "IndexKind::Gist",
        IndexKind::Hash => "IndexKind::Hash",
        IndexKind::SpGist => "IndexKind::SpGist",
    };
    text.then("kind", vec![Text::word(kind)])
}

pub(super) fn constraint(constraint: &Constraint) -> Text {
    match constraint {
        Constraint::Unique(one) => unique(one),
        Constraint::Check(one) => check(one),
    }
}

fn unique(unique: &Unique) -> Text {
    let name = Text::string(&unique.name);
    let text = if unique.expressions.is_empty() {
        Text::call("unique", vec![name, Text::Slice(Text::strings(&unique.fields))])
    } else {
        Text::call("unique_on", vec![name, expressions(&unique.expressions)])
    };
    let text = unique.condition.iter().fold(text, |text, one| text.then("condition", vec![condition(one)]));
    let text = match unique.deferrable {
        None => text,
        Some(Deferrable::Deferred) => text.then("deferrable", vec![Text::word("Deferrable::Deferred")]),
        Some(Deferrable::Immediate) => text.then("deferrable", vec![Text::word("Deferrable::Immediate")]),
    };
    let text = several(several(text, "include", &unique.include), "opclasses", &unique.opclasses);
    let text = match unique.nulls_distinct {
        None => text,
        Some(yes) => text.then("nulls_distinct", vec![Text::Literal(yes.to_string())]),
    };
    named(text, &[("message", &unique.violation_error_message), ("code", &unique.violation_error_code)])
}

fn check(check: &Check) -> Text {
    let text = Text::call("check", vec![Text::string(&check.name), condition(&check.condition)]);
    named(text, &[("message", &check.violation_error_message), ("code", &check.violation_error_code)])
}

pub(super) fn managers(managers: &[Manager]) -> Text {
    let pair = |one: &Manager| Text::Tuple(vec![Text::string(&one.name), Text::string(&one.path)]);
    Text::Vec(managers.iter().map(pair).collect())
}

fn several(text: Text, method: &str, words: &[String]) -> Text {
    if words.is_empty() { text } else { text.then(method, vec![Text::Slice(Text::strings(words))]) }
}

fn named(text: Text, all: &[(&str, &Option<String>)]) -> Text {
    all.iter().fold(text, |text, (method, words)| {
        words.iter().fold(text, |text, words| text.then(method, vec![Text::string(words)]))
    })
}
