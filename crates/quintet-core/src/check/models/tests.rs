//! One broken model for each id, and a sound project that has none.

use super::{ModelFacts, models};
use crate::schema::words::*;
use crate::schema::{Field, Index, ModelState, OnDelete, Options, ProjectState, Value};
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
        let of_tables = models(&facts).into_iter().filter(|message| message.id == "quintet.E009");
        of_tables.map(|message| (message.id, message.hint.unwrap_or_default())).collect::<Vec<_>>()
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
fn ways_back_of_models_that_share_a_key_are_told_apart_by_the_names_of_the_models() {
    let shared = |name: &str| {
        let key = key().related_name(name).related_query_name("%(class)ss");
        ids(vec![
            tag(),
            model("Note", vec![("tag", key.clone())], options()),
            model("Memo", vec![("tag", key)], options()),
        ])
    };
    assert_eq!(shared("%(app_label)s_%(class)s_set"), Vec::<&str>::new());
    assert_eq!(shared("things"), ["fields.E304"; 2]);
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

/// A child with links to its parents.
fn child(name: &str, parents: &[&str], fields: Vec<(&str, Field)>) -> ModelState {
    let mut child = model(name, fields, options());
    child.fields.remove(0);
    for parent in parents.iter().rev() {
        let link = one_to_one(*parent, OnDelete::Cascade).parent_link();
        let link = if parents[0] == *parent { link.primary_key() } else { link };
        child.fields.insert(0, (format!("{}_ptr", parent.to_lowercase()), link));
        child.bases.insert(0, format!("lab.{}", parent.to_lowercase()));
    }
    child
}

fn keyed(name: &str, key: &str, fields: Vec<(&str, Field)>) -> ModelState {
    let mut model = model(name, fields, options());
    model.fields[0].0 = key.to_owned();
    model
}

#[test]
fn a_name_that_two_parents_have_is_an_error_and_so_is_a_key_that_both_call_id() {
    let own = |key: &str, field: &str| {
        let parents =
            [keyed("Bar", "bar_id", vec![("seats", integer())]), keyed("Kitchen", key, vec![(field, integer())])];
        ids(parents.into_iter().chain([child("Diner", &["Bar", "Kitchen"], vec![])]).collect())
    };
    assert_eq!(own("kitchen_id", "ovens"), Vec::<&str>::new());
    assert_eq!(own("kitchen_id", "seats"), ["models.E005"]);
    assert_eq!(own("bar_id", "ovens"), ["models.E005"]);
}

#[test]
fn a_childs_field_is_named_neither_like_a_parents_field_nor_like_a_way_back_to_it() {
    let own = |field: &str| {
        let place = model("Place", vec![("title", char(5)), ("tag", key())], options());
        let review = model("Review", vec![("place", foreign_key("Place", OnDelete::Cascade))], options());
        ids(vec![tag(), place, review, child("Shop", &["Place"], vec![(field, integer())])])
    };
    assert_eq!(own("area"), Vec::<&str>::new());
    for name in ["title", "tag", "tag_id", "review", "shop"] {
        assert_eq!(own(name), ["models.E006"], "{name}");
    }
}

#[test]
fn a_grandparents_field_of_the_same_name_is_an_error_of_the_grandchild() {
    let line = [model("Place", vec![("title", char(5))], options()), child("Shop", &["Place"], vec![])];
    let found =
        |field| ids(line.iter().cloned().chain([child("Kiosk", &["Shop"], vec![(field, integer())])]).collect());
    assert_eq!((found("area"), found("title")), (vec![], vec!["models.E006"]));
}

#[test]
fn the_table_of_a_many_to_many_relation_is_nobody_elses() {
    let between = |name: &str, table: Option<&str>| {
        let keys = vec![("note", foreign_key("Note", OnDelete::Cascade)), ("tag", key())];
        let options = table.into_iter().fold(options(), |options, table| options.db_table(table));
        model(name, keys, options)
    };
    let note = |fields| model("Note", fields, options());
    let tags = || many_to_many("Tag").related_name("+");
    let cases: Vec<(Vec<ModelState>, Vec<&str>)> = vec![
        (vec![note(vec![("tags", tags())]), between("Between", None)], vec![]),
        (vec![note(vec![("tags", tags())]), between("Between", Some("lab_note_tags"))], vec!["fields.E340"]),
        (vec![note(vec![("a", tags().db_table("t")), ("b", tags().db_table("t"))])], vec!["fields.E340"; 2]),
        (vec![note(vec![("tags", tags().db_table("lab_tag"))])], vec!["fields.E340"]),
        (vec![note(vec![("tags", tags().through("Between"))]), between("Between", None)], vec![]),
    ];
    for (models, expected) in cases {
        let shown = format!("{models:?}");
        let found = ids([tag()].into_iter().chain(models).collect());
        assert_eq!(found, expected, "{shown}");
    }
}

#[test]
fn a_proxy_of_the_model_between_shares_its_table_and_an_unmanaged_one_has_none() {
    let keys =
        || vec![("note", foreign_key("Note", OnDelete::Cascade).related_name("+")), ("tag", key().related_name("+"))];
    let mut proxy = model("Link", vec![], options().proxy());
    proxy.fields.clear();
    proxy.bases = vec!["lab.between".to_owned()];
    let through = |name: &str| many_to_many("Tag").related_name("+").through(name).through_fields("note", "tag");
    let note = model("Note", vec![("a", through("Between")), ("b", through("Between").related_name("x"))], options());
    assert_eq!(ids(vec![tag(), note, model("Between", keys(), options())]), ["models.E003"]);
    let note = model("Note", vec![("a", through("Between"))], options());
    let found = ids(vec![tag(), note.clone(), model("Between", keys(), options()), proxy]);
    assert_eq!(found, Vec::<&str>::new());
    let view = model("View", vec![], options().db_table("lab_between").unmanaged());
    assert_eq!(ids(vec![tag(), note, model("Between", keys(), options()), view]), Vec::<&str>::new());
}

#[test]
fn a_column_between_two_models_that_postgresql_would_cut_is_an_error_there() {
    let long = "ANameThatIsSoLongThatItsKeyHasMoreThanSixtyThreeBytesInAll12";
    let list = || vec![tag(), model(long, vec![("tags", many_to_many("Tag").db_table("t"))], options().db_table("l"))];
    assert_eq!(ids_on(list(), Some(Dialect::Postgres)), Vec::<&str>::new());
    let list = || vec![model(long, vec![("x", many_to_many("self").db_table("t"))], options().db_table("l"))];
    assert_eq!(ids_on(list(), Some(Dialect::Postgres)), ["models.E019"; 2]);
    assert_eq!(ids_on(list(), Some(Dialect::Sqlite)), Vec::<&str>::new());
}

/// The two tables whose rows tell of models.
fn with_permissions(note: ModelState) -> Vec<&'static str> {
    let of = |app: &str, model: ModelState| ModelState { app: app.to_owned(), ..model };
    let names = model("ContentType", vec![("model", char(100))], options());
    let permission = model("Permission", vec![("name", char(255)), ("codename", char(100))], options());
    ids(vec![of("contenttypes", names), of("auth", permission), note])
}

#[test]
fn names_that_do_not_fit_into_rows_of_the_built_in_apps_are_errors() {
    let note = |options: Options| model("Note", vec![], options);
    let long = |count: usize| "x".repeat(count);
    let cases = [
        (note(options().permission("read_note", "May read")), vec![]),
        (note(options().permission("add_note", "May add")), vec!["auth.E005"]),
        (note(options().default_permissions(&["view"]).permission("add_note", "May add")), vec![]),
        (note(options().permission("a", "One").permission("a", "Two")), vec!["auth.E006"]),
        (note(options().verbose_name(&long(244))), vec![]),
        (note(options().verbose_name(&long(245))), vec!["auth.E007"]),
        (note(options().permission("a", &long(256))), vec!["auth.E008"]),
        (note(options().permission(&long(101), "One")), vec!["auth.E012"]),
        (model(&long(93), vec![], options()), vec![]),
        (model(&long(94), vec![], options()), vec!["auth.E011"]),
        (model(&long(101), vec![], options()), vec!["contenttypes.E005", "auth.E011"]),
    ];
    for (model, expected) in cases {
        let shown = format!("{:?} {:?}", model.name, model.options.permissions);
        assert_eq!(with_permissions(model), expected, "{shown}");
    }
    assert_eq!(ids(vec![note(options().permission("add_note", "May add"))]), Vec::<&str>::new());
}

#[test]
fn a_default_of_the_database_names_no_field_and_a_generated_column_has_a_sound_type() {
    let cases: Vec<(Field, Vec<&str>)> = vec![
        (integer().db_default(value(1) + 2), vec![]),
        (date_time().db_default(now()), vec![]),
        (integer().db_default(raw("random()")), vec![]),
        (integer().db_default(f("id") + 1), vec!["fields.E012"]),
        (char(9).db_default(func("Lower", vec![value("A").collate("C")])), vec!["fields.E012"]),
        (integer().db_default(case(vec![(q("id", 1), value(1))])), vec!["fields.E012"]),
        (generated(f("id") + 1, integer(), true), vec![]),
        (generated(lower("id"), unlimited_char(), true), vec!["fields.E223"]),
    ];
    for (field, expected) in cases {
        let shown = format!("{field:?}");
        assert_eq!(ids(vec![model("Note", vec![("n", field)], options())]), expected, "{shown}");
    }
    let fixed = generated(now(), date_time().with_default(Value::DateTime("2026-01-01".to_owned())), true);
    assert_eq!(ids(vec![model("Note", vec![("n", fixed)], options())]), ["fields.W224"]);
}

#[test]
fn a_check_with_sql_as_it_stands_is_a_warning() {
    let note = |condition| model("Note", vec![("n", integer())], options().constraint(check("c", condition)));
    assert_eq!(ids(vec![note(q("n__gt", 1))]), Vec::<&str>::new());
    assert_eq!(ids(vec![note(q("n__gt", 1) & !holds(raw("n % 2 = 0")))]), ["models.W045"]);
    assert_eq!(ids(vec![note(q("n", f("id") + raw("2")))]), ["models.W045"]);
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
