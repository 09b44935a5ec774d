//! The commands about users and tokens, as a terminal sees them.

use quintet::apps::auth::models::User;
use quintet::apps::token_blacklist::models::OutstandingToken;
use quintet::models::utc_now;
use quintet::prelude::*;
use quintet::settings::{
    Auth, EmailBackend, EmailSettings, Env, PasswordHasher, PasswordValidator, Settings, SimpleJwt,
};
use quintet::testing::{answer_command, block_on, call_command};

use crate::harness::{apps, settings};
use crate::scratch::Scratch;

std::thread_local! {
    static URL: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

fn project(_: &Env) -> Settings {
    let mut settings = settings(&URL.with_borrow(String::clone), apps());
    settings.auth.password_hashers = vec![PasswordHasher::Md5];
    settings.auth.password_validators = PasswordValidator::usual();
    settings
}

/// A database with all tables, and the folder that it is in.
fn migrated() -> (Database, Scratch) {
    let scratch = Scratch::new();
    URL.set(scratch.url());
    let (code, said) = call_command(project, &["migrate"]);
    assert_eq!(code, 0, "{}", said.err());
    (quintet::database(&project(&Env::default())).expect("a database"), scratch)
}

fn password_of(db: &Database, name: &str) -> Option<String> {
    let found = User::objects().filter(|u| u.username().eq(name)).first(db);
    block_on(found).expect("asked").map(|user| user.user.base.password)
}

#[test]
fn a_superuser_is_made_in_a_dialogue() {
    let (db, _scratch) = migrated();
    let lines = "no spaces!\nadmin\nnowhere\nAdmin@Example.COM\nSecret-pass-1\nother\n  \n  \n12345678\n12345678\nn\n\
        Secret-pass-1\nSecret-pass-1\n";
    let (code, said) = answer_command(project, &["createsuperuser"], lines);
    assert_eq!(code, 0, "{}", said.err());
    assert!(said.out().ends_with("Superuser created successfully.\n"), "{}", said.out());
    for wanted in [
        "Error: Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
        "Error: Enter a valid email address.",
        "Error: Your passwords didn't match.",
        "Error: Blank passwords aren't allowed.",
        "This password is too common.\nThis password is entirely numeric.",
    ] {
        assert!(said.err().contains(wanted), "{wanted}: {}", said.err());
    }
    let root = User::objects().filter(|u| u.username().eq("admin"));
    let root = block_on(async { root.get(&db).await }).expect("the superuser");
    assert!(root.user.permissions.is_superuser && root.is_staff);
    assert_eq!(root.email.to_string(), "Admin@example.com");
    let (code, said) =
        call_command(project, &["createsuperuser", "--noinput", "--username", "admin", "--email", "a@b.example"]);
    assert_eq!((code, said.err().as_str()), (1, "error: Error: That username is already taken.\n"));
}

#[test]
fn without_a_terminal_no_superuser_is_made_and_that_is_no_failure() {
    let (db, _scratch) = migrated();
    let (code, said) = call_command(project, &["createsuperuser"]);
    assert_eq!((code, said.err().as_str()), (0, ""));
    assert!(said.out().starts_with("Superuser creation skipped due to not running in a TTY."), "{}", said.out());
    let (code, said) = call_command(project, &["createsuperuser", "--noinput"]);
    assert_eq!((code, said.err().as_str()), (1, "error: You must use --username with --noinput.\n"));
    let made = ["createsuperuser", "--noinput", "--username", "one", "--email", "one@b.example"];
    assert_eq!(call_command(project, &made).0, 0);
    assert!(password_of(&db, "one").expect("somebody").starts_with('!'), "nobody knows its password");
}

#[test]
fn a_password_is_changed_by_typing_it_twice() {
    let (db, _scratch) = migrated();
    let made = ["createsuperuser", "--noinput", "--username", "one", "--email", "one@b.example"];
    assert_eq!(call_command(project, &made).0, 0);
    let (code, said) =
        answer_command(project, &["changepassword", "one"], "a\nb\nshort\nshort\nSecret-pass-1\nSecret-pass-1\n");
    assert_eq!(code, 0, "{}", said.err());
    let wanted = "Changing password for user 'one'\nPasswords do not match. Please try again.\n\
        Password changed successfully for user 'one'\n";
    assert_eq!(said.out(), wanted);
    assert!(password_of(&db, "one").expect("somebody").starts_with("md5$"));
    let (code, said) = answer_command(project, &["changepassword", "one"], "a\nb\na\nb\na\nb\n");
    assert_eq!(code, 1);
    assert!(said.err().contains("Aborting password change for user 'one' after 3 attempts"), "{}", said.err());
    let (code, said) = call_command(project, &["changepassword", "nobody"]);
    assert_eq!((code, said.err().as_str()), (1, "error: user 'nobody' does not exist\n"));
    assert_eq!(call_command(project, &["changepassword", "a", "b"]).0, 2);
}

#[test]
fn tokens_whose_time_is_over_are_deleted() {
    let (db, _scratch) = migrated();
    let now = utc_now();
    block_on(async {
        for (jti, days) in [("old", -1), ("new", 1)] {
            let day = std::time::Duration::from_secs(86_400);
            let end = if days > 0 { now + day } else { now - day };
            create!(&db, OutstandingToken { jti, token: "x", expires_at: end }).await.expect("a row");
        }
    });
    let (code, said) = call_command(project, &["flushexpiredtokens"]);
    assert_eq!((code, said.out(), said.err()), (0, String::new(), String::new()));
    let left = block_on(async { OutstandingToken::objects().values(|t| t.jti()).all(&db).await });
    assert_eq!(left.expect("rows"), ["new"]);
}

std::thread_local! {
    static MAILS: std::cell::RefCell<std::path::PathBuf> = const { std::cell::RefCell::new(std::path::PathBuf::new()) };
}

fn mailing(_: &Env) -> Settings {
    Settings {
        email: EmailSettings {
            backend: EmailBackend::File,
            file_path: Some(MAILS.with_borrow(Clone::clone)),
            admins: vec![("Ann".into(), "ann@example.com".into())],
            managers: vec![],
            ..EmailSettings::default()
        },
        secret_key: crate::harness::SECRET.into(),
        ..Settings::default()
    }
}

#[test]
fn sendtestemail_writes_to_who_is_named_and_to_admins_and_managers() {
    let scratch = Scratch::new();
    let folder = scratch.0.join("mails");
    MAILS.set(folder.clone());
    let (code, said) = call_command(mailing, &["sendtestemail"]);
    assert_eq!(code, 2, "{}", said.err());
    assert!(said.err().contains("nobody to write to") && said.err().contains("hint: "), "{}", said.err());
    assert!(!folder.exists());

    let (code, said) = call_command(mailing, &["sendtestemail", "eve@example.com", "bob@example.com", "--admins"]);
    assert_eq!((code, said.err().as_str()), (0, ""), "{}", said.out());
    let files = std::fs::read_dir(&folder).expect("a folder").flatten();
    let mut texts: Vec<String> = files.map(|file| std::fs::read_to_string(file.path()).expect("a file")).collect();
    texts.sort_by_key(|text| text.contains("site admins"));
    assert_eq!(texts.len(), 2);
    assert!(texts[0].contains("\nTo: eve@example.com, bob@example.com\n"), "{}", texts[0]);
    assert!(texts[0].contains("\n\nIf you're reading this, it was successful.\n"), "{}", texts[0]);
    assert!(texts[1].contains("\nSubject: [Django] Test email from "), "{}", texts[1]);
    assert!(texts[1].contains("\nFrom: root@localhost\nTo: ann@example.com\n"), "{}", texts[1]);

    let (code, said) = call_command(mailing, &["sendtestemail", "--managers"]);
    assert_eq!(code, 0);
    assert!(said.err().contains("nothing was sent"), "{}", said.err());
    let (code, said) = call_command(mailing, &["sendtestemail", "nowhere at all"]);
    assert_eq!(code, 0, "an address is looked at by who delivers: {}", said.err());
}

#[test]
fn diffsettings_hides_what_sounds_like_a_secret_and_not_its_whole_section() {
    let (code, said) = call_command(
        |_| Settings {
            secret_key: "kept to itself".into(),
            auth: Auth { frontend_origin: "https://app.example.com".to_owned(), ..Auth::default() },
            simple_jwt: SimpleJwt { revoke_token_claim: "kept as well".to_owned(), ..SimpleJwt::default() },
            ..Settings::default()
        },
        &["diffsettings"],
    );
    assert_eq!(code, 0, "{}", said.err());
    let listed = said.out();
    assert!(listed.contains("auth.frontend_origin = \"https://app.example.com\"\n"), "{listed}");
    assert!(listed.contains("simple_jwt.revoke_token_claim = \"****\"\n") && !listed.contains("kept"), "{listed}");
}
