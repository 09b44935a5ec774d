//! The texts and the kinds of what is computed, and what is refused.

use super::{aggregate, call, collate, combined, constant, extract, output, truncate, window};
use crate::query::ast::{Frame, FrameUnit};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::fragment::{Context, Fragment, PLACE};
use crate::query::registry::Registry;
use crate::schema::{Kind, Operator, ProjectState, Value};
use crate::sql::Dialect::{self, Postgres, Sqlite};

const MOMENT: Kind = Kind::DateTime { auto_now: false, auto_now_add: false };
const DATE: Kind = Kind::Date { auto_now: false, auto_now_add: false };
const DECIMAL: Kind = Kind::Decimal { max_digits: Some(8), decimal_places: Some(2) };

fn with<T>(dialect: Dialect, work: impl FnOnce(Context<'_>) -> T) -> T {
    let registry = Registry::new(&ProjectState::new("auth.User"), "UTC").expect("no models");
    work(Context { registry: &registry, dialect })
}

fn column(kind: Kind) -> Fragment<'static> {
    Fragment::new("c", Some(kind))
}

fn text(found: Result<Fragment<'_>, QueryError>) -> (String, Option<&'static str>) {
    match found {
        Ok(found) => (found.sql.replace(PLACE, "?"), found.kind.map(|kind| kind.class())),
        Err(error) => (error.message, None),
    }
}

#[test]
fn a_constant_says_its_type_on_postgres() {
    let values: [(Value, &str); 6] = [
        (5.into(), "?::integer"),
        (7_000_000_000_i64.into(), "?::bigint"),
        ("x".into(), "?::text"),
        (true.into(), "?::boolean"),
        (Value::DateTime("2024-01-31 12:00:00".to_owned()), "?::timestamptz"),
        (Value::Null, "NULL"),
    ];
    for (value, wanted) in &values {
        assert_eq!(with(Postgres, |cx| text(Ok(constant(cx, value, None)))).0, *wanted);
    }
}

#[test]
fn sqlite_is_told_that_a_decimal_is_a_number() {
    let sum = with(Sqlite, |cx| text(aggregate(cx, "Sum", vec![column(DECIMAL)], false, None, None, None)));
    assert_eq!(sum, ("(CAST(SUM(c) AS NUMERIC))".to_owned(), Some("DecimalField")));
}

#[test]
fn the_average_of_whole_numbers_is_none() {
    let kind = |kind| with(Postgres, |cx| text(aggregate(cx, "Avg", vec![column(kind)], false, None, None, None)).1);
    assert_eq!(
        [kind(Kind::Integer), kind(DECIMAL), kind(Kind::Duration)],
        [Some("FloatField"), Some("DecimalField"), Some("DurationField")]
    );
}

#[test]
fn an_aggregate_has_its_condition_and_its_default() {
    let zero = Value::Int(0);
    let sum = with(Postgres, |cx| {
        let default = constant(cx, &zero, None);
        text(aggregate(cx, "Sum", vec![column(DECIMAL)], true, Some(column(Kind::Boolean)), None, Some(default)))
    });
    assert_eq!(sum.0, "COALESCE(SUM(DISTINCT c) FILTER (WHERE c), ?::numeric)");
}

#[test]
fn what_an_aggregate_does_not_take_is_refused() {
    let of = |dialect, name: &str, kind, distinct| {
        with(dialect, |cx| text(aggregate(cx, name, vec![column(kind)], distinct, None, None, None)).0)
    };
    assert_eq!(of(Postgres, "Max", Kind::Integer, true), "`Max` takes no `distinct`");
    assert_eq!(of(Sqlite, "Sum", DATE, false), "SQLite keeps dates and times as text: they have no `Sum`");
    assert_eq!(of(Sqlite, "BoolAnd", Kind::Boolean, false), "SQLite has no aggregate `BoolAnd`");
    assert_eq!(of(Sqlite, "Summ", Kind::Integer, false), "no aggregate `Summ` is known\nhint: did you mean `Sum`?");
}

#[test]
fn kinds_go_together_as_the_reference_has_it() {
    let rows = [
        (Kind::Integer, Operator::Add, DECIMAL, Some("DecimalField")),
        (Kind::Integer, Operator::Pow, DECIMAL, None),
        (Kind::Float, Operator::Mul, Kind::Integer, Some("FloatField")),
        (Kind::Float, Operator::Add, DECIMAL, None),
        (DATE, Operator::Sub, DATE, Some("DurationField")),
        (DATE, Operator::Add, DATE, None),
        (MOMENT, Operator::Add, Kind::Duration, Some("DateTimeField")),
        (Kind::PositiveInteger, Operator::Add, Kind::PositiveInteger, Some("PositiveIntegerField")),
        (Kind::PositiveInteger, Operator::Sub, Kind::PositiveInteger, Some("IntegerField")),
    ];
    for (left, operator, right, wanted) in rows {
        let found = with(Postgres, |cx| text(combined(cx, column(left.clone()), operator, column(right.clone()))));
        assert_eq!(found.1, wanted, "{left:?} {operator:?} {right:?}");
    }
}

#[test]
fn a_mixed_kind_is_refused_only_where_nobody_says_another() {
    with(Postgres, |cx| {
        let mixed = || combined(cx, column(Kind::Float), Operator::Add, column(DECIMAL)).expect("a piece");
        let error = output(cx, mixed()).expect_err("mixed");
        assert_eq!(error.kind, QueryErrorKind::Name);
        assert!(error.message.contains("`FloatField`, `DecimalField`"), "{}", error.message);
        assert!(output(cx, mixed().of_kind(Some(Kind::Float))).is_ok());
    });
}

#[test]
fn sqlite_computes_with_durations_by_functions() {
    let found = |left, operator, right| with(Sqlite, |cx| text(combined(cx, column(left), operator, column(right))).0);
    assert_eq!(found(MOMENT, Operator::Add, Kind::Duration), "(django_format_dtdelta('+', c, c))");
    assert_eq!(found(MOMENT, Operator::Sub, MOMENT), "django_timestamp_diff(c, c)");
    assert_eq!(found(Kind::Integer, Operator::Pow, Kind::Integer), "(POWER(c,c))");
    assert_eq!(found(Kind::Duration, Operator::Mod, Kind::Integer), "a duration has no operator `%`");
}

#[test]
fn a_zone_and_a_part_are_looked_up() {
    with(Postgres, |cx| {
        for zone in ["UTC'; DROP TABLE t; --", "Europe/Nowhere", "", "+2:0x", "UTC+99:00"] {
            let error = extract(cx, column(MOMENT), "year", Some(zone)).expect_err("no zone");
            assert!(error.message.starts_with("no time zone"), "{}", error.message);
            assert!(truncate(cx, column(MOMENT), "year", Some(zone), None).is_err(), "{zone}");
        }
        for part in ["year'", "YEAR", "epoch", "", "dow FROM c) --"] {
            assert!(extract(cx, column(MOMENT), part, None).is_err(), "{part}");
            assert!(truncate(cx, column(MOMENT), part, None, None).is_err(), "{part}");
        }
    });
}

#[test]
fn a_distance_from_utc_counts_the_other_way_on_postgres() {
    let found = with(Postgres, |cx| text(extract(cx, column(MOMENT), "day", Some("+02:00"))).0);
    assert_eq!(found, "EXTRACT(DAY FROM c AT TIME ZONE '-02:00')");
}

#[test]
fn a_moment_cut_in_a_zone_becomes_one_in_utc_for_the_caller() {
    let found = |dialect| {
        with(dialect, |cx| {
            text(truncate(cx, column(MOMENT), "day", Some("Asia/Tokyo"), None).and_then(|cut| output(cx, cut))).0
        })
    };
    assert_eq!(found(Sqlite), "quintet_utc(django_datetime_trunc('day', c, 'Asia/Tokyo', 'UTC'), 'Asia/Tokyo')");
    assert_eq!(found(Postgres), "(DATE_TRUNC('day', c AT TIME ZONE 'Asia/Tokyo') AT TIME ZONE 'Asia/Tokyo')");
}

#[test]
fn what_has_no_such_part_is_refused() {
    with(Sqlite, |cx| {
        assert_eq!(text(extract(cx, column(DATE), "hour", None)).0, "a date has no `hour`");
        assert_eq!(text(truncate(cx, column(DATE), "hour", None, None)).0, "a date cannot be cut to a hour as a date");
        assert_eq!(text(extract(cx, column(DATE), "day", Some("UTC"))).0, "a date has no time zone");
        assert!(extract(cx, column(Kind::Integer), "day", None).is_err());
    });
}

#[test]
fn a_function_has_its_number_of_arguments_and_its_name() {
    with(Sqlite, |cx| {
        assert_eq!(text(call(cx, "Lower", vec![])).0, "`Lower` takes 1, not 0");
        assert_eq!(text(call(cx, "Lowerr", vec![])).0, "no function `Lowerr` is known\nhint: did you mean `Lower`?");
        assert!(call(cx, "LOWER(c); --", vec![column(Kind::Integer)]).is_err());
    });
}

#[test]
fn a_length_below_its_least_is_refused_with_the_value() {
    let zero = Value::Int(0);
    with(Postgres, |cx| {
        let args = vec![column(Kind::Text { max_length: None }), constant(cx, &zero, None)];
        let found = call(cx, "Left", args).expect("a piece");
        let error = found.binds[0].prepare.value(Postgres, "UTC", &zero).expect_err("too few");
        assert_eq!(error.message, "`0` is less than 1");
    });
}

#[test]
fn a_window_has_its_rows() {
    let frame = |unit| Some(Frame { unit, start: Some(-2), end: Some(0) });
    let of = |dialect, frame| {
        with(dialect, |cx| {
            let sum = aggregate(cx, "Sum", vec![column(DECIMAL)], false, None, None, None).expect("a sum");
            text(window(cx, sum, vec![column(DATE)], Some(Fragment::new("c ASC", None)), frame)).0
        })
    };
    let rows = "PARTITION BY c ORDER BY c ASC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW";
    assert_eq!(of(Sqlite, frame(FrameUnit::Rows)), format!("(CAST(SUM(c) OVER ({rows}) AS NUMERIC))"));
    assert_eq!(of(Postgres, frame(FrameUnit::Rows)), format!("SUM(c) OVER ({rows})"));
    assert_eq!(
        of(Postgres, frame(FrameUnit::Range)),
        "a frame of values has no numbers on PostgreSQL\nhint: count rows"
    );
}

#[test]
fn a_collation_is_a_name() {
    assert_eq!(text(collate(column(DATE), "de-x-icu")).0, "c COLLATE \"de-x-icu\"");
    assert_eq!(text(collate(column(DATE), "x\" --")).0, "`x\" --` is no name of a collation");
}
