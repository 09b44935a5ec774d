//! Several changes as one statement: what would be a beginning, the changes and an end is one turn to the server.
//!
//! Each is a part of a `WITH`, and PostgreSQL keeps all parts of a statement or none. A change that has to touch a row, and
//! touches none, makes the statement fail by a text that is no number.

use std::fmt::Write as _;

use quintet_core::schema::Value;

use crate::error::Error;
use crate::together::Change;

/// What the text begins with that is no number; the place of the change stands behind it.
const MISSED: &str = "quintet_missed_";

/// The statement, and its parameters. Nothing where that cannot be: a change gives rows back itself.
pub(super) fn joined(changes: &[Change]) -> Option<(String, Vec<Value>)> {
    if changes.iter().any(|change| change.sql.contains("RETURNING")) {
        return None;
    }
    let length: usize = changes.iter().map(|change| change.sql.len() + 200).sum();
    let (mut sql, mut checks) = (String::with_capacity(length), String::new());
    let mut params: Vec<Value> = vec![];
    for (number, change) in changes.iter().enumerate() {
        // Into a text everything can be written.
        let _ = write!(sql, "{}c{number} AS (", if number == 0 { "WITH " } else { ", " });
        push_shifted(&mut sql, &change.sql, params.len());
        sql.push_str(" RETURNING 1)");
        params.extend_from_slice(&change.params);
        if let Some(place) = change.needed {
            // The count makes it a text that is known only when the change was made.
            let _ = write!(
                checks,
                "{}CASE WHEN EXISTS (SELECT FROM c{number}) THEN 0 \
                 ELSE CAST('{MISSED}{place}.' || (SELECT count(*) FROM c{number}) AS integer) END",
                if checks.is_empty() { "" } else { ", " }
            );
        }
    }
    sql.push_str(" SELECT ");
    sql.push_str(if checks.is_empty() { "0" } else { &checks });
    Some((sql, params))
}

/// The place of the change that was missed, where that is why the statement failed.
pub(super) fn missed(error: &Error) -> Option<usize> {
    let (_, behind) = error.message().split_once(MISSED)?;
    behind.split_once(".0")?.0.parse().ok()
}

/// Adds a statement whose parameters follow so many others.
fn push_shifted(to: &mut String, sql: &str, by: usize) {
    let mut rest = sql;
    while let Some(at) = rest.find(['$', '\'', '"']) {
        let (before, from) = rest.split_at(at);
        to.push_str(before);
        let mark = &from[..1];
        let behind = &from[1..];
        // A name, or a text: what is in it is no parameter. One that is doubled ends a part and begins the next.
        if mark != "$" {
            let end = behind.find(mark).map_or(from.len(), |end| end + 2);
            to.push_str(&from[..end]);
            rest = &from[end..];
            continue;
        }
        let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match behind[..digits].parse::<usize>() {
            Ok(number) => {
                let _ = write!(to, "${}", number + by);
            }
            Err(_) => to.push_str(&from[..=digits]),
        }
        rest = &behind[digits..];
    }
    to.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(sql: &str, params: &[i64], needed: Option<usize>) -> Change {
        Change { sql: sql.to_owned(), params: params.iter().map(|one| Value::Int(*one)).collect(), needed }
    }

    #[test]
    fn parameters_follow_each_other_and_names_and_texts_stay() {
        let odd = r#"UPDATE "a$1""$1" SET b = '$1 it''s $2', c = $2 WHERE d = $1 AND e = '"' AND f = $10"#;
        let changes = [change("DELETE FROM t WHERE id = $1", &[7], None), change(odd, &[8, 9], Some(3))];
        let (sql, params) = joined(&changes).expect("a statement");
        let expected = concat!(
            r#"WITH c0 AS (DELETE FROM t WHERE id = $1 RETURNING 1), "#,
            r#"c1 AS (UPDATE "a$1""$1" SET b = '$1 it''s $2', c = $3 WHERE d = $2 AND e = '"' AND f = $11 RETURNING 1) "#,
            "SELECT CASE WHEN EXISTS (SELECT FROM c1) THEN 0 ",
            "ELSE CAST('quintet_missed_3.' || (SELECT count(*) FROM c1) AS integer) END"
        );
        assert_eq!(sql, expected);
        assert_eq!(params, [Value::Int(7), Value::Int(8), Value::Int(9)]);
        let mut text = String::new();
        push_shifted(&mut text, "a $ b $x $1", 4);
        assert_eq!(text, "a $ b $x $5");
    }

    #[test]
    fn a_change_that_gives_rows_is_not_joined() {
        let gives = change("INSERT INTO t VALUES (1) RETURNING id", &[], None);
        assert_eq!(joined(&[change("DELETE FROM t", &[], None), gives]), None);
        let (sql, _) = joined(&[change("DELETE FROM t", &[], None)]).expect("a statement");
        assert!(sql.ends_with(" SELECT 0"), "{sql}");
    }

    #[test]
    fn what_was_missed_is_told_by_the_servers_words() {
        let said = |words: &str| missed(&Error::other(words));
        assert_eq!(said("invalid input syntax for type integer: \"quintet_missed_12.0\""), Some(12));
        assert_eq!(said("invalid input syntax for type integer: \"quintet_missed_x.0\""), None);
        assert_eq!(said("invalid input syntax for type integer: \"x\""), None);
    }
}
