//! Where a walk begins: a few models in one app or two.

use quintet_core::schema::words::*;
use quintet_core::schema::{Field, Kind, ModelKey, ModelState, OnDelete, To};

use super::field::{can_be_unique, is_text, is_whole, plain};
use super::models::Models;
use crate::support::Random;

/// Models to begin with.
pub(super) fn models(random: &mut Random) -> Models {
    let mut models = Models::new();
    let apps = if random.below(2) == 0 { &["a"][..] } else { &["a", "b"] };
    for _ in 0..2 + random.below(3) {
        let app = *random.one_of(apps);
        new_model(&mut models, random, app);
    }
    let keys = models.with_table();
    for key in keys {
        // Keys to later models, and to itself: only where there may be none.
        if random.below(2) == 0 {
            let name = models.name("f");
            if let Some(to) = some_target(&models, random) {
                let field = relation(&mut models, random, &to).null();
                models.model_mut(&key).fields.push((name, field));
            }
        }
        if random.below(3) == 0 && has_single_key(&models, &key) {
            many(&mut models, random, &key);
        }
        for _ in 0..random.below(3) {
            super::change::rule(&mut models, random, &key);
        }
    }
    models
}

/// A new model with a table, of one of several shapes.
pub(super) fn new_model(models: &mut Models, random: &mut Random, app: &str) -> ModelKey {
    let mut model = ModelState::new(&models.name("Model"));
    app.clone_into(&mut model.app);
    let parents: Vec<ModelKey> = models
        .with_table()
        .into_iter()
        .filter(|key| models.model(key).bases.is_empty() && id_of(models, key))
        .collect();
    match random.below(9) {
        0 => {
            let (one, two) = (models.name("f"), models.name("f"));
            model.fields.push(("pk".to_owned(), composite_primary_key(&[&one, &two])));
            model.fields.push((one, integer()));
            model.fields.push((two, char(30)));
        }
        1 => {
            let name = models.name("f");
            let field = random.one_of(&[char(40), uuid(), slug()]).clone();
            model.fields.push((name, field.primary_key()));
        }
        2 | 3 if !parents.is_empty() => {
            let (app, name) = random.one_of(&parents).clone();
            let link = one_to_one(format!("{app}.{name}").as_str(), OnDelete::Cascade).parent_link().primary_key();
            model.fields.push((models.name("f"), link));
            model.bases.push(format!("{app}.{name}"));
        }
        4 => model.fields.push(("id".to_owned(), auto().primary_key())),
        _ => model.fields.push(("id".to_owned(), big_auto().primary_key())),
    }
    for _ in 0..1 + random.below(4) {
        let name = models.name("f");
        model.fields.push((name, start_field(random)));
    }
    computed(models, random, &mut model);
    if random.below(2) == 0
        && let Some(to) = some_target(models, random)
    {
        let name = models.name("f");
        let key = relation(models, random, &to);
        model.fields.push((name, key));
    }
    if random.below(6) == 0 {
        model.options.db_table = Some(models.name("table"));
    }
    let key = model.key();
    models.add(model);
    key
}

/// A field with some of the options that a column can have.
pub(super) fn start_field(random: &mut Random) -> Field {
    let mut field = plain(random);
    if random.below(3) == 0 {
        field.null = true;
    }
    match random.below(6) {
        0 if can_be_unique(&field.kind) => field.unique = true,
        1 => field.db_index = true,
        _ => {}
    }
    if random.below(6) == 0 {
        field.db_column = Some(format!("column{}", random.below(1_000_000)));
    }
    if random.below(6) == 0 && !field.unique {
        field.db_default = database_default(&field);
    }
    if random.below(12) == 0 {
        field.db_comment = Some("a word".to_owned());
    }
    field
}

/// What the database gives a new row.
pub(super) fn database_default(field: &Field) -> Option<quintet_core::schema::Expr> {
    match field.kind {
        Kind::DateTime { .. } => Some(now()),
        Kind::Boolean => Some(true.into()),
        Kind::Float => Some(1.5.into()),
        _ if is_whole(&field.kind) => Some(7.into()),
        Kind::Char { .. } | Kind::Text { .. } => Some("word".into()),
        _ => None,
    }
}

/// Sometimes a column that the database computes.
fn computed(models: &mut Models, random: &mut Random, model: &mut ModelState) {
    if random.below(4) > 0 {
        return;
    }
    if let Some(field) = computed_of(&model.fields) {
        model.fields.push((models.name("f"), field));
    }
}

/// A column computed from one of some fields.
pub(super) fn computed_of(fields: &[(String, Field)]) -> Option<Field> {
    let whole = fields.iter().find(|(_, field)| is_whole(&field.kind) && !field.primary_key);
    let words = fields.iter().find(|(_, field)| is_text(&field.kind) && !field.primary_key);
    match (whole, words) {
        (Some((name, _)), _) => Some(generated(f(name) + 1, big_integer().null(), true)),
        (None, Some((name, _))) => Some(generated(lower(name), text().null(), true)),
        _ => None,
    }
}

/// A model that a key can refer to.
pub(super) fn some_target(models: &Models, random: &mut Random) -> Option<ModelKey> {
    let all: Vec<ModelKey> = models.with_table().into_iter().filter(|key| has_single_key(models, key)).collect();
    if all.is_empty() { None } else { Some(random.one_of(&all).clone()) }
}

/// Whether a model's key is one column.
pub(super) fn has_single_key(models: &Models, key: &ModelKey) -> bool {
    models.model(key).primary_key().is_some_and(|(_, field)| field.has_column())
}

/// Whether a model's key is a number that counts up.
pub(super) fn id_of(models: &Models, key: &ModelKey) -> bool {
    models.model(key).primary_key().is_some_and(|(_, field)| field.kind.is_auto())
}

/// A key to a model, now and then by another field than its primary key.
pub(super) fn relation(models: &mut Models, random: &mut Random, to: &ModelKey) -> Field {
    let target = models.model(to).label();
    let mut field = match random.below(5) {
        0 => one_to_one(To::named(&target), OnDelete::Cascade),
        _ => foreign_key(To::named(&target), OnDelete::Cascade),
    };
    // The reference does not follow a key without a way back when its model gets another name.
    let back = models.name("back");
    field = field.related_name(if random.below(2) == 0 { "+" } else { &back });
    if random.below(4) == 0
        && let Some((name, _)) =
            models.some_field(random, to, |_, field| field.unique && !field.null && can_be_unique(&field.kind))
    {
        field = field.to_field(&name);
    }
    match random.below(10) {
        0 => field.no_db_constraint(),
        1 if !field.unique => field.no_db_index(),
        _ => field,
    }
}

/// A many-to-many field on a model, with a model of its own between or without.
pub(super) fn many(models: &mut Models, random: &mut Random, key: &ModelKey) {
    let Some(to) = some_target(models, random) else { return };
    let target = models.model(&to).label();
    let name = models.name("f");
    let mut field = many_to_many(To::named(&target)).related_name("+");
    if random.below(3) == 0 && to != *key {
        let mut between = ModelState::new(&models.name("Between"));
        key.0.clone_into(&mut between.app);
        let own = models.model(key).label();
        let (here, there) = (models.name("f"), models.name("f"));
        between.fields = vec![
            ("id".to_owned(), big_auto().primary_key()),
            (here, foreign_key(To::named(&own), OnDelete::Cascade).related_name("+")),
            (there, foreign_key(To::named(&target), OnDelete::Cascade).related_name("+")),
        ];
        field = field.through(To::named(&between.label()));
        models.add(between);
    } else if random.below(5) == 0 {
        field = field.db_table(&models.name("table"));
    }
    models.model_mut(key).fields.push((name, field));
}
