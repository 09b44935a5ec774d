//! JSON text as the reference writes it into SQLite: with spaces after signs, and in ASCII.

use serde_json::Value;

/// Whether a text is JSON, or why not.
pub(super) fn checked(text: &str) -> Result<(), String> {
    serde_json::from_str::<Value>(text).map(drop).map_err(|error| error.to_string())
}

/// A text as JSON.
pub(super) fn text(text: &str) -> String {
    write(&Value::from(text))
}

/// A JSON text in the reference's form; one that is no JSON stays as it is.
pub(super) fn as_reference(text: &str) -> String {
    serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |value| write(&value))
}

/// A number as the reference writes it.
pub(super) fn float(number: f64) -> String {
    let text = format!("{number:?}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{}e{sign}{digits:0>2}", mantissa.strip_suffix(".0").unwrap_or(mantissa))
}

fn write(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(number) => float(number),
            None => number.to_string(),
        },
        Value::String(text) => quoted(text),
        Value::Array(values) => format!("[{}]", values.iter().map(write).collect::<Vec<_>>().join(", ")),
        Value::Object(pairs) => {
            let pair = |(key, value): (&String, &Value)| format!("{}: {}", quoted(key), write(value));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// A text in quotes, as the JSON writer has it, and what is not ASCII as escapes.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in Value::from(text).to_string().chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_written_as_the_reference_writes_it() {
        let text = r#"{"b":[1,2.50,1e22,0.00001,true,null],"ä":"€\u0001\n/😀"}"#;
        let wanted = r#"{"b": [1, 2.5, 1e+22, 1e-05, true, null], "\u00e4": "\u20ac\u0001\n/\ud83d\ude00"}"#;
        assert_eq!(as_reference(text), wanted);
    }
}
