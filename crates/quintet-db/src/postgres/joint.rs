//! One statement that is asked for several, each with parameters of its own.

use std::fmt::Write as _;

use quintet_core::schema::Value;
use tokio_postgres::types::Type;

use crate::rows::{Cell, Rows};

/// What a statement becomes where several ask it: each parameter is the list of theirs, and behind each row stands whose it
/// is, from 1.
#[derive(Debug)]
pub(super) struct Joint {
    pub(super) sql: String,
    types: Box<[Type]>,
}

impl Joint {
    /// Of a statement that only reads, and the types that the server found for its parameters; nothing where its text is
    /// none that could stand within another, or where a value of such a type may mean something else there.
    pub(super) fn of(sql: &str, types: &[Type]) -> Option<Self> {
        if sql.contains("LIMIT $") || !types.iter().all(is_found_by) {
            return None;
        }
        let (all, one) = (all(types)?, of_all(sql)?);
        let sql = format!("SELECT quintet_rows.*, quintet_all.n FROM {all}, LATERAL ({one}) AS quintet_rows");
        Some(Self { sql, types: types.into() })
    }

    /// Whether these parameters are what the server can have as they are: one that it has to refuse must not be among
    /// others'.
    pub(super) fn takes(&self, params: &[Value]) -> bool {
        let is_taken = |(value, ty): (&Value, &Type)| match value {
            Value::Int(number) => match *ty {
                Type::INT8 => true,
                Type::INT4 => i32::try_from(*number).is_ok(),
                _ => false,
            },
            Value::Text(text) => matches!(*ty, Type::TEXT | Type::VARCHAR) && !text.contains('\0'),
            Value::Uuid(_) => *ty == Type::UUID,
            _ => false,
        };
        params.len() == self.types.len() && params.iter().zip(&self.types).all(is_taken)
    }

    /// The parameters of all, by their places.
    pub(super) fn params(&self, all: &[&[Value]]) -> Vec<Value> {
        lists(self.types.len(), all)
    }

    /// The rows of each of so many.
    pub(super) fn each(rows: Rows, count: usize) -> Vec<Rows> {
        let width = rows.width().saturating_sub(1);
        let mut each = vec![vec![]; count];
        let mut cells = rows.into_cells().into_iter();
        loop {
            let row: Vec<Cell> = cells.by_ref().take(width).collect();
            let Some(Cell::Int(asker)) = cells.next() else { break };
            let asker = usize::try_from(asker - 1).ok().and_then(|asker| each.get_mut(asker));
            match asker {
                Some(own) if own.is_empty() => *own = row,
                Some(own) => own.extend(row),
                None => {}
            }
        }
        each.into_iter().map(|cells| Rows::new(width, cells)).collect()
    }
}

/// A type by whose values rows are looked for, and which mean the same wherever they stand.
fn is_found_by(ty: &Type) -> bool {
    matches!(*ty, Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::UUID)
}

/// The parameters of all as rows of a table: each parameter is a list.
pub(super) fn all(types: &[Type]) -> Option<String> {
    if types.is_empty() {
        return None;
    }
    let mut text = String::from("unnest(");
    for (number, ty) in (1..).zip(types) {
        // A part of its own: so the plan does not depend on how many ask, and is kept.
        write!(text, "{}(SELECT ${number}::{}[])", if number == 1 { "" } else { ", " }, ty.name()).ok()?;
    }
    text.push_str(") WITH ORDINALITY AS quintet_all(");
    (1..=types.len()).try_for_each(|number| write!(text, "p{number}, ")).ok()?;
    text.push_str("n)");
    Some(text)
}

/// A statement, or a part of one, whose parameters are those of one of all; nothing where that cannot be said for sure.
pub(super) fn of_all(sql: &str) -> Option<String> {
    if sql.contains("quintet_all") {
        return None;
    }
    let mut text = String::with_capacity(sql.len() + 128);
    let mut parts = sql.split('$');
    text.push_str(parts.next()?);
    for part in parts {
        if !part.starts_with(|c: char| c.is_ascii_digit()) || is_quoted(sql, part) {
            return None;
        }
        text.push_str("quintet_all.p");
        text.push_str(part);
    }
    Some(text)
}

/// Of so many parameters those of all, by their places.
pub(super) fn lists(count: usize, all: &[&[Value]]) -> Vec<Value> {
    (0..count).map(|at| Value::List(all.iter().filter_map(|params| params.get(at).cloned()).collect())).collect()
}

/// Whether what begins with this part of a statement stands between quotes.
fn is_quoted(sql: &str, part: &str) -> bool {
    let before = &sql[..part.as_ptr().addr() - sql.as_ptr().addr()];
    ['"', '\''].iter().any(|quote| before.matches(*quote).count() % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_becomes_a_column() {
        let sql = r#"SELECT (SELECT "a" FROM t WHERE b = $1 LIMIT 1), (SELECT c FROM t WHERE d = $2)"#;
        let joint = Joint::of(sql, &[Type::INT8, Type::TEXT]).expect("a statement");
        assert_eq!(
            joint.sql,
            "SELECT quintet_rows.*, quintet_all.n FROM unnest((SELECT $1::int8[]), (SELECT $2::text[])) \
             WITH ORDINALITY AS quintet_all(p1, p2, n), LATERAL (SELECT (SELECT \"a\" FROM t WHERE b = quintet_all.p1 \
             LIMIT 1), (SELECT c FROM t WHERE d = quintet_all.p2)) AS quintet_rows"
        );
        let all = [[Value::Int(1), Value::from("x")], [Value::Int(2), Value::from("y")]];
        let lists =
            [Value::List(vec![Value::Int(1), Value::Int(2)]), Value::List(vec![Value::from("x"), Value::from("y")])];
        assert_eq!(joint.params(&[&all[0], &all[1]]), lists);
    }

    #[test]
    fn what_cannot_stand_within_another_statement_stays_alone() {
        for sql in [
            "SELECT 1 FROM t WHERE a = $1 LIMIT $2",
            r#"SELECT "$1" FROM t WHERE a = $1 AND b = $2"#,
            "SELECT 'it costs $1' FROM t WHERE a = $1 AND b = $2",
            "SELECT 1 FROM quintet_all WHERE p1 = $1 AND b = $2",
            "SELECT a$b FROM t WHERE a = $1 AND b = $2",
        ] {
            assert!(Joint::of(sql, &[Type::INT8, Type::INT8]).is_none(), "{sql}");
        }
        assert!(Joint::of("SELECT 1", &[]).is_none());
        for ty in [Type::BPCHAR, Type::NUMERIC, Type::UNKNOWN, Type::JSONB, Type::TIMESTAMPTZ] {
            assert!(Joint::of("SELECT 1 FROM t WHERE a = $1", &[ty]).is_none());
        }
    }

    #[test]
    fn what_the_server_would_refuse_is_not_asked_with_others() {
        let takes = |ty, value| Joint::of("SELECT $1", &[ty]).expect("a statement").takes(&[value]);
        assert!(takes(Type::INT4, Value::Int(i32::MAX.into())));
        assert!(!takes(Type::INT4, Value::Int(i64::from(i32::MAX) + 1)));
        assert!(takes(Type::INT8, Value::Int(i64::MIN)));
        assert!(!takes(Type::INT8, Value::from("1")));
        assert!(takes(Type::TEXT, Value::from("1")));
        assert!(!takes(Type::TEXT, Value::from("1\0")));
        assert!(!takes(Type::TEXT, Value::Int(1)));
        assert!(!takes(Type::UUID, Value::Null));
    }

    #[test]
    fn rows_go_to_whom_they_belong() {
        let cells = [(7, 2), (8, 1), (9, 2), (1, 0), (1, 9)];
        let cells = cells.into_iter().flat_map(|(cell, asker)| [Cell::Int(cell), Cell::Int(asker)]);
        let each = Joint::each(Rows::new(2, cells.collect()), 3);
        let own = |cells: &[i64]| Rows::new(1, cells.iter().copied().map(Cell::Int).collect());
        assert_eq!(each, [own(&[8]), own(&[7, 9]), own(&[])]);
    }
}
