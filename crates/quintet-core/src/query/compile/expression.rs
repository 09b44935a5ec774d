//! Expressions: from names, constants and functions to SQL, joining what they need.

use crate::query::ast::{self, Condition, Expr, OrderBy};
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Truth};
use crate::query::prepare::Prepare;
use crate::query::{Name, Nulls, Operator, Order, Path, function};
use crate::schema::{Kind, Value};

use super::Compiler;
use super::condition::{joined_reference, truth_value};
use super::piece::{Col, Group, Piece};
use super::subquery::Chosen;

impl<'q> Compiler<'_, 'q> {
    /// A value.
    pub(super) fn resolve(&mut self, expr: &'q Expr) -> Result<Piece<'q>, QueryError> {
        self.deeper(|compiler| compiler.resolve_here(expr))
    }

    /// Only a signpost: what it does itself would lie on the stack once for each nesting.
    fn resolve_here(&mut self, expr: &'q Expr) -> Result<Piece<'q>, QueryError> {
        match expr {
            Expr::F(path) => self.path_value(path.names(), false),
            Expr::Outer(path) => self.outer_value(path, 1),
            Expr::OuterOf(model, path) => self.outer_value_of(model, path),
            Expr::Value(value) => Ok(self.constant(value)),
            Expr::As(inner, kind) => self.resolve_as(inner, kind),
            Expr::List(items) => self.list(items),
            Expr::Numbers(_) => Err(QueryError::usage("a list of numbers is only for `in`")),
            Expr::Func(func) => self.func(func),
            Expr::Extract(extract) => self.extract(extract),
            Expr::Truncate(cut) => self.truncate(cut),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Window(window) => self.window(window),
            Expr::Combined(left, operator, right) => self.operation(left, *operator, right),
            Expr::Case(case) => self.case(case),
            Expr::Cast(inner, kind) => self.cast(inner, kind),
            Expr::Collate(inner, name) => self.collate(inner, name),
            Expr::Condition(condition) => self.condition_piece(condition),
            Expr::Subquery(query) => self.subquery_value(query),
            Expr::Exists(query) => self.exists_value(query),
            Expr::Raw(raw) => raw_sql(raw),
        }
    }

    fn constant(&self, value: &'q Value) -> Piece<'q> {
        Piece::constant(function::constant(self.cx, value, None))
    }

    fn list(&mut self, items: &'q [Expr]) -> Result<Piece<'q>, QueryError> {
        let pieces = self.resolve_all(items)?;
        let sql = Fragment::join(pieces.iter().map(|piece| piece.sql.clone()), ", ").between("(", ")");
        Ok(made(sql, &pieces))
    }

    fn extract(&mut self, extract: &'q ast::Extract) -> Result<Piece<'q>, QueryError> {
        let of = self.resolve(&extract.of)?;
        let sql = function::extract(self.cx, of.sql.clone(), &extract.part, extract.zone.as_deref())?;
        Ok(Piece::of(sql, &[&of]))
    }

    fn truncate(&mut self, cut: &'q ast::Truncate) -> Result<Piece<'q>, QueryError> {
        let of = self.resolve(&cut.of)?;
        let zone = cut.zone.as_deref();
        let sql = function::truncate(self.cx, of.sql.clone(), &cut.part, zone, cut.kind.as_ref())?;
        Ok(Piece::of(sql, &[&of]))
    }

    fn operation(&mut self, left: &'q Expr, operator: Operator, right: &'q Expr) -> Result<Piece<'q>, QueryError> {
        let left = self.resolve(left)?;
        let right = self.resolve(right)?;
        let sql = function::combined(self.cx, left.sql.clone(), operator, right.sql.clone())?;
        Ok(Piece::of(sql, &[&left, &right]))
    }

    fn cast(&mut self, inner: &'q Expr, kind: &'q Kind) -> Result<Piece<'q>, QueryError> {
        let of = self.resolve(inner)?;
        Ok(Piece::of(function::cast(self.cx, of.sql.clone(), kind)?, &[&of]))
    }

    fn collate(&mut self, inner: &'q Expr, name: &'q Name) -> Result<Piece<'q>, QueryError> {
        let of = self.resolve(inner)?;
        Ok(Piece::of(function::collate(of.sql.clone(), name)?, &[&of]))
    }

    pub(super) fn resolve_all(&mut self, all: &'q [Expr]) -> Result<Vec<Piece<'q>>, QueryError> {
        all.iter().map(|one| self.resolve(one)).collect()
    }

    /// A column by path, or an annotation by name, and transforms.
    pub(super) fn path_value(&mut self, names: &[Name], is_many: bool) -> Result<Piece<'q>, QueryError> {
        if names.is_empty() {
            return Err(QueryError::name("a path without a name"));
        }
        if let Some((found, used)) = self.annotated(names)? {
            if !self.allows_joins && found.cols.iter().any(|col| self.is_joined(col)) {
                return Err(joined_reference());
            }
            return self.transformed_all(found, &names[used..]);
        }
        let model = self.q().model;
        let walked = self.walk(names, model)?;
        let first = self.first_table();
        let joined = self.setup_joins(&walked, first)?;
        let joined = self.trim_joins(joined, &walked.hops);
        if !self.allows_joins && joined.tables.len() > 1 {
            return Err(joined_reference());
        }
        if let Some(reusable) = &mut self.q_mut().reusable {
            reusable.extend(joined.tables.iter().copied());
        }
        let rest = &names[walked.used()..];
        let piece = self.target(&joined, &walked);
        let mut piece = self.exposed(piece);
        piece.relation = piece.relation.filter(|_| rest.is_empty());
        for col in &mut piece.cols {
            col.is_many |= is_many;
        }
        self.transformed_all(piece, rest).map_err(|error| match (walked.relation, rest.first()) {
            // Behind a relation, what is no transform of its key was meant as a field.
            (Some(model), Some(name)) => self.unknown(name, model),
            _ => error,
        })
    }

    fn transformed_all(&self, mut piece: Piece<'q>, names: &[Name]) -> Result<Piece<'q>, QueryError> {
        for (at, name) in names.iter().enumerate() {
            piece = self.transformed(&piece, name, &names[at..])?;
        }
        Ok(piece)
    }

    /// Whether a column is of a table that is joined.
    fn is_joined(&self, col: &Col) -> bool {
        self.q().tables.iter().any(|table| table.alias == col.alias && table.join.is_some())
    }

    /// A column that was found before.
    pub(super) fn column_again(&self, col: &Col) -> Piece<'q> {
        let column = &self.cx.registry.model(col.model).columns[col.place];
        let sql = format!("{}.{}", crate::sql::quote(&col.alias), crate::sql::quote(&column.column));
        Piece::column(col.clone(), Fragment::new(sql, Some(column.kind.clone())))
    }

    /// A value of the query around this one.
    /// A value of the nearest query around that is about a model.
    fn outer_value_of(&mut self, model: &'q (Name, Name), path: &'q Path) -> Result<Piece<'q>, QueryError> {
        let wanted = self.model(model)?;
        let around = self.stack.iter().rev().skip(1);
        let found = around.enumerate().find(|(_, build)| build.model == wanted).map(|(number, _)| number + 1);
        let levels = found.ok_or_else(|| {
            let (app, name) = model;
            QueryError::usage(format!("no query around this one is about `{app}.{name}`"))
        })?;
        self.outer_value(path, levels)
    }

    /// A value of the query that is so many around.
    fn outer_value(&mut self, path: &'q Path, levels: usize) -> Result<Piece<'q>, QueryError> {
        if self.stack.len() <= levels {
            return Err(QueryError::usage("a reference to an outer query is only possible in a subquery"));
        }
        let inner = self.stack.split_off(self.stack.len() - levels);
        let (allows, wrapped) = (std::mem::replace(&mut self.allows_joins, true), self.wrapped.take());
        let result = self.path_value(path.names(), path.names().len() > 1);
        (self.allows_joins, self.wrapped) = (allows, wrapped);
        for mut build in inner {
            build.outer.extend(result.as_ref().ok().cloned());
            self.stack.push(build);
        }
        result
    }

    fn resolve_as(&mut self, inner: &'q Expr, kind: &'q Kind) -> Result<Piece<'q>, QueryError> {
        if let Expr::Value(value) = inner {
            return Ok(Piece::constant(function::constant(self.cx, value, Some(kind))));
        }
        let mut piece = self.resolve(inner)?;
        piece.sql.kind = Some(kind.clone());
        piece.relation = None;
        Ok(piece)
    }

    fn func(&mut self, func: &'q ast::Func) -> Result<Piece<'q>, QueryError> {
        if function::is_window_only(&func.name) && !self.in_window {
            return Err(QueryError::usage(format!(
                "`{}` is possible over a window only",
                super::names::shown(&func.name)
            )));
        }
        let in_window = std::mem::replace(&mut self.in_window, false);
        let args = self.resolve_all(&func.args);
        self.in_window = in_window;
        let args = args?;
        let sql = function::call(self.cx, &func.name, args.iter().map(|arg| arg.sql.clone()).collect())?;
        Ok(made(sql, &args))
    }

    fn aggregate(&mut self, aggregate: &'q ast::Aggregate) -> Result<Piece<'q>, QueryError> {
        let name = &aggregate.name;
        let in_window = std::mem::replace(&mut self.in_window, false);
        let mut args = self.resolve_all(&aggregate.args)?;
        for arg in &args {
            if arg.aggregate {
                return Err(QueryError::name(format!("cannot compute `{name}`: what it is of is an aggregate")));
            }
        }
        // Of a key of several columns, the first is counted.
        for arg in &mut args {
            if let Some(first) = arg.parts.first().cloned() {
                if name != "Count" || aggregate.distinct {
                    return Err(QueryError::value(format!("`{name}` takes no key of several columns")));
                }
                *arg = first;
            }
        }
        let filter = match &aggregate.filter {
            None => None,
            Some(condition) => {
                let clause = self.condition_value(condition)?;
                match self.truth(&clause)? {
                    Truth::Always => None,
                    truth => Some(truth_value(truth)),
                }
            }
        };
        let order = self.inner_order(&aggregate.order_by)?;
        let default = aggregate.default.as_ref().map(|default| self.resolve(default)).transpose()?;
        self.in_window = in_window;
        let sql = function::aggregate(
            self.cx,
            name,
            args.iter().map(|arg| arg.sql.clone()).collect(),
            aggregate.distinct,
            filter,
            order,
            default.as_ref().map(|default| default.sql.clone()),
        )?;
        let mut piece = made(sql, &args);
        piece.group = Group::Of(vec![]);
        (piece.aggregate, piece.window) = (!self.in_window, false);
        Ok(piece)
    }

    fn window(&mut self, window: &'q ast::Window) -> Result<Piece<'q>, QueryError> {
        self.in_window = true;
        let of = self.resolve(&window.of);
        self.in_window = false;
        let of = of?;
        let is_of_windows = match &window.of {
            Expr::Aggregate(_) => true,
            Expr::Func(func) => function::is_window_only(&func.name),
            _ => false,
        };
        if !is_of_windows {
            return Err(QueryError::value("only aggregates and functions of windows are possible over a window"));
        }
        let partition = self.resolve_all(&window.partition_by)?;
        let (order, ordered) = self.inner_order_pieces(&window.order_by)?;
        let partition_sql = partition.iter().map(|piece| piece.sql.clone()).collect();
        let sql = function::window(self.cx, of.sql.clone(), partition_sql, order, window.frame)?;
        let mut sources: Vec<&Piece<'q>> = vec![&of];
        sources.extend(&partition);
        sources.extend(&ordered);
        let mut piece = Piece::of(sql, &sources);
        let around = partition.iter().chain(&ordered);
        piece.group = Group::Of(around.flat_map(Piece::grouped).collect());
        (piece.window, piece.aggregate) = (true, sources.iter().skip(1).any(|source| source.aggregate));
        Ok(piece)
    }

    fn inner_order(&mut self, order: &'q [OrderBy]) -> Result<Option<Fragment<'q>>, QueryError> {
        Ok(self.inner_order_pieces(order)?.0)
    }

    fn inner_order_pieces(
        &mut self,
        order: &'q [OrderBy],
    ) -> Result<(Option<Fragment<'q>>, Vec<Piece<'q>>), QueryError> {
        let mut pieces = vec![];
        let mut sqls = vec![];
        for one in order {
            let piece = match &one.by {
                Order::Path(path) => self.path_value(path.names(), false)?,
                Order::Expr(expr) => self.resolve(expr)?,
                Order::Random => Piece::constant(Fragment::new("RANDOM()", None)),
            };
            sqls.push(directed(piece.sql.clone(), one.descending, one.nulls));
            pieces.push(piece);
        }
        let joined = (!sqls.is_empty()).then(|| Fragment::join(sqls, ", "));
        Ok((joined, pieces))
    }

    fn case(&mut self, case: &'q ast::Case) -> Result<Piece<'q>, QueryError> {
        let mut sources = vec![];
        let mut whens: Vec<(Fragment<'q>, Fragment<'q>)> = vec![];
        let mut otherwise = None;
        for (condition, result) in &case.cases {
            let clause = self.condition_piece(condition)?;
            let result = self.resolve(result)?;
            match (&otherwise, clause.truth.clone()) {
                (Some(_), _) | (None, Some(Truth::Never)) => {}
                (None, Some(Truth::Always)) => otherwise = Some(result.sql.clone()),
                _ => whens.push((clause.sql.clone(), result.sql.clone())),
            }
            sources.extend([clause, result]);
        }
        let default = match &case.default {
            Some(default) => self.resolve(default)?,
            None => Piece::constant(Fragment::new("NULL", None)),
        };
        let otherwise = otherwise.unwrap_or_else(|| default.sql.clone());
        sources.push(default);
        let results: Vec<Fragment<'q>> =
            whens.iter().map(|(_, result)| result.clone()).chain([otherwise.clone()]).collect();
        let mut sql = Fragment::default();
        if whens.is_empty() {
            sql = otherwise;
        } else {
            sql.push("CASE");
            for (condition, result) in whens {
                sql.push(" WHEN ");
                sql.add(condition);
                sql.push(" THEN ");
                sql.add(result);
            }
            sql.push(" ELSE ");
            sql.add(otherwise);
            sql.push(" END");
        }
        Ok(made(function::alike(sql, &results), &sources))
    }

    /// A condition as a value.
    fn condition_piece(&mut self, condition: &'q Condition) -> Result<Piece<'q>, QueryError> {
        let clause = self.condition_value(condition)?;
        let truth = self.truth(&clause)?;
        let mut piece = Piece::of(truth_value(truth.clone()), &[]);
        if let Truth::Sql(sql) = &truth
            && !sql.sql.starts_with('(')
        {
            piece.sql = sql.clone().between("(", ")").of_kind(Some(Kind::Boolean));
        }
        piece.aggregate = clause.has_aggregate();
        piece.window = clause.has_window();
        piece.group = if piece.aggregate { Group::Of(clause.grouped()) } else { Group::Itself };
        piece.cols = clause.grouped().into_iter().filter_map(|grouped| grouped.col).collect();
        piece.truth = Some(truth);
        Ok(piece)
    }

    fn subquery_value(&mut self, query: &'q ast::Query) -> Result<Piece<'q>, QueryError> {
        let sub = self.subquery(query, &Chosen::One)?;
        let kind = sub.kind.clone();
        let sql = match sub.sql {
            Some(sql) => sql.between("(", ")").of_kind(kind),
            None => Fragment::new("NULL", kind),
        };
        Ok(with_outer(sql, sub.outer))
    }

    fn exists_value(&mut self, query: &'q ast::Query) -> Result<Piece<'q>, QueryError> {
        let sub = self.exists_subquery(query)?;
        let truth = match sub.sql {
            Some(sql) => Truth::Sql(sql.between("EXISTS(", ")").of_kind(Some(Kind::Boolean))),
            None => Truth::Never,
        };
        let mut piece = with_outer(truth_value(truth.clone()), sub.outer);
        piece.truth = Some(truth);
        Ok(piece)
    }

    /// An annotation at the beginning of names, and how many of them are its name.
    pub(super) fn annotated(&mut self, names: &[Name]) -> Result<Option<(Piece<'q>, usize)>, QueryError> {
        if let Some((_, piece)) = self.summaries.iter().find(|(name, _)| names.first() == Some(name)) {
            return Ok(Some((piece.clone(), 1)));
        }
        let q = self.q();
        if q.annotations.is_empty() {
            return Ok(None);
        }
        let mut name = String::new();
        for (number, part) in names.iter().enumerate() {
            if number > 0 {
                name.push_str("__");
            }
            name.push_str(part);
            if let Some(annotation) = q.annotation(&name) {
                return match &self.wrapped {
                    Some(_) => Ok(Some((self.inner_annotation(&name)?, number + 1))),
                    None => Ok(Some((annotation.clone(), number + 1))),
                };
            }
        }
        Ok(None)
    }
}

/// SQL of the program's own.
fn raw_sql(raw: &ast::Raw) -> Result<Piece<'_>, QueryError> {
    if raw.sql.contains(|one: char| one.is_control() && !one.is_whitespace()) {
        return Err(QueryError::usage("a control character in raw SQL"));
    }
    let mut sql = Fragment::new("(", None);
    let mut values = raw.values.iter();
    let mut rest = raw.sql.chars().peekable();
    while let Some(one) = rest.next() {
        if one != '?' {
            sql.sql.push(one);
        } else if rest.next_if_eq(&'?').is_some() {
            sql.push("?");
        } else {
            let value = values.next().ok_or_else(|| QueryError::usage("raw SQL has more places than values"))?;
            sql.add(Fragment::place(crate::query::fragment::Given::Value(value), Prepare::of(None), None));
        }
    }
    if values.next().is_some() {
        return Err(QueryError::usage("raw SQL has fewer places than values"));
    }
    sql.push(")");
    Ok(Piece::of(sql, &[]))
}

/// Something made of several.
fn made<'q>(sql: Fragment<'q>, sources: &[Piece<'q>]) -> Piece<'q> {
    Piece::of(sql, &sources.iter().collect::<Vec<_>>())
}

/// A subquery, with the columns of queries around it that it names: rows are grouped by those.
fn with_outer<'q>(sql: Fragment<'q>, outer: Vec<Piece<'q>>) -> Piece<'q> {
    let mut piece = Piece::of(sql, &[]);
    piece.subquery = true;
    if !outer.iter().flat_map(|one| &one.cols).any(|col| col.is_many) {
        piece.group = Group::Of(outer.iter().flat_map(Piece::grouped).collect());
    }
    piece.cols = outer.into_iter().flat_map(|one| one.cols).collect();
    piece
}

/// A value with a direction.
pub(super) fn directed(mut sql: Fragment<'_>, descending: bool, nulls: Option<Nulls>) -> Fragment<'_> {
    sql.push(if descending { " DESC" } else { " ASC" });
    match nulls {
        Some(Nulls::First) => sql.push(" NULLS FIRST"),
        Some(Nulls::Last) => sql.push(" NULLS LAST"),
        None => {}
    }
    sql
}
