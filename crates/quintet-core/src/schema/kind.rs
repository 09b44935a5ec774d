//! The kinds of fields, each with the options that only it has.

use super::{Expr, Field, Function, ManyToMany, Relation};

/// The kind of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A 16-bit number that the database counts up.
    SmallAuto,
    /// A 32-bit number that the database counts up.
    Auto,
    /// A 64-bit number that the database counts up.
    BigAuto,
    /// Text in a line.
    Char {
        /// The most characters; without a limit on PostgreSQL only.
        max_length: Option<u32>,
    },
    /// Text of any length.
    Text {
        /// The most characters that forms and serializers take; the database does not check it.
        max_length: Option<u32>,
    },
    /// Letters, digits, hyphens and underscores.
    Slug {
        /// The most characters.
        max_length: Option<u32>,
        /// Letters of all scripts.
        allow_unicode: bool,
    },
    /// An e-mail address.
    Email {
        /// The most characters.
        max_length: Option<u32>,
    },
    /// A URL.
    Url {
        /// The most characters.
        max_length: Option<u32>,
    },
    /// An address of IPv4 or IPv6.
    GenericIpAddress {
        /// Which of the two.
        protocol: IpProtocol,
        /// Whether `::ffff:192.0.2.1` becomes `192.0.2.1`.
        unpack_ipv4: bool,
    },
    /// A 16-bit number.
    SmallInteger,
    /// A 32-bit number.
    Integer,
    /// A 64-bit number.
    BigInteger,
    /// A 16-bit number that is not negative.
    PositiveSmallInteger,
    /// A 32-bit number that is not negative.
    PositiveInteger,
    /// A 64-bit number that is not negative.
    PositiveBigInteger,
    /// A decimal number.
    Decimal {
        /// All digits.
        max_digits: Option<u32>,
        /// Those after the point.
        decimal_places: Option<u32>,
    },
    /// A floating-point number.
    Float,
    /// True or false.
    Boolean,
    /// A date.
    Date {
        /// Set at every save.
        auto_now: bool,
        /// Set when the row is made.
        auto_now_add: bool,
    },
    /// A moment.
    DateTime {
        /// Set at every save.
        auto_now: bool,
        /// Set when the row is made.
        auto_now_add: bool,
    },
    /// A time of day.
    Time {
        /// Set at every save.
        auto_now: bool,
        /// Set when the row is made.
        auto_now_add: bool,
    },
    /// A span of time.
    Duration,
    /// A UUID.
    Uuid,
    /// JSON.
    Json,
    /// Bytes.
    Binary {
        /// The most bytes.
        max_length: Option<u32>,
    },
    /// A file in the storage; the column holds its path.
    File {
        /// The folder.
        upload_to: UploadTo,
        /// The most characters of the path.
        max_length: Option<u32>,
    },
    /// An image in the storage; the column holds its path.
    Image {
        /// The folder.
        upload_to: UploadTo,
        /// The most characters of the path.
        max_length: Option<u32>,
        /// The field that keeps the width.
        width_field: Option<String>,
        /// The field that keeps the height.
        height_field: Option<String>,
    },
    /// The path of a file below a folder.
    FilePath {
        /// The folder.
        path: UploadTo,
        /// An expression that names match.
        matching: Option<String>,
        /// Folders below it too.
        recursive: bool,
        /// Whether files may be chosen.
        allow_files: bool,
        /// Whether folders may be chosen.
        allow_folders: bool,
        /// The most characters of the path.
        max_length: Option<u32>,
    },
    /// What the database computes from other columns.
    Generated {
        /// How.
        expression: Expr,
        /// As what.
        output: Box<Field>,
        /// Whether it is stored.
        db_persist: bool,
    },
    /// A primary key of several fields; has no column itself.
    CompositePrimaryKey {
        /// The fields.
        fields: Vec<String>,
    },
    /// A row of another model.
    ForeignKey(Relation),
    /// A row of another model, each at most once.
    OneToOne(Relation),
    /// Rows of another model; has no column here.
    ManyToMany(ManyToMany),
    /// The place of a row among those with the same parent; added by `order_with_respect_to`.
    OrderWrt,
}

/// Which addresses a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IpProtocol {
    /// Both.
    #[default]
    Both,
    /// IPv4 only.
    Ipv4,
    /// IPv6 only.
    Ipv6,
}

/// A folder of the storage, or the function that names one.
#[derive(Clone, Debug, PartialEq)]
pub enum UploadTo {
    /// A path, which may contain the directives of `strftime`.
    Path(String),
    /// A function.
    Function(Function),
}

impl Kind {
    /// The name of the reference's class: `CharField`.
    pub fn class(&self) -> &'static str {
        match self {
            Self::SmallAuto => "SmallAutoField",
            Self::Auto => "AutoField",
            Self::BigAuto => "BigAutoField",
            Self::Char { .. } => "CharField",
            Self::Text { .. } => "TextField",
            Self::Slug { .. } => "SlugField",
            Self::Email { .. } => "EmailField",
            Self::Url { .. } => "URLField",
            Self::GenericIpAddress { .. } => "GenericIPAddressField",
            Self::SmallInteger => "SmallIntegerField",
            Self::Integer => "IntegerField",
            Self::BigInteger => "BigIntegerField",
            Self::PositiveSmallInteger => "PositiveSmallIntegerField",
            Self::PositiveInteger => "PositiveIntegerField",
            Self::PositiveBigInteger => "PositiveBigIntegerField",
            Self::Decimal { .. } => "DecimalField",
            Self::Float => "FloatField",
            Self::Boolean => "BooleanField",
            Self::Date { .. } => "DateField",
            Self::DateTime { .. } => "DateTimeField",
            Self::Time { .. } => "TimeField",
            Self::Duration => "DurationField",
            Self::Uuid => "UUIDField",
            Self::Json => "JSONField",
            Self::Binary { .. } => "BinaryField",
            Self::File { .. } => "FileField",
            Self::Image { .. } => "ImageField",
            Self::FilePath { .. } => "FilePathField",
            Self::Generated { .. } => "GeneratedField",
            Self::CompositePrimaryKey { .. } => "CompositePrimaryKey",
            Self::ForeignKey(_) => "ForeignKey",
            Self::OneToOne(_) => "OneToOneField",
            Self::ManyToMany(_) => "ManyToManyField",
            Self::OrderWrt => "OrderWrt",
        }
    }

    /// Whether the database counts it up.
    pub fn is_auto(&self) -> bool {
        matches!(self, Self::SmallAuto | Self::Auto | Self::BigAuto)
    }

    /// The foreign key or one-to-one relation that it is.
    pub fn relation(&self) -> Option<&Relation> {
        match self {
            Self::ForeignKey(relation) | Self::OneToOne(relation) => Some(relation),
            _ => None,
        }
    }

    /// The same, to change it.
    pub fn relation_mut(&mut self) -> Option<&mut Relation> {
        match self {
            Self::ForeignKey(relation) | Self::OneToOne(relation) => Some(relation),
            _ => None,
        }
    }

    /// The many-to-many relation that it is.
    pub fn many_to_many(&self) -> Option<&ManyToMany> {
        match self {
            Self::ManyToMany(many) => Some(many),
            _ => None,
        }
    }

    /// Whether the empty string stands for nothing: text of all kinds, and bytes.
    pub fn empty_strings_allowed(&self) -> bool {
        matches!(
            self,
            Self::Char { .. }
                | Self::Text { .. }
                | Self::Slug { .. }
                | Self::Email { .. }
                | Self::Url { .. }
                | Self::Binary { .. }
                | Self::File { .. }
                | Self::Image { .. }
                | Self::FilePath { .. }
        )
    }
}
