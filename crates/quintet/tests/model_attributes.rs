//! The rarer attributes of models: each says what its word in a migration says.
#![allow(unreachable_pub)] // As a project writes them.

mod lab {
    use quintet::prelude::*;

    pub fn folder() -> String {
        "scans/".to_owned()
    }

    const LONGEST: u32 = 12;

    #[repr(i16)]
    #[derive(Choices, Debug, Clone, Copy, PartialEq)]
    #[choices(empty = "(none)")]
    pub enum Level {
        Low = -1,
        VeryHigh = 5,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(
        app_label = "science",
        db_table = "lab_sample",
        db_table_comment = "what is looked at",
        default_related_name = "samples",
        base_manager_name = "objects",
        default_manager_name = "objects",
        get_latest_by = "day",
        select_on_save,
        verbose_name = "sample",
        renamed_from = "Probe",
        index(fields = ["day"], name = "by_day", include = ["code"], opclasses = ["date_ops"], kind = btree),
        unique(
            name = "one_code",
            expressions = [lower("code"), f("level").desc()],
            deferrable = deferred,
            nulls_distinct = false
        )
    )]
    pub struct Sample {
        pub id: SmallAuto,
        #[field(max_length = LONGEST, unique, db_column = "the_code", db_collation = "C", db_comment = "as printed")]
        pub code: String,
        #[field(max_length = unlimited, help_text = "long")]
        pub remark: String,
        #[field(unique_for_month = "day", unique_for_year = "day", db_index = false)]
        pub r#type: Slug,
        #[field(db_default = now())]
        pub seen_at: DateTime,
        pub day: Date,
        pub level: Option<Level>,
        #[field(choices = Level, default = 5)]
        pub grade: i16,
        #[field(unpack_ipv4, protocol = both)]
        pub address: IpAddr,
        #[field(upload_to = folder, max_length = 200)]
        pub scan: File,
        #[field(expression = lower("code"), max_length = 12)]
        pub lowered: Generated<String>,
        #[field(max_length = 16)]
        pub digest: Option<Binary>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(swappable = "LAB_RUN_MODEL", get_latest_by = ["-started", "id"])]
    pub struct Run {
        pub id: BigAuto,
        pub started: Time,
        #[field(
            on_delete = protect,
            to_field = "code",
            related_query_name = "run",
            limit_choices_to = q("level__gt", Level::Low) & !q("code", "x")
        )]
        pub sample: ForeignKey<Sample>,
        #[field(db_table = "lab_twins", symmetrical = false, db_constraint = false)]
        pub twins: ManyToMany<Self>,
        #[field(through_fields = ["run", "sample"])]
        pub samples: ManyToMany<Sample, Taken>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct Taken {
        #[field(primary_key, default = models::new_uuid, editable = false)]
        pub key: Uuid,
        #[field(on_delete = cascade)]
        pub run: ForeignKey<Run>,
        #[field(on_delete = cascade)]
        pub sample: ForeignKey<Sample>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct Long {
        #[field(parent_link, on_delete = cascade, primary_key)]
        pub base: OneToOne<Run>,
    }

    quintet::app! { lab, models = [Sample, Run, Taken, Long] }
}

use quintet::migrations::*;
use quintet::models::{Model, ModelState};
use quintet::registry::project_state;

fn model(app: &str, name: &str) -> ModelState {
    project_state(&[lab::app()], "auth.User").model(app, name).expect("it is in the list").clone()
}

#[track_caller]
fn field(of: &ModelState, name: &str, expected: &Field) {
    assert_eq!(of.field(name), Some(expected), "{name}");
}

#[test]
fn a_model_may_belong_to_another_app_than_lists_it() {
    let sample = model("science", "Sample");
    assert_eq!(sample.label(), "science.Sample");
    let run = model("lab", "Run");
    assert_eq!(run.field("sample").and_then(Field::relation).expect("a key").to.label_lower(), "science.sample");
}

#[test]
fn options_are_as_they_are_said() {
    let expected = options()
        .db_table("lab_sample")
        .db_table_comment("what is looked at")
        .default_related_name("samples")
        .base_manager_name("objects")
        .default_manager_name("objects")
        .get_latest_by(&["day"])
        .select_on_save()
        .verbose_name("sample")
        .index(index(&["day"]).name("by_day").include(&["code"]).opclasses(&["date_ops"]).kind(IndexKind::BTree))
        .constraint(
            unique_on("one_code", [lower("code"), f("level").desc()])
                .deferrable(Deferrable::Deferred)
                .nulls_distinct(false),
        );
    let sample = model("science", "Sample");
    assert_eq!(sample.options, expected);
    assert_eq!(sample.options.renamed_from.0.as_deref(), Some("Probe"));
    let run = options().swappable("LAB_RUN_MODEL").get_latest_by(&["-started", "id"]);
    assert_eq!(model("lab", "Run").options, run);
}

#[test]
fn fields_are_as_they_are_said() {
    let sample = model("science", "Sample");
    let code = char(12).unique().db_column("the_code").db_collation("C").db_comment("as printed");
    field(&sample, "code", &code);
    field(&sample, "remark", &unlimited_char().help_text("long"));
    field(&sample, "type", &slug().no_db_index().unique_for_month("day").unique_for_year("day"));
    field(&sample, "seen_at", &date_time().db_default(now()));
    field(&sample, "address", &generic_ip_address().unpack_ipv4());
    field(&sample, "lowered", &generated(lower("code"), char(12), false));
    field(&sample, "digest", &binary().max_length(16).null());
    let scan = sample.field("scan").expect("it is there");
    assert_eq!(*scan, file().max_length(200).upload_into(UploadTo::Function(Function::of(lab::folder))));
}

#[test]
fn an_enum_says_what_may_be_chosen_in_a_field_of_its_own_width_or_another() {
    let sample = model("science", "Sample");
    let choices = vec![(Value::Null, "(none)"), ((-1).into(), "Low"), (5.into(), "Very High")];
    field(&sample, "level", &small_integer().null().choices(choices.clone()));
    field(&sample, "grade", &small_integer().with_default(5).choices(choices));
}

#[test]
fn relations_are_as_they_are_said() {
    let run = model("lab", "Run");
    let limit = q("level__gt", -1) & !q("code", "x");
    let key = foreign_key("science.Sample", OnDelete::Protect).to_field("code").related_query_name("run");
    field(&run, "sample", &key.limit_choices_to(limit));
    field(&run, "twins", &many_to_many("lab.Run").db_table("lab_twins").symmetrical(false).no_db_constraint());
    let through = many_to_many("science.Sample").through("lab.Taken").through_fields("run", "sample");
    field(&run, "samples", &through);
}

#[test]
fn a_link_to_a_parent_may_have_any_name() {
    let long = model("lab", "Long");
    field(&long, "base", &one_to_one("lab.Run", OnDelete::Cascade).parent_link().primary_key());
    assert_eq!(long.bases, ["lab.run"]);
    let key: <lab::Long as Model>::Key = 1_i64;
    assert_eq!(key, 1);
}

#[test]
fn functions_of_the_framework_are_known_by_the_path_at_which_a_project_finds_them() {
    let key = model("lab", "Taken").field("key").cloned().expect("it is there");
    let Some(Initial::Function(function)) = key.default else { panic!("a function") };
    assert_eq!(function.path, "quintet::models::new_uuid");
    assert_ne!(function.call(), function.call());
    assert_eq!(uuid().with_default_fn(quintet::models::new_uuid).default, Some(Initial::Function(function)));
}

#[test]
fn code_of_a_migration_has_a_way_back() {
    async fn fill(_: &Apps, _: Db<'_>) -> Result<()> {
        Ok(())
    }
    let Operation::RunRust { code, reverse, .. } = run(fill).reverse(nothing) else { panic!("code") };
    assert_eq!(code.path, "model_attributes::code_of_a_migration_has_a_way_back::fill");
    assert_eq!(reverse.map(|code| code.path).as_deref(), Some("quintet::migrations::nothing"));
}
