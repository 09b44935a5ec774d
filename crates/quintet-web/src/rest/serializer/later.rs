//! Asks the async methods of serializers for each row, before anything is written: what writes does not wait.

use super::context::Context;
use super::needs::{End, Hop};
use super::set::Set;
use super::shape::{Role, Shape};
use crate::http::{BoxFuture, Error, Result};

/// Fills in what async methods make of the rows of a set, and of those that nested serializers show.
pub(crate) fn ask<'f, 'a: 'f>(
    shape: &'f Shape,
    set: &'f mut Set<'a>,
    context: &'f Context<'f>,
) -> BoxFuture<'f, Result<()>> {
    Box::pin(async move {
        for member in shape.members.iter().filter(|member| !member.field.write_only) {
            match (&member.role, &member.found) {
                (Role::Later(method), _) => {
                    let mut texts = Vec::with_capacity(set.len());
                    for row in 0..set.len() {
                        let row = set.any(row).ok_or_else(|| Error::internal("a row was not read as a struct"))?;
                        texts.push(method(row, context).await?);
                    }
                    set.made.push((member.field.name.to_string(), texts));
                }
                (Role::Nested(inner), Some(found)) if inner.asks_for_rows() => {
                    if let Some(rows) = end(set, &found.steps, found.end) {
                        ask(inner, rows, context).await?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    })
}

/// The rows at the end of a path.
fn end<'s, 'a>(mut set: &'s mut Set<'a>, steps: &[Hop], end: End) -> Option<&'s mut Set<'a>> {
    for hop in steps {
        set = &mut set.links.get_mut(hop.need)?.set;
    }
    match end {
        End::Row(link) | End::Rows(link) => Some(&mut set.links.get_mut(link)?.set),
        End::This => Some(set),
        _ => None,
    }
}
