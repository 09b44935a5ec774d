//! The models of a project as queries need them: tables, columns with the parents' among them, and the ways from one model
//! to another under the names that paths use.
//!
//! Made once from a state; a query looks names up and computes nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Offset as _, TimeZone as _};
use foldhash::fast::FixedState;

use crate::schema::{Constraint, Field, Kind, ModelKey, ModelState, ProjectState, Relation, To};

/// A model's place in the registry.
pub type ModelId = usize;

/// The time zone of a name; UTC where there is none.
fn time_zone(name: &str) -> chrono_tz::Tz {
    // The usual one is known without a search.
    if name == "UTC" { chrono_tz::UTC } else { name.parse().unwrap_or(chrono_tz::UTC) }
}

/// How many seconds the clocks of the time zone of a name are ahead of UTC at a moment, in seconds since 1970.
pub fn zone_offset(name: &str, moment: i64) -> i64 {
    let moment = DateTime::from_timestamp(moment, 0).unwrap_or_default().naive_utc();
    time_zone(name).offset_from_utc_datetime(&moment).fix().local_minus_utc().into()
}

/// All models of a project.
#[derive(Clone, Debug)]
pub struct Registry {
    models: Vec<ModelInfo>,
    by_key: HashMap<ModelKey, ModelId>,
    /// The same by a number that is made of a key without a copy of it.
    by_number: HashMap<u64, Vec<(ModelKey, ModelId)>, FixedState>,
    zone: String,
}

/// A model.
#[derive(Clone, Debug)]
pub struct ModelInfo {
    /// The model, as the state has it.
    pub state: ModelState,
    /// The model whose table it has: itself, or what it is a proxy of.
    pub concrete: ModelId,
    /// The name of its table.
    pub table: String,
    /// Its columns: those of its parents first, then its own, each in order.
    pub columns: Vec<Column>,
    /// The places of the primary key's columns.
    pub key: Vec<usize>,
    /// Its parents, nearest first, each with the place of the column that is the key of the parent's row.
    pub parents: Vec<(ModelId, usize)>,
    /// The ways to other models by the names of paths: keys, many-to-many fields, and ways back.
    pub links: BTreeMap<String, Link>,
    /// Whether the model stands between two others and no program declares it.
    pub is_join: bool,
}

/// A column that rows of a model have.
#[derive(Clone, Debug)]
pub struct Column {
    /// The field's name: `author`.
    pub name: String,
    /// The name of its value: `author_id`.
    pub attname: String,
    /// The column's name in its table.
    pub column: String,
    /// The model whose table has it: the model itself or a parent.
    pub owner: ModelId,
    /// The kind of its values: of a key, that of what it refers to; of a generated column, that of what it gives.
    pub kind: Kind,
    /// The field.
    pub field: Field,
    /// Whether a write of it is more than a write of the row: it is in an index, or refers to another row.
    pub is_indexed: bool,
}

/// A way from one model to another.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its name in paths.
    pub name: String,
    /// The name by which programs go it, where they can.
    pub accessor: Option<String>,
    /// Where it leads.
    pub target: ModelId,
    /// How.
    pub way: Way,
    /// Whether there may be several rows at the end.
    pub is_many: bool,
    /// Whether there may be no row at the end.
    pub is_optional: bool,
}

/// How a way leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Along a key: the place of its column here, and of the column that it refers to there.
    Key {
        /// Here.
        here: usize,
        /// There.
        there: usize,
    },
    /// Against a key: the place of the column that it refers to here, and of the key there.
    Back {
        /// Here.
        here: usize,
        /// There.
        there: usize,
    },
    /// By way of a model in between, against one key and along another.
    Between {
        /// The model in between.
        through: ModelId,
        /// The column here that the first key refers to.
        here: usize,
        /// The place of the key in between that leads here.
        near: usize,
        /// The place of the key in between that leads there.
        far: usize,
        /// The column there that the second key refers to.
        there: usize,
    },
}

impl Registry {
    /// The models of a state. `zone` is the time zone in which days begin where a query names none.
    ///
    /// # Errors
    /// A relation that leads to nothing, or a time zone that there is not.
    pub fn new(state: &ProjectState, zone: &str) -> Result<Self, String> {
        known_zone(zone).map_err(|(problem, hint)| format!("{problem}\nhint: {hint}"))?;
        let mut registry =
            Self { models: vec![], by_key: HashMap::new(), by_number: HashMap::default(), zone: zone.to_owned() };
        // A state of its own, which has the models in between too.
        let mut state = state.clone();
        let joins: Vec<ModelState> = state
            .models
            .values()
            .flat_map(|model| model.fields.iter().filter_map(|(name, field)| state.join_model(model, name, field)))
            .collect();
        let join_keys: Vec<ModelKey> = joins.iter().map(ModelState::key).collect();
        joins.into_iter().for_each(|join| state.models.insert(join.key(), join));
        for (number, (key, _)) in state.models.iter().enumerate() {
            registry.by_key.insert(key.clone(), number);
            registry.by_number.entry(number_of(&key.0, &key.1)).or_default().push((key.clone(), number));
        }
        for (key, model) in &state.models {
            let concrete = state.concrete(model);
            let columns = registry.columns_of(&state, model)?;
            let info = ModelInfo {
                concrete: registry.by_key[&concrete.key()],
                table: concrete.table(),
                key: key_places(concrete, &columns),
                parents: vec![],
                links: BTreeMap::new(),
                is_join: join_keys.contains(key),
                columns,
                state: model.clone(),
            };
            registry.models.push(info);
        }
        registry.find_parents(&state);
        registry.find_links(&state)?;
        Ok(registry)
    }

    /// The time zone in which days begin where a query names none.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// The same, with its rules.
    pub fn time_zone(&self) -> chrono_tz::Tz {
        // It was looked at when the registry was made.
        time_zone(&self.zone)
    }

    /// How many seconds the clocks of that zone are ahead of UTC at a moment, in seconds since 1970.
    pub fn zone_offset(&self, moment: i64) -> i64 {
        zone_offset(&self.zone, moment)
    }

    /// A model by app and name, in any case.
    pub fn find(&self, app: &str, name: &str) -> Option<ModelId> {
        if !name.is_ascii() {
            return self.by_key.get(&(app.to_owned(), name.to_lowercase())).copied();
        }
        let alike = self.by_number.get(&number_of(app, name))?;
        alike.iter().find(|(key, _)| key.0 == app && key.1.eq_ignore_ascii_case(name)).map(|(_, id)| *id)
    }

    /// A model.
    pub fn model(&self, id: ModelId) -> &ModelInfo {
        &self.models[id]
    }

    /// All models, those in between included.
    pub fn models(&self) -> impl Iterator<Item = (ModelId, &ModelInfo)> {
        self.models.iter().enumerate()
    }

    /// The parents' columns first, then the model's own, as the reference orders them.
    fn columns_of(&self, state: &ProjectState, model: &ModelState) -> Result<Vec<Column>, String> {
        let mut columns: Vec<Column> = vec![];
        for base in model.bases.iter().filter_map(|base| state.base(base)) {
            for column in self.columns_of(state, base)? {
                if !columns.iter().any(|have| have.owner == column.owner && have.name == column.name) {
                    columns.push(column);
                }
            }
        }
        if model.options.proxy {
            return Ok(columns);
        }
        let owner = self.by_key[&model.key()];
        for (name, field) in model.all_fields().into_iter().filter(|(_, field)| field.has_column()) {
            columns.push(Column {
                name: name.to_owned(),
                attname: field.attname(name),
                column: field.column(name),
                owner,
                kind: value_kind(state, model, name, &field)?,
                is_indexed: is_indexed(model, name, &field),
                field: field.into_owned(),
            });
        }
        Ok(columns)
    }

    fn find_parents(&mut self, state: &ProjectState) {
        for id in 0..self.models.len() {
            let mut found: Vec<(ModelId, usize)> = vec![];
            for (place, column) in self.models[id].columns.iter().enumerate().rev() {
                let link = column.field.relation().filter(|relation| relation.parent_link);
                let Some(parent) = link.and_then(|relation| state.target(&relation.to)) else { continue };
                found.push((self.by_key[&parent.key()], place));
            }
            self.models[id].parents = found;
        }
    }

    fn find_links(&mut self, state: &ProjectState) -> Result<(), String> {
        for id in 0..self.models.len() {
            let model = self.models[id].state.clone();
            if is_swapped(state, &model) {
                continue;
            }
            for (name, field) in &model.fields {
                match &field.kind {
                    Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
                        self.link_key(state, id, name, field, relation)?;
                    }
                    Kind::ManyToMany(_) => self.link_many(state, id, name, field)?,
                    _ => {}
                }
            }
        }
        self.inherit_links();
        Ok(())
    }

    fn link_key(
        &mut self,
        state: &ProjectState,
        id: ModelId,
        name: &str,
        field: &Field,
        relation: &Relation,
    ) -> Result<(), String> {
        let target = self.target(state, id, name, &relation.to)?;
        let here = self.place(id, name)?;
        let there = self.referred(target, relation.to_field.as_deref())?;
        let is_one = matches!(field.kind, Kind::OneToOne(_));
        self.models[id].links.insert(
            name.to_owned(),
            Link {
                name: name.to_owned(),
                accessor: Some(name.to_owned()),
                target,
                way: Way::Key { here, there },
                is_many: false,
                is_optional: field.null,
            },
        );
        let names = [&relation.related_name, &relation.related_query_name];
        let (accessor, query) = self.names_back(id, names, is_one);
        let link = Link {
            name: query.clone(),
            accessor,
            target: id,
            way: Way::Back { here: there, there: here },
            is_many: !is_one,
            is_optional: true,
        };
        self.models[target].links.entry(query).or_insert(link);
        Ok(())
    }

    fn link_many(&mut self, state: &ProjectState, id: ModelId, name: &str, field: &Field) -> Result<(), String> {
        let Some(many) = field.kind.many_to_many() else { return Ok(()) };
        let model = self.models[id].state.clone();
        let target = self.target(state, id, name, &many.to)?;
        let (through, own) = match &many.through {
            Some(through) => (self.target(state, id, name, through)?, None),
            None => {
                let join = state.join_model(&model, name, field).ok_or("a relation without a model in between")?;
                let names = (join.fields[1].0.clone(), join.fields[2].0.clone());
                (self.by_key[&join.key()], Some(names))
            }
        };
        let (near, far) = match own.or_else(|| many.through_fields.clone()) {
            Some((near, far)) => (self.place(through, &near)?, self.place(through, &far)?),
            None => self.keys_between(state, through, id, target)?,
        };
        let here = self.referred(id, self.to_field(through, near).as_deref())?;
        let there = self.referred(target, self.to_field(through, far).as_deref())?;
        self.models[id].links.insert(
            name.to_owned(),
            Link {
                name: name.to_owned(),
                accessor: Some(name.to_owned()),
                target,
                way: Way::Between { through, here, near, far, there },
                is_many: true,
                is_optional: true,
            },
        );
        let is_own = target == id && many.symmetrical != Some(false);
        let names = [&many.related_name, &many.related_query_name];
        let (accessor, query) = if is_own {
            // Both directions are one; the way back has a name that nobody writes.
            (None, format!("{name}_rel_+"))
        } else {
            self.names_back(id, names, false)
        };
        let link = Link {
            name: query.clone(),
            accessor,
            target: id,
            way: Way::Between { through, here: there, near: far, far: near, there: here },
            is_many: true,
            is_optional: true,
        };
        self.models[target].links.entry(query).or_insert(link);
        Ok(())
    }

    /// What a parent's rows lead to, a child's rows lead to as well.
    fn inherit_links(&mut self) {
        for id in 0..self.models.len() {
            let mut bases = vec![];
            self.bases_of(id, &mut bases);
            for base in bases {
                for (name, link) in self.models[base].links.clone() {
                    let Some(link) = self.moved(base, id, link) else { continue };
                    // The way down from a parent to this child leads nowhere from the child itself.
                    let is_own_child = link.target == id && matches!(link.way, Way::Back { .. }) && !link.is_many;
                    if !is_own_child {
                        self.models[id].links.entry(name).or_insert(link);
                    }
                }
            }
        }
    }

    fn bases_of(&self, id: ModelId, found: &mut Vec<ModelId>) {
        for base in &self.models[id].state.bases {
            let base = base.split_once('.').and_then(|(app, name)| self.find(app, name));
            if let Some(base) = base.filter(|base| !found.contains(base)) {
                found.push(base);
                self.bases_of(base, found);
            }
        }
    }

    /// A way that begins at a base, begun at a child: the same column has another place there.
    fn moved(&self, base: ModelId, child: ModelId, mut link: Link) -> Option<Link> {
        let (Way::Key { here, .. } | Way::Back { here, .. } | Way::Between { here, .. }) = &mut link.way;
        let column = &self.models[base].columns[*here];
        let own = &self.models[child].columns;
        *here = own.iter().position(|own| own.owner == column.owner && own.name == column.name)?;
        Some(link)
    }

    /// The name that programs use for a way back, and the one that paths use.
    fn names_back(
        &self,
        id: ModelId,
        [related, query]: [&Option<String>; 2],
        is_one: bool,
    ) -> (Option<String>, String) {
        let model = &self.models[id].state;
        let named = related.as_ref().or(model.options.default_related_name.as_ref()).map(|name| model.filled(name));
        let accessor = match named.as_deref() {
            Some(name) if name.ends_with('+') => None,
            Some(name) => Some(name.to_owned()),
            None if is_one => Some(model.name_lower()),
            None => Some(format!("{}_set", model.name_lower())),
        };
        let query = query.as_ref().map(|name| model.filled(name)).or(named).unwrap_or_else(|| model.name_lower());
        (accessor, query)
    }

    fn target(&self, state: &ProjectState, id: ModelId, name: &str, to: &To) -> Result<ModelId, String> {
        let found = state.target(to).map(|model| self.by_key[&model.key()]);
        found.ok_or_else(|| {
            format!("`{}.{name}` refers to `{}`, which is not there", self.models[id].state.label(), to.label_lower())
        })
    }

    fn place(&self, id: ModelId, name: &str) -> Result<usize, String> {
        let model = &self.models[id];
        model.place(name).ok_or_else(|| format!("`{}` has no column `{name}`", model.state.label()))
    }

    /// The column that a key refers to.
    fn referred(&self, target: ModelId, to_field: Option<&str>) -> Result<usize, String> {
        let model = &self.models[target];
        match (to_field, model.key.as_slice()) {
            (Some(name), _) => self.place(target, name),
            (None, [one]) => Ok(*one),
            (None, _) => Err(format!("a key cannot refer to `{}`, whose key is not one column", model.state.label())),
        }
    }

    fn to_field(&self, through: ModelId, place: usize) -> Option<String> {
        self.models[through].columns[place].field.relation().and_then(|relation| relation.to_field.clone())
    }

    /// The first key of a model in between to each end; of a model to itself the first two.
    fn keys_between(
        &self,
        state: &ProjectState,
        through: ModelId,
        here: ModelId,
        there: ModelId,
    ) -> Result<(usize, usize), String> {
        let model = &self.models[through];
        let to = |end: ModelId| {
            model.columns.iter().enumerate().filter_map(move |(place, column)| {
                let target = state.target(&column.field.relation()?.to)?;
                (self.by_key[&target.key()] == end).then_some(place)
            })
        };
        let near = to(here).next();
        let far = if here == there { to(there).nth(1) } else { to(there).next() };
        near.zip(far).ok_or_else(|| format!("`{}` has no key to each of the models it links", model.state.label()))
    }
}

impl ModelInfo {
    /// The place of a column by the field's name, the name of its value, or `pk`.
    pub fn place(&self, name: &str) -> Option<usize> {
        if name == "pk" {
            return if let [one] = self.key.as_slice() { Some(*one) } else { None };
        }
        let by = |get: fn(&Column) -> &String| self.columns.iter().rposition(|column| get(column) == name);
        by(|column| &column.name).or_else(|| by(|column| &column.attname))
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.place(name).map(|place| &self.columns[place])
    }

    /// `app.Name`.
    pub fn label(&self) -> String {
        self.state.label()
    }
}

/// A number of a model's key, in any case: eight letters at a time, as a model is looked up several times a request. Nobody
/// outside chooses the names of models.
fn number_of(app: &str, name: &str) -> u64 {
    let number = number_with(app.len() as u64, app.as_bytes());
    number_with(number, name.as_bytes())
}

fn number_with(number: u64, text: &[u8]) -> u64 {
    // It makes small letters of capital ones, and of other characters something.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let (words, rest) = text.as_chunks::<8>();
    let last = rest.iter().fold(0, |word, letter| word << 8 | u64::from(*letter));
    let words = words.iter().map(|word| u64::from_le_bytes(*word)).chain([last]);
    words.fold(number, |number, word| (number.rotate_left(5) ^ (word | SMALL)).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// Whether there is a time zone of this name.
///
/// # Errors
/// There is none; what could have been meant.
pub fn known_zone(zone: &str) -> Result<(), (String, String)> {
    if zone.parse::<chrono_tz::Tz>().is_ok() {
        return Ok(());
    }
    let names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    let hint = crate::near::did_you_mean(zone, &names).unwrap_or("UTC");
    Err((format!("`time_zone` names `{zone}`, and there is no such time zone"), format!("did you mean `{hint}`?")))
}

fn is_swapped(state: &ProjectState, model: &ModelState) -> bool {
    let (app, name) = &state.user_model;
    model.options.swappable.is_some() && !(model.app == *app && model.name.eq_ignore_ascii_case(name))
}

fn key_places(model: &ModelState, columns: &[Column]) -> Vec<usize> {
    let place = |name: &str| columns.iter().rposition(|column| column.name == name || column.attname == name);
    match model.primary_key() {
        Some((_, Field { kind: Kind::CompositePrimaryKey { fields }, .. })) => {
            fields.iter().filter_map(|name| place(name)).collect()
        }
        Some((name, _)) => place(name).into_iter().collect(),
        None => vec![],
    }
}

/// Whether a field is in an index of its model, as far as fields are named there, or a key.
fn is_indexed(model: &ModelState, name: &str, field: &Field) -> bool {
    let options = &model.options;
    let unique = |constraint: &Constraint| matches!(constraint, Constraint::Unique(unique) if unique.fields.iter().any(|one| one == name));
    field.primary_key
        || field.unique
        || field.db_index
        || field.relation().is_some()
        || options.unique_together.iter().flatten().any(|one| one == name)
        || options.indexes.iter().flat_map(|index| &index.fields).any(|one| one.name == name)
        || options.constraints.iter().any(unique)
}

fn value_kind(state: &ProjectState, model: &ModelState, name: &str, field: &Field) -> Result<Kind, String> {
    let mut kind = field.kind.clone();
    // A key may refer to a key; more steps than this are a circle.
    for _ in 0..64 {
        kind = match kind {
            Kind::Generated { output, .. } => output.kind,
            Kind::ForeignKey(relation) | Kind::OneToOne(relation) => match state.referred(&relation) {
                Some((_, _, field)) => field.kind.clone(),
                None => {
                    let (label, other) = (model.label(), relation.to.label_lower());
                    return Err(format!("`{label}.{name}` refers to `{other}`, which is not there"));
                }
            },
            other => return Ok(other),
        };
    }
    Err(format!("`{}.{name}` refers to itself", model.label()))
}
