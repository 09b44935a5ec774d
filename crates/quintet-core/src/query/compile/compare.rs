//! A value compared with another by a lookup, behind transforms.

use crate::near;
use crate::query::ast::{Expr, Query};
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Right, Truth};
use crate::query::{Name, lookup};
use crate::schema::{Kind, Value};

use super::Compiler;
use super::condition::{Connector, Leaf, Where};
use super::names::shown;
use super::piece::Piece;
use super::subquery::Chosen;

/// What a value is compared with.
#[derive(Clone, Debug)]
pub(super) enum Rhs<'q> {
    /// A constant.
    Value(&'q Value),
    /// Something computed.
    Piece(Box<Piece<'q>>),
    /// Several.
    List(Vec<Rhs<'q>>),
    /// Whole numbers, as one value.
    Numbers(&'q Value),
    /// Another query, which is compiled when the lookup is known.
    Query(&'q Query),
    /// Another query's rows.
    Rows(Box<Fragment<'q>>),
}

/// A comparison.
#[derive(Clone, Debug)]
pub(super) struct Compared<'q> {
    pub(super) clause: Where<'q>,
    /// Whether it asks for null (or for something else).
    pub(super) is_null: Option<bool>,
    /// Whether it compares with nothing.
    pub(super) is_none: bool,
}

/// The lookups that keys take.
const OF_KEYS: [&str; 7] = ["exact", "in", "gt", "gte", "lt", "lte", "isnull"];

impl<'q> Compiler<'_, 'q> {
    /// What a value is compared with.
    pub(super) fn rhs(&mut self, expr: &'q Expr) -> Result<Rhs<'q>, QueryError> {
        Ok(match expr {
            Expr::Value(value) => Rhs::Value(value),
            Expr::List(items) => Rhs::List(items.iter().map(|item| self.rhs(item)).collect::<Result<_, _>>()?),
            Expr::Numbers(list) => Rhs::Numbers(list),
            Expr::Subquery(query) => Rhs::Query(query),
            other => Rhs::Piece(Box::new(self.resolve(other)?)),
        })
    }

    /// Compares by the last of these names, or by equality where the last is a transform too.
    pub(super) fn compare(
        &mut self,
        lookups: &[Name],
        left: Piece<'q>,
        right: Rhs<'q>,
    ) -> Result<Compared<'q>, QueryError> {
        let mut left = left;
        let Some((last, transforms)) = lookups.split_last() else {
            return self.compare_by("exact".into(), left, right);
        };
        for (at, name) in transforms.iter().enumerate() {
            left = self.transformed(&left, name, &lookups[at..])?;
        }
        if !left.parts.is_empty() || left.relation.is_some() || lookup::is_lookup(left.kind(), last) {
            return self.compare_by(last.clone(), left, right);
        }
        let left = self.transformed(&left, last, &lookups[lookups.len() - 1..])?;
        self.compare_by("exact".into(), left, right)
    }

    /// A value behind a transform.
    pub(super) fn transformed(&self, of: &Piece<'q>, name: &Name, rest: &[Name]) -> Result<Piece<'q>, QueryError> {
        let found = if of.relation.is_some() || !of.parts.is_empty() {
            None
        } else {
            lookup::transform(self.cx, &of.sql, name)?
        };
        found.map(|sql| Piece::of(sql, &[of])).ok_or_else(|| self.unsupported(of, name, rest))
    }

    /// The error of a name that is neither a transform nor a lookup; behind a relation, nor a field of the other model.
    fn unsupported(&self, of: &Piece<'_>, name: &str, rest: &[Name]) -> QueryError {
        let class = match of.kind() {
            _ if of.relation.is_some() => "`ForeignKey`".to_owned(),
            Some(kind) => format!("`{}`", kind.class()),
            None => "a value of unknown kind".to_owned(),
        };
        let fields = of.relation.map(|(model, _)| self.choices(model)).unwrap_or_default();
        let mut known = lookup::names(of.kind());
        known.extend(fields.iter().map(String::as_str));
        let hint = near::did_you_mean(name, &known)
            .map_or_else(String::new, |meant| format!("\nhint: did you mean `{meant}`?"));
        let rest = shown(&rest.join("__"));
        QueryError::name(format!("unsupported lookup `{rest}` for {class} or join on the field not permitted{hint}"))
    }

    fn compare_by(&mut self, name: Name, left: Piece<'q>, right: Rhs<'q>) -> Result<Compared<'q>, QueryError> {
        if !left.parts.is_empty() {
            return self.compare_key(&name, &left, right);
        }
        if left.relation.is_some() && !OF_KEYS.contains(&name.as_ref()) {
            let known = lookup::is_lookup(left.kind(), &name);
            return Err(match known {
                true => QueryError::name(format!("a relation takes no lookup `{name}`")),
                false => self.unsupported(&left, &name, std::slice::from_ref(&name)),
            });
        }
        let right = match right {
            Rhs::Query(query) => match self.rows(&name, &left, query)? {
                Some(right) => right,
                None => {
                    let clause = Where::leaf(Truth::Never);
                    return Ok(Compared { clause, is_null: None, is_none: false });
                }
            },
            right => right,
        };
        self.compare_plain(name, left, right)
    }

    /// Another query's rows, as a lookup takes them; `None` where there are none.
    fn rows(&mut self, name: &str, left: &Piece<'q>, query: &'q Query) -> Result<Option<Rhs<'q>>, QueryError> {
        let mut chosen = Chosen::Key;
        if let Some((model, (target, place))) = left.relation {
            self.check_related(query, model)?;
            let info = self.cx.registry.model(target);
            if !info.key.contains(&place) {
                chosen = Chosen::Field(info.columns[place].name.clone().into());
            }
        }
        let is_key = matches!(chosen, Chosen::Key);
        if name == "in" {
            let sub = self.subquery(query, &chosen)?;
            if is_key && sub.sql.is_some() && sub.width != 1 {
                return Err(QueryError::value(format!("a subquery must give one column here, not {}", sub.width)));
            }
            return Ok(sub.sql.map(|sql| Rhs::Rows(Box::new(sql))));
        }
        if name == "exact" && query.slice.limit != Some(Value::Int(1)) && !super::is_one_row(query) {
            return Err(QueryError::usage(
                "a subquery that is compared by `exact` must be limited to one row\nhint: slice it to `1`, or use `in`",
            ));
        }
        let sub = self.subquery(query, &chosen)?;
        Ok(sub.sql.map(|sql| {
            let kind = sql.kind.clone();
            Rhs::Piece(Box::new(Piece::of(sql.between("(", ")").of_kind(kind), &[])))
        }))
    }

    /// Whether a query's rows are of the model that a relation leads to.
    fn check_related(&self, query: &Query, wanted: usize) -> Result<(), QueryError> {
        let registry = self.cx.registry;
        let Some(model) = registry.find(&query.model.0, &query.model.1) else { return Ok(()) };
        let concrete = |model: usize| registry.model(model).concrete;
        let is_over = |one: usize, other: usize| {
            concrete(one) == concrete(other)
                || registry.model(concrete(one)).parents.iter().any(|(parent, _)| concrete(*parent) == concrete(other))
        };
        if super::has_values(query) || is_over(model, wanted) || is_over(wanted, model) {
            return Ok(());
        }
        Err(QueryError::usage(format!(
            "cannot use a query of `{}` here: use one of `{}`",
            registry.model(model).label(),
            registry.model(wanted).label()
        )))
    }

    /// A comparison by one lookup of one value.
    pub(super) fn compare_plain(
        &self,
        name: Name,
        left: Piece<'q>,
        right: Rhs<'q>,
    ) -> Result<Compared<'q>, QueryError> {
        let is_none = matches!(right, Rhs::Value(Value::Null));
        let is_equality = name == "exact" || name == "iexact";
        let is_null = match (name.as_ref(), &right) {
            ("isnull", Rhs::Value(Value::Bool(yes))) => Some(*yes),
            // JSON has a null of its own.
            _ if is_none && is_equality && !(name == "exact" && matches!(left.kind(), Some(Kind::Json))) => Some(true),
            _ => None,
        };
        let pieces = right.pieces();
        let sources: Vec<&Piece<'q>> = std::iter::once(&left).chain(pieces).collect();
        let truth = lookup::lookup(self.cx, left.sql.clone(), &name, right.clone().into_right())?;
        let aggregate = sources.iter().any(|source| source.aggregate);
        let window = sources.iter().any(|source| source.window);
        let group = sources.iter().flat_map(|source| source.grouped()).collect();
        let leaf = Leaf { truth, aggregate, window, group, left: Some(left), compared: Some((name, right)) };
        Ok(Compared { clause: Where::Leaf(Box::new(leaf)), is_null, is_none })
    }

    /// A key of several columns.
    fn compare_key(&mut self, name: &str, left: &Piece<'q>, right: Rhs<'q>) -> Result<Compared<'q>, QueryError> {
        let clause = match (name, right) {
            ("exact", Rhs::Value(Value::Null)) => return self.compare_key("isnull", left, Rhs::Value(&YES)),
            ("isnull", Rhs::Value(right @ Value::Bool(yes))) => {
                let mut clause = Where::node(if *yes { Connector::Or } else { Connector::And }, false);
                for part in &left.parts {
                    clause.add(self.compare_plain("isnull".into(), part.clone(), Rhs::Value(right))?.clause);
                }
                return Ok(Compared { clause, is_null: Some(*yes), is_none: false });
            }
            ("exact", right) => self.key_is(left, right)?,
            ("in", Rhs::Query(query)) => self.key_in_rows(left, query)?,
            ("in", right) => {
                let mut clause = Where::node(Connector::Or, false);
                for one in each(right)? {
                    let values = each(one)?;
                    if !values.iter().any(|value| matches!(value, Rhs::Value(Value::Null))) {
                        clause.add(self.key_is(left, Rhs::List(values))?);
                    }
                }
                if clause.is_empty() { Where::leaf(Truth::Never) } else { clause }
            }
            (name @ ("gt" | "gte" | "lt" | "lte"), right) => self.key_beyond(name, left, right)?,
            (name, _) => {
                return Err(QueryError::name(format!("a key of several columns takes no lookup `{}`", shown(name))));
            }
        };
        Ok(Compared { clause, is_null: None, is_none: false })
    }

    fn key_is(&self, left: &Piece<'q>, right: Rhs<'q>) -> Result<Where<'q>, QueryError> {
        let mut clause = Where::node(Connector::And, false);
        for (part, value) in left.parts.iter().zip(values_of(left, right)?) {
            clause.add(self.compare_plain("exact".into(), part.clone(), value)?.clause);
        }
        Ok(clause)
    }

    /// `a > x OR (a = x AND (b > y ..))`
    fn key_beyond(&self, name: &str, left: &Piece<'q>, right: Rhs<'q>) -> Result<Where<'q>, QueryError> {
        let strict: Name = if name.starts_with("gt") { "gt" } else { "lt" }.into();
        let values = values_of(left, right)?;
        let mut clause: Option<Where<'q>> = None;
        for (part, value) in left.parts.iter().zip(values).rev() {
            let by = if clause.is_none() { name.to_owned().into() } else { strict.clone() };
            let beyond = self.compare_plain(by, part.clone(), value.clone())?.clause;
            clause = Some(match clause {
                None => beyond,
                Some(rest) => {
                    let mut equal = Where::node(Connector::And, false);
                    equal.add(self.compare_plain("exact".into(), part.clone(), value)?.clause);
                    equal.add(rest);
                    let mut either = Where::node(Connector::Or, false);
                    either.add(beyond);
                    either.add(equal);
                    either
                }
            });
        }
        Ok(clause.unwrap_or_else(|| Where::leaf(Truth::Never)))
    }

    fn key_in_rows(&mut self, left: &Piece<'q>, query: &'q Query) -> Result<Where<'q>, QueryError> {
        let sub = self.subquery(query, &Chosen::Key)?;
        if sub.width != left.parts.len() {
            return Err(QueryError::usage(format!(
                "a key of {} columns is compared with a subquery of {}",
                left.parts.len(),
                sub.width
            )));
        }
        let Some(sql) = sub.sql else { return Ok(Where::leaf(Truth::Never)) };
        let mut all = left.sql.clone().between("(", ") IN (");
        all.add(sql);
        all.push(")");
        Ok(Where::leaf(Truth::Sql(all.of_kind(Some(Kind::Boolean)))))
    }
}

static YES: Value = Value::Bool(true);

/// The values of a list.
fn each<'q>(right: Rhs<'q>) -> Result<Vec<Rhs<'q>>, QueryError> {
    match right {
        Rhs::List(all) => Ok(all),
        Rhs::Value(Value::List(all)) => Ok(all.iter().map(Rhs::Value).collect()),
        _ => Err(QueryError::value("a key of several columns is compared with a list of its values")),
    }
}

fn values_of<'q>(left: &Piece<'q>, right: Rhs<'q>) -> Result<Vec<Rhs<'q>>, QueryError> {
    let values = each(right)?;
    if values.len() == left.parts.len() {
        return Ok(values);
    }
    Err(QueryError::value(format!("a key of {} columns is compared with {} values", left.parts.len(), values.len())))
}

impl<'q> Rhs<'q> {
    /// The values that are computed.
    pub(super) fn pieces(&self) -> Vec<&Piece<'q>> {
        match self {
            Self::Piece(piece) => vec![piece],
            Self::List(all) => all.iter().flat_map(Self::pieces).collect(),
            _ => vec![],
        }
    }

    pub(super) fn into_right(self) -> Right<'q> {
        match self {
            Self::Value(value) => Right::Value(value),
            Self::Piece(piece) => Right::Sql(piece.sql),
            Self::List(all) => Right::List(all.into_iter().map(Self::into_right).collect()),
            Self::Numbers(list) => Right::Numbers(list),
            Self::Rows(sql) => Right::Subquery(*sql),
            Self::Query(_) => Right::List(vec![]),
        }
    }
}
