//! The client of sites that need no database.

use super::*;

fn settings(_: &Env) -> Settings {
    Settings { debug: true, ..Settings::default() }
}

#[test]
fn the_test_client_switches_debug_off() {
    let missing = |client: Client| block_on(async move { client.get("/nope/").await.text() });
    assert!(missing(Client::new(settings)).contains("<title>Not Found</title>"));
    let developers = Client::of(Settings { debug: true, ..Settings::default() });
    assert!(missing(developers).contains("DEBUG"), "`of` takes the settings as they are");
}

#[test]
fn a_project_that_names_no_middleware_has_the_safe_ones() {
    let answer = block_on(async { Client::of(Settings::default()).get("/nope/").await });
    let headers = ["x-frame-options", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy"];
    assert_eq!(headers.map(|name| answer.header(name).is_some()), [true; 4], "{:?}", answer.headers());
    let bare = Settings { middleware: vec![], ..Settings::default() };
    let answer = block_on(async move { Client::of(bare).get("/nope/").await });
    assert_eq!(headers.map(|name| answer.header(name).is_some()), [false; 4], "{:?}", answer.headers());
}

#[test]
fn a_command_can_be_called_in_a_test() {
    let (code, said) = call_command(settings, &["check", "--tag", "urls"]);
    assert_eq!((code, said.err().as_str()), (0, ""));
    assert!(said.out().contains("no issues"), "{}", said.out());
    let (code, said) = call_command(settings, &["nope"]);
    assert_eq!(code, 1);
    assert!(said.err().contains("unknown command `nope`"), "{}", said.err());
}
