//! The steps of a query, replayed in the order in which they were said.

use crate::query::ast::{Condition, Expr, Query, Step};
use crate::query::error::QueryError;
use crate::query::fragment::Truth;
use crate::query::{Name, Path};

use super::condition::Where;
use super::group::{GroupBy, GroupItem};
use super::joins::Filtered;
use super::names::shown;
use super::{Choice, Compiler};

impl<'q> Compiler<'_, 'q> {
    /// Replays the steps of a query upon the one at hand.
    pub(super) fn replay(&mut self, query: &'q Query) -> Result<(), QueryError> {
        for step in &query.steps {
            match step {
                Step::Filter(condition) => self.add_condition(condition, false)?,
                Step::Exclude(condition) => self.add_condition(condition, true)?,
                Step::Annotate(name, expr) => self.annotate(name, expr, true)?,
                Step::Alias(name, expr) => self.annotate(name, expr, false)?,
                Step::Values(items) => self.values(items)?,
                Step::FilteredRelation(name, relation, condition) => {
                    self.filtered_relation_step(name, relation, condition)?;
                }
            }
        }
        if query.is_none {
            self.q_mut().conditions.add(Where::leaf(Truth::Never));
        }
        Ok(())
    }

    /// A value beside each row.
    fn annotate(&mut self, name: &'q Name, expr: &'q Expr, is_given: bool) -> Result<(), QueryError> {
        self.check_free(name)?;
        self.add_annotation(name.clone(), expr, is_given)?;
        let is_aggregate = self.q().annotation(name).is_some_and(|piece| piece.aggregate);
        if is_aggregate {
            if self.q().has_values {
                self.set_group_by(true);
            } else {
                self.q_mut().group_by = GroupBy::All;
            }
        }
        Ok(())
    }

    fn add_annotation(&mut self, name: Name, expr: &'q Expr, is_given: bool) -> Result<(), QueryError> {
        check_alias(&name)?;
        let mut piece = self.resolve(expr)?;
        if !piece.parts.is_empty() {
            return Err(QueryError::usage("a key of several columns cannot be annotated"));
        }
        piece.relation = None;
        let q = self.q_mut();
        let given: Vec<Name> = q.given().map(|(name, _)| name.clone()).collect();
        if is_given {
            if let Some(mask) = &mut q.mask {
                mask.push(name.clone());
            }
            if let Some(chosen) = q.chosen.as_mut().filter(|chosen| !chosen.is_empty()) {
                chosen.retain(|(own, _)| *own != name);
                chosen.push((name.clone(), Choice::Annotation));
            }
        } else {
            q.mask = Some(given.into_iter().filter(|own| *own != name).collect());
        }
        match q.annotations.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => *old = piece,
            None => q.annotations.push((name, piece)),
        }
        Ok(())
    }

    /// Whether a name may be given: no field has it, and it is harmless.
    fn check_free(&self, name: &Name) -> Result<(), QueryError> {
        check_alias(name)?;
        let q = self.q();
        let is_taken = if q.has_values {
            let is_same = |(own, choice): &(Name, Choice)| own == name && matches!(choice, Choice::Column(_));
            q.chosen.as_ref().is_some_and(|chosen| chosen.iter().any(is_same))
        } else {
            let info = self.cx.registry.model(q.model);
            info.links.contains_key(name.as_ref()) || name != "pk" && info.place(name).is_some()
        };
        match is_taken {
            true => Err(QueryError::usage(format!("the annotation `{name}` conflicts with a field on the model"))),
            false => Ok(()),
        }
    }

    /// Rows as values of these.
    pub(super) fn values(&mut self, items: &'q [(Name, Expr)]) -> Result<(), QueryError> {
        let mut fields: Vec<(Name, Option<&'q Path>)> = vec![];
        for (name, expr) in items {
            check_alias(name)?;
            match expr {
                Expr::F(path) if path.to_string() == *name => fields.push((name.clone(), Some(path))),
                expr => {
                    self.annotate(name, expr, true)?;
                    fields.push((name.clone(), None));
                }
            }
        }
        self.set_values(&fields, items.is_empty())
    }

    fn set_values(&mut self, fields: &[(Name, Option<&'q Path>)], all: bool) -> Result<(), QueryError> {
        let mut chosen = vec![];
        let mut columns: Vec<(Name, Vec<Name>)> = vec![];
        let mut annotations = vec![];
        let q = self.q_mut();
        (q.columns, q.chosen, q.gives_model) = (vec![], None, false);
        for (name, path) in fields {
            let is_annotation = self.q().annotation(name).is_some();
            if is_annotation && self.q().is_given(name) {
                annotations.push(name.clone());
                chosen.push((name.clone(), Choice::Annotation));
            } else if is_annotation {
                return Err(QueryError::name(format!(
                    "cannot select the `{name}` alias\nhint: use `annotate` to promote it"
                )));
            } else if let Some(path) = path {
                chosen.push((name.clone(), Choice::Column(columns.len())));
                columns.push((name.clone(), path.names().to_vec()));
            }
        }
        if all {
            let model = self.cx.registry.model(self.q().model);
            let own = |name: &String| (Name::from(name.clone()), vec![Name::from(name.clone())]);
            columns = model.columns.iter().map(|column| own(&column.attname)).collect();
        } else if !self.q().annotations.is_empty() {
            self.q_mut().mask = Some(annotations);
        }
        self.keep_groups(&chosen)?;
        let mut resolved = vec![];
        for (name, path) in columns {
            resolved.push((name, self.path_value(&path, false)?));
        }
        let q = self.q_mut();
        (q.columns, q.has_values) = (resolved, true);
        q.chosen = (!all).then_some(chosen);
        Ok(())
    }

    /// Groups stay what they were when other fields are chosen.
    fn keep_groups(&mut self, chosen: &[(Name, Choice)]) -> Result<(), QueryError> {
        match self.q().group_by.clone() {
            GroupBy::None => {}
            GroupBy::All => {
                let model = self.q().model;
                let attnames: Vec<Name> =
                    self.cx.registry.model(model).columns.iter().map(|column| column.attname.clone().into()).collect();
                let mut columns = vec![];
                for name in attnames {
                    columns.push((name.clone(), self.path_value(&[name], false)?));
                }
                self.q_mut().columns = columns;
                self.set_group_by(false);
                self.q_mut().columns = vec![];
            }
            GroupBy::Of(items) => {
                let q = self.q_mut();
                let still = |name: &Name| chosen.iter().any(|(own, _)| own == name);
                let items = items.into_iter().flat_map(|item| match item {
                    GroupItem::Ref(name) if !still(&name) => {
                        let grouped = q.annotation(&name).map(|piece| piece.grouped()).unwrap_or_default();
                        grouped.into_iter().map(GroupItem::from).collect()
                    }
                    item => vec![item],
                });
                let items = items.collect();
                q.group_by = GroupBy::Of(items);
            }
        }
        Ok(())
    }

    /// Groups by what is chosen so far.
    pub(super) fn set_group_by(&mut self, by_name: bool) {
        let q = self.q_mut();
        if by_name && q.chosen.is_some() {
            // What is chosen and is no column is named by its alias, as an annotation is.
            let columns = std::mem::take(&mut q.columns);
            let mut moved = vec![];
            for (name, piece) in columns {
                if piece.col.is_some() || !piece.parts.is_empty() {
                    q.columns.push((name, piece));
                } else {
                    moved.push((name, piece));
                }
            }
            let place = |name: &Name| q.columns.iter().position(|(own, _)| own == name);
            for (name, choice) in q.chosen.iter_mut().flatten() {
                if let Choice::Column(_) = choice {
                    *choice = place(name).map_or(Choice::Annotation, Choice::Column);
                }
            }
            if let Some(mask) = &mut q.mask {
                mask.extend(moved.iter().map(|(name, _)| name.clone()));
            }
            moved.append(&mut q.annotations);
            q.annotations = moved;
        }
        let columns = q.columns.iter().flat_map(|(_, piece)| piece.each());
        let mut items: Vec<GroupItem<'q>> =
            columns.flat_map(super::piece::Piece::grouped).map(GroupItem::from).collect();
        for (name, piece) in q.given() {
            let grouped = piece.grouped();
            if grouped.is_empty() {
                continue;
            }
            if by_name && !piece.aggregate {
                items.push(GroupItem::Ref(name.clone()));
            } else {
                items.extend(grouped.into_iter().map(GroupItem::from));
            }
        }
        q.group_by = GroupBy::Of(items);
    }

    fn filtered_relation_step(
        &mut self,
        name: &'q Name,
        relation: &'q Path,
        condition: &'q Condition,
    ) -> Result<(), QueryError> {
        self.check_free(name)?;
        if name.contains('.') {
            return Err(QueryError::usage("the name of a filtered relation has no periods"));
        }
        let model = self.q().model;
        let walked = self.walk(relation.names(), model)?;
        if walked.used() != relation.names().len() || walked.relation.is_none() {
            let relation = shown(&relation.to_string());
            return Err(QueryError::usage(format!("`{relation}` is not a relation, or a lookup follows it")));
        }
        self.check_inside(relation, condition)?;
        self.q_mut().filtered.push(Filtered { name, relation, condition });
        Ok(())
    }

    /// Whether the paths of a relation's condition stay with the relation.
    fn check_inside(&self, relation: &Path, condition: &Condition) -> Result<(), QueryError> {
        match condition {
            Condition::And(all) | Condition::Or(all) | Condition::Xor(all) => {
                all.iter().try_for_each(|part| self.check_inside(relation, part))
            }
            Condition::Not(inner) => self.check_inside(relation, inner),
            Condition::Lookup(path, _) => {
                let walked = self.walk(path.names(), self.q().model)?;
                let used = walked.used();
                let shift = if used == path.names().len() { 2 } else { 1 };
                let inside = path.names()[..used.saturating_sub(shift)].iter().zip(relation.names());
                let path = shown(&path.to_string());
                if inside.clone().any(|(one, other)| one != other) {
                    return Err(QueryError::usage(format!(
                        "the condition of a filtered relation does not support relations outside `{relation}`: `{path}`"
                    )));
                }
                if used > relation.names().len() + 1 {
                    return Err(QueryError::usage(format!(
                        "the condition of a filtered relation does not support relations deeper than `{relation}`: `{path}`"
                    )));
                }
                Ok(())
            }
            Condition::Compare(..) | Condition::Expr(_) | Condition::Never => Ok(()),
        }
    }
}

/// A name that a value may have in a statement: without quotes, spaces, control characters, semicolons or comments.
pub(super) fn check_alias(name: &str) -> Result<(), QueryError> {
    let is_bad = |one: char| one.is_whitespace() || one.is_control() || "'`\"][;#".contains(one);
    if name.is_empty() || name.contains(is_bad) || ["--", "/*", "*/"].iter().any(|comment| name.contains(comment)) {
        return Err(QueryError::usage(format!(
            "a name of a value cannot contain white space, control characters, quotes, brackets, hashes, semicolons or \
             comments: `{}`",
            shown(name)
        )));
    }
    Ok(())
}
