//! What is wrong with an input, by field and in words.

use super::Name;
use crate::json::{Json, Object};

/// Where so many things are wrong with the members of one list, no further member is looked at: what is said of them would
/// be fifty times as long as what was sent.
pub const MOST_PROBLEMS: usize = 1000;

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
    /// With members that have no names, in their order; nothing is wrong with one that is empty.
    Each(Vec<Problems>),
    /// One thing that stands alone, not in a list: `Problem::new(..).alone()`.
    Alone(Problem),
}

impl Problem {
    /// A code with words.
    pub fn new(code: impl Into<Name>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    /// Standing alone where it is a member: `{"why": "Because."}` and not `{"why": ["Because."]}`.
    pub fn alone(self) -> Problems {
        Problems::Alone(self)
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
            Self::Each(members) => members.iter().all(Self::is_empty),
            Self::Alone(_) => false,
        }
    }

    /// How many things are wrong, at all depths.
    pub fn count(&self) -> usize {
        match self {
            Self::List(problems) => problems.len(),
            Self::Map(members) => members.iter().map(|(_, problems)| problems.count()).sum(),
            Self::Each(members) => members.iter().map(Self::count).sum(),
            Self::Alone(_) => 1,
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
            Self::Each(members) => {
                let none = || Json::Object(Object::new());
                let each = |member: &Self| if member.is_empty() { none() } else { member.each(shown) };
                Json::List(members.iter().map(each).collect())
            }
            Self::Alone(problem) => shown(problem),
        }
    }
}

/// Words alone, with the usual code.
impl From<&str> for Problem {
    fn from(words: &str) -> Self {
        Self::new("invalid", words)
    }
}

impl From<String> for Problem {
    fn from(words: String) -> Self {
        Self::new("invalid", words)
    }
}

impl From<&str> for Problems {
    fn from(words: &str) -> Self {
        Problem::from(words).into()
    }
}

impl From<String> for Problems {
    fn from(words: String) -> Self {
        Problem::from(words).into()
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(problems: Vec<Problem>) -> Self {
        Self::List(problems)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self::List(vec![problem])
    }
}
