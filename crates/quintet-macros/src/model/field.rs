//! A field of a struct and its `#[field(..)]`.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Type};

use super::relation;
use crate::attributes::{Item, Value, brackets, inside, items, split, unknown};
use crate::mistakes::Mistakes;

/// A field, ready to be written.
pub(super) struct Field {
    /// Where its name stands.
    pub(super) ident: Ident,
    /// The model that has it.
    of: String,
    /// Its name in the model.
    pub(super) name: String,
    pub(super) ty: Type,
    /// The words after the type's own: `.unique().related_name("notes")`.
    pub(super) words: TokenStream,
    /// Attributes that only some types take, with where they are said.
    pub(super) takes: Vec<(Ident, Span)>,
    /// Of those that a type may need: which are said.
    pub(super) given: Vec<Ident>,
    pub(super) primary_key: bool,
    /// Whether the row refers to a parent that it extends.
    pub(super) parent: bool,
    /// Whether it stands for the fields of an abstract model.
    pub(super) flatten: bool,
    /// Whether null is what it becomes when the other row goes.
    pub(super) set_null: Option<Span>,
    /// Fields of the model that it names.
    pub(super) named: Vec<LitStr>,
    /// Whether an attribute says what a new row has where it is given nothing.
    pub(super) has_default: bool,
    /// Whether it may be blank, which for text is a default too.
    pub(super) is_blank: bool,
    /// Of a relation: what is said of the way back.
    pub(super) back: Back,
}

/// What is said of a way back.
#[derive(Default)]
pub(super) struct Back {
    /// Whether the field leads to another model at all.
    pub(super) is_relation: bool,
    /// Whether no two rows lead to the same.
    pub(super) is_one: bool,
    /// Its name.
    pub(super) name: Option<String>,
    /// Its name in queries.
    pub(super) query: Option<String>,
}

/// All attributes of a field.
const KNOWN: [&str; 50] = [
    "allow_files",
    "allow_folders",
    "allow_unicode",
    "auto_now",
    "auto_now_add",
    "blank",
    "choices",
    "db_collation",
    "db_column",
    "db_comment",
    "db_constraint",
    "db_default",
    "db_index",
    "db_persist",
    "db_table",
    "decimal_places",
    "default",
    "editable",
    "error_messages",
    "expression",
    "flatten",
    "height_field",
    "help_text",
    "limit_choices_to",
    "matching",
    "max_digits",
    "max_length",
    "null",
    "on_delete",
    "parent",
    "parent_link",
    "path",
    "primary_key",
    "protocol",
    "recursive",
    "related_name",
    "related_query_name",
    "renamed_from",
    "symmetrical",
    "through_fields",
    "to_field",
    "unique",
    "unique_for_date",
    "unique_for_month",
    "unique_for_year",
    "unpack_ipv4",
    "upload_to",
    "validators",
    "verbose_name",
    "width_field",
];

impl Field {
    pub(super) fn parse(field: &syn::Field, model: &Ident, mistakes: &mut Mistakes) -> Option<Self> {
        let ident = field.ident.clone()?;
        let mut parsed = Self {
            name: ident.unraw().to_string(),
            ident,
            of: model.unraw().to_string(),
            ty: syn::parse2(without_self(field.ty.to_token_stream(), model)).ok()?,
            words: TokenStream::new(),
            takes: vec![],
            given: vec![],
            primary_key: false,
            parent: false,
            flatten: false,
            set_null: None,
            named: vec![],
            has_default: false,
            is_blank: false,
            back: Back::default(),
        };
        let items = items(&field.attrs, "field", mistakes);
        for item in &items {
            // What is wrong has been noted.
            let _ = parsed.attribute(item, mistakes);
        }
        contradictions(&items, mistakes);
        parsed.way_back(&items);
        if parsed.parent {
            parsed.name.push_str("_ptr");
        }
        Some(parsed)
    }

    /// What the attributes say about defaults and about the way back. Only relations take `on_delete` and the like; of
    /// rows of many, which need no attribute, the name of the type tells.
    fn way_back(&mut self, items: &[Item]) {
        const DEFAULTS: [&str; 4] = ["default", "db_default", "auto_now", "auto_now_add"];
        const RELATIONS: [&str; 6] =
            ["on_delete", "related_name", "related_query_name", "through_fields", "symmetrical", "limit_choices_to"];
        let says = |names: &[&str]| items.iter().any(|item| names.iter().any(|name| item.name == name));
        let text = |name: &str| {
            let item = items.iter().find(|item| item.name == name)?;
            match &item.value {
                Value::Is(tokens) => syn::parse2::<LitStr>(tokens.clone()).ok().map(|text| text.value()),
                _ => None,
            }
        };
        self.has_default = says(&DEFAULTS);
        self.is_blank = says(&["blank"]);
        let types = type_names(&self.ty);
        let is = |name: &str| types.iter().any(|own| own == name);
        self.back = Back {
            is_relation: self.parent || is("ManyToMany") || says(&RELATIONS),
            is_one: self.parent || is("OneToOne"),
            name: text("related_name"),
            query: text("related_query_name"),
        };
        // A key to whichever user model leads to no model that is known while compiling.
        self.back.is_relation &= !is("UserKey");
        // A relation to the model itself that holds in both directions has no way back.
        self.back.is_relation &= self.back.name.is_some() || !(is("ManyToMany") && is(&self.of));
    }

    fn attribute(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        let name = item.name.to_string();
        match name.as_str() {
            "null" => item.wrong(mistakes, "whether a field may be null is said by its type\nhint: `Option<..>`")?,
            "flatten" => self.flatten = item.flag(mistakes)?,
            "parent" => self.parent = item.flag(mistakes)?,
            "primary_key" => {
                self.primary_key = item.flag(mistakes)?;
                self.needs("PRIMARY_KEY", item);
            }
            "blank" => self.either(item, "blank", "not_blank", mistakes)?,
            "db_index" => self.either(item, "db_index", "no_db_index", mistakes)?,
            "editable" => self.either(item, "editable", "not_editable", mistakes)?,
            "unique" if item.flag(mistakes)? => self.word("unique", &quote!()),
            "unique" => {}
            "db_column" | "db_comment" | "verbose_name" | "help_text" | "renamed_from" => {
                let text = item.tokens(mistakes)?;
                self.word(&name, &text);
            }
            "db_collation" => self.only("DB_COLLATION", item, mistakes)?,
            "default" => self.default(item, mistakes)?,
            "db_default" => {
                let value = with_words(&item.tokens(mistakes)?);
                self.word("db_default", &value);
            }
            "choices" => self.choices(item, mistakes)?,
            "validators" => {
                for validator in item.list(mistakes)? {
                    let validator = with_words(&validator);
                    self.word("validator", &validator);
                }
            }
            "error_messages" => {
                for message in item.inner(mistakes)? {
                    let (code, text) = (message.name.to_string(), message.tokens(mistakes)?);
                    self.word("error_message", &quote!(#code, #text));
                }
            }
            "unique_for_date" | "unique_for_month" | "unique_for_year" => {
                let field = item.text(mistakes)?;
                self.takes("FLAT", item);
                self.word(&name, &field.to_token_stream());
                self.named.push(field);
            }
            _ => return self.of_some_types(item, mistakes),
        }
        Some(())
    }

    /// Attributes that only some types take.
    fn of_some_types(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        let name = item.name.to_string();
        match name.as_str() {
            "max_length" => {
                let most = item.tokens(mistakes)?;
                self.needs("MAX_LENGTH", item);
                match most.to_string().as_str() {
                    "unlimited" => {}
                    "0" => item.wrong(mistakes, "`max_length` is 1 at least")?,
                    _ => self.word("longest", &most),
                }
            }
            "max_digits" => {
                self.only("DIGITS", item, mistakes)?;
                self.given.push(aspect("DIGITS"));
            }
            "decimal_places" => {
                self.only("DECIMAL_PLACES", item, mistakes)?;
                self.given.push(aspect("DECIMAL_PLACES"));
            }
            "auto_now" | "auto_now_add" | "allow_unicode" | "unpack_ipv4" if !item.flag(mistakes)? => {}
            "auto_now" | "auto_now_add" => self.switch("AUTO_NOW", item),
            "allow_unicode" => self.switch("ALLOW_UNICODE", item),
            "unpack_ipv4" => self.switch("ADDRESS", item),
            "protocol" => {
                let which = match item.word(&["both", "ipv4", "ipv6"], mistakes)?.as_str() {
                    "ipv4" => quote!(Ipv4),
                    "ipv6" => quote!(Ipv6),
                    _ => quote!(Both),
                };
                self.takes("ADDRESS", item);
                self.word("protocol", &quote!(::quintet::models::derive::IpProtocol::#which));
            }
            "upload_to" | "path" => {
                let folder = item.tokens(mistakes)?;
                let (aspect, word) = if name == "path" { ("PATH", "below") } else { ("UPLOAD_TO", "upload_into") };
                self.needs(aspect, item);
                self.word(word, &quote!(::quintet::models::derive::Folder::folder(#folder)));
            }
            "width_field" | "height_field" => {
                self.named.extend(item.text(mistakes));
                self.only("DIMENSIONS", item, mistakes)?;
            }
            "matching" => self.only("FILE_CHOICE", item, mistakes)?,
            "recursive" | "allow_files" | "allow_folders" => {
                let yes = item.flag(mistakes)?;
                self.takes("FILE_CHOICE", item);
                self.word(&name, &quote!(#yes));
            }
            "expression" => {
                let how = with_words(&item.tokens(mistakes)?);
                self.needs("EXPRESSION", item);
                self.word("expression", &how);
            }
            "db_persist" => {
                let yes = item.flag(mistakes)?;
                self.takes("EXPRESSION", item);
                self.word("db_persist", &quote!(#yes));
            }
            _ if relation::attribute(self, item, mistakes)? => {}
            _ => unknown(item, &KNOWN, "a field", mistakes),
        }
        Some(())
    }

    fn default(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        let value = item.tokens(mistakes)?;
        let first = value.clone().into_iter().next().map(|token| token.to_string());
        if first.is_some_and(|first| first == "|" || first == "move") {
            return item.wrong(
                mistakes,
                "a function that makes a default has a name, which migrations write\nhint: write `fn new_code() -> String { .. }` and `default = new_code`",
            );
        }
        let ty = &self.ty;
        let value = quote!(::quintet::models::derive::initial::<#ty, _>(#value));
        self.word("initial", &value);
        Some(())
    }

    /// `choices = [("red", "Red"), ("Greens", [("lime", "Lime")])]`, or `choices = Enum`.
    fn choices(&mut self, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        const SHAPE: &str = "a choice is `(value, \"label\")`, a group `(\"heading\", [(value, \"label\"), ..])`\nhint: or name an enum with `#[derive(Choices)]`: `choices = Status`";
        let tokens = item.tokens(mistakes)?;
        let Some(list) = brackets(&tokens) else {
            if !tokens.to_string().starts_with(|first: char| first.is_alphabetic() || first == ':' || first == '_') {
                return item.wrong(mistakes, SHAPE);
            }
            self.words.extend(quote!(.choices_of::<#tokens>()));
            return Some(());
        };
        for element in split(list) {
            let Some((value, label)) = pair(&element) else {
                mistakes.at(&element, SHAPE);
                continue;
            };
            let Some(members) = brackets(&label) else {
                self.word("choice", &quote!(#value, #label));
                continue;
            };
            let mut group = vec![];
            for member in split(members) {
                match pair(&member) {
                    Some((value, label)) => {
                        group.push(quote!((::quintet::models::derive::Value::from(#value), #label)));
                    }
                    None => mistakes.at(&member, SHAPE),
                }
            }
            self.word("choice_group", &quote!(#value, vec![#(#group),*]));
        }
        Some(())
    }

    /// A word with its arguments.
    pub(super) fn word(&mut self, name: &str, arguments: &TokenStream) {
        let name = format_ident!("{name}");
        self.words.extend(quote!(.#name(#arguments)));
    }

    fn either(&mut self, item: &Item, yes: &str, no: &str, mistakes: &mut Mistakes) -> Option<()> {
        let word = if item.flag(mistakes)? { yes } else { no };
        self.word(word, &quote!());
        Some(())
    }

    fn switch(&mut self, aspect: &str, item: &Item) {
        self.takes(aspect, item);
        self.word(&item.name.to_string(), &quote!());
    }

    /// A word of the same name, with the value as it stands, that only some types take.
    pub(super) fn only(&mut self, aspect: &str, item: &Item, mistakes: &mut Mistakes) -> Option<()> {
        let value = item.tokens(mistakes)?;
        self.takes(aspect, item);
        self.word(&item.name.to_string(), &value);
        Some(())
    }

    /// Only some types take the attribute.
    pub(super) fn takes(&mut self, name: &str, item: &Item) {
        self.takes.push((aspect(name), item.name.span()));
    }

    /// Only some types take the attribute, and some of those need it.
    pub(super) fn needs(&mut self, name: &str, item: &Item) {
        self.takes(name, item);
        self.given.push(aspect(name));
    }
}

fn aspect(name: &str) -> Ident {
    format_ident!("{name}")
}

/// An expression, in which the words of models need no `use`.
pub(super) fn with_words(expression: &TokenStream) -> TokenStream {
    quote!({
        #[allow(unused_imports)]
        use ::quintet::models::words::*;
        #expression
    })
}

/// `(a, b)`
pub(super) fn pair(tokens: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    let mut parts = split(inside(tokens, Delimiter::Parenthesis)?).into_iter();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(second), None) => Some((first, second)),
        _ => None,
    }
}

/// The names in a type: `Option`, `ForeignKey`, `User`.
fn type_names(ty: &Type) -> Vec<String> {
    fn collect(tokens: TokenStream, names: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => names.push(name.to_string()),
                TokenTree::Group(group) => collect(group.stream(), names),
                _ => {}
            }
        }
    }
    let mut names = vec![];
    collect(ty.to_token_stream(), &mut names);
    names
}

fn contradictions(items: &[Item], mistakes: &mut Mistakes) {
    const ONE_OF: [&str; 3] = ["auto_now", "auto_now_add", "default"];
    let mut said = items.iter().filter(|item| ONE_OF.iter().any(|name| item.name == name));
    if let (Some(first), Some(second)) = (said.next(), said.next()) {
        mistakes.at(&second.name, format!("`{}` and `{}` exclude each other", first.name, second.name));
    }
}

/// A type in which the model's name stands for `Self`, as it is used outside the struct too.
fn without_self(tokens: TokenStream, model: &Ident) -> TokenStream {
    let replace = |token: TokenTree| match token {
        TokenTree::Ident(word) if word == "Self" => Ident::new(&model.to_string(), word.span()).into(),
        TokenTree::Group(group) => {
            let mut inside = proc_macro2::Group::new(group.delimiter(), without_self(group.stream(), model));
            inside.set_span(group.span());
            inside.into()
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}
