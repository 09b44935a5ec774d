//! Tests of the graph: plans, replacements, mistakes, and how long a large project takes.

use super::*;
use crate::operation::words::*;
use crate::schema::words::*;

fn key(label: &str) -> Key {
    let (app, name) = label.split_once('.').expect("a label");
    (app.to_owned(), name.to_owned())
}

fn keys(labels: &[&str]) -> Vec<Key> {
    labels.iter().map(|label| key(label)).collect()
}

/// A migration with what it needs; `replaces` is said by `~`, `run_before` by `<`.
fn migration(label: &str, words: &[&str]) -> Migration {
    let (app, name) = key(label);
    let mut migration =
        Migration { app: app.clone(), file: Some(format!("src/{app}/migrations/m{name}.rs")), ..Migration::new(&name) };
    for word in words {
        if let Some(label) = word.strip_prefix('~') {
            migration.replaces.push(key(label));
        } else if let Some(label) = word.strip_prefix('<') {
            migration.run_before.push(key(label));
        } else if *word == "user" {
            migration = migration.depends_on_user_model();
        } else {
            let (app, name) = key(word);
            migration = migration.depends_on(&app, &name);
        }
    }
    migration
}

fn graph_of(list: &[(&str, &[&str])], applied: &[&str]) -> Result<Graph, GraphError> {
    let migrations = list.iter().map(|(label, words)| migration(label, words)).collect();
    Graph::build(migrations, &keys(applied), "auth.User")
}

fn labels(keys: &[Key]) -> Vec<String> {
    keys.iter().map(|(app, name)| format!("{app}.{name}")).collect()
}

fn steps(graph: &Graph, targets: &[(&str, Option<&str>)]) -> Vec<String> {
    let targets: Vec<Target> = targets.iter().map(|(app, name)| ((*app).to_owned(), name.map(str::to_owned))).collect();
    let steps = graph.plan(&targets).expect("a plan");
    steps.iter().map(|((app, name), back)| format!("{}{app}.{name}", if *back { "-" } else { "+" })).collect()
}

/// The two branches of the reference's record `merge`.
const BRANCHES: &[(&str, &[&str])] = &[
    ("lab.0001_initial", &[]),
    ("lab.0002_note_a", &["lab.0001_initial"]),
    ("lab.0002_note_b", &["lab.0001_initial"]),
];

const MERGED: &[(&str, &[&str])] = &[
    ("lab.0001_initial", &[]),
    ("lab.0002_note_a", &["lab.0001_initial"]),
    ("lab.0002_note_b", &["lab.0001_initial"]),
    ("lab.0003_merge_0002_note_a_0002_note_b", &["lab.0002_note_a", "lab.0002_note_b"]),
];

#[test]
fn two_ends_of_an_app_are_a_conflict_in_the_references_words() {
    let error = graph_of(BRANCHES, &[]).expect("a graph").check_conflicts().expect_err("a conflict");
    assert_eq!(
        error.to_string(),
        "Conflicting migrations detected; multiple leaf nodes in the migration graph: (0002_note_a, 0002_note_b in \
         lab).\nTo fix them run 'cargo manage makemigrations --merge'"
    );
}

#[test]
fn branches_are_applied_in_the_recorded_order_and_unapplied_in_the_other() {
    let graph = graph_of(MERGED, &["lab.0001_initial"]).expect("a graph");
    let end = "0003_merge_0002_note_a_0002_note_b";
    assert_eq!(
        steps(&graph, &[("lab", Some(end))]),
        ["+lab.0002_note_b", "+lab.0002_note_a", "+lab.0003_merge_0002_note_a_0002_note_b"]
    );
    let all: Vec<&str> = MERGED.iter().map(|(label, _)| *label).collect();
    let graph = graph_of(MERGED, &all).expect("a graph");
    assert_eq!(
        steps(&graph, &[("lab", Some("0001_initial"))]),
        ["-lab.0003_merge_0002_note_a_0002_note_b", "-lab.0002_note_a", "-lab.0002_note_b"]
    );
}

#[test]
fn the_list_shows_marks_as_recorded() {
    let graph = graph_of(MERGED, &["lab.0001_initial"]).expect("a graph");
    let lines: Vec<String> = graph.listed("lab").iter().map(Listed::line).collect();
    let recorded = " [X] 0001_initial\n [ ] 0002_note_b\n [ ] 0002_note_a\n [ ] 0003_merge_0002_note_a_0002_note_b";
    assert_eq!(lines.join("\n"), recorded);
    let planned = graph.planned(&["lab".to_owned()]).expect("a plan");
    assert_eq!(planned[0].line(false), "[X]  lab.0001_initial");
    assert_eq!(planned[1].line(true), "[ ]  lab.0002_note_b ... (lab.0001_initial)");
}

#[test]
fn merging_names_the_branches_and_what_each_does() {
    let mut migrations: Vec<Migration> = BRANCHES.iter().map(|(label, words)| migration(label, words)).collect();
    migrations[1].operations = vec![add_field("note", "a", integer())];
    migrations[2].operations = vec![add_field("note", "b", integer())];
    let graph = Graph::build(migrations, &[], "auth.User").expect("a graph");
    let (app, names) = graph.conflicts().remove(0);
    let merge = graph.merge(&app, &names).expect("branches");
    assert_eq!(merge.ancestor, key("lab.0001_initial"));
    let recorded =
        "Merging lab\n  Branch 0002_note_a\n    + Add field a to note\n  Branch 0002_note_b\n    + Add field b to note";
    assert_eq!(merge.lines().join("\n"), recorded);
    let made = merge.migration(None, "20260101_0000");
    assert_eq!(made.name, "0003_merge_0002_note_a_0002_note_b");
    assert_eq!(made.dependencies.len(), 2);
    assert_eq!(merge.migration(Some("both"), "").name, "0003_both");
}

#[test]
fn a_merge_of_long_names_is_named_after_the_time() {
    let list: &[(&str, &[&str])] = &[
        ("lab.0001_initial", &[]),
        ("lab.0002_note_a_name_that_is_long", &["lab.0001_initial"]),
        ("lab.0007_note_another_name_that_is_long", &["lab.0001_initial"]),
    ];
    let graph = graph_of(list, &[]).expect("a graph");
    let (app, names) = graph.conflicts().remove(0);
    let made = graph.merge(&app, &names).expect("branches").migration(None, "20260101_0000");
    assert_eq!(made.name, "0008_merge_20260101_0000");
}

#[test]
fn ends_without_a_common_beginning_do_not_merge() {
    let graph = graph_of(&[("lab.0001_a", &[]), ("lab.0001_b", &[])], &[]).expect("a graph");
    let error = graph.merge("lab", &["0001_a".to_owned(), "0001_b".to_owned()]).expect_err("no ancestor");
    assert_eq!(error.to_string(), "the migrations 0001_a, 0001_b of the app `lab` have no beginning in common");
}

#[test]
fn a_prefix_finds_one_migration_or_says_which_in_the_recorded_words() {
    let graph = graph_of(BRANCHES, &[]).expect("a graph");
    assert_eq!(graph.find("lab", "0001").expect("one").name, "0001_initial");
    let unknown = graph.find("lab", "0099").expect_err("unknown").to_string();
    assert_eq!(unknown, "Cannot find a migration matching '0099' from app 'lab'.");
    let ambiguous = graph.find("lab", "0002").expect_err("two");
    assert_eq!(ambiguous.to_string(), "More than one migration matches '0002' in app 'lab'. Please be more specific.");
    assert_eq!(ambiguous.hint().as_deref(), Some("one of 0002_note_a, 0002_note_b"));
}

#[test]
fn a_whole_name_is_found_though_others_begin_with_it() {
    let list: &[(&str, &[&str])] =
        &[("lab.0001_initial", &[]), ("lab.0001_initial_squashed_0001_initial", &["~lab.0001_initial"])];
    let graph = graph_of(list, &[]).expect("a graph");
    assert_eq!(graph.find("lab", "0001_initial").expect("one").name, "0001_initial");
}

#[test]
fn first_and_latest_and_the_user_model_are_found() {
    let list: &[(&str, &[&str])] = &[
        ("auth.0001_initial", &[]),
        ("auth.0002_more", &["auth.0001_initial"]),
        ("api.0001_initial", &["user"]),
        ("shop.0001_initial", &["auth.__latest__", "api.__first__"]),
    ];
    let graph = graph_of(list, &[]).expect("a graph");
    let plan = |label| labels(&graph.forwards_plan(&key(label)).expect("a plan"));
    assert_eq!(plan("api.0001_initial"), ["auth.0001_initial", "api.0001_initial"]);
    assert_eq!(
        plan("shop.0001_initial"),
        ["auth.0001_initial", "auth.0002_more", "api.0001_initial", "shop.0001_initial"]
    );
}

#[test]
fn the_user_model_of_ones_own_app_is_no_dependency() {
    let graph = graph_of(&[("auth.0001_initial", &["user", "auth.__first__"])], &[]).expect("a graph");
    assert_eq!(labels(&graph.full_plan()), ["auth.0001_initial"]);
}

#[test]
fn an_app_without_migrations_stops_who_migrates_but_not_who_makes_them() {
    let graph = graph_of(&[("api.0001_initial", &["user"])], &[]).expect("a graph");
    let error = graph.check_apps().expect_err("no migrations");
    assert_eq!(
        error.to_string(),
        "the migration `api.0001_initial` needs the first of the app `auth`, which has no migrations"
    );
    assert_eq!(error.hint().as_deref(), Some("make them: `cargo manage makemigrations auth`"));
}

#[test]
fn run_before_turns_the_edge_around() {
    let list: &[(&str, &[&str])] = &[("api.0001_initial", &[]), ("zoo.0001_initial", &["<api.0001_initial"])];
    let graph = graph_of(list, &[]).expect("a graph");
    assert_eq!(labels(&graph.full_plan()), ["zoo.0001_initial", "api.0001_initial"]);
}

#[test]
fn a_missing_dependency_names_who_asks_the_file_and_what_may_be_meant() {
    let list: &[(&str, &[&str])] = &[("api.0001_initial", &[]), ("shop.0001_initial", &["api.0001_initail"])];
    let error = graph_of(list, &[]).expect_err("missing");
    assert_eq!(
        error.to_string(),
        "the migration `shop.0001_initial` (src/shop/migrations/m0001_initial.rs) needs `api.0001_initail`, which is \
         not there"
    );
    assert_eq!(error.hint().as_deref(), Some("was `api.0001_initial` meant?"));
}

#[test]
fn a_cycle_is_named_in_order() {
    let list: &[(&str, &[&str])] = &[
        ("a.0001_initial", &["c.0001_initial"]),
        ("b.0001_initial", &["a.0001_initial"]),
        ("c.0001_initial", &["b.0001_initial"]),
        ("d.0001_initial", &["c.0001_initial"]),
    ];
    assert_eq!(
        graph_of(list, &[]).expect_err("a cycle").to_string(),
        "migrations wait for each other (src/a/migrations/m0001_initial.rs): `a.0001_initial` before `b.0001_initial` \
         before `c.0001_initial` before `a.0001_initial`"
    );
}

#[test]
fn two_migrations_of_one_name_are_refused_with_both_files() {
    let error = graph_of(&[("a.0001_initial", &[]), ("a.0001_initial", &[])], &[]).expect_err("twice");
    assert_eq!(
        error.to_string(),
        "the app `a` lists two migrations named `0001_initial`: src/a/migrations/m0001_initial.rs, \
         src/a/migrations/m0001_initial.rs"
    );
}

#[test]
fn an_applied_migration_before_its_dependency_is_refused_in_the_references_words() {
    let graph = graph_of(BRANCHES, &["lab.0002_note_a"]).expect("a graph");
    assert_eq!(
        graph.check_consistent_history("default").expect_err("inconsistent").to_string(),
        "Migration lab.0002_note_a is applied before its dependency lab.0001_initial on database 'default'."
    );
}

#[test]
fn zero_unapplies_an_app_and_all_that_needs_it() {
    let list: &[(&str, &[&str])] = &[
        ("api.0001_initial", &[]),
        ("api.0002_more", &["api.0001_initial"]),
        ("shop.0001_initial", &["api.0001_initial"]),
    ];
    let all = ["api.0001_initial", "api.0002_more", "shop.0001_initial"];
    let graph = graph_of(list, &all).expect("a graph");
    assert_eq!(steps(&graph, &[("api", None)]), ["-shop.0001_initial", "-api.0002_more", "-api.0001_initial"]);
    assert_eq!(graph.target("api", "zero").expect("a target"), ("api".to_owned(), None));
}

#[test]
fn going_back_leaves_other_apps_where_they_are() {
    let list: &[(&str, &[&str])] = &[
        ("api.0001_initial", &[]),
        ("api.0002_more", &["api.0001_initial"]),
        ("shop.0001_initial", &["api.0001_initial"]),
    ];
    let graph = graph_of(list, &["api.0001_initial", "api.0002_more", "shop.0001_initial"]).expect("a graph");
    assert_eq!(steps(&graph, &[("api", Some("0001_initial"))]), ["-api.0002_more"]);
}

const SQUASHED: &[(&str, &[&str])] = &[
    ("lab.0001_initial", &[]),
    ("lab.0001_squashed_0002_more", &["~lab.0001_initial", "~lab.0002_more"]),
    ("lab.0002_more", &["lab.0001_initial"]),
    ("lab.0003_last", &["lab.0002_more"]),
    ("shop.0001_initial", &["lab.0001_initial"]),
];

#[test]
fn a_squashed_migration_stands_for_what_it_replaces_where_none_is_applied() {
    let graph = graph_of(SQUASHED, &[]).expect("a graph");
    assert_eq!(labels(&graph.full_plan()), ["lab.0001_squashed_0002_more", "lab.0003_last", "shop.0001_initial"]);
}

#[test]
fn a_squashed_migration_counts_as_applied_where_all_is_applied() {
    let graph = graph_of(SQUASHED, &["lab.0001_initial", "lab.0002_more"]).expect("a graph");
    assert!(graph.is_applied(&key("lab.0001_squashed_0002_more")));
    assert_eq!(labels(&graph.unrecorded_replacements()), ["lab.0001_squashed_0002_more"]);
    let lines: Vec<String> = graph.listed("lab").iter().map(Listed::line).collect();
    assert_eq!(
        lines[0],
        " [-] 0001_squashed_0002_more (2 squashed migrations) Run 'cargo manage migrate' to finish recording."
    );
    graph.check_consistent_history("default").expect("a consistent history");
}

#[test]
fn a_squashed_migration_is_left_out_where_some_is_applied() {
    let graph = graph_of(SQUASHED, &["lab.0001_initial"]).expect("a graph");
    assert_eq!(labels(&graph.full_plan()), ["lab.0001_initial", "lab.0002_more", "lab.0003_last", "shop.0001_initial"]);
    let target = graph.target("lab", "0001_squashed").expect("a target");
    assert_eq!(target, ("lab".to_owned(), Some("0002_more".to_owned())));
}

#[test]
fn a_replaced_target_is_reached_without_replacing() {
    let graph = graph_of(SQUASHED, &["lab.0001_initial", "lab.0002_more", "lab.0003_last"]).expect("a graph");
    assert_eq!(steps(&graph, &[("lab", Some("0001_initial"))]), ["-lab.0003_last", "-lab.0002_more"]);
}

#[test]
fn a_replaced_migration_without_a_file_is_named_with_the_reason() {
    let list: &[(&str, &[&str])] = &[
        ("lab.0001_initial", &[]),
        ("lab.0001_squashed_0002_more", &["~lab.0001_initial", "~lab.0002_more"]),
        ("lab.0003_last", &["lab.0002_more"]),
    ];
    graph_of(list, &[]).expect("a graph");
    let error = graph_of(list, &["lab.0001_initial"]).expect_err("missing").to_string();
    assert!(error.ends_with(
        "needs `lab.0002_more`, which is not there; `lab.0001_squashed_0002_more` cannot stand for it, as only some of \
         what it replaces is applied"
    ));
}

#[test]
fn unknown_rows_are_facts_and_can_be_pruned_unless_a_squashed_migration_names_them() {
    let graph = graph_of(BRANCHES, &["lab.0001_initial", "lab.0009_gone", "old.0001_initial"]).expect("a graph");
    let unknown: Vec<Key> = graph.unknown_applied().into_iter().cloned().collect();
    assert_eq!(labels(&unknown), ["lab.0009_gone", "old.0001_initial"]);
    assert_eq!(graph.prunable("lab"), Ok(keys(&["lab.0009_gone"])));
    let graph = graph_of(&[("lab.0001_s", &["~lab.0001_a", "~lab.0002_b"])], &["lab.0001_a", "lab.0002_b"]);
    assert_eq!(graph.expect("a graph").prunable("lab"), Err(keys(&["lab.0001_s"])));
}

#[test]
fn squashing_takes_operations_names_and_outer_dependencies() {
    let list: &[(&str, &[&str])] = &[
        ("auth.0001_initial", &[]),
        ("lab.0001_initial", &["user"]),
        ("lab.0002_more", &["lab.0001_initial", "auth.0001_initial"]),
        ("lab.0003_x", &["lab.0002_more"]),
    ];
    let graph = graph_of(list, &[]).expect("a graph");
    let squash = graph.squash("lab", None, "0003").expect("a squash");
    let made = squash.migration(squash.operations.clone(), None);
    assert_eq!((made.name.as_str(), made.initial), ("0001_squashed_0003_x", Some(true)));
    assert_eq!(labels(&made.replaces), ["lab.0001_initial", "lab.0002_more", "lab.0003_x"]);
    let auth = crate::operation::Dependency::On("auth".to_owned(), "0001_initial".to_owned());
    assert_eq!(made.dependencies, [auth, crate::operation::Dependency::UserModel]);
    let squash = graph.squash("lab", Some("0002"), "0003").expect("a squash");
    let made = squash.migration(vec![], None);
    assert_eq!((made.name.as_str(), made.initial), ("0002_more_squashed_0003_x", None));
    assert_eq!(squash.migration(vec![], Some("short")).name, "0002_short");
    let wrong = graph.squash("lab", Some("0003"), "0002").expect_err("in the wrong order").to_string();
    assert!(wrong.starts_with("The migration 'lab.0003_x' cannot be found. Maybe it comes after"));
}

#[test]
fn an_operation_that_does_not_fit_is_named_with_its_file() {
    let mut broken = migration("lab.0001_initial", &[]);
    broken.operations = vec![remove_field("note", "title")];
    let graph = Graph::build(vec![broken], &[], "auth.User").expect("a graph");
    assert_eq!(
        graph.state().expect_err("no such model").to_string(),
        "operation 1 of the migration `lab.0001_initial` (src/lab/migrations/m0001_initial.rs) does not fit: there is \
         no model `lab.note` at this point of the history (Remove field title from note)"
    );
}

#[test]
fn the_state_before_a_migration_lacks_what_it_adds() {
    let mut first = migration("lab.0001_initial", &[]);
    first.operations = vec![create_model("Note", vec![("id", big_auto().primary_key())], options())];
    let mut second = migration("lab.0002_more", &["lab.0001_initial"]);
    second.operations = vec![add_field("note", "body", text())];
    let graph = Graph::build(vec![first, second], &keys(&["lab.0001_initial"]), "auth.User").expect("a graph");
    let has = |state: &crate::schema::ProjectState| {
        state.model("lab", "Note").is_some_and(|note| note.field("body").is_some())
    };
    assert!(!has(&graph.state_before(&key("lab.0002_more")).expect("a state")));
    assert!(has(&graph.state().expect("a state")));
    assert!(!has(&graph.applied_state().expect("a state")));
    let before = graph.applied_states_before(&keys(&["lab.0001_initial"])).expect("states");
    assert!(before[0].1.models.is_empty());
}

#[test]
fn the_numbers_of_names_are_the_references() {
    assert_eq!(number_of("0012_note"), Some(12));
    assert_eq!(number_of("0001_squashed_0004_x"), Some(4));
    assert_eq!(number_of("initial"), None);
}

/// 300 models over 30 apps, and a thousand migrations that each need another app's.
fn large(apps: usize, models: usize, migrations: usize) -> Vec<Migration> {
    let mut all = vec![];
    for app in 0..apps {
        let label = format!("app{app:03}");
        let create = (0..models / apps).map(|model| {
            let fields = (0..8).map(|_| char(100)).collect::<Vec<_>>();
            let names = ["id", "a", "b", "c", "d", "e", "f", "g"];
            create_model(&format!("Model{model}"), names.into_iter().zip(fields).collect(), options())
        });
        let mut first = migration(&format!("{label}.0001_initial"), &[]);
        first.operations = create.collect();
        all.push(first);
        for number in 2..=migrations / apps {
            let before = if number == 2 { "0001_initial".to_owned() } else { format!("{:04}_more", number - 1) };
            let mut next = migration(&format!("{label}.{number:04}_more"), &[&format!("{label}.{before}")]);
            if app > 0 {
                next = next.depends_on(&format!("app{:03}", app - 1), &before);
            }
            let model = format!("model{}", number % (models / apps));
            next.operations = vec![
                add_field(&model, &format!("field{number}"), integer()),
                alter_field(&model, &format!("field{number}"), big_integer().null()),
            ];
            all.push(next);
        }
    }
    all
}

/// Four times as many migrations take about four times as long: a state that is copied per migration takes sixteen
/// times. Only the ratio is judged, as machines differ.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test of time needs a clock")]
fn building_graph_and_state_grows_with_the_number_of_migrations() {
    let time = |migrations: &[Migration]| {
        let migrations = migrations.to_vec();
        let start = std::time::Instant::now();
        let graph = Graph::build(migrations, &[], "auth.User").expect("a graph");
        assert!(graph.state().expect("a state").models.len() >= 72);
        graph.plan(&graph.leaf_targets(None)).expect("a plan");
        start.elapsed().as_secs_f64()
    };
    let (quarter, whole) = (large(8, 75, 250), large(30, 300, 1000));
    // In turns and until the best times agree: a neighbour on the machine disturbs both alike, and not for ever.
    let (mut small, mut big) = (f64::MAX, f64::MAX);
    for _ in 0..60 {
        (small, big) = (small.min(time(&quarter)), big.min(time(&whole)));
        if big < small * 12.0 && big < 2.0 {
            return;
        }
    }
    panic!("{small} s for a quarter, {big} s for the whole");
}
