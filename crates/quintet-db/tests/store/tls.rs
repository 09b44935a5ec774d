//! Encrypted connections to PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use quintet_db::{Connection as _, Database, ErrorKind};

use crate::cluster::Cluster;
use crate::scratch::open;

/// An authority, and a certificate for `localhost` that it signed.
struct Papers(PathBuf);

impl Papers {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(crate::scratch::unique());
        std::fs::create_dir(&folder).expect("a folder");
        let papers = Self(folder);
        papers.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem");
        papers.openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
        std::fs::write(papers.file("names"), "subjectAltName=DNS:localhost\n").expect("written");
        papers.openssl(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem",
        );
        papers
    }

    fn openssl(&self, words: &str) {
        let done = Command::new("openssl").args(words.split(' ')).current_dir(&self.0).output().expect("`openssl`");
        assert!(done.status.success(), "{words}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Papers {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn encrypted(papers: &Papers) -> Option<Cluster> {
    let mut cluster = Cluster::start("")?;
    for name in ["server.pem", "server.key"] {
        cluster.put(name, &std::fs::read(papers.file(name)).expect("a file"));
    }
    cluster.stop();
    let file = |name: &str| cluster.folder.join(name).display().to_string();
    cluster.configure(&format!(
        "ssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'",
        file("server.pem"),
        file("server.key")
    ));
    cluster.resume();
    Some(cluster)
}

fn at(cluster: &Cluster, host: &str, mode: &str, authority: Option<&Path>) -> Database {
    let authority = authority.map(|file| format!("&sslrootcert={}", file.display())).unwrap_or_default();
    let url = cluster.url(&format!("?sslmode={mode}{authority}"));
    open(&url.replacen("127.0.0.1", host, 1))
}

async fn is_encrypted(db: &Database) -> Result<bool, ErrorKind> {
    let rows = db.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]).await;
    rows.map(|rows| rows[0].bool("ssl").unwrap()).map_err(|error| error.kind())
}

#[tokio::test]
async fn each_word_trusts_whom_it_says() {
    let papers = Papers::new();
    let Some(cluster) = encrypted(&papers) else { return };
    let (good, other) = (papers.file("ca.pem"), Papers::new());
    let stranger = other.file("ca.pem");
    for (host, mode, authority, expected) in [
        ("127.0.0.1", "disable", None, Ok(false)),
        ("127.0.0.1", "prefer", None, Ok(true)),
        ("127.0.0.1", "require", None, Ok(true)),
        ("127.0.0.1", "require", Some(&good), Ok(true)),
        ("127.0.0.1", "require", Some(&stranger), Err(ErrorKind::Connection)),
        ("127.0.0.1", "verify-ca", Some(&good), Ok(true)),
        ("127.0.0.1", "verify-ca", Some(&stranger), Err(ErrorKind::Connection)),
        ("127.0.0.1", "verify-full", Some(&good), Err(ErrorKind::Connection)),
        ("localhost", "verify-full", Some(&good), Ok(true)),
        ("localhost", "verify-full", Some(&stranger), Err(ErrorKind::Connection)),
    ] {
        let db = at(&cluster, host, mode, authority.map(PathBuf::as_path));
        assert_eq!(is_encrypted(&db).await, expected, "{host} {mode} {authority:?}");
    }
}

#[tokio::test]
async fn a_server_without_encryption_is_refused_unless_that_is_allowed() {
    let Some(cluster) = Cluster::start("") else { return };
    assert_eq!(is_encrypted(&at(&cluster, "127.0.0.1", "prefer", None)).await, Ok(false));
    let error = at(&cluster, "127.0.0.1", "require", None).query("SELECT 1", &[]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.message().contains("TLS"), "{error}");
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_is_cancelled_through_encryption_too() {
    let papers = Papers::new();
    let Some(cluster) = encrypted(&papers) else { return };
    let db = at(&cluster, "localhost", "verify-full", Some(&papers.file("ca.pem")));
    let long = db.query("SELECT pg_sleep(60)", &[]);
    assert!(tokio::time::timeout(Duration::from_millis(200), long).await.is_err());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let sql = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()";
    assert!(db.query(sql, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_of_authorities_that_is_not_there_is_named() {
    let Some(cluster) = Cluster::start("") else { return };
    let error =
        at(&cluster, "localhost", "verify-full", Some(Path::new("/no/such/ca.pem"))).query("SELECT 1", &[]).await;
    let error = error.unwrap_err();
    assert!(error.message().contains("/no/such/ca.pem") && error.hint().unwrap().contains("sslrootcert"), "{error}");
}
