//! The texts that a regular expression can be turned back into, as templates with places for parameters.
//!
//! Follows the reference's simplifications, because they decide which URL a name leads to: the first character of a
//! class, the least number of repetitions, an optional group both left out and present once, nothing at all for an
//! expression with alternatives outside of a group that captures. Knows expressions of Python's `re`, no routes.

use std::str::Chars;

/// One text with places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Place(String),
}

impl Form {
    /// The names of the places in order. Unnamed groups are called `_0`, `_1` and so on.
    pub(super) fn places(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Place(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    fn push(&mut self, part: &Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(text)), Part::Text(more)) => text.push_str(more),
            _ => self.parts.push(part.clone()),
        }
    }

    fn followed_by(&self, other: &Self) -> Self {
        let mut form = self.clone();
        other.parts.iter().for_each(|part| form.push(part));
        form
    }
}

/// All forms of `python` in the order of the reference, or what cannot be turned back.
pub(super) fn forms(python: &str) -> Result<Vec<Form>, String> {
    match read(python)? {
        Some(items) => Ok(expand(&items)),
        None => Ok(vec![Form::default()]),
    }
}

#[derive(Debug, Clone)]
enum Item {
    Char(char),
    Place(String),
    Group(Vec<Item>),
    Optional(Box<Item>),
}

impl Item {
    /// What is optional already does not count: the reference leaves it out together with what surrounds it.
    fn has_place(&self) -> bool {
        match self {
            Self::Place(_) => true,
            Self::Group(items) => items.iter().any(Self::has_place),
            Self::Char(_) | Self::Optional(_) => false,
        }
    }
}

/// Every form so far, followed by every form of the next item.
fn expand(items: &[Item]) -> Vec<Form> {
    let start = vec![Form::default()];
    items.iter().fold(start, |forms, item| {
        let next = expand_item(item);
        forms.iter().flat_map(|form| next.iter().map(|more| form.followed_by(more))).collect()
    })
}

fn expand_item(item: &Item) -> Vec<Form> {
    match item {
        Item::Char(c) => vec![Form { parts: vec![Part::Text(c.to_string())] }],
        Item::Place(name) => vec![Form { parts: vec![Part::Place(name.clone())] }],
        Item::Group(items) => expand(items),
        Item::Optional(item) => {
            let mut forms = vec![Form::default()];
            forms.extend(expand_item(item));
            forms
        }
    }
}

/// A character of the expression, and whether it stands for itself because of a backslash.
type Token = (char, bool);

/// Reads tokens: an escape is one character of its class, one that matches no character is skipped.
struct Tokens<'a>(Chars<'a>);

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            match self.0.next()? {
                '\\' => match self.0.next()? {
                    'A' | 'b' | 'B' | 'Z' => {}
                    'd' => return Some(('0', true)),
                    'D' | 'S' | 'w' => return Some(('x', true)),
                    's' => return Some((' ', true)),
                    'W' => return Some(('!', true)),
                    c => return Some((c, true)),
                },
                c => return Some((c, false)),
            }
        }
    }
}

/// The items of an expression; `None` if it has alternatives.
fn read(python: &str) -> Result<Option<Vec<Item>>, String> {
    let mut tokens = Tokens(python.chars());
    let mut reader = Reader { items: Vec::new(), open: Vec::new(), unnamed: 0 };
    let mut token = tokens.next();
    while let Some(current) = token {
        token = match current {
            ('|', false) => return Ok(None),
            ('$', false) => break,
            ('*' | '?' | '+' | '{', false) => match reader.quantifier(current.0, &mut tokens)? {
                Some(c) => Some((c, false)),
                None => tokens.next(),
            },
            _ => {
                reader.token(current, &mut tokens)?;
                tokens.next()
            }
        };
    }
    Ok(Some(reader.items))
}

struct Reader {
    items: Vec<Item>,
    /// Where the items of each open group begin.
    open: Vec<usize>,
    unnamed: usize,
}

impl Reader {
    fn token(&mut self, token: Token, tokens: &mut Tokens<'_>) -> Result<(), String> {
        match token {
            ('^', false) => {}
            (')', false) => {
                let inner = self.items.split_off(self.open.pop().unwrap_or(self.items.len()));
                self.items.push(Item::Group(inner));
            }
            ('[', false) => self.class(tokens),
            ('(', false) => self.group(tokens)?,
            (c, _) => self.items.push(Item::Char(c)),
        }
        Ok(())
    }

    fn class(&mut self, tokens: &mut Tokens<'_>) {
        self.items.extend(tokens.next().map(|(first, _)| Item::Char(first)));
        // The second token belongs to the class unless it closes it, whatever the first was.
        tokens.find(|token| *token == (']', false));
    }

    fn group(&mut self, tokens: &mut Tokens<'_>) -> Result<(), String> {
        match tokens.next() {
            Some(('?', false)) => {}
            first => {
                self.items.push(Item::Place(format!("_{}", self.unnamed)));
                self.unnamed += 1;
                skip_group(usize::from(matches!(first, Some(('(', _)))), tokens);
                return Ok(());
            }
        }
        match tokens.next() {
            Some((':', _)) => self.open.push(self.items.len()),
            Some(('P', _)) => self.named(tokens)?,
            Some((c, _)) => return Err(format!("`(?{c}` cannot be turned back into text")),
            None => {}
        }
        Ok(())
    }

    fn named(&mut self, tokens: &mut Tokens<'_>) -> Result<(), String> {
        match tokens.next() {
            Some(('<', _)) => {
                let name = tokens.by_ref().map_while(|(c, _)| (c != '>').then_some(c)).collect();
                self.items.push(Item::Place(name));
                skip_group(0, tokens);
                Ok(())
            }
            _ => Err("`(?P` without a name cannot be turned back into text".to_owned()),
        }
    }

    /// Applies a quantifier to the last item. Returns the character behind it, if that had to be read: it has lost its
    /// backslash then, as it does in the reference.
    fn quantifier(&mut self, c: char, tokens: &mut Tokens<'_>) -> Result<Option<char>, String> {
        let least = match c {
            '{' => least_count(tokens)?,
            '+' => 1,
            _ => 0,
        };
        let Some(last) = self.items.last().cloned() else {
            return Err(format!("there is nothing that `{c}` repeats"));
        };
        match least {
            0 => {
                self.items.pop();
                if last.has_place() {
                    self.items.push(Item::Optional(Box::new(last)));
                }
            }
            more => self.items.extend(std::iter::repeat_n(last, more - 1)),
        }
        Ok(tokens.next().map(|(behind, _)| behind).filter(|behind| *behind != '?'))
    }
}

fn least_count(tokens: &mut Tokens<'_>) -> Result<usize, String> {
    let counts: String = tokens.by_ref().map_while(|(c, _)| (c != '}').then_some(c)).collect();
    let least = counts.split(',').next().unwrap_or_default();
    least.parse().map_err(|_| format!("`{{{counts}}}` cannot be turned back into text"))
}

/// Reads on to the end of a group; parentheses in a class count as the reference counts them.
fn skip_group(mut nesting: usize, tokens: &mut Tokens<'_>) {
    for token in tokens {
        match token {
            ('(', false) => nesting += 1,
            (')', false) if nesting == 0 => return,
            (')', false) => nesting -= 1,
            _ => {}
        }
    }
}
