//! What of its rows a query reads: values, values beside rows, parts of rows.

use quintet_core::query::{Expr, Name, Path, QueryError, Select, Step};

use super::QuerySet;
use crate::model::Model;
use crate::query::columns;
use crate::query::condition::Condition;
use crate::query::order::{OneOrMore, Order};
use crate::query::selection::{Dynamic, InPart, OfRows, Only, Selection, With};

impl<M: Model, S> QuerySet<M, S> {
    /// Values alone, in the order in which they are said: `|n| (n.id(), n.author().username())`.
    pub fn values<A: Selection>(mut self, what: impl FnOnce(M::Columns) -> A) -> QuerySet<M, Only<A>> {
        self.names.clear();
        let what = what(columns::<M>());
        let values = self.expressions(what);
        self.query.steps.push(Step::Values(values));
        self.shaped()
    }

    /// The same by names that are known at run time.
    pub fn values_list(mut self, names: &[&str]) -> QuerySet<M, Dynamic> {
        let value = |name: &&str| (Name::Owned((*name).to_owned()), Expr::F(Path::parse(name)));
        self.query.steps.push(Step::Values(names.iter().map(value).collect()));
        self.shaped()
    }

    pub(super) fn expressions<A: Selection>(&mut self, what: A) -> Vec<(Name, Expr)> {
        let mut exprs = vec![];
        what.exprs(&mut exprs);
        let mut named = vec![];
        for expr in exprs {
            // No name of a field contains two underscores, nor does any other of ours.
            let name: Name = format!("quintet_{}", self.names.len() + 1).into();
            self.names.push(name.clone());
            named.push((name, expr));
        }
        named
    }
}

impl<M: Model> QuerySet<M> {
    /// Each row with values beside it: `|n| n.comments().count()` gives `(Note, i64)`.
    pub fn annotate<A: Selection>(self, what: impl FnOnce(M::Columns) -> A) -> QuerySet<M, With<A>> {
        self.annotated(what)
    }
}

impl<M: Model> QuerySet<M, InPart> {
    /// Each row with values beside it: gives `(Partly<Note>, i64)`.
    pub fn annotate<A: Selection>(self, what: impl FnOnce(M::Columns) -> A) -> QuerySet<M, With<A, InPart>> {
        self.annotated(what)
    }
}

impl<M: Model, S> QuerySet<M, S> {
    fn annotated<A: Selection, T>(mut self, what: impl FnOnce(M::Columns) -> A) -> QuerySet<M, T> {
        if self.open("`annotate`") {
            let what = what(columns::<M>());
            let values = self.expressions(what);
            self.query.steps.extend(values.into_iter().map(|(name, expr)| Step::Annotate(name, expr)));
        }
        self.shaped()
    }
}

impl<M: Model, S: OfRows> QuerySet<M, S> {
    /// Only these fields of each row, and the primary key: `|n| (n.title(), n.author().username())` gives
    /// [`Partly<Note>`](crate::query::Partly). Said again, it is the last that counts; what `defer` named before stays left
    /// out.
    pub fn only<A: Selection>(self, fields: impl FnOnce(M::Columns) -> A) -> QuerySet<M, S::InPart> {
        self.chosen("`only`", paths_of(fields(columns::<M>())), Select::only)
    }

    /// All fields of each row but these: `|n| n.body()` gives [`Partly<Note>`](crate::query::Partly). Said again, it adds to
    /// what is left out. The primary key always comes.
    pub fn defer<A: Selection>(self, fields: impl FnOnce(M::Columns) -> A) -> QuerySet<M, S::InPart> {
        self.chosen("`defer`", paths_of(fields(columns::<M>())), Select::defer)
    }

    /// The same as `only` by paths: `&["title", "author__username"]`; all fields where there is none.
    pub fn only_names(self, paths: &[&str]) -> QuerySet<M, S::InPart> {
        self.chosen("`only`", Ok(paths.iter().map(|path| Path::parse(path)).collect()), Select::only)
    }

    /// The same as `defer` by paths.
    pub fn defer_names(self, paths: &[&str]) -> QuerySet<M, S::InPart> {
        self.chosen("`defer`", Ok(paths.iter().map(|path| Path::parse(path)).collect()), Select::defer)
    }

    /// All fields again, whatever `only` and `defer` said.
    pub fn defer_none(mut self) -> QuerySet<M, S::Whole> {
        if self.is_single("`defer_none`") {
            self.query.select = Select::All;
        }
        self.shaped()
    }

    fn chosen(
        mut self,
        what: &str,
        paths: Result<Vec<Path>, QueryError>,
        choose: fn(&mut Select, Vec<Path>),
    ) -> QuerySet<M, S::InPart> {
        match paths {
            Err(why) => self.refuse(why),
            Ok(paths) if self.is_single(what) => choose(&mut self.query.select, paths),
            Ok(_) => {}
        }
        self.shaped()
    }

    fn is_single(&mut self, what: &str) -> bool {
        if self.query.combined.is_some() {
            self.refuse(QueryError::usage(format!(
                "{what} is not possible behind a union, intersection or difference"
            )));
        }
        self.wrong.is_none()
    }
}

/// The paths of fields; what is computed has none.
pub(in crate::query) fn paths_of(fields: impl Selection) -> Result<Vec<Path>, QueryError> {
    let mut exprs = vec![];
    fields.exprs(&mut exprs);
    let path = |expr| match expr {
        Expr::F(path) => Ok(path),
        _ => Err(QueryError::usage("a computed value is no field\nhint: `annotate` reads it beside the row")),
    };
    exprs.into_iter().map(path).collect()
}

impl<M: Model, A: Selection, S> QuerySet<M, With<A, S>> {
    /// Only rows of which this is true, by the values beside them too: `|n, comments| comments.gt(2)`.
    pub fn filter_with<C: Into<Condition>>(self, condition: impl FnOnce(M::Columns, A::Names) -> C) -> Self {
        let names = A::names(&self.names, &mut 0);
        self.filter(|columns| condition(columns, names))
    }

    /// In this order, by the values beside them too.
    pub fn order_by_with<O: OneOrMore<Order>>(self, order: impl FnOnce(M::Columns, A::Names) -> O) -> Self {
        let names = A::names(&self.names, &mut 0);
        self.order_by(|columns| order(columns, names))
    }
}

impl<M: Model, A: Selection> QuerySet<M, Only<A>> {
    /// Groups of rows that are equal in what is read, with values of each: `.values(|n| n.author()).annotate(|n|
    /// count_rows())`.
    pub fn annotate<B: Selection>(mut self, what: impl FnOnce(M::Columns) -> B) -> QuerySet<M, Only<(A, B)>> {
        let what = what(columns::<M>());
        let values = self.expressions(what);
        self.query.steps.extend(values.into_iter().map(|(name, expr)| Step::Annotate(name, expr)));
        self.shaped()
    }

    /// Only rows of which this is true, by the values that are read.
    pub fn filter_with<C: Into<Condition>>(self, condition: impl FnOnce(M::Columns, A::Names) -> C) -> Self {
        let names = A::names(&self.names, &mut 0);
        self.filter(|columns| condition(columns, names))
    }

    /// In this order, by the values that are read.
    pub fn order_by_with<O: OneOrMore<Order>>(self, order: impl FnOnce(M::Columns, A::Names) -> O) -> Self {
        let names = A::names(&self.names, &mut 0);
        self.order_by(|columns| order(columns, names))
    }
}
