//! Fields that refer to other models, and what is said of the reference.

use crate::schema::{Condition, Field, Function, Kind, ManyToMany, OnDelete, Relation, To, Value};

/// A row of another model: `foreign_key("api.Note", OnDelete::Cascade)`.
pub fn foreign_key(to: impl Into<To>, on_delete: OnDelete) -> Field {
    Field::new(Kind::ForeignKey(relation(to.into(), on_delete)))
}

/// A row of another model, each at most once.
pub fn one_to_one(to: impl Into<To>, on_delete: OnDelete) -> Field {
    Field::new(Kind::OneToOne(relation(to.into(), on_delete)))
}

fn relation(to: To, on_delete: OnDelete) -> Relation {
    Relation {
        to,
        on_delete,
        related_name: None,
        related_query_name: None,
        limit_choices_to: None,
        to_field: None,
        db_constraint: true,
        parent_link: false,
    }
}

/// Rows of another model.
pub fn many_to_many(to: impl Into<To>) -> Field {
    Field::new(Kind::ManyToMany(ManyToMany {
        to: to.into(),
        related_name: None,
        related_query_name: None,
        limit_choices_to: None,
        symmetrical: None,
        through: None,
        through_fields: None,
        db_constraint: true,
        db_table: None,
    }))
}

/// The user model of the project, whichever it is.
pub fn user_model() -> To {
    To::user_model()
}

impl From<&str> for To {
    fn from(label: &str) -> Self {
        Self::named(label)
    }
}

/// What a reference becomes when the other row goes.
pub fn set(value: impl Into<Value>) -> OnDelete {
    OnDelete::Set(value.into())
}

/// What makes that which a reference becomes when the other row goes.
pub fn set_with<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(make: F) -> OnDelete {
    OnDelete::SetWith(Function::of(make))
}

impl Field {
    /// The name of the way back.
    #[must_use]
    pub fn related_name(mut self, name: &str) -> Self {
        match &mut self.kind {
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => relation.related_name = Some(name.to_owned()),
            Kind::ManyToMany(many) => many.related_name = Some(name.to_owned()),
            _ => {}
        }
        self
    }

    /// The name of the way back in queries.
    #[must_use]
    pub fn related_query_name(mut self, name: &str) -> Self {
        match &mut self.kind {
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
                relation.related_query_name = Some(name.to_owned());
            }
            Kind::ManyToMany(many) => many.related_query_name = Some(name.to_owned()),
            _ => {}
        }
        self
    }

    /// Which rows may be chosen.
    #[must_use]
    pub fn limit_choices_to(mut self, condition: Condition) -> Self {
        match &mut self.kind {
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => relation.limit_choices_to = Some(condition),
            Kind::ManyToMany(many) => many.limit_choices_to = Some(condition),
            _ => {}
        }
        self
    }

    /// The field that is referred to.
    #[must_use]
    pub fn to_field(mut self, name: &str) -> Self {
        if let Some(relation) = self.kind.relation_mut() {
            relation.to_field = Some(name.to_owned());
        }
        self
    }

    /// The database does not check the reference.
    #[must_use]
    pub fn no_db_constraint(mut self) -> Self {
        match &mut self.kind {
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => relation.db_constraint = false,
            Kind::ManyToMany(many) => many.db_constraint = false,
            _ => {}
        }
        self
    }

    /// The link of a child model to its parent.
    #[must_use]
    pub fn parent_link(mut self) -> Self {
        if let Some(relation) = self.kind.relation_mut() {
            relation.parent_link = true;
        }
        self
    }

    /// Whether a relation of a model with itself holds in both directions.
    #[must_use]
    pub fn symmetrical(mut self, yes: bool) -> Self {
        if let Kind::ManyToMany(many) = &mut self.kind {
            many.symmetrical = Some(yes);
        }
        self
    }

    /// The model in between.
    #[must_use]
    pub fn through(mut self, model: impl Into<To>) -> Self {
        if let Kind::ManyToMany(many) = &mut self.kind {
            many.through = Some(model.into());
        }
        self
    }

    /// The two fields of the model in between that are meant.
    #[must_use]
    pub fn through_fields(mut self, here: &str, there: &str) -> Self {
        if let Kind::ManyToMany(many) = &mut self.kind {
            many.through_fields = Some((here.to_owned(), there.to_owned()));
        }
        self
    }

    /// The name of the table in between.
    #[must_use]
    pub fn db_table(mut self, name: &str) -> Self {
        if let Kind::ManyToMany(many) = &mut self.kind {
            many.db_table = Some(name.to_owned());
        }
        self
    }
}
