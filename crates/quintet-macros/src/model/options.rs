//! `#[model(..)]`: what is said of a model as a whole.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, LitStr, Type};

use super::field::{pair, with_words};
use crate::attributes::{Item, brackets, items, text_of, unknown};
use crate::mistakes::Mistakes;

/// The options, ready to be written.
#[derive(Default)]
pub(super) struct Options {
    /// `.ordering(&["-id"]).index(..)`
    pub(super) words: TokenStream,
    /// The abstract model whose options it takes over.
    pub(super) inherit: Option<Type>,
    /// The attributes that were said, where any of them is about the model as a whole: without one, the options of the
    /// first abstract model are taken over.
    pub(super) said: Vec<String>,
    /// Whether its fields are for others to share.
    pub(super) shared: Option<Span>,
    /// Whether it is another face of the model around which it is.
    pub(super) proxy: Option<Span>,
    /// Another label than that of the app in whose list it stands.
    pub(super) app_label: Option<LitStr>,
    /// The fields of a primary key of several.
    pub(super) primary_key: Vec<LitStr>,
    /// Managers that migrations know: name and type.
    pub(super) managers: Vec<(String, TokenStream)>,
    /// Fields of the model that are named.
    pub(super) named: Vec<LitStr>,
    /// What `objects()` begins with.
    pub(super) manager: Option<TokenStream>,
    /// The name of ways back that have none of their own.
    pub(super) related_name: Option<String>,
}

/// All attributes of a model.
const KNOWN: [&str; 27] = [
    "abstract",
    "app_label",
    "base_manager_name",
    "check",
    "db_table",
    "db_table_comment",
    "default_manager_name",
    "default_permissions",
    "default_related_name",
    "get_latest_by",
    "index",
    "inherit",
    "managed",
    "manager",
    "managers",
    "order_with_respect_to",
    "ordering",
    "permissions",
    "primary_key",
    "proxy",
    "renamed_from",
    "select_on_save",
    "swappable",
    "unique",
    "unique_together",
    "verbose_name",
    "verbose_name_plural",
];

/// Those that are about one model, which others cannot take over.
const NOT_SHARED: [&str; 7] = ["app_label", "manager", "managers", "primary_key", "proxy", "renamed_from", "swappable"];

impl Options {
    pub(super) fn parse(attributes: &[Attribute], mistakes: &mut Mistakes) -> Self {
        let mut options = Self::default();
        let items = items(attributes, "model", mistakes);
        for item in &items {
            // What is wrong has been noted.
            let _ = options.attribute(item, mistakes);
        }
        let aside = ["manager", "managers", "primary_key", "renamed_from"];
        options.said = items.iter().map(|item| item.name.to_string()).collect();
        options.said.retain(|name| !aside.contains(&name.as_str()));
        if options.shared.is_some() {
            for item in items.iter().filter(|item| NOT_SHARED.iter().any(|name| item.name == name)) {
                mistakes.at(
                    &item.name,
                    format!(
                        "an abstract model has no table\nhint: say `{}` on the models that share its fields",
                        item.name
                    ),
                );
            }
        }
        options
    }

    fn attribute(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        let name = item.name.to_string();
        match name.as_str() {
            "abstract" => self.shared = item.flag(mistakes)?.then(|| item.name.span()),
            "proxy" => self.proxy = item.flag(mistakes)?.then(|| item.name.span()),
            "inherit" => match syn::parse2(item.tokens(mistakes)?) {
                Ok(path) => self.inherit = Some(path),
                Err(_) => return item.wrong(mistakes, "name an abstract model: `inherit = Stamped`"),
            },
            "app_label" => self.app_label = Some(item.text(mistakes)?),
            "db_table"
            | "db_table_comment"
            | "verbose_name"
            | "verbose_name_plural"
            | "base_manager_name"
            | "default_manager_name"
            | "default_related_name"
            | "swappable"
            | "renamed_from" => {
                let text = item.tokens(mistakes)?;
                if name == "default_related_name" {
                    self.related_name = syn::parse2::<LitStr>(text.clone()).ok().map(|text| text.value());
                }
                self.word(&name, &text);
            }
            "order_with_respect_to" => {
                let field = item.text(mistakes)?;
                self.word(&name, &field.to_token_stream());
                self.named.push(field);
            }
            "ordering" | "get_latest_by" => {
                let fields = item.text_or_texts(mistakes)?;
                self.word(&name, &quote!(&[#(#fields),*]));
            }
            "default_permissions" => {
                let verbs = item.texts(mistakes)?;
                self.word(&name, &quote!(&[#(#verbs),*]));
            }
            "permissions" => {
                for permission in item.list(mistakes)? {
                    match pair(&permission) {
                        Some((codename, name)) => self.word("permission", &quote!(#codename, #name)),
                        None => mistakes.at(&permission, "a permission is `(\"codename\", \"what people read\")`"),
                    }
                }
            }
            "managed" if item.flag(mistakes)? => {}
            "managed" => self.word("unmanaged", &quote!()),
            "select_on_save" if item.flag(mistakes)? => self.word("select_on_save", &quote!()),
            "select_on_save" => {}
            "unique_together" => self.unique_together(item, mistakes)?,
            "primary_key" => {
                self.primary_key = item.texts(mistakes)?;
                self.named.extend(self.primary_key.iter().cloned());
                if self.primary_key.len() < 2 {
                    return item.wrong(mistakes, "a primary key of one field is said there: `#[field(primary_key)]`");
                }
            }
            "manager" => self.manager = Some(item.tokens(mistakes)?),
            "managers" => {
                for manager in item.inner(mistakes)? {
                    let path = manager.tokens(mistakes)?;
                    self.managers.push((manager.name.to_string(), path));
                }
            }
            "index" => self.index(item, mistakes)?,
            "unique" => self.unique(item, mistakes)?,
            "check" => self.check(item, mistakes)?,
            _ => unknown(item, &KNOWN, "a model", mistakes),
        }
        Some(())
    }

    fn unique_together(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        let rules = item.list(mistakes)?;
        if rules.iter().any(|rule| brackets(rule).is_none()) {
            return item.wrong(mistakes, "`unique_together` is a list of lists: `[[\"order\", \"product\"]]`");
        }
        for rule in rules {
            let names = crate::attributes::split(brackets(&rule)?);
            let fields: Vec<LitStr> = names.into_iter().map(|name| text_of(&name, mistakes)).collect::<Option<_>>()?;
            self.word("unique_together", &quote!(&[#(#fields),*]));
            self.named.extend(fields);
        }
        Some(())
    }

    fn index(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        const KNOWN: [&str; 7] = ["fields", "expressions", "name", "condition", "include", "opclasses", "kind"];
        let inner = item.inner(mistakes)?;
        let mut index = self.columns(item, &inner, "index", mistakes)?;
        for part in &inner {
            match part.name.to_string().as_str() {
                "fields" | "expressions" => {}
                "name" => chain(&mut index, "name", &part.tokens(mistakes)?),
                "kind" => {
                    let kinds = ["btree", "brin", "gin", "gist", "hash", "spgist"];
                    let kind = match part.word(&kinds, mistakes)?.as_str() {
                        "btree" => quote!(BTree),
                        "brin" => quote!(Brin),
                        "gin" => quote!(Gin),
                        "gist" => quote!(Gist),
                        "hash" => quote!(Hash),
                        _ => quote!(SpGist),
                    };
                    chain(&mut index, "kind", &quote!(::quintet::models::derive::IndexKind::#kind));
                }
                "condition" | "include" | "opclasses" => self.part(part, &mut index, mistakes)?,
                _ => unknown(part, &KNOWN, "an index", mistakes),
            }
        }
        let named = inner.iter().any(|part| part.name == "name");
        let special = ["expressions", "condition", "include", "opclasses"];
        if let Some(part) = inner.iter().find(|part| special.iter().any(|name| part.name == name)).filter(|_| !named) {
            mistakes.at(&part.name, format!("an index with `{}` has a name: `name = \"..\"`", part.name));
        }
        self.word("index", &index);
        Some(())
    }

    fn unique(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        const KNOWN: [&str; 10] = [
            "name",
            "fields",
            "expressions",
            "condition",
            "deferrable",
            "include",
            "opclasses",
            "nulls_distinct",
            "message",
            "code",
        ];
        let inner = item.inner(mistakes)?;
        let mut unique = self.columns(item, &inner, "unique", mistakes)?;
        for part in &inner {
            match part.name.to_string().as_str() {
                "name" | "fields" | "expressions" => {}
                "deferrable" => {
                    let when = match part.word(&["deferred", "immediate"], mistakes)?.as_str() {
                        "deferred" => quote!(Deferred),
                        _ => quote!(Immediate),
                    };
                    chain(&mut unique, "deferrable", &quote!(::quintet::models::derive::Deferrable::#when));
                }
                "nulls_distinct" => {
                    let yes = part.flag(mistakes)?;
                    chain(&mut unique, "nulls_distinct", &quote!(#yes));
                }
                text @ ("message" | "code") => chain(&mut unique, text, &part.tokens(mistakes)?),
                "condition" | "include" | "opclasses" => self.part(part, &mut unique, mistakes)?,
                _ => unknown(part, &KNOWN, "a unique constraint", mistakes),
            }
        }
        self.word("constraint", &unique);
        Some(())
    }

    fn check(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        let inner = item.inner(mistakes)?;
        let value = |wanted: &str| inner.iter().find(|part| part.name == wanted);
        let (Some(name), Some(condition)) = (value("name"), value("condition")) else {
            return item.wrong(
                mistakes,
                "a check has a name and a condition: `check(name = \"seat_not_negative\", condition = q(\"seat__gte\", 0))`",
            );
        };
        let (name, condition) = (name.tokens(mistakes)?, with_words(&condition.tokens(mistakes)?));
        let mut check = quote!(::quintet::models::derive::check(#name, #condition));
        for part in &inner {
            match part.name.to_string().as_str() {
                "name" | "condition" => {}
                text @ ("message" | "code") => chain(&mut check, text, &part.tokens(mistakes)?),
                _ => unknown(part, &["name", "condition", "message", "code"], "a check", mistakes),
            }
        }
        self.word("constraint", &check);
        Some(())
    }

    /// The beginning of an index or a unique constraint: its fields or its expressions.
    fn columns(&mut self, item: &Item, inner: &[Item], what: &str, mistakes: &mut Mistakes) -> Option<TokenStream> {
        let value = |wanted: &str| inner.iter().find(|part| part.name == wanted);
        let name = match (what, value("name")) {
            ("index", _) => None,
            (_, Some(name)) => Some(name.tokens(mistakes)?),
            (_, None) => return item.wrong(mistakes, "a unique constraint has a name: `name = \"..\"`"),
        };
        let name = name.map(|name| quote!(#name,));
        match (value("fields"), value("expressions")) {
            (Some(fields), None) => {
                let fields = fields.texts(mistakes)?;
                self.named.extend(fields.iter().cloned());
                let make = format_ident!("{what}");
                Some(quote!(::quintet::models::derive::#make(#name &[#(#fields),*])))
            }
            (None, Some(expressions)) => {
                let list = expressions.list(mistakes)?;
                let list = list.iter().map(with_words);
                let make = if what == "index" { quote!(Index::on) } else { quote!(unique_on) };
                Some(
                    quote!(::quintet::models::derive::#make(#name [#(::quintet::models::derive::Expr::from(#list)),*])),
                )
            }
            _ => item.wrong(
                mistakes,
                &format!("`{what}(..)` has `fields = [\"..\"]` or `expressions = [..]`, one of the two"),
            ),
        }
    }

    /// What an index and a unique constraint have in common.
    fn part(&mut self, part: &Item, chained: &mut TokenStream, mistakes: &mut Mistakes) -> Option<()> {
        match part.name.to_string().as_str() {
            "condition" => chain(chained, "condition", &with_words(&part.tokens(mistakes)?)),
            name => {
                let texts = part.texts(mistakes)?;
                chain(chained, name, &quote!(&[#(#texts),*]));
                if name == "include" {
                    self.named.extend(texts);
                }
            }
        }
        Some(())
    }

    fn word(&mut self, name: &str, arguments: &TokenStream) {
        chain(&mut self.words, name, arguments);
    }
}

fn chain(tokens: &mut TokenStream, word: &str, arguments: &TokenStream) {
    let word = format_ident!("{word}");
    tokens.extend(quote!(.#word(#arguments)));
}
