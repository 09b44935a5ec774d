//! One broken model for each id, and a sound project that has none.

use super::{ModelFacts, models};
use crate::schema::words::*;
use crate::schema::{Field, Index, ModelState, OnDelete, Options, ProjectState};
use crate::sql::Dialect;

fn model(name: &str, fields: Vec<(&str, Field)>, options: Options) -> ModelState {
    let mut model = ModelState::new(name);
    model.app = "lab".to_owned();
    model.fields.push(("id".to_owned(), big_auto().primary_key()));
    model.fields.extend(fields.into_iter().map(|(name, field)| (name.to_owned(), field)));
    model.options = options;
    model
}

fn ids(list: Vec<ModelState>) -> Vec<&'static str> {
    ids_on(list, None)
}

fn ids_on(list: Vec<ModelState>, dialect: Option<Dialect>) -> Vec<&'static str> {
    let mut state = ProjectState::new("auth.User");
    list.into_iter().for_each(|model| state.add(model));
    let facts = ModelFacts { state: &state, dialect, place: &|_, _| None };
    models(&facts).iter().map(|message| message.id).collect()
}

fn tag() -> ModelState {
    model("Tag", vec![("label", char(10))], options())
}

fn key() -> Field {
    foreign_key("Tag", OnDelete::Cascade)
}

#[test]
fn a_sound_project_has_no_message() {
    let note = model(
        "Note",
        vec![("title", char(100)), ("tag", key()), ("tags", many_to_many("Tag").related_name("+"))],
        options()
            .ordering(&["-title", "tag__label", "tag_id"])
            .unique_together(&["title", "tag"])
            .index(index(&["title"]))
            .index(index(&["-tag_id"]))
            .constraint(check("k", q("tag_id__gt", 1) & q("title__lt", f("tag_id"))))
            .constraint(check("c", q("title__gt", "a"))),
    );
    assert_eq!(ids(vec![tag(), note]), Vec::<&str>::new());
}

#[test]
fn each_broken_field_has_its_id() {
    let cases: Vec<(&str, Field, &str)> = vec![
        ("title_", char(5), "fields.E001"),
        ("ti__tle", char(5), "fields.E002"),
        ("pk", char(5), "fields.E003"),
        ("n", unlimited_char(), "fields.E120"),
        ("n", char(0), "fields.E121"),
        ("n", char(2).choices(vec![("red".into(), "Red")]), "fields.E009"),
        ("n", auto(), "fields.E100"),
        ("n", decimal(2, 3), "fields.E134"),
        ("n", decimal(0, 0), "fields.E133"),
        ("n", generic_ip_address().blank(), "fields.E150"),
        ("n", date().auto_now().auto_now_add(), "fields.E160"),
        ("n", file().upload_to("/tmp"), "fields.E202"),
        ("n", file_path("/tmp").choosing(None, false, false, false), "fields.E140"),
        ("n", binary().with_default("text"), "fields.E170"),
        ("n", foreign_key("Gone", OnDelete::Cascade), "fields.E300"),
        ("n", foreign_key("Tag", OnDelete::SetNull), "fields.E320"),
        ("n", foreign_key("Tag", OnDelete::SetDefault), "fields.E321"),
        ("n", key().unique(), "fields.W342"),
        ("n", key().to_field("label"), "fields.E311"),
        ("n", key().to_field("gone"), "fields.E312"),
        ("n", key().related_name("no name"), "fields.E306"),
        ("n", key().related_name("notes_"), "fields.E308"),
        ("n", key().related_name("my__notes"), "fields.E309"),
        ("n", key().related_name("label"), "fields.E302"),
        ("n", many_to_many("Tag").unique(), "fields.E330"),
        ("n", many_to_many("Tag").null(), "fields.W340"),
        ("n", many_to_many("Tag").through("Gone"), "fields.E331"),
        ("n", many_to_many("Tag").through("Tag"), "fields.E336"),
        ("n", many_to_many("self").related_name("x"), "fields.W345"),
    ];
    for (name, field, id) in cases {
        let found = ids(vec![tag(), model("Note", vec![(name, field)], options())]);
        assert!(found.contains(&id), "{name}: {id} is missing in {found:?}");
    }
}

#[test]
fn a_table_whose_name_postgresql_would_cut_is_an_error_there_with_the_name_that_the_reference_gives_it() {
    let name = "AModelWithQuiteALongNameThatSaysAllAboutItselfAndALittleMore";
    let state = || {
        let mut long = model(name, vec![("a_rather_long_name_of_a_relation", many_to_many("self"))], options());
        long.app = "contenttypes".to_owned();
        let mut state = ProjectState::new("auth.User");
        state.add(long);
        state
    };
    let hints = |dialect| {
        let facts = ModelFacts { state: &state(), dialect: Some(dialect), place: &|_, _| None };
        models(&facts).into_iter().map(|message| (message.id, message.hint.unwrap_or_default())).collect::<Vec<_>>()
    };
    let said = |table: &str| ("quintet.E009", format!("write `db_table = \"{table}\"`, or a shorter one"));
    let tables = [
        "contenttypes_amodelwithquitealongnamethatsaysallaboutitselfeeaf",
        "contenttypes_amodelwithquitealongnamethatsaysallaboutitself9f1c",
    ];
    assert_eq!(hints(Dialect::Postgres), tables.map(said));
    assert_eq!(hints(Dialect::Sqlite), []);
}

#[test]
fn each_broken_option_has_its_id() {
    let fields = || vec![("title", char(5)), ("tags", many_to_many("Tag")), ("tag", key().related_name("+"))];
    let cases: Vec<(Options, &str)> = vec![
        (options().unique_together(&["gone"]), "models.E012"),
        (options().unique_together(&["tags"]), "models.E013"),
        (options().ordering(&["gone"]), "models.E015"),
        (options().ordering(&["title"]).order_with_respect_to("tag"), "models.E021"),
        (options().index(index(&["gone"])), "models.E012"),
        (options().index(Index::on([case(vec![(q("gone", "a"), f("title"))])]).name("i")), "models.E012"),
        (options().constraint(check("c", holds(case(vec![(q("gone", "a"), f("title"))])))), "models.E012"),
        (options().index(index(&["title"]).name("_i")), "models.E033"),
        (options().index(index(&["title"]).name("a_name_that_is_longer_than_thirty")), "models.E034"),
        (options().index(index(&["title"]).name("i")).index(index(&["title"]).name("i")), "models.E029"),
        (options().constraint(check("c", q("tag__label", "x"))), "models.E041"),
        (options().constraint(unique("u", &["title"])).constraint(unique("u", &["tag"])), "models.E031"),
        (options().proxy(), "models.E017"),
        (options().db_table("lab_tag"), "models.E028"),
    ];
    for (options, id) in cases {
        let found = ids(vec![tag(), model("Note", fields(), options.clone())]);
        assert!(found.contains(&id), "{id} is missing in {found:?} for {options:?}");
    }
}

#[test]
fn two_ways_back_of_the_same_name_are_both_reported() {
    let found = ids(vec![tag(), model("Note", vec![("a", key()), ("b", key())], options())]);
    assert_eq!(found.iter().filter(|id| **id == "fields.E304").count(), 2);
    assert_eq!(found.iter().filter(|id| **id == "fields.E305").count(), 2);
}

#[test]
fn a_user_model_in_whose_place_another_stands_clashes_with_nothing() {
    let user = |name: &str, options: Options| {
        model(name, vec![("tags", many_to_many("Tag").related_name("user_set").related_query_name("user"))], options)
    };
    let users = |own: &str| {
        let mut state = ProjectState::new(own);
        state.add(tag());
        state.add(user("User", options().swappable("AUTH_USER_MODEL")));
        state.add(user("Member", options()));
        let facts = ModelFacts { state: &state, dialect: None, place: &|_, _| None };
        models(&facts).iter().map(|message| message.id).collect::<Vec<_>>()
    };
    assert_eq!(users("lab.Member"), Vec::<&str>::new());
    assert_eq!(users("lab.User").iter().filter(|id| **id == "fields.E304").count(), 2);
}

#[test]
fn two_fields_of_one_column_are_an_error() {
    let found = ids(vec![tag(), model("Note", vec![("a", char(5)), ("b", char(5).db_column("a"))], options())]);
    assert_eq!(found, ["models.E007"]);
}

#[test]
fn what_only_one_database_has_is_said_for_the_other() {
    let text = || vec![model("Note", vec![("n", unlimited_char())], options())];
    assert_eq!(ids_on(text(), Some(Dialect::Postgres)), Vec::<&str>::new());
    assert_eq!(ids_on(text(), Some(Dialect::Sqlite)), ["fields.E120"]);
    let comment = || vec![model("Note", vec![("n", char(5).db_comment("a word"))], options())];
    assert_eq!(ids_on(comment(), Some(Dialect::Sqlite)), ["fields.W163"]);
    assert_eq!(ids_on(comment(), Some(Dialect::Postgres)), Vec::<&str>::new());
}

#[test]
fn a_message_names_the_place() {
    let mut state = ProjectState::new("auth.User");
    state.add(model("Note", vec![("n", char(0))], options()));
    let place = |_: &ModelState, field: Option<&str>| field.map(|_| "src/lab/models.rs:7".to_owned());
    let found = models(&ModelFacts { state: &state, dialect: None, place: &place });
    assert_eq!(found[0].object.as_deref(), Some("src/lab/models.rs:7: lab.Note.n"));
}
