//! Classes of fields of one's own, and serializers that read and show in their own ways.

use quintet::json::{Json as Tree, Object};
use quintet::prelude::*;
use quintet::serializers::{Data, FieldClass, Problem, Problems, to_internal_value};

use super::tried::TryView;

/// #rrggbb and a list of three.
pub struct Colour;

impl FieldClass for Colour {
    type Base = Tree;
    type Value = Vec<i64>;

    fn to_internal_value(given: Tree) -> std::result::Result<Vec<i64>, Problem> {
        let Tree::Text(text) = given else {
            let kind = if matches!(given, Tree::Int(_)) { "int" } else { "list" };
            return Err(Problem::new("incorrect_type", format!("Expected text, not {kind}.")));
        };
        let form = || Problem::new("form", "Write #rrggbb.");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii()).ok_or_else(form)?;
        let pairs = [0, 2, 4].map(|at| i64::from_str_radix(&digits[at..at + 2], 16));
        let value = pairs.into_iter().collect::<std::result::Result<Vec<i64>, _>>().map_err(|_| form())?;
        if value.iter().sum::<i64>() == 0 { Err(Problem::new("dark", "Too dark.")) } else { Ok(value) }
    }

    fn to_representation(value: Vec<i64>) -> Tree {
        let digits: String = value.iter().map(|number| format!("{number:02x}")).collect();
        format!("#{digits}").as_str().into()
    }
}

/// Text that is shown in capitals.
pub struct Upper;

impl FieldClass for Upper {
    type Base = String;
    type Value = String;

    fn to_internal_value(text: String) -> std::result::Result<String, Problem> {
        Ok(text)
    }

    fn to_representation(text: String) -> String {
        text.to_uppercase()
    }
}

/// Written as `a-b`, read as a document.
#[derive(Serializer)]
#[serializer(to_internal_value = span_read, to_representation = span_shown)]
pub struct Span {
    pub low: super::kinds::Integer,
    pub high: super::kinds::Integer,
}

async fn span_read(data: Data, context: &Context<'_>) -> Result<Changes<Span>> {
    let data = match data {
        Data::Json(Tree::Text(text)) => {
            let (low, high) = text.split_once('-').unwrap_or((&text, ""));
            Data::Json(Tree::Object(Object::new().with("low", low).with("high", high)))
        }
        other => other,
    };
    to_internal_value::<Span>(&data, context).await
}

#[allow(clippy::needless_pass_by_value, reason = "a hook may change what it is given")]
fn span_shown(_: &Changes<Span>, shown: Object, _: &Context<'_>) -> Result<String> {
    let number = |name: &str| match shown.get(name) {
        Some(Tree::Int(number)) => *number,
        _ => 0,
    };
    Ok(format!("{}-{}", number("low"), number("high")))
}

#[derive(Serializer)]
#[serializer(to_internal_value = own_read, to_representation = own_shown)]
pub struct Own {
    #[field(required = false)]
    pub colour: Colour,
    #[field(required = false)]
    pub colours: Vec<Colour>,
    #[field(max_length = 3, required = false)]
    pub shout: Upper,
    #[field(required = false)]
    pub span: Span,
    #[field(required = false)]
    pub spans: Vec<Span>,
}

async fn own_read(data: Data, context: &Context<'_>) -> Result<Changes<Own>> {
    if let Data::Json(Tree::Object(members)) = &data
        && let Some(why) = members.get("refuse")
    {
        let refused = Problem::from("Refused.").alone();
        return Err(Error::validation(Problems::Map(vec![("refuse".into(), refused), ("why".into(), told(why))])));
    }
    to_internal_value::<Own>(&data, context).await
}

/// Whatever was given, as problems.
fn told(why: &Tree) -> Problems {
    match why {
        Tree::Text(text) => Problem::from(text.as_str()).alone(),
        Tree::List(members) => Problems::Each(members.iter().map(told).collect()),
        Tree::Object(members) => {
            Problems::Map(members.iter().map(|(name, why)| (name.to_owned(), told(why))).collect())
        }
        _ => Problems::Map(vec![]),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "a hook may change what it is given")]
fn own_shown(_: &Changes<Own>, shown: Object, _: &Context<'_>) -> Result<Object> {
    let mut whole = Object::new().with("kind", "own");
    let count = i64::try_from(shown.iter().count()).unwrap_or_default();
    for (name, value) in shown.iter() {
        whole.insert(name, value.clone());
    }
    Ok(whole.with("count", count))
}

pub(super) fn urls() -> Urls {
    urls![path("own/", TryView::<Own>::one()), path("own-list/", TryView::<Own>::many())]
}
