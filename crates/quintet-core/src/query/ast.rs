//! What a query is made of.
//!
//! Its steps stay in the order in which they were said, because the order means something: a filter before an aggregate
//! chooses rows, one behind it chooses groups, and two filters over a relation of many may mean two rows of it.

use crate::schema::{self, Kind, Value};

use super::path::{Name, Path};

pub use crate::schema::Operator;

/// A question to a model's table. A value; nothing is asked until a connection runs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The model, `app.Name`: its app and its name.
    pub model: (Name, Name),
    /// What narrows and widens it, in the order in which it was said.
    pub steps: Vec<Step>,
    /// In which order rows come.
    pub ordering: Ordering,
    /// Whether the order is turned around.
    pub reversed: bool,
    /// Whether equal rows come once.
    pub distinct: Distinct,
    /// Which of the rows come.
    pub slice: Slice,
    /// Which fields of the model come at once; the others are left for later.
    pub select: Select,
    /// Which rows of other models come along.
    pub related: Related,
    /// Whether rows are locked until the transaction ends.
    pub lock: Option<Lock>,
    /// Other queries whose rows are added, kept or taken away. The model and everything above but order and slice are
    /// then those of the first of them.
    pub combined: Option<Box<Combined>>,
    /// Whether nothing comes, whatever else is said, and no database is asked.
    pub is_none: bool,
}

/// One thing that was said of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Only rows of which this is true. Several conditions said at once may mean the same row of a relation of many.
    Filter(Condition),
    /// Only rows of which this is not true.
    Exclude(Condition),
    /// A value beside each row, by a name that later steps may use.
    Annotate(Name, Expr),
    /// The same, but not given to the caller.
    Alias(Name, Expr),
    /// Rows as values of these, instead of rows of the model: fields by path, and annotations by name. Behind it,
    /// aggregates are over the groups of what was chosen. Empty means all fields.
    Values(Vec<(Name, Expr)>),
    /// A relation under another name, with a condition upon its rows: `(name, relation, condition)`.
    FilteredRelation(Name, Path, Condition),
}

/// In which order rows come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Ordering {
    /// As the model says.
    #[default]
    Usual,
    /// By these; by nothing where there are none.
    By(Vec<OrderBy>),
}

/// One thing to order by.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderBy {
    /// What.
    pub by: Order,
    /// Largest first.
    pub descending: bool,
    /// Where nulls come; unless said, where the database puts them.
    pub nulls: Option<Nulls>,
}

/// What to order by.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// A field, or an annotation. A relation means the order of its model.
    Path(Path),
    /// A value; a relation's key is a value too.
    Expr(Expr),
    /// By chance.
    Random,
}

/// Where nulls come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nulls {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
}

/// Whether equal rows come once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Distinct {
    /// All come.
    #[default]
    No,
    /// Each comes once.
    Yes,
    /// The first of those that are equal in these. PostgreSQL only.
    On(Vec<Path>),
}

/// Which rows come, counted from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slice {
    /// How many are left out: a whole number.
    pub offset: Option<Value>,
    /// How many come at most: a whole number.
    pub limit: Option<Value>,
}

/// Which fields come at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Select {
    /// All.
    #[default]
    All,
    /// The primary key and these; along relations that come along too.
    Only(Vec<Path>),
    /// All but these; the primary key always comes.
    Defer(Vec<Path>),
}

/// Which rows of other models come along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Related {
    /// None.
    #[default]
    None,
    /// Those behind all keys that cannot be null, and so on from them, five deep.
    All,
    /// Those at the end of these paths of keys, and on the way.
    Paths(Vec<Path>),
}

/// Rows are locked until the transaction ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lock {
    /// How strong the lock is.
    pub strength: Strength,
    /// Fail at once where another has the row.
    pub no_wait: bool,
    /// Leave out rows that another has.
    pub skip_locked: bool,
    /// Whose rows: `self`, and relations that come along; all where none is named.
    pub of: Vec<Path>,
}

/// How strong a lock is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strength {
    /// `FOR UPDATE`
    #[default]
    Update,
    /// `FOR NO KEY UPDATE`
    NoKeyUpdate,
}

/// Several queries whose rows are one.
#[derive(Clone, Debug, PartialEq)]
pub struct Combined {
    /// How.
    pub operation: SetOperation,
    /// Whether a row that occurs twice stays twice.
    pub all: bool,
    /// The queries, at least one.
    pub queries: Vec<Query>,
}

/// How the rows of several queries become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetOperation {
    /// Those of any.
    Union,
    /// Those of all.
    Intersection,
    /// Those of the first, without those of the others.
    Difference,
}

/// Something true or false of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them; true of every row where there are none.
    And(Vec<Condition>),
    /// One of them; true of every row where there are none, as an empty `Q` is.
    Or(Vec<Condition>),
    /// An odd number of them.
    Xor(Vec<Condition>),
    /// Not this one. Of a relation of many: no row of it is so.
    Not(Box<Condition>),
    /// A path with its lookup, compared with something: `author__username__icontains`.
    Lookup(Path, Expr),
    /// A value, compared by a lookup, perhaps behind transforms.
    Compare(Expr, Path, Expr),
    /// A value that is true or false by itself.
    Expr(Expr),
    /// Of no row.
    Never,
}

/// Something with a value, computed by the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column by path, or an annotation by name; transforms may follow.
    F(Path),
    /// The same of the query around a subquery.
    Outer(Path),
    /// The same of the nearest query around that is about this model, however many are between.
    OuterOf((Name, Name), Path),
    /// A constant, which is bound.
    Value(Value),
    /// A value as this kind of field, whatever it would be by itself.
    As(Box<Expr>, Box<Kind>),
    /// Several, as `in` and `range` take them.
    List(Vec<Expr>),
    /// A list of whole numbers, as `in` takes it on PostgreSQL: one parameter, so that one statement serves all lists.
    Numbers(Value),
    /// A function of the table of functions.
    Func(Func),
    /// A part of a date or a moment.
    Extract(Box<Extract>),
    /// A date or a moment cut to a part.
    Truncate(Box<Truncate>),
    /// A value of many rows.
    Aggregate(Box<Aggregate>),
    /// A value of rows around this one.
    Window(Box<Window>),
    /// Two values and an operator between them.
    Combined(Box<Expr>, Operator, Box<Expr>),
    /// The first case that is true.
    Case(Box<Case>),
    /// A value converted into another type.
    Cast(Box<Expr>, Box<Kind>),
    /// A value under a collation.
    Collate(Box<Expr>, Name),
    /// A condition used as a value.
    Condition(Box<Condition>),
    /// The one value of another query's first row.
    Subquery(Box<Query>),
    /// Whether another query has a row.
    Exists(Box<Query>),
    /// SQL of the program's own, with its values. Not for text from outside.
    Raw(Raw),
}

/// A function of the table of functions, by the reference's name: `Lower`.
#[derive(Clone, Debug, PartialEq)]
pub struct Func {
    /// Its name.
    pub name: Name,
    /// What it is given.
    pub args: Vec<Expr>,
}

/// A part of a date or a moment: `ExtractYear`.
#[derive(Clone, Debug, PartialEq)]
pub struct Extract {
    /// Which, by the reference's name: `year`, `week_day`.
    pub part: Name,
    /// Of what.
    pub of: Expr,
    /// In which time zone; the current one unless said.
    pub zone: Option<Name>,
}

/// A date or a moment cut to a part: `TruncMonth`.
#[derive(Clone, Debug, PartialEq)]
pub struct Truncate {
    /// To which, by the reference's name: `month`, `date`.
    pub part: Name,
    /// What is cut.
    pub of: Expr,
    /// In which time zone; the current one unless said.
    pub zone: Option<Name>,
    /// As which kind; that of what is cut unless said.
    pub kind: Option<Kind>,
}

/// A value of many rows: `Count`, `Sum`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aggregate {
    /// Its name, as the reference calls it.
    pub name: Name,
    /// Of what; nothing means the rows themselves: `COUNT(*)`.
    pub args: Vec<Expr>,
    /// Whether equal values count once.
    pub distinct: bool,
    /// Over which rows only.
    pub filter: Option<Condition>,
    /// What is given where there are no rows.
    pub default: Option<Expr>,
    /// In which order rows come, where that matters: `StringAgg`.
    pub order_by: Vec<OrderBy>,
}

/// A value of rows around this one: `RowNumber() over (..)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// A function of windows or an aggregate.
    pub of: Expr,
    /// Rows that are equal in these belong together.
    pub partition_by: Vec<Expr>,
    /// Their order.
    pub order_by: Vec<OrderBy>,
    /// Which of them count.
    pub frame: Option<Frame>,
}

/// Which rows around this one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// How they are counted.
    pub unit: FrameUnit,
    /// The first.
    pub start: Bound,
    /// The last.
    pub end: Bound,
}

/// How the rows of a frame are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameUnit {
    /// By rows.
    Rows,
    /// By values.
    Range,
}

/// An end of a frame: so many before (negative) or behind this row; `None` is as far as there are rows.
pub type Bound = Option<i64>;

/// The first case that is true, else a default.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Conditions, and what they give.
    pub cases: Vec<(Condition, Expr)>,
    /// What is given where none is true; null unless said.
    pub default: Option<Expr>,
}

/// SQL of the program's own: `?` stands for each value; `??` for a question mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// The text.
    pub sql: Name,
    /// Its values.
    pub values: Vec<Value>,
}

/// What is asked of a database.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement<'a> {
    /// The rows.
    Select(&'a Query),
    /// How many rows.
    Count(&'a Query),
    /// Whether there is a row.
    Exists(&'a Query),
    /// The one value that each of these queries gives of its first row, together in one row: nothing where it has no row.
    Firsts(&'a [Query]),
    /// Values of all rows together, by name.
    Aggregate(&'a Query, &'a [(Name, Expr)]),
    /// New values for all rows.
    Update(&'a Query, &'a [Assign]),
    /// No rows any more. Deletes what the database has and nothing around it.
    Delete(&'a Query),
    /// New rows.
    Insert(&'a Insert),
}

/// A field and what it becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Assign {
    /// The field's name.
    pub field: Name,
    /// Its new value.
    pub value: Expr,
}

/// New rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    /// The model whose table it is: of a child of another model, its own part only.
    pub model: (Name, Name),
    /// The fields that are given.
    pub fields: Vec<Name>,
    /// For each row the values of these fields.
    pub rows: Vec<Vec<Expr>>,
    /// What is done about rows that are there.
    pub conflict: Option<Conflict>,
    /// The fields that are given back, in the order of the rows.
    pub returning: Vec<Name>,
}

/// What is done where a new row meets one that is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Conflict {
    /// The new one is left out.
    Ignore,
    /// The one that is there gets the new one's values.
    Update {
        /// In which fields two rows must be equal to be the same.
        unique: Vec<Name>,
        /// The fields that it gets.
        fields: Vec<Name>,
    },
}

impl Query {
    /// All rows of a model.
    pub fn of(app: impl Into<Name>, name: impl Into<Name>) -> Self {
        Self {
            model: (app.into(), name.into()),
            steps: vec![],
            ordering: Ordering::Usual,
            reversed: false,
            distinct: Distinct::No,
            slice: Slice::default(),
            select: Select::All,
            related: Related::None,
            lock: None,
            combined: None,
            is_none: false,
        }
    }

    /// The days or moments that there are in a field, cut to a part, each once and in order; nulls are left out. What is
    /// given is of this kind.
    #[must_use]
    pub fn cut(mut self, field: &Path, part: Name, kind: Kind, zone: Option<Name>) -> Self {
        const CUT: Name = Name::Borrowed("quintet_cut");
        const WHOLE: Name = Name::Borrowed("quintet_whole");
        let of = Expr::F(field.clone());
        let cut = Truncate { part, of: of.clone(), zone, kind: Some(kind) };
        self.steps.push(Step::Annotate(CUT, Expr::Truncate(Box::new(cut))));
        self.steps.push(Step::Annotate(WHOLE, of));
        self.steps.push(Step::Values(vec![(CUT, Expr::F(Path::from_iter([CUT])))]));
        let is_there = Path::from_iter([WHOLE, Name::Borrowed("isnull")]);
        self.steps.push(Step::Filter(Condition::Lookup(is_there, Expr::Value(Value::Bool(false)))));
        self.distinct = Distinct::Yes;
        let by = Order::Path(Path::from_iter([CUT]));
        self.ordering = Ordering::By(vec![OrderBy { by, descending: false, nulls: None }]);
        self
    }
}

impl Step {
    /// Only rows of which a lookup of a value is true.
    pub fn lookup(path: &str, value: Value) -> Self {
        Self::Filter(Condition::Lookup(Path::parse(path), Expr::Value(value)))
    }
}

impl Select {
    /// Only these, said behind what was said before. What was left out then stays left out; what came then is forgotten.
    pub fn only(&mut self, paths: Vec<Path>) {
        *self = Self::Only(match std::mem::take(self) {
            Self::Defer(left_out) => without(paths, &left_out),
            Self::All | Self::Only(_) => paths,
        });
    }

    /// Without these, said behind what was said before. Where nothing would come any more, all comes but what had not
    /// been asked for either, as with the reference.
    pub fn defer(&mut self, paths: Vec<Path>) {
        *self = match std::mem::take(self) {
            Self::All => Self::Defer(paths),
            Self::Defer(mut before) => {
                before.extend(without(paths, &before));
                Self::Defer(before)
            }
            Self::Only(before) => match without(before.clone(), &paths) {
                left if left.is_empty() => Self::Defer(without(paths, &before)),
                left => Self::Only(left),
            },
        };
    }
}

fn without(paths: Vec<Path>, others: &[Path]) -> Vec<Path> {
    paths.into_iter().filter(|path| !others.contains(path)).collect()
}

impl From<Value> for Expr {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl OrderBy {
    /// By a field as the reference writes it: `-created_at`, `?` for chance.
    pub fn parse(text: &str) -> Self {
        let (descending, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let by = if name == "?" { Order::Random } else { Order::Path(Path::parse(name)) };
        Self { by, descending, nulls: None }
    }
}

/// A condition of a model's options, which names fields of one model.
impl From<&schema::Condition> for Condition {
    fn from(own: &schema::Condition) -> Self {
        use schema::Condition as Own;
        let all = |parts: &[Own]| parts.iter().map(Self::from).collect();
        match own {
            Own::And(parts) => Self::And(all(parts)),
            Own::Or(parts) => Self::Or(all(parts)),
            Own::Xor(parts) => Self::Xor(all(parts)),
            Own::Not(inner) => Self::Not(Box::new(Self::from(&**inner))),
            Own::Lookup { key, value } => Self::Lookup(Path::parse(key), value.into()),
            Own::Expr(expr) => Self::Expr(expr.into()),
        }
    }
}

/// An expression of a model's options. A direction is left out: only an index has one.
impl From<&schema::Expr> for Expr {
    fn from(own: &schema::Expr) -> Self {
        use schema::Expr as Own;
        let boxed = |inner: &Own| Box::new(Self::from(inner));
        match own {
            Own::F(name) => Self::F(Path::parse(name)),
            Own::Value(Value::List(values)) => Self::List(values.iter().cloned().map(Self::Value).collect()),
            Own::Value(value) => Self::Value(value.clone()),
            Own::Func { name, args } => {
                Self::Func(Func { name: name.clone().into(), args: args.iter().map(Self::from).collect() })
            }
            Own::Combined { left, operator, right } => Self::Combined(boxed(left), *operator, boxed(right)),
            Own::OrderBy { expr, .. } => Self::from(&**expr),
            Own::Collate { expr, collation } => Self::Collate(boxed(expr), collation.clone().into()),
            Own::Cast { expr, kind } => Self::Cast(boxed(expr), kind.clone()),
            Own::Case { cases, default } => Self::Case(Box::new(Case {
                cases: cases.iter().map(|(condition, result)| (condition.into(), result.into())).collect(),
                default: default.as_deref().map(Self::from),
            })),
            Own::Condition(condition) => Self::Condition(Box::new(Condition::from(&**condition))),
            Own::Raw(sql) => Self::Raw(Raw { sql: sql.replace('?', "??").into(), values: vec![] }),
        }
    }
}
