//! The words in which migrations and derives describe models: `char(100).null().blank()`.

mod constraints;
mod expressions;
mod fields;
mod kinds;
mod options;
mod relations;
mod rules;

pub use constraints::{check, index, unique, unique_on};
pub use expressions::{
    all_of, any_of, bytes_value, case, combined, date_time_value, date_value, dec, duration_value, f, func, holds,
    json_value, list, lower, not, now, null, odd_of, q, raw, time_value, truth_of, upper, uuid_value, value,
};
pub use kinds::{
    auto, big_auto, big_integer, binary, boolean, char, composite_primary_key, date, date_time, decimal, duration,
    email, file, file_path, file_path_fn, float, generated, generic_ip_address, image, integer, json, open_decimal,
    order_wrt, positive_big_integer, positive_integer, positive_small_integer, slug, small_auto, small_integer, text,
    time, unlimited_char, url, uuid,
};
pub use options::options;
pub use relations::{foreign_key, many_to_many, one_to_one, set, set_with, user_model};
pub use rules::{file_extension_rule, function, function_rule, regex_rule, url_rule};

pub(super) fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
