//! A value between the quotation marks of a format. What a format cannot hold there is refused.

use super::Unfit;

/// For an error: what the value is, which file it is for, and the value.
pub(super) type Named<'a> = (&'a str, &'a str);

/// A JSON text: in instructions of a Dockerfile that are a list, and as a text of YAML.
pub(super) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A path in a list of a Dockerfile. Docker looks for variables there, so neither `$` nor `\` is one of its characters.
pub(super) fn docker_path((what, path): Named<'_>) -> Result<String, Unfit> {
    let bad = |letter: char| letter.is_control() || r#"$\"'`*?[]"#.contains(letter);
    fit((what, path), bad, "cannot stand in a Dockerfile")?;
    Ok(json(path))
}

/// A text of a compose file, in which `$` would begin a variable.
pub(super) fn compose(text: &str) -> String {
    json(&text.replace('$', "$$"))
}

/// A path of a setting of systemd: `%` would begin one of its names.
pub(super) fn systemd_path((what, path): Named<'_>) -> Result<String, Unfit> {
    let bad = |letter: char| letter.is_control() || r#"$\"'"#.contains(letter);
    fit((what, path), bad, "cannot stand in a unit of systemd")?;
    Ok(format!("\"{}\"", path.replace('%', "%%")))
}

/// A text of nginx. A `$` would begin a variable there, and there is no way to write one that does not.
pub(super) fn nginx((what, text): Named<'_>) -> Result<String, Unfit> {
    let bad = |letter: char| letter.is_control() || r#"$\"'"#.contains(letter);
    fit((what, text), bad, "cannot stand in a site of nginx")?;
    Ok(format!("\"{text}\""))
}

/// The name of a variable, as a shell and a compose file have it.
pub(super) fn variable(name: &str) -> Result<&str, Unfit> {
    let is_first = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    let is_fit = name.starts_with(is_first) && name.chars().all(|letter| is_first(letter) || letter.is_ascii_digit());
    let what = "a variable that the settings read".to_owned();
    if is_fit { Ok(name) } else { Err(Unfit { what, value: name.to_owned(), why: "no shell can set" }) }
}

fn fit((what, value): Named<'_>, bad: impl Fn(char) -> bool, why: &'static str) -> Result<(), Unfit> {
    match value.chars().any(bad) {
        true => Err(Unfit { what: what.to_owned(), value: value.to_owned(), why }),
        false => Ok(()),
    }
}
