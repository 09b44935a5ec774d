//! Expressions and conditions as SQL, against the reference's rendering of the same on both databases.
//!
//! Each vector is put where it was recorded, into a model's table, and the script of that table is searched for it. What
//! the reference refuses must be an error here too, but for what [`WE_CAN`] lists.

#[allow(dead_code, reason = "other recordings are read by other tests")]
mod recorded;

use quintet_core::operation::Migration;
use quintet_core::operation::words::create_model;
use quintet_core::schema::words::{
    big_integer, binary, boolean, char, check, date, date_time, decimal, duration, float, foreign_key, generated,
    generic_ip_address, integer, json, options, positive_small_integer, text, time, unique, unique_on, uuid,
};
use quintet_core::schema::{Condition, Expr, Field, Index, Kind, OnDelete, Operator, Options, ProjectState, Value};
use quintet_core::sql::{Dialect, script};
use serde_json::Value as Json;

/// What the reference cannot tell the type of, or does not resolve.
const WE_CAN: [&str; 2] = [r#"generated {"func":"Concat""#, r#"default {"case":[[{"expr":{"value":true}}"#];

/// How the functions begin that the reference's connection defines for itself on SQLite, and ours does not.
const NOT_ON_SQLITE: &str = "django_";

#[test]
fn every_expression_reads_as_the_reference_writes_it() {
    let vectors: Vec<Json> = serde_json::from_str(&recorded::text("vectors/expressions.json")).expect("it is JSON");
    let (mut wrong, mut same, mut refused) = (vec![], 0, 0);
    for vector in &vectors {
        let Some(model) = model(vector) else { continue };
        for (dialect, vendor) in [(Dialect::Sqlite, "sqlite"), (Dialect::Postgres, "postgresql")] {
            let ours = rendered(dialect, &model);
            let name = format!("{} {}", vector["place"].as_str().unwrap_or_default(), said(vector));
            let theirs = vector[vendor].as_str();
            let is_refused = theirs.is_none_or(|text| text.contains(NOT_ON_SQLITE));
            match (ours, theirs) {
                (Ok(ours), Some(theirs)) if ours.contains(&framed(vector, theirs)) => same += 1,
                (Err(_), _) if is_refused => refused += 1,
                (Ok(_), None) if WE_CAN.iter().any(|known| name.starts_with(known)) => refused += 1,
                (ours, theirs) => wrong.push(format!("{vendor} {name}\n  ours:   {ours:?}\n  theirs: {theirs:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ, {same} do not\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((same, refused), (669, 29));
}

fn said(vector: &Json) -> String {
    (if vector["condition"].is_null() { &vector["expr"] } else { &vector["condition"] }).to_string()
}

/// The text with what stands around it in the place where it was recorded.
fn framed(vector: &Json, text: &str) -> String {
    match vector["place"].as_str() {
        Some("check") => format!("CONSTRAINT \"c\" CHECK ({text})"),
        Some("condition") => format!(" WHERE {text};"),
        Some("index") => format!("CREATE INDEX \"i\" ON \"lab_thing\" ({text});"),
        Some("unique") => format!("CREATE UNIQUE INDEX \"i\" ON \"lab_thing\" ({text});"),
        Some("default") => format!(" DEFAULT {text} "),
        _ => text.to_owned(),
    }
}

fn rendered(dialect: Dialect, model: &(Vec<(&'static str, Field)>, Options)) -> Result<String, String> {
    let mut state = ProjectState::new("auth.User");
    let id = || ("id", big_integer().primary_key());
    let mut fields = vec![id()];
    fields.extend(model.0.clone());
    let mut migration = Migration::new("0001_initial")
        .operations(vec![create_model("Owner", vec![id()], options()), create_model("Thing", fields, model.1.clone())]);
    migration.app = "lab".to_owned();
    let owner = migration.operations.remove(0);
    owner.apply("lab", &mut state).map_err(|error| error.message)?;
    script(dialect, &migration, &state, false, "2024-01-31 12:00:00").map_err(|error| error.message)
}

/// The fields and options of the model that a vector stands in; none where our types cannot hold the vector.
fn model(vector: &Json) -> Option<(Vec<(&'static str, Field)>, Options)> {
    let mut fields = fields();
    let mut meta = options();
    match vector["place"].as_str()? {
        "check" => meta = meta.constraint(check("c", condition(&vector["condition"])?)),
        "condition" => meta = meta.constraint(unique("c", &["a"]).condition(condition(&vector["condition"])?)),
        "index" => meta = meta.index(Index::on(vec![expr(&vector["expr"])?]).name("i")),
        "unique" => meta = meta.constraint(unique_on("i", vec![expr(&vector["expr"])?])),
        "default" => {
            let name = vector["field"].as_str()?;
            let default = expr(&vector["expr"])?;
            let (_, field) = fields.iter_mut().find(|(own, _)| *own == name)?;
            *field = field.clone().db_default(default);
        }
        "generated" => fields.push(("made", generated(expr(&vector["expr"])?, Field::new(kind(&vector["to"])), true))),
        other => panic!("no place `{other}` is known"),
    }
    Some((fields, meta))
}

fn fields() -> Vec<(&'static str, Field)> {
    vec![
        ("title", char(100)),
        ("nick", char(20).null()),
        ("body", text()),
        ("a", integer()),
        ("b", integer().null()),
        ("small", positive_small_integer()),
        ("price", decimal(6, 2)),
        ("rate", float()),
        ("active", boolean()),
        ("maybe", boolean().null()),
        ("day", date()),
        ("at", date_time()),
        ("till", date_time().null()),
        ("hour", time()),
        ("span", duration()),
        ("code", uuid()),
        ("data", json()),
        ("blob", binary()),
        ("ip", generic_ip_address()),
        ("named", integer().db_column("other_name")),
        ("owner", foreign_key("Owner", OnDelete::Cascade)),
        ("patron", foreign_key("Owner", OnDelete::Cascade).null().related_name("+")),
    ]
}

fn condition(json: &Json) -> Option<Condition> {
    let all = |json: &Json| json.as_array()?.iter().map(condition).collect::<Option<Vec<_>>>();
    let (word, of) = json.as_object()?.iter().next()?;
    Some(match word.as_str() {
        "and" => Condition::And(all(of)?),
        "or" => Condition::Or(all(of)?),
        "xor" => Condition::Xor(all(of)?),
        "not" => Condition::Not(Box::new(condition(of)?)),
        "lookup" => Condition::Lookup { key: of.as_str()?.to_owned(), value: expr(&json["value"])? },
        "expr" => Condition::Expr(expr(of)?),
        other => panic!("no condition `{other}` is known"),
    })
}

fn expr(json: &Json) -> Option<Expr> {
    let (word, of) = json.as_object()?.iter().next()?;
    let boxed = |json: &Json| expr(json).map(Box::new);
    Some(match word.as_str() {
        "f" => Expr::F(of.as_str()?.to_owned()),
        "value" => Expr::Value(value(of)),
        "list" => Expr::Value(Value::List(
            of.as_array()?.iter().map(|one| one.get("value").map(value)).collect::<Option<_>>()?,
        )),
        "func" => Expr::Func {
            name: of.as_str()?.to_owned(),
            args: json["args"].as_array()?.iter().map(expr).collect::<Option<_>>()?,
        },
        "combined" => {
            Expr::Combined { left: boxed(&of[0])?, operator: operator(of[1].as_str()?), right: boxed(&of[2])? }
        }
        "order_by" => Expr::OrderBy {
            expr: boxed(of)?,
            descending: json["descending"].as_bool()?,
            nulls_first: json["nulls_first"].as_bool(),
        },
        "collate" => Expr::Collate { expr: boxed(of)?, collation: json["collation"].as_str()?.to_owned() },
        "cast" => Expr::Cast { expr: boxed(of)?, kind: Box::new(kind(&json["to"])) },
        "case" => {
            let cases = of.as_array()?.iter().map(|case| Some((condition(&case[0])?, expr(&case[1])?)));
            let default = if json["default"].is_null() { None } else { Some(boxed(&json["default"])?) };
            Expr::Case { cases: cases.collect::<Option<_>>()?, default }
        }
        "q" => Expr::Condition(Box::new(condition(of)?)),
        "raw" => Expr::Raw(of.as_str()?.to_owned()),
        other => panic!("no expression `{other}` is known"),
    })
}

fn operator(sign: &str) -> Operator {
    match sign {
        "+" => Operator::Add,
        "-" => Operator::Sub,
        "*" => Operator::Mul,
        "/" => Operator::Div,
        "%%" => Operator::Mod,
        "^" => Operator::Pow,
        other => panic!("no operator `{other}` is known"),
    }
}

fn value(json: &Json) -> Value {
    let Json::Object(object) = json else {
        return match json {
            Json::Null => Value::Null,
            Json::Bool(yes) => Value::Bool(*yes),
            Json::String(text) => Value::Text(text.clone()),
            number => Value::Int(number.as_i64().expect("a whole number")),
        };
    };
    let (word, of) = object.iter().next().expect("a kind of value");
    let text = || of.as_str().unwrap_or_default().to_owned();
    match word.as_str() {
        "float" => Value::Float(text().parse().expect("a number")),
        "decimal" => Value::Decimal(text()),
        "bytes" => {
            Value::Bytes(of.as_array().into_iter().flatten().map(|byte| byte.as_u64().unwrap_or(0) as u8).collect())
        }
        "datetime" => Value::DateTime(text()),
        "date" => Value::Date(text()),
        "time" => Value::Time(text()),
        "duration" => Value::Duration(of.as_i64().expect("a number")),
        "uuid" => Value::Uuid(text()),
        "json" => Value::Json(text()),
        other => panic!("no value `{other}` is known"),
    }
}

fn kind(json: &Json) -> Kind {
    let number = |key: &str| json[key].as_u64().map(|number| number as u32);
    match json["kind"].as_str().unwrap_or_default() {
        "CharField" => Kind::Char { max_length: number("max_length") },
        "TextField" => Kind::Text { max_length: None },
        "IntegerField" => Kind::Integer,
        "BigIntegerField" => Kind::BigInteger,
        "FloatField" => Kind::Float,
        "BooleanField" => Kind::Boolean,
        "UUIDField" => Kind::Uuid,
        "DateField" => Kind::Date { auto_now: false, auto_now_add: false },
        "DateTimeField" => Kind::DateTime { auto_now: false, auto_now_add: false },
        "DecimalField" => Kind::Decimal { max_digits: number("max_digits"), decimal_places: number("decimal_places") },
        other => panic!("no kind `{other}` is known"),
    }
}
