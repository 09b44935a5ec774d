//! Fields by their kinds: `char(100)`, `decimal(8, 2)`.

use super::strings;
use crate::schema::{Expr, Field, Function, IpProtocol, Kind, UploadTo, Value};

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
