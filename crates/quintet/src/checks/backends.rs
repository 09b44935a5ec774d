//! Checks of the authentication backends: a session knows its own by the path alone.

use quintet_core::check::Message;

use crate::Settings;
use crate::settings::Backend;

pub(super) fn backends(settings: &Settings) -> Vec<Message> {
    let mut paths: Vec<&str> = settings.auth.backends.iter().map(Backend::path).collect();
    paths.sort_unstable();
    let repeated = paths.windows(2).filter(|two| two[0] == two[1]);
    let told = repeated.map(|two| {
        let text = format!(
            "Two backends in `auth.backends` have the path `{}`: the first is asked about the sessions of both.",
            two[0]
        );
        Message::error("quintet.E022", text, "Give one of them another `path`, or take it away.")
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{AllowAllUsersModelBackend, Auth, AuthBackend, ModelBackend};

    /// Has a path that was copied.
    struct Copied;

    impl AuthBackend for Copied {
        fn path(&self) -> &str {
            ModelBackend.path()
        }
    }

    #[test]
    fn two_backends_of_one_path_are_an_error() {
        let ids = |backends: Vec<Backend>| {
            let settings = Settings { auth: Auth { backends, ..Auth::default() }, ..Settings::default() };
            backends_of(&settings)
        };
        assert_eq!(ids(vec![ModelBackend.into(), AllowAllUsersModelBackend.into()]), [""; 0]);
        assert_eq!(ids(vec![Copied.into(), AllowAllUsersModelBackend.into(), ModelBackend.into()]), ["quintet.E022"]);
    }

    fn backends_of(settings: &Settings) -> Vec<&'static str> {
        let wanted = crate::checks::Wanted { tags: vec!["security"], ..crate::checks::Wanted::default() };
        let told = crate::checks::selected(settings, &wanted);
        told.iter().map(|message| message.id).filter(|id| id.starts_with("quintet.")).collect()
    }
}
