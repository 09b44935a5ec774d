//! What the derives write calls of. Not for hands: whatever is here may change with them.

pub use super::Constant;
pub use super::aspects::*;
use super::{Abstract, Choices, DefaultFor, FieldType, KeyValue, Model};
pub use super::{Everything, Required, Slot};
use crate::error::Error;
pub use crate::error::Result;
pub use crate::query::{Column, ColumnSide, Columns, FromPath, NoColumns, Operand, Origin, Reader, RowSide};
pub use crate::rows::Cell;
pub use quintet_core::query::{Expr as QueryExpr, Path};
pub use quintet_core::schema::Function;
pub use quintet_core::schema::words::{check, composite_primary_key, index, options, unique, unique_on};
use quintet_core::schema::{Choice, Manager, NamesFiles};
pub use quintet_core::schema::{
    Deferrable, Expr, Field, FieldPlace, Index, IndexKind, Initial, IpProtocol, Kind, ModelDef, ModelState, OnDelete,
    Options, UploadTo, Value,
};

/// Refuses, while compiling, an attribute that the type does not take.
#[track_caller]
pub const fn takes<T: FieldType>(aspect: Aspects) {
    assert!(T::TAKES & aspect != 0, "{}", refusal(aspect));
}

/// Refuses, while compiling, a field that lacks what its type needs.
#[track_caller]
pub const fn needs<T: FieldType>(given: Aspects) {
    let lacks = T::NEEDS & !given;
    assert!(lacks == 0, "{}", missing(lacks));
}

/// Refuses `set_null` on a key that cannot be null.
#[track_caller]
pub const fn nullable<T: FieldType>() {
    assert!(T::NULLABLE, "`on_delete = set_null` is for a key that may be null\nhint: make it an `Option`");
}

/// What `create!` must be given.
pub const fn required(is_required: bool, name: &'static str, message: &'static str) -> Required {
    if is_required { Required::Field(name, message) } else { Required::Nothing }
}

/// Refuses, while compiling, a new row without what it needs.
pub const fn check_required(required: &[Required], given: &[&str]) {
    let mut at = 0;
    while at < required.len() {
        match required[at] {
            Required::Field(name, message) => assert!(contains(given, name), "{}", message),
            Required::Shared(shared) => check_required(shared, given),
            Required::Nothing => {}
        }
        at += 1;
    }
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if same(names[at].as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// The column of a field.
pub fn column<C: FromPath>(path: &Path, name: &'static str) -> C {
    C::from_path(path.then(name))
}

/// The way back from a row: to the rows of a model whose field `field` leads to it.
pub fn back<T: Model, M: Model, Rows: From<Origin>>(row: &T, field: &'static str) -> Rows {
    Rows::from(Origin::back::<M>(field, row.key().to_value()))
}

/// A member out of what a database gave.
pub fn chosen_from<T: Choices>(cell: Cell) -> Result<T> {
    let value = Value::from(cell);
    T::from_value(&value).ok_or_else(|| Error::other(format!("the database gave {value:?}, which cannot be chosen")))
}

/// Adds the fields to a model.
pub fn declare(model: &mut ModelState, fields: &[fn(&mut ModelState)]) {
    fields.iter().for_each(|add| add(model));
}

/// Adds a field to a model. The link to a parent makes the parent a base.
pub fn own(model: &mut ModelState, name: &str, field: Field) {
    if let Some(relation) = field.relation().filter(|relation| relation.parent_link) {
        model.bases.push(relation.to.label_lower());
    }
    model.fields.push((name.to_owned(), field));
}

/// The options that models share, without the lists and switches that are said anew.
pub fn shared<T: Abstract>(anew: &[&str]) -> Options {
    let mut options = T::options();
    for attribute in anew {
        match *attribute {
            "index" => options.indexes.clear(),
            "unique" | "check" => options.constraints.clear(),
            "unique_together" => options.unique_together.clear(),
            "permissions" => options.permissions.clear(),
            "managed" => options.managed = true,
            "select_on_save" => options.select_on_save = false,
            _ => {}
        }
    }
    options
}

/// Makes a model another face of a base.
pub fn proxy<T: Model>(model: &mut ModelState) {
    model.options.proxy = true;
    model.bases.push(super::keys::to::<T>().label_lower());
}

/// Adds a manager that migrations know.
pub fn manager<T>(model: &mut ModelState, name: &str) {
    model.managers.push(Manager { name: name.to_owned(), path: std::any::type_name::<T>().to_owned() });
}

/// The default of a field of this type.
pub fn initial<T: FieldType, Way>(value: impl DefaultFor<T::Base, Way>) -> Initial {
    value.initial()
}

/// The field of an enum of choices.
pub fn chosen<T: Choices>() -> Field {
    let mut field = T::column();
    field.choices = T::choices();
    field
}

/// A folder, or the function that names it.
pub trait Folder<Way> {
    /// As data.
    fn folder(self) -> UploadTo;
}

impl Folder<()> for &str {
    fn folder(self) -> UploadTo {
        UploadTo::Path(self.to_owned())
    }
}

/// Through a function.
#[derive(Debug)]
pub struct Named<Way>(std::marker::PhantomData<fn() -> Way>);

impl<F: NamesFiles<Way>, Way> Folder<Named<Way>> for F {
    fn folder(self) -> UploadTo {
        UploadTo::Function(self.named())
    }
}

/// Attributes for which the vocabulary of migrations has no word, as it says them when it makes the field. What says
/// how a generated column looks is said of what it gives.
pub trait Declare: Sized {
    /// The field to change.
    fn own_field(&mut self) -> &mut Field;

    /// The most characters.
    #[must_use]
    fn longest(mut self, most: u32) -> Self {
        output(self.own_field(), |field| *field = field.clone().max_length(most));
        self
    }

    /// All digits.
    #[must_use]
    fn max_digits(mut self, all: u32) -> Self {
        output(self.own_field(), |field| {
            if let Kind::Decimal { max_digits, .. } = &mut field.kind {
                *max_digits = Some(all);
            }
        });
        self
    }

    /// Digits after the point.
    #[must_use]
    fn decimal_places(mut self, places: u32) -> Self {
        output(self.own_field(), |field| {
            if let Kind::Decimal { decimal_places, .. } = &mut field.kind {
                *decimal_places = Some(places);
            }
        });
        self
    }

    /// What happens when the other row goes.
    #[must_use]
    fn on_delete(mut self, rule: OnDelete) -> Self {
        if let Some(relation) = self.own_field().kind.relation_mut() {
            relation.on_delete = rule;
        }
        self
    }

    /// How a generated column is computed.
    #[must_use]
    fn expression(mut self, how: impl Into<Expr>) -> Self {
        if let Kind::Generated { expression, .. } = &mut self.own_field().kind {
            *expression = how.into();
        }
        self
    }

    /// Whether a generated column is stored.
    #[must_use]
    fn db_persist(mut self, yes: bool) -> Self {
        if let Kind::Generated { db_persist, .. } = &mut self.own_field().kind {
            *db_persist = yes;
        }
        self
    }

    /// The folder below which files are chosen.
    #[must_use]
    fn below(mut self, folder: UploadTo) -> Self {
        if let Kind::FilePath { path, .. } = &mut self.own_field().kind {
            *path = folder;
        }
        self
    }

    /// The expression that names of files match.
    #[must_use]
    fn matching(mut self, expression: &str) -> Self {
        if let Kind::FilePath { matching, .. } = &mut self.own_field().kind {
            *matching = Some(expression.to_owned());
        }
        self
    }

    /// Folders below the folder too.
    #[must_use]
    fn recursive(mut self, yes: bool) -> Self {
        if let Kind::FilePath { recursive, .. } = &mut self.own_field().kind {
            *recursive = yes;
        }
        self
    }

    /// Whether files may be chosen.
    #[must_use]
    fn allow_files(mut self, yes: bool) -> Self {
        if let Kind::FilePath { allow_files, .. } = &mut self.own_field().kind {
            *allow_files = yes;
        }
        self
    }

    /// Whether folders may be chosen.
    #[must_use]
    fn allow_folders(mut self, yes: bool) -> Self {
        if let Kind::FilePath { allow_folders, .. } = &mut self.own_field().kind {
            *allow_folders = yes;
        }
        self
    }

    /// The field that keeps an image's width.
    #[must_use]
    fn width_field(mut self, name: &str) -> Self {
        if let Kind::Image { width_field, .. } = &mut self.own_field().kind {
            *width_field = Some(name.to_owned());
        }
        self
    }

    /// The field that keeps an image's height.
    #[must_use]
    fn height_field(mut self, name: &str) -> Self {
        if let Kind::Image { height_field, .. } = &mut self.own_field().kind {
            *height_field = Some(name.to_owned());
        }
        self
    }

    /// What a new row has.
    #[must_use]
    fn initial(mut self, initial: Initial) -> Self {
        self.own_field().default = Some(initial);
        self
    }

    /// What may be chosen: the members of an enum.
    #[must_use]
    fn choices_of<T: Choices>(mut self) -> Self {
        self.own_field().choices = T::choices();
        self
    }

    /// One more that may be chosen.
    #[must_use]
    fn choice(mut self, value: impl Into<Value>, label: &str) -> Self {
        self.own_field().choices.push(Choice::One(value.into(), label.to_owned()));
        self
    }
}

impl Declare for Field {
    fn own_field(&mut self) -> &mut Field {
        self
    }
}

/// Changes what a generated column gives, or else the field itself.
fn output(field: &mut Field, change: impl FnOnce(&mut Field)) {
    if let Kind::Generated { output, .. } = &mut field.kind {
        change(output);
    } else {
        change(field);
    }
}
