//! The days and moments that there are: `dates` and `datetimes`.

use quintet_core::query::{Expr, Name, QueryError};
use quintet_core::schema::Kind;

use super::by_type::HasDay;
use super::column::Column;
use super::columns;
use super::selection::{Only, Whole};
use super::set::QuerySet;
use crate::model::{Date, DateTime, FieldType, Model};

/// To what a day or a moment is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// The first of January.
    Year,
    /// The first of the month.
    Month,
    /// The Monday.
    Week,
    /// The day.
    Day,
    /// The full hour; of moments only.
    Hour,
    /// The full minute; of moments only.
    Minute,
    /// The full second; of moments only.
    Second,
}

impl Each {
    fn part(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }

    fn is_of_day(self) -> bool {
        matches!(self, Self::Hour | Self::Minute | Self::Second)
    }
}

impl<M: Model> QuerySet<M, Whole> {
    /// The days that there are, cut to years, months, weeks or days, each once and the first of them first: `dates(|n|
    /// n.created_at(), Each::Month)`. The last comes first behind `.reverse()`.
    pub fn dates<F: FieldType<Compared: HasDay>>(
        self,
        field: impl FnOnce(M::Columns) -> Column<F>,
        each: Each,
    ) -> QuerySet<M, Only<Column<Date>>> {
        let kind = Kind::Date { auto_now: false, auto_now_add: false };
        let mut made = self.cut(field(columns::<M>()).expr(), each, kind, None);
        if each.is_of_day() {
            made.refuse(QueryError::usage(format!("a date has no {}\nhint: `datetimes`", each.part())));
        }
        made
    }

    /// The moments that there are, cut to years, months and so on down to seconds, in the time zone of the project.
    pub fn datetimes<F: FieldType<Compared = DateTime>>(
        self,
        field: impl FnOnce(M::Columns) -> Column<F>,
        each: Each,
    ) -> QuerySet<M, Only<Column<DateTime>>> {
        let kind = Kind::DateTime { auto_now: false, auto_now_add: false };
        self.cut(field(columns::<M>()).expr(), each, kind, None)
    }

    /// The same in another time zone: `"Europe/Berlin"`.
    pub fn datetimes_in<F: FieldType<Compared = DateTime>>(
        self,
        field: impl FnOnce(M::Columns) -> Column<F>,
        each: Each,
        zone: impl Into<Name>,
    ) -> QuerySet<M, Only<Column<DateTime>>> {
        let kind = Kind::DateTime { auto_now: false, auto_now_add: false };
        self.cut(field(columns::<M>()).expr(), each, kind, Some(zone.into()))
    }

    fn cut<T>(mut self, field: &Expr, each: Each, kind: Kind, zone: Option<Name>) -> QuerySet<M, T> {
        match field {
            Expr::F(path) if self.open("`dates`") => self.query = self.query.cut(path, each.part().into(), kind, zone),
            Expr::F(_) => {}
            _ => self.refuse(QueryError::usage("what is cut is a field\nhint: `.values(|n| ..).distinct()`")),
        }
        self.shaped()
    }
}
