//! The functions that expressions may name: a table with their SQL and the type of what they give.
//!
//! Several of SQLite's do not exist there unless the connection has defined them, as the reference's does.

use super::typed::{Type, same};
use super::{Scope, sign};
use crate::near;
use crate::schema::{Expr, Operator};
use crate::sql::Dialect;

/// What a function gives.
pub(crate) enum Gives {
    /// The type of its arguments, where they agree.
    Same,
    /// The type of the first.
    First,
    /// A decimal number where one is among the arguments, else a floating-point number.
    Number,
    /// Always this.
    A(Type),
}

/// One function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// The fewest and the most arguments.
    pub(crate) arity: (usize, usize),
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
    pub(crate) gives: Gives,
}

macro_rules! functions {
    ($($name:literal $least:literal..$most:literal $sqlite:literal $postgres:literal $gives:expr;)*) => {
        &[$(Function {
            name: $name,
            arity: ($least, $most),
            sqlite: $sqlite,
            postgres: $postgres,
            gives: $gives,
        }),*]
    };
}

/// As many arguments as one likes.
pub(crate) const MANY: usize = 1000;

use Gives::{A, First, Number, Same};

#[rustfmt::skip]
pub(crate) static FUNCTIONS: &[Function] = functions! {
    "Coalesce"  2..1000 "COALESCE" "COALESCE" Same;
    "Greatest"  2..1000 "MAX" "GREATEST" Same;
    "Least"     2..1000 "MIN" "LEAST" Same;
    "NullIf"    2..2 "NULLIF" "NULLIF" Same;
    "Concat"    2..1000 "" "" A(Type::Text);
    "Chr"       1..1 "CHAR" "CHR" A(Type::Text);
    "Left"      2..2 "SUBSTR" "LEFT" A(Type::Text);
    "Length"    1..1 "LENGTH" "LENGTH" A(Type::Int);
    "Lower"     1..1 "LOWER" "LOWER" Same;
    "LPad"      2..3 "LPAD" "LPAD" A(Type::Text);
    "LTrim"     1..1 "LTRIM" "LTRIM" Same;
    "MD5"       1..1 "MD5" "MD5" Same;
    "Ord"       1..1 "UNICODE" "ASCII" A(Type::Int);
    "Repeat"    2..2 "REPEAT" "REPEAT" A(Type::Text);
    "Replace"   2..3 "REPLACE" "REPLACE" Same;
    "Reverse"   1..1 "REVERSE" "REVERSE" Same;
    "Right"     2..2 "SUBSTR" "RIGHT" A(Type::Text);
    "RPad"      2..3 "RPAD" "RPAD" A(Type::Text);
    "RTrim"     1..1 "RTRIM" "RTRIM" Same;
    "SHA1"      1..1 "SHA1" "sha1" Same;
    "SHA224"    1..1 "SHA224" "sha224" Same;
    "SHA256"    1..1 "SHA256" "sha256" Same;
    "SHA384"    1..1 "SHA384" "sha384" Same;
    "SHA512"    1..1 "SHA512" "sha512" Same;
    "StrIndex"  2..2 "INSTR" "STRPOS" A(Type::Int);
    "Substr"    2..3 "SUBSTR" "SUBSTRING" A(Type::Text);
    "Trim"      1..1 "TRIM" "TRIM" Same;
    "Upper"     1..1 "UPPER" "UPPER" Same;
    "Abs"       1..1 "ABS" "ABS" Same;
    "ACos"      1..1 "ACOS" "ACOS" Number;
    "ASin"      1..1 "ASIN" "ASIN" Number;
    "ATan"      1..1 "ATAN" "ATAN" Number;
    "ATan2"     2..2 "ATAN2" "ATAN2" Number;
    "Ceil"      1..1 "CEILING" "CEILING" Same;
    "Cos"       1..1 "COS" "COS" Number;
    "Cot"       1..1 "COT" "COT" Number;
    "Degrees"   1..1 "DEGREES" "DEGREES" Number;
    "Exp"       1..1 "EXP" "EXP" Number;
    "Floor"     1..1 "FLOOR" "FLOOR" Same;
    "Ln"        1..1 "LN" "LN" Number;
    "Log"       2..2 "LOG" "LOG" Number;
    "Mod"       2..2 "MOD" "MOD" Number;
    "Pi"        0..0 "PI" "PI" Number;
    "Power"     2..2 "POWER" "POWER" Number;
    "Radians"   1..1 "RADIANS" "RADIANS" Number;
    "Random"    0..0 "RAND" "RANDOM" Number;
    "Round"     1..2 "ROUND" "ROUND" First;
    "Sign"      1..1 "SIGN" "SIGN" Same;
    "Sin"       1..1 "SIN" "SIN" Number;
    "Sqrt"      1..1 "SQRT" "SQRT" Number;
    "Tan"       1..1 "TAN" "TAN" Number;
    "Now"       0..0 "" "" A(Type::DateTime);
};

/// What a function gives for arguments of such types.
pub(super) fn type_of(name: &str, args: &[Option<Type>]) -> Option<Type> {
    if let Some(found) = super::moment::type_of(name, args) {
        return Some(found);
    }
    match FUNCTIONS.iter().find(|function| function.name == name)?.gives {
        Same => same(args),
        First => *args.first()?,
        A(found) => Some(found),
        Number if args.contains(&Some(Type::Decimal)) => Some(Type::Decimal),
        Number if args.is_empty() || args.contains(&Some(Type::Int)) => Some(Type::Float),
        Number => same(args),
    }
}

impl Scope<'_> {
    /// The text of a function.
    pub(super) fn function(&self, name: &str, args: &[Expr]) -> Result<String, String> {
        if let Some(sql) = self.moment(name, args)? {
            return Ok(sql);
        }
        let function = FUNCTIONS.iter().find(|function| function.name == name).ok_or_else(|| unknown(name))?;
        let (least, most) = function.arity;
        if args.len() < least || args.len() > most {
            let wanted = match (least, most) {
                (least, MANY) => format!("{least} arguments or more"),
                (least, most) if least == most => format!("{least}"),
                (least, most) => format!("{least} to {most}"),
            };
            return Err(format!("`{name}` takes {wanted}, not {}", args.len()));
        }
        self.known_function(function, args)
    }

    fn known_function(&self, function: &Function, args: &[Expr]) -> Result<String, String> {
        let sqlite = self.dialect == Dialect::Sqlite;
        let texts = |args: &[Expr]| args.iter().map(|arg| self.sql(arg)).collect::<Result<Vec<_>, _>>();
        let call = if sqlite { function.sqlite } else { function.postgres };
        Ok(match function.name {
            "Now" if sqlite => "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')".to_owned(),
            "Now" => "STATEMENT_TIMESTAMP()".to_owned(),
            "Concat" => self.concat(args)?,
            "Left" if sqlite => format!("SUBSTR({}, 1, {})", self.sql(&args[0])?, self.sql(&args[1])?),
            "Right" if sqlite => {
                let length = self.sql(&args[1])?;
                format!("SUBSTR({}, ({length} {} -1), {length})", self.sql(&args[0])?, sign(Operator::Mul))
            }
            "SHA1" | "SHA224" | "SHA256" | "SHA384" | "SHA512" if !sqlite => {
                format!("ENCODE(DIGEST({}, '{call}'), 'hex')", self.sql(&args[0])?)
            }
            "Round" | "Mod" | "Log" => {
                let mut args = args.iter().map(|arg| self.exact_number(arg)).collect::<Result<Vec<_>, _>>()?;
                if function.name == "Round" && args.len() == 1 {
                    args.push("0".to_owned());
                }
                format!("{call}({})", args.join(", "))
            }
            name => {
                let mut args = texts(args)?;
                let missing = match name {
                    "LPad" | "RPad" if args.len() == 2 => Some("' '"),
                    "Replace" if args.len() == 2 => Some("''"),
                    _ => None,
                };
                args.extend(missing.map(str::to_owned));
                format!("{call}({})", args.join(", "))
            }
        })
    }

    /// Pairs from the right, as the reference nests them; a null counts as nothing.
    fn concat(&self, args: &[Expr]) -> Result<String, String> {
        let (first, rest) = (&args[0], &args[1..]);
        let (left, right) =
            (self.text(first)?, if rest.len() == 1 { self.text(&rest[0])? } else { self.concat(rest)? });
        Ok(format!("(COALESCE({left}, '') || COALESCE({right}, ''))"))
    }

    /// PostgreSQL joins nothing but text.
    fn text(&self, expr: &Expr) -> Result<String, String> {
        let sql = self.sql(expr)?;
        let is_text = matches!(self.type_of(expr), Some(Type::Text));
        Ok(if self.dialect == Dialect::Postgres && !is_text { format!("({sql})::text") } else { sql })
    }

    /// PostgreSQL has some functions for decimal numbers only.
    fn exact_number(&self, expr: &Expr) -> Result<String, String> {
        let sql = self.sql(expr)?;
        let is_float = self.type_of(expr) == Some(Type::Float);
        Ok(if self.dialect == Dialect::Postgres && is_float { format!("({sql})::numeric(1000, 15)") } else { sql })
    }
}

fn unknown(name: &str) -> String {
    let names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
    match near::did_you_mean(name, &names) {
        Some(close) => format!("no function `{name}` is known\nhint: did you mean `{close}`?"),
        None => format!("no function `{name}` is known\nhint: write it as SQL, with `Expr::Raw`"),
    }
}
