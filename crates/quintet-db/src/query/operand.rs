//! What may stand on the other side of a comparison.

use std::marker::PhantomData;
use std::net::IpAddr;

use quintet_core::query::Expr;
use quintet_core::schema::Value;

use super::aggregate::Aggregate;
use super::column::Column;
use super::relation::Relation;
use crate::model::{
    Auto, BigAuto, Binary, Date, DateTime, Decimal, Duration, Email, FieldType, File, FilePath, ForeignKey, Image,
    Json, KeyValue, Model, OneToOne, Parent, Slug, SmallAuto, Text, Time, Url, Uuid,
};

/// What the keys of a model are compared as, so that the key of another model does not compile.
pub struct Key<T>(PhantomData<fn() -> T>);

/// What can be compared with, or stored in, a column of `B`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with, or stored in, a column of `{B}`",
    label = "not a value of `{B}`, nor a column or expression of one"
)]
pub trait Operand<B> {
    /// As the core has it.
    fn operand(self) -> Expr;
}

macro_rules! operands {
    ($($base:ty: $($type:ty),* => |$value:ident| $made:expr;)*) => {
        $($(impl Operand<$base> for $type {
            fn operand(self) -> Expr {
                let $value = self;
                Expr::Value($made)
            }
        })*)*
    };
}

operands! {
    String: &str, String => |it| it.into();
    String: &String => |it| it.as_str().into();
    String: Text, Slug, Email, Url, File, Image, FilePath => |it| it.0.into();
    String: &Text, &Slug, &Email, &Url, &File, &Image, &FilePath => |it| it.0.as_str().into();
    i64: i16, i32, i64, u8, u16, u32, u64 => |it| it.into();
    i64: SmallAuto, Auto, BigAuto => |it| it.0.into();
    f64: f64 => |it| it.into();
    f64: i32 => |it| Value::Float(it.into());
    Decimal: Decimal, i32, i64, u32 => |it| it.into();
    bool: bool => |it| it.into();
    Date: Date => |it| it.into();
    DateTime: DateTime => |it| it.into();
    Time: Time => |it| it.into();
    Duration: Duration => |it| it.into();
    Uuid: Uuid => |it| it.into();
    Binary: Binary => |it| it.into();
    Binary: &[u8] => |it| it.to_vec().into();
    IpAddr: IpAddr => |it| it.into();
    Json: Json => |it| it.into();
    Json: &Json => |it| Value::Json(it.to_string());
    Json: &str, String, i32, i64, f64, bool => |it| Json::from(it).into();
    Value: Value => |it| it;
    Value: i32, i64, &str, String, Uuid => |it| it.into();
}

impl<F: FieldType> Operand<F::Compared> for Column<F> {
    fn operand(self) -> Expr {
        self.into_expr()
    }
}

impl<F: FieldType> Operand<F::Compared> for &Column<F> {
    fn operand(self) -> Expr {
        self.expr().clone()
    }
}

impl<F: FieldType> Operand<F::Compared> for Aggregate<F> {
    fn operand(self) -> Expr {
        self.into_column().into_expr()
    }
}

impl<T: Model, F: FieldType<Compared = Key<T>>> Operand<Key<T>> for Relation<T, F> {
    fn operand(self) -> Expr {
        self.into_column().into_expr()
    }
}

impl<T: Model> Operand<Key<T>> for &T {
    fn operand(self) -> Expr {
        Expr::Value(self.key().to_value())
    }
}

impl<T: Model> Operand<Key<T>> for &std::sync::Arc<T> {
    fn operand(self) -> Expr {
        Expr::Value(self.key().to_value())
    }
}

macro_rules! key_operands {
    ($($holder:ident),*) => {
        $(impl<T: Model> Operand<Key<T>> for $holder<T> {
            fn operand(self) -> Expr {
                Expr::Value(self.id.to_value())
            }
        }

        impl<T: Model> Operand<Key<T>> for &$holder<T> {
            fn operand(self) -> Expr {
                Expr::Value(self.id.to_value())
            }
        })*
    };
}

key_operands!(ForeignKey, OneToOne, Parent);

/// Keys that are whole numbers.
#[diagnostic::on_unimplemented(message = "the key is `{Self}`, not a whole number")]
pub trait WholeKey {}

impl WholeKey for i16 {}
impl WholeKey for i32 {}
impl WholeKey for i64 {}
impl WholeKey for u16 {}
impl WholeKey for u32 {}
impl WholeKey for u64 {}

macro_rules! whole_keys {
    ($($type:ty => |$value:ident| $made:expr;)*) => {
        $(impl<T: Model<Key: WholeKey>> Operand<Key<T>> for $type {
            fn operand(self) -> Expr {
                let $value = self;
                Expr::Value($made)
            }
        })*
    };
}

whole_keys! {
    i16 => |it| it.into();
    i32 => |it| it.into();
    i64 => |it| it.into();
    u32 => |it| it.into();
    SmallAuto => |it| it.0.into();
    Auto => |it| it.0.into();
    BigAuto => |it| it.0.into();
}

impl<T: Model<Key = String>> Operand<Key<T>> for &str {
    fn operand(self) -> Expr {
        Expr::Value(self.into())
    }
}

impl<T: Model<Key = String>> Operand<Key<T>> for String {
    fn operand(self) -> Expr {
        Expr::Value(self.into())
    }
}

impl<T: Model<Key = Uuid>> Operand<Key<T>> for Uuid {
    fn operand(self) -> Expr {
        Expr::Value(self.into())
    }
}

impl<T: Model<Key = (A, B)>, A: KeyValue, B: KeyValue> Operand<Key<T>> for (A, B) {
    fn operand(self) -> Expr {
        Expr::Value(KeyValue::to_value(&self))
    }
}
