//! The shape of a statement: everything that its SQL follows from. What is bound is not in it, only its kind; so a text
//! that was compiled once serves all statements of its shape.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use foldhash::fast::FixedState;

use crate::schema::{Kind, Value};
use crate::sql::Dialect;

use super::ast::{
    Aggregate, Condition, Conflict, Distinct, Expr, Nulls, Order, OrderBy, Ordering, Query, Raw, Related, Select,
    SetOperation, Slice, Statement, Step, Strength,
};
use super::compile::{Outcome, compile};
use super::error::QueryError;
use super::path::Path;
use super::prepare;
use super::registry::Registry;

/// Writes the shape of a statement: two have the same bytes exactly when the same SQL serves both.
pub fn shape(statement: &Statement<'_>, out: &mut Vec<u8>) {
    let mut walk = Walk { shape: Some(out), values: None };
    walk.statement(statement);
}

/// The values of a statement in the order in which they are counted where they are bound.
pub fn values<'q>(statement: &Statement<'q>) -> Vec<&'q Value> {
    let mut values = Vec::with_capacity(8);
    let mut walk = Walk { shape: None, values: Some(&mut values) };
    walk.statement(statement);
    values
}

/// What was compiled, by shape and dialect, with what its user keeps beside it. For one [`Registry`].
#[derive(Debug)]
pub struct Cache<K = Outcome> {
    shards: Vec<RwLock<Shard<K>>>,
    most: usize,
}

/// A part of a cache. It has an end, so that shapes which somebody makes to have one hash cost little.
type Shard<K> = HashMap<Box<[u8]>, Arc<K>, FixedState>;

/// How many parts a cache has, so that many threads seldom wait for each other.
const SHARDS: usize = 16;

/// The longest shape that is kept: of longer ones, which are mostly rows to insert, there are too many.
const LONGEST: usize = 16 * 1024;

impl<K: From<Outcome>> Default for Cache<K> {
    fn default() -> Self {
        Self::new(4096)
    }
}

impl<K: From<Outcome>> Cache<K> {
    /// A cache of about so many statements at most.
    pub fn new(most: usize) -> Self {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Self { shards, most: most.div_ceil(SHARDS).max(1) }
    }

    /// The statement, compiled now or before.
    ///
    /// # Errors
    /// As [`compile`] tells.
    pub fn compile(
        &self,
        registry: &Registry,
        dialect: Dialect,
        statement: &Statement<'_>,
    ) -> Result<Arc<K>, QueryError> {
        let mut key = Vec::with_capacity(512);
        key.push(dialect as u8);
        shape(statement, &mut key);
        // Not by the hash, which the part makes anyway: whoever fills one part only makes others wait.
        let sum = key.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        let shard = &self.shards[usize::from(sum) % SHARDS];
        if let Some(found) = shard.read().unwrap_or_else(PoisonError::into_inner).get(key.as_slice()) {
            return Ok(Arc::clone(found));
        }
        let outcome = Arc::new(K::from(compile(registry, dialect, statement)?));
        if key.len() <= LONGEST {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            // Programs have few shapes. Where there are many, they come from outside, and none is worth more than others.
            if shard.len() >= self.most {
                shard.clear();
            }
            shard.insert(key.into_boxed_slice(), Arc::clone(&outcome));
        }
        Ok(outcome)
    }

    /// How many statements it has.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A walk over a statement, which writes its shape or collects its values. One walk for both, so that they agree.
struct Walk<'w, 'q> {
    shape: Option<&'w mut Vec<u8>>,
    values: Option<&'w mut Vec<&'q Value>>,
}

impl<'q> Walk<'_, 'q> {
    fn byte(&mut self, byte: u8) {
        if let Some(shape) = &mut self.shape {
            shape.push(byte);
        }
    }

    fn number(&mut self, number: usize) {
        if let Some(shape) = &mut self.shape {
            match u8::try_from(number) {
                Ok(byte) if byte < u8::MAX => shape.push(byte),
                _ => {
                    shape.push(u8::MAX);
                    shape.extend_from_slice(&(number as u64).to_le_bytes());
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.shape.is_some() {
            self.number(text.len());
        }
        if let Some(shape) = &mut self.shape {
            shape.extend_from_slice(text.as_bytes());
        }
    }

    fn path(&mut self, path: &Path) {
        if self.shape.is_some() {
            self.number(path.names().len());
            path.names().iter().for_each(|name| self.text(name));
        }
    }

    fn paths(&mut self, paths: &[Path]) {
        self.number(paths.len());
        paths.iter().for_each(|path| self.path(path));
    }

    fn kind(&mut self, kind: &Kind) {
        if self.shape.is_some() {
            self.text(&format!("{kind:?}"));
        }
    }

    fn maybe<T: ?Sized>(&mut self, value: Option<&'q T>, inner: impl FnOnce(&mut Self, &'q T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            inner(self, value);
        }
    }

    fn all<T>(&mut self, all: &'q [T], mut inner: impl FnMut(&mut Self, &'q T)) {
        self.number(all.len());
        all.iter().for_each(|one| inner(self, one));
    }

    fn value(&mut self, value: &'q Value) {
        if let Some(shape) = &mut self.shape {
            prepare::tag(value, shape);
        }
        self.collect(value);
    }

    fn collect(&mut self, value: &'q Value) {
        if let Some(values) = &mut self.values {
            values.push(value);
            if let Value::List(inner) = value {
                inner.iter().for_each(|one| self.collect(one));
            }
        }
    }

    /// Of a slice it matters whether it is empty, and whether it is one row.
    fn whole(&mut self, value: &'q Value) {
        self.byte(match value {
            Value::Int(number) => match number {
                0 => 0,
                1 => 1,
                number if *number > 1 => 2,
                _ => 3,
            },
            _ => 4,
        });
        self.value(value);
    }

    fn statement(&mut self, statement: &Statement<'q>) {
        match statement {
            Statement::Select(query) => self.tagged(0, query),
            Statement::Count(query) => self.tagged(1, query),
            Statement::Exists(query) => self.tagged(2, query),
            Statement::Delete(query) => self.tagged(3, query),
            Statement::Aggregate(query, values) => {
                self.tagged(4, query);
                self.all(values, |walk, (name, expr)| {
                    walk.text(name);
                    walk.expr(expr);
                });
            }
            Statement::Update(query, assigned) => {
                self.tagged(5, query);
                self.all(assigned, |walk, assign| {
                    walk.text(&assign.field);
                    walk.expr(&assign.value);
                });
            }
            Statement::Firsts(queries) => {
                self.byte(7);
                self.all(queries, Self::query);
            }
            Statement::Insert(insert) => {
                self.byte(6);
                self.text(&insert.model.0);
                self.text(&insert.model.1);
                self.all(&insert.fields, |walk, name| walk.text(name));
                self.all(&insert.rows, |walk, row| walk.exprs(row));
                self.maybe(insert.conflict.as_ref(), |walk, conflict| match conflict {
                    Conflict::Ignore => walk.byte(0),
                    Conflict::Update { unique, fields } => {
                        walk.byte(1);
                        walk.all(unique, |walk, name| walk.text(name));
                        walk.all(fields, |walk, name| walk.text(name));
                    }
                });
                self.all(&insert.returning, |walk, name| walk.text(name));
            }
        }
    }

    fn tagged(&mut self, tag: u8, query: &'q Query) {
        self.byte(tag);
        self.query(query);
    }

    fn query(&mut self, query: &'q Query) {
        let Query { model, steps, ordering, reversed, distinct, slice, select, related, lock, combined, is_none } =
            query;
        self.text(&model.0);
        self.text(&model.1);
        self.byte(u8::from(*reversed) | u8::from(*is_none) << 1);
        self.all(steps, Self::step);
        match ordering {
            Ordering::Usual => self.byte(0),
            Ordering::By(items) => {
                self.byte(1);
                self.all(items, Self::order_by);
            }
        }
        match distinct {
            Distinct::No => self.byte(0),
            Distinct::Yes => self.byte(1),
            Distinct::On(paths) => {
                self.byte(2);
                self.paths(paths);
            }
        }
        let Slice { offset, limit } = slice;
        self.maybe(offset.as_ref(), Self::whole);
        self.maybe(limit.as_ref(), Self::whole);
        match select {
            Select::All => self.byte(0),
            Select::Only(paths) => {
                self.byte(1);
                self.paths(paths);
            }
            Select::Defer(paths) => {
                self.byte(2);
                self.paths(paths);
            }
        }
        match related {
            Related::None => self.byte(0),
            Related::All => self.byte(1),
            Related::Paths(paths) => {
                self.byte(2);
                self.paths(paths);
            }
        }
        self.maybe(lock.as_ref(), |walk, lock| {
            let strength = u8::from(lock.strength == Strength::NoKeyUpdate);
            walk.byte(strength | u8::from(lock.no_wait) << 1 | u8::from(lock.skip_locked) << 2);
            walk.paths(&lock.of);
        });
        self.maybe(combined.as_deref(), |walk, combined| {
            let operation = match combined.operation {
                SetOperation::Union => 0,
                SetOperation::Intersection => 1,
                SetOperation::Difference => 2,
            };
            walk.byte(operation | u8::from(combined.all) << 2);
            walk.all(&combined.queries, Self::query);
        });
    }

    fn step(&mut self, step: &'q Step) {
        match step {
            Step::Filter(condition) => {
                self.byte(0);
                self.condition(condition);
            }
            Step::Exclude(condition) => {
                self.byte(1);
                self.condition(condition);
            }
            Step::Annotate(name, expr) | Step::Alias(name, expr) => {
                self.byte(if matches!(step, Step::Annotate(..)) { 2 } else { 3 });
                self.text(name);
                self.expr(expr);
            }
            Step::Values(items) => {
                self.byte(4);
                self.all(items, |walk, (name, expr)| {
                    walk.text(name);
                    walk.expr(expr);
                });
            }
            Step::FilteredRelation(name, path, condition) => {
                self.byte(5);
                self.text(name);
                self.path(path);
                self.condition(condition);
            }
        }
    }

    fn order_by(&mut self, item: &'q OrderBy) {
        let nulls = match item.nulls {
            None => 0,
            Some(Nulls::First) => 1,
            Some(Nulls::Last) => 2,
        };
        self.byte(u8::from(item.descending) | nulls << 1);
        match &item.by {
            Order::Path(path) => {
                self.byte(0);
                self.path(path);
            }
            Order::Expr(expr) => {
                self.byte(1);
                self.expr(expr);
            }
            Order::Random => self.byte(2),
        }
    }

    fn conditions(&mut self, tag: u8, all: &'q [Condition]) {
        self.byte(tag);
        self.all(all, Self::condition);
    }

    fn condition(&mut self, condition: &'q Condition) {
        match condition {
            Condition::And(all) => self.conditions(0, all),
            Condition::Or(all) => self.conditions(1, all),
            Condition::Xor(all) => self.conditions(2, all),
            Condition::Not(inner) => {
                self.byte(3);
                self.condition(inner);
            }
            Condition::Lookup(path, expr) => {
                self.byte(4);
                self.path(path);
                self.expr(expr);
            }
            Condition::Compare(left, path, right) => {
                self.byte(5);
                self.expr(left);
                self.path(path);
                self.expr(right);
            }
            Condition::Expr(expr) => {
                self.byte(6);
                self.expr(expr);
            }
            Condition::Never => self.byte(7),
        }
    }

    fn exprs(&mut self, all: &'q [Expr]) {
        self.all(all, Self::expr);
    }

    fn expr(&mut self, expr: &'q Expr) {
        match expr {
            Expr::F(path) => {
                self.byte(0);
                self.path(path);
            }
            Expr::Outer(path) => {
                self.byte(1);
                self.path(path);
            }
            Expr::OuterOf((app, name), path) => {
                self.byte(u8::MAX);
                self.text(app);
                self.text(name);
                self.path(path);
            }
            Expr::Value(value) => {
                self.byte(2);
                self.value(value);
            }
            Expr::As(inner, kind) | Expr::Cast(inner, kind) => {
                self.byte(if matches!(expr, Expr::As(..)) { 3 } else { 4 });
                self.expr(inner);
                self.kind(kind);
            }
            Expr::List(items) => {
                self.byte(5);
                self.exprs(items);
            }
            // One value, of whatever length.
            Expr::Numbers(list) => {
                self.byte(20);
                if let Some(values) = &mut self.values {
                    values.push(list);
                }
            }
            Expr::Func(func) => {
                self.byte(6);
                self.text(&func.name);
                self.exprs(&func.args);
            }
            Expr::Extract(extract) => {
                self.byte(7);
                self.text(&extract.part);
                self.expr(&extract.of);
                self.maybe(extract.zone.as_ref(), |walk, zone| walk.text(zone));
            }
            Expr::Truncate(cut) => {
                self.byte(8);
                self.text(&cut.part);
                self.expr(&cut.of);
                self.maybe(cut.zone.as_ref(), |walk, zone| walk.text(zone));
                self.maybe(cut.kind.as_ref(), Self::kind);
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Window(window) => {
                self.byte(10);
                self.expr(&window.of);
                self.exprs(&window.partition_by);
                self.all(&window.order_by, Self::order_by);
                self.maybe(window.frame.as_ref(), |walk, frame| {
                    if walk.shape.is_some() {
                        walk.text(&format!("{frame:?}"));
                    }
                });
            }
            Expr::Combined(left, operator, right) => {
                self.byte(11);
                self.byte(*operator as u8);
                self.expr(left);
                self.expr(right);
            }
            Expr::Case(case) => {
                self.byte(12);
                self.all(&case.cases, |walk, (condition, result)| {
                    walk.condition(condition);
                    walk.expr(result);
                });
                self.maybe(case.default.as_ref(), Self::expr);
            }
            Expr::Collate(inner, name) => {
                self.byte(13);
                self.expr(inner);
                self.text(name);
            }
            Expr::Condition(condition) => {
                self.byte(14);
                self.condition(condition);
            }
            Expr::Subquery(query) => self.tagged(15, query),
            Expr::Exists(query) => self.tagged(16, query),
            Expr::Raw(Raw { sql, values }) => {
                self.byte(17);
                self.text(sql);
                self.all(values, Self::value);
            }
        }
    }

    fn aggregate(&mut self, aggregate: &'q Aggregate) {
        self.byte(9);
        self.text(&aggregate.name);
        self.exprs(&aggregate.args);
        self.byte(u8::from(aggregate.distinct));
        self.maybe(aggregate.filter.as_ref(), Self::condition);
        self.maybe(aggregate.default.as_ref(), Self::expr);
        self.all(&aggregate.order_by, Self::order_by);
    }
}
