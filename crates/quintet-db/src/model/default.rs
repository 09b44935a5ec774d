//! What can stand behind `default = ..`: a value that fits the field, or the name of a function that makes one.

use quintet_core::schema::{Function, Initial, Value};

use super::{Auto, BigAuto, Date, DateTime, Decimal, Duration, IpAddr, Json, SmallAuto, Time, Uuid};

/// A value that a field with this plain value can hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit a field of `{Base}`",
    label = "expected a value of `{Base}`, or the name of a function that makes one"
)]
pub trait Fits<Base>: Into<Value> {}

/// What can be a field's default. `Way` tells a value from a function and is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no default for a field of `{Base}`",
    label = "expected a value of `{Base}`, or the name of a function that makes one"
)]
pub trait DefaultFor<Base, Way> {
    /// The default as data.
    fn initial(self) -> Initial;
}

/// A default that is always the same.
#[derive(Debug)]
pub struct Always;

/// A default that a function makes.
#[derive(Debug)]
pub struct Made<T>(std::marker::PhantomData<T>);

impl<Base, V: Fits<Base>> DefaultFor<Base, Always> for V {
    fn initial(self) -> Initial {
        Initial::Value(self.into())
    }
}

impl<Base, V: Fits<Base>, F: Fn() -> V + Send + Sync + 'static> DefaultFor<Base, Made<V>> for F {
    fn initial(self) -> Initial {
        Initial::Function(Function::of(self))
    }
}

macro_rules! fits {
    ($($type:ty => $($base:ty),*;)*) => {
        $($(impl Fits<$base> for $type {})*)*
    };
}

fits! {
    bool => bool;
    i16 => i16;
    u16 => u16;
    u32 => u32;
    u64 => u64;
    f64 => f64;
    String => String;
    Decimal => Decimal;
    Date => Date;
    DateTime => DateTime;
    Time => Time;
    Duration => Duration;
    Uuid => Uuid;
    Json => Json;
    Vec<u8> => Vec<u8>;
    IpAddr => IpAddr;
    // A number as it is written, without a suffix, is an `i32`.
    i32 => i32, i16, i64, u16, u32, u64, f64, Decimal;
    i64 => i64, u32, u64, Decimal;
    &str => String;
    BigAuto => i64;
    Auto => i32;
    SmallAuto => i16;
}
