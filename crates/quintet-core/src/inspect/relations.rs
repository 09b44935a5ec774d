//! The names of the ways back from the rows that are referred to: no two alike, and none like a field.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Plan;
use super::table::Model;

/// Gives a `related_name` where the usual one is taken, as the reference does from the second key to a model on.
pub(super) fn name_ways_back(plan: &Plan<'_>, models: &mut [Model]) {
    let mut taken: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for model in models.iter_mut() {
        let own = model.name.to_lowercase();
        for field in &mut model.fields {
            let Some(target) = field.target else { continue };
            let taken = taken
                .entry(target)
                .or_insert_with(|| plan.tables[target].fields.iter().map(|field| field.name.clone()).collect());
            let accessor = if field.one { own.clone() } else { format!("{own}_set") };
            // Queries call a way back by the model, others by the accessor.
            if !taken.contains(&accessor) && !taken.contains(&own) {
                taken.extend([accessor, own.clone()]);
                continue;
            }
            let wanted = format!("{own}_{}_set", field.name);
            let free = (0_u32..)
                .map(|number| if number == 0 { wanted.clone() } else { format!("{wanted}{number}") })
                .find(|name| !taken.contains(name));
            let name = free.unwrap_or(wanted);
            field.attributes.push(format!("related_name = {name:?}"));
            taken.insert(name);
        }
    }
}
