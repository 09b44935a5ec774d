//! What is wrong with an input, by field and in words.

use super::Name;
use crate::json::{Json, Object};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its code: `max_length`.
    pub code: Name,
    /// What is said of it.
    pub message: String,
}

/// All that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problems {
    /// With one value.
    List(Vec<Problem>),
    /// With members, each by its name or number.
    Map(Vec<(String, Problems)>),
}

impl Problem {
    /// A code with words.
    pub fn new(code: impl Into<Name>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }
}

impl Problems {
    /// One thing.
    pub fn one(code: impl Into<Name>, message: impl Into<String>) -> Self {
        Self::List(vec![Problem::new(code, message)])
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::List(problems) => problems.is_empty(),
            Self::Map(members) => members.is_empty(),
        }
    }

    /// As an answer has them: the words.
    pub fn to_json(&self) -> Json {
        self.each(&|problem| Json::from(problem.message.as_str()))
    }

    /// The codes instead of the words.
    pub fn to_codes(&self) -> Json {
        self.each(&|problem| Json::from(&*problem.code))
    }

    /// Words and codes.
    pub fn to_full_details(&self) -> Json {
        let full = |problem: &Problem| {
            Json::Object(Object::new().with("message", problem.message.as_str()).with("code", &*problem.code))
        };
        self.each(&full)
    }

    fn each(&self, shown: &dyn Fn(&Problem) -> Json) -> Json {
        match self {
            Self::List(problems) => Json::List(problems.iter().map(shown).collect()),
            Self::Map(members) => {
                Json::Object(members.iter().map(|(name, problems)| (name.as_str(), problems.each(shown))).collect())
            }
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self::List(vec![problem])
    }
}
