//! The rows that a relation may be, as the options of a control.

use minijinja::value::Value as Held;
use quintet_core::query::{Path, Step};
use quintet_core::rest::{Related, RelatedTo};

use super::choosing::{Cut, EMPTY, option};
use crate::http::{Error, Result};
use crate::rest::choose::choosable;
use crate::rest::serializer::{Context, Target, address_of};

/// What is asked for.
pub(super) struct Options<'a> {
    pub(super) related: &'a Related,
    pub(super) target: &'a Target,
    /// What is chosen.
    pub(super) now: &'a [String],
    pub(super) has_none: bool,
    pub(super) cut: &'a Cut<'a>,
}

/// The rows, as far as the cutoff allows; what is chosen already is always there.
pub(super) async fn options(asked: &Options<'_>, context: &Context<'_>) -> Result<Vec<Held>> {
    let registry = context.registry();
    let info = registry.model(asked.target.model);
    let mut query = match &asked.target.rows {
        Some(rows) => rows(context),
        None => context.db().models().map_err(Error::internal)?.rows_of(asked.target.model),
    };
    if let Some(limit) = &asked.related.limit_choices_to {
        query.steps.push(Step::Filter(limit.into()));
    }
    let key = info.key.first().copied().unwrap_or(asked.target.there);
    let missing = |name: &str| Error::internal(format!("`{}` has no field `{name}`", info.label()));
    let (path, kind) = match &asked.related.to {
        RelatedTo::Slug(name) => {
            let path = Path::parse(name);
            let found = registry.follow(asked.target.model, &path);
            let kind = found.column.ok_or_else(|| missing(name))?.kind.clone();
            (path, kind)
        }
        RelatedTo::Hyperlink { lookup_field, .. } => {
            let column = &info.columns[info.place(lookup_field).ok_or_else(|| missing(lookup_field))?];
            (Path::from_iter([column.name.clone()]), column.kind.clone())
        }
        _ => (Path::from_iter([info.columns[key].name.clone()]), info.columns[key].kind.clone()),
    };
    let most = asked.cut.most.unwrap_or(usize::MAX);
    let found = choosable(context.db(), info, query, &path, &kind, most).await?;
    let mut options: Vec<Held> = vec![];
    if asked.has_none {
        options.push(option("", EMPTY, asked.now.iter().all(String::is_empty)));
    }
    let mut seen = vec![];
    for (value, words) in found.rows {
        let value = match &asked.related.to {
            RelatedTo::Hyperlink { view_name, lookup_url_kwarg, .. } => {
                address_of(context.request(), view_name, lookup_url_kwarg, &value)?
            }
            _ => value,
        };
        options.push(option(&value, &words, asked.now.contains(&value)));
        seen.push(value);
    }
    for now in asked.now.iter().filter(|now| !now.is_empty() && !seen.contains(now)) {
        options.push(option(now, now, true));
    }
    if found.is_cut {
        options.push(asked.cut.more());
    }
    Ok(options)
}
