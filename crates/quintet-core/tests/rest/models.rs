//! The fields that the reference makes of the models of a project, beside those that we make.

use quintet_core::json::{self, Json};
use quintet_core::query::Registry;
use quintet_core::rest::{Field, Kind, RelatedTo, TextForm, Validator, of_model};
use quintet_core::schema::{ProjectState, Rule};
use quintet_core::sql::Dialect;

use crate::recorded::{member, read, written};
use crate::states;

/// The models after all migrations of the project.
fn registry() -> Registry {
    let mut state = ProjectState::new("auth.User");
    for migration in states::project_migrations() {
        migration.apply(&mut state).expect("a migration that can be applied");
    }
    Registry::new(&state, "UTC").expect("good models")
}

#[test]
fn fields_made_of_models_are_those_of_the_reference() {
    let recording = json::parse_text(&read("vectors/model_fields.json")).expect("a recording");
    let registry = registry();
    let (mut count, mut different) = (0, vec![]);
    for (dialect, name) in [(Dialect::Sqlite, "sqlite"), (Dialect::Postgres, "postgres")] {
        let Json::Object(models) = member(&recording, name) else { panic!("no models") };
        for (label, fields) in models.iter() {
            let (app, model) = label.split_once('.').expect("a label");
            let info = registry.model(registry.find(app, model).unwrap_or_else(|| panic!("no model `{label}`")));
            let Json::Object(fields) = fields else { panic!("no fields") };
            for (field, theirs) in fields.iter() {
                count += 1;
                let ours = of_model(&registry, info, field, dialect).map(|field| facts(&field));
                let ours = ours.unwrap_or_else(|| panic!("no field `{label}.{field}`"));
                if ours != *theirs {
                    let (theirs, ours) = (written(theirs), written(&ours));
                    different.push(format!("{name} {label}.{field}\n    theirs {theirs}\n    ours   {ours}"));
                }
            }
        }
    }
    assert!(count > 200, "{count} fields");
    assert!(different.is_empty(), "{} of {count} differ:\n{}", different.len(), different.join("\n"));
}

/// What the recording says of a field.
fn facts(field: &Field) -> Json {
    let mut facts = json::Object::new();
    // What the database computes is of another class there, which does the same.
    let class = if matches!(field.kind, Kind::ReadOnly) { "ModelField" } else { field.kind.class() };
    facts.insert("class", class);
    facts.insert("info", field.metadata());
    facts.insert("allow_null", field.allow_null);
    match &field.kind {
        Kind::Char(text) => facts.insert("allow_blank", text.allow_blank),
        Kind::Choice(choices) => facts.insert("allow_blank", choices.allow_blank),
        Kind::Related(related) if related.many => facts.insert("allow_empty", related.allow_empty),
        Kind::Related(related) => {
            if let RelatedTo::Slug(name) = &related.to {
                facts.insert("slug_field", name.as_str());
            }
        }
        _ => {}
    }
    let listed = field.validators.iter().map(|validator| match validator {
        Validator::Unique(unique) => vec!["UniqueValidator", unique.message()],
        Validator::Rule(validator) => vec![class_of(&validator.rule)],
        Validator::Own(_) => vec!["function"],
    });
    let listed: Vec<Vec<&str>> = listed.chain(of_kind(&field.kind)).collect();
    let listed = if field.read_only { vec![] } else { listed };
    facts.insert("validators", Json::from(listed.iter().map(|names| Json::from(names.clone())).collect::<Vec<_>>()));
    Json::Object(facts)
}

fn class_of(rule: &Rule) -> &'static str {
    match rule {
        Rule::MinValue(_) => "MinValueValidator",
        Rule::MaxValue(_) => "MaxValueValidator",
        Rule::MinLength(_) => "MinLengthValidator",
        Rule::MaxLength(_) => "MaxLengthValidator",
        Rule::Regex { .. } | Rule::Slug | Rule::UnicodeSlug => "RegexValidator",
        Rule::Decimal(..) => "DecimalValidator",
        Rule::Username(false) => "UnicodeUsernameValidator",
        Rule::Email => "EmailValidator",
        Rule::Url(_) => "URLValidator",
        other => panic!("{other:?}"),
    }
}

/// What a kind asks besides, in its order.
fn of_kind(kind: &Kind) -> Vec<Vec<&'static str>> {
    let mut names = vec![];
    match kind {
        Kind::Char(text) => {
            names.extend(text.max_length.map(|_| "MaxLengthValidator"));
            names.extend(text.min_length.map(|_| "MinLengthValidator"));
            names.extend(["ProhibitNullCharactersValidator", "ProhibitSurrogateCharactersValidator"]);
            names.extend(match text.form {
                TextForm::Any => None,
                TextForm::Email => Some("EmailValidator"),
                TextForm::Url => Some("URLValidator"),
                TextForm::Slug { .. } | TextForm::Regex(_) => Some("RegexValidator"),
                TextForm::Ip(_) => Some("function"),
            });
        }
        Kind::Integer(integers) => limits(&integers.limits, &mut names),
        Kind::Decimal(decimals) => limits(&decimals.limits, &mut names),
        Kind::Float(of) | Kind::Duration { limits: of, .. } => limits(of, &mut names),
        _ => {}
    }
    names.into_iter().map(|name| vec![name]).collect()
}

fn limits(limits: &quintet_core::rest::Limits, names: &mut Vec<&'static str>) {
    names.extend(limits.max.as_ref().map(|_| "MaxValueValidator"));
    names.extend(limits.min.as_ref().map(|_| "MinValueValidator"));
}
