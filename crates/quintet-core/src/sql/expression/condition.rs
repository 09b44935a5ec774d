//! Conditions as SQL: how the reference nests, negates and simplifies them.

use super::Scope;
use super::lookup;
use crate::schema::{Condition, Expr, Value};

/// What a condition comes to.
pub(super) enum Outcome {
    /// This text.
    Sql(String),
    /// It is true of every row.
    Always,
    /// It is true of no row.
    Never,
}

/// A condition on its way to text: lists that the reference would not nest are one.
enum Node<'a> {
    Leaf(Leaf<'a>),
    Branch(Branch<'a>),
}

struct Branch<'a> {
    connector: Connector,
    negated: bool,
    children: Vec<Node<'a>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Connector {
    And,
    Or,
    Xor,
}

enum Leaf<'a> {
    Lookup(&'a str, &'a Expr),
    /// A field's column is not null.
    Present(&'a str),
    Expr(&'a Expr),
}

impl<'a> Scope<'a> {
    /// The text of a condition.
    pub(super) fn condition(&self, condition: &Condition) -> Result<Outcome, String> {
        let branch = self.branch(condition, false)?;
        Ok(match self.branch_sql(&branch)? {
            Outcome::Sql(sql) if self.enclosed && is_bare(&branch) => Outcome::Sql(format!("({sql})")),
            outcome => outcome,
        })
    }

    /// `negated` tells whether the condition stands under an odd number of negations.
    fn branch<'c>(&self, condition: &'c Condition, negated: bool) -> Result<Branch<'c>, String> {
        let (inner, own) = match condition {
            Condition::Not(inner) => (&**inner, true),
            other => (other, false),
        };
        let (connector, parts) = match inner {
            Condition::And(parts) => (Connector::And, &parts[..]),
            Condition::Or(parts) => (Connector::Or, &parts[..]),
            Condition::Xor(parts) => (Connector::Xor, &parts[..]),
            other => (Connector::And, std::slice::from_ref(other)),
        };
        let mut branch = Branch { connector, negated: own, children: vec![] };
        for part in parts {
            let child = match part {
                Condition::Lookup { key, value } => self.leaf(key, value, negated ^ own)?,
                Condition::Expr(Expr::Condition(inner)) => self.branch(inner, negated ^ own)?,
                Condition::Expr(expr) => alone(Leaf::Expr(expr)),
                other => self.branch(other, negated ^ own)?,
            };
            branch.add(child);
        }
        Ok(branch)
    }

    /// A comparison; under a negation, a null must not make it unknown.
    fn leaf<'c>(&self, key: &'c str, value: &'c Expr, negated: bool) -> Result<Branch<'c>, String> {
        let mut branch = alone(Leaf::Lookup(key, value));
        let is_null = matches!(value, Expr::Value(Value::Null));
        if negated && !is_null && lookup::parse(self.table, key)?.lookup != "isnull" {
            let name = key.split("__").next().unwrap_or(key);
            if lookup::column(self.table, name)?.field.null {
                branch.children.push(Node::Leaf(Leaf::Present(name)));
            }
            if let Expr::F(other) = value
                && lookup::column(self.table, other)?.field.null
            {
                branch.children.push(Node::Leaf(Leaf::Present(other)));
            }
        }
        Ok(branch)
    }

    fn branch_sql(&self, branch: &Branch<'_>) -> Result<Outcome, String> {
        if branch.connector == Connector::Xor {
            return self.xor_sql(branch);
        }
        let mut texts = vec![];
        let (mut always, mut never) = (0, 0);
        for child in &branch.children {
            match self.node_sql(child)? {
                Outcome::Sql(sql) => texts.push(sql),
                Outcome::Always => always += 1,
                Outcome::Never => never += 1,
            }
        }
        let count = branch.children.len();
        let (enough, too_few) = match branch.connector {
            Connector::Or => (always > 0, never == count),
            _ => (always == count, never > 0),
        };
        Ok(match (enough, too_few) {
            (true, _) => flipped(Outcome::Always, branch.negated),
            (_, true) => flipped(Outcome::Never, branch.negated),
            _ => joined(&texts, if branch.connector == Connector::Or { " OR " } else { " AND " }, branch.negated),
        })
    }

    fn node_sql(&self, node: &Node<'_>) -> Result<Outcome, String> {
        match node {
            Node::Branch(branch) => self.branch_sql(branch),
            Node::Leaf(Leaf::Lookup(key, value)) => self.lookup(key, value),
            Node::Leaf(Leaf::Present(name)) => self.lookup(&format!("{name}__isnull"), &Value::Bool(false).into()),
            Node::Leaf(Leaf::Expr(expr)) => Scope { enclosed: true, ..*self }.sql(expr).map(Outcome::Sql),
        }
    }

    /// Neither database knows it: one of them is true, and the number of those that are true is odd.
    fn xor_sql(&self, branch: &Branch<'_>) -> Result<Outcome, String> {
        let mut texts = vec![];
        let mut sum = String::new();
        for child in &branch.children {
            let one = match self.node_sql(child)? {
                Outcome::Always => return Err("a part of an exclusive or is true of every row".to_owned()),
                Outcome::Never => "0".to_owned(),
                Outcome::Sql(sql) => {
                    let one = format!("CASE WHEN {sql} THEN 1 ELSE 0 END");
                    texts.push(sql);
                    one
                }
            };
            sum = if sum.is_empty() { one } else { format!("({sum} + {one})") };
        }
        let odd = if branch.children.len() > 2 { format!("MOD({sum}, 2)") } else { sum };
        let odd = if odd.starts_with('(') { odd } else { format!("({odd})") };
        Ok(match joined(&texts, " OR ", false) {
            Outcome::Sql(any) => joined(&[any, format!("1 = {odd}")], " AND ", branch.negated),
            other => flipped(other, branch.negated),
        })
    }
}

impl<'a> Branch<'a> {
    /// Takes a child in, or only its children where nesting would change nothing.
    fn add(&mut self, child: Branch<'a>) {
        if child.children.is_empty() {
            return;
        }
        if !child.negated && (child.connector == self.connector || child.children.len() == 1) {
            self.children.extend(child.children);
            return;
        }
        self.children.push(Node::Branch(child));
    }
}

fn alone(leaf: Leaf<'_>) -> Branch<'_> {
    Branch { connector: Connector::And, negated: false, children: vec![Node::Leaf(leaf)] }
}

/// Whether a condition is written without parentheses.
fn is_bare(branch: &Branch<'_>) -> bool {
    !branch.negated && branch.children.len() == 1 && branch.connector != Connector::Xor
}

fn joined(texts: &[String], separator: &str, negated: bool) -> Outcome {
    let text = texts.join(separator);
    match (texts.len(), negated) {
        (0, _) => flipped(Outcome::Always, negated),
        (_, true) => Outcome::Sql(format!("NOT ({text})")),
        (1, false) => Outcome::Sql(text),
        (_, false) => Outcome::Sql(format!("({text})")),
    }
}

fn flipped(outcome: Outcome, negated: bool) -> Outcome {
    match (outcome, negated) {
        (Outcome::Always, true) => Outcome::Never,
        (Outcome::Never, true) => Outcome::Always,
        (outcome, _) => outcome,
    }
}
