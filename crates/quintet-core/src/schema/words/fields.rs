//! What is said of a field of any kind, or of some: `char(100).null().blank()`.

use crate::schema::{
    Choice, Expr, Field, Function, Initial, IpProtocol, Kind, NamesFiles, Rule, UploadTo, Validator, Value,
};

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
    pub fn validator(mut self, validator: impl Into<Validator>) -> Self {
        self.validators.push(validator.into());
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

    /// The function that names the folder of the storage, or the whole file by its row.
    #[must_use]
    pub fn upload_to_fn<Way>(self, folder: impl NamesFiles<Way>) -> Self {
        self.upload_into(UploadTo::Function(folder.named()))
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
}
