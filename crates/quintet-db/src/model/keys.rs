//! Relations: the key of another model's row, and the rows of another model.

use std::fmt;
use std::marker::PhantomData;

use quintet_core::schema::{Field, OnDelete, To, words};

use super::aspects::{Aspects, FLAT, MANY, NULL, ON_DELETE, PRIMARY_KEY, RELATED, TO_FIELD};
use super::{FieldType, Model};

macro_rules! keys {
    ($($name:ident => $doc:literal;)*) => {
        $(#[doc = $doc]
        pub struct $name<T: Model> {
            /// The other row's key.
            pub id: T::Key,
            model: PhantomData<fn() -> T>,
        }

        impl<T: Model> $name<T> {
            /// The row with this key.
            pub fn to(id: T::Key) -> Self {
                Self { id, model: PhantomData }
            }
        }

        impl<T: Model> Clone for $name<T> {
            fn clone(&self) -> Self {
                Self::to(self.id.clone())
            }
        }

        impl<T: Model<Key: Copy>> Copy for $name<T> {}

        impl<T: Model> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.id == other.id
            }
        }

        impl<T: Model<Key: Eq>> Eq for $name<T> {}

        impl<T: Model> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", T::DEF.name, self.id)
            }
        }

        keys! { @from $name: i16 i32 i64 String super::Uuid })*
    };
    (@from $name:ident: $($key:ty)*) => {
        $(impl<T: Model<Key = $key>> From<$key> for $name<T> {
            fn from(id: $key) -> Self {
                Self::to(id)
            }
        })*
    };
}

keys! {
    ForeignKey => "The key of a row of another model: `#[field(on_delete = cascade)]`.";
    OneToOne => "The key of a row of another model, to which no other row refers.";
    Parent => "The row of the parent model that this row extends: `#[field(parent)]`. Its key is the primary key.";
}

/// A key's attributes.
const KEY: Aspects = ON_DELETE | RELATED | TO_FIELD | PRIMARY_KEY | NULL | FLAT;

impl<T: Model> FieldType for ForeignKey<T> {
    type Base = T::Key;

    const TAKES: Aspects = KEY;
    const NEEDS: Aspects = ON_DELETE;

    fn field() -> Field {
        // The attribute `on_delete`, without which it does not compile, says the rule.
        words::foreign_key(to::<T>(), OnDelete::Cascade)
    }
}

impl<T: Model> FieldType for OneToOne<T> {
    type Base = T::Key;

    const TAKES: Aspects = KEY;
    const NEEDS: Aspects = ON_DELETE;

    fn field() -> Field {
        words::one_to_one(to::<T>(), OnDelete::Cascade)
    }
}

impl<T: Model> FieldType for Parent<T> {
    type Base = T::Key;

    const TAKES: Aspects = PRIMARY_KEY | RELATED;

    fn field() -> Field {
        words::one_to_one(to::<T>(), OnDelete::Cascade).parent_link()
    }
}

/// Rows of another model. Has no column here; the model in between is `Through`, or one that is made for the purpose.
pub struct ManyToMany<T, Between = ()> {
    models: PhantomData<fn() -> (T, Between)>,
}

/// What can stand between two models: a model with a key to each, or nothing, where one is made.
pub trait Through {
    /// The model, if it is one.
    fn model() -> Option<To>;
}

impl Through for () {
    fn model() -> Option<To> {
        None
    }
}

impl<T: Model> Through for T {
    fn model() -> Option<To> {
        Some(to::<T>())
    }
}

impl<T: Model, Between: Through> FieldType for ManyToMany<T, Between> {
    type Base = ();

    const TAKES: Aspects = RELATED | MANY;

    fn field() -> Field {
        let field = words::many_to_many(to::<T>());
        match Between::model() {
            Some(model) => field.through(model),
            None => field,
        }
    }
}

impl<T, Between> Default for ManyToMany<T, Between> {
    fn default() -> Self {
        Self { models: PhantomData }
    }
}

impl<T, Between> Clone for ManyToMany<T, Between> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, Between> Copy for ManyToMany<T, Between> {}

impl<T, Between> PartialEq for ManyToMany<T, Between> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T, Between> Eq for ManyToMany<T, Between> {}

impl<T: Model, Between> fmt::Debug for ManyToMany<T, Between> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManyToMany({})", T::DEF.name)
    }
}

/// The model as the other end of a relation.
pub(super) fn to<T: Model>() -> To {
    To { app: T::APP_LABEL.to_owned(), model: T::DEF.name.to_owned(), is_user_model: false }
}
