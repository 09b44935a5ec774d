//! Parts of dates and moments, and dates and moments cut to a part.
//!
//! Names of zones and parts are looked up in tables, so they may stand in the text.

use super::{kind_of, type_of};
use crate::query::error::QueryError;
use crate::query::fragment::{Context, Fragment, Origin};
use crate::query::prepare::{Zone, unknown_zone};
use crate::schema::Kind;
use crate::sql::Dialect;
use crate::sql::expression::moment::{CUTS, PARTS, is_part};
use crate::sql::expression::typed::{Type, of_kind};

/// A part of a date, a moment, a time of day or a duration.
pub(crate) fn extract<'q>(
    cx: Context<'_>,
    of: Fragment<'q>,
    part: &str,
    zone: Option<&str>,
) -> Result<Fragment<'q>, QueryError> {
    let Some((name, _, word)) = PARTS.iter().find(|(name, ..)| *name == part) else {
        return Err(QueryError::name(format!("a moment has no part `{part}`")));
    };
    let Some(found @ (Type::Date | Type::DateTime | Type::Time | Type::Duration)) = type_of(&of) else {
        return Err(QueryError::usage(format!(
            "`{name}` is taken out of a date, a moment, a time of day or a duration"
        )));
    };
    let of_duration = matches!(*name, "day" | "hour" | "minute" | "second");
    if !(if found == Type::Duration { of_duration } else { is_part(name, found) }) {
        return Err(QueryError::usage(format!("{} has no `{name}`", noun(found))));
    }
    let zone = zone_for(cx, found, zone)?;
    let origin = matches!(*name, "year" | "iso_year").then(|| Origin::Year(of.clone(), *name == "iso_year"));
    let sql = match (cx.dialect, found) {
        (Dialect::Sqlite, Type::DateTime) => {
            of.between(&format!("django_datetime_extract('{name}', "), &format!(", {}, 'UTC')", text(&zone)))
        }
        (Dialect::Sqlite, Type::Date) => of.between(&format!("django_date_extract('{name}', "), ")"),
        (Dialect::Sqlite, Type::Time) => of.between(&format!("django_time_extract('{name}', "), ")"),
        (Dialect::Sqlite, _) => {
            return Err(QueryError::unsupported("SQLite keeps a duration as a number, which has no parts"));
        }
        (Dialect::Postgres, _) => {
            let of = zoned(of, &zone);
            match *name {
                "week_day" => of.between("EXTRACT(DOW FROM ", ") + 1").between("(", ")"),
                "second" if found != Type::Date => of.between("EXTRACT(SECOND FROM DATE_TRUNC('second', ", "))"),
                _ => of.between(&format!("EXTRACT({word} FROM "), ")"),
            }
        }
    };
    let mut sql = sql.of_kind(Some(Kind::Integer));
    sql.origin = origin.map(Box::new);
    Ok(sql)
}

/// A date, a moment or a time of day cut to a part.
pub(crate) fn truncate<'q>(
    cx: Context<'_>,
    of: Fragment<'q>,
    part: &str,
    zone: Option<&str>,
    kind: Option<&Kind>,
) -> Result<Fragment<'q>, QueryError> {
    let cut = CUTS.iter().map(|(_, cut)| *cut).chain(["date", "time"]).find(|cut| *cut == part);
    let Some(cut) = cut else { return Err(QueryError::name(format!("nothing is cut to `{part}`"))) };
    let Some(found @ (Type::Date | Type::DateTime | Type::Time)) = type_of(&of) else {
        return Err(QueryError::usage(format!("only a date, a moment or a time of day is cut to a {cut}")));
    };
    let out = match (cut, kind.and_then(of_kind)) {
        ("date", _) => Type::Date,
        ("time", _) => Type::Time,
        (_, None) => found,
        (_, Some(out @ (Type::Date | Type::DateTime | Type::Time))) => out,
        (_, Some(_)) => return Err(QueryError::usage("what is cut is a date, a moment or a time of day")),
    };
    let of_time = matches!(cut, "hour" | "minute" | "second" | "time");
    let refused = match found {
        Type::Date => out == Type::DateTime || of_time,
        Type::Time => out == Type::DateTime || !of_time,
        _ => false,
    };
    if refused {
        return Err(QueryError::usage(format!("{} cannot be cut to a {cut} as {}", noun(found), noun(out))));
    }
    let zone = if matches!(cut, "date" | "time") {
        Some(checked(zone.unwrap_or_else(|| cx.registry.zone()))?)
    } else {
        zone_for(cx, found, zone)?
    };
    let sql = match cx.dialect {
        Dialect::Sqlite => sqlite_cut(of, cut, out, &zone),
        Dialect::Postgres => {
            let of = zoned(of, &zone);
            match cut {
                "date" | "time" => of.between("(", &format!(")::{cut}")),
                _ => {
                    let behind = match out {
                        Type::DateTime => ")",
                        Type::Date => ")::date",
                        _ => ")::time",
                    };
                    of.between(&format!("DATE_TRUNC('{cut}', "), behind)
                }
            }
        }
    };
    let mut sql = sql.of_kind(Some(kind_of(out)));
    if let (Type::DateTime, Some(zone)) = (out, zone) {
        sql.origin = Some(Box::new(Origin::Local(zone)));
    }
    Ok(sql)
}

fn sqlite_cut<'q>(of: Fragment<'q>, cut: &str, out: Type, zone: &Option<String>) -> Fragment<'q> {
    // A date and a time of day have no zone.
    let zones = match zone {
        Some(_) => format!(", {}, 'UTC')", text(zone)),
        None => ", NULL, NULL)".to_owned(),
    };
    let name = match (cut, out) {
        ("date", _) => return of.between("django_datetime_cast_date(", &zones),
        ("time", _) => return of.between("django_datetime_cast_time(", &zones),
        (_, Type::DateTime) => "django_datetime_trunc",
        (_, Type::Date) => "django_date_trunc",
        _ => "django_time_trunc",
    };
    of.between(&format!("{name}('{cut}', "), &zones)
}

/// The zone of a moment; nothing else has one.
fn zone_for(cx: Context<'_>, found: Type, zone: Option<&str>) -> Result<Option<String>, QueryError> {
    match (found, zone) {
        (Type::DateTime, zone) => checked(zone.unwrap_or_else(|| cx.registry.zone())).map(Some),
        (_, None) => Ok(None),
        (_, Some(_)) => Err(QueryError::usage(format!("{} has no time zone", noun(found)))),
    }
}

/// A name of a zone that is known, which is text without signs of SQL.
fn checked(zone: &str) -> Result<String, QueryError> {
    let is_plain = zone.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'/' | b'_' | b'+' | b'-' | b':'));
    match Zone::parse(zone).filter(|_| is_plain) {
        Some(_) => Ok(zone.to_owned()),
        None => Err(unknown_zone(zone)),
    }
}

fn text(zone: &Option<String>) -> String {
    zone.as_ref().map_or_else(|| "NULL".to_owned(), |zone| format!("'{zone}'"))
}

fn zoned<'q>(of: Fragment<'q>, zone: &Option<String>) -> Fragment<'q> {
    match zone {
        Some(zone) => of.between("", &format!(" AT TIME ZONE '{}'", postgres_zone(zone))),
        None => of,
    }
}

/// PostgreSQL counts a distance from UTC the other way round.
pub(super) fn postgres_zone(zone: &str) -> String {
    let Some(at) = zone.rfind(['+', '-']).filter(|_| zone.contains(':')) else { return zone.to_owned() };
    let (name, distance) = zone.split_at(at);
    format!("{name}{}{}", if distance.starts_with('+') { '-' } else { '+' }, &distance[1..])
}

fn noun(found: Type) -> &'static str {
    match found {
        Type::Date => "a date",
        Type::Time => "a time of day",
        Type::Duration => "a duration",
        _ => "a moment",
    }
}
