//! `OPTIONS` of generic views: the fields of what this client may do.

use crate::harness::each;

#[test]
fn actions_are_told_to_those_who_may_use_them() {
    each(async |notes| {
        let nobody = notes.by("").options("/api/notes/").await.json();
        assert_eq!((nobody["name"].as_str(), nobody.get("actions")), (Some("Note List"), None));
        let ana = notes.by("ana").options("/api/notes/").await.json();
        let title = r#"{"type":"string","required":true,"read_only":false,"label":"Title","max_length":20}"#;
        assert_eq!(ana["actions"]["POST"]["title"].to_string(), title);
        let names: Vec<&String> = ana["actions"]["POST"].as_object().expect("fields").keys().collect();
        assert_eq!(names, ["id", "title", "archived", "owner"]);
    });
}

#[test]
fn the_row_of_a_change_must_be_there_and_given() {
    each(async |notes| {
        let has = async |user: &str, path: &str| {
            let told = notes.by(user).options(path).await.json();
            told["actions"].get("PUT").is_some()
        };
        assert!(has("root", "/api/notes/1/").await);
        assert!(!has("root", "/api/notes/99/").await);
        assert!(!has("ana", "/api/notes/1/").await, "ana may not change notes");
        assert!(has("ana", "/own/1/").await);
        assert!(!has("boris", "/own/1/").await, "the note is not his");
    });
}
