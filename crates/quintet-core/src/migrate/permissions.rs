//! The rows that exist because models do: content types, and the permissions upon them.
//!
//! After `migrate` each installed app, in the order of the settings, gets a content type for each of its models that has
//! none, and then its permissions. Models come in the order in which migrations made them, so that a new database has
//! the same rows under the same numbers as one that the reference made. Somebody else reads and writes the rows.

use std::collections::HashSet;

use crate::operation::{Migration, Operation};
use crate::schema::{ModelKey, ModelState, ProjectState};

/// A content type: the app's label, and the model's name in lower case.
pub type ContentType = ModelKey;

/// The permissions that a model has where nothing is said.
const USUAL: [&str; 4] = ["add", "change", "delete", "view"];

/// What an app lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Content types, in the order in which they are to be written.
    pub content_types: Vec<ContentType>,
    /// Permissions, in the order in which they are to be written; after the content types.
    pub permissions: Vec<Permission>,
}

/// A permission upon a content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// What it is upon.
    pub content_type: ContentType,
    /// `add_logentry`.
    pub codename: String,
    /// `Can add log entry`.
    pub name: String,
}

/// What of an app must be written, given what there is: content types, and permissions by content type and codename.
///
/// `state` is what the applied migrations add up to, and `order` is what [`order`] finds in them, followed by the models
/// of apps that have no migrations. Empty while the tables themselves are not a part of the project.
pub fn missing(
    state: &ProjectState,
    order: &[ModelKey],
    app: &str,
    content_types: &HashSet<ContentType>,
    permissions: &HashSet<(ContentType, String)>,
) -> Missing {
    if state.model("contenttypes", "ContentType").is_none() {
        return Missing::default();
    }
    let models = models_of(state, order, app);
    let content_types = models.iter().map(|model| model.key()).filter(|key| !content_types.contains(key)).collect();
    if state.model("auth", "Permission").is_none() {
        return Missing { content_types, permissions: vec![] };
    }
    let permissions = models
        .into_iter()
        .flat_map(of_model)
        .filter(|new| !permissions.contains(&(new.content_type.clone(), new.codename.clone())))
        .collect();
    Missing { content_types, permissions }
}

/// All permissions upon a model: the usual ones, then its own.
pub fn of_model(model: &ModelState) -> Vec<Permission> {
    usual(model)
        .into_iter()
        .chain(model.options.permissions.iter().cloned())
        .map(|(codename, name)| Permission { content_type: model.key(), codename, name })
        .collect()
}

/// Codenames and names of the usual permissions upon a model.
pub fn usual(model: &ModelState) -> Vec<(String, String)> {
    let noun = model.options.verbose_name.clone().unwrap_or_else(|| spaced(&model.name));
    let verbs = match &model.options.default_permissions {
        Some(verbs) => verbs.iter().map(String::as_str).collect(),
        None => USUAL.to_vec(),
    };
    let named = |verb| (format!("{verb}_{}", model.name_lower()), format!("Can {verb} {noun}"));
    verbs.into_iter().map(named).collect()
}

/// The models in the order in which migrations, all that have been applied, made them. A renamed one is made anew.
pub fn order<'a>(migrations: impl IntoIterator<Item = &'a Migration>) -> Vec<ModelKey> {
    let mut made = vec![];
    for migration in migrations {
        follow(&migration.app, &migration.operations, &mut made);
    }
    made
}

fn follow(app: &str, operations: &[Operation], made: &mut Vec<ModelKey>) {
    let key = |name: &str| (app.to_owned(), name.to_lowercase());
    for operation in operations {
        match operation {
            Operation::CreateModel { name, .. } => made.push(key(name)),
            Operation::DeleteModel { name } => made.retain(|model| *model != key(name)),
            Operation::RenameModel { old_name, new_name } if key(old_name) != key(new_name) => {
                made.retain(|model| *model != key(old_name));
                made.push(key(new_name));
            }
            Operation::RunSql { state, .. } | Operation::SeparateDatabaseAndState { state, .. } => {
                follow(app, state, made);
            }
            _ => {}
        }
    }
}

/// The content types that a migration renames, with their new names, in order: those of the models that it renames.
/// Where both names exist, the row stays as it is and becomes [`stale`].
pub fn renamed(migration: &Migration) -> Vec<(ContentType, ContentType)> {
    let key = |name: &str| (migration.app.clone(), name.to_lowercase());
    let renames = migration.operations.iter().filter_map(|operation| match operation {
        Operation::RenameModel { old_name, new_name } => Some((key(old_name), key(new_name))),
        _ => None,
    });
    renames.collect()
}

/// The content types that no model of the project's has, by app and name. Those of apps that are no longer installed are
/// left out, unless they are asked for.
pub fn stale(
    state: &ProjectState,
    apps: &[&str],
    content_types: &HashSet<ContentType>,
    of_removed_apps: bool,
) -> Vec<ContentType> {
    let is_asked_for = |key: &ContentType| of_removed_apps || apps.contains(&key.0.as_str());
    let is_known = |key: &ContentType| state.models.contains_key(key) || is_join(state, key);
    let mut stale: Vec<_> = content_types.iter().filter(|key| is_asked_for(key) && !is_known(key)).cloned().collect();
    stale.sort();
    stale
}

/// Whether it is the model that a many-to-many field makes by itself. Such a one is given no content type, but keeps one.
fn is_join(state: &ProjectState, key: &ContentType) -> bool {
    state.of_app(&key.0).any(|model| {
        let joins = model.fields.iter().filter_map(|(name, field)| state.join_model(model, name, field));
        joins.into_iter().any(|join| join.key() == *key)
    })
}

/// An app's models: those that migrations made, in that order but each after its bases, and then any others by name.
fn models_of<'a>(state: &'a ProjectState, order: &[ModelKey], app: &str) -> Vec<&'a ModelState> {
    let others = state.models.keys().filter(|key| !order.contains(key));
    let all = order.iter().chain(others).filter_map(|key| state.models.get(key));
    let mut models = after_bases(state, all.collect());
    models.retain(|model| model.app == app && !is_swapped(state, model));
    models
}

/// Each round takes the models whose bases have been taken, until none is left or none can be taken.
fn after_bases<'a>(state: &ProjectState, mut left: Vec<&'a ModelState>) -> Vec<&'a ModelState> {
    let mut taken: Vec<&ModelState> = vec![];
    let mut labels: HashSet<String> = HashSet::new();
    loop {
        let before = left.len();
        left.retain(|model| {
            let ready = model.bases.iter().all(|base| labels.contains(base) || state.base(base).is_none());
            if ready {
                labels.insert(format!("{}.{}", model.app, model.name_lower()));
                taken.push(model);
            }
            !ready
        });
        if left.len() == before {
            taken.extend(left);
            return taken;
        }
    }
}

/// Whether another model stands in its place.
fn is_swapped(state: &ProjectState, model: &ModelState) -> bool {
    let (app, name) = &state.user_model;
    model.options.swappable.is_some() && !(model.app == *app && model.name.eq_ignore_ascii_case(name))
}

/// `LogEntry` as `log entry`: what people call a model unless it says otherwise. A run of capitals is one word.
pub fn spaced(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_small = at > 0 && letters[at - 1].is_ascii_lowercase();
        let before_small = letters.get(at + 1).is_some_and(|next| !next.is_ascii_uppercase());
        if letter.is_ascii_uppercase() && (after_small || before_small) {
            words.push(' ');
        }
        words.push(*letter);
    }
    words.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::words::*;
    use crate::schema::words::*;

    fn migration(app: &str, operations: Vec<Operation>) -> Migration {
        let mut migration = Migration::new("0001_initial").operations(operations);
        app.clone_into(&mut migration.app);
        migration
    }

    fn model(name: &str) -> Operation {
        create_model(name, vec![("id", big_auto().primary_key())], options())
    }

    fn rows() -> Vec<Migration> {
        let content_types = migration("contenttypes", vec![model("ContentType")]);
        vec![content_types, migration("auth", vec![model("Permission")])]
    }

    /// What `blog` lacks after these operations, where nothing is there yet.
    fn blog(operations: Vec<Operation>) -> Missing {
        let mut migrations = rows();
        migrations.push(migration("blog", operations));
        lacking(&migrations)
    }

    fn lacking(migrations: &[Migration]) -> Missing {
        let mut state = ProjectState::new("auth.User");
        for migration in migrations {
            migration.apply(&mut state).unwrap();
        }
        missing(&state, &order(migrations), "blog", &HashSet::new(), &HashSet::new())
    }

    fn names(content_types: &[ContentType]) -> Vec<&str> {
        content_types.iter().map(|(_, name)| name.as_str()).collect()
    }

    #[test]
    fn a_model_has_four_permissions_named_after_what_people_call_it() {
        let missing = blog(vec![model("BlogPost")]);
        let said: Vec<_> = missing.permissions.iter().map(|new| (new.codename.as_str(), new.name.as_str())).collect();
        let expected = [
            ("add_blogpost", "Can add blog post"),
            ("change_blogpost", "Can change blog post"),
            ("delete_blogpost", "Can delete blog post"),
            ("view_blogpost", "Can view blog post"),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn own_permissions_follow_the_usual_ones_which_may_be_others() {
        let own = options().verbose_name("Post").default_permissions(&["view"]).permission("publish", "May publish");
        let missing = blog(vec![create_model("Post", vec![], own)]);
        let said: Vec<_> = missing.permissions.iter().map(|new| (new.codename.as_str(), new.name.as_str())).collect();
        assert_eq!(said, [("view_post", "Can view Post"), ("publish", "May publish")]);
    }

    #[test]
    fn models_come_in_the_order_in_which_they_were_made_and_a_renamed_one_is_made_anew() {
        let missing = blog(vec![model("Zebra"), model("Old"), model("Ant"), rename_model("Old", "New")]);
        assert_eq!(names(&missing.content_types), ["zebra", "ant", "new"]);
    }

    #[test]
    fn a_state_operation_makes_a_model_and_a_deleted_one_is_gone() {
        let made = separate_database_and_state(vec![], vec![model("Made")]);
        let missing = blog(vec![model("Gone"), made, delete_model("Gone")]);
        assert_eq!(names(&missing.content_types), ["made"]);
    }

    #[test]
    fn a_proxy_has_its_own_row_after_its_base_wherever_that_is_made() {
        let proxy = create_model("Early", vec![], options().proxy()).bases(&["shop.Late"]);
        let mut migrations = rows();
        migrations.push(migration("blog", vec![proxy, model("Plain")]));
        migrations.push(migration("shop", vec![model("Late")]));
        assert_eq!(names(&lacking(&migrations).content_types), ["plain", "early"]);
    }

    #[test]
    fn an_unmanaged_model_has_rows_and_a_swapped_one_has_none() {
        let unmanaged = create_model("View", vec![], options().unmanaged());
        let swapped = create_model("Member", vec![], options().swappable("AUTH_USER_MODEL"));
        assert_eq!(names(&blog(vec![unmanaged, swapped]).content_types), ["view"]);
    }

    #[test]
    fn what_is_there_is_not_written_again() {
        let mut migrations = rows();
        migrations.push(migration("blog", vec![model("Post"), model("Tag")]));
        let mut state = ProjectState::new("auth.User");
        migrations.iter().for_each(|migration| migration.apply(&mut state).unwrap());
        let post = ("blog".to_owned(), "post".to_owned());
        let verbs = ["add", "change", "delete"].map(|verb| (post.clone(), format!("{verb}_post")));
        let missing = missing(&state, &order(&migrations), "blog", &HashSet::from([post]), &HashSet::from(verbs));
        assert_eq!(names(&missing.content_types), ["tag"]);
        assert_eq!(missing.permissions[0].codename, "view_post");
        assert_eq!(missing.permissions.len(), 5);
    }

    #[test]
    fn without_the_table_of_permissions_only_content_types_are_written() {
        let content_types = rows().remove(0);
        let missing = lacking(&[content_types, migration("blog", vec![model("Post")])]);
        assert_eq!((missing.content_types.len(), missing.permissions.len()), (1, 0));
        assert_eq!(lacking(&[migration("blog", vec![model("Post")])]), Missing::default());
    }

    #[test]
    fn a_renamed_model_renames_its_content_type() {
        let key = |name: &str| ("blog".to_owned(), name.to_owned());
        let migration = migration("blog", vec![model("Post"), rename_model("Post", "Article")]);
        assert_eq!(renamed(&migration), [(key("post"), key("article"))]);
    }

    #[test]
    fn a_content_type_without_a_model_is_stale_and_of_a_removed_app_only_when_asked() {
        let mut state = ProjectState::new("auth.User");
        let tags = ("tags", many_to_many("Tag"));
        let post = create_model("Post", vec![("id", big_auto().primary_key()), tags], options());
        migration("blog", vec![model("Tag"), post]).apply(&mut state).unwrap();
        let key = |app: &str, name: &str| (app.to_owned(), name.to_owned());
        let rows =
            HashSet::from([key("blog", "post"), key("blog", "gone"), key("blog", "post_tags"), key("old", "thing")]);
        assert_eq!(stale(&state, &["blog"], &rows, false), [key("blog", "gone")]);
        assert_eq!(stale(&state, &["blog"], &rows, true), [key("blog", "gone"), key("old", "thing")]);
    }

    #[test]
    fn a_run_of_capitals_is_one_word() {
        let names = ["LogEntry", "HTTPServer", "Order66Line", "URLField2", "AB", "aB", "AB1", "X_Y", "ÄBc"];
        let spaced: Vec<String> = names.iter().map(|name| spaced(name)).collect();
        let expected = ["log entry", "http server", "order66 line", "url field2", "ab", "a b", "a b1", "x_y", "ä bc"];
        assert_eq!(spaced, expected);
    }
}
