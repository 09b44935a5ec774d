//! Uploaded files: kept under names that harm nobody, and given back in a way that harms nobody.

#![allow(clippy::disallowed_methods, reason = "tests make the folder that is served")]

use std::path::Path;
use std::sync::Arc;

use quintet_core::rest::UploadedFile;

use super::harness::{Answer, ask, block_on, get, options, site};
use super::scratch::Scratch;
use crate::http::{Request, Response, Result};
use crate::rest::storage::generate_filename;
use crate::rest::{FileSystemStorage, Storage, Uploaded};
use crate::urls::Urls;
use crate::{SiteOptions, view};

fn routes() -> Urls {
    crate::urls![path("media/own/", view::get(own)), path("other/", view::get(own))]
}

async fn own(_: &Request) -> Result<Response> {
    Ok(Response::text("a view"))
}

fn serving(folder: &Path) -> SiteOptions {
    let mut options = options(routes);
    options.media.root = folder.to_owned();
    options.media.url = "/media/".to_owned();
    options.media.serve = true;
    options
}

fn asked(folder: &Path, path: &str) -> Answer {
    get(path).to(&site(serving(folder)))
}

#[test]
fn a_file_is_served_with_its_type_its_length_and_no_guessing() {
    let folder = Scratch::new("served");
    std::fs::create_dir_all(folder.join("a b")).unwrap();
    std::fs::write(folder.join("a b/é.png"), "pixels").unwrap();
    let answer = asked(&folder, "/media/a%20b/%C3%A9.png");
    assert_eq!((answer.code(), answer.text().as_str()), (200, "pixels"));
    assert_eq!(answer.header("content-type"), Some("image/png"));
    assert_eq!(answer.header("content-length"), Some("6"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert_eq!(answer.header("content-disposition"), None);
    let again = get("/media/a%20b/%C3%A9.png").header("if-modified-since", answer.header("last-modified").unwrap());
    assert_eq!(again.to(&site(serving(&folder))).code(), 304);
    let head = ask("HEAD", "/media/a%20b/%C3%A9.png").to(&site(serving(&folder)));
    assert_eq!((head.code(), head.header("content-length"), head.text().as_str()), (200, Some("6"), ""));
}

#[test]
fn what_could_run_in_a_browser_is_saved_and_not_shown() {
    let folder = Scratch::new("active");
    for name in ["a.html", "a.svg", "a.xml", "a.js", "a.xhtml", "a", "a.unknown", "a.HTM"] {
        std::fs::write(folder.join(name), "<script>").unwrap();
        let answer = asked(&folder, &format!("/media/{name}"));
        let disposition = answer.header("content-disposition").unwrap_or_default().to_owned();
        assert_eq!((answer.code(), disposition), (200, format!("attachment; filename=\"{name}\"")), "{name}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn nothing_leads_out_of_the_folder() {
    let folder = Scratch::new("kept");
    let outside = Scratch::new("outside");
    std::fs::write(outside.join("secret.txt"), "secret").unwrap();
    std::fs::write(folder.join("own.txt"), "own").unwrap();
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    let name = outside.file_name().unwrap().to_str().unwrap();
    let secret = outside.join("secret.txt");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&secret, folder.join("link.txt")).unwrap();
        std::os::unix::fs::symlink(&outside, folder.join("linked")).unwrap();
        std::os::unix::fs::symlink(folder.join("own.txt"), folder.join("inner.txt")).unwrap();
        assert_eq!(asked(&folder, "/media/inner.txt").code(), 200);
    }
    let paths = [
        format!("/media/../{name}/secret.txt"),
        format!("/media/%2e%2e/{name}/secret.txt"),
        format!("/media/..%2f{name}%2fsecret.txt"),
        format!("/media/..%5c{name}%5csecret.txt"),
        format!("/media/sub/../../{name}/secret.txt"),
        format!("/media/%252e%252e/{name}/secret.txt"),
        format!("/media/{}", secret.display()),
        format!("/media/%2f{}", secret.display()),
        "/media/link.txt".to_owned(),
        "/media/linked/secret.txt".to_owned(),
        "/media/own.txt%00.png".to_owned(),
        "/media/own.txt/".to_owned(),
        "/media/own.txt/x".to_owned(),
        "/media/sub".to_owned(),
        "/media/sub/".to_owned(),
        "/media/".to_owned(),
        "/media/.".to_owned(),
        "/media/%ff".to_owned(),
        format!("/media/{}", "x".repeat(5000)),
    ];
    for path in paths {
        let answer = asked(&folder, &path);
        assert_eq!(answer.code(), 404, "{path}");
        assert!(!answer.text().contains("secret") && !answer.text().contains("own"), "{path}");
    }
}

#[test]
fn files_are_served_only_where_that_is_asked_for_and_to_who_may_ask() {
    let folder = Scratch::new("asked");
    std::fs::write(folder.join("a.txt"), "x").unwrap();
    let with = |change: fn(&mut SiteOptions)| {
        let mut options = serving(&folder);
        change(&mut options);
        get("/media/a.txt").to(&site(options)).code()
    };
    assert_eq!(with(|_| {}), 200);
    assert_eq!(with(|options| options.media.serve = false), 404);
    assert_eq!(with(|options| options.media.root = std::path::PathBuf::new()), 404);
    assert_eq!(with(|options| options.media.url = "https://cdn.example.com/media/".to_owned()), 404);
    assert_eq!(with(|options| options.media.url = "/".to_owned()), 404);
    assert_eq!(with(|options| options.media.url = "media/".to_owned()), 200);
    assert_eq!(with(|options| options.allowed_hosts = vec!["example.com".to_owned()]), 400);
    assert_ne!(ask("POST", "/media/a.txt").to(&site(serving(&folder))).code(), 200);
    assert_eq!(asked(&folder, "/other/").text(), "a view");
}

fn upload(name: &str, bytes: &'static str) -> Arc<dyn UploadedFile> {
    Arc::new(Uploaded::new(name, None, bytes))
}

#[test]
fn a_file_is_kept_whole_under_a_free_name_and_no_other_is_ever_replaced() {
    let folder = Scratch::new("storage");
    let storage = FileSystemStorage::new(&*folder, "/media");
    block_on(async {
        let first = storage.save("up/2024/a.tar.gz", &upload("a.tar.gz", "one"), Some(100)).await.unwrap();
        let second = storage.save("up/2024/a.tar.gz", &upload("a.tar.gz", "two"), Some(100)).await.unwrap();
        assert_eq!(first, "up/2024/a.tar.gz");
        assert!(second.starts_with("up/2024/a_") && second.ends_with(".tar.gz") && second.len() == 24, "{second}");
        assert_eq!(std::fs::read_to_string(folder.join(&first)).unwrap(), "one");
        assert_eq!(std::fs::read_to_string(folder.join(&second)).unwrap(), "two");
        assert_eq!(std::fs::read_dir(folder.join("up/2024")).unwrap().count(), 2);
        assert_eq!(storage.url("up/2024/ä b.txt"), "/media/up/2024/%C3%A4%20b.txt");
        let (body, size) = storage.open(&first).await.unwrap().unwrap();
        assert_eq!((&body.collect().await.unwrap()[..], size), (&b"one"[..], 3));
        assert!(storage.exists(&first).await.unwrap());
        storage.delete(&first).await.unwrap();
        storage.delete(&first).await.unwrap();
        assert!(!storage.exists(&first).await.unwrap());
        assert!(storage.open(&first).await.unwrap().is_none());
    });
}

#[test]
fn requests_at_the_same_time_never_get_the_same_name() {
    let folder = Scratch::new("race");
    let storage = FileSystemStorage::new(&*folder, "/media/");
    let names = block_on(async {
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let storage = storage.clone();
                tokio::spawn(async move { storage.save("a.txt", &upload("a.txt", "x"), None).await.unwrap() })
            })
            .collect();
        let mut names = std::collections::BTreeSet::new();
        for task in tasks {
            names.insert(task.await.unwrap());
        }
        names
    });
    assert_eq!(names.len(), 20);
}

#[test]
fn a_name_that_leads_out_is_refused_by_the_storage_too() {
    let folder = Scratch::new("refused");
    let storage = FileSystemStorage::new(&*folder, "/media/");
    for name in ["../a.txt", "/etc/a.txt", "a/../../b.txt", "a\0b", "", ".."] {
        let refused = block_on(storage.save(name, &upload("a", "x"), None)).unwrap_err();
        assert_eq!(refused.status().as_u16(), 400, "{name:?}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    let short = block_on(storage.save("abc.txt", &upload("a", "x"), Some(3)));
    assert!(short.is_err());
}

#[test]
fn a_fields_folder_follows_the_calendar_of_its_zone() {
    let name = |upload_to, file| generate_filename(upload_to, file, 1_704_164_645, "UTC").ok();
    assert_eq!(name("up/%Y/%m/%d", "a b&c.txt").as_deref(), Some("up/2024/01/02/a_bc.txt"));
    assert_eq!(name("", "C:\\x\\y.txt").as_deref(), Some("y.txt"));
    assert_eq!((name("../up", "a"), name("up", ".."), name("up", "&")), (None, None, None));
}
