//! What a type of a field takes and needs, as bits, so that a wrong attribute does not compile.

/// A set of attributes.
pub type Aspects = u32;

macro_rules! aspects {
    ($($name:ident = $bit:literal, $takes:literal;)*) => {
        $(#[doc = concat!("Bit ", $bit, ".")]
        pub const $name: Aspects = 1 << $bit;)*

        /// What is said where a type does not take an attribute.
        pub(crate) const fn refusal(aspect: Aspects) -> &'static str {
            match aspect {
                $($name => $takes,)*
                _ => "this type does not take the attribute",
            }
        }
    };
}

aspects! {
    MAX_LENGTH = 0, "`max_length` is for text, bytes, files and choices of text";
    DIGITS = 1, "`max_digits` and `decimal_places` are for `Decimal`";
    DECIMAL_PLACES = 2, "`max_digits` and `decimal_places` are for `Decimal`";
    AUTO_NOW = 3, "`auto_now` and `auto_now_add` are for `Date`, `DateTime` and `Time`";
    ON_DELETE = 4, "`on_delete` is for `ForeignKey` and `OneToOne`";
    RELATED = 5, "this attribute is for `ForeignKey`, `OneToOne` and `ManyToMany`";
    TO_FIELD = 6, "`to_field` and `parent_link` are for `ForeignKey` and `OneToOne`";
    MANY = 7, "this attribute is for `ManyToMany`";
    UPLOAD_TO = 8, "`upload_to` is for `File` and `Image`";
    DIMENSIONS = 9, "`width_field` and `height_field` are for `Image`";
    PATH = 10, "this attribute is for `FilePath`";
    ADDRESS = 11, "`protocol` and `unpack_ipv4` are for `IpAddr`";
    ALLOW_UNICODE = 12, "`allow_unicode` is for `Slug`";
    EXPRESSION = 13, "`expression` and `db_persist` are for `Generated`";
    DB_COLLATION = 14, "`db_collation` is for text";
    NULL = 15, "this field cannot be null";
    PRIMARY_KEY = 16, "this type cannot be a primary key: a key is one column and never null\nhint: leave `Option` out, or choose another field";
    AUTO = 17, "a field named `id` is the primary key\nhint: make it a `BigAuto`, or say so: `#[field(primary_key)]`";
    FLAT = 18, "`unique_for_date`, `unique_for_month` and `unique_for_year` are for fields with a column";
    FILE_CHOICE = 19, "this attribute is for `FilePath`";
    // Needed by an `Option` around what can be none, and given by nothing.
    NO_OPTION = 20, "nothing gives this";
}

/// What is said where something is missing.
pub(crate) const fn missing(aspect: Aspects) -> &'static str {
    if aspect & NO_OPTION != 0 {
        "`Option` goes around a type with a column of its own, once\n\
         hint: leave it out around `ManyToMany`, `Parent`, a number that the database counts up, or another `Option`"
    } else if aspect & ON_DELETE != 0 {
        "a key says what happens to this row when the other goes\n\
         hint: `#[field(on_delete = cascade)]`, or `protect`, `restrict`, `set_null`, `set_default`, `set(value)`, `set_with(function)`, `do_nothing`"
    } else if aspect & MAX_LENGTH != 0 {
        "text in a line has a longest length\n\
         hint: `#[field(max_length = 100)]`, `max_length = unlimited` (PostgreSQL only), or the type `Text`"
    } else if aspect & (DIGITS | DECIMAL_PLACES) != 0 {
        "a decimal number says how many digits it has\nhint: `#[field(max_digits = 8, decimal_places = 2)]`"
    } else if aspect & PATH != 0 {
        "the path of a file is below a folder\nhint: `#[field(path = \"/srv/files\")]`"
    } else if aspect & EXPRESSION != 0 {
        "a generated column is computed\nhint: `#[field(expression = f(\"price\") * 2, db_persist = true)]`"
    } else {
        "a number that the database counts up is a primary key\nhint: `#[field(primary_key)]`, or another type: `i64`"
    }
}
