//! The state of a whole project: all its models at one moment of its history.

use std::fmt;

use super::{
    Check, Constraint, Field, Kind, Manager, ManyToMany, Models, OnDelete, Options, Relation, To, Unique,
    create_index_name, index_auto_name,
};

/// A model by app and name in lower case: how a state finds it.
pub type ModelKey = (String, String);

/// A model at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelState {
    /// Its app's label.
    pub app: String,
    /// Its name.
    pub name: String,
    /// Its fields in order, without those that a parent's table has.
    pub fields: Vec<(String, Field)>,
    /// Its options.
    pub options: Options,
    /// Models that it is a child or a proxy of, as `app.model` in lower case.
    pub bases: Vec<String>,
    /// Managers that migrations know.
    pub managers: Vec<Manager>,
}

/// All models at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProjectState {
    /// The models by key.
    pub models: Models,
    /// The user model's app and name.
    pub user_model: (String, String),
}

/// What cannot be done to a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError {
    /// What is wrong, for people.
    pub message: String,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StateError {}

impl StateError {
    /// An error in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl ModelState {
    /// A model without anything; its app is given later by the list that it stands in.
    pub fn new(name: &str) -> Self {
        Self {
            app: String::new(),
            name: name.to_owned(),
            fields: vec![],
            options: Options::default(),
            bases: vec![],
            managers: vec![],
        }
    }

    /// How a state finds it.
    pub fn key(&self) -> ModelKey {
        (self.app.clone(), self.name.to_lowercase())
    }

    /// Its name in lower case.
    pub fn name_lower(&self) -> String {
        self.name.to_lowercase()
    }

    /// `app.Name`.
    pub fn label(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }

    /// One of its own fields.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|(own, _)| own == name).map(|(_, field)| field)
    }

    /// The same, to change it.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|(own, _)| own == name).map(|(_, field)| field)
    }

    /// Its fields with the one that `order_with_respect_to` adds.
    pub fn all_fields(&self) -> Vec<(&str, std::borrow::Cow<'_, Field>)> {
        use std::borrow::Cow;
        let mut all: Vec<_> = self.fields.iter().map(|(name, field)| (name.as_str(), Cow::Borrowed(field))).collect();
        if self.options.order_with_respect_to.is_some() && self.field("_order").is_none() {
            all.push(("_order", Cow::Owned(Field::new(Kind::OrderWrt))));
        }
        all
    }

    /// The name of its table; of a proxy, see [`ProjectState::concrete`].
    pub fn table(&self) -> String {
        self.options.db_table.clone().unwrap_or_else(|| format!("{}_{}", self.app, self.name_lower()))
    }

    /// Its own primary key.
    pub fn primary_key(&self) -> Option<(&str, &Field)> {
        self.fields
            .iter()
            .find(|(_, field)| field.primary_key || matches!(field.kind, Kind::CompositePrimaryKey { .. }))
            .map(|(name, field)| (name.as_str(), field))
    }

    /// Whether migrations make a table for it.
    pub fn has_table(&self) -> bool {
        self.options.managed && !self.options.proxy
    }

    /// The table between this model and the other end of a many-to-many field, where no model of its own stands there.
    pub fn join_table(&self, name: &str, many: &ManyToMany) -> String {
        // The reference cuts this name by the limit of the database; both of ours take 63 at least.
        many.db_table.clone().unwrap_or_else(|| format!("{}_{name}", self.table()))
    }

    /// Gives a name to each index that has none.
    pub fn name_indexes(&mut self) {
        let table = self.table();
        let mut indexes = std::mem::take(&mut self.options.indexes);
        for index in indexes.iter_mut().filter(|index| index.name.is_empty()) {
            let columns: Vec<String> = index
                .fields
                .iter()
                .map(|field| self.field(&field.name).map_or_else(|| field.name.clone(), |own| own.column(&field.name)))
                .collect();
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            index.name = index_auto_name(&table, &columns, &index.fields);
        }
        self.options.indexes = indexes;
    }

    /// A name with the model's own in it, as models that share fields write it: `%(app_label)s_%(class)s_set`.
    pub fn filled(&self, name: &str) -> String {
        let class = self.name_lower();
        let pairs =
            [("%(app_label)s", self.app.to_lowercase()), ("%(class)s", class.clone()), ("%(model_name)s", class)];
        let filled = pairs.iter().fold(name.to_owned(), |name, (open, own)| name.replace(open, own));
        filled.replace("%%", "%")
    }

    /// Fills the names of indexes and constraints, which models that share them must not share.
    pub fn fill_names(&mut self) {
        let mut options = std::mem::take(&mut self.options);
        for index in &mut options.indexes {
            index.name = self.filled(&index.name);
        }
        for constraint in &mut options.constraints {
            let (Constraint::Unique(Unique { name, .. }) | Constraint::Check(Check { name, .. })) = constraint;
            *name = self.filled(name);
        }
        self.options = options;
    }

    /// Fills in what relations leave open: `self`, the own app, the user model.
    pub fn resolve(&mut self, user_model: &(String, String)) {
        let (app, name) = (self.app.clone(), self.name.clone());
        for (_, field) in &mut self.fields {
            resolve_field(field, &app, &name, user_model);
        }
    }
}

/// Fills in what a field's relation leaves open.
pub(crate) fn resolve_field(field: &mut Field, app: &str, model: &str, user_model: &(String, String)) {
    let fill = |to: &mut To| {
        if to.is_user_model && to.model.is_empty() {
            (to.app, to.model) = user_model.clone();
        } else if to.app.is_empty() {
            app.clone_into(&mut to.app);
            if to.model == "self" {
                model.clone_into(&mut to.model);
            }
        }
    };
    match &mut field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => fill(&mut relation.to),
        Kind::ManyToMany(many) => {
            fill(&mut many.to);
            if let Some(through) = &mut many.through {
                fill(through);
            }
        }
        _ => {}
    }
}

impl ProjectState {
    /// A project without models, and the label of its user model: `auth.User`.
    pub fn new(user_model: &str) -> Self {
        let (app, model) = user_model.split_once('.').unwrap_or(("auth", user_model));
        Self { models: Models::new(), user_model: (app.to_owned(), model.to_owned()) }
    }

    /// Adds a model, with relations filled in and indexes named.
    pub fn add(&mut self, mut model: ModelState) {
        model.resolve(&self.user_model);
        model.name_indexes();
        self.models.insert(model.key(), model);
    }

    /// A model by app and name.
    pub fn model(&self, app: &str, name: &str) -> Option<&ModelState> {
        self.models.get(&(app.to_owned(), name.to_lowercase()))
    }

    /// The same, to change it.
    pub fn model_mut(&mut self, app: &str, name: &str) -> Option<&mut ModelState> {
        self.models.get_mut(&(app.to_owned(), name.to_lowercase()))
    }

    /// The model at the other end of a relation.
    pub fn target(&self, to: &To) -> Option<&ModelState> {
        self.model(&to.app, &to.model)
    }

    /// A model by its label in lower case, as [`ModelState::bases`] has it.
    pub fn base(&self, label: &str) -> Option<&ModelState> {
        let (app, name) = label.split_once('.')?;
        self.model(app, name)
    }

    /// The models of an app.
    pub fn of_app<'a>(&'a self, app: &'a str) -> impl Iterator<Item = &'a ModelState> {
        self.models.values().filter(move |model| model.app == app)
    }

    /// The model whose table this one is: itself, or what it is a proxy of.
    pub fn concrete<'a>(&'a self, model: &'a ModelState) -> &'a ModelState {
        let mut found = model;
        let mut steps = 0;
        while found.options.proxy && steps < 64 {
            match found.bases.iter().find_map(|base| self.base(base)) {
                Some(base) => found = base,
                None => break,
            }
            steps += 1;
        }
        found
    }

    /// The primary key of a model, be it a proxy.
    pub fn primary_key<'a>(&'a self, model: &'a ModelState) -> Option<(&'a str, &'a Field)> {
        self.concrete(model).primary_key()
    }

    /// A field of a model or of one of its parents, with the model that has it.
    pub fn field<'a>(&'a self, model: &'a ModelState, name: &str) -> Option<(&'a ModelState, &'a Field)> {
        let name = if name == "pk" { self.primary_key(model)?.0 } else { name };
        self.own_or_inherited(model, name, 64)
    }

    fn own_or_inherited<'a>(
        &'a self,
        model: &'a ModelState,
        name: &str,
        depth: u8,
    ) -> Option<(&'a ModelState, &'a Field)> {
        if let Some(field) = model.field(name) {
            return Some((model, field));
        }
        let bases = model.bases.iter().filter(|_| depth > 0).filter_map(|base| self.base(base));
        bases.into_iter().find_map(|base| self.own_or_inherited(base, name, depth - 1))
    }

    /// The field that a foreign key refers to: the model, the field's name and the field.
    pub fn referred<'a>(&'a self, relation: &Relation) -> Option<(&'a ModelState, &'a str, &'a Field)> {
        let target = self.target(&relation.to)?;
        let (name, _) = match &relation.to_field {
            Some(name) => {
                self.concrete(target).fields.iter().find(|(own, _)| own == name).map(|(n, f)| (n.as_str(), f))?
            }
            None => self.primary_key(target)?,
        };
        let (owner, field) = self.field(target, name)?;
        Some((owner, name, field))
    }

    /// The model between two that a many-to-many field makes by itself: its table, keys and the rule that a pair occurs
    /// once. `None` where the field names a model of its own.
    pub fn join_model(&self, model: &ModelState, name: &str, field: &Field) -> Option<ModelState> {
        let many = field.kind.many_to_many().filter(|many| many.through.is_none())?;
        let own = model.name_lower();
        let (from, to) = if many.to.is(&model.app, &model.name) {
            (format!("from_{own}"), format!("to_{own}"))
        } else {
            (own, many.to.model.to_lowercase())
        };
        let key = |to: To| {
            Field::new(Kind::ForeignKey(Relation {
                to,
                on_delete: OnDelete::Cascade,
                related_name: Some(format!("{}_{name}+", model.name)),
                related_query_name: None,
                limit_choices_to: None,
                to_field: None,
                db_constraint: many.db_constraint,
                parent_link: false,
            }))
        };
        let mut id = Field::new(Kind::BigAuto);
        id.primary_key = true;
        let mut join = ModelState::new(&format!("{}_{name}", model.name));
        join.app.clone_from(&model.app);
        let here = To { app: model.app.clone(), model: model.name.clone(), is_user_model: false };
        join.fields = vec![("id".to_owned(), id), (from.clone(), key(here)), (to.clone(), key(many.to.clone()))];
        join.options.db_table = Some(model.join_table(name, many));
        join.options.managed = model.options.managed;
        join.options.unique_together = vec![vec![from, to]];
        Some(join)
    }

    /// The name of the constraint by which `unique_together` is kept.
    pub fn unique_together_name(table: &str, columns: &[&str], limit: Option<usize>) -> String {
        create_index_name(table, columns, "_uniq", limit)
    }
}
