//! Expressions and conditions.

use quintet_core::schema::{Condition, Expr, Operator};
use serde_json::Value as Json;

use super::field::field;
use super::value::{flag, list, pair, tagged, text, unknown, value};

/// An expression; a plain value is a constant.
pub(super) fn expression(json: &Json, at: &str) -> Expr {
    if !json.is_object() {
        return Expr::Value(value(json, at));
    }
    match tagged(json, at) {
        ("$f", name) => Expr::F(text(name, at)),
        ("$value", constant) => Expr::Value(value(constant, at)),
        ("$func", call) => {
            let (name, args) = pair(call, at);
            Expr::Func { name: text(name, at), args: expressions(args, at) }
        }
        ("$combined", parts) => match list(parts, at) {
            [left, operator, right] => Expr::Combined {
                left: Box::new(expression(left, at)),
                operator: self::operator(operator, at),
                right: Box::new(expression(right, at)),
            },
            _ => unknown(json, at),
        },
        ("$orderby", order) => Expr::OrderBy {
            expr: Box::new(expression(&order["expr"], at)),
            descending: flag(&order["descending"], at),
            nulls_first: match (flag(&order["nulls_first"], at), flag(&order["nulls_last"], at)) {
                (false, false) => None,
                (first, _) => Some(first),
            },
        },
        ("$case", case) => Expr::Case {
            cases: list(&case["cases"], at)
                .iter()
                .map(|when| {
                    let (test, result) = pair(when, at);
                    (condition(test, at), expression(result, at))
                })
                .collect(),
            default: Some(Box::new(expression(&case["default"], at))),
        },
        ("$cast", parts) => {
            let (inner, output) = pair(parts, at);
            Expr::Cast { expr: Box::new(expression(inner, at)), kind: Box::new(field(output, at).kind) }
        }
        ("$collate", parts) => {
            let (inner, collation) = pair(parts, at);
            Expr::Collate { expr: Box::new(expression(inner, at)), collation: text(collation, at) }
        }
        ("$q", _) => Expr::Condition(Box::new(condition(json, at))),
        _ => Expr::Value(value(json, at)),
    }
}

/// Several expressions.
pub(super) fn expressions(json: &Json, at: &str) -> Vec<Expr> {
    list(json, at).iter().map(|part| expression(part, at)).collect()
}

/// A condition. One with a single part is that part, as ours are written.
pub(super) fn condition(json: &Json, at: &str) -> Condition {
    let ("$q", whole) = tagged(json, at) else { return Condition::Expr(expression(json, at)) };
    let mut parts: Vec<Condition> = list(&whole["children"], at).iter().map(|part| child(part, at)).collect();
    let joined = match (parts.len(), whole["connector"].as_str()) {
        (1, _) => parts.remove(0),
        (_, Some("AND")) => Condition::And(parts),
        (_, Some("OR")) => Condition::Or(parts),
        (_, Some("XOR")) => Condition::Xor(parts),
        _ => unknown(json, at),
    };
    if flag(&whole["negated"], at) { !joined } else { joined }
}

/// A condition, or pairs of lookups and values that must all hold.
pub(super) fn limit(json: &Json, at: &str) -> Condition {
    let Some(pairs) = json.get("$dict") else { return condition(json, at) };
    let mut parts: Vec<Condition> = list(pairs, at).iter().map(|part| child(part, at)).collect();
    if parts.len() == 1 { parts.remove(0) } else { Condition::And(parts) }
}

fn child(json: &Json, at: &str) -> Condition {
    if !json.is_array() {
        return condition(json, at);
    }
    let (key, value) = pair(json, at);
    Condition::Lookup { key: text(key, at), value: expression(value, at) }
}

fn operator(json: &Json, at: &str) -> Operator {
    match json.as_str() {
        Some("+") => Operator::Add,
        Some("-") => Operator::Sub,
        Some("*") => Operator::Mul,
        Some("/") => Operator::Div,
        Some("%%") => Operator::Mod,
        Some("^") => Operator::Pow,
        _ => unknown(json, at),
    }
}
