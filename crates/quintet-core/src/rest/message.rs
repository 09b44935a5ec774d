//! What fields say of what they do not take: the reference's texts by class and code.

use super::{Field, Problem};

/// The texts, by class and code. A class that has none for a code has that of the class above it.
pub const MESSAGES: &[(&str, &str, &str)] = &[
    ("Field", "required", "This field is required."),
    ("Field", "null", "This field may not be null."),
    ("BooleanField", "invalid", "Must be a valid boolean."),
    ("CharField", "invalid", "Not a valid string."),
    ("CharField", "blank", "This field may not be blank."),
    ("CharField", "max_length", "Ensure this field has no more than {max_length} characters."),
    ("CharField", "min_length", "Ensure this field has at least {min_length} characters."),
    ("EmailField", "invalid", "Enter a valid email address."),
    ("RegexField", "invalid", "This value does not match the required pattern."),
    ("SlugField", "invalid", "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens."),
    (
        "SlugField",
        "invalid_unicode",
        "Enter a valid \"slug\" consisting of Unicode letters, numbers, underscores, or hyphens.",
    ),
    ("URLField", "invalid", "Enter a valid URL."),
    ("UUIDField", "invalid", "Must be a valid UUID."),
    ("IPAddressField", "invalid", "Enter a valid IPv4 or IPv6 address."),
    ("IntegerField", "invalid", "A valid integer is required."),
    ("IntegerField", "max_value", "Ensure this value is less than or equal to {max_value}."),
    ("IntegerField", "min_value", "Ensure this value is greater than or equal to {min_value}."),
    ("IntegerField", "max_string_length", "String value too large."),
    ("BigIntegerField", "invalid", "A valid biginteger is required."),
    ("BigIntegerField", "max_value", "Ensure this value is less than or equal to {max_value}."),
    ("BigIntegerField", "min_value", "Ensure this value is greater than or equal to {min_value}."),
    ("BigIntegerField", "max_string_length", "String value too large."),
    ("FloatField", "invalid", "A valid number is required."),
    ("FloatField", "max_value", "Ensure this value is less than or equal to {max_value}."),
    ("FloatField", "min_value", "Ensure this value is greater than or equal to {min_value}."),
    ("FloatField", "max_string_length", "String value too large."),
    ("FloatField", "overflow", "Integer value too large to convert to float"),
    ("DecimalField", "invalid", "A valid number is required."),
    ("DecimalField", "max_value", "Ensure this value is less than or equal to {max_value}."),
    ("DecimalField", "min_value", "Ensure this value is greater than or equal to {min_value}."),
    ("DecimalField", "max_digits", "Ensure that there are no more than {max_digits} digits in total."),
    ("DecimalField", "max_decimal_places", "Ensure that there are no more than {max_decimal_places} decimal places."),
    (
        "DecimalField",
        "max_whole_digits",
        "Ensure that there are no more than {max_whole_digits} digits before the decimal point.",
    ),
    ("DecimalField", "max_string_length", "String value too large."),
    ("DateTimeField", "invalid", "Datetime has wrong format. Use one of these formats instead: {format}."),
    ("DateTimeField", "date", "Expected a datetime but got a date."),
    ("DateTimeField", "make_aware", "Invalid datetime for the timezone \"{timezone}\"."),
    ("DateTimeField", "overflow", "Datetime value out of range."),
    ("DateField", "invalid", "Date has wrong format. Use one of these formats instead: {format}."),
    ("DateField", "datetime", "Expected a date but got a datetime."),
    ("TimeField", "invalid", "Time has wrong format. Use one of these formats instead: {format}."),
    ("DurationField", "invalid", "Duration has wrong format. Use one of these formats instead: {format}."),
    ("DurationField", "max_value", "Ensure this value is less than or equal to {max_value}."),
    ("DurationField", "min_value", "Ensure this value is greater than or equal to {min_value}."),
    ("DurationField", "overflow", "The number of days must be between {min_days} and {max_days}."),
    ("ChoiceField", "invalid_choice", "\"{input}\" is not a valid choice."),
    ("MultipleChoiceField", "invalid_choice", "\"{input}\" is not a valid choice."),
    ("MultipleChoiceField", "not_a_list", "Expected a list of items but got type \"{input_type}\"."),
    ("MultipleChoiceField", "empty", "This selection may not be empty."),
    ("FilePathField", "invalid_choice", "\"{input}\" is not a valid path choice."),
    ("FileField", "required", "No file was submitted."),
    ("FileField", "invalid", "The submitted data was not a file. Check the encoding type on the form."),
    ("FileField", "no_name", "No filename could be determined."),
    ("FileField", "empty", "The submitted file is empty."),
    ("FileField", "max_length", "Ensure this filename has at most {max_length} characters (it has {length})."),
    (
        "ImageField",
        "invalid_image",
        "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
    ),
    ("ListField", "not_a_list", "Expected a list of items but got type \"{input_type}\"."),
    ("ListField", "empty", "This list may not be empty."),
    ("ListField", "min_length", "Ensure this field has at least {min_length} elements."),
    ("ListField", "max_length", "Ensure this field has no more than {max_length} elements."),
    ("DictField", "not_a_dict", "Expected a dictionary of items but got type \"{input_type}\"."),
    ("DictField", "empty", "This dictionary may not be empty."),
    ("JSONField", "invalid", "Value must be valid JSON."),
    ("ModelField", "max_length", "Ensure this field has no more than {max_length} characters."),
    ("PrimaryKeyRelatedField", "required", "This field is required."),
    ("PrimaryKeyRelatedField", "does_not_exist", "Invalid pk \"{pk_value}\" - object does not exist."),
    ("PrimaryKeyRelatedField", "incorrect_type", "Incorrect type. Expected pk value, received {data_type}."),
    ("SlugRelatedField", "does_not_exist", "Object with {slug_name}={value} does not exist."),
    ("SlugRelatedField", "invalid", "Invalid value."),
    ("HyperlinkedRelatedField", "required", "This field is required."),
    ("HyperlinkedRelatedField", "no_match", "Invalid hyperlink - No URL match."),
    ("HyperlinkedRelatedField", "incorrect_match", "Invalid hyperlink - Incorrect URL match."),
    ("HyperlinkedRelatedField", "does_not_exist", "Invalid hyperlink - Object does not exist."),
    ("HyperlinkedRelatedField", "incorrect_type", "Incorrect type. Expected URL string, received {data_type}."),
    ("ManyRelatedField", "not_a_list", "Expected a list of items but got type \"{input_type}\"."),
    ("ManyRelatedField", "empty", "This list may not be empty."),
    ("Serializer", "invalid", "Invalid data. Expected a dictionary, but got {datatype}."),
    ("ListSerializer", "not_a_list", "Expected a list of items but got type \"{input_type}\"."),
    ("ListSerializer", "empty", "This list may not be empty."),
    ("ListSerializer", "max_length", "Ensure this field has no more than {max_length} elements."),
    ("ListSerializer", "min_length", "Ensure this field has at least {min_length} elements."),
];

/// The class whose texts a class has where it has none of its own.
fn parent(class: &str) -> Option<&'static str> {
    match class {
        "EmailField" | "RegexField" | "SlugField" | "URLField" | "IPAddressField" => Some("CharField"),
        "MultipleChoiceField" | "FilePathField" => Some("ChoiceField"),
        "ImageField" => Some("FileField"),
        "HStoreField" => Some("DictField"),
        "HyperlinkedIdentityField" => Some("HyperlinkedRelatedField"),
        "Field" => None,
        _ => Some("Field"),
    }
}

/// The usual text of a class for a code.
fn usual(class: &'static str, code: &str) -> &'static str {
    let mut next = Some(class);
    while let Some(class) = next {
        if let Some((_, _, text)) = MESSAGES.iter().find(|(known, of, _)| *known == class && *of == code) {
            return text;
        }
        next = parent(class);
    }
    "Invalid value."
}

impl Field {
    /// What it says for a code: its own text or the usual one.
    pub fn message(&self, code: &str) -> &str {
        let own = self.messages.iter().rev().find(|(known, _)| known == code);
        own.map_or_else(|| usual(self.kind.class(), code), |(_, text)| text)
    }

    /// What is wrong, by a code of its class, with the places of the text filled: `{max_length}`.
    pub fn problem(&self, code: &'static str, places: &[(&str, &str)]) -> Problem {
        Problem::new(code, filled(self.message(code), places))
    }
}

/// A text with its places filled: `{max_length}`.
pub(super) fn filled(text: &str, places: &[(&str, &str)]) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(start);
        whole.push_str(before);
        let place = from.strip_prefix('{').and_then(|after| after.split_once('}'));
        let known = place.and_then(|(name, after)| Some((places.iter().find(|(known, _)| *known == name)?.1, after)));
        rest = match known {
            Some((value, after)) => {
                whole.push_str(value);
                after
            }
            // Doubled braces are one; others stay.
            None => {
                whole.push_str(&from[..1]);
                from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")).unwrap_or(&from[1..])
            }
        };
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_doubled_braces_are_one() {
        let places = [("n", "3"), ("m", "{n}")];
        assert_eq!(filled("{n} and {m}, {{n}}, {other}", &places), "3 and {n}, {n}, {other}");
    }
}
