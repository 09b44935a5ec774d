//! Options that models take over from an abstract one, as the reference's `Meta` is taken over.
#![allow(unreachable_pub)] // As a project writes them.

use quintet_core::schema::words::{check, index, options, q, unique};
use quintet_core::schema::{ModelState, Options};

mod lab {
    use quintet::prelude::*;

    #[derive(Model, Debug, Clone)]
    #[model(
    abstract,
    ordering = ["-created_at"],
    get_latest_by = "created_at",
    verbose_name_plural = "things",
    managed = false,
    index(fields = ["created_at"], name = "%(app_label)s_%(class)s_at"),
    unique(name = "one_%(class)s", fields = ["code"]),
    check(name = "%(class)s_100%%", condition = q("code__lte", 100))
)]
    pub struct Stamped {
        #[field(auto_now_add)]
        pub created_at: DateTime,
        pub code: i32,
        #[field(on_delete = cascade, related_name = "%(app_label)s_%(class)s_set")]
        pub tag: ForeignKey<Tag>,
    }

    #[derive(Model, Debug, Clone)]
    #[model(abstract, inherit = Stamped, ordering = ["code"])]
    pub struct Sorted {
        #[field(flatten)]
        pub stamped: Stamped,
    }

    #[derive(Model, Debug, Clone)]
    #[model(abstract, verbose_name = "untouched")]
    pub struct Other {
        pub other: i32,
    }

    #[derive(Model, Debug, Clone)]
    #[model(abstract)]
    pub struct Bare {
        #[field(flatten)]
        pub stamped: Stamped,
    }

    #[derive(Model, Debug, Clone)]
    pub struct Tag {
        pub id: BigAuto,
    }

    #[derive(Model, Debug, Clone)]
    pub struct Silent {
        pub id: BigAuto,
        #[field(flatten)]
        pub stamped: Stamped,
        #[field(flatten)]
        pub other: Other,
    }

    #[derive(Model, Debug, Clone)]
    #[model(ordering = ["id"])]
    pub struct Own {
        pub id: BigAuto,
        #[field(flatten)]
        pub stamped: Stamped,
    }

    #[derive(Model, Debug, Clone)]
    #[model(inherit = Sorted, managed = true, index(fields = ["code"], name = "%(class)s_code"))]
    pub struct Both {
        pub id: BigAuto,
        #[field(flatten)]
        pub sorted: Sorted,
    }

    #[derive(Model, Debug, Clone)]
    #[model(renamed_from = "Called")]
    pub struct Renamed {
        pub id: BigAuto,
        #[field(flatten)]
        pub stamped: Stamped,
    }

    #[derive(Model, Debug, Clone)]
    pub struct Plain {
        pub id: BigAuto,
        #[field(flatten)]
        pub bare: Bare,
    }

    quintet::app! { lab, models = [Tag, Silent, Own, Both, Renamed, Plain] }
}

fn state(name: &str) -> ModelState {
    let app = lab::app();
    let def = app.models.iter().find(|def| def.name == name).expect("a model of the app");
    def.state_in("lab")
}

fn shared(class: &str) -> Options {
    options()
        .ordering(&["-created_at"])
        .get_latest_by(&["created_at"])
        .verbose_name_plural("things")
        .unmanaged()
        .index(index(&["created_at"]).name(&format!("lab_{class}_at")))
        .constraint(unique(&format!("one_{class}"), &["code"]))
        .constraint(check(&format!("{class}_100%"), q("code__lte", 100)))
}

#[test]
fn a_model_that_says_no_options_has_those_of_the_first_abstract_one() {
    assert_eq!(state("Silent").options, shared("silent"));
}

#[test]
fn a_model_that_says_an_option_takes_over_none() {
    assert_eq!(state("Own").options, options().ordering(&["id"]));
}

#[test]
fn what_is_said_anew_stands_in_the_place_of_what_is_inherited() {
    let mut expected = shared("both");
    (expected.ordering, expected.managed, expected.indexes) = (vec!["code".to_owned()], true, vec![]);
    assert_eq!(state("Both").options, expected.index(index(&["code"]).name("both_code")));
}

#[test]
fn a_former_name_is_no_option() {
    assert_eq!(
        state("Renamed").options,
        Options { renamed_from: state("Renamed").options.renamed_from, ..shared("renamed") }
    );
}

/// `abstract` is an option itself.
#[test]
fn an_abstract_model_takes_over_only_what_it_inherits_in_words() {
    assert_eq!(state("Plain").options, options());
}

#[test]
fn the_name_of_a_way_back_is_filled_where_it_is_used() {
    let silent = state("Silent");
    let relation = silent.field("tag").and_then(|field| field.relation()).expect("a key");
    let name = relation.related_name.as_deref().expect("a name");
    assert_eq!((name, silent.filled(name).as_str()), ("%(app_label)s_%(class)s_set", "lab_silent_set"));
}
