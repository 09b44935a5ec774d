//! Checks of the settings of caches.

use quintet_core::check::Message;

use crate::Settings;

/// The cache that is meant where none is named.
const DEFAULT: &str = "default";

pub(super) fn caches(settings: &Settings) -> Vec<Message> {
    if settings.caches.contains_key(DEFAULT) {
        return vec![];
    }
    let hint = "Add `(\"default\".to_owned(), env.cache(\"CACHE_URL\", \"memory://\"))` to `caches`.";
    vec![Message::error("caches.E001", "There is no cache `default`, which is meant where none is named.", hint)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_must_be_a_default_cache() {
        let mut settings = Settings::default();
        assert_eq!(caches(&settings).len(), 0);
        let default = settings.caches.remove(DEFAULT).expect("there is one");
        settings.caches.insert("other".to_owned(), default);
        assert_eq!(caches(&settings)[0].id, "caches.E001");
    }
}
