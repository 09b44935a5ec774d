//! `#[serializer(..)]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::{Attribute, Ident};

use super::words;
use crate::attributes::{Item, Value, items, split, unknown};
use crate::mistakes::Mistakes;

const KNOWN: [&str; 13] = [
    "create",
    "depth",
    "exclude",
    "extra",
    "fields",
    "hooks",
    "model",
    "read_only",
    "to_internal_value",
    "to_representation",
    "validate",
    "validators",
    "write_only",
];

/// Which fields there are.
#[derive(Default)]
pub(super) enum Which {
    #[default]
    Nothing,
    All,
    Named(Vec<Ident>),
    Without(Vec<Ident>),
}

/// What is said of a serializer.
#[derive(Default)]
pub(super) struct Options {
    pub(super) model: Option<TokenStream>,
    pub(super) which: Which,
    pub(super) read_only: Vec<Ident>,
    pub(super) write_only: Vec<Ident>,
    pub(super) extra: Vec<Extra>,
    pub(super) querysets: Vec<(Ident, TokenStream)>,
    pub(super) depth: Option<(Ident, TokenStream)>,
    pub(super) checks: Vec<(Ident, TokenStream)>,
    pub(super) hooks: Option<Ident>,
    pub(super) create: Option<(Ident, TokenStream)>,
    pub(super) to_representation: Option<TokenStream>,
    pub(super) to_internal_value: Option<TokenStream>,
    pub(super) validators: Option<Vec<TokenStream>>,
}

/// `extra(price(min_value = 0))`
pub(super) struct Extra {
    pub(super) name: Ident,
    pub(super) source: Option<TokenStream>,
    pub(super) words: TokenStream,
}

impl Options {
    pub(super) fn parse(attributes: &[Attribute], mistakes: &mut Mistakes) -> Self {
        let mut options = Self::default();
        for item in items(attributes, "serializer", mistakes) {
            // What is wrong has been noted.
            let _ = options.item(&item, mistakes);
        }
        if let (Some(hooks), Some((create, _))) = (&options.hooks, &options.create) {
            let _ = hooks;
            mistakes.at(create, "`hooks` says that `impl Serializer` is written by hand\nhint: write `create` there");
        }
        options
    }

    fn item(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        match item.name.to_string().as_str() {
            "model" => self.model = Some(item.tokens(mistakes)?),
            "fields" => {
                let names = names(item, mistakes)?;
                self.which(
                    item,
                    if matches!(&names[..], [all] if all == "all") { Which::All } else { Which::Named(names) },
                    mistakes,
                )?;
            }
            "exclude" => {
                let names = names(item, mistakes)?;
                self.which(item, Which::Without(names), mistakes)?;
            }
            "read_only" => self.read_only.extend(names(item, mistakes)?),
            "write_only" => self.write_only.extend(names(item, mistakes)?),
            "extra" => {
                for field in item.inner(mistakes)? {
                    let inner = field.inner(mistakes)?;
                    self.extra(&field.name, &inner, mistakes);
                }
            }
            "depth" => self.depth = Some((item.name.clone(), item.tokens(mistakes)?)),
            "validate" => {
                for field in item.inner(mistakes)? {
                    let function = field.tokens(mistakes)?;
                    self.checks.push((field.name, function));
                }
            }
            "hooks" if item.flag(mistakes)? => self.hooks = Some(item.name.clone()),
            "hooks" => {}
            "create" => self.create = Some((item.name.clone(), item.tokens(mistakes)?)),
            "to_representation" => self.to_representation = Some(item.tokens(mistakes)?),
            "to_internal_value" => self.to_internal_value = Some(item.tokens(mistakes)?),
            "validators" => self.validators = Some(item.list(mistakes)?),
            _ => unknown(item, &KNOWN, "a serializer", mistakes),
        }
        Some(())
    }

    fn which(&mut self, item: &Item, which: Which, mistakes: &mut Mistakes) -> Option<()> {
        if !matches!(self.which, Which::Nothing) {
            return item.wrong(mistakes, "which fields there are is said once: `fields(..)` or `exclude(..)`");
        }
        self.which = which;
        Some(())
    }

    fn extra(&mut self, name: &Ident, said: &[Item], mistakes: &mut Mistakes) {
        let (mut words, mut source) = (TokenStream::new(), None);
        for item in said {
            match item.name.to_string().as_str() {
                "read_only" => {
                    if item.flag(mistakes) == Some(true) {
                        self.read_only.push(name.clone());
                    }
                }
                "source" => source = item.tokens(mistakes),
                "queryset" => {
                    self.querysets.extend(item.tokens(mistakes).map(|function| (name.clone(), function)));
                }
                _ => words.extend(words::word(item, mistakes)),
            }
        }
        self.extra.push(Extra { name: name.clone(), source, words });
    }

    /// What only serializers of a model may say.
    pub(super) fn only_of_models(&self) -> Vec<(&'static str, &Ident)> {
        let mut found = vec![];
        match &self.which {
            Which::Named(names) => found.extend(names.first().map(|name| ("fields", name))),
            Which::Without(names) => found.extend(names.first().map(|name| ("exclude", name))),
            _ => {}
        }
        found.extend(self.extra.first().map(|extra| ("extra", &extra.name)));
        found.extend(self.depth.as_ref().map(|(ident, _)| ("depth", ident)));
        found.extend(self.read_only.first().map(|name| ("read_only", name)));
        found.extend(self.write_only.first().map(|name| ("write_only", name)));
        found
    }

    /// All fields that something is said of.
    pub(super) fn mentioned(&self) -> impl Iterator<Item = &Ident> {
        self.of_model_only().chain(self.checks.iter().map(|(name, _)| name))
    }

    /// Those of them that the struct does not declare.
    pub(super) fn of_model_only(&self) -> impl Iterator<Item = &Ident> {
        let listed = self.read_only.iter().chain(&self.write_only);
        listed.chain(self.extra.iter().map(|extra| &extra.name))
    }
}

/// `(id, title)`
fn names(item: &Item, mistakes: &mut Mistakes) -> Option<Vec<Ident>> {
    let Value::List(tokens) = &item.value else {
        return item.wrong(mistakes, &format!("write `{}(name, other_name)`", item.name));
    };
    let mut names = vec![];
    for part in split(tokens.clone()) {
        match Ident::parse_any.parse2(part) {
            Ok(name) if names.contains(&name) => mistakes.at(&name, format!("`{name}` is said twice")),
            Ok(name) => names.push(name),
            Err(error) => mistakes.found(error),
        }
    }
    Some(names)
}
