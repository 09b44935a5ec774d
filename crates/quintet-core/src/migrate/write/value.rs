//! Values, expressions and conditions as Rust.

use super::text::Text;
use super::{Place, WriteError};
use crate::schema::{Condition, Expr, Function, Operator, Rule, Validator, Value};

/// The widest condition or sum that is written with an operator; longer ones are written as calls, which can be broken.
const INFIX: usize = 50;

/// Where anything that becomes a value is taken: literals stand as they are.
pub(super) fn value(value: &Value) -> Text {
    match value {
        Value::Null => Text::call("null", vec![]),
        Value::Bool(yes) => Text::Literal(yes.to_string()),
        Value::Int(number) if i32::try_from(*number).is_ok() => Text::Literal(number.to_string()),
        Value::Int(number) => Text::Literal(format!("{number}_i64")),
        Value::Float(number) if number.is_nan() => Text::word("f64::NAN"),
        Value::Float(number) if number.is_infinite() && *number > 0.0 => Text::word("f64::INFINITY"),
        Value::Float(number) if number.is_infinite() => Text::word("f64::NEG_INFINITY"),
        Value::Float(number) => Text::Literal(format!("{number:?}")),
        Value::Decimal(text) => Text::call("dec", vec![Text::string(text)]),
        Value::Text(text) => Text::string(text),
        Value::Bytes(bytes) => Text::call("bytes_value", vec![Text::Literal(bytes_literal(bytes))]),
        Value::Date(text) => Text::call("date_value", vec![Text::string(text)]),
        Value::DateTime(text) => Text::call("date_time_value", vec![Text::string(text)]),
        Value::Time(text) => Text::call("time_value", vec![Text::string(text)]),
        Value::Duration(micros) => Text::call("duration_value", vec![Text::Literal(micros.to_string())]),
        Value::Uuid(text) => Text::call("uuid_value", vec![Text::string(text)]),
        Value::Json(text) => Text::call("json_value", vec![Text::string(text)]),
        Value::List(values) => Text::call("list", vec![Text::Vec(values.iter().map(exact).collect())]),
    }
}

/// Where a `Value` is taken.
pub(super) fn exact(one: &Value) -> Text {
    match one {
        Value::Int(number) if *number < 0 => Text::call("Value::Int", vec![Text::Literal(number.to_string())]),
        Value::Float(_) => Text::call("Value::Float", vec![value(one)]),
        Value::Bool(_) | Value::Int(_) | Value::Text(_) => value(one).then("into", vec![]),
        _ => value(one),
    }
}

fn bytes_literal(bytes: &[u8]) -> String {
    format!("b\"{}\"", bytes.escape_ascii().to_string().replace("\\'", "'"))
}

/// Where anything that becomes an expression is taken.
pub(super) fn into_expr(expr: &Expr) -> Text {
    match expr {
        Expr::Value(one) => value(one),
        other => expression(other),
    }
}

/// Where an `Expr` is taken.
pub(super) fn expression(expr: &Expr) -> Text {
    match expr {
        Expr::F(name) => Text::call("f", vec![Text::string(name)]),
        Expr::Value(one) => Text::call("value", vec![value(one)]),
        Expr::Func { name, args } => function_call(name, args),
        Expr::Combined { left, operator, right } => combined(left, *operator, right),
        Expr::OrderBy { expr, descending, nulls_first } => {
            let text = expression(expr).then(if *descending { "desc" } else { "asc" }, vec![]);
            match nulls_first {
                Some(true) => text.then("nulls_first", vec![]),
                Some(false) => text.then("nulls_last", vec![]),
                None => text,
            }
        }
        Expr::Collate { expr, collation } => expression(expr).then("collate", vec![Text::string(collation)]),
        Expr::Cast { expr, kind } => {
            let kind = super::field::kind_of_cast(kind);
            expression(expr).then("cast", vec![kind])
        }
        Expr::Case { cases, default } => {
            let cases = cases.iter().map(|(when, then)| Text::Tuple(vec![condition(when), expression(then)]));
            let text = Text::call("case", vec![Text::Vec(cases.collect())]);
            default.iter().fold(text, |text, default| text.then("otherwise", vec![into_expr(default)]))
        }
        Expr::Condition(inner) => Text::call("truth_of", vec![condition(inner)]),
        Expr::Raw(sql) => Text::call("raw", vec![Text::string(sql)]),
    }
}

pub(super) fn expressions(all: &[Expr]) -> Text {
    Text::Array(all.iter().map(expression).collect())
}

fn function_call(name: &str, args: &[Expr]) -> Text {
    match (name, args) {
        ("Lower", [Expr::F(field)]) => Text::call("lower", vec![Text::string(field)]),
        ("Upper", [Expr::F(field)]) => Text::call("upper", vec![Text::string(field)]),
        ("Now", []) => Text::call("now", vec![]),
        _ => Text::call("func", vec![Text::string(name), expressions(args)]),
    }
}

fn combined(left: &Expr, operator: Operator, right: &Expr) -> Text {
    let (sign, variant) = match operator {
        Operator::Add => ("+", "Add"),
        Operator::Sub => ("-", "Sub"),
        Operator::Mul => ("*", "Mul"),
        Operator::Div => ("/", "Div"),
        Operator::Mod => ("%", "Mod"),
        Operator::Pow => ("^", "Pow"),
        Operator::BitAnd => ("&", "BitAnd"),
        Operator::BitOr => ("|", "BitOr"),
        Operator::BitXor => ("^", "BitXor"),
        Operator::ShiftLeft => ("<<", "ShiftLeft"),
        Operator::ShiftRight => (">>", "ShiftRight"),
    };
    let simple = |expr: &Expr| !matches!(expr, Expr::Combined { .. });
    let infix = format!("{} {sign} {}", expression(left).flat(), into_expr(right).flat());
    // Strings stand only on the right, nested operators would need brackets, and `^` is another operator in Rust, as those
    // of bits are those of conditions.
    let is_infix = operator != Operator::Pow && !operator.is_bitwise();
    if simple(left) && simple(right) && is_infix && short(&infix) {
        return Text::Word(infix);
    }
    let operator = Text::Word(format!("Operator::{variant}"));
    Text::call("combined", vec![expression(left), operator, into_expr(right)])
}

/// A condition.
pub(super) fn condition(one: &Condition) -> Text {
    match one {
        Condition::And(parts) => joined(parts, "&", "all_of", |part| matches!(part, Condition::And(_))),
        Condition::Or(parts) => joined(parts, "|", "any_of", |part| matches!(part, Condition::Or(_))),
        Condition::Xor(parts) => Text::call("odd_of", vec![Text::Vec(parts.iter().map(condition).collect())]),
        Condition::Not(inner) => match inner.as_ref() {
            Condition::Lookup { key, value } => Text::call("!q", vec![Text::string(key), into_expr(value)]),
            other => Text::call("not", vec![condition(other)]),
        },
        Condition::Lookup { key, value } => Text::call("q", vec![Text::string(key), into_expr(value)]),
        Condition::Expr(expr) => Text::call("holds", vec![expression(expr)]),
    }
}

/// Parts with an operator between them where that is short and means the same.
fn joined(parts: &[Condition], sign: &str, word: &str, same: fn(&Condition) -> bool) -> Text {
    let texts: Vec<Text> = parts.iter().map(condition).collect();
    let plain = texts.iter().all(|text| matches!(text, Text::Call(..)));
    let infix = texts.iter().map(Text::flat).collect::<Vec<_>>().join(&format!(" {sign} "));
    if parts.len() > 1 && plain && !parts.iter().any(same) && short(&infix) {
        return Text::Word(infix);
    }
    Text::call(word, vec![Text::Vec(texts)])
}

fn short(text: &str) -> bool {
    text.chars().count() <= INFIX && !text.contains('\n')
}

/// A validator, as a method of a field.
pub(super) fn validator(field: Text, one: &Validator, place: &Place<'_>) -> Result<Text, WriteError> {
    let rule = rule(&one.rule, place)?;
    if one.message.is_none() && one.code.is_none() {
        return Ok(field.then("rule", vec![rule]));
    }
    let mut text = Text::call("Validator::new", vec![rule]);
    for (name, words) in [("message", &one.message), ("code", &one.code)] {
        text = words.iter().fold(text, |text, words| text.then(name, vec![Text::string(words)]));
    }
    Ok(field.then("validator", vec![text]))
}

fn rule(rule: &Rule, place: &Place<'_>) -> Result<Text, WriteError> {
    let number = |number: &u32| Text::Literal(number.to_string());
    let strings = |texts: &[String]| vec![Text::Slice(Text::strings(texts))];
    Ok(match rule {
        Rule::MinValue(one) => Text::call("Rule::MinValue", vec![exact(one)]),
        Rule::MaxValue(one) => Text::call("Rule::MaxValue", vec![exact(one)]),
        Rule::StepValue(step, offset) => {
            let offset = offset.as_ref().map_or(Text::word("None"), |one| Text::call("Some", vec![exact(one)]));
            Text::call("Rule::StepValue", vec![exact(step), offset])
        }
        Rule::MinLength(least) => Text::call("Rule::MinLength", vec![number(least)]),
        Rule::MaxLength(most) => Text::call("Rule::MaxLength", vec![number(most)]),
        Rule::Regex { pattern, inverse, flags } => {
            let inverse = Text::Literal(inverse.to_string());
            Text::call("regex_rule", vec![Text::string(pattern), inverse, number(flags)])
        }
        Rule::Email => Text::word("Rule::Email"),
        Rule::Url(schemes) => Text::call("url_rule", strings(schemes)),
        Rule::Slug => Text::word("Rule::Slug"),
        Rule::UnicodeSlug => Text::word("Rule::UnicodeSlug"),
        Rule::Ipv4 => Text::word("Rule::Ipv4"),
        Rule::Ipv6 => Text::word("Rule::Ipv6"),
        Rule::Ipv46 => Text::word("Rule::Ipv46"),
        Rule::CommaSeparatedIntegers => Text::word("Rule::CommaSeparatedIntegers"),
        Rule::Decimal(digits, places) => Text::call("Rule::Decimal", vec![number(digits), number(places)]),
        Rule::FileExtension(ends) => Text::call("file_extension_rule", strings(ends)),
        Rule::NoNullCharacters => Text::word("Rule::NoNullCharacters"),
        Rule::Username(ascii) => Text::call("Rule::Username", vec![Text::Literal(ascii.to_string())]),
        Rule::Function(test) => Text::call("function_rule", vec![place.path(&test.path)?]),
    })
}

/// A function by its path.
pub(super) fn function(function: &Function, place: &Place<'_>) -> Result<Text, WriteError> {
    place.path(&function.path)
}
