//! Rows to be shown, whatever they are kept as: structs, or cells as the driver gave them; with the rows of other models
//! that came along.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use quintet_core::query::{ModelId, Registry};
use quintet_core::rest::ValueRef;
use quintet_core::schema::Value;
use quintet_db::model::{Instance, Slot};
use quintet_db::{Cell, Fetched, Plan, Rows};

/// Rows of one model.
pub(crate) struct Set<'a> {
    pub(crate) model: ModelId,
    kept: Kept<'a>,
    /// Structs of the rows, where a function wants them and cells are kept.
    pub(crate) structs: Vec<Box<dyn Instance>>,
    /// What came along, by the numbers of the needs.
    pub(crate) links: Vec<Linked<'a>>,
    /// What async methods made, by the fields' names: JSON text for each row.
    pub(crate) made: Vec<(String, Vec<Vec<u8>>)>,
}

/// Rows behind a relation: the rows, and for each row on this side which of them.
pub(crate) struct Linked<'a> {
    pub(crate) set: Set<'a>,
    pub(crate) of: Groups,
    /// Whether the rows refer to the row, which then has no attribute for one that is not there.
    pub(crate) is_back: bool,
}

/// The numbers of rows that belong to each of others: one list behind the other, which are two pieces of memory.
pub(crate) struct Groups {
    ends: Vec<usize>,
    rows: Vec<usize>,
}

impl<G: IntoIterator<Item = usize>> FromIterator<G> for Groups {
    fn from_iter<I: IntoIterator<Item = G>>(groups: I) -> Self {
        let mut rows = vec![];
        let ends = groups.into_iter().map(|group| {
            rows.extend(group);
            rows.len()
        });
        Self { ends: ends.collect(), rows }
    }
}

impl Groups {
    /// Groups of so many rows, by pairs of a row and one of its own: in the order of the pairs.
    pub(crate) fn of_pairs(count: usize, pairs: &[(usize, usize)]) -> Self {
        let mut ends = vec![0; count];
        for (row, _) in pairs {
            ends[*row] += 1;
        }
        let mut begin = 0;
        for end in &mut ends {
            begin += std::mem::replace(end, begin);
        }
        // Each number is where its group begins, and goes to its end.
        let mut rows = vec![0; pairs.len()];
        for (row, own) in pairs {
            rows[ends[*row]] = *own;
            ends[*row] += 1;
        }
        Self { ends, rows }
    }

    /// Those that belong to a row.
    pub(crate) fn of(&self, row: usize) -> &[usize] {
        let begin = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.rows.get(begin..*end)).unwrap_or_default()
    }
}

enum Kept<'a> {
    Structs(Vec<Struct<'a>>),
    Cells(Cells),
}

/// Cells as the driver gave them; rows behind keys may stand in the same rows.
#[derive(Clone)]
pub(crate) struct Cells {
    rows: Arc<Rows>,
    /// The cell of each column of the registry.
    columns: Vec<Option<usize>>,
    /// What the compiler says of the cells, and which of its rows this is.
    plan: Option<Plan>,
    number: usize,
}

struct Struct<'a> {
    row: &'a dyn Instance,
    /// By the columns' places in the registry.
    columns: Vec<Option<&'a dyn Slot>>,
    /// Many-to-many fields, by name.
    many: Vec<(String, &'a dyn Slot)>,
}

impl<'a> Set<'a> {
    /// Rows as structs.
    pub(crate) fn of_structs(registry: &Registry, model: ModelId, rows: Vec<&'a dyn Instance>) -> Self {
        let rows = rows.into_iter().map(|row| Struct::new(registry, model, row)).collect();
        Self { model, kept: Kept::Structs(rows), structs: vec![], links: vec![], made: vec![] }
    }

    /// Rows as cells.
    pub(crate) fn of_cells(model: ModelId, cells: Cells) -> Self {
        Self { model, kept: Kept::Cells(cells), structs: vec![], links: vec![], made: vec![] }
    }

    /// The rows behind a key that came in the same rows, by the name of the relation.
    pub(crate) fn joined(&self, registry: &Registry, relation: &str) -> Option<Self> {
        match &self.kept {
            Kept::Cells(cells) => cells.joined(registry, relation).map(|(model, cells)| Self::of_cells(model, cells)),
            Kept::Structs(_) => None,
        }
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        match &self.kept {
            Kept::Structs(rows) => rows.len(),
            Kept::Cells(cells) => cells.rows.len(),
        }
    }

    /// The value of a column.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Cow<'_, Cell> {
        match &self.kept {
            Kept::Structs(rows) => {
                let slot = rows.get(row).and_then(|row| row.columns.get(column)).copied().flatten();
                Cow::Owned(slot.map_or(Cell::Null, |slot| Cell::from(slot.value())))
            }
            Kept::Cells(cells) => {
                let cell = cells.place(column).and_then(|at| cells.rows.cell(row, at));
                cell.map_or(Cow::Owned(Cell::Null), Cow::Borrowed)
            }
        }
    }

    /// The same as a value of the schema, which says of texts what they mean.
    pub(crate) fn value(&self, row: usize, column: usize) -> Option<Value> {
        match &self.kept {
            Kept::Structs(rows) => {
                rows.get(row).and_then(|row| row.columns.get(column)).copied().flatten().map(Slot::value)
            }
            Kept::Cells(_) => None,
        }
    }

    /// The value of a column, where it can be lent: a cell that was fetched, or a struct's field that has it as it is.
    pub(crate) fn lent(&self, row: usize, column: usize) -> Option<ValueRef<'_>> {
        match &self.kept {
            Kept::Structs(rows) => rows.get(row)?.columns.get(column).copied().flatten()?.lent(),
            Kept::Cells(cells) => {
                let at = cells.place(column)?;
                Some(cells.rows.cell(row, at).map_or(ValueRef::Null, ValueRef::from))
            }
        }
    }

    /// The struct of a row.
    pub(crate) fn any(&self, row: usize) -> Option<&(dyn Any + Send + Sync)> {
        match &self.kept {
            Kept::Structs(rows) => rows.get(row).map(|row| row.row.as_any()),
            Kept::Cells(_) => self.structs.get(row).map(|row| row.as_any()),
        }
    }

    /// What an async method made of a row.
    pub(crate) fn made(&self, field: &str, row: usize) -> Option<&[u8]> {
        let (_, texts) = self.made.iter().find(|(known, _)| known == field)?;
        texts.get(row).map(Vec::as_slice)
    }

    /// The rows behind a key that came with the structs; `None` where one of them did not.
    pub(crate) fn known_one(&self, column: usize) -> Option<Vec<Option<&'a dyn Instance>>> {
        let Kept::Structs(rows) = &self.kept else { return None };
        let known = |row: &Struct<'a>| {
            let slot = row.columns.get(column).copied().flatten()?;
            match slot.value() {
                Value::Null => Some(None),
                _ => slot.known_row().map(Some),
            }
        };
        rows.iter().map(known).collect()
    }

    /// The rows of a many-to-many field that came with the structs; `None` where one of them did not.
    pub(crate) fn known_many(&self, field: &str) -> Option<Vec<Vec<&'a dyn Instance>>> {
        let Kept::Structs(rows) = &self.kept else { return None };
        let known = |row: &Struct<'a>| {
            let slot = row.many.iter().find(|(name, _)| name == field).map(|(_, slot)| *slot)?;
            slot.known_rows()
        };
        rows.iter().map(known).collect()
    }

    /// The cells of a row, to make a struct of them.
    pub(crate) fn row_cells(&self, row: usize) -> Vec<Cell> {
        match &self.kept {
            Kept::Cells(cells) => cells.rows.get(row).unwrap_or_default().to_vec(),
            Kept::Structs(_) => vec![],
        }
    }

    /// A cell by its own place.
    pub(crate) fn raw(&self, row: usize, at: usize) -> Option<&Cell> {
        match &self.kept {
            Kept::Cells(cells) => cells.rows.cell(row, at),
            Kept::Structs(_) => None,
        }
    }

    /// Where a column's cell is.
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        match &self.kept {
            Kept::Cells(cells) => cells.place(column),
            Kept::Structs(_) => None,
        }
    }

    /// Whether the rows are cells.
    pub(crate) fn is_cells(&self) -> bool {
        matches!(self.kept, Kept::Cells(_))
    }
}

impl Cells {
    /// The rows of an answer, by what the compiler says of them.
    pub(crate) fn of(registry: &Registry, model: ModelId, answer: Fetched) -> Self {
        let mut cells = Self { rows: Arc::new(answer.rows), columns: vec![], plan: answer.compiled, number: 0 };
        cells.columns = cells.columns_of(registry, model, 0);
        cells
    }

    fn columns_of(&self, registry: &Registry, model: ModelId, number: usize) -> Vec<Option<usize>> {
        let mut columns = vec![None; registry.model(model).columns.len()];
        for (place, at) in self.plan.as_ref().and_then(|plan| plan.rows.get(number)).map_or(&[][..], |row| &row.columns)
        {
            if let Some(column) = columns.get_mut(*place) {
                *column = Some(*at);
            }
        }
        columns
    }

    fn joined(&self, registry: &Registry, relation: &str) -> Option<(ModelId, Self)> {
        let plan = self.plan.as_ref()?;
        let is_it = |row: &quintet_core::query::Row| {
            row.parent == Some(self.number) && row.path.last().is_some_and(|name| name == relation)
        };
        let number = plan.rows.iter().position(is_it)?;
        let model = plan.rows[number].model;
        let columns = self.columns_of(registry, model, number);
        Some((model, Self { rows: Arc::clone(&self.rows), columns, plan: self.plan.clone(), number }))
    }

    fn place(&self, column: usize) -> Option<usize> {
        debug_assert!(self.plan.is_none() || self.columns.get(column).copied().flatten().is_some(), "column {column}");
        self.columns.get(column).copied().flatten()
    }
}

impl<'a> Struct<'a> {
    fn new(registry: &Registry, model: ModelId, row: &'a dyn Instance) -> Self {
        let mut own = Self { row, columns: vec![None; registry.model(model).columns.len()], many: vec![] };
        own.fill(registry, model, row);
        own
    }

    fn fill(&mut self, registry: &Registry, model: ModelId, row: &'a dyn Instance) {
        let (app, name) = row.model();
        let Some(level) = registry.find(app, name).map(|level| registry.model(level).concrete) else { return };
        let (info, root) = (registry.model(level), registry.model(model));
        let mut slots = Vec::with_capacity(info.state.fields.len());
        row.slots(&mut slots);
        let own = info.columns.iter().enumerate().filter(|(_, column)| column.owner == level);
        for ((at, column), slot) in own.zip(slots.iter().filter(|slot| slot.has_column())) {
            // The columns of a model stand in its own order; those of a parent are looked for among the child's.
            let place = match level == model {
                true => Some(at),
                false => root.columns.iter().position(|known| known.owner == level && known.name == column.name),
            };
            if let Some(place) = place {
                self.columns[place] = Some(*slot);
            }
            if let Some(parent) = slot.parent() {
                self.fill(registry, model, parent);
            }
        }
        let many = info.state.fields.iter().filter(|(_, field)| field.kind.many_to_many().is_some());
        for ((name, _), slot) in many.zip(slots.iter().filter(|slot| !slot.has_column())) {
            self.many.push((name.clone(), *slot));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Groups;

    #[test]
    fn groups_are_what_belongs_to_each_row_in_order() {
        let pairs = Groups::of_pairs(4, &[(2, 10), (0, 11), (2, 12), (0, 11)]);
        let lists: Groups = [vec![11, 11], vec![], vec![10, 12], vec![]].into_iter().collect();
        for groups in [pairs, lists] {
            let all: Vec<&[usize]> = (0..5).map(|row| groups.of(row)).collect();
            assert_eq!(all, [&[11, 11][..], &[], &[10, 12], &[], &[]]);
        }
        assert!(Groups::of_pairs(0, &[]).of(0).is_empty());
    }
}
