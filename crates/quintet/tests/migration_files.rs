//! The files of migrations, as a project has them, are an app's history.
#![allow(unreachable_pub)] // As a project writes them.

mod history;

quintet::app! { notes, migrations = history::all() }

#[test]
fn files_that_the_list_names_are_the_app_s_migrations_in_its_order() {
    let all = quintet::registry::all_migrations(&[app()]);
    let labels: Vec<String> = all.iter().map(|migration| migration.label()).collect();
    assert_eq!(labels, ["notes.0001_initial", "notes.0002_note_slug"]);
    assert!(all.iter().all(|migration| migration.file.as_deref().is_some_and(|file| file.contains("history"))));
}

#[test]
fn an_app_without_migrations_has_none() {
    mod other {
        quintet::app! { other }
    }
    assert_eq!(quintet::registry::all_migrations(&[other::app()]), []);
}
