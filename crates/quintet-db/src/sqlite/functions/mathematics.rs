//! Functions of numbers.

use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};

use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[
    ("BITXOR", 2, |given| Ok(Value::Integer(given.get::<i64>(0)? ^ given.get::<i64>(1)?))),
    ("COT", 1, |given| Ok(Value::Real(1.0 / float(given, 0)?.tan()))),
    ("SIGN", 1, |given| {
        let number = float(given, 0)?;
        Ok(Value::Integer(i64::from(number > 0.0) - i64::from(number < 0.0)))
    }),
];

/// Those that SQLite has by itself where it was built with them.
pub(super) const BUILT_IN: &[Function] = &[
    ("ACOS", 1, |given| number(given, f64::acos)),
    ("ASIN", 1, |given| number(given, f64::asin)),
    ("ATAN", 1, |given| number(given, f64::atan)),
    ("ATAN2", 2, |given| Ok(Value::Real(float(given, 0)?.atan2(float(given, 1)?)))),
    ("CEILING", 1, |given| whole(given, f64::ceil)),
    ("COS", 1, |given| number(given, f64::cos)),
    ("DEGREES", 1, |given| number(given, f64::to_degrees)),
    ("EXP", 1, |given| number(given, f64::exp)),
    ("FLOOR", 1, |given| whole(given, f64::floor)),
    ("LN", 1, |given| Ok(logarithm(float(given, 0)?, f64::ln))),
    ("LOG", 2, |given| {
        let base = float(given, 0)?;
        Ok(if base > 0.0 { logarithm(float(given, 1)?, |number| number.ln() / base.ln()) } else { Value::Null })
    }),
    ("MOD", 2, |given| Ok(Value::Real(float(given, 0)? % float(given, 1)?))),
    ("PI", 0, |_| Ok(Value::Real(std::f64::consts::PI))),
    ("POWER", 2, |given| Ok(Value::Real(float(given, 0)?.powf(float(given, 1)?)))),
    ("RADIANS", 1, |given| number(given, f64::to_radians)),
    ("SIN", 1, |given| number(given, f64::sin)),
    ("SQRT", 1, |given| number(given, f64::sqrt)),
    ("TAN", 1, |given| number(given, f64::tan)),
];

/// From 0 to below 1: 53 bits by chance.
pub(super) fn random() -> Value {
    const BITS: u32 = 53;
    let bits = uuid::Uuid::new_v4().as_u128() & ((1 << BITS) - 1);
    #[allow(clippy::cast_precision_loss)]
    Value::Real(bits as f64 / (1_u64 << BITS) as f64)
}

/// A number; SQLite gives a whole one where a decimal number is one.
fn float(given: &Context<'_>, at: usize) -> Result<f64> {
    given.get::<f64>(at)
}

fn number(given: &Context<'_>, of: fn(f64) -> f64) -> Result<Value> {
    Ok(Value::Real(of(float(given, 0)?)))
}

/// A whole number stays one.
fn whole(given: &Context<'_>, of: fn(f64) -> f64) -> Result<Value> {
    match given.get_raw(0) {
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        _ => number(given, of),
    }
}

/// Of nothing and less there is none.
fn logarithm(number: f64, of: impl Fn(f64) -> f64) -> Value {
    if number > 0.0 { Value::Real(of(number)) } else { Value::Null }
}
