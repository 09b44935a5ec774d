//! Written migrations, compiled: all that was recorded and all words at once, made into a crate that `rustfmt` finds
//! nothing to change in, and whose migrations equal what was written.

#![allow(clippy::disallowed_methods, reason = "the test makes a crate; the core itself has no file system")]

#[allow(dead_code, unreachable_pub, reason = "each test takes what it needs of the recordings")]
mod recorded;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use quintet_core::migrate::write::{WriteOptions, new_mod, write};
use quintet_core::operation::words::*;
use quintet_core::operation::{Dependency, Migration, Operation};
use quintet_core::schema::words::*;
use quintet_core::schema::*;

#[test]
fn written_migrations_are_formatted_and_compile_to_what_was_written() {
    let mut migrations = recorded_migrations();
    migrations.push(every_word());
    migrations.extend((1..=60).map(grown));
    assert!(migrations.len() > 250, "{} migrations", migrations.len());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written");
    lay_down(&folder, &migrations);
    formatted(&folder);
    compiled(&folder);
}

/// A crate with a module per migration, and what each must be.
fn lay_down(folder: &Path, migrations: &[Migration]) {
    let source = folder.join("src");
    let _ = fs::remove_dir_all(&source);
    fs::create_dir_all(&source).expect("a folder for the crate");
    let (mut modules, mut checks) = (String::new(), String::new());
    for (number, migration) in migrations.iter().enumerate() {
        let text = write(migration, &options_of()).unwrap_or_else(|error| panic!("{}: {error}", migration.label()));
        keep(&source.join(format!("m{number}.rs")), &text);
        keep(&source.join(format!("m{number}.txt")), &said(migration));
        writeln!(modules, "#[rustfmt::skip]\nmod m{number};").expect("a line");
        writeln!(checks, "    same({number}, &m{number}::migration(), include_str!(\"m{number}.txt\"));")
            .expect("a line");
    }
    keep(&source.join("main.rs"), &format!("{modules}{MAIN}fn main() {{\n{checks}}}\n"));
    keep(&source.join("named.rs"), &named_functions());
    // Lists of migrations are only formatted: their macro is not the core's.
    for count in 1..40 {
        let names: Vec<String> = (0..count).map(|number| format!("{number:04}_{}", "x".repeat(count))).collect();
        keep(&source.join(format!("list{count}.rs")), &new_mod(&names));
    }
    let core = env!("CARGO_MANIFEST_DIR");
    keep(&folder.join("Cargo.toml"), &MANIFEST.replace("{core}", core));
    keep(&folder.join("rustfmt.toml"), "");
    fs::create_dir_all(folder.join("quintet/src")).expect("a folder for the shim");
    keep(&folder.join("quintet/Cargo.toml"), &SHIM_MANIFEST.replace("{core}", core));
    keep(&folder.join("quintet/src/lib.rs"), SHIM);
    fs::copy(Path::new(core).join("../../Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file");
}

const MANIFEST: &str = "[package]\nname = \"written\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
    quintet = { path = \"quintet\" }\nquintet-core = { path = \"{core}\" }\n\n[profile.dev]\ndebug = false\n\n\
    [workspace]\nmembers = [\"quintet\"]\n";

const SHIM_MANIFEST: &str = "[package]\nname = \"quintet\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
    [dependencies]\nquintet-core = { path = \"{core}\" }\n";

/// What the prelude of migrations gives, with code that nobody runs.
const SHIM: &str = r#"pub mod migrations {
    pub use quintet_core::operation::words::*;
    pub use quintet_core::operation::{Migration, Operation};
    pub use quintet_core::schema::words::*;
    pub use quintet_core::schema::*;

    pub fn run<T, F: Fn() -> T>(_: F) -> Operation {
        run_code(Code::new(std::any::type_name::<F>(), ()))
    }

    pub trait Reverse {
        fn reverse<T, F: Fn() -> T>(self, code: F) -> Self;
    }

    impl Reverse for Operation {
        fn reverse<T, F: Fn() -> T>(self, _: F) -> Self {
            self.reverse_code(Code::new(std::any::type_name::<F>(), ()))
        }
    }
}
"#;

const MAIN: &str = r#"
pub mod named;

fn same(number: usize, migration: &quintet_core::operation::Migration, expected: &str) {
    let migration = quintet_core::operation::Migration { file: None, ..migration.clone() };
    assert_eq!(format!("{migration:#?}"), expected, "migration {number}");
}

"#;

/// Every function that recordings name, each with a path of its own.
const NAMED: &[&str] = &["now", "dict", "list", "uuid4", "one", "other", "even", "upload", "code", "back"];

fn named_functions() -> String {
    let function = |name: &&str| match *name {
        "even" => "pub fn even(_: &quintet_core::schema::Value) -> Result<(), String> {\n    Ok(())\n}\n".to_owned(),
        "code" | "back" => format!("pub fn {name}() {{}}\n"),
        _ => format!("pub fn {name}() -> i64 {{\n    1\n}}\n"),
    };
    NAMED.iter().map(function).collect()
}

fn formatted(folder: &Path) {
    let files = fs::read_dir(folder.join("src")).expect("the crate").map(|entry| entry.expect("a file").path());
    let files: Vec<_> = files
        .filter(|path| {
            path.extension().is_some_and(|end| end == "rs") && path.file_stem().is_some_and(|stem| stem != "main")
        })
        .collect();
    let rustfmt = Command::new("rustfmt")
        .args(["--check", "--edition", "2024", "--style-edition", "2024"])
        .current_dir(folder)
        .args(&files)
        .output()
        .expect("rustfmt");
    let changes = String::from_utf8_lossy(&rustfmt.stdout).into_owned() + &String::from_utf8_lossy(&rustfmt.stderr);
    let count = changes.lines().filter(|line| line.starts_with("Diff in")).count();
    let shown: String = changes.chars().take(4000).collect();
    assert!(rustfmt.status.success(), "{count} places that rustfmt would change:\n{shown}");
}

fn compiled(folder: &Path) {
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo");
    let shown: String = String::from_utf8_lossy(&run.stderr).chars().take(4000).collect();
    assert!(run.status.success(), "{shown}");
}

/// Files that stay the same are not written again, so that a second run compiles little.
fn keep(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

fn options_of() -> WriteOptions {
    WriteOptions { crate_name: "written".to_owned(), header: Some("2026-11-21 10:52".to_owned()) }
}

/// What the compiled migration must be: as the file says it, where dependencies are sorted and the app is not known.
fn said(migration: &Migration) -> String {
    let mut said = Migration { app: String::new(), file: None, ..migration.clone() };
    said.dependencies.sort();
    said.dependencies.dedup();
    let operations: Vec<Operation> = said.operations.drain(..).collect();
    said.operations = operations.into_iter().map(|operation| each_field(operation, &as_written)).collect();
    format!("{said:#?}")
}

fn recorded_migrations() -> Vec<Migration> {
    let mut all = recorded::project_migrations();
    for scenario in recorded::scenarios() {
        all.extend(scenario.operations.into_values().flat_map(std::collections::BTreeMap::into_values));
    }
    for (_, setup, case) in recorded::changes() {
        all.extend([setup, case]);
    }
    let rooted = |migration: Migration| {
        let operations = migration.operations.into_iter().map(|operation| each_field(operation, &with_paths));
        Migration { operations: operations.collect(), ..migration }
    };
    all.into_iter().filter(|migration| !format!("{migration:?}").contains("<lambda>")).map(rooted).collect()
}

/// The paths of the reference's functions, as paths of the crate.
fn path(path: &str) -> String {
    let last = path.rsplit(['.', ':']).next().unwrap_or_default();
    let name = NAMED.iter().find(|name| **name == last).unwrap_or(&"other");
    format!("written::named::{name}")
}

fn with_paths(field: &mut Field) {
    let named = |function: &mut Function| *function = Function::new(path(&function.path), || 1);
    if let Some(Initial::Function(function)) = &mut field.default {
        named(function);
    }
    for validator in &mut field.validators {
        if let Rule::Function(test) = &mut validator.rule {
            *test = Test::new(path(&test.path), |_| Ok(()));
        }
    }
    match &mut field.kind {
        Kind::File { upload_to: UploadTo::Function(function), .. }
        | Kind::Image { upload_to: UploadTo::Function(function), .. }
        | Kind::FilePath { path: UploadTo::Function(function), .. } => named(function),
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
            if let OnDelete::SetWith(function) = &mut relation.on_delete {
                named(function);
            }
        }
        _ => {}
    }
}

/// The user model is written as such, whichever it is.
fn as_written(field: &mut Field) {
    let to = match &mut field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => &mut relation.to,
        Kind::ManyToMany(many) => &mut many.to,
        _ => return,
    };
    if to.is_user_model {
        *to = To::user_model();
    }
}

fn each_field(mut operation: Operation, change: &dyn Fn(&mut Field)) -> Operation {
    let code = |code: &mut Code| *code = Code::new(path(&code.path), ());
    match &mut operation {
        Operation::CreateModel { fields, .. } => fields.iter_mut().for_each(|(_, field)| change(field)),
        Operation::AddField { field, .. } | Operation::AlterField { field, .. } => change(field),
        Operation::RunRust { code: forwards, reverse, .. } => {
            code(forwards);
            reverse.iter_mut().for_each(code);
        }
        Operation::RunSql { state, .. } => *state = each(state, change),
        Operation::SeparateDatabaseAndState { database, state } => {
            *database = each(database, change);
            *state = each(state, change);
        }
        _ => {}
    }
    operation
}

fn each(operations: &[Operation], change: &dyn Fn(&mut Field)) -> Vec<Operation> {
    operations.iter().cloned().map(|operation| each_field(operation, change)).collect()
}

fn named(name: &str) -> Function {
    Function::new(format!("written::named::{name}"), || 1)
}

/// A migration in which every word occurs.
fn every_word() -> Migration {
    let code = |name: &str| Code::new(format!("written::named::{name}"), ());
    let mut cascade = foreign_key("lab.Note", OnDelete::SetWith(named("one"))).with_default(1);
    cascade.default = Some(Initial::Function(named("now")));
    let mut upload = image().no_max_length().dimensions(Some("width"), None);
    if let Kind::Image { upload_to, .. } = &mut upload.kind {
        *upload_to = UploadTo::Function(named("upload"));
    }
    let mut below = file_path("").choosing(Some(r".*\.txt"), true, false, true).max_length(7);
    if let Kind::FilePath { path, .. } = &mut below.kind {
        *path = UploadTo::Function(named("upload"));
    }
    let rules = [
        Rule::MinValue((-1).into()),
        Rule::MaxValue(1.5.into()),
        Rule::StepValue(dec("0.05"), Some(0.into())),
        Rule::MinLength(1),
        Rule::MaxLength(2),
        regex_rule(r#"^["\d]+$"#, true, 2),
        Rule::Email,
        url_rule(&["http", "https"]),
        Rule::Slug,
        Rule::UnicodeSlug,
        Rule::Ipv4,
        Rule::Ipv6,
        Rule::Ipv46,
        Rule::CommaSeparatedIntegers,
        Rule::Decimal(5, 2),
        file_extension_rule(&["pdf"]),
        Rule::NoNullCharacters,
        Rule::Username(true),
        Rule::Function(Test::new("written::named::even", |_| Ok(()))),
    ];
    let ruled = rules.into_iter().fold(integer(), Field::rule);
    let values = [
        null(),
        true.into(),
        i64::MAX.into(),
        (-5).into(),
        1e300.into(),
        f64::INFINITY.into(),
        f64::NEG_INFINITY.into(),
        dec("1.50"),
        "it's \"quoted\"\nand\ttwo lines é \u{202e} \\".into(),
        bytes_value(b"\x00'\"\\a"),
        date_value("2024-01-31"),
        date_time_value("2024-01-31 12:00:00"),
        time_value("12:00:00"),
        duration_value(-1_500_000),
        uuid_value("00000000-0000-4000-8000-000000000001"),
        json_value("{\"a\": [1]}"),
        list(vec![]),
        list(vec![1.into(), "two".into(), list(vec![null()]), true.into(), (-1.5).into()]),
    ];
    let mut fields = vec![
        ("pk", composite_primary_key(&["a", "b"])),
        ("small", small_auto().not_blank()),
        ("auto", auto().primary_key()),
        ("open", unlimited_char().blank().not_editable()),
        ("text", text().max_length(1000)),
        ("slug", slug().max_length(100).allow_unicode().no_db_index()),
        ("email", email().no_max_length()),
        ("url", url().max_length(300)),
        ("ip", generic_ip_address().protocol(IpProtocol::Ipv6).unpack_ipv4()),
        ("ip4", generic_ip_address().protocol(IpProtocol::Ipv4)),
        ("price", decimal(10, 2)),
        ("open_price", open_decimal(Some(3), None)),
        ("date", date().auto_now().blank()),
        ("moment", date_time().auto_now_add().not_blank().editable()),
        ("time", time().unique_for_date("a").unique_for_month("b").unique_for_year("c")),
        ("binary", binary().max_length(5).editable()),
        ("upload", upload),
        ("below", below),
        ("wrt", order_wrt()),
        ("sum", generated(f("a") + 1, decimal(5, 2), true)),
        ("user", foreign_key(user_model(), OnDelete::Set(1.into())).to_field("email").related_query_name("q").null()),
        (
            "one",
            one_to_one("lab.Note", OnDelete::DoNothing).not_unique().no_db_index().parent_link().no_db_constraint(),
        ),
        ("set", cascade.limit_choices_to(q("a", 1) & !q("b__in", list(vec![1.into()])))),
        ("many", many_to_many("self").through("lab.Link").through_fields("a", "b").symmetrical(false)),
        ("tags", many_to_many("lab.Tag").no_db_constraint().db_table("tags").related_name("+")),
        ("ruled", ruled.validator(Validator::new(Rule::Email).message("no").code("never"))),
        (
            "group",
            char(5).choices(vec![("a".into(), "A")]).choice_group("B", vec![("b".into(), "B"), ("c".into(), "C")]),
        ),
    ];
    let names: Vec<String> = (0..values.len()).map(|number| format!("value{number}")).collect();
    fields.extend(names.iter().map(String::as_str).zip(values.into_iter().map(|value| char(9).with_default(value))));
    let choice = case(vec![(q("a", 1), value("x")), (all_of(vec![]), raw("1"))]).otherwise(2);
    let long = q("a_long_name__icontains", "some text") & q("another_long_name__gt", 100) & not(q("b", 1) | q("c", 2));
    let all = options()
        .db_table("t")
        .db_table_comment("c")
        .ordering(&["-a", "b"])
        .unique_together(&["a", "b"])
        .order_with_respect_to("a")
        .index(index(&["-a", "b"]).name("i").include(&["c"]).opclasses(&["x", "y"]).kind(IndexKind::Gin))
        .index(Index::on([lower("a").desc().nulls_last(), f("b").collate("C").asc(), f("c").cast(char(5))]).name("j"))
        .index(
            Index::on([f("a").asc().nulls_first(), func("Coalesce", [upper("b"), value("")])]).condition(long.clone()),
        )
        .constraint(
            unique("u", &["a"]).condition(q("a", f("b"))).deferrable(Deferrable::Deferred).nulls_distinct(false),
        )
        .constraint(unique_on("v", [combined(f("a"), Operator::Pow, 2), choice]).include(&["b"]).message("m").code("d"))
        .constraint(check("c", odd_of(vec![q("a", 1), holds(truth_of(q("b", 2)))]) | long.clone()).message("no"))
        .constraint(check("d", any_of(vec![long, q("now", now())])))
        .proxy()
        .unmanaged()
        .select_on_save()
        .permission("a", "b")
        .default_permissions(&[])
        .get_latest_by(&["a"])
        .swappable("AUTH_USER_MODEL")
        .verbose_name("a")
        .verbose_name_plural("b")
        .base_manager_name("c")
        .default_manager_name("d")
        .default_related_name("e");
    let operations = vec![
        create_model("Note", fields, all).bases(&["lab.base"]).managers(vec![("objects", "lab::Manager")]),
        delete_model("Note"),
        rename_model("A", "B"),
        alter_model_table("a", Some("b")),
        alter_model_table("a", None),
        alter_model_table_comment("a", Some("it's")),
        alter_model_options("a", options()),
        alter_model_managers("a", vec![("objects", "lab::Manager")]),
        alter_unique_together("a", vec![vec!["a", "b"], vec!["c"]]),
        alter_order_with_respect_to("a", None),
        add_field("a", "b", integer().with_default(0).db_default(now())).one_off_default(),
        add_field("a", "c", char(20).db_column("x").db_comment("y").db_collation("z").verbose_name("v").help_text("h")),
        alter_field("a", "b", integer().error_message("required", "say it").db_index().unique().primary_key()),
        remove_field("a", "b"),
        rename_field("a", "b", "c"),
        add_index("a", index(&["b"]).name("c")),
        remove_index("a", "c"),
        rename_index("a", "b", "c"),
        add_constraint("a", unique("u", &["a", "b"])),
        alter_constraint("a", "u", unique("u", &["a", "b"]).message("a message")),
        remove_constraint("a", "u"),
        run_sql(&["select 1", "select \"a\"\nfrom \"b\"\nwhere c = '#'"]).reverse_sql(&[]).elidable(),
        run_sql(&["insert into a\nvalues (1)"]).with_state(vec![delete_model("A"), delete_model("B")]),
        run_code(code("code")).reverse_code(code("back")).elidable(),
        run_code(code("code")),
        separate_database_and_state(vec![run_sql(&["x"])], vec![remove_field("a", "b")]),
    ];
    let mut all = Migration::new("0009_every_word").initial().replaces("lab", "0001_a").replaces("lab", "0002_b");
    all = all.depends_on("lab", "0008").depends_on_user_model().depends_on("auth", "0001").run_before("shop", "0001");
    Migration { app: "lab".to_owned(), ..all.not_atomic().operations(operations) }
}

/// A migration whose names and lists grow with the number, so that each line passes the limits of a layout.
fn grown(number: usize) -> Migration {
    let name = "n".repeat(number);
    let short: Vec<String> = (0..number).map(|at| format!("a{at}")).collect();
    let short: Vec<&str> = short.iter().map(String::as_str).collect();
    let operations = vec![
        add_field(&name, "slug", char(100).with_default("")),
        add_field("note", "slug", char(100).with_default(name.as_str()).help_text(&name).null()),
        add_field("note", "author", foreign_key("lab.Author", OnDelete::Cascade).related_name(&name)).one_off_default(),
        add_index("note", index(&short).name(&name)),
        alter_unique_together("note", vec![short.clone(), vec![&name, "b"]]),
        add_index("note", Index::on([lower(&name), f(&name).desc()]).name("i").condition(q(&name, 1) | q("b", "c"))),
        add_constraint("note", unique("u", &[&name]).condition(!q(&name, "some text"))),
        add_constraint("note", check(&name, q("a", f(&name) * 2) & q("b", 1))),
        alter_field("note", "choice", char(8).choices(vec![(name.as_str().into(), "Red"), ("green".into(), "Green")])),
        alter_model_options("note", options().ordering(&[&name]).verbose_name(&name)),
        alter_model_options("note", options().verbose_name(&name)),
        run_sql(&[&name.repeat(2)]),
        run_sql(&[&format!("select \"{name}\"\nfrom a")]).reverse_sql(&[&name]),
        create_model(&name, vec![("id", big_auto().primary_key())], options()),
        create_model("N", vec![("id", big_auto().primary_key()), ("b", text())], options()).bases(&[&name]),
        separate_database_and_state(vec![remove_field("a", &name)], vec![]),
    ];
    let dependencies = vec![Dependency::On("lab".to_owned(), name)];
    let one = operations[number % operations.len()].clone();
    // Every other has a single operation, which begins on the line of its list.
    let operations = if number.is_multiple_of(2) { operations } else { vec![one] };
    Migration { app: "lab".to_owned(), dependencies, operations, ..Migration::new(&format!("{number:04}_grown")) }
}
