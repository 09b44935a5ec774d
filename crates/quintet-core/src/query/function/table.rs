//! Functions by name.

use super::{as_number, kind_of, moment, of_args, shared, type_of, window};
use crate::near;
use crate::query::error::QueryError;
use crate::query::fragment::{Context, Fragment, Given, PLACE};
use crate::query::lookup;
use crate::schema::Kind;
use crate::sql::Dialect;
use crate::sql::expression::function::{FUNCTIONS, Function, Gives, MANY};
use crate::sql::expression::moment::{CUTS, PARTS};
use crate::sql::expression::typed::Type;

/// What only a query has.
const OWN: [&str; 7] = ["JSONObject", "JSONArray", "KT", "SearchHeadline", "SearchRank", "TruncDate", "TruncTime"];

/// A function by the reference's name.
pub(crate) fn call<'q>(cx: Context<'_>, name: &str, args: Vec<Fragment<'q>>) -> Result<Fragment<'q>, QueryError> {
    if let Some(found) = window::call(cx, name, args.clone()) {
        return found;
    }
    if let Some(found) = of_moment(cx, name, &args) {
        return found;
    }
    match name {
        "JSONObject" => return object(cx, args),
        "JSONArray" => return Ok(array(cx, args)),
        "KT" => return key_text(cx, args),
        "SearchRank" | "SearchHeadline" => return searched(cx, name, args),
        _ => {}
    }
    let function = FUNCTIONS.iter().find(|function| function.name == name).ok_or_else(|| unknown(name))?;
    let (least, most) = function.arity;
    if args.len() < least || args.len() > most {
        return Err(arity(name, function.arity, args.len()));
    }
    let types = of_args(&args);
    let sql = known(cx, function, args);
    let sql = match function.gives {
        Gives::Same => shared(sql, &types),
        Gives::First => sql.of_kind(types.first().and_then(|(kind, _)| kind.clone())),
        Gives::A(found) => sql.of_kind(Some(kind_of(found))),
        Gives::Number => match types.iter().find(|(_, found)| *found == Some(Type::Decimal)) {
            Some((kind, _)) => sql.of_kind(kind.clone()),
            None if types.is_empty() || types.iter().any(|(_, found)| *found == Some(Type::Int)) => {
                sql.of_kind(Some(Kind::Float))
            }
            None => shared(sql, &types),
        },
    };
    Ok(as_number(cx, sql))
}

/// `ExtractYear`, `TruncMonth`.
fn of_moment<'q>(cx: Context<'_>, name: &str, args: &[Fragment<'q>]) -> Option<Result<Fragment<'q>, QueryError>> {
    let part = PARTS.iter().find(|(_, function, _)| *function == name).map(|(part, ..)| *part);
    let cut = CUTS.iter().find(|(function, _)| *function == name).map(|(_, cut)| *cut);
    let cut = cut.or(match name {
        "TruncDate" => Some("date"),
        "TruncTime" => Some("time"),
        _ => None,
    });
    part.or(cut)?;
    let [of] = args else { return Some(Err(arity(name, (1, 1), args.len()))) };
    Some(match (part, cut) {
        (Some(part), _) => moment::extract(cx, of.clone(), part, None),
        (None, cut) => moment::truncate(cx, of.clone(), cut.unwrap_or_default(), None, None),
    })
}

fn known<'q>(cx: Context<'_>, function: &Function, mut args: Vec<Fragment<'q>>) -> Fragment<'q> {
    let sqlite = cx.dialect == Dialect::Sqlite;
    let call = if sqlite { function.sqlite } else { function.postgres };
    let count = match function.name {
        "Left" | "Right" | "Substr" => Some(1),
        "LPad" | "RPad" | "Repeat" => Some(0),
        "Round" if sqlite => Some(0),
        _ => None,
    };
    if let (Some(least), Some(count)) = (count, args.get_mut(1)) {
        at_least(count, least);
    }
    let again = || args.get(1).cloned().unwrap_or_default();
    match function.name {
        "Now" if sqlite => return Fragment::new("STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')", None),
        "Now" => return Fragment::new("STATEMENT_TIMESTAMP()", None),
        "Concat" => return concat(cx, args),
        "Left" if sqlite => args.insert(1, Fragment::new("1", None)),
        "Right" if sqlite => {
            let start = again().between("(", " * -1)");
            args.insert(1, start);
        }
        "SHA1" | "SHA224" | "SHA256" | "SHA384" | "SHA512" if !sqlite => {
            return Fragment::join(args, ", ").between("ENCODE(DIGEST(", &format!(", '{call}'), 'hex')"));
        }
        "Round" | "Mod" | "Log" => {
            args = args.into_iter().map(|arg| exact_number(cx, arg)).collect();
            if function.name == "Round" && args.len() == 1 {
                args.push(Fragment::new("0", None));
            }
        }
        "LPad" | "RPad" if args.len() == 2 => args.push(Fragment::new("' '", None)),
        "Replace" if args.len() == 2 => args.push(Fragment::new("''", None)),
        _ => {}
    }
    Fragment::join(args, ", ").between(&format!("{call}("), ")")
}

/// Pairs from the right, as the reference nests them; a null counts as nothing.
fn concat<'q>(cx: Context<'_>, args: Vec<Fragment<'q>>) -> Fragment<'q> {
    let mut parts = args.into_iter().map(|arg| text(cx, arg)).rev();
    let mut joined = parts.next().unwrap_or_default();
    for part in parts {
        let mut pair = part.between("(COALESCE(", ", '') || COALESCE(");
        pair.add(joined);
        pair.push(", ''))");
        joined = pair;
    }
    joined
}

/// PostgreSQL joins nothing but text.
fn text<'q>(cx: Context<'_>, of: Fragment<'q>) -> Fragment<'q> {
    if cx.dialect == Dialect::Postgres && type_of(&of) != Some(Type::Text) { of.between("(", ")::text") } else { of }
}

/// PostgreSQL has some functions for decimal numbers only.
fn exact_number<'q>(cx: Context<'_>, of: Fragment<'q>) -> Fragment<'q> {
    let is_float = type_of(&of) == Some(Type::Float);
    if cx.dialect == Dialect::Postgres && is_float { of.between("(", ")::numeric(1000, 15)") } else { of }
}

/// Names and values in turn.
fn object<'q>(cx: Context<'_>, args: Vec<Fragment<'q>>) -> Result<Fragment<'q>, QueryError> {
    if !args.len().is_multiple_of(2) {
        return Err(QueryError::usage("`JSONObject` takes names and values in turn"));
    }
    let (call, cast) = match cx.dialect {
        Dialect::Sqlite => ("JSON_OBJECT(", ""),
        Dialect::Postgres => ("JSONB_BUILD_OBJECT(", ")::text"),
    };
    let parts = args.into_iter().enumerate().map(|(at, part)| match at % 2 == 0 && !cast.is_empty() {
        true => part.between("(", cast),
        false => part,
    });
    Ok(Fragment::join(parts, ", ").between(call, ")").of_kind(Some(Kind::Json)))
}

fn array<'q>(cx: Context<'_>, args: Vec<Fragment<'q>>) -> Fragment<'q> {
    let call = if cx.dialect == Dialect::Sqlite { "JSON_ARRAY(" } else { "JSONB_BUILD_ARRAY(" };
    Fragment::join(args, ", ").between(call, ")").of_kind(Some(Kind::Json))
}

/// The value of a key of JSON as text.
fn key_text<'q>(cx: Context<'_>, args: Vec<Fragment<'q>>) -> Result<Fragment<'q>, QueryError> {
    let found = args.into_iter().next().and_then(|of| lookup::as_text(cx, of));
    found.ok_or_else(|| QueryError::usage("`KT` takes a key of JSON, such as `data__a`"))
}

/// How well a text fits the words of a search, and the piece of it that shows them.
fn searched<'q>(cx: Context<'_>, name: &str, args: Vec<Fragment<'q>>) -> Result<Fragment<'q>, QueryError> {
    if cx.dialect == Dialect::Sqlite {
        return Err(QueryError::unsupported(format!("SQLite has no function `{name}`")));
    }
    let is_rank = name == "SearchRank";
    let (most, given) = (if is_rank { 2 } else { 3 }, args.len());
    let mut args = args.into_iter();
    let (Some(of), Some(words), true) = (args.next(), args.next(), given <= most) else {
        return Err(arity(name, (2, most), given));
    };
    let of = text(cx, of);
    let mut parts = vec![if is_rank { of.between("to_tsvector(COALESCE(", ", ''))") } else { of }];
    parts.push(words.between("plainto_tsquery((", ")::text)"));
    parts.extend(args.map(|options| options.between("(", ")::text")));
    let (call, kind) = if is_rank { ("ts_rank(", Type::Float) } else { ("ts_headline(", Type::Text) };
    Ok(Fragment::join(parts, ", ").between(call, ")").of_kind(Some(kind_of(kind))))
}

/// A constant that must not be less.
pub(super) fn at_least(of: &mut Fragment<'_>, least: i64) {
    if let [bind] = of.binds.as_mut_slice()
        && of.sql.starts_with(PLACE)
        && !matches!(bind.given, Given::Own(_))
    {
        bind.prepare = window::count(least);
    }
}

pub(super) fn arity(name: &str, (least, most): (usize, usize), given: usize) -> QueryError {
    let wanted = match (least, most) {
        (least, MANY) => format!("{least} arguments or more"),
        (least, most) if least == most => format!("{least}"),
        (least, most) => format!("{least} to {most}"),
    };
    QueryError::usage(format!("`{name}` takes {wanted}, not {given}"))
}

fn unknown(name: &str) -> QueryError {
    let own = OWN.iter().copied().chain(window::names());
    let moments = PARTS.iter().map(|(_, name, _)| *name).chain(CUTS.iter().map(|(name, _)| *name));
    let names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).chain(own).chain(moments).collect();
    let hint =
        near::did_you_mean(name, &names).map_or_else(String::new, |close| format!("\nhint: did you mean `{close}`?"));
    QueryError::name(format!("no function `{name}` is known{hint}"))
}
