//! Finds a pattern in a path in time linear to the path.
//!
//! Most routes are literal text and runs of characters that end where the next literal begins: they are walked by hand,
//! without a choice to take back. All others are searched by the `regex` crate. Both give the same answers.
//! Knows expressions in the `regex` crate's syntax, no routes.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use super::dialect::{Refusal, Translated, translate};

/// A compiled expression of Python's `re`.
#[derive(Debug)]
pub(super) enum Matcher {
    /// Anchored at the start, deterministic.
    Walk(Vec<Step>),
    /// Anything else.
    Search {
        strict: Regex,
        /// For a path that ends with a newline, if the expression has a `$` that may match before it.
        lenient: Option<Regex>,
    },
}

/// Where a match ends, and where its groups are.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) end: usize,
    pub(super) groups: Vec<Option<(usize, usize)>>,
}

/// Compiles the expression and names its groups. With `whole`, only the whole path is a match.
pub(super) fn compile(python: &str, whole: bool) -> Result<(Matcher, Vec<Option<String>>), Refusal> {
    let Translated { strict, lenient, groups, dollars } = translate(python)?;
    // If the whole path must match, the `$` that ends the expression has no choice.
    let choices = dollars - usize::from(whole && python.ends_with('$') && !python.ends_with(r"\$"));
    let anchored = |text: String| if whole { format!(r"\A(?:{text})\z") } else { text };
    let strict = anchored(strict);
    let hir = regex_syntax::parse(&strict).map_err(|error| Refusal::Invalid(reason(&error)))?;
    if let Some(steps) = steps(&hir).filter(|_| choices == 0) {
        return Ok((Matcher::Walk(steps), groups));
    }
    let lenient = if choices == 0 { None } else { Some(regex(&anchored(lenient))?) };
    Ok((Matcher::Search { strict: regex(&strict)?, lenient }, groups))
}

impl Matcher {
    /// Whether the first characters of `path` are right: cheap, and final for most routes that do not match.
    #[inline]
    pub(super) fn can_begin(&self, path: &str) -> bool {
        match self {
            Self::Walk(steps) => match steps.first() {
                Some(Step::Literal(text)) => path.as_bytes().starts_with(text.as_bytes()),
                _ => true,
            },
            Self::Search { .. } => true,
        }
    }

    /// The leftmost match in `path`, with `groups` groups.
    pub(super) fn find(&self, path: &str, groups: usize) -> Option<Found> {
        match self {
            Self::Walk(steps) => walk(steps, path),
            Self::Search { strict, lenient } => search(select(strict, lenient.as_ref(), path), path, groups),
        }
    }
}

/// Python's `$` matches before the last newline only; the `regex` crate knows none or all, which is the same for a path
/// whose only newline is its last character.
fn select<'a>(strict: &'a Regex, lenient: Option<&'a Regex>, path: &str) -> &'a Regex {
    match lenient {
        Some(lenient) if path.find('\n').is_some_and(|at| at + 1 == path.len()) => lenient,
        _ => strict,
    }
}

fn search(regex: &Regex, path: &str, groups: usize) -> Option<Found> {
    if groups == 0 {
        return regex.find(path).map(|found| Found { end: found.end(), groups: Vec::new() });
    }
    let mut locations = regex.capture_locations();
    let found = regex.captures_read(&mut locations, path)?;
    Some(Found { end: found.end(), groups: (1..=groups).map(|group| locations.get(group)).collect() })
}

/// One step of a walk from the left.
#[derive(Debug)]
pub(super) enum Step {
    Literal(String),
    /// This text, where it is there.
    Maybe(String),
    /// As many of these characters as there are, at least and at most so many.
    Run(Characters, u32, Option<u32>),
    Open,
    Close(usize),
    End,
}

/// Groups open in the order of their numbers, each once, so that nothing is allocated before the first of them.
fn walk(steps: &[Step], path: &str) -> Option<Found> {
    let mut found = Found::default();
    for step in steps {
        let rest = &path[found.end..];
        match step {
            Step::Literal(text) => found.end += rest.starts_with(text.as_str()).then_some(text.len())?,
            Step::Maybe(text) if rest.starts_with(text.as_str()) => found.end += text.len(),
            Step::Maybe(_) => {}
            Step::Run(characters, least, most) => found.end += characters.run(rest, *least, *most)?,
            Step::Open => found.groups.push(Some((found.end, found.end))),
            Step::Close(group) => found.groups.get_mut(*group)?.as_mut()?.1 = found.end,
            Step::End if rest.is_empty() => {}
            Step::End => return None,
        }
    }
    Some(found)
}

/// A set of characters.
#[derive(Debug)]
pub(super) struct Characters {
    ascii: u128,
    ranges: Vec<(char, char)>,
}

impl Characters {
    fn contains(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii & (1 << u32::from(c)) != 0;
        }
        let at = self.ranges.partition_point(|(_, high)| *high < c);
        self.ranges.get(at).is_some_and(|(low, _)| *low <= c)
    }

    /// The length in bytes of the longest run at the start of `text`.
    fn run(&self, text: &str, least: u32, most: Option<u32>) -> Option<usize> {
        let mut count = 0;
        let mut end = 0;
        for c in text.chars() {
            if most == Some(count) || !self.contains(c) {
                break;
            }
            count += 1;
            end += c.len_utf8();
        }
        (count >= least).then_some(end)
    }
}

/// The expression as a walk, if it is anchored at the start and never has a choice.
fn steps(hir: &Hir) -> Option<Vec<Step>> {
    let mut parts = Vec::new();
    flatten(hir, &mut parts)?;
    let starts = parts.iter().take_while(|part| matches!(part, Part::Start)).count();
    let ends = parts.iter().rev().take_while(|part| matches!(part, Part::End)).count();
    if starts == 0 || starts + ends > parts.len() {
        return None;
    }
    let inner = &parts[starts..parts.len() - ends];
    let mut steps = Vec::with_capacity(inner.len() + 1);
    for (at, part) in inner.iter().enumerate() {
        let next = inner[at + 1..].iter().find(|part| !matches!(part, Part::Open | Part::Close(_)));
        steps.push(step(part, next, ends > 0)?);
    }
    if ends > 0 {
        steps.push(Step::End);
    }
    Some(steps)
}

enum Part<'h> {
    Start,
    End,
    Literal(&'h str),
    Maybe(&'h str),
    Run(&'h Repetition, &'h Class),
    Single(&'h Class),
    Open,
    Close(usize),
}

fn flatten<'h>(hir: &'h Hir, parts: &mut Vec<Part<'h>>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Look(Look::Start) => parts.push(Part::Start),
        HirKind::Look(Look::End) => parts.push(Part::End),
        HirKind::Literal(literal) => parts.push(Part::Literal(std::str::from_utf8(&literal.0).ok()?)),
        HirKind::Class(class) => parts.push(Part::Single(class)),
        HirKind::Repetition(repetition) => match repetition.sub.kind() {
            HirKind::Class(class) => parts.push(Part::Run(repetition, class)),
            HirKind::Literal(literal) if (repetition.min, repetition.max) == (0, Some(1)) => {
                parts.push(Part::Maybe(std::str::from_utf8(&literal.0).ok()?));
            }
            _ => return None,
        },
        HirKind::Capture(capture) => {
            let group = usize::try_from(capture.index).ok()?.checked_sub(1)?;
            parts.push(Part::Open);
            flatten(&capture.sub, parts)?;
            parts.push(Part::Close(group));
        }
        HirKind::Concat(hirs) => hirs.iter().try_for_each(|hir| flatten(hir, parts))?,
        HirKind::Look(_) | HirKind::Alternation(_) => return None,
    }
    Some(())
}

fn step(part: &Part<'_>, next: Option<&Part<'_>>, ends: bool) -> Option<Step> {
    match part {
        Part::Literal(text) => Some(Step::Literal((*text).to_owned())),
        // Behind it is only the end, which cannot be where the text is.
        Part::Maybe(text) => (ends && next.is_none()).then(|| Step::Maybe((*text).to_owned())),
        Part::Open => Some(Step::Open),
        Part::Close(group) => Some(Step::Close(*group)),
        Part::Single(class) => Some(Step::Run(characters(class)?, 1, Some(1))),
        Part::Run(repetition, class) => {
            let characters = characters(class)?;
            let certain = match next {
                _ if repetition.max == Some(repetition.min) => true,
                Some(Part::Literal(text) | Part::Maybe(text)) => {
                    text.chars().next().is_some_and(|c| !characters.contains(c))
                }
                Some(_) => false,
                None => ends || repetition.greedy,
            };
            certain.then_some(Step::Run(characters, repetition.min, repetition.max))
        }
        Part::Start | Part::End => None,
    }
}

fn characters(class: &Class) -> Option<Characters> {
    let Class::Unicode(class) = class else { return None };
    let mut characters = Characters { ascii: 0, ranges: Vec::new() };
    for range in class.ranges() {
        for c in range.start()..=range.end().min('\u{7f}') {
            characters.ascii |= 1 << u32::from(c);
        }
        if range.end() > '\u{7f}' {
            characters.ranges.push((range.start().max('\u{80}'), range.end()));
        }
    }
    Some(characters)
}

fn regex(text: &str) -> Result<Regex, Refusal> {
    Regex::new(text).map_err(|error| Refusal::Invalid(reason(&error)))
}

/// The errors of the `regex` crate draw a picture of several lines, of which the last names the problem.
fn reason(error: &impl ToString) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_that_may_be_absent_is_walked_as_it_is_searched() {
        let (matcher, names) = compile(r"^articles\.(?P<format>[a-z0-9]+)/?$", true).expect("an expression");
        assert!(matches!(matcher, Matcher::Walk(_)), "{matcher:?}");
        let searched = Regex::new(r"\Aarticles\.([a-z0-9]+)/?\z").expect("an expression");
        for rest in [".json", ".json/", ".json//", "./", ".JSON", ".json/x", ".", "", "/", ".json\n"] {
            let path = format!("articles{rest}");
            let found = matcher.find(&path, names.len()).map(|found| (found.end, found.groups[0]));
            let groups = searched.captures(&path);
            let same = groups.map(|groups| (path.len(), groups.get(1).map(|group| (group.start(), group.end()))));
            assert_eq!(found, same, "{path:?}");
        }
    }
}
