//! A client of a project's site, in the same process: middleware and routes as in the server, but no socket.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use quintet_db::{Database, Databases};
use quintet_web::http::Method;
use quintet_web::mail::{EmailBackend, EmailMessage};
use quintet_web::rest::ForcedUser;
use quintet_web::urls::Urls;
use quintet_web::{App as SiteApp, Site, SiteOptions};

use super::cookies::Jar;
use super::database::{self, TestDatabases};
use super::scratch::Scratch;
use super::{TestData, TestRequest, answer_with, command_with};
use crate::manage::Captured;
use crate::settings::{self, Env, Project, Settings};

/// A client of a project's site. A clone is another client of the same site, with the cookies that this one has so far.
///
/// A request is sent when it is awaited: `client.get("/notes/").await`.
pub struct Client {
    pub(super) app: SiteApp,
    pub(super) settings: Arc<Settings>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) user: Option<ForcedUser>,
    pub(super) is_https: bool,
    pub(super) enforces_csrf: bool,
    pub(super) jar: Arc<Mutex<Jar>>,
    pub(super) databases: Arc<Databases>,
    pub(super) own: Own,
}

/// What goes with the last client of a site.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    pub(super) databases: Option<Arc<TestDatabases>>,
    /// Whether there is none that could be asked.
    has_none: bool,
    _media: Option<Arc<Scratch>>,
}

impl Client {
    /// A client of the site that a project's settings describe, with DEBUG off, as in production. A checkout without a
    /// `.env` file is tested as well: its secret key is a fixed one.
    ///
    /// There is no database: a test that needs one says so, by [`Client::with_database`]. Uploaded files go into a folder
    /// that is gone with the client.
    ///
    /// # Panics
    /// Where the settings are wrong; the panic says what and how to put it right.
    #[track_caller]
    pub fn new(settings: fn(&Env) -> Settings) -> Self {
        Self::without_database(loaded(settings))
    }

    /// The same with other routes: for an app's own tests.
    ///
    /// # Panics
    /// As [`Client::new`].
    #[track_caller]
    pub fn with_urls(settings: fn(&Env) -> Settings, urls: fn() -> Urls) -> Self {
        Self::without_database(Settings { urls, ..loaded(settings) })
    }

    /// The same with databases of this test alone: all tables are there, and no rows but those that migrations write.
    /// They are gone with the last clone of this client, whether the test ends well or not.
    ///
    /// Of which kind they are, the settings say, or the variable `TEST_DATABASE_URL`. The databases of the settings are
    /// not touched.
    ///
    /// # Panics
    /// As [`Client::new`], and where a migration fails or the server cannot be asked.
    #[track_caller]
    pub fn with_database(settings: fn(&Env) -> Settings) -> Self {
        let mut loaded = loaded(settings);
        match database::make(settings, &mut loaded) {
            Ok(made) => {
                let media = scratch_media(&mut loaded);
                Self::built(loaded, Own { databases: Some(Arc::new(made)), has_none: false, _media: media })
            }
            Err(problem) => panic!("{problem}"),
        }
    }

    /// A client of the site that settings describe, as they are, with their databases; the host `testserver` is allowed.
    ///
    /// # Panics
    /// Where the site cannot be built from them.
    #[track_caller]
    pub fn of(settings: Settings) -> Self {
        Self::built(settings, Own::default())
    }

    #[track_caller]
    fn without_database(mut settings: Settings) -> Self {
        database::none(&mut settings);
        let media = scratch_media(&mut settings);
        Self::built(settings, Own { databases: None, has_none: true, _media: media })
    }

    #[track_caller]
    pub(super) fn built(mut settings: Settings, own: Own) -> Self {
        if !settings.allowed_hosts.iter().any(|host| host == "testserver") {
            settings.allowed_hosts.push("testserver".to_owned());
        }
        // A test writes to nobody.
        if !matches!(settings.email.backend, EmailBackend::Own(_)) {
            settings.email.backend = EmailBackend::Memory;
        }
        match site(&settings) {
            Ok((app, databases)) => Self {
                app,
                settings: Arc::new(settings),
                headers: vec![("host".to_owned(), "testserver".to_owned())],
                user: None,
                is_https: false,
                enforces_csrf: false,
                jar: Arc::default(),
                databases,
                own,
            },
            Err(problem) => panic!("the site cannot be built: {problem}"),
        }
    }

    /// Runs a command of the project on the databases of this client: the exit code, and what it printed.
    pub fn call_command(&self, args: &[&str]) -> (u8, Captured) {
        command_with(&self.settings, args)
    }

    /// The same for a command that asks: it is answered with these lines.
    pub fn answer_command(&self, args: &[&str], lines: &str) -> (u8, Captured) {
        answer_with(&self.settings, args, lines)
    }

    /// The messages that the site has sent so far, those that are sent beside requests too. They reach nobody.
    pub async fn outbox(&self) -> Vec<EmailMessage> {
        let mailer = self.app.site().mailer();
        mailer.idle().await;
        mailer.outbox()
    }

    /// The value of a cookie that the client keeps.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(name).map(str::to_owned)
    }

    /// The database of the site: what a test writes there, its requests read.
    pub fn db(&self) -> &Database {
        self.databases.default_database()
    }

    /// Another database of the site, by its name in the settings.
    ///
    /// # Panics
    /// Where there is none.
    #[track_caller]
    pub fn using(&self, name: &str) -> &Database {
        self.databases.get(name).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The settings of the site, as the test has them.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// `GET`.
    #[track_caller]
    pub fn get(&self, path: &str) -> TestRequest {
        self.request(Method::GET, path, ())
    }

    /// `HEAD`.
    #[track_caller]
    pub fn head(&self, path: &str) -> TestRequest {
        self.request(Method::HEAD, path, ())
    }

    /// `OPTIONS`.
    #[track_caller]
    pub fn options(&self, path: &str) -> TestRequest {
        self.request(Method::OPTIONS, path, ())
    }

    /// `DELETE`.
    #[track_caller]
    pub fn delete(&self, path: &str) -> TestRequest {
        self.request(Method::DELETE, path, ())
    }

    /// `POST` of data: `json!({..})` in the default format, [`TestData`], or `()` for none.
    #[track_caller]
    pub fn post(&self, path: &str, data: impl Into<TestData>) -> TestRequest {
        self.request(Method::POST, path, data)
    }

    /// `PUT`, as [`Client::post`].
    #[track_caller]
    pub fn put(&self, path: &str, data: impl Into<TestData>) -> TestRequest {
        self.request(Method::PUT, path, data)
    }

    /// `PATCH`, as [`Client::post`].
    #[track_caller]
    pub fn patch(&self, path: &str, data: impl Into<TestData>) -> TestRequest {
        self.request(Method::PATCH, path, data)
    }

    /// Any method, with data.
    #[track_caller]
    pub fn request(&self, method: Method, path: &str, data: impl Into<TestData>) -> TestRequest {
        TestRequest::new(self.shared(), method, path, data.into())
    }

    /// Any method with any bytes, of which nothing is said.
    #[track_caller]
    pub fn send(&self, method: Method, path: &str, body: impl Into<Bytes>) -> TestRequest {
        self.request(method, path, TestData::bare(body.into()))
    }

    pub(super) fn jar(&self) -> MutexGuard<'_, Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Errors, with the way out where a test asks for a database that it did not order.
    pub(super) fn hinted(&self, mut errors: Vec<String>) -> Vec<String> {
        for error in &mut errors {
            if self.own.has_none && error.contains("no such table") {
                error.push_str("\nhint: a test that needs tables makes its client by `Client::with_database`");
            }
        }
        errors
    }

    /// This client, cookies and all.
    fn shared(&self) -> Self {
        Self {
            app: self.app.clone(),
            settings: Arc::clone(&self.settings),
            headers: self.headers.clone(),
            user: self.user.clone(),
            is_https: self.is_https,
            enforces_csrf: self.enforces_csrf,
            jar: Arc::clone(&self.jar),
            databases: Arc::clone(&self.databases),
            own: self.own.clone(),
        }
    }
}

impl Clone for Client {
    fn clone(&self) -> Self {
        let jar = self.jar().clone();
        Self { jar: Arc::new(Mutex::new(jar)), ..self.shared() }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({:?})", self.db())
    }
}

/// The site, and the databases that its requests ask.
fn site(settings: &Settings) -> Result<(SiteApp, Arc<Databases>), String> {
    let databases = Arc::new(crate::databases(settings)?);
    let options = SiteOptions { databases: Some(Arc::clone(&databases)), ..settings.site_options() };
    let site = Site::build(options).map_err(|bad| bad.to_string())?;
    Ok((SiteApp::new(site), databases))
}

/// Points uploads to a folder of the client's own, which is made when one comes.
fn scratch_media(settings: &mut Settings) -> Option<Arc<Scratch>> {
    if settings.media_root.as_os_str().is_empty() || settings.default_storage.is_some() {
        return None;
    }
    let scratch = Scratch::reserved();
    settings.media_root = scratch.path().to_owned();
    Some(Arc::new(scratch))
}

#[track_caller]
fn loaded(project: fn(&Env) -> Settings) -> Settings {
    let loaded = settings::load(&Project::in_test(project));
    let problems: Vec<String> = loaded.problems.iter().map(|(what, hint)| format!("{what}; {hint}")).collect();
    assert!(problems.is_empty(), "the settings are wrong: {}", problems.join("\n"));
    Settings { debug: false, ..loaded.settings }
}
