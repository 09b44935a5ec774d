//! Values of many rows.

use super::{as_number, constant, kind_of, shared, type_of};
use crate::near;
use crate::query::error::QueryError;
use crate::query::fragment::{Context, Fragment};
use crate::schema::Kind;
use crate::sql::Dialect;
use crate::sql::expression::typed::Type;

/// An aggregate.
struct Aggregate {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    arity: usize,
    gives: Gives,
    /// Whether equal values may count once.
    distinct: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Gives {
    /// A number of rows, which is never null.
    Count,
    /// The kind of what it is made of.
    Same,
    /// A decimal number of decimal numbers, else a floating-point number.
    Number,
    Bool,
    Text,
    Json,
    /// Several values, of the kind of what it is made of.
    List,
}

macro_rules! aggregates {
    ($($name:literal $sqlite:literal $postgres:literal $arity:literal $gives:ident $distinct:literal;)*) => {
        &[$(Aggregate {
            name: $name,
            sqlite: $sqlite,
            postgres: $postgres,
            arity: $arity,
            gives: Gives::$gives,
            distinct: $distinct,
        }),*]
    };
}

/// An empty name: the database has no such thing.
#[rustfmt::skip]
static AGGREGATES: &[Aggregate] = aggregates! {
    "Count"          "COUNT"        "COUNT"       1 Count true;
    "Sum"            "SUM"          "SUM"         1 Same true;
    "Avg"            "AVG"          "AVG"         1 Number true;
    "Min"            "MIN"          "MIN"         1 Same false;
    "Max"            "MAX"          "MAX"         1 Same false;
    "StdDev"         "STDDEV_POP"   "STDDEV_POP"  1 Number false;
    "StdDevSample"   "STDDEV_SAMP"  "STDDEV_SAMP" 1 Number false;
    "Variance"       "VAR_POP"      "VAR_POP"     1 Number false;
    "VarianceSample" "VAR_SAMP"     "VAR_SAMP"    1 Number false;
    "StringAgg"      "GROUP_CONCAT" "STRING_AGG"  2 Text true;
    "ArrayAgg"       ""             "ARRAY_AGG"   1 List true;
    "BitAnd"         ""             "BIT_AND"     1 Same false;
    "BitOr"          ""             "BIT_OR"      1 Same false;
    "BitXor"         ""             "BIT_XOR"     1 Same false;
    "BoolAnd"        ""             "BOOL_AND"    1 Bool false;
    "BoolOr"         ""             "BOOL_OR"     1 Bool false;
    "JSONBAgg"       ""             "JSONB_AGG"   1 Json true;
};

/// A value of many rows. `order` is what stands behind `ORDER BY`.
pub(crate) fn aggregate<'q>(
    cx: Context<'_>,
    name: &str,
    args: Vec<Fragment<'q>>,
    distinct: bool,
    filter: Option<Fragment<'q>>,
    order: Option<Fragment<'q>>,
    default: Option<Fragment<'q>>,
) -> Result<Fragment<'q>, QueryError> {
    let found = AGGREGATES.iter().find(|aggregate| aggregate.name == name).ok_or_else(|| unknown(name))?;
    check(cx, found, &args, distinct, default.is_some())?;
    let all = super::of_args(&args[..args.len().min(1)]);
    let number = match all.first() {
        Some((_, Some(Type::Int))) => Some(Kind::Float),
        _ => None,
    };
    let is_count = found.gives == Gives::Count && args.is_empty();
    let call = if cx.dialect == Dialect::Sqlite { found.sqlite } else { found.postgres };
    let mut sql = Fragment::new(format!("{call}({}", if distinct { "DISTINCT " } else { "" }), None);
    if is_count {
        sql.push("*");
    }
    sql.add(Fragment::join(args, ", "));
    if let Some(order) = order {
        sql.push(" ORDER BY ");
        sql.add(order);
    }
    sql.push(")");
    if let Some(filter) = filter {
        sql.push(" FILTER (WHERE ");
        sql.add(filter);
        sql.push(")");
    }
    let sql = match found.gives {
        Gives::Count => sql.of_kind(Some(Kind::Integer)),
        Gives::Number if number.is_some() => sql.of_kind(number),
        Gives::Number | Gives::Same => shared(sql, &all),
        Gives::Bool => sql.of_kind(Some(Kind::Boolean)),
        Gives::Text => sql.of_kind(Some(kind_of(Type::Text))),
        Gives::Json => sql.of_kind(Some(Kind::Json)),
        Gives::List => sql.of_kind(None),
    };
    let sql = as_number(cx, sql);
    let Some(default) = default else { return Ok(sql) };
    let kind = sql.kind.clone();
    let default = constant::again(cx, default, kind.as_ref());
    Ok(as_number(cx, Fragment::join([sql, default], ", ").between("COALESCE(", ")").of_kind(kind)))
}

fn check(
    cx: Context<'_>,
    found: &Aggregate,
    args: &[Fragment<'_>],
    distinct: bool,
    has_default: bool,
) -> Result<(), QueryError> {
    let name = found.name;
    let is_count = found.gives == Gives::Count;
    if args.len() != found.arity && !(is_count && args.is_empty()) {
        return Err(QueryError::usage(format!("`{name}` takes {}, not {}", found.arity, args.len())));
    }
    if distinct && !found.distinct {
        return Err(QueryError::usage(format!("`{name}` takes no `distinct`")));
    }
    if distinct && args.is_empty() {
        return Err(QueryError::usage("rows are counted once each anyway\nhint: count a field"));
    }
    if has_default && is_count {
        return Err(QueryError::usage("`Count` takes no default: it is 0 where there are no rows"));
    }
    if cx.dialect == Dialect::Postgres {
        return Ok(());
    }
    if found.sqlite.is_empty() {
        return Err(QueryError::unsupported(format!("SQLite has no aggregate `{name}`")));
    }
    if distinct && args.len() > 1 {
        return Err(QueryError::unsupported(format!("SQLite has no `distinct` of `{name}`")));
    }
    let is_sum = matches!(name, "Sum") || found.gives == Gives::Number;
    if is_sum && args.iter().any(|arg| type_of(arg).is_some_and(Type::is_moment)) {
        return Err(QueryError::unsupported(format!("SQLite keeps dates and times as text: they have no `{name}`")));
    }
    Ok(())
}

fn unknown(name: &str) -> QueryError {
    let names: Vec<&str> = AGGREGATES.iter().map(|aggregate| aggregate.name).collect();
    let hint =
        near::did_you_mean(name, &names).map_or_else(String::new, |close| format!("\nhint: did you mean `{close}`?"));
    QueryError::name(format!("no aggregate `{name}` is known{hint}"))
}
