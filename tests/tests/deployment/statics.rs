//! `collectstatic` and `findstatic`, in the words of the reference's, by the command line.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use quintet_tests::support::Said;

use super::Project;

/// Runs a command that asks, and answers.
fn answered(project: &Project, args: &[&str], line: &str) -> Said {
    let mut command = project.program(args);
    let mut process =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    process.stdin.take().expect("a pipe").write_all(line.as_bytes()).expect("written");
    let said = process.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&project.folder().display().to_string(), "DIR");
    Said { code: said.status.code().unwrap_or(-1), out: text(&said.stdout), err: text(&said.stderr) }
}

#[test]
fn files_are_copied_and_those_that_are_the_same_stay() {
    let project = Project::new("static-copy");
    let collected = |args: &[&str]| project.does(&[&["collectstatic", "--noinput"], args].concat());
    assert_eq!(collected(&[]), "4 static files copied to 'DIR/static'.\n");
    assert_eq!(project.text("static/assets/app-1a2b.js"), "script");
    assert_eq!(collected(&[]), "0 static files copied to 'DIR/static', 4 unmodified.\n");
    project.write("frontend/dist/icon.svg", "<svg></svg>");
    assert_eq!(
        collected(&["-v", "2"]),
        "Skipping 'assets/app-1a2b.js' (not modified)\nSkipping 'assets/app-1a2b.js.gz' (not modified)\n\
         Copying 'DIR/frontend/dist/icon.svg'\nSkipping 'index.html' (not modified)\n\
         1 static file copied to 'DIR/static', 3 unmodified.\n"
    );
    assert_eq!(collected(&["-v", "0"]), "");
}

#[test]
fn a_dry_run_only_tells() {
    let project = Project::new("static-dry");
    let said = project.does(&["collectstatic", "--dry-run", "--no-input", "-i", "assets"]);
    assert_eq!(
        said,
        "Pretending to copy 'DIR/frontend/dist/icon.svg'\nPretending to copy 'DIR/frontend/dist/index.html'\n\
         2 static files copied to 'DIR/static'.\n"
    );
    assert!(!project.has("static"));
    project.does(&["collectstatic", "--noinput"]);
    let said = project.does(&["collectstatic", "-n", "--clear", "--noinput"]);
    assert!(said.starts_with("Pretending to delete 'assets'\nPretending to delete 'icon.svg'\n"), "{said}");
    assert!(project.has("static/icon.svg"));
}

#[test]
fn clear_removes_what_is_there_and_keeps_the_folder() {
    let project = Project::new("static-clear");
    project.write("elsewhere/kept.txt", "kept");
    project.write("real/old.js", "old");
    symlink(project.folder().join("real"), project.folder().join("static")).expect("a link");
    symlink(project.folder().join("elsewhere"), project.folder().join("real/link")).expect("a link");
    let said = project.does(&["collectstatic", "--noinput", "--clear"]);
    assert_eq!(said, "Deleting 'link'\nDeleting 'old.js'\n4 static files copied to 'DIR/static'.\n");
    assert!(!project.has("real/old.js") && project.has("real/index.html"));
    assert_eq!(project.text("elsewhere/kept.txt"), "kept", "a link is removed, not what it leads to");
}

#[test]
fn clear_never_removes_the_project() {
    let project = Project::new("static-project");
    for root in [".", "..", "frontend", "frontend/dist"] {
        let mut command = project.program(&["collectstatic", "--noinput", "--clear"]);
        let said = quintet_tests::support::run(command.env("STATIC_ROOT", root));
        assert!(said.code == 1 && said.err.contains("holds the project itself"), "{root}: {said:?}");
        assert!(project.has("frontend/dist/index.html") && project.has("Cargo.toml"), "{root}");
    }
}

#[test]
fn what_would_be_lost_is_asked_about() {
    let project = Project::new("static-ask");
    assert_eq!(project.does(&["collectstatic"]), "4 static files copied to 'DIR/static'.\n", "nothing is lost");
    project.write("frontend/dist/icon.svg", "other");
    let question = |what: &str| {
        format!(
            "\nYou have requested to collect static files at the destination\nlocation as specified in your settings:\n\n    \
             DIR/static\n\nThis will {what}!\nAre you sure you want to do this?\n\nType 'yes' to continue, or 'no' to cancel: "
        )
    };
    let no = answered(&project, &["collectstatic"], "no\n");
    assert_eq!((no.code, no.out), (1, question("overwrite existing files")));
    assert_eq!(no.err, "error: Collecting static files cancelled.\n");
    let nobody = answered(&project, &["collectstatic", "--clear"], "");
    assert_eq!((nobody.code, nobody.out), (1, question("DELETE ALL FILES in this location")));
    assert!(nobody.err.contains("hint: `--noinput` does not ask"), "{}", nobody.err);
    assert_eq!(project.text("static/icon.svg"), "<svg/>");
    let yes = answered(&project, &["collectstatic"], "yes\n");
    assert_eq!(yes.code, 0, "{yes:?}");
    assert!(yes.out.ends_with("1 static file copied to 'DIR/static', 3 unmodified.\n"), "{}", yes.out);
}

#[test]
fn links_lead_to_the_built_files_and_are_never_written_through() {
    let project = Project::new("static-link");
    let collected = |args: &[&str]| project.does(&[&["collectstatic", "--noinput"], args].concat());
    assert_eq!(collected(&["--link"]), "4 static files symlinked to 'DIR/static'.\n");
    let icon = project.folder().join("static/icon.svg");
    assert_eq!(fs::read_link(&icon).expect("a link"), project.folder().join("frontend/dist/icon.svg"));
    assert_eq!(collected(&["-l"]), "0 static files symlinked to 'DIR/static', 4 unmodified.\n");
    // A link to somewhere else that is in the way: what it leads to stays as it is.
    project.write("mine.txt", "mine");
    fs::remove_file(&icon).expect("removed");
    symlink(project.folder().join("mine.txt"), &icon).expect("a link");
    assert_eq!(collected(&[]), "4 static files copied to 'DIR/static'.\n");
    assert_eq!(project.text("mine.txt"), "mine");
    assert!(!icon.is_symlink() && project.text("static/icon.svg") == "<svg/>");
}

#[test]
fn private_files_stay_where_they_are_unless_they_are_asked_for() {
    let project = Project::new("static-ignore");
    for path in [".hidden/x.js", "CVS/x", "assets/.map", "assets/x.js~", "notes.txt"] {
        project.write(&format!("frontend/dist/{path}"), "x");
    }
    project.does(&["collectstatic", "--noinput", "--ignore", "*.txt", "-i", "*.gz"]);
    for path in [".hidden", "CVS", "assets/.map", "assets/x.js~", "notes.txt", "assets/app-1a2b.js.gz"] {
        assert!(!project.has(&format!("static/{path}")), "{path}");
    }
    assert!(project.has("static/assets/app-1a2b.js"));
    let said = project.does(&["collectstatic", "--noinput", "--no-default-ignore", "--no-post-process"]);
    assert_eq!(said, "6 static files copied to 'DIR/static', 3 unmodified.\n");
    assert!(project.has("static/.hidden/x.js"));
}

#[test]
fn without_a_folder_or_a_front_end_it_says_what_to_do() {
    let project = Project::new("static-none");
    let mut command = project.program(&["collectstatic", "--noinput"]);
    let said = quintet_tests::support::run(command.env("STATIC_ROOT", ""));
    assert!(said.code == 1 && said.err.contains("`static_root` is not set\nhint: "), "{said:?}");
    fs::remove_dir_all(project.folder().join("frontend/dist")).expect("removed");
    let said = project.run(&["collectstatic", "--noinput"]);
    assert!(said.code == 1 && said.err.contains("there is no built front end\nhint: "), "{said:?}");
}

#[test]
fn a_file_is_found_by_its_name_and_nothing_outside_is() {
    let project = Project::new("static-find");
    assert_eq!(project.does(&["findstatic", "icon.svg"]), "Found 'icon.svg' here:\n  DIR/frontend/dist/icon.svg\n");
    assert_eq!(project.does(&["findstatic", "icon.svg", "--first", "-v", "0"]), "DIR/frontend/dist/icon.svg\n");
    assert_eq!(
        project.does(&["findstatic", "icon.svg", "-v", "2"]),
        "Found 'icon.svg' here:\n  DIR/frontend/dist/icon.svg\nLooking in the following locations:\n  DIR/frontend/dist\n"
    );
    let some = project.run(&["findstatic", "nope", "index.html", "../package.json", "/etc/passwd"]);
    assert_eq!(some.code, 0, "{some:?}");
    assert_eq!(some.out.lines().count(), 2, "{some:?}");
    for name in ["nope", "../package.json", "/etc/passwd"] {
        assert!(some.err.contains(&format!("No matching file found for '{name}'.")), "{some:?}");
    }
    assert_eq!(project.run(&["findstatic", "nope", "-v", "0"]).err, "");
    assert_eq!(project.run(&["findstatic"]).code, 2);
}
