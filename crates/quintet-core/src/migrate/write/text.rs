//! Rust expressions as data: what the files of migrations are made of.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Text {
    /// A literal.
    Literal(String),
    /// A path, or something else that is never broken.
    Word(String),
    /// `path(arguments)`.
    Call(String, Vec<Text>),
    /// `(items)`.
    Tuple(Vec<Text>),
    /// `vec![items]`.
    Vec(Vec<Text>),
    /// `path![items]`.
    List(String, Vec<Text>),
    /// `&[items]`.
    Slice(Vec<Text>),
    /// `[items]`.
    Array(Vec<Text>),
    /// `root.name(arguments)`, one after the other.
    Chain(Box<Text>, Vec<(String, Vec<Text>)>),
}

impl Text {
    pub(super) fn word(text: impl Into<String>) -> Self {
        Self::Word(text.into())
    }

    pub(super) fn call(path: impl Into<String>, arguments: Vec<Self>) -> Self {
        Self::Call(path.into(), arguments)
    }

    /// A text as a Rust literal; raw where quotes or lines would have to be written as escapes.
    pub(super) fn string(text: &str) -> Self {
        Self::Literal(string_literal(text))
    }

    pub(super) fn strings<S: AsRef<str>>(texts: &[S]) -> Vec<Self> {
        texts.iter().map(|text| Self::string(text.as_ref())).collect()
    }

    /// The same with another method called on it.
    pub(super) fn then(self, name: &str, arguments: Vec<Self>) -> Self {
        match self {
            Self::Chain(root, mut calls) => {
                calls.push((name.to_owned(), arguments));
                Self::Chain(root, calls)
            }
            root => Self::Chain(Box::new(root), vec![(name.to_owned(), arguments)]),
        }
    }

    /// On one line.
    pub(super) fn flat(&self) -> String {
        let join = |items: &[Self]| items.iter().map(Self::flat).collect::<Vec<_>>().join(", ");
        match self {
            Self::Literal(text) | Self::Word(text) => text.clone(),
            Self::Call(path, arguments) => format!("{path}({})", join(arguments)),
            Self::Tuple(items) => format!("({})", join(items)),
            Self::Vec(items) => format!("vec![{}]", join(items)),
            Self::List(path, items) => format!("{path}[{}]", join(items)),
            Self::Slice(items) => format!("&[{}]", join(items)),
            Self::Array(items) => format!("[{}]", join(items)),
            Self::Chain(root, calls) => {
                calls.iter().fold(root.flat(), |text, (name, arguments)| format!("{text}.{name}({})", join(arguments)))
            }
        }
    }

    /// Whether it may begin on the line of the bracket before it, where it is alone between brackets.
    pub(super) fn can_overflow(&self) -> bool {
        !matches!(self, Self::Word(_))
    }

    pub(super) fn is_call(&self) -> bool {
        matches!(self, Self::Call(..) | Self::Vec(_))
    }

    pub(super) fn is_chain(&self) -> bool {
        matches!(self, Self::Chain(..))
    }

    /// Whether several of it stand on a line in a list that is broken.
    pub(super) fn is_simple(&self) -> bool {
        match self {
            Self::Literal(_) => true,
            Self::Word(word) => word.chars().all(|c| c.is_alphanumeric() || c == '_'),
            _ => false,
        }
    }
}

fn string_literal(text: &str) -> String {
    let raw = text.contains('\n') || text.contains('"') || text.contains('\\');
    // A raw literal cannot hold a bare carriage return, and should not hold what cannot be seen.
    let visible = |c: char| c == '\n' || !(c.is_control() || is_hidden(c));
    if raw && text.chars().all(visible) {
        let mut hashes = 0;
        while text.contains(&format!("\"{}", "#".repeat(hashes))) {
            hashes += 1;
        }
        let hashes = "#".repeat(hashes);
        return format!("r{hashes}\"{text}\"{hashes}");
    }
    // `escape_debug` leaves letters of all scripts as they are, and would write `'` as `\'`.
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '\'' => "'".to_owned(),
            c if is_hidden(c) => c.escape_unicode().to_string(),
            c => c.escape_debug().to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

/// Marks that change the direction of text, and others that an editor does not show.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
