//! Validators as data: what a value must be, besides of its type.

use std::fmt;
use std::sync::Arc;

use super::Value;

/// A rule with the words for when it is broken.
#[derive(Clone, Debug, PartialEq)]
pub struct Validator {
    /// The rule.
    pub rule: Rule,
    /// The message, unless the rule's own.
    pub message: Option<String>,
    /// The code, unless the rule's own.
    pub code: Option<String>,
}

/// What a validator asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// At least this.
    MinValue(Value),
    /// At most this.
    MaxValue(Value),
    /// A multiple of this, counted from an offset.
    StepValue(Value, Option<Value>),
    /// At least so many characters.
    MinLength(u32),
    /// At most so many characters.
    MaxLength(u32),
    /// A match of an expression, or none.
    Regex {
        /// The expression.
        pattern: String,
        /// Whether a match is refused.
        inverse: bool,
        /// Flags, as the reference numbers them: 2 ignores case.
        flags: u32,
    },
    /// An e-mail address.
    Email,
    /// A URL with one of these schemes; empty for the usual ones.
    Url(Vec<String>),
    /// Letters, digits, hyphens and underscores.
    Slug,
    /// The same with letters of all scripts.
    UnicodeSlug,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// An address of either kind.
    Ipv46,
    /// Whole numbers with commas between them.
    CommaSeparatedIntegers,
    /// So many digits, so many of them after the point.
    Decimal(u32, u32),
    /// A file's name with one of these ends; empty for those of images.
    FileExtension(Vec<String>),
    /// No null characters.
    NoNullCharacters,
    /// The rules of a username: letters, digits and `@.+-_`; ASCII only where true.
    Username(bool),
    /// A function of the project.
    Function(Test),
}

impl Validator {
    /// A rule with its own words.
    pub fn new(rule: Rule) -> Self {
        Self { rule, message: None, code: None }
    }

    /// The same with another message.
    #[must_use]
    pub fn message(mut self, message: &str) -> Self {
        self.message = Some(message.to_owned());
        self
    }

    /// The same with another code.
    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }
}

type Run = dyn Fn(&Value) -> Result<(), String> + Send + Sync;

/// A function that looks at a value, and says in words what is wrong with it. Two are equal when they have the same path.
#[derive(Clone)]
pub struct Test {
    /// Its path: `notes::api::models::even`.
    pub path: String,
    run: Arc<Run>,
}

impl Test {
    /// A function with its path.
    pub fn new(path: impl Into<String>, run: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self { path: path.into(), run: Arc::new(run) }
    }

    /// A function, which is asked for its own path.
    pub fn of<F: Fn(&Value) -> Result<(), String> + Send + Sync + 'static>(run: F) -> Self {
        Self::new(std::any::type_name::<F>(), run)
    }

    /// Looks at a value.
    pub fn run(&self, value: &Value) -> Result<(), String> {
        (self.run)(value)
    }
}

impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// A function of the project is a validator as it stands: `validators = [even]`.
impl<F: Fn(&Value) -> Result<(), String> + Send + Sync + 'static> From<F> for Validator {
    fn from(run: F) -> Self {
        Self::new(Rule::Function(Test::of(run)))
    }
}
