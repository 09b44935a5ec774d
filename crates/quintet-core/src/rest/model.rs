//! The field of a serializer that a model's field asks for: its kind, limits, validators, labels, and what must be given.

use super::{
    Choices, Decimals, Field, Files, Integers, Kind, Limits, Related, RelatedTo, Text, TextForm, Unique, UuidFormat,
    Validator,
};
use crate::python::capital;
use crate::query::{Link, ModelInfo, Registry, Way};
use crate::schema::{self, Constraint, IpProtocol, Rule, Value};
use crate::sql::Dialect;

/// The field for a name of a model: one of its fields, or a way back to it. None where it has no such name.
pub fn of_model(registry: &Registry, info: &ModelInfo, name: &str, dialect: Dialect) -> Option<Field> {
    let owned = info.columns.iter().find(|column| column.name == name).map(|column| &column.field);
    let many = || info.state.fields.iter().find(|(known, _)| known == name).map(|(_, field)| field);
    let Some(of) = owned.or_else(many) else {
        let link = info.links.values().find(|link| link.accessor.as_deref() == Some(name))?;
        return Some(of_link(registry, link).named(name.to_owned()));
    };
    let link = of.relation().map(|_| ()).or_else(|| of.kind.many_to_many().map(|_| ())).and(info.links.get(name));
    let field = match link {
        Some(link) => of_relation(registry, info, name, of, link),
        None => of_column(info, name, of, dialect),
    };
    Some(field)
}

/// A field that keeps a value of its own.
fn of_column(info: &ModelInfo, name: &str, of: &schema::Field, dialect: Dialect) -> Field {
    let mut field = named(Field::new(kind(of)), name, of);
    if let schema::Kind::Generated { output, .. } = &of.kind {
        field.about = Some(Box::new(Field::new(kind(output))));
    }
    field.allow_null = of.null;
    if !of.choices.is_empty() {
        field.kind = Kind::Choice(Choices { choices: of.choices.clone(), allow_blank: false });
    }
    if of.kind.is_auto() || !of.editable {
        return field.read_only();
    }
    field.required = !(of.default.is_some() || of.blank || of.null);
    let is_text = is_text(&of.kind);
    match &mut field.kind {
        Kind::Char(text) => text.allow_blank = of.blank && is_text,
        Kind::Choice(choices) => choices.allow_blank = of.blank && is_text,
        _ => {}
    }
    let mut rules = rules_of(of, dialect);
    if of.choices.is_empty() {
        limit(&mut field.kind, &of.kind, &mut rules);
    }
    lengths(&mut field.kind, &of.kind, &mut rules);
    field.validators = rules.into_iter().map(Validator::Rule).collect();
    field.validators.extend(unique(info, name, of).map(Validator::Unique));
    field
}

/// The label and the word to people.
fn named(mut field: Field, name: &str, of: &schema::Field) -> Field {
    field.name = name.to_owned().into();
    if !of.help_text.is_empty() {
        field.help_text = Some(of.help_text.clone());
    }
    let label = capital(&label_of(name, of));
    if label != field.title() && !label.is_empty() {
        field.label = Some(label);
    }
    field
}

fn kind(of: &schema::Field) -> Kind {
    let text = |form, max_length| Kind::Char(Text { form, max_length, ..Text::default() });
    match &of.kind {
        schema::Kind::Char { .. } | schema::Kind::Text { .. } => text(TextForm::Any, None),
        schema::Kind::Slug { allow_unicode, .. } => text(TextForm::Slug { allow_unicode: *allow_unicode }, None),
        schema::Kind::Email { .. } => text(TextForm::Email, None),
        schema::Kind::Url { .. } => text(TextForm::Url, None),
        schema::Kind::GenericIpAddress { protocol, .. } if of.editable => text(TextForm::Ip(*protocol), None),
        schema::Kind::GenericIpAddress { .. } => text(TextForm::Ip(IpProtocol::Both), None),
        schema::Kind::BigAuto | schema::Kind::BigInteger | schema::Kind::PositiveBigInteger => {
            Kind::Integer(Integers { big: true, ..Integers::default() })
        }
        schema::Kind::SmallAuto
        | schema::Kind::Auto
        | schema::Kind::SmallInteger
        | schema::Kind::Integer
        | schema::Kind::PositiveSmallInteger
        | schema::Kind::PositiveInteger
        | schema::Kind::OrderWrt => Kind::Integer(Integers::default()),
        schema::Kind::Decimal { max_digits, decimal_places } => {
            Kind::Decimal(Decimals { max_digits: *max_digits, decimal_places: *decimal_places, ..Decimals::default() })
        }
        schema::Kind::Float => Kind::Float(Limits::default()),
        schema::Kind::Boolean => Kind::Boolean,
        schema::Kind::Date { .. } => Field::date().kind,
        schema::Kind::DateTime { .. } => Field::datetime().kind,
        schema::Kind::Time { .. } => Field::time().kind,
        schema::Kind::Duration => Field::duration().kind,
        schema::Kind::Uuid => Kind::Uuid(UuidFormat::HexVerbose),
        schema::Kind::Json => Kind::Json { binary: false },
        schema::Kind::Binary { .. } => Kind::Binary { max_length: None },
        schema::Kind::File { .. } => Kind::File(Files::default()),
        schema::Kind::Image { .. } => Kind::Image(Files::default()),
        // Which files there are is not known here: who knows gives the choices.
        schema::Kind::FilePath { .. } => Kind::FilePath(Choices::default()),
        schema::Kind::Generated { .. }
        | schema::Kind::CompositePrimaryKey { .. }
        | schema::Kind::ForeignKey(_)
        | schema::Kind::OneToOne(_)
        | schema::Kind::ManyToMany(_) => Kind::ReadOnly,
    }
}

/// The classes that are text to the reference; paths and addresses are not.
fn is_text(kind: &schema::Kind) -> bool {
    matches!(
        kind,
        schema::Kind::Char { .. }
            | schema::Kind::Text { .. }
            | schema::Kind::Slug { .. }
            | schema::Kind::Email { .. }
            | schema::Kind::Url { .. }
    )
}

/// All validators that the model's field has: those of its kind, its own, and those of the database's range.
fn rules_of(of: &schema::Field, dialect: Dialect) -> Vec<schema::Validator> {
    let by_kind = match &of.kind {
        schema::Kind::Email { .. } => Some(Rule::Email),
        schema::Kind::Url { .. } => Some(Rule::Url(vec![])),
        schema::Kind::Slug { allow_unicode: true, .. } => Some(Rule::UnicodeSlug),
        schema::Kind::Slug { .. } => Some(Rule::Slug),
        schema::Kind::GenericIpAddress { protocol, .. } => Some(match protocol {
            IpProtocol::Both => Rule::Ipv46,
            IpProtocol::Ipv4 => Rule::Ipv4,
            IpProtocol::Ipv6 => Rule::Ipv6,
        }),
        _ => None,
    };
    let mut rules: Vec<schema::Validator> = by_kind.map(schema::Validator::new).into_iter().collect();
    rules.extend(of.validators.iter().cloned());
    match &of.kind {
        schema::Kind::Char { max_length: Some(most) }
        | schema::Kind::Email { max_length: Some(most) }
        | schema::Kind::Url { max_length: Some(most) }
        | schema::Kind::Slug { max_length: Some(most), .. }
        | schema::Kind::Binary { max_length: Some(most) } => {
            rules.push(schema::Validator::new(Rule::MaxLength(*most)));
        }
        schema::Kind::Decimal { max_digits, decimal_places } => rules.push(schema::Validator::new(Rule::Decimal(
            max_digits.unwrap_or(u32::MAX),
            decimal_places.unwrap_or(u32::MAX),
        ))),
        kind => range(kind, dialect, &mut rules),
    }
    rules
}

/// What the database can keep in a column for whole numbers, where the field's own limits are not narrower.
fn range(kind: &schema::Kind, dialect: Dialect, rules: &mut Vec<schema::Validator>) {
    use schema::Kind::{BigInteger, Integer, PositiveBigInteger, PositiveInteger, PositiveSmallInteger, SmallInteger};
    let is_exact = dialect == Dialect::Postgres;
    let (least, most): (i64, i64) = match kind {
        SmallInteger if is_exact => (i16::MIN.into(), i16::MAX.into()),
        Integer if is_exact => (i32::MIN.into(), i32::MAX.into()),
        PositiveSmallInteger if is_exact => (0, i16::MAX.into()),
        PositiveInteger if is_exact => (0, i32::MAX.into()),
        SmallInteger | Integer | BigInteger => (i64::MIN, i64::MAX),
        PositiveSmallInteger | PositiveInteger | PositiveBigInteger => (0, i64::MAX),
        _ => return,
    };
    let own_least = |rule: &Rule| matches!(rule, Rule::MinValue(Value::Int(own)) if *own >= least);
    if !rules.iter().any(|validator| own_least(&validator.rule)) {
        rules.push(schema::Validator::new(Rule::MinValue(Value::Int(least))));
    }
    let own_most = |rule: &Rule| matches!(rule, Rule::MaxValue(Value::Int(own)) if *own <= most);
    if !rules.iter().any(|validator| own_most(&validator.rule)) {
        rules.push(schema::Validator::new(Rule::MaxValue(Value::Int(most))));
    }
}

/// What the types of models hold of a column, where SQLite keeps any whole number of 64 bits.
pub fn held(kind: &schema::Kind) -> Option<(i64, i64)> {
    use schema::Kind::{BigInteger, Integer, PositiveBigInteger, PositiveInteger, PositiveSmallInteger, SmallInteger};
    Some(match kind {
        SmallInteger => (i16::MIN.into(), i16::MAX.into()),
        Integer => (i32::MIN.into(), i32::MAX.into()),
        BigInteger => (i64::MIN, i64::MAX),
        PositiveSmallInteger => (0, u16::MAX.into()),
        PositiveInteger => (0, u32::MAX.into()),
        PositiveBigInteger => (0, i64::MAX),
        _ => return None,
    })
}

/// Limits become the field's own, with its texts; what its kind asks already is not asked twice.
fn limit(kind: &mut Kind, of: &schema::Kind, rules: &mut Vec<schema::Validator>) {
    let limits = match kind {
        Kind::Integer(integers) => Some(&mut integers.limits),
        Kind::Decimal(decimals) => Some(&mut decimals.limits),
        Kind::Float(limits) | Kind::Duration { limits, .. } => Some(limits),
        _ => None,
    };
    if let Some(limits) = limits {
        limits.max = first(rules, |rule| match rule {
            Rule::MaxValue(most) => Some(most.clone()),
            _ => None,
        });
        limits.min = first(rules, |rule| match rule {
            Rule::MinValue(least) => Some(least.clone()),
            _ => None,
        });
        rules.retain(|validator| !matches!(validator.rule, Rule::MinValue(_) | Rule::MaxValue(_)));
    }
    rules.retain(|validator| match (&validator.rule, of) {
        (Rule::Url(_), schema::Kind::Url { .. }) | (Rule::Decimal(..), schema::Kind::Decimal { .. }) => false,
        (Rule::Email, schema::Kind::Email { .. }) | (Rule::Slug, schema::Kind::Slug { .. }) => {
            validator.message.is_some() || validator.code.is_some()
        }
        (Rule::Ipv4 | Rule::Ipv6 | Rule::Ipv46, schema::Kind::GenericIpAddress { .. }) => false,
        _ => true,
    });
}

/// The lengths become the field's own; where there is a choice there are none.
fn lengths(kind: &mut Kind, of: &schema::Kind, rules: &mut Vec<schema::Validator>) {
    let most = match of {
        schema::Kind::Char { max_length }
        | schema::Kind::Text { max_length }
        | schema::Kind::Email { max_length }
        | schema::Kind::Url { max_length }
        | schema::Kind::Slug { max_length, .. }
        | schema::Kind::File { max_length, .. }
        | schema::Kind::Image { max_length, .. } => *max_length,
        _ => None,
    };
    if most.is_some() {
        rules.retain(|validator| !matches!(validator.rule, Rule::MaxLength(_)));
    }
    let least = first(rules, |rule| match rule {
        Rule::MinLength(least) => Some(*least),
        _ => None,
    });
    let least = least.filter(|_| is_text(of) && !matches!(of, schema::Kind::Text { .. }));
    if least.is_some() {
        rules.retain(|validator| !matches!(validator.rule, Rule::MinLength(_)));
    }
    match kind {
        Kind::Char(text) => (text.max_length, text.min_length) = (most, least),
        Kind::File(files) | Kind::Image(files) => files.max_length = most,
        _ => {}
    }
}

fn first<T>(rules: &[schema::Validator], get: impl Fn(&Rule) -> Option<T>) -> Option<T> {
    rules.iter().find_map(|validator| get(&validator.rule))
}

/// That the value is unique among all rows, or among some.
fn unique<'a>(info: &'a ModelInfo, name: &'a str, of: &'a schema::Field) -> impl Iterator<Item = Unique> + 'a {
    let constrained = info.state.options.constraints.iter().filter_map(move |constraint| match constraint {
        Constraint::Unique(unique) if unique.fields.len() == 1 && unique.fields[0] == name => Some(&unique.condition),
        _ => None,
    });
    let mut conditions: Vec<Option<&schema::Condition>> = if of.is_unique() { vec![None] } else { vec![] };
    for condition in constrained {
        let condition = condition.as_ref();
        if !conditions.contains(&condition) && condition.is_none_or(|condition| names_only(condition, name)) {
            conditions.push(condition);
        }
    }
    conditions.into_iter().map(move |condition| Unique {
        message: Some(unique_message(info, name, of)),
        condition: condition.cloned(),
        ..Unique::default()
    })
}

/// Whether a condition looks at no other field.
fn names_only(condition: &schema::Condition, name: &str) -> bool {
    let mut is_only = true;
    condition.each_field(&mut |field| is_only &= field == name);
    is_only
}

fn unique_message(info: &ModelInfo, name: &str, of: &schema::Field) -> String {
    let usual = "%(model_name)s with this %(field_label)s already exists.";
    let own = of.error_messages.iter().find(|(code, _)| code == "unique");
    let text = own.map_or(usual, |(_, text)| text.as_str());
    super::rules::filled(text, &[("model_name", model_name(info)), ("field_label", label_of(name, of))])
}

/// What people call a model: `printed book`.
pub fn model_name(info: &ModelInfo) -> String {
    if let Some(name) = &info.state.options.verbose_name {
        return name.clone();
    }
    let mut words = String::new();
    let name: Vec<char> = info.state.name.chars().collect();
    for (at, letter) in name.iter().enumerate() {
        let after_small = at > 0 && (name[at - 1].is_lowercase() || name[at - 1] == '_');
        let before_small =
            at > 0 && name[at - 1].is_uppercase() && name.get(at + 1).is_some_and(|it| it.is_lowercase());
        if letter.is_uppercase() && (after_small || before_small) {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// What people call a field. A key that nobody declares is called `ID` by the reference.
fn label_of(name: &str, of: &schema::Field) -> String {
    if name == "id" && of.kind.is_auto() && !of.declared.0 && of.verbose_name.is_none() {
        return "ID".to_owned();
    }
    of.verbose_name.clone().unwrap_or_else(|| name.replace('_', " "))
}

/// A key, or rows by way of another model.
fn of_relation(registry: &Registry, info: &ModelInfo, name: &str, of: &schema::Field, link: &Link) -> Field {
    let target = registry.model(link.target);
    let slug = of.relation().and_then(|relation| relation.to_field.clone());
    let slug = slug.filter(|to| target.column(to).is_some_and(|column| !column.field.primary_key));
    let many = of.kind.many_to_many();
    let is_read_only = !of.editable || many.is_some_and(|many| many.through.is_some());
    let related = Related {
        model: target.label(),
        to: slug.map_or(RelatedTo::PrimaryKey, RelatedTo::Slug),
        many: many.is_some(),
        allow_empty: many.is_none() || is_read_only || of.blank,
        limit_choices_to: match many {
            Some(many) => many.limit_choices_to.clone(),
            None => of.relation().and_then(|relation| relation.limit_choices_to.clone()),
        },
        pk_field: None,
    };
    let mut field = named(Field::new(Kind::Related(related)), name, of);
    field.allow_null = of.null;
    if is_read_only {
        return field.read_only();
    }
    field.required = !(of.default.is_some() || of.blank || of.null);
    field.validators = of.validators.iter().cloned().map(Validator::Rule).collect();
    if of.is_unique() {
        let unique = Unique { message: Some(unique_message(info, name, of)), ..Unique::default() };
        field.validators.push(Validator::Unique(unique));
    }
    field
}

/// A way back: rows that refer here.
fn of_link(registry: &Registry, link: &Link) -> Field {
    let target = registry.model(link.target);
    let field = Field::primary_key_related(&target.label()).many(link.is_many);
    let is_declared = matches!(link.way, Way::Between { through, .. } if !registry.model(through).is_join);
    if is_declared { field.read_only() } else { field }
}
