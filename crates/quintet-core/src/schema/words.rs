//! The words in which migrations and derives describe fields: `char(100).null().blank()`.

use super::{
    Check, Choice, Condition, Constraint, Deferrable, Expr, Field, Function, Index, IndexKind, IndexedField, Initial,
    IpProtocol, Kind, ManyToMany, OnDelete, Operator, Options, Relation, Rule, To, Unique, UploadTo, Validator, Value,
};

macro_rules! plain {
    ($($name:ident => $kind:expr, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name() -> Field {
            Field::new($kind)
        })*
    };
}

plain! {
    small_auto => Kind::SmallAuto, "A 16-bit number that the database counts up.";
    auto => Kind::Auto, "A 32-bit number that the database counts up.";
    big_auto => Kind::BigAuto, "A 64-bit number that the database counts up.";
    unlimited_char => Kind::Char { max_length: None }, "Text in a line without a limit; on PostgreSQL only.";
    text => Kind::Text { max_length: None }, "Text of any length.";
    slug => Kind::Slug { max_length: Some(50), allow_unicode: false }, "Letters, digits, hyphens and underscores, 50 at most unless said.";
    email => Kind::Email { max_length: Some(254) }, "An e-mail address of 254 characters at most, unless said.";
    url => Kind::Url { max_length: Some(200) }, "A URL of 200 characters at most, unless said.";
    generic_ip_address => Kind::GenericIpAddress { protocol: IpProtocol::Both, unpack_ipv4: false }, "An address of IPv4 or IPv6.";
    small_integer => Kind::SmallInteger, "A 16-bit number.";
    integer => Kind::Integer, "A 32-bit number.";
    big_integer => Kind::BigInteger, "A 64-bit number.";
    positive_small_integer => Kind::PositiveSmallInteger, "A 16-bit number that is not negative.";
    positive_integer => Kind::PositiveInteger, "A 32-bit number that is not negative.";
    positive_big_integer => Kind::PositiveBigInteger, "A 64-bit number that is not negative.";
    float => Kind::Float, "A floating-point number.";
    boolean => Kind::Boolean, "True or false.";
    date => Kind::Date { auto_now: false, auto_now_add: false }, "A date.";
    date_time => Kind::DateTime { auto_now: false, auto_now_add: false }, "A moment.";
    time => Kind::Time { auto_now: false, auto_now_add: false }, "A time of day.";
    duration => Kind::Duration, "A span of time.";
    uuid => Kind::Uuid, "A UUID.";
    json => Kind::Json, "JSON.";
    binary => Kind::Binary { max_length: None }, "Bytes.";
    file => Kind::File { upload_to: UploadTo::Path(String::new()), max_length: Some(100) }, "A file in the storage.";
    image => Kind::Image { upload_to: UploadTo::Path(String::new()), max_length: Some(100), width_field: None, height_field: None }, "An image in the storage.";
    order_wrt => Kind::OrderWrt, "The place of a row among those with the same parent.";
}

/// Text in a line, with the most characters that it may have.
pub fn char(max_length: u32) -> Field {
    Field::new(Kind::Char { max_length: Some(max_length) })
}

/// A decimal number: all digits, and those after the point.
pub fn decimal(max_digits: u32, decimal_places: u32) -> Field {
    Field::new(Kind::Decimal { max_digits: Some(max_digits), decimal_places: Some(decimal_places) })
}

/// A decimal number with any number of digits, or of those after the point; on PostgreSQL only.
pub fn open_decimal(max_digits: Option<u32>, decimal_places: Option<u32>) -> Field {
    Field::new(Kind::Decimal { max_digits, decimal_places })
}

/// The path of a file below a folder.
pub fn file_path(path: &str) -> Field {
    file_path_below(UploadTo::Path(path.to_owned()))
}

/// The path of a file below a folder that a function names.
pub fn file_path_fn<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(folder: F) -> Field {
    file_path_below(UploadTo::Function(Function::of(folder)))
}

fn file_path_below(path: UploadTo) -> Field {
    Field::new(Kind::FilePath {
        path,
        matching: None,
        recursive: false,
        allow_files: true,
        allow_folders: false,
        max_length: Some(100),
    })
}

/// What the database computes from other columns, as a field of this kind, stored or not.
pub fn generated(expression: Expr, output: Field, db_persist: bool) -> Field {
    Field::new(Kind::Generated { expression, output: Box::new(output), db_persist })
}

/// A primary key of several fields.
pub fn composite_primary_key(fields: &[&str]) -> Field {
    let mut field = Field::new(Kind::CompositePrimaryKey { fields: strings(fields) });
    field.primary_key = true;
    field
}

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

/// A field of the row in an expression.
pub fn f(name: &str) -> Expr {
    Expr::F(name.to_owned())
}

/// A constant in an expression.
pub fn value(value: impl Into<Value>) -> Expr {
    Expr::Value(value.into())
}

/// A function of the database: `func("Lower", [f("name")])`.
pub fn func(name: &str, args: impl Into<Vec<Expr>>) -> Expr {
    Expr::Func { name: name.to_owned(), args: args.into() }
}

/// A field in lower case.
pub fn lower(name: &str) -> Expr {
    func("Lower", [f(name)])
}

/// A field in upper case.
pub fn upper(name: &str) -> Expr {
    func("Upper", [f(name)])
}

/// The database's own time.
pub fn now() -> Expr {
    func("Now", [])
}

/// A condition: `q("quantity__lte", 1000)`.
pub fn q(key: &str, value: impl Into<Expr>) -> Condition {
    Condition::Lookup { key: key.to_owned(), value: value.into() }
}

macro_rules! text_values {
    ($($name:ident => $variant:ident, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name(text: &str) -> Value {
            Value::$variant(text.to_owned())
        })*
    };
}

text_values! {
    dec => Decimal, "A decimal number: `dec(\"10.50\")`.";
    date_value => Date, "A date: `date_value(\"2024-01-31\")`.";
    date_time_value => DateTime, "A moment in UTC: `date_time_value(\"2024-01-31 12:00:00\")`.";
    time_value => Time, "A time of day: `time_value(\"12:00:00\")`.";
    uuid_value => Uuid, "A UUID, in lower case and with hyphens.";
    json_value => Json, "A JSON text.";
}

/// Nothing.
pub fn null() -> Value {
    Value::Null
}

/// A duration in microseconds.
pub fn duration_value(microseconds: i64) -> Value {
    Value::Duration(microseconds)
}

/// Bytes: `bytes_value(b"\x00")`.
pub fn bytes_value(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

/// Several values, as `in` takes them.
pub fn list(values: Vec<Value>) -> Value {
    Value::List(values)
}

/// All of these conditions.
pub fn all_of(conditions: Vec<Condition>) -> Condition {
    Condition::And(conditions)
}

/// One of these conditions.
pub fn any_of(conditions: Vec<Condition>) -> Condition {
    Condition::Or(conditions)
}

/// An odd number of these conditions.
pub fn odd_of(conditions: Vec<Condition>) -> Condition {
    Condition::Xor(conditions)
}

/// Not this condition.
pub fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

/// An expression that is true or false, as a condition.
pub fn holds(expr: Expr) -> Condition {
    Condition::Expr(expr)
}

/// A condition, as an expression.
pub fn truth_of(condition: Condition) -> Expr {
    Expr::Condition(Box::new(condition))
}

/// SQL as it stands, in an expression.
pub fn raw(sql: &str) -> Expr {
    Expr::Raw(sql.to_owned())
}

/// Two expressions and an operator between them.
pub fn combined(left: Expr, operator: Operator, right: impl Into<Expr>) -> Expr {
    Expr::Combined { left: Box::new(left), operator, right: Box::new(right.into()) }
}

/// The first case whose condition is true; [`Expr::otherwise`] says what there is where none is.
pub fn case(cases: Vec<(Condition, Expr)>) -> Expr {
    Expr::Case { cases, default: None }
}

impl Expr {
    /// In an index: smallest first.
    #[must_use]
    pub fn asc(self) -> Self {
        Self::OrderBy { expr: Box::new(self), descending: false, nulls_first: None }
    }

    /// In an index: largest first.
    #[must_use]
    pub fn desc(self) -> Self {
        Self::OrderBy { expr: Box::new(self), descending: true, nulls_first: None }
    }

    /// After a direction: nulls first.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        self.nulls(true)
    }

    /// After a direction: nulls last.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        self.nulls(false)
    }

    fn nulls(self, first: bool) -> Self {
        match self {
            Self::OrderBy { expr, descending, .. } => Self::OrderBy { expr, descending, nulls_first: Some(first) },
            other => other.asc().nulls(first),
        }
    }

    /// Under a collation.
    #[must_use]
    pub fn collate(self, collation: &str) -> Self {
        Self::Collate { expr: Box::new(self), collation: collation.to_owned() }
    }

    /// As another type: that of this field.
    #[must_use]
    pub fn cast(self, field: Field) -> Self {
        Self::Cast { expr: Box::new(self), kind: Box::new(field.kind) }
    }

    /// What a case gives where no condition is true.
    #[must_use]
    pub fn otherwise(mut self, value: impl Into<Self>) -> Self {
        if let Self::Case { default, .. } = &mut self {
            *default = Some(Box::new(value.into()));
        }
        self
    }
}

/// A function that is known by its path.
pub fn function<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(function: F) -> Function {
    Function::of(function)
}

/// What a reference becomes when the other row goes.
pub fn set(value: impl Into<Value>) -> OnDelete {
    OnDelete::Set(value.into())
}

/// What makes that which a reference becomes when the other row goes.
pub fn set_with<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(make: F) -> OnDelete {
    OnDelete::SetWith(Function::of(make))
}

/// A match of an expression, or none where `inverse`; flags as the reference numbers them.
pub fn regex_rule(pattern: &str, inverse: bool, flags: u32) -> Rule {
    Rule::Regex { pattern: pattern.to_owned(), inverse, flags }
}

/// A URL with one of these schemes; none for the usual ones.
pub fn url_rule(schemes: &[&str]) -> Rule {
    Rule::Url(strings(schemes))
}

/// A file's name with one of these ends; none for those of images.
pub fn file_extension_rule(ends: &[&str]) -> Rule {
    Rule::FileExtension(strings(ends))
}

/// An index on fields: `index(&["status", "-created_at"])`.
pub fn index(fields: &[&str]) -> Index {
    Index {
        name: String::new(),
        fields: fields.iter().map(|field| IndexedField::parse(field)).collect(),
        expressions: vec![],
        condition: None,
        include: vec![],
        opclasses: vec![],
        kind: IndexKind::Default,
    }
}

pub(super) fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

macro_rules! switches {
    ($($name:ident: $field:ident = $value:expr, $doc:literal;)*) => {
        $(#[doc = $doc]
        #[must_use]
        pub fn $name(mut self) -> Self {
            self.$field = $value;
            self
        })*
    };
}

macro_rules! texts {
    ($($name:ident, $doc:literal;)*) => {
        $(#[doc = $doc]
        #[must_use]
        pub fn $name(mut self, text: &str) -> Self {
            self.$name = Some(text.to_owned());
            self
        })*
    };
}

impl Field {
    switches! {
        null: null = true, "The column may be null.";
        blank: blank = true, "Forms and serializers take nothing.";
        not_blank: blank = false, "Forms and serializers do not take nothing.";
        primary_key: primary_key = true, "The primary key.";
        unique: unique = true, "No two rows have the same.";
        not_primary_key: primary_key = false, "Not the primary key.";
        not_unique: unique = false, "Two rows may have the same.";
        db_index: db_index = true, "With an index of its own.";
        no_db_index: db_index = false, "Without an index of its own.";
        editable: editable = true, "Forms show it.";
        not_editable: editable = false, "Forms do not show it.";
    }

    texts! {
        db_column, "The column's name.";
        db_comment, "A comment in the database.";
        db_collation, "The column's collation.";
        verbose_name, "What people call it.";
        unique_for_date, "Unique among the rows of the same date.";
        unique_for_month, "Unique among the rows of the same month.";
        unique_for_year, "Unique among the rows of the same year.";
    }

    /// What a new row has.
    #[must_use]
    pub fn with_default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(Initial::Value(value.into()));
        self
    }

    /// A function that makes what a new row has.
    #[must_use]
    pub fn with_default_fn<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(mut self, make: F) -> Self {
        self.default = Some(Initial::Function(Function::of(make)));
        self
    }

    /// What the database gives a new row.
    #[must_use]
    pub fn db_default(mut self, value: impl Into<Expr>) -> Self {
        self.db_default = Some(value.into());
        self
    }

    /// A word to people.
    #[must_use]
    pub fn help_text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.help_text);
        self
    }

    /// What may be chosen: values and what people read.
    #[must_use]
    pub fn choices(mut self, choices: Vec<(Value, &str)>) -> Self {
        self.choices.extend(choices.into_iter().map(|(value, label)| Choice::One(value, label.to_owned())));
        self
    }

    /// What may be chosen, under a heading.
    #[must_use]
    pub fn choice_group(mut self, heading: &str, choices: Vec<(Value, &str)>) -> Self {
        let choices = choices.into_iter().map(|(value, label)| (value, label.to_owned())).collect();
        self.choices.push(Choice::Group(heading.to_owned(), choices));
        self
    }

    /// A rule for values.
    #[must_use]
    pub fn validator(mut self, validator: Validator) -> Self {
        self.validators.push(validator);
        self
    }

    /// A rule for values, with its own words.
    #[must_use]
    pub fn rule(self, rule: Rule) -> Self {
        self.validator(Validator::new(rule))
    }

    /// A message by code.
    #[must_use]
    pub fn error_message(mut self, code: &str, message: &str) -> Self {
        self.error_messages.push((code.to_owned(), message.to_owned()));
        self
    }

    /// The name that it had before.
    #[must_use]
    pub fn renamed_from(mut self, name: &str) -> Self {
        self.renamed_from.0 = Some(name.to_owned());
        self
    }

    /// The reference has this key declared, and did not make it by itself.
    #[must_use]
    pub fn declared(mut self) -> Self {
        self.declared.0 = true;
        self
    }

    /// The most characters, or bytes, of the kinds that have such a limit. Others are left as they are.
    #[must_use]
    pub fn max_length(mut self, most: u32) -> Self {
        match &mut self.kind {
            Kind::Char { max_length }
            | Kind::Text { max_length }
            | Kind::Slug { max_length, .. }
            | Kind::Email { max_length }
            | Kind::Url { max_length }
            | Kind::Binary { max_length }
            | Kind::File { max_length, .. }
            | Kind::Image { max_length, .. }
            | Kind::FilePath { max_length, .. } => *max_length = Some(most),
            _ => {}
        }
        self
    }

    /// No limit of characters, or bytes, in the kinds that usually have one.
    #[must_use]
    pub fn no_max_length(mut self) -> Self {
        match &mut self.kind {
            Kind::Char { max_length }
            | Kind::Text { max_length }
            | Kind::Slug { max_length, .. }
            | Kind::Email { max_length }
            | Kind::Url { max_length }
            | Kind::Binary { max_length }
            | Kind::File { max_length, .. }
            | Kind::Image { max_length, .. }
            | Kind::FilePath { max_length, .. } => *max_length = None,
            _ => {}
        }
        self
    }

    /// Letters of all scripts in a slug.
    #[must_use]
    pub fn allow_unicode(mut self) -> Self {
        if let Kind::Slug { allow_unicode, .. } = &mut self.kind {
            *allow_unicode = true;
        }
        self
    }

    /// Which addresses are taken.
    #[must_use]
    pub fn protocol(mut self, which: IpProtocol) -> Self {
        if let Kind::GenericIpAddress { protocol, .. } = &mut self.kind {
            *protocol = which;
        }
        self
    }

    /// `::ffff:192.0.2.1` becomes `192.0.2.1`.
    #[must_use]
    pub fn unpack_ipv4(mut self) -> Self {
        if let Kind::GenericIpAddress { unpack_ipv4, .. } = &mut self.kind {
            *unpack_ipv4 = true;
        }
        self
    }

    /// Set at every save.
    #[must_use]
    pub fn auto_now(mut self) -> Self {
        if let Kind::Date { auto_now, .. } | Kind::DateTime { auto_now, .. } | Kind::Time { auto_now, .. } =
            &mut self.kind
        {
            *auto_now = true;
            (self.blank, self.editable) = (true, false);
        }
        self
    }

    /// Set when the row is made.
    #[must_use]
    pub fn auto_now_add(mut self) -> Self {
        if let Kind::Date { auto_now_add, .. } | Kind::DateTime { auto_now_add, .. } | Kind::Time { auto_now_add, .. } =
            &mut self.kind
        {
            *auto_now_add = true;
            (self.blank, self.editable) = (true, false);
        }
        self
    }

    /// The folder of the storage.
    #[must_use]
    pub fn upload_to(self, folder: &str) -> Self {
        self.upload_into(UploadTo::Path(folder.to_owned()))
    }

    /// The function that names the folder of the storage.
    #[must_use]
    pub fn upload_to_fn<T: Into<Value>, F: Fn() -> T + Send + Sync + 'static>(self, folder: F) -> Self {
        self.upload_into(UploadTo::Function(Function::of(folder)))
    }

    /// The folder of the storage, or the function that names it.
    #[must_use]
    pub fn upload_into(mut self, folder: UploadTo) -> Self {
        if let Kind::File { upload_to, .. } | Kind::Image { upload_to, .. } = &mut self.kind {
            *upload_to = folder;
        }
        self
    }

    /// The fields that keep an image's width and height.
    #[must_use]
    pub fn dimensions(mut self, width: Option<&str>, height: Option<&str>) -> Self {
        if let Kind::Image { width_field, height_field, .. } = &mut self.kind {
            *width_field = width.map(str::to_owned);
            *height_field = height.map(str::to_owned);
        }
        self
    }

    /// Which files below the folder may be chosen: names that match an expression, in folders below it too or not,
    /// files or not, folders or not.
    #[must_use]
    pub fn choosing(mut self, expression: Option<&str>, below: bool, files: bool, folders: bool) -> Self {
        if let Kind::FilePath { matching, recursive, allow_files, allow_folders, .. } = &mut self.kind {
            *matching = expression.map(str::to_owned);
            (*recursive, *allow_files, *allow_folders) = (below, files, folders);
        }
        self
    }

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

/// A constraint: no two rows with the same in these fields.
pub fn unique(name: &str, fields: &[&str]) -> Unique {
    Unique { name: name.to_owned(), fields: strings(fields), ..Unique::default() }
}

/// A constraint: no two rows with the same in these expressions.
pub fn unique_on(name: &str, expressions: impl Into<Vec<Expr>>) -> Unique {
    Unique { name: name.to_owned(), expressions: expressions.into(), ..Unique::default() }
}

/// A constraint: a condition that all rows meet.
pub fn check(name: &str, condition: Condition) -> Check {
    Check { name: name.to_owned(), condition, violation_error_message: None, violation_error_code: None }
}

impl From<Unique> for Constraint {
    fn from(unique: Unique) -> Self {
        Self::Unique(unique)
    }
}

impl From<Check> for Constraint {
    fn from(check: Check) -> Self {
        Self::Check(check)
    }
}

impl Check {
    /// The message for who breaks it.
    #[must_use]
    pub fn message(mut self, message: &str) -> Self {
        self.violation_error_message = Some(message.to_owned());
        self
    }

    /// The code for who breaks it.
    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.violation_error_code = Some(code.to_owned());
        self
    }
}

impl Unique {
    /// Which rows are meant.
    #[must_use]
    pub fn condition(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }

    /// When it is checked.
    #[must_use]
    pub fn deferrable(mut self, when: Deferrable) -> Self {
        self.deferrable = Some(when);
        self
    }

    /// Further fields that its index carries.
    #[must_use]
    pub fn include(mut self, fields: &[&str]) -> Self {
        self.include = strings(fields);
        self
    }

    /// Operator classes, one per field.
    #[must_use]
    pub fn opclasses(mut self, classes: &[&str]) -> Self {
        self.opclasses = strings(classes);
        self
    }

    /// Whether two nulls are different.
    #[must_use]
    pub fn nulls_distinct(mut self, yes: bool) -> Self {
        self.nulls_distinct = Some(yes);
        self
    }

    /// The message for who breaks it.
    #[must_use]
    pub fn message(mut self, message: &str) -> Self {
        self.violation_error_message = Some(message.to_owned());
        self
    }

    /// The code for who breaks it.
    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.violation_error_code = Some(code.to_owned());
        self
    }
}

impl Index {
    /// An index on expressions.
    pub fn on(expressions: impl Into<Vec<Expr>>) -> Self {
        Self { expressions: expressions.into(), ..index(&[]) }
    }

    /// Its name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Which rows are in it.
    #[must_use]
    pub fn condition(mut self, condition: Condition) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Further fields that it carries.
    #[must_use]
    pub fn include(mut self, fields: &[&str]) -> Self {
        self.include = strings(fields);
        self
    }

    /// Operator classes, one per field.
    #[must_use]
    pub fn opclasses(mut self, classes: &[&str]) -> Self {
        self.opclasses = strings(classes);
        self
    }

    /// How it is built.
    #[must_use]
    pub fn kind(mut self, kind: IndexKind) -> Self {
        self.kind = kind;
        self
    }
}

/// Options of a model, none of them said yet.
pub fn options() -> Options {
    Options::default()
}

macro_rules! option_texts {
    ($($name:ident, $doc:literal;)*) => {
        $(#[doc = $doc]
        #[must_use]
        pub fn $name(mut self, text: &str) -> Self {
            self.$name = Some(text.to_owned());
            self
        })*
    };
}

impl Options {
    option_texts! {
        db_table, "The table's name.";
        db_table_comment, "A comment in the database.";
        order_with_respect_to, "The key among whose rows an order is kept.";
        swappable, "The setting that names the model to use instead.";
        verbose_name, "What people call one.";
        verbose_name_plural, "What people call many.";
        base_manager_name, "The manager that relations use.";
        default_manager_name, "The manager that is used unless one is named.";
        default_related_name, "The name of ways back to this model.";
    }

    /// The order of rows where a query says none.
    #[must_use]
    pub fn ordering(mut self, fields: &[&str]) -> Self {
        self.ordering = strings(fields);
        self
    }

    /// Fields that are unique together; once for each rule.
    #[must_use]
    pub fn unique_together(mut self, fields: &[&str]) -> Self {
        self.unique_together.push(strings(fields));
        self
    }

    /// An index.
    #[must_use]
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    /// A constraint.
    #[must_use]
    pub fn constraint(mut self, constraint: impl Into<Constraint>) -> Self {
        self.constraints.push(constraint.into());
        self
    }

    /// It is another face of its base's table.
    #[must_use]
    pub fn proxy(mut self) -> Self {
        self.proxy = true;
        self
    }

    /// Migrations do not make its table.
    #[must_use]
    pub fn unmanaged(mut self) -> Self {
        self.managed = false;
        self
    }

    /// A permission besides the usual: codename and name.
    #[must_use]
    pub fn permission(mut self, codename: &str, name: &str) -> Self {
        self.permissions.push((codename.to_owned(), name.to_owned()));
        self
    }

    /// The usual permissions.
    #[must_use]
    pub fn default_permissions(mut self, verbs: &[&str]) -> Self {
        self.default_permissions = Some(strings(verbs));
        self
    }

    /// The fields by which `latest` and `earliest` choose.
    #[must_use]
    pub fn get_latest_by(mut self, fields: &[&str]) -> Self {
        self.get_latest_by = strings(fields);
        self
    }

    /// `save` looks before it writes.
    #[must_use]
    pub fn select_on_save(mut self) -> Self {
        self.select_on_save = true;
        self
    }

    /// The name that the model had before.
    #[must_use]
    pub fn renamed_from(mut self, name: &str) -> Self {
        self.renamed_from.0 = Some(name.to_owned());
        self
    }
}
