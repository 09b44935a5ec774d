//! Where we differ from the reference, and why. What is listed must differ: a line that says nothing any more goes.

/// A query's name, the database (both where it is empty), and the reason.
pub(crate) const KNOWN: &[(&str, &str, &str)] = &[
    ("case over relations", "", MIXED),
    ("text function 14 Replace", "", MIXED),
    ("text function 20 Concat", "", MIXED),
    ("choice function 2 Coalesce", "", MIXED),
    ("values with a relation that comes along", "", ORDER),
    ("values, only refused", "", ORDER),
    ("json array made", "postgresql", "null alone needs no kind of its own"),
    ("json has_any_keys []", "postgresql", "no key at all is a mistake, as it is on SQLite"),
    ("json exclude has_any_keys []", "postgresql", "no key at all is a mistake, as it is on SQLite"),
    ("extract epoch", "postgresql", "a part is one of a list, on both databases the same"),
    ("truncate to hour in Europe/Berlin", "postgresql", TWICE),
    ("truncate to minute in Europe/Berlin", "postgresql", TWICE),
    ("truncate to second in Europe/Berlin", "postgresql", TWICE),
    ("json 22 json__q\"q", "sqlite", QUOTED),
    ("json has_key q\"q", "sqlite", QUOTED),
    ("json exclude has_key q\"q", "sqlite", QUOTED),
    ("difference with nothing", "sqlite", BRACES),
    ("union with nothing", "sqlite", BRACES),
    ("union of sliced", "sqlite", BRACES),
    ("strings of a group", "sqlite", "strings are put together on both databases"),
    ("list of text", "sqlite", "strings are put together on both databases"),
    ("total string of all", "sqlite", "strings are put together on both databases"),
    ("total Variance of duration", "sqlite", "a number that the reference cannot show"),
    ("truncate a date to date", "sqlite", "a date is its own date"),
    ("window running Sum", "sqlite", "another SQLite adds floating-point numbers in another way"),
    ("part: defer the key", "", "the key always comes, by whichever name it is left out"),
    ("together: union", "", TOGETHER),
    ("together: intersection", "", TOGETHER),
    ("together: difference", "", TOGETHER),
    ("together: all of a union", "", TOGETHER),
    ("together: a slice of a union", "", TOGETHER),
    ("together: values of a union", "", TOGETHER),
    ("together: expressions over a union", "", TOGETHER),
    ("together: filtered over a union", "", TOGETHER),
    ("together: with a default", "postgresql", TOGETHER),
    ("together: behind a key", "sqlite", TOGETHER),
];

const TOGETHER: &str = "of several queries, the reference names columns that none of them gives";
const MIXED: &str = "texts of several kinds are text, and whole numbers of several kinds are whole numbers";
const ORDER: &str = "a query is data: whether its values were chosen first is not known";
const TWICE: &str = "an hour that comes twice: the reference takes the first for both";
const QUOTED: &str = "the reference does not find a key with a quote in it";
const BRACES: &str = "what the database refuses as the reference writes it, it takes in braces";

/// Why a difference is known.
pub(crate) fn reason(id: &str, vendor: &str) -> Option<&'static str> {
    let is_it = |known: &&(&str, &str, &str)| known.0 == id && (known.1.is_empty() || known.1 == vendor);
    KNOWN.iter().find(is_it).map(|known| known.2)
}
