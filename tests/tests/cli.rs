//! The commands of a project's program: verbs, flags, exit codes and streams as recorded, texts of our own.

use std::collections::BTreeMap;
use std::process::Command;

use quintet_tests::support::{Folder, Said, Server, checkout, command, get, program, run, run_at_a_terminal};
use serde_json::Value;

fn manage(args: &[&str]) -> Said {
    run(conformance().args(args))
}

/// The oracle's own project, at the profile that its recordings used.
fn conformance() -> Command {
    let mut conformance = command(program("conformance"));
    conformance.env("PROFILE", "full");
    conformance
}

fn recorded() -> Value {
    let text = std::fs::read_to_string(checkout().join("oracle/vectors/commands.json")).expect("the recording");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn every_verb_of_the_reference_is_known() {
    let ours = manage(&["help", "--commands"]).out;
    for verb in recorded()["verbs"].as_object().expect("verbs").keys() {
        assert!(ours.lines().any(|line| line == verb), "`{verb}` is unknown");
    }
}

#[test]
fn migrate_tells_each_migration_with_its_time_and_renders_nothing() {
    let said = run(conformance().env("DATABASE_URL", "sqlite::memory:").args(["migrate", "api"]));
    assert_eq!(said.code, 0, "{}", said.err);
    let line = said.out.lines().find(|line| line.starts_with("  Applying api.0001_initial... OK"));
    assert!(line.is_some_and(|line| line.ends_with("s)") && line.contains("OK (0.")), "{}", said.out);
    assert!(!said.out.contains("Rendering"), "{}", said.out);
}

#[test]
fn tables_without_migrations_are_refused_with_the_way_to_have_some() {
    let said = run(conformance().env("DATABASE_URL", "sqlite::memory:").args(["migrate", "--run-syncdb"]));
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(
        said.err.contains("`--run-syncdb` is not supported") && said.err.contains("makemigrations"),
        "{}",
        said.err
    );
}

/// Recorded runs that cannot be the same here, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("settings module missing", "`--settings` is refused: exit 1 as there, but it is no usage of ours"),
    ("startapp with a name that exists", "`json` clashes with nothing here"),
    ("check with warnings only", "recorded at the profile `seed`, tested by itself below"),
    ("check with warnings only, fail level warning", "recorded at the profile `seed`, tested by itself below"),
    ("check with errors", "recorded at a profile that is not one of ours, tested by itself below"),
    ("check with errors, fail level critical", "recorded at a profile that is not one of ours, tested by itself below"),
    ("check of the security tag without --deploy", "recorded at a profile that is not one of ours"),
    ("check of a deploy tag without --deploy", "there is no tag `async_support` at all: exit 1 as there"),
    ("test of a missing module", "`test` runs cargo"),
];

#[test]
fn exit_codes_and_streams_are_the_recorded_ones() {
    let there = [
        "check",
        "diffsettings",
        "runserver",
        "startapp",
        "help",
        "version",
        "--version",
        "--help",
        "-h",
        "-V",
        "nope",
        "migrat",
        "MIGRATE",
        "--verbosity",
    ];
    let mut compared = 0;
    for case in recorded()["runs"].as_array().expect("runs") {
        let id = case["id"].as_str().expect("an id");
        let args: Vec<&str> = case["args"].as_array().expect("args").iter().filter_map(Value::as_str).collect();
        if DIFFERENT.iter().any(|(different, _)| *different == id)
            || !args.first().is_none_or(|verb| there.contains(verb))
        {
            continue;
        }
        let said = manage(&args);
        let told = format!("{id}: {args:?} said {said:?}");
        assert_eq!(i64::from(said.code), case["exit"].as_i64().expect("an exit code"), "{told}");
        assert_eq!(!said.out.is_empty(), case["stdout"].as_bool().expect("stdout"), "{told}");
        assert_eq!(!said.err.is_empty(), case["stderr"].as_bool().expect("stderr"), "{told}");
        compared += 1;
    }
    assert!(compared >= 38, "only {compared} runs were compared");
}

/// Where the nearest verb is one that only we have: what was asked for, and what is suggested.
const NEARER: [(&str, &str); 1] = [("server", "serve")];

#[test]
fn a_verb_that_is_nearly_right_is_suggested_as_recorded() {
    let known = manage(&["help", "--commands"]).out;
    let mut ours = NEARER.to_vec();
    for case in recorded()["suggestions"].as_array().expect("suggestions") {
        let verb = case["verb"].as_str().expect("a verb");
        if known.lines().any(|known| known == verb) {
            assert_eq!(verb, "serve", "the one verb that was unknown there and is known here");
            continue;
        }
        let nearer = ours.iter().position(|(asked, _)| *asked == verb).map(|at| ours.remove(at).1);
        let expected = nearer.or_else(|| case["close"].as_array().expect("a list").first().and_then(Value::as_str));
        let said = manage(&[verb]);
        assert_eq!(said.code, 1, "{verb}");
        let suggested = said.err.split_once("did you mean `").map(|(_, rest)| rest.split('`').next().unwrap_or(rest));
        assert_eq!(suggested, expected, "{verb}: {}", said.err);
    }
    assert_eq!(ours, [], "no longer recorded");
}

#[test]
fn every_verb_has_help_and_every_later_one_says_why() {
    let later: BTreeMap<&str, &str> = quintet::manage::not_yet().map(|(name, why, _)| (name, why)).collect();
    for verb in manage(&["help", "--commands"]).out.lines() {
        let help = manage(&["help", verb]);
        assert_eq!(help.code, 0, "{verb}");
        assert!(help.out.contains("Usage: cargo manage"), "{verb}: {}", help.out);
        if let Some(why) = later.get(verb) {
            let said = manage(&[verb, "--noinput", "x", "-v", "2"]);
            assert_eq!(said.code, 1, "{verb}");
            assert!(said.err.contains(why) && said.err.contains("hint: "), "{verb}: {}", said.err);
        }
    }
}

#[test]
fn options_without_sense_here_are_refused_with_a_hint() {
    for option in ["--settings=x.y", "--pythonpath=/x"] {
        let said = manage(&["check", option]);
        assert_eq!(said.code, 1, "{option}");
        assert!(said.err.contains("is not supported") && said.err.contains("hint: "), "{}", said.err);
    }
}

#[test]
fn help_lists_the_commands_of_an_app() {
    let said = run(command(program("notes")).arg("help"));
    assert!(said.out.contains("  check "), "{}", said.out);
    assert!(said.out.contains("Not in this version"), "{}", said.out);
}

#[test]
fn colour_in_a_pipe_comes_only_where_it_is_forced() {
    let plain = manage(&["check", "--deploy"]);
    assert!(plain.err.contains("security.") && !plain.err.contains('\x1b'), "{}", plain.err);
    let forced = manage(&["check", "--deploy", "--force-color"]);
    assert!(forced.err.contains("\x1b["), "{}", forced.err);
    let both = manage(&["check", "--force-color", "--no-color"]);
    assert!(both.code == 1 && both.err.contains("contradict"), "{both:?}");
}

#[test]
fn colour_at_a_terminal_comes_unless_it_is_refused() {
    let colour = |args: &[&str], no_color: &str| {
        let mut faulty = command(program("faulty"));
        faulty.arg("check").args(args).env("WARNING", "1").env("NO_COLOR", no_color);
        let said = run_at_a_terminal(&faulty)?;
        assert!(said.code == 0 && said.out.contains("faulty.W001"), "{said:?}");
        Some(said.out.contains("\x1b["))
    };
    // An empty NO_COLOR is none, as its convention has it.
    let cases = [
        (&[][..], "", true),
        (&["--no-color"], "", false),
        (&[], "1", false),
        (&["--force-color"], "1", true),
        (&["--no-color"], "1", false),
    ];
    for (args, no_color, expected) in cases {
        let Some(found) = colour(args, no_color) else { return };
        assert_eq!(found, expected, "{args:?}, NO_COLOR={no_color}");
    }
}

#[test]
fn the_seed_gets_the_deploy_warnings_that_the_reference_gives_it() {
    let said = run(conformance().args(["check", "--deploy"]).env("PROFILE", "seed"));
    assert_eq!(said.code, 0);
    for id in ["security.W004", "security.W008", "security.W012", "security.W016", "security.W018"] {
        assert!(said.err.contains(&format!("({id})")), "{id}: {}", said.err);
    }
    let hints = said.err.matches("HINT: ").count();
    assert_eq!(hints, said.err.lines().filter(|line| line.starts_with("?: (")).count(), "{}", said.err);
    let fails = run(conformance().args(["check", "--deploy", "--fail-level", "WARNING"]).env("PROFILE", "seed"));
    assert_eq!(fails.code, 1);
}

#[test]
fn the_hardened_profile_has_no_warning_of_the_references() {
    let said = run(conformance().args(["check", "--deploy"]).env("PROFILE", "secure"));
    assert_eq!(said.code, 0, "{said:?}");
    assert!(!said.err.contains("security.W"), "{}", said.err);
    let told = said.out + &said.err;
    assert_eq!(told.matches("System check identified ").count() - told.matches("identified some issues").count(), 1);
    assert!(told.trim_end().ends_with("(0 silenced)."), "{told}");
}

/// The site that anybody's page may use with its visitors' credentials.
fn open_to_anyone(debug: &str, silenced: &str) -> Command {
    let mut faulty = command(program("faulty"));
    faulty.env("CORS_ALLOW_ALL_ORIGINS", "1").env("CORS_ALLOW_CREDENTIALS", "1");
    faulty.env("DEBUG", debug).env("SILENCED", silenced);
    faulty
}

#[test]
fn all_origins_with_credentials_stop_a_server_unless_debug_is_on() {
    for args in [&["check", "-v1"][..], &["serve", "127.0.0.1:0"], &["runserver", "--noreload", "127.0.0.1:0"]] {
        let said = run(open_to_anyone("0", "").args(args));
        assert_eq!(said.code, 1, "{args:?}");
        assert!(said.err.contains("quintet.E001") && !said.err.contains("serving at"), "{}", said.err);
    }
}

#[test]
fn all_origins_with_credentials_stop_a_server_in_production_though_checks_are_skipped_or_silenced() {
    for (args, silenced) in [
        (&["serve", "--skip-checks", "127.0.0.1:0"][..], ""),
        (&["serve", "127.0.0.1:0"], "quintet.E001"),
        (&["serve", "--skip-checks", "127.0.0.1:0"], "quintet.E001"),
        (&["runserver", "--noreload", "--skip-checks", "127.0.0.1:0"], "quintet.E001"),
    ] {
        let said = run(open_to_anyone("0", silenced).args(args));
        assert_eq!(said.code, 1, "{args:?}");
        assert!(said.err.contains("allow_credentials") && said.err.contains("hint: "), "{}", said.err);
        assert!(!said.err.contains("serving at"), "{}", said.err);
    }
}

#[test]
fn all_origins_with_credentials_are_a_warning_while_debug_is_on_and_the_server_answers() {
    assert_eq!(run(open_to_anyone("1", "").args(["check", "-v1"])).code, 1, "check says it all the same");
    let mut server = Server::start(open_to_anyone("1", "").args(["serve", "127.0.0.1:0"]));
    assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200);
    let said = server.log().join("\n");
    assert!(said.contains("WARNINGS:") && said.contains("quintet.E001"), "{said}");
}

#[test]
fn silenced_checks_are_counted_and_nothing_else() {
    let check =
        |silenced: &str| run(command(program("faulty")).arg("check").env("WARNING", "1").env("SILENCED", silenced));
    let shown = check("");
    assert_eq!((shown.code, shown.out.as_str()), (0, ""));
    assert!(shown.err.contains("?: (faulty.W001) Something is odd."), "{}", shown.err);
    assert!(shown.err.contains("System check identified 1 issue (0 silenced)."), "{}", shown.err);
    let silenced = check("faulty.W001");
    assert_eq!((silenced.code, silenced.err.as_str()), (0, ""));
    assert_eq!(silenced.out.trim_end(), "System check identified no issues (1 silenced).");
    let another = check("faulty.W002");
    assert!(another.err.contains("faulty.W001") && another.err.contains("(0 silenced)"), "{}", another.err);
    let stopping = run(open_to_anyone("0", "quintet.E001").arg("check"));
    assert_eq!(stopping.code, 0, "an error that is silenced does not fail: {stopping:?}");
    assert!(stopping.out.contains("(1 silenced)"), "{stopping:?}");
}

#[test]
fn a_warning_is_shown_before_a_command_unless_checks_are_skipped() {
    for (args, expected) in [(&["serve", "127.0.0.1:0"][..], true), (&["serve", "127.0.0.1:0", "--skip-checks"], false)]
    {
        let mut server = Server::start(command(program("faulty")).args(args).env("WARNING", "1"));
        let said = server.log().join("\n");
        assert_eq!(said.contains("faulty.W001"), expected, "{args:?}: {said}");
    }
}

#[test]
fn a_traceback_names_the_causes_of_an_error() {
    let doomed = |args: &[&str]| run(command(program("faulty")).arg("doomed").args(args));
    let short = doomed(&[]);
    assert_eq!(short.code, 1);
    assert_eq!(short.err, "error: the plan failed: no bread\nhint: wait for rain\n");
    let long = doomed(&["--traceback"]);
    assert_eq!(long.code, 1);
    assert_eq!(long.err, short.err + "because: no flour\nbecause: no rain\n");
}

#[test]
fn a_malformed_variable_is_named_with_its_value_and_the_fix() {
    let said = run(command(program("notes")).arg("check").env("DEBUG", "maybe").env("DATABASE_URL", "mysql://x/y"));
    assert_eq!(said.code, 1);
    assert!(said.err.contains("`DEBUG`") && said.err.contains("maybe"), "{}", said.err);
    assert!(
        said.err.contains("`DATABASE_URL`") && said.err.contains("mysql"),
        "both are reported at once: {}",
        said.err
    );
}

#[test]
fn a_variable_that_is_nearly_ours_is_a_warning_and_no_more() {
    let said = run(command(program("notes")).arg("check").env("CORS_ALLOWED_ORIGIN", "http://x"));
    assert_eq!(said.code, 0);
    assert!(said.err.contains("`CORS_ALLOWED_ORIGIN`") && said.err.contains("`CORS_ALLOWED_ORIGINS`"), "{}", said.err);
}

#[test]
fn variables_come_from_the_file_that_env_file_names() {
    let folder = Folder::new("env-file");
    let file = folder.path().join("staging.env");
    std::fs::write(&file, "ALLOWED_HOSTS='staging.example'\nDB_NAME=shop\nDB_PWD='top secret'\n").expect("written");
    let said = run(command(program("notes")).arg("diffsettings").env("ENV_FILE", &file).current_dir(folder.path()));
    assert!(said.out.contains("allowed_hosts = [\"staging.example\"]"), "{said:?}");
    assert!(said.out.contains("database = postgres://") && !said.out.contains("top secret"), "{said:?}");
    let missing = run(command(program("notes")).arg("check").env("ENV_FILE", folder.path().join("nope.env")));
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("nope.env") && missing.err.contains("`ENV_FILE`"), "{}", missing.err);
}

#[test]
fn the_process_wins_over_the_file() {
    let folder = Folder::new("env-order");
    std::fs::write(folder.path().join(".env"), "ALLOWED_HOSTS=from-file\nDEBUG=False\n").expect("written");
    let said = run(command(program("notes"))
        .arg("diffsettings")
        .env("ALLOWED_HOSTS", "from-process")
        .current_dir(folder.path()));
    assert!(said.out.contains("from-process") && !said.out.contains("from-file"), "{said:?}");
    assert!(!said.out.contains("debug ="), "the file's DEBUG counts: {said:?}");
}

#[test]
fn diffsettings_shows_no_secret() {
    let notes = |args: &[&str]| {
        let mut notes = command(program("notes"));
        notes.env("SECRET_KEY", "very-secret-value").env("DATABASE_URL", "postgres://ann:pass-word@db.example/shop");
        run(notes.args(args))
    };
    for args in [&["diffsettings"][..], &["diffsettings", "--all"], &["diffsettings", "--output", "unified"]] {
        let said = notes(args);
        assert_eq!(said.code, 0, "{said:?}");
        assert!(said.out.contains("db.example") && said.out.contains("secret_key"), "{said:?}");
        assert!(!said.out.contains("very-secret-value") && !said.out.contains("pass-word"), "{said:?}");
        assert_eq!(said.out.contains("email.host_password"), args.contains(&"--all"), "{said:?}");
    }
    let said = run(command(program("notes")).arg("diffsettings").env("EMAIL_HOST_PASSWORD", "very-secret-value"));
    assert!(said.out.contains("email.host_password") && !said.out.contains("very-secret-value"), "{said:?}");
}

#[test]
fn check_connects_to_the_database_when_asked() {
    let ask =
        |url: &str| run(command(program("notes")).args(["check", "--database", "default"]).env("DATABASE_URL", url));
    assert_eq!(ask("sqlite::memory:").code, 0);
    let nobody = ask("postgres://u:pass-word@127.0.0.1:1/x");
    assert_eq!(nobody.code, 1);
    assert!(nobody.err.contains("quintet.E007") && !nobody.err.contains("pass-word"), "{}", nobody.err);
    match std::env::var("QUINTET_TEST_POSTGRES") {
        Ok(url) => assert_eq!(ask(&url).code, 0),
        Err(_) => println!("skipped: half of it, as QUINTET_TEST_POSTGRES is not set (make test sets it)"),
    }
}

#[test]
fn dbshell_opens_the_databases_own_client() {
    let folder = Folder::new("dbshell");
    // A stand-in for the client, which shows what it was given.
    for name in ["sqlite3", "psql"] {
        let path = folder.path().join(name);
        std::fs::write(
            &path,
            format!("#!/bin/sh\necho {name} \"$@\" $PGHOST $PGPORT $PGUSER $PGDATABASE pw=$PGPASSWORD\nexit 3\n"),
        )
        .expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("executable");
        }
    }
    let shell = |url: &str, path: &std::path::Path| {
        run(command(program("notes"))
            .args(["dbshell", "--", "-x"])
            .env("DATABASE_URL", url)
            .env("PATH", path)
            .current_dir(folder.path()))
    };
    let sqlite = shell("sqlite://some.sqlite3", folder.path());
    assert_eq!((sqlite.code, sqlite.out.trim().ends_with("some.sqlite3 -x pw=")), (3, true), "{sqlite:?}");
    let postgres = shell("postgres://ann:pw@db.example:5433/shop", folder.path());
    assert_eq!(
        postgres.out.trim(),
        "psql -x db.example 5433 ann shop pw=pw",
        "the password is not on the command line"
    );
    let missing = shell("sqlite::memory:", std::path::Path::new("/nonexistent"));
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("`sqlite3` is not installed"), "{}", missing.err);
}

#[test]
fn help_is_quick() {
    let notes = program("notes");
    let mut best = u128::MAX;
    for _ in 0..10 {
        let start = std::time::Instant::now();
        assert_eq!(run(command(&notes).arg("help")).code, 0);
        best = best.min(start.elapsed().as_millis());
    }
    // The target is 20 ms; this is the ceiling for a machine that does other things as well.
    assert!(best < 200, "help took {best} ms");
}
