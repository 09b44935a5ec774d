//! Fields by family; each optional, so that one can be tried at a time.

use std::collections::BTreeMap;

use chrono_tz::Australia::Lord_Howe as LORD_HOWE;
use chrono_tz::Europe::Berlin as BERLIN;
use quintet::prelude::*;
use quintet::serializers::Choice;
use quintet::serializers::{Datum, DefaultValue, IpProtocol, Rounding, Upload, UuidFormat};

use super::kinds::{Any, Chosen, ChosenSome, Integer, OfGroups, Shown, SomeOfGroups, Store, Whole};

const MINUTE: Duration = Duration::seconds(60);
const HOUR: Duration = Duration::seconds(3600);

#[derive(Serializer)]
pub struct TextFields {
    #[field(required = false)]
    pub plain: String,
    #[field(min_length = 2, max_length = 5, required = false)]
    pub short: String,
    #[field(allow_blank, required = false)]
    pub blank: String,
    #[field(allow_null, max_length = 3, required = false)]
    pub null: String,
    #[field(allow_blank, allow_null, min_length = 2, required = false)]
    pub both: String,
    #[field(trim_whitespace = false, max_length = 4, required = false)]
    pub raw: String,
    #[field(
        max_length = 3,
        error_messages(
            max_length = "Longer than {max_length}.",
            blank = "Write.",
            null = "No null.",
            invalid = "Text!"
        ),
        required = false
    )]
    pub told: String,
    #[field(regex = r"^[a-z]{2}-\d+$", max_length = 8, required = false)]
    pub regex: String,
    #[field(regex = r"b.d", error_messages(invalid = "No bed in it."), required = false)]
    pub found: String,
    #[field(max_length = 20, required = false)]
    pub email: Email,
    #[field(min_length = 2, required = false)]
    pub slug: Slug,
    #[field(allow_unicode, allow_blank, required = false)]
    pub wide_slug: Slug,
    #[field(max_length = 40, required = false)]
    pub url: Url,
    #[field(required = false)]
    pub ip: IpAddr,
    #[field(protocol = IpProtocol::Ipv4, required = false)]
    pub ip4: IpAddr,
    #[field(protocol = IpProtocol::Ipv6, allow_null, required = false)]
    pub ip6: IpAddr,
    #[field(required = false)]
    pub uuid: Uuid,
    #[field(uuid_format = UuidFormat::Hex, required = false)]
    pub uuid_hex: Uuid,
    #[field(uuid_format = UuidFormat::Int, required = false)]
    pub uuid_int: Uuid,
    #[field(uuid_format = UuidFormat::Urn, required = false)]
    pub uuid_urn: Uuid,
}

#[derive(Serializer)]
pub struct NumberFields {
    #[field(min_value = -10, max_value = 10, required = false)]
    pub integer: Integer,
    #[field(max_value = 3, error_messages(max_value = "Over {max_value}.", invalid = "Count!"), required = false)]
    pub told: Integer,
    #[field(allow_null, required = false)]
    pub null: Integer,
    #[field(coerce_to_string, required = false)]
    pub big: Whole,
    #[field(min_value = 0, required = false)]
    pub big_plain: Whole,
    #[field(min_value = -1.5, max_value = 2, allow_null, required = false)]
    pub floating: f64,
    #[field(max_digits = 5, decimal_places = 2, required = false)]
    pub decimal: Decimal,
    #[field(max_digits = 4, decimal_places = 1, min_value = Decimal::new(-15, 1), max_value = 10, required = false)]
    pub between: Decimal,
    #[field(max_digits = 5, decimal_places = 2, coerce_to_string = false, required = false)]
    pub number: Decimal,
    #[field(max_digits = 5, decimal_places = 1, rounding = Rounding::HalfUp, required = false)]
    pub half_up: Decimal,
    #[field(max_digits = 5, decimal_places = 1, rounding = Rounding::Down, required = false)]
    pub down: Decimal,
    #[field(max_digits = 6, decimal_places = 2, rounding = Rounding::HalfEven, required = false)]
    pub half_even: Decimal,
    #[field(allow_null, required = false)]
    pub free: Decimal,
    #[field(max_digits = 8, decimal_places = 4, normalize_output, required = false)]
    pub normal: Decimal,
    #[field(required = false)]
    pub boolean: bool,
    #[field(allow_null, required = false)]
    pub boolean_null: bool,
    #[field(error_messages(invalid = "Yes or no?"), required = false)]
    pub boolean_told: bool,
}

#[derive(Serializer)]
pub struct MomentFields {
    #[field(allow_null, required = false)]
    pub at: DateTime,
    #[field(format = "%d/%m/%Y %H:%M:%S %z", required = false)]
    pub at_written: DateTime,
    #[field(input_formats = ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z"], required = false)]
    pub at_read: DateTime,
    #[field(required = false)]
    pub at_raw: DateTime,
    #[field(default_timezone = LORD_HOWE, required = false)]
    pub at_howe: DateTime,
    #[field(default_timezone = BERLIN, required = false)]
    pub at_berlin: DateTime,
    #[field(required = false)]
    pub at_naive: DateTime,
    #[field(allow_null, required = false)]
    pub day: Date,
    #[field(format = "%A %d %B %Y", required = false)]
    pub day_written: Date,
    #[field(input_formats = ["%d.%m.%y", "%b %d, %Y"], required = false)]
    pub day_read: Date,
    #[field(format = "%Y%m%d", input_formats = ["iso-8601", "%m/%d/%Y"], required = false)]
    pub day_both: Date,
    #[field(allow_null, required = false)]
    pub hour: Time,
    #[field(format = "%I:%M %p", required = false)]
    pub hour_written: Time,
    #[field(input_formats = ["%I:%M %p", "%H.%M"], required = false)]
    pub hour_read: Time,
    #[field(min_value = MINUTE, max_value = HOUR, required = false)]
    pub span: Duration,
    #[field(format = "iso-8601", required = false)]
    pub span_iso: Duration,
    #[field(allow_null, required = false)]
    pub span_null: Duration,
}

pub(super) fn grouped() -> Vec<Choice> {
    let one = |value: &str, label: &str| (value.into(), label.to_owned());
    vec![
        Choice::Group("Warm".to_owned(), vec![one("r", "Red"), one("o", "Orange")]),
        Choice::Group("Cold".to_owned(), vec![one("b", "Blue")]),
        Choice::One("x".into(), "None of them".to_owned()),
    ]
}

#[derive(Serializer)]
pub struct ChoiceFields {
    #[field(choices = ["a", "b"], required = false)]
    pub letters: Chosen,
    #[field(required = false)]
    pub grouped: OfGroups,
    #[field(choices = [(1, "One"), (2, "Two"), (-1, "Minus")], required = false)]
    pub numbers: Chosen,
    #[field(choices = [(true, "Yes"), (false, "No")], required = false)]
    pub truths: Chosen,
    #[field(choices = ["a"], allow_blank, required = false)]
    pub blank: Chosen,
    #[field(choices = ["a"], allow_null, required = false)]
    pub null: Chosen,
    #[field(choices = ["a"], error_messages(invalid_choice = "Not {input}, please."), required = false)]
    pub told: Chosen,
    #[field(choices = ["c", "a", "b"], required = false)]
    pub many: ChosenSome,
    #[field(allow_empty = false, required = false)]
    pub many_one: SomeOfGroups,
    #[field(choices = [(1, "One"), (2, "Two")], allow_null, required = false)]
    pub many_numbers: ChosenSome,
}

#[derive(Serializer)]
pub struct Pair {
    #[field(max_value = 9)]
    pub left: Integer,
    #[field(max_length = 2, required = false)]
    pub right: String,
}

#[derive(Serializer)]
pub struct Composites {
    #[field(required = false)]
    pub words: Vec<Any>,
    #[field(child(min_value = 0), min_length = 1, max_length = 3, required = false)]
    pub ints: Vec<Integer>,
    #[field(child(max_length = 2, allow_null), allow_empty = false, allow_null, required = false)]
    pub some: Vec<String>,
    #[field(child(max_length = 2), required = false)]
    pub matrix: Vec<Vec<Integer>>,
    #[field(required = false)]
    pub days: Vec<Date>,
    #[field(list_field, required = false)]
    pub pairs: Vec<Pair>,
    #[field(child(max_value = 5), required = false)]
    pub table: BTreeMap<String, Integer>,
    #[field(allow_empty = false, required = false)]
    pub any_table: BTreeMap<String, Any>,
    #[field(required = false)]
    pub lists: BTreeMap<String, Vec<bool>>,
    #[field(required = false)]
    pub store: Store,
    #[field(required = false)]
    pub json: Json,
    #[field(allow_null, required = false)]
    pub json_null: Json,
    #[field(binary, required = false)]
    pub json_text: Json,
    #[field(required = false)]
    pub pair: Pair,
    #[field(allow_null, required = false)]
    pub pair_null: Pair,
    #[field(min_length = 1, max_length = 2, required = false)]
    pub pair_list: Vec<Pair>,
    #[field(allow_empty = false, allow_null, required = false)]
    pub pair_some: Vec<Pair>,
}

/// Required, of every kind, for input that lacks everything.
#[derive(Serializer)]
pub struct CalmFields {
    pub text: String,
    pub number: Integer,
    pub real: f64,
    #[field(max_digits = 5, decimal_places = 2)]
    pub money: Decimal,
    pub flag: bool,
    pub at: DateTime,
    pub day: Date,
    pub hour: Time,
    pub span: Duration,
    pub uuid: Uuid,
    pub ip: IpAddr,
    #[field(choices = ["a", "b"])]
    pub letter: Chosen,
    #[field(choices = ["a", "b"])]
    pub letters: ChosenSome,
    pub ints: Vec<Integer>,
    pub table: BTreeMap<String, Integer>,
    pub json: Json,
    pub pair: Pair,
    pub pairs: Vec<Pair>,
    pub upload: Upload,
}

/// Fields that are there though they were not given.
#[derive(Serializer)]
pub struct Defaults {
    #[field(default = "anew")]
    pub text: String,
    #[field(default = DefaultValue::Value(Datum::NULL), allow_null)]
    pub null: Integer,
    #[field(default = DefaultValue::Value(Datum::List(vec![])))]
    pub called: Vec<Integer>,
    #[field(default = true)]
    pub flag: bool,
    #[field(hidden, default = "unseen")]
    pub hidden: String,
    #[field(label = "Needed text", help_text = "Write it.", initial = "start")]
    pub needed: String,
    #[field(write_only, required = false)]
    pub secret: String,
    #[field(default = "stays")]
    pub fixed: Shown,
    #[field(read_only, default = "shown")]
    pub shown: String,
    #[field(method = length)]
    pub method: usize,
    #[field(method = named)]
    pub named: Json,
}

fn length(data: &Changes<Defaults>) -> usize {
    data.get(|it| it.text()).map_or(0, |text| text.chars().count())
}

fn named(data: &Changes<Defaults>) -> Json {
    let needed = data.get(|it| it.needed()).unwrap_or_default();
    json!({ "of": needed.to_uppercase() })
}
