//! The words that attributes are written in: `condition = q("status", "live")`, `validators = [min_value(1)]`.
//!
//! Inside such an attribute they need no `use`.

pub use quintet_core::schema::{
    Condition, Expr, Value,
    words::{
        all_of, any_of, case, dec, f, func, holds, list, lower, not, now, null, odd_of, q, raw, truth_of, upper, value,
    },
};
use quintet_core::schema::{Rule, Validator};

macro_rules! rules {
    ($($name:ident($($argument:ident: $type:ty),*) => $rule:expr, $doc:literal;)*) => {
        $(#[doc = $doc]
        pub fn $name($($argument: $type),*) -> Validator {
            Validator::new($rule)
        })*
    };
}

rules! {
    min_value(least: impl Into<Value>) => Rule::MinValue(least.into()), "At least this.";
    max_value(most: impl Into<Value>) => Rule::MaxValue(most.into()), "At most this.";
    step_value(step: impl Into<Value>) => Rule::StepValue(step.into(), None), "A multiple of this.";
    step_value_from(step: impl Into<Value>, offset: impl Into<Value>) => Rule::StepValue(step.into(), Some(offset.into())), "A multiple of this, counted from an offset.";
    min_length(least: u32) => Rule::MinLength(least), "At least so many characters.";
    max_length(most: u32) => Rule::MaxLength(most), "At most so many characters.";
    regex(pattern: &str) => Rule::Regex { pattern: pattern.to_owned(), inverse: false, flags: 0 }, "A match of an expression.";
    no_regex(pattern: &str) => Rule::Regex { pattern: pattern.to_owned(), inverse: true, flags: 0 }, "No match of an expression.";
    email() => Rule::Email, "An e-mail address.";
    url() => Rule::Url(vec![]), "A URL.";
    url_with(schemes: &[&str]) => Rule::Url(owned(schemes)), "A URL with one of these schemes.";
    slug() => Rule::Slug, "Letters, digits, hyphens and underscores.";
    unicode_slug() => Rule::UnicodeSlug, "The same with letters of all scripts.";
    ipv4() => Rule::Ipv4, "An IPv4 address.";
    ipv6() => Rule::Ipv6, "An IPv6 address.";
    ipv46() => Rule::Ipv46, "An address of either kind.";
    comma_separated_integers() => Rule::CommaSeparatedIntegers, "Whole numbers with commas between them.";
    digits(all: u32, after_the_point: u32) => Rule::Decimal(all, after_the_point), "So many digits, so many of them after the point.";
    file_extension(ends: &[&str]) => Rule::FileExtension(owned(ends)), "A file's name with one of these ends.";
    image_extension() => Rule::FileExtension(vec![]), "A file's name with one of the ends of images.";
    no_null_characters() => Rule::NoNullCharacters, "No null characters.";
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
