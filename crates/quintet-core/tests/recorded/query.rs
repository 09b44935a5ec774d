//! Described queries: what `oracle/recorder/queries` ran, as our own queries, beside what came.

use quintet_core::query::{
    Aggregate, Assign, Case, Combined, Condition, Distinct, Expr, Extract, Frame, FrameUnit, Func, Lock, Name, Nulls,
    Operator, Order, OrderBy, Ordering, Path, Query, Raw, Related, Select, SetOperation, Slice, Statement, Step,
    Strength, Truncate, Window,
};
use quintet_core::schema::{Kind, Value};
use serde_json::Value as Json;

use super::field::field;
use super::value::{flag, list, object, pair, tagged, text, texts, unknown, value};

/// A query that was recorded.
pub(crate) struct Recorded {
    /// Its name.
    pub(crate) id: String,
    /// The query.
    pub(crate) query: Query,
    /// What was asked.
    pub(crate) asked: Asked,
    /// The query whose rows were looked at behind a change.
    pub(crate) then: Option<Query>,
    /// The current time zone.
    pub(crate) zone: String,
    /// Whether rows are a set.
    pub(crate) is_unordered: bool,
    /// Whether rows of models are there with all their fields.
    pub(crate) is_full: bool,
    /// Its line.
    pub(crate) line: Json,
}

/// What was asked.
pub(crate) enum Asked {
    /// The rows.
    Select,
    /// How many.
    Count,
    /// Whether any.
    Exists,
    /// Values of all.
    Aggregate(Vec<(Name, Expr)>),
    /// New values for all.
    Update(Vec<Assign>),
    /// No rows any more.
    Delete,
}

impl Recorded {
    /// The statement that asks.
    pub(crate) fn statement(&self) -> Statement<'_> {
        match &self.asked {
            Asked::Select => Statement::Select(&self.query),
            Asked::Count => Statement::Count(&self.query),
            Asked::Exists => Statement::Exists(&self.query),
            Asked::Aggregate(values) => Statement::Aggregate(&self.query, values),
            Asked::Update(assigned) => Statement::Update(&self.query, assigned),
            Asked::Delete => Statement::Delete(&self.query),
        }
    }

    /// What came from a database, by the reference's name of it.
    pub(crate) fn result(&self, vendor: &str) -> &Json {
        let result = &self.line["result"];
        result.get("both").or_else(|| result.get(vendor)).unwrap_or_else(|| panic!("{}: no result", self.id))
    }

    /// The reference's statements, to be read.
    pub(crate) fn sql(&self, vendor: &str) -> String {
        let sql = &self.line["sql"];
        texts(sql.get(vendor).unwrap_or(&sql["sqlite"]), &self.id).join("; ")
    }
}

/// A line of `cases.jsonl`.
pub(super) fn recorded(line: Json) -> Recorded {
    let id = text(&line["id"], "cases.jsonl");
    let at = id.as_str();
    let named = || list(&line["values"], at).iter().map(|one| pair(one, at));
    let asked = match line["statement"].as_str() {
        None => Asked::Select,
        Some("count") => Asked::Count,
        Some("exists") => Asked::Exists,
        Some("aggregate") => {
            Asked::Aggregate(named().map(|(name, it)| (text(name, at).into(), expression(it, at))).collect())
        }
        Some("update") => {
            let assign = |(name, it)| Assign { field: text(name, at).into(), value: expression(it, at) };
            Asked::Update(named().map(assign).collect())
        }
        Some("delete") => Asked::Delete,
        Some(_) => unknown(&line["statement"], at),
    };
    Recorded {
        query: query(&line["query"], at),
        asked,
        then: line.get("then").map(|it| query(it, at)),
        zone: line["zone"].as_str().unwrap_or("UTC").to_owned(),
        is_unordered: line["unordered"] == true,
        is_full: line["full"] == true,
        id,
        line,
    }
}

/// A query. Every word of it is taken, so that none is passed over.
pub(super) fn query(json: &Json, at: &str) -> Query {
    let mut query = match json.get("combined") {
        Some(combined) => self::combined(combined, at),
        None => {
            let label = text(&json["model"], at);
            let (app, name) = label.split_once('.').unwrap_or_else(|| unknown(json, at));
            Query::of(app.to_owned(), name.to_owned())
        }
    };
    for (word, it) in object(json, at) {
        match word.as_str() {
            "model" | "combined" => {}
            "steps" => {
                for one in list(it, at) {
                    if !cut(&mut query, one, at) {
                        query.steps.push(step(one, at));
                    }
                }
            }
            "order" => query.ordering = Ordering::By(orders(it, at)),
            "reverse" => query.reversed = flag(it, at),
            "distinct" if *it == true => query.distinct = Distinct::Yes,
            "distinct" => query.distinct = Distinct::On(paths(it, at)),
            "slice" => query.slice = slice(it, at),
            "only" => query.select = Select::Only(paths(it, at)),
            "defer" => query.select = Select::Defer(paths(it, at)),
            "load" => list(it, at).iter().for_each(|one| load(&mut query.select, one, at)),
            "related" if *it == true => query.related = Related::All,
            "related" => query.related = Related::Paths(paths(it, at)),
            "lock" => query.lock = Some(lock(it, at)),
            "none" => query.is_none = flag(it, at),
            _ => unknown(json, at),
        }
    }
    query
}

/// `dates` and `datetimes`, which are more than a step; whether it is one of them.
fn cut(query: &mut Query, json: &Json, at: &str) -> bool {
    let (it, kind) = match (json.get("dates"), json.get("datetimes")) {
        (Some(it), _) => (it, Kind::Date { auto_now: false, auto_now_add: false }),
        (_, Some(it)) => (it, Kind::DateTime { auto_now: false, auto_now_add: false }),
        _ => return false,
    };
    let name = |place: usize| it.get(place).and_then(Json::as_str).map(|text| Name::Owned(text.to_owned()));
    let part = name(1).unwrap_or_else(|| unknown(json, at));
    *query = query.clone().cut(&Path::from(&text(&it[0], at)), part, kind, name(3));
    query.reversed = it[2] == "DESC";
    true
}

/// One `only` or `defer` of several, in their order.
fn load(select: &mut Select, json: &Json, at: &str) {
    let (word, names) = pair(json, at);
    match word.as_str() {
        Some("only") => select.only(paths(names, at)),
        Some("defer") => select.defer(paths(names, at)),
        _ => unknown(json, at),
    }
}

/// A query of several: what is said beside them is said of the whole.
fn combined(json: &Json, at: &str) -> Query {
    let queries: Vec<Query> = list(&json["queries"], at).iter().map(|one| query(one, at)).collect();
    let operation = match json["op"].as_str() {
        Some("union") => SetOperation::Union,
        Some("intersection") => SetOperation::Intersection,
        Some("difference") => SetOperation::Difference,
        _ => unknown(json, at),
    };
    let (app, name) = queries[0].model.clone();
    let mut whole = Query::of(app, name);
    whole.ordering = Ordering::By(vec![]);
    whole.combined = Some(Box::new(Combined { operation, all: json["all"] == true, queries }));
    whole
}

fn slice(json: &Json, at: &str) -> Slice {
    let (start, stop) = pair(json, at);
    let offset = start.as_i64().filter(|start| *start > 0);
    let limit = stop.as_i64().map(|stop| stop - offset.unwrap_or(0));
    Slice { offset: offset.map(Value::Int), limit: limit.map(Value::Int) }
}

fn lock(json: &Json, at: &str) -> Lock {
    let mut lock = Lock::default();
    for (word, it) in object(json, at) {
        match word.as_str() {
            "nowait" => lock.no_wait = flag(it, at),
            "skip_locked" => lock.skip_locked = flag(it, at),
            "no_key" => lock.strength = Strength::NoKeyUpdate,
            "of" => lock.of = paths(it, at),
            _ => unknown(json, at),
        }
    }
    lock
}

fn paths(json: &Json, at: &str) -> Vec<Path> {
    texts(json, at).iter().map(Path::from).collect()
}

fn step(json: &Json, at: &str) -> Step {
    let (word, it) = object(json, at).iter().next().unwrap_or_else(|| unknown(json, at));
    let named = || {
        let (name, it) = pair(it, at);
        (Name::from(text(name, at)), expression(it, at))
    };
    match word.as_str() {
        "filter" => Step::Filter(condition(it, at)),
        "exclude" => Step::Exclude(condition(it, at)),
        "annotate" => {
            let (name, it) = named();
            Step::Annotate(name, it)
        }
        "alias" => {
            let (name, it) = named();
            Step::Alias(name, it)
        }
        "values" => Step::Values(list(it, at).iter().map(|one| chosen(one, at)).collect()),
        "filtered_relation" => match list(it, at) {
            [name, path, test] => {
                Step::FilteredRelation(text(name, at).into(), Path::from(&text(path, at)), condition(test, at))
            }
            _ => unknown(json, at),
        },
        _ => unknown(json, at),
    }
}

/// A name alone is a path.
fn chosen(json: &Json, at: &str) -> (Name, Expr) {
    match json.as_str() {
        Some(name) => (name.to_owned().into(), Expr::F(Path::from(name))),
        None => {
            let (name, it) = pair(json, at);
            (text(name, at).into(), expression(it, at))
        }
    }
}

/// A condition.
pub(super) fn condition(json: &Json, at: &str) -> Condition {
    let parts = list(json, at);
    let all = || parts[1..].iter().map(|part| condition(part, at)).collect();
    match (parts[0].as_str(), &parts[1..]) {
        (Some("and"), _) => Condition::And(all()),
        (Some("or"), _) => Condition::Or(all()),
        (Some("xor"), _) => Condition::Xor(all()),
        (Some("not"), [inner]) => Condition::Not(Box::new(condition(inner, at))),
        (Some("is"), [path, it]) => Condition::Lookup(Path::from(&text(path, at)), expression(it, at)),
        (Some("compare"), [left, path, it]) => {
            Condition::Compare(expression(left, at), Path::from(&text(path, at)), expression(it, at))
        }
        (Some("expr"), [it]) => Condition::Expr(expression(it, at)),
        _ => unknown(json, at),
    }
}

fn orders(json: &Json, at: &str) -> Vec<OrderBy> {
    list(json, at).iter().map(|one| order(one, at)).collect()
}

fn order(json: &Json, at: &str) -> OrderBy {
    if let Some(name) = json.as_str() {
        return OrderBy::parse(name);
    }
    let by = &json["by"];
    OrderBy {
        by: by.as_str().map_or_else(|| Order::Expr(expression(by, at)), |path| Order::Path(Path::from(path))),
        descending: json["desc"] == true,
        nulls: match json["nulls"].as_str() {
            Some("first") => Some(Nulls::First),
            Some("last") => Some(Nulls::Last),
            _ => None,
        },
    }
}

/// An expression. A list of values is a value; a list with more than values in it is a list of expressions.
pub(super) fn expression(json: &Json, at: &str) -> Expr {
    if let Json::Array(parts) = json {
        let parts: Vec<Expr> = parts.iter().map(|part| expression(part, at)).collect();
        let values: Option<Vec<Value>> = parts.iter().map(|part| constant(part).cloned()).collect();
        return values.map_or(Expr::List(parts), |values| Expr::Value(Value::List(values)));
    }
    if !json.is_object() {
        return Expr::Value(value(json, at));
    }
    let (tag, it) = tagged(json, at);
    let boxed = |json: &Json| Box::new(expression(json, at));
    match tag {
        "$value" => Expr::Value(value(it, at)),
        "$json" => Expr::Value(Value::Json(text(it, at))),
        "$f" => Expr::F(Path::from(&text(it, at))),
        "$outer" => Expr::Outer(Path::from(&text(it, at))),
        "$func" => {
            let (name, args) = pair(it, at);
            Expr::Func(Func { name: text(name, at).into(), args: expressions(args, at) })
        }
        "$as" => Expr::As(boxed(&it[0]), Box::new(kind(&it[1], at))),
        "$cast" => Expr::Cast(boxed(&it[0]), Box::new(kind(&it[1], at))),
        "$list" => Expr::List(expressions(it, at)),
        "$extract" => Expr::Extract(Box::new(Extract {
            part: text(&it[0], at).into(),
            of: expression(&it[1], at),
            zone: it.get(2).and_then(Json::as_str).map(|zone| zone.to_owned().into()),
        })),
        "$truncate" => Expr::Truncate(Box::new(Truncate {
            part: text(&it[0], at).into(),
            of: expression(&it[1], at),
            zone: it.get(2).and_then(Json::as_str).map(|zone| zone.to_owned().into()),
            kind: it.get(3).map(|field| kind(field, at)),
        })),
        "$aggregate" => Expr::Aggregate(Box::new(aggregate(it, at))),
        "$window" => Expr::Window(Box::new(window(it, at))),
        "$combined" => Expr::Combined(boxed(&it[0]), operator(&it[1], at), boxed(&it[2])),
        "$case" => Expr::Case(Box::new(Case {
            cases: list(&it["cases"], at)
                .iter()
                .map(|one| {
                    let (test, result) = pair(one, at);
                    (condition(test, at), expression(result, at))
                })
                .collect(),
            default: it.get("default").map(|default| expression(default, at)),
        })),
        "$collate" => Expr::Collate(boxed(&it[0]), text(&it[1], at).into()),
        "$condition" => Expr::Condition(Box::new(condition(it, at))),
        "$subquery" => Expr::Subquery(Box::new(query(it, at))),
        "$exists" => Expr::Exists(Box::new(query(it, at))),
        "$raw" => Expr::Raw(Raw {
            sql: text(&it[0], at).into(),
            values: list(&it[1], at).iter().map(|one| value(one, at)).collect(),
        }),
        _ => Expr::Value(value(json, at)),
    }
}

fn expressions(json: &Json, at: &str) -> Vec<Expr> {
    list(json, at).iter().map(|part| expression(part, at)).collect()
}

fn constant(expr: &Expr) -> Option<&Value> {
    if let Expr::Value(value) = expr { Some(value) } else { None }
}

fn kind(json: &Json, at: &str) -> Kind {
    field(json, at).kind
}

fn aggregate(json: &Json, at: &str) -> Aggregate {
    let mut made = Aggregate::default();
    for (word, it) in object(json, at) {
        match word.as_str() {
            "name" => made.name = text(it, at).into(),
            "args" => made.args = expressions(it, at),
            "distinct" => made.distinct = flag(it, at),
            "filter" => made.filter = Some(condition(it, at)),
            "default" => made.default = Some(expression(it, at)),
            "order" => made.order_by = orders(it, at),
            _ => unknown(json, at),
        }
    }
    made
}

fn window(json: &Json, at: &str) -> Window {
    let frame = |it: &Json| Frame {
        unit: match it[0].as_str() {
            Some("rows") => FrameUnit::Rows,
            Some("range") => FrameUnit::Range,
            _ => unknown(json, at),
        },
        start: it[1].as_i64(),
        end: it[2].as_i64(),
    };
    Window {
        of: expression(&json["of"], at),
        partition_by: json.get("partition").map(|it| expressions(it, at)).unwrap_or_default(),
        order_by: json.get("order").map(|it| orders(it, at)).unwrap_or_default(),
        frame: json.get("frame").map(frame),
    }
}

fn operator(json: &Json, at: &str) -> Operator {
    match json.as_str() {
        Some("+") => Operator::Add,
        Some("-") => Operator::Sub,
        Some("*") => Operator::Mul,
        Some("/") => Operator::Div,
        Some("%") => Operator::Mod,
        Some("^") => Operator::Pow,
        Some("&") => Operator::BitAnd,
        Some("|") => Operator::BitOr,
        Some("#") => Operator::BitXor,
        Some("<<") => Operator::ShiftLeft,
        Some(">>") => Operator::ShiftRight,
        _ => unknown(json, at),
    }
}
