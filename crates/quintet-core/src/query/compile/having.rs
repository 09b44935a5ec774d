//! Where the parts of a condition stand: behind `WHERE`, behind `HAVING`, or around the whole, where windows are known.

use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Truth};
use crate::schema::Kind;

use super::Compiler;
use super::condition::{Connector, Where};
use super::piece::Grouped;

/// A condition's parts by their place.
#[derive(Debug, Default)]
pub(super) struct Parted<'q> {
    pub(super) rows: Option<Where<'q>>,
    pub(super) groups: Option<Where<'q>>,
    pub(super) windows: Option<Where<'q>>,
}

impl<'q> Where<'q> {
    pub(super) fn has_aggregate(&self) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.aggregate,
            Self::Node { parts, .. } => parts.iter().any(Self::has_aggregate),
        }
    }

    pub(super) fn has_window(&self) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.window,
            Self::Node { parts, .. } => parts.iter().any(Self::has_window),
        }
    }

    /// What rows are grouped by because of it.
    pub(super) fn grouped(&self) -> Vec<Grouped<'q>> {
        match self {
            Self::Leaf(leaf) => leaf.group.clone(),
            Self::Node { parts, .. } => parts.iter().flat_map(Self::grouped).collect(),
        }
    }

    /// Its parts by their place. Parts of an `or` stay together, in the latest place that one of them needs.
    pub(super) fn parted(&self, is_negated: bool, is_grouped: bool) -> Result<Parted<'q>, QueryError> {
        if !self.has_aggregate() && !self.has_window() {
            return Ok(Parted { rows: Some(self.clone()), ..Parted::default() });
        }
        let (connector, negated, parts) = match self {
            Self::Leaf(leaf) if leaf.window => return Ok(Parted { windows: Some(self.clone()), ..Parted::default() }),
            Self::Leaf(_) => return Ok(Parted { groups: Some(self.clone()), ..Parted::default() }),
            Self::Node { connector, negated, parts } => (*connector, *negated, parts),
        };
        let is_negated = is_negated ^ negated;
        let stay_together = match connector {
            Connector::And => is_negated,
            Connector::Or => !is_negated,
            Connector::Xor => true,
        };
        if stay_together && self.has_aggregate() && !self.has_window() {
            return Ok(Parted { groups: Some(self.clone()), ..Parted::default() });
        }
        let mut all: [Vec<Self>; 3] = Default::default();
        for part in parts {
            let Parted { rows, groups, windows } = part.parted(is_negated, is_grouped)?;
            for (place, found) in all.iter_mut().zip([rows, groups, windows]) {
                place.extend(found);
            }
        }
        if stay_together && !all[2].is_empty() {
            if all[0].is_empty() || !is_grouped {
                return Ok(Parted { windows: Some(self.clone()), ..Parted::default() });
            }
            return Err(QueryError::unsupported(
                "a condition that is true by rows or by a window cannot be combined with aggregates",
            ));
        }
        let [rows, groups, windows] =
            all.map(|parts| (!parts.is_empty()).then(|| Self::Node { connector, negated, parts }));
        Ok(Parted { rows, groups, windows })
    }
}

impl<'q> Compiler<'_, 'q> {
    /// A condition's SQL, unless it is true of every row or of none.
    pub(super) fn truth(&self, clause: &Where<'q>) -> Result<Truth<'q>, QueryError> {
        let (connector, negated, parts) = match clause {
            Where::Leaf(leaf) => return Ok(leaf.truth.clone()),
            Where::Node { connector, negated, parts } => (*connector, *negated, parts),
        };
        let truths = parts.iter().map(|part| self.truth(part)).collect::<Result<Vec<_>, _>>()?;
        let truth = match connector {
            Connector::And => joined(truths, true, !negated),
            Connector::Or => joined(truths, false, !negated),
            Connector::Xor => odd(truths),
        };
        Ok(if negated { not(truth) } else { truth })
    }
}

/// `a AND b`, or `a OR b`, in brackets unless they stand around it anyhow; true of every row where nothing is said.
fn joined(truths: Vec<Truth<'_>>, is_and: bool, in_brackets: bool) -> Truth<'_> {
    if truths.is_empty() {
        return Truth::Always;
    }
    let mut parts = vec![];
    for truth in truths {
        match (truth, is_and) {
            (Truth::Never, true) => return Truth::Never,
            (Truth::Always, false) => return Truth::Always,
            (Truth::Sql(sql), _) => parts.push(sql),
            _ => {}
        }
    }
    if parts.is_empty() {
        return if is_and { Truth::Always } else { Truth::Never };
    }
    let in_brackets = in_brackets && parts.len() > 1;
    let sql = Fragment::join(parts, if is_and { " AND " } else { " OR " }).of_kind(Some(Kind::Boolean));
    Truth::Sql(if in_brackets { sql.between("(", ")") } else { sql })
}

/// An odd number of them: one of them, and counted an odd number.
fn odd(truths: Vec<Truth<'_>>) -> Truth<'_> {
    let several = truths.len() > 2;
    let terms = truths.iter().map(|truth| match truth {
        Truth::Sql(sql) => sql.clone().between("CASE WHEN ", " THEN 1 ELSE 0 END"),
        Truth::Always => Fragment::new("1", None),
        Truth::Never => Fragment::new("0", None),
    });
    let sum = Fragment::join(terms, " + ").between("(", if several { ") % 2 = 1" } else { ") = 1" });
    joined(vec![joined(truths, false, true), Truth::Sql(sql_of(sum))], true, true)
}

fn sql_of(sql: Fragment<'_>) -> Fragment<'_> {
    sql.between("(", ")").of_kind(Some(Kind::Boolean))
}

fn not(truth: Truth<'_>) -> Truth<'_> {
    match truth {
        Truth::Always => Truth::Never,
        Truth::Never => Truth::Always,
        Truth::Sql(sql) => Truth::Sql(sql.between("NOT (", ")").of_kind(Some(Kind::Boolean))),
    }
}
