//! What no recorded scenario has: several apps, hints, and lists in odd orders. The expectations were made with the
//! reference.

use std::collections::BTreeSet;
use std::time::Instant;

use super::{AppChanges, Detected, History, Request, detect};
use crate::migrate::question::{Answer, Answers, Question};
use crate::operation::{Dependency, Migration, Operation};
use crate::schema::words::*;
use crate::schema::{Field, ModelState, OnDelete, Options, ProjectState};

fn model(app: &str, name: &str, fields: Vec<(&str, Field)>) -> ModelState {
    let mut model = ModelState::new(name);
    app.clone_into(&mut model.app);
    model.fields.push(("id".to_owned(), big_auto().primary_key()));
    model.fields.extend(fields.into_iter().map(|(name, field)| (name.to_owned(), field)));
    model
}

fn with(options: Options, mut model: ModelState) -> ModelState {
    model.options = options;
    model
}

fn proxy(app: &str, name: &str, base: &str) -> ModelState {
    let mut model = with(options().proxy(), model(app, name, vec![]));
    model.fields.clear();
    model.bases.push(base.to_owned());
    model
}

fn project(user_model: &str, models: Vec<ModelState>) -> ProjectState {
    let mut state = ProjectState::new(user_model);
    models.into_iter().for_each(|model| state.add(model));
    state
}

fn key(to: &str) -> Field {
    foreign_key(to, OnDelete::Cascade)
}

/// What is detected, each migration as its name and what it depends on and does.
fn shown(from: &ProjectState, to: &ProjectState) -> Vec<String> {
    match detect(from, to, &History::default(), &Request::default(), &Answers::default()) {
        Ok(Detected::Changes(changes)) => changes.iter().flat_map(|changes| &changes.migrations).map(line).collect(),
        other => panic!("nothing has to be asked: {other:?}"),
    }
}

fn line(migration: &Migration) -> String {
    let on = migration.dependencies.iter().map(|dependency| match dependency {
        Dependency::On(app, name) => format!("{app}.{name}"),
        Dependency::UserModel => "the user model".to_owned(),
    });
    let does: Vec<String> = migration.operations.iter().map(Operation::describe).collect();
    format!("{} after [{}]: {}", migration.label(), on.collect::<Vec<_>>().join(", "), does.join("; "))
}

fn from_nothing(models: Vec<ModelState>) -> Vec<String> {
    shown(&ProjectState::new("auth.User"), &project("auth.User", models))
}

#[test]
fn apps_that_refer_to_each_other_get_two_migrations() {
    let models = vec![model("a", "A", vec![("b", key("b.B"))]), model("b", "B", vec![("a", key("a.A"))])];
    assert_eq!(
        from_nothing(models),
        [
            "a.0001_initial after []: Create model A",
            "a.0002_initial after [a.0001_initial, b.0001_initial]: Add field b to a",
            "b.0001_initial after [a.0001_initial]: Create model B",
        ]
    );
}

#[test]
fn a_proxy_of_a_model_of_another_app_waits_for_it() {
    let models = vec![
        model("a", "A", vec![("b", key("b.B"))]),
        model("b", "B", vec![("a", many_to_many("a.A"))]),
        proxy("a", "P", "b.b"),
    ];
    assert_eq!(
        from_nothing(models),
        [
            "a.0001_initial after []: Create model A",
            "a.0002_initial after [a.0001_initial, b.0001_initial]: Create proxy model P; Add field b to a",
            "b.0001_initial after [a.0001_initial]: Create model B",
        ]
    );
}

#[test]
fn a_model_of_an_app_that_has_not_changed_is_waited_for_from_its_start() {
    let a = model("a", "A", vec![]);
    let new_a = model("a", "A", vec![("c", key("c.C").null())]);
    let b = model("b", "B", vec![("a", key("a.A"))]);
    let c = model("c", "C", vec![("b", key("b.B"))]);
    assert_eq!(
        shown(&project("auth.User", vec![a]), &project("auth.User", vec![new_a, b, c])),
        [
            "b.0001_initial after [a.__first__]: Create model B",
            "c.0001_initial after [b.0001_initial]: Create model C",
            "a.0001_initial after [c.0001_initial]: Add field c to a",
        ]
    );
}

#[test]
fn a_user_model_of_the_same_app_comes_first_and_is_no_dependency() {
    let models = vec![
        model("acc", "Zed", vec![("u", foreign_key(user_model(), OnDelete::Cascade))]),
        model("acc", "User", vec![("z", key("acc.Zed").null())]),
    ];
    assert_eq!(
        shown(&ProjectState::new("acc.User"), &project("acc.User", models)),
        ["acc.0001_initial after []: Create model User; Create model Zed; Add field z to user"]
    );
}

#[test]
fn a_key_to_the_user_model_does_not_say_which_one_it_is() {
    let models = vec![model("a", "A", vec![("u", foreign_key(user_model(), OnDelete::Cascade))])];
    let to = project("auth.User", models);
    let found = detect(&ProjectState::default(), &to, &History::default(), &Request::default(), &Answers::default());
    let Ok(Detected::Changes(changes)) = found else { panic!("nothing has to be asked") };
    let migration = &changes[0].migrations[0];
    assert_eq!(migration.dependencies, [Dependency::UserModel]);
    let Operation::CreateModel { fields, .. } = &migration.operations[0] else { panic!("a model is made") };
    let to = &fields[1].1.relation().expect("it is a key").to;
    assert_eq!((to.app.as_str(), to.model.as_str(), to.is_user_model), ("", "", true));
}

#[test]
fn a_computed_field_comes_after_the_new_field_that_it_names() {
    let before = model("lab", "Note", vec![]);
    let twice = generated(f("zz") * 2, integer(), true);
    let after = model("lab", "Note", vec![("aa", twice), ("zz", integer().with_default(1))]);
    assert_eq!(
        shown(&project("auth.User", vec![before]), &project("auth.User", vec![after])),
        ["lab.0001_initial after []: Add field zz to note; Add field aa to note"]
    );
}

#[test]
fn a_model_and_its_proxy_of_another_app_go_each_by_itself() {
    let before = vec![model("a", "A", vec![]), proxy("b", "P", "a.a")];
    assert_eq!(
        shown(&project("auth.User", before), &ProjectState::new("auth.User")),
        ["a.0001_initial after []: Delete model A", "b.0001_initial after []: Delete model P"]
    );
}

#[test]
fn keys_to_a_proxy_that_gets_a_table_are_pointed_at_it() {
    let r = model("a", "R", vec![("p", key("a.P"))]);
    let before = vec![model("a", "A", vec![]), proxy("a", "P", "a.a"), r.clone()];
    let after = vec![model("a", "A", vec![]), model("a", "P", vec![]), r];
    assert_eq!(
        shown(&project("auth.User", before), &project("auth.User", after)),
        ["a.0001_initial after []: Delete model P; Create model P; Alter field p on R"]
    );
}

/// The reference's order of the first two depends on the seed of its hashes; this is one of its two.
#[test]
fn models_that_refer_to_each_other_lose_their_relations_first() {
    let before = vec![
        model("a", "A", vec![]),
        model("a", "B", vec![("a", key("a.A"))]),
        model("a", "C", vec![("bs", many_to_many("a.B").through("a.T"))]),
        model("a", "T", vec![("b", key("a.B")), ("c", key("a.C"))]),
    ];
    assert_eq!(
        shown(&project("auth.User", before), &project("auth.User", vec![model("a", "A", vec![])])),
        ["a.0001_initial after []: Remove field bs from c; Remove field b from t; Remove field c from t; \
          Delete model B; Delete model C; Delete model T"]
    );
}

#[test]
fn a_field_that_says_its_former_name_is_renamed_without_a_question() {
    let before = model("lab", "Note", vec![("body", text())]);
    let after = model("lab", "Note", vec![("content", text().renamed_from("body"))]);
    assert_eq!(
        shown(&project("auth.User", vec![before]), &project("auth.User", vec![after])),
        ["lab.0001_initial after []: Rename field body on note to content"]
    );
}

#[test]
fn a_field_that_says_its_former_name_may_change_otherwise_too() {
    let before = model("lab", "Note", vec![("body", char(10))]);
    let after = model("lab", "Note", vec![("content", text().renamed_from("body"))]);
    assert_eq!(
        shown(&project("auth.User", vec![before]), &project("auth.User", vec![after])),
        ["lab.0001_initial after []: Rename field body on note to content; Alter field content on note"]
    );
}

#[test]
fn a_former_name_that_is_long_gone_answers_nothing() {
    let before = model("lab", "Note", vec![("body", text())]);
    let after = model("lab", "Note", vec![("content", text().renamed_from("words"))]);
    let (from, to) = (project("auth.User", vec![before]), project("auth.User", vec![after]));
    let found = detect(&from, &to, &History::default(), &Request::default(), &Answers::default());
    let Ok(Detected::Ask(question)) = found else { panic!("the rename is asked for") };
    assert!(matches!(*question, Question::RenameField { .. }));
}

#[test]
fn a_model_that_says_its_former_name_is_renamed_and_its_fields_are_compared() {
    let before = model("lab", "Note", vec![("body", char(10))]);
    let after = with(options().renamed_from("Note"), model("lab", "Memo", vec![("body", text())]));
    assert_eq!(
        shown(&project("auth.User", vec![before]), &project("auth.User", vec![after])),
        ["lab.0001_initial after []: Rename model Note to Memo; Alter field body on memo"]
    );
}

#[test]
fn a_key_that_changes_while_its_target_is_renamed_refers_to_the_new_name() {
    let before = vec![model("lab", "Note", vec![]), model("lab", "C", vec![("n", key("lab.Note"))])];
    let memo = with(options().renamed_from("Note"), model("lab", "Memo", vec![]));
    let after = vec![memo, model("lab", "C", vec![("n", key("lab.Memo").null())])];
    let (mut from, to) = (project("auth.User", before), project("auth.User", after));
    let found = detect(&from, &to, &History::default(), &Request::default(), &Answers::default());
    let Ok(Detected::Changes(changes)) = found else { panic!("nothing has to be asked") };
    changes[0].migrations[0].apply(&mut from).expect("the migration applies");
    assert_eq!(from, to);
}

#[test]
fn only_the_wanted_apps_and_what_they_need_are_kept() {
    let models = vec![
        model("a", "A", vec![]),
        model("b", "B", vec![("a", key("a.A"))]),
        model("c", "C", vec![("b", key("b.B"))]),
    ];
    let request = Request { apps: BTreeSet::from(["b".to_owned()]), ..Request::default() };
    let (from, to) = (ProjectState::default(), project("auth.User", models));
    let found = detect(&from, &to, &History::default(), &request, &Answers::default());
    let Ok(Detected::Changes(changes)) = found else { panic!("nothing has to be asked") };
    let apps: Vec<&str> = changes.iter().map(|AppChanges { app, .. }| app.as_str()).collect();
    assert_eq!(apps, ["a", "b"]);
}

#[test]
fn an_app_without_migrations_gets_some_only_when_it_is_named() {
    let to = project("auth.User", vec![model("a", "A", vec![])]);
    let history = History { unmigrated: BTreeSet::from(["a".to_owned()]), ..History::default() };
    let made = |apps: &[&str]| {
        let request = Request { apps: apps.iter().map(|app| (*app).to_owned()).collect(), ..Request::default() };
        match detect(&ProjectState::default(), &to, &history, &request, &Answers::default()) {
            Ok(Detected::Changes(changes)) => changes.len(),
            other => panic!("nothing has to be asked: {other:?}"),
        }
    };
    assert_eq!((made(&[]), made(&["a"])), (0, 1));
}

#[test]
fn a_table_that_migrations_do_not_make_gets_no_relations() {
    let unmanaged = with(options().unmanaged(), model("a", "U", vec![("a", key("a.A"))]));
    let before = project("auth.User", vec![model("a", "A", vec![])]);
    let after = project("auth.User", vec![model("a", "A", vec![]), unmanaged]);
    let found = detect(&before, &after, &History::default(), &Request::default(), &Answers::default());
    let Ok(Detected::Changes(changes)) = found else { panic!("nothing has to be asked") };
    let Operation::CreateModel { fields, .. } = &changes[0].migrations[0].operations[0] else { panic!("it is made") };
    assert_eq!(fields.len(), 1);
}

#[test]
fn a_unique_field_with_a_function_as_default_is_warned_of() {
    let before = project("auth.User", vec![model("a", "A", vec![])]);
    let code = char(9).unique().with_default_fn(|| "x");
    let after = project("auth.User", vec![model("a", "A", vec![("code", code)])]);
    let mut answers = Answers::default();
    let found = detect(&before, &after, &History::default(), &Request::default(), &answers);
    let Ok(Detected::Ask(question)) = found else { panic!("it is asked") };
    assert!(matches!(*question, Question::UniqueFunction { .. }));
    answers.add(*question, Answer::GoOn);
    let found = detect(&before, &after, &History::default(), &Request::default(), &answers);
    assert!(matches!(found, Ok(Detected::Changes(_))));
}

fn many_models(count: usize) -> ProjectState {
    let fields = || {
        let own = (0..10).map(|at| (["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][at], char(100)));
        own.chain([("to", key("app.Model0"))]).collect()
    };
    project("auth.User", (0..count).map(|at| model("app", &format!("Model{at}"), fields())).collect())
}

/// Twice the models take about twice as long. Only the ratio is judged, as machines differ.
#[test]
#[allow(clippy::disallowed_methods, reason = "the test measures")]
fn comparing_equal_states_takes_time_in_proportion_to_their_size() {
    let time = |state: &ProjectState| {
        let start = Instant::now();
        assert!(shown(state, state).is_empty());
        start.elapsed().as_secs_f64()
    };
    // By turns, and until the best times agree, so that whatever else the machine does decides nothing.
    let (few, many) = (many_models(300), many_models(600));
    let mut best = (f64::MAX, f64::MAX);
    for _ in 0..200 {
        best = (best.0.min(time(&few)), best.1.min(time(&many)));
        if best.1 < best.0 * 3.0 {
            return;
        }
    }
    panic!("300 models take {} s, and 600 take {} s", best.0, best.1);
}

#[test]
fn three_hundred_models_are_made_in_one_migration() {
    let made = shown(&ProjectState::new("auth.User"), &many_models(300));
    assert_eq!(made.len(), 1);
    assert_eq!(made[0].matches("Create model").count(), 300);
    assert_eq!(made[0].matches("Add field").count(), 0);
}
