//! Standard deviations and variances. Nulls do not count, and of too few numbers there is none, as on PostgreSQL.

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

use super::failure;

/// What is made of the numbers.
#[derive(Clone, Copy)]
struct Spread {
    /// Of a part of a whole, which is one degree of freedom less.
    of_sample: bool,
    /// The root of the variance.
    root: bool,
}

pub(super) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, of_sample, root) in
        [("STDDEV_POP", false, true), ("STDDEV_SAMP", true, true), ("VAR_POP", false, false), ("VAR_SAMP", true, false)]
    {
        connection.create_aggregate_function(name, 1, flags, Spread { of_sample, root })?;
    }
    Ok(())
}

/// The numbers so far.
#[derive(Default)]
struct Numbers {
    whole: Vec<i64>,
    floating: Vec<f64>,
}

impl Aggregate<Numbers, Option<f64>> for Spread {
    fn init(&self, _: &mut Context<'_>) -> Result<Numbers> {
        Ok(Numbers::default())
    }

    fn step(&self, given: &mut Context<'_>, numbers: &mut Numbers) -> Result<()> {
        match given.get_raw(0) {
            ValueRef::Null => {}
            ValueRef::Integer(number) => numbers.whole.push(number),
            ValueRef::Real(number) => numbers.floating.push(number),
            _ => return Err(failure("there is no deviation of what is no number")),
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, numbers: Option<Numbers>) -> Result<Option<f64>> {
        let numbers = numbers.unwrap_or_default();
        let count = numbers.whole.len() + numbers.floating.len();
        let freedom = if self.of_sample { count.saturating_sub(1) } else { count };
        if freedom == 0 {
            return Ok(None);
        }
        let variance = exact(&numbers, count, freedom).unwrap_or_else(|| approximate(&numbers, count, freedom));
        Ok(Some(if self.root { variance.sqrt() } else { variance }))
    }
}

/// Of whole numbers alone, without rounding on the way; `None` where they are too large for it.
#[allow(clippy::cast_precision_loss)]
fn exact(numbers: &Numbers, count: usize, freedom: usize) -> Option<f64> {
    if !numbers.floating.is_empty() {
        return None;
    }
    let (mut sum, mut squares) = (0_i128, 0_i128);
    for number in &numbers.whole {
        let number = i128::from(*number);
        sum = sum.checked_add(number)?;
        squares = squares.checked_add(number.checked_mul(number)?)?;
    }
    let count = i128::try_from(count).ok()?;
    let above = count.checked_mul(squares)?.checked_sub(sum.checked_mul(sum)?)?;
    let below = count.checked_mul(i128::try_from(freedom).ok()?)?;
    Some(above as f64 / below as f64)
}

#[allow(clippy::cast_precision_loss)]
fn approximate(numbers: &Numbers, count: usize, freedom: usize) -> f64 {
    let all = || numbers.whole.iter().map(|number| *number as f64).chain(numbers.floating.iter().copied());
    let mean = sum(all()) / count as f64;
    let squares = sum(all().map(|number| (number - mean) * (number - mean)));
    let rest = sum(all().map(|number| number - mean));
    (squares - rest * rest / count as f64) / freedom as f64
}

/// A sum that carries along what rounding takes away.
fn sum(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for number in numbers {
        let next = sum + number;
        lost += if sum.abs() >= number.abs() { (sum - next) + number } else { (number - next) + sum };
        sum = next;
    }
    sum + lost
}
