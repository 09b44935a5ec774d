//! `startapp`: the folder, the two lines of wiring, and when nothing is written.

use std::fs;

use crate::folder::Folder;

#[test]
fn an_app_is_made_and_wired_in() {
    let folder = Folder::with_project();
    let told = folder.run_in("mysite", "startapp api").succeeds();
    assert_eq!(
        told,
        "created src/api/mod.rs\n\
         created src/api/models.rs\n\
         created src/api/migrations/mod.rs\n\
         created src/api/serializers.rs\n\
         created src/api/views.rs\n\
         created src/api/urls.rs\n\
         created src/api/tests.rs\n\
         changed src/main.rs: mod api;\n\
         changed src/settings.rs: crate::api::app(),\n\
         \n\
         to give it an address, put into the list in `src/urls.rs`:\n    \
             include(\"api/\", crate::api::urls::urls(), namespace = \"api\"),\n"
    );
    assert_eq!(
        folder.files("mysite/src/api"),
        ["migrations/mod.rs", "mod.rs", "models.rs", "serializers.rs", "tests.rs", "urls.rs", "views.rs"]
    );
    assert!(folder.read("mysite/src/main.rs").contains("\nmod api;\nmod settings;\nmod urls;\n"));
    assert!(
        folder
            .read("mysite/src/settings.rs")
            .contains("                crate::api::app(),\n            ],\n        ]\n        .concat(),\n")
    );
    let declared = "quintet::app! { api, models = [], migrations = migrations::all(), urls = urls::urls }";
    assert!(folder.read("mysite/src/api/mod.rs").contains(declared));
}

#[test]
fn the_addresses_of_the_project_are_left_to_the_user() {
    let folder = Folder::with_project();
    let before = folder.read("mysite/src/urls.rs");
    folder.run_in("mysite", "startapp api").succeeds();
    assert_eq!(folder.read("mysite/src/urls.rs"), before);
}

#[test]
fn an_app_is_made_from_a_folder_inside_of_the_project() {
    let folder = Folder::with_project();
    folder.run_in("mysite/src", "startapp api").succeeds();
    assert!(folder.join("mysite/src/api/mod.rs").is_file());
}

#[test]
fn a_settings_file_that_does_not_look_as_expected_means_that_nothing_is_written() {
    let folder = Folder::with_project();
    let settings = folder.read("mysite/src/settings.rs").replace("installed_apps: [", "installed_apps: my_list![");
    folder.write("mysite/src/settings.rs", &settings);
    let before = folder.everything();
    folder.run_in("mysite", "startapp api").fails(
        1,
        "error: `src/settings.rs` does not look as expected (no list `installed_apps: vec![..]` was found); \
         nothing was written\n\
         hint: run `startapp api --no-wiring`, then paste\n    \
             mod api;    into src/main.rs, with the other modules\n    \
             crate::api::app(),    into src/settings.rs, in the list `installed_apps`",
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn all_files_that_do_not_look_as_expected_are_named_at_once() {
    let folder = Folder::with_project();
    folder.write("mysite/src/settings.rs", "\"");
    fs::remove_file(folder.join("mysite/src/main.rs")).unwrap();
    let before = folder.everything();
    let outcome = folder.run_in("mysite", "startapp api");
    let expected = "error: `src/main.rs` is not there, and `src/settings.rs` does not look as expected \
                    (it ends inside a string); nothing was written\n";
    assert!(outcome.stderr.starts_with(expected), "{}", outcome.stderr);
    assert_eq!(folder.everything(), before);
}

#[test]
fn without_wiring_only_the_folder_is_made() {
    let folder = Folder::with_project();
    let before = folder.everything();
    let told = folder.run_in("mysite", "startapp api --no-wiring").succeeds();
    assert!(
        told.contains("to wire it in, paste:\n    mod api;    into src/main.rs, with the other modules\n"),
        "{told}"
    );
    assert!(!told.contains("changed"), "{told}");
    let unchanged = folder.everything().into_iter().filter(|(path, _)| !path.starts_with("mysite/src/api"));
    assert_eq!(unchanged.collect::<std::collections::BTreeMap<_, _>>(), before);
    assert!(folder.join("mysite/src/api/views.rs").is_file());
}

#[test]
fn lines_that_were_pasted_before_are_not_added_again() {
    let folder = Folder::with_project();
    let main = folder.read("mysite/src/main.rs").replace("mod urls;", "mod urls;\nmod api;");
    folder.write("mysite/src/main.rs", &main);
    let told = folder.run_in("mysite", "startapp api").succeeds();
    assert!(told.contains("changed src/settings.rs") && !told.contains("changed src/main.rs"), "{told}");
    assert_eq!(folder.read("mysite/src/main.rs"), main);
}

#[test]
fn files_with_other_line_ends_keep_them() {
    let folder = Folder::with_project();
    for file in ["mysite/src/main.rs", "mysite/src/settings.rs"] {
        folder.write(file, &folder.read(file).replace('\n', "\r\n"));
    }
    folder.run_in("mysite", "startapp api").succeeds();
    for file in ["mysite/src/main.rs", "mysite/src/settings.rs"] {
        let text = folder.read(file);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{file}");
    }
}

#[test]
fn a_name_that_the_project_has_is_refused() {
    let folder = Folder::with_project();
    folder.run_in("mysite", "startapp api").succeeds();
    folder.write("mysite/src/Tools.rs", "");
    let manifest = folder.read("mysite/Cargo.toml").replace("[dependencies]\n", "[dependencies]\ntower-http = \"1\"\n");
    folder.write("mysite/Cargo.toml", &manifest);
    let before = folder.everything();
    for (name, because) in [
        ("api", "`src/api` already exists"),
        ("tools", "`src/Tools.rs` already exists"),
        ("tower_http", "`Cargo.toml` has a dependency of that name"),
    ] {
        folder
            .run_in("mysite", &format!("startapp {name}"))
            .fails(1, &format!("error: `{name}` cannot be the name of an app: {because}\nhint: try `{name}_app`"));
    }
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_name_that_is_no_module_is_refused() {
    let folder = Folder::with_project();
    let before = folder.everything();
    folder.run_in("mysite", "startapp my-app").fails(
        1,
        "error: `my-app` cannot be the name of an app: a hyphen cannot be in a Rust identifier\nhint: try `my_app`",
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn outside_of_a_project_no_app_is_made() {
    let folder = Folder::new();
    folder.run("startapp api").fails(
        1,
        "error: `startapp` needs a project, and there is none in `[folder]` or above it\n\
         hint: make one with `quintet startproject mysite`, then `cd mysite`",
    );
    assert!(folder.everything().is_empty());
}

#[test]
fn a_folder_without_sources_is_no_project() {
    let folder = Folder::new();
    folder.write("Cargo.toml", "[dependencies]\nquintet = \"0.1\"\n");
    let error = quintet_cli::startapp(folder.path(), "api").unwrap_err();
    assert!(error.message().contains("is not the folder of a project"), "{error}");
}
