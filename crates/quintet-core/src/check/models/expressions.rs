//! What an expression contains, wherever in it.

use crate::schema::{Condition, Expr};

/// Whether a default that the database computes could be one: it knows no row yet, and has no order and no collation.
pub(super) fn can_be_default(expr: &Expr) -> bool {
    let mut names_a_field = false;
    expr.each_field(&mut |_| names_a_field = true);
    !names_a_field && !any(expr, &|part| matches!(part, Expr::OrderBy { .. } | Expr::Collate { .. }))
}

/// Whether a condition contains SQL as it stands.
pub(super) fn has_raw(condition: &Condition) -> bool {
    any_within(condition, &|part| matches!(part, Expr::Raw(_)))
}

fn any(expr: &Expr, is: &dyn Fn(&Expr) -> bool) -> bool {
    is(expr)
        || match expr {
            Expr::F(_) | Expr::Value(_) | Expr::Raw(_) => false,
            Expr::Func { args, .. } => args.iter().any(|arg| any(arg, is)),
            Expr::Combined { left, right, .. } => any(left, is) || any(right, is),
            Expr::OrderBy { expr, .. } | Expr::Collate { expr, .. } | Expr::Cast { expr, .. } => any(expr, is),
            Expr::Case { cases, default } => {
                cases.iter().any(|(condition, result)| any_within(condition, is) || any(result, is))
                    || default.as_ref().is_some_and(|default| any(default, is))
            }
            Expr::Condition(condition) => any_within(condition, is),
        }
}

fn any_within(condition: &Condition, is: &dyn Fn(&Expr) -> bool) -> bool {
    match condition {
        Condition::And(parts) | Condition::Or(parts) | Condition::Xor(parts) => {
            parts.iter().any(|part| any_within(part, is))
        }
        Condition::Not(inner) => any_within(inner, is),
        Condition::Lookup { value, .. } => any(value, is),
        Condition::Expr(expr) => any(expr, is),
    }
}
