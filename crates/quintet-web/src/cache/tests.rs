//! Keys as backends are given them. What backends promise is tested by the programs that share them.

use super::*;

#[test]
fn a_key_is_the_prefix_the_version_and_the_key() {
    let backend: Arc<dyn CacheBackend> = Arc::new(dummy::Dummy);
    let made = Made { backend, key_prefix: "site".to_owned(), version: 1, timeout: None };
    let cache = Cache { made: &made, by: None, version: 1 };
    assert_eq!(cache.key("a b"), "site:1:a b");
    assert_eq!(cache.with_version(2).key("a b"), "site:2:a b");
}

#[test]
fn a_key_that_a_backend_would_refuse_is_kept_by_its_digest() {
    let long = |end: &str| fitted(format!(":1:{}{end}", "é".repeat(300)));
    assert!(long("a").len() <= KEY_BYTES && long("a") != long("b"));
    assert_eq!(fitted(":1:a\0b".to_owned()), ":1:a_b:abe7ef6da14e2f253972f937d561c4a7");
    assert_ne!(fitted(":1:a\0b".to_owned()), fitted(":1:a\nb".to_owned()));
}

#[test]
fn a_cache_that_is_not_there_is_told_with_those_that_are() {
    let clock = Clock::new(|| std::time::SystemTime::UNIX_EPOCH, || Duration::ZERO);
    let caches = Caches::build(&default_caches(), None, &clock).expect("caches");
    let error = caches.get("session", None).expect_err("there is none");
    assert!(error.to_string().contains("`session`") && error.to_string().contains("`default`"), "{error}");
}

#[cfg(not(feature = "redis"))]
#[test]
fn redis_without_its_feature_is_told() {
    let clock = Clock::new(|| std::time::SystemTime::UNIX_EPOCH, || Duration::ZERO);
    let settings = [("default".to_owned(), CacheSettings::parse("redis://:hush@h").expect("a URL"))].into();
    let problems = Caches::build(&settings, None, &clock).err().expect("a problem");
    assert!(problems[0].contains("features = [\"redis\"]") && !problems[0].contains("hush"), "{problems:?}");
}
