//! Lays out an expression as `rustfmt` does with its default settings, so that a fresh project's check finds nothing.
//!
//! A port of the rules for calls, chains of methods, lists and tuples: 100 columns, and 60 for arguments, items and
//! chains. Where no layout fits, as a text is too long, `rustfmt` leaves what it finds; then limits are forgotten here.

use super::text::Text;

/// The widest line.
const MAX: usize = 100;
/// The widest arguments, items and chains on one line.
const SHORT: usize = 60;
const TAB: usize = 4;

/// The room that an expression has: the indentation of its line, where it begins, and how wide it may be.
#[derive(Clone, Copy)]
struct Shape {
    indent: usize,
    used: usize,
    width: usize,
    /// Chains must stay on one line.
    one_line_chains: bool,
    /// Too long is not too long.
    lenient: bool,
}

/// An expression that stands by itself on lines of this indentation.
pub(super) fn lay_out(expression: &Text, indent: usize) -> String {
    let strict = Shape { indent, used: indent, width: MAX - indent, one_line_chains: false, lenient: false };
    rewrite(expression, strict)
        .or_else(|| rewrite(expression, Shape { lenient: true, ..strict }))
        .unwrap_or_else(|| expression.flat())
}

impl Shape {
    fn shifted(self, by: usize) -> Option<Self> {
        Some(Self { used: self.used + by, width: self.less(by)?, ..self })
    }

    fn narrowed(self, by: usize) -> Option<Self> {
        Some(Self { width: self.less(by)?, ..self })
    }

    fn less(self, by: usize) -> Option<usize> {
        if self.lenient { Some(self.width.saturating_sub(by)) } else { self.width.checked_sub(by) }
    }

    /// Lines of their own, so much further in.
    fn block(self, further: usize) -> Self {
        let indent = self.indent + further;
        Self { indent, used: indent, width: MAX.saturating_sub(indent), ..self }
    }

    /// What must follow on the last line: a comma, a parenthesis.
    fn overhead(self) -> usize {
        MAX.saturating_sub(self.used + self.width)
    }

    fn fits(self, text: &str) -> bool {
        if self.lenient {
            return true;
        }
        let mut lines = text.split('\n');
        let first = lines.next().map_or(0, width);
        let rest: Vec<usize> = lines.map(width).collect();
        first <= self.width
            && rest.iter().all(|line| *line <= MAX)
            && rest.last().is_none_or(|last| *last <= self.used + self.width)
    }
}

fn rewrite(expression: &Text, shape: Shape) -> Option<String> {
    match expression {
        Text::Literal(text) | Text::Word(text) => shape.fits(text).then(|| text.clone()),
        Text::Call(path, arguments) => enclosed(path, "(", arguments, ")", shape),
        Text::Tuple(items) => enclosed("", "(", items, ")", shape),
        Text::Vec(items) => enclosed("vec!", "[", items, "]", shape),
        Text::List(path, items) => enclosed(path, "[", items, "]", shape),
        Text::Slice(items) => Some(format!("&{}", enclosed("", "[", items, "]", shape.shifted(1)?)?)),
        Text::Array(items) => enclosed("", "[", items, "]", shape),
        Text::Chain(root, calls) => chain(root, calls, shape),
    }
}

/// How items stand between brackets.
#[derive(PartialEq)]
enum Tactic {
    Horizontal,
    Vertical,
    Mixed,
}

fn enclosed(head: &str, open: &str, items: &[Text], close: &str, shape: Shape) -> Option<String> {
    if items.is_empty() {
        let text = format!("{head}{open}{close}");
        return shape.fits(&text).then_some(text);
    }
    let line = shape.width.saturating_sub(width(head) + 2);
    let nested = shape.block(TAB).narrowed(1)?;
    let mut texts: Vec<Option<String>> = items.iter().map(|item| rewrite(item, nested)).collect();
    let tactic = overflow(head, items, &mut texts, shape, line, nested);
    let texts: Vec<String> = texts.into_iter().collect::<Option<_>>()?;
    let gap = format!("\n{}", " ".repeat(nested.indent));
    let (inner, fits) = match tactic {
        Tactic::Horizontal => {
            let joined = texts.join(", ");
            let fits = first_width(&joined) < shape.width.saturating_sub(width(head));
            (joined, fits)
        }
        Tactic::Vertical => (texts.join(&format!(",{gap}")) + ",", false),
        Tactic::Mixed => (filled(&texts, nested, &gap), false),
    };
    let end = format!("\n{}", " ".repeat(shape.indent));
    Some(if fits { format!("{head}{open}{inner}{close}") } else { format!("{head}{open}{gap}{inner}{end}{close}") })
}

/// Chooses how the items stand. An only item may begin on the line of the bracket and go on below.
fn overflow(
    head: &str,
    items: &[Text],
    texts: &mut [Option<String>],
    shape: Shape,
    line: usize,
    nested: Shape,
) -> Tactic {
    let only = items.len() == 1;
    let combined = only && width(head) < TAB;
    let item = &items[items.len() - 1];
    if only && (combined || item.can_overflow()) {
        let room = shape.shifted(width(head) + 1).and_then(|room| room.narrowed(1));
        let mut room = room.unwrap_or(Shape { width: 0, ..shape });
        if item.is_call() {
            room.width = room.width.min(SHORT);
        }
        room.one_line_chains |= !combined && item.is_chain();
        if let Some(text) = rewrite(item, room).filter(|text| first_width(text) <= line.min(SHORT)) {
            let alone = (text.matches('\n').count() == 1).then(|| texts[0].clone()).flatten();
            texts[0] = alone.filter(|text| !text.contains('\n')).or(Some(text));
            return Tactic::Horizontal;
        }
    }
    if only && line != 0 && texts[0].as_ref().is_some_and(|text| !text.contains('\n') && width(text) <= line) {
        return Tactic::Horizontal;
    }
    let multiline = texts.iter().flatten().any(|text| text.contains('\n'));
    let total: usize = texts.iter().flatten().map(|text| width(text)).sum::<usize>() + 2 * (items.len() - 1);
    let short = |text: &Option<String>| text.as_ref().is_some_and(|text| width(text) <= 10);
    if !multiline && total <= line.min(SHORT) {
        Tactic::Horizontal
    } else if items.iter().all(Text::is_simple) && texts.iter().all(short) && nested.width > 0 {
        Tactic::Mixed
    } else {
        Tactic::Vertical
    }
}

/// Short items, as many on a line as it takes.
fn filled(texts: &[String], nested: Shape, gap: &str) -> String {
    let (mut inner, mut column) = (String::new(), 0);
    for (place, text) in texts.iter().enumerate() {
        if place > 0 {
            let fits = column + 1 + width(text) < nested.width;
            inner.push_str(if fits { " " } else { gap });
            column = if fits { column + 1 } else { 0 };
        }
        inner.push_str(text);
        inner.push(',');
        column += width(text) + 1;
    }
    inner
}

fn chain(root: &Text, calls: &[(String, Vec<Text>)], shape: Shape) -> Option<String> {
    let root = rewrite(root, shape)?;
    let Some(((last_name, last_arguments), before)) = calls.split_last() else { return Some(root) };
    let block = root.contains('\n');
    let child = shape.block(if block { 0 } else { TAB });
    let mut parts = vec![root];
    for (name, arguments) in before {
        parts.push(enclosed(&format!(".{name}"), "(", arguments, ")", child)?);
    }
    let last = |room: Shape| enclosed(&format!(".{last_name}"), "(", last_arguments, ")", room);
    let extendable = block && extendable(&parts[0]);
    let almost = if extendable { last_width(&parts[0]) } else { parts.iter().map(|part| width(part)).sum() };
    let most = if calls.len() == 1 { shape.width } else { shape.width.min(SHORT) };
    let budget = most.saturating_sub(almost);
    let one_line = parts.iter().all(|part| !part.contains('\n')) && budget > 0;
    let below = child.narrowed(shape.overhead());
    let room = if one_line {
        Some(shape)
    } else if extendable {
        Some(child)
    } else {
        below
    };
    let mut fits = false;
    let mut text = None;
    if (one_line || extendable)
        && let Some(first) = room.and_then(|room| room.shifted(almost)).and_then(last)
    {
        let lines = first.lines().count();
        let could = first_width(&first) <= budget;
        if could && lines >= 5 {
            (text, fits) = (Some(first), one_line);
        } else {
            match below.and_then(last) {
                Some(own) if !could => text = Some(own),
                Some(own) if own.lines().count() < lines => text = Some(own),
                _ => (text, fits) = (Some(first), could && one_line),
            }
        }
    }
    parts.push(match text {
        Some(text) => text,
        None => last(room?)?,
    });
    if !fits && shape.one_line_chains {
        return None;
    }
    let connector = if fits { String::new() } else { format!("\n{}", " ".repeat(child.indent)) };
    let whole = parts.join(&connector);
    shape.fits(&whole).then_some(whole)
}

/// Whether the last line is nothing but brackets.
fn extendable(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or_default();
    last.chars().all(|c| c.is_whitespace() || "()]}?>".contains(c))
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn first_width(text: &str) -> usize {
    width(text.split('\n').next().unwrap_or_default())
}

fn last_width(text: &str) -> usize {
    width(text.rsplit('\n').next().unwrap_or_default())
}
