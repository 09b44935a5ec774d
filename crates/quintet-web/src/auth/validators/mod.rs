//! What a password must be, where somebody chooses one; by the reference's rules and in its words.
//!
//! Pure functions of a password and of what is known of the one whose it will be.

mod common;
mod similar;
#[cfg(test)]
mod tests;

use regex::Regex;
use std::sync::LazyLock;

/// A demand on passwords.
#[derive(Clone, Debug, PartialEq)]
pub enum PasswordValidator {
    /// It is not like what the user is called.
    UserAttributeSimilarity {
        /// The fields that it is compared with.
        user_attributes: Vec<String>,
        /// From which likeness on it is refused, 1 being the same letters.
        max_similarity: f64,
    },
    /// It has so many characters at least.
    MinimumLength(usize),
    /// It is none of the 19,640 that everybody tries first.
    Common,
    /// It is not a number.
    Numeric,
}

/// What is wrong with a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordProblem {
    /// For programs: `password_too_short`.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

/// What is known of the one whose password it will be: a field, what people call it, and its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordOwner(pub Vec<(String, String, String)>);

impl PasswordValidator {
    /// Not like the user's names and address.
    pub fn user_attribute_similarity() -> Self {
        let user_attributes = ["username", "first_name", "last_name", "email"].map(str::to_owned).to_vec();
        Self::UserAttributeSimilarity { user_attributes, max_similarity: 0.7 }
    }

    /// The four that a new project of the reference has.
    pub fn usual() -> Vec<Self> {
        vec![Self::user_attribute_similarity(), Self::MinimumLength(8), Self::Common, Self::Numeric]
    }

    /// What is wrong with a password, if anything.
    pub fn validate(&self, password: &str, owner: &PasswordOwner) -> Option<PasswordProblem> {
        let problem = |code, message: &str| Some(PasswordProblem { code, message: message.to_owned() });
        match self {
            Self::UserAttributeSimilarity { user_attributes, max_similarity } => {
                let name = similar::like(password, user_attributes, owner, *max_similarity)?;
                problem("password_too_similar", &format!("The password is too similar to the {name}."))
            }
            Self::MinimumLength(least) if password.chars().count() < *least => {
                let message = format!(
                    "This password is too short. It must contain at least {least} character{}.",
                    plural(*least)
                );
                problem("password_too_short", &message)
            }
            Self::Common if common::is_common(password) => {
                problem("password_too_common", "This password is too common.")
            }
            Self::Numeric if !password.is_empty() && password.chars().all(is_digit) => {
                problem("password_entirely_numeric", "This password is entirely numeric.")
            }
            Self::MinimumLength(_) | Self::Common | Self::Numeric => None,
        }
    }

    /// What it demands, for people.
    pub fn help_text(&self) -> String {
        match self {
            Self::UserAttributeSimilarity { .. } => {
                "Your password can’t be too similar to your other personal information.".to_owned()
            }
            Self::MinimumLength(least) => {
                format!("Your password must contain at least {least} character{}.", plural(*least))
            }
            Self::Common => "Your password can’t be a commonly used password.".to_owned(),
            Self::Numeric => "Your password can’t be entirely numeric.".to_owned(),
        }
    }
}

/// All that is wrong with a password.
pub fn validate_password(
    validators: &[PasswordValidator],
    password: &str,
    owner: &PasswordOwner,
) -> Vec<PasswordProblem> {
    validators.iter().filter_map(|validator| validator.validate(password, owner)).collect()
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Digits of any script, and those in circles, brackets and above the line.
fn is_digit(character: char) -> bool {
    static DECIMAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\d$").ok());
    const OTHER: &[(u32, u32)] = &[
        (0xb2, 0xb3),
        (0xb9, 0xb9),
        (0x1369, 0x1371),
        (0x19da, 0x19da),
        (0x2070, 0x2070),
        (0x2074, 0x2079),
        (0x2080, 0x2089),
        (0x2460, 0x2468),
        (0x2474, 0x247c),
        (0x2488, 0x2490),
        (0x24ea, 0x24ea),
        (0x24f5, 0x24fd),
        (0x24ff, 0x24ff),
        (0x2776, 0x277e),
        (0x2780, 0x2788),
        (0x278a, 0x2792),
        (0x10a40, 0x10a43),
        (0x10e60, 0x10e68),
        (0x11052, 0x1105a),
        (0x1f100, 0x1f10a),
    ];
    let code = u32::from(character);
    let mut letters = [0; 4];
    let text: &str = character.encode_utf8(&mut letters);
    character.is_ascii_digit()
        || OTHER.iter().any(|(first, last)| (*first..=*last).contains(&code))
        || !character.is_ascii() && DECIMAL.as_ref().is_some_and(|decimal| decimal.is_match(text))
}
