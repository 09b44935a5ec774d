//! A site that misbehaves on demand, for the end-to-end tests: slow, panicking, failing, reading what it is sent.
//!
//! Variables stand for the settings that the tests turn; without them each is the framework's own default.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use quintet::App;
use quintet::check::Message;
use quintet::http::Disposition;
use quintet::manage::{ArgMatches, Checks, Command, CommandError, Context};
use quintet::prelude::*;
use quintet::serializers::Data;
use quintet::settings::*;

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        debug: env.flag("DEBUG", false),
        allowed_hosts: vec!["localhost".into(), "127.0.0.1".into(), "[::1]".into()],
        installed_apps: vec![app(env.flag("WARNING", false))],
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        urls,
        silenced_system_checks: env.list("SILENCED", &[]),
        cors: Cors {
            allow_all_origins: env.flag("CORS_ALLOW_ALL_ORIGINS", false),
            allow_credentials: env.flag("CORS_ALLOW_CREDENTIALS", false),
            ..Cors::default()
        },
        server: server(env),
        media_root: env.text::<String>("MEDIA", "").into(),
        http: Http {
            file_upload_temp_dir: Some(env.text::<String>("TEMPORARY", "/tmp").into()),
            file_upload_max_memory_size: env.parsed("FILE_MEMORY", 2_621_440),
            ..Http::default()
        },
        ..Settings::default()
    }
}

fn server(env: &Env) -> Server {
    let usual = Server::default();
    let milliseconds = |name: &str, usual: Duration| {
        let usual = u64::try_from(usual.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(env.parsed(name, usual))
    };
    Server {
        livez: env.text("LIVEZ", &usual.livez),
        readyz: env.text("READYZ", &usual.readyz),
        max_header_bytes: env.parsed("MAX_HEADER_BYTES", usual.max_header_bytes),
        max_headers: env.parsed("MAX_HEADERS", usual.max_headers),
        max_body_bytes: env.parsed("MAX_BODY_BYTES", usual.max_body_bytes),
        header_timeout: milliseconds("HEADER_MILLISECONDS", usual.header_timeout),
        body_timeout: milliseconds("BODY_MILLISECONDS", usual.body_timeout),
        body_rate: env.parsed("BODY_RATE", usual.body_rate),
        write_timeout: milliseconds("WRITE_MILLISECONDS", usual.write_timeout),
        keep_alive_timeout: milliseconds("KEEP_ALIVE_MILLISECONDS", usual.keep_alive_timeout),
        max_connections: env.parsed("MAX_CONNECTIONS", usual.max_connections),
        shutdown_grace: milliseconds("GRACE_MILLISECONDS", usual.shutdown_grace),
        trusted_proxies: env.parsed("TRUSTED_PROXIES", usual.trusted_proxies),
        request_id_header: env.text("REQUEST_ID_HEADER", &usual.request_id_header),
    }
}

fn urls() -> Urls {
    urls![
        path("json/", get(hello), name = "hello"),
        path("slow/<int:milliseconds>/", get(slow)),
        path("block/<int:milliseconds>/", get(block)),
        path("panic/", get(panics)),
        path("fail/", get(fails)),
        path("length/", post(length)),
        path("large/<int:bytes>/", get(large)),
        path("said/<str:x>/", get(said)),
        path("client/", get(client)),
        path("keep/", api_view(post(keep)).permissions(AllowAny)),
        path("download/", get(download)),
    ]
}

async fn hello(_: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "message": "Hello, World!" })))
}

async fn slow(request: &Request) -> Result<Response> {
    let milliseconds: u64 = request.param("milliseconds")?;
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    Ok(Response::json(&json!({ "slept": milliseconds })))
}

/// What no view should do: its thread does nothing else meanwhile.
async fn block(request: &Request) -> Result<Response> {
    let milliseconds: u64 = request.param("milliseconds")?;
    std::thread::sleep(Duration::from_millis(milliseconds));
    Ok(Response::json(&json!({ "blocked": milliseconds })))
}

async fn panics(_: &Request) -> Result<Response> {
    panic!("a view of the tests panics")
}

async fn fails(_: &Request) -> Result<Response> {
    let _: u8 = "x".parse()?;
    Ok(Response::text("never"))
}

async fn length(request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "length": request.bytes().await?.len() })))
}

async fn large(request: &Request) -> Result<Response> {
    let bytes: usize = request.param("bytes")?;
    Ok(Response::text("x".repeat(bytes)))
}

async fn said(request: &Request) -> Result<Response> {
    let x: String = request.param("x")?;
    Ok(Response::json(&json!({ "x": x })))
}

async fn client(request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "ip": request.client_ip().map(|ip| ip.to_string()), "scheme": request.scheme() })))
}

/// Keeps the files of a form.
async fn keep(request: &Request) -> Result<Response> {
    let (data, storage) = (request.data().await?, request.storage()?);
    let mut names = vec![];
    if let Data::Form(form) = &*data {
        for file in form.files.iter() {
            names.push(storage.save(file.name(), file, None).await?);
        }
    }
    Ok(Response::json(&names))
}

/// Offers a file of the name that is asked for.
async fn download(request: &Request) -> Result<Response> {
    let name = request.query()?.get("name").unwrap_or_default().to_owned();
    Ok(Response::file("what it has", &name, Disposition::Attachment))
}

fn app(warns: bool) -> App {
    let checks: Vec<fn(&Settings) -> Vec<Message>> = if warns { vec![warning] } else { vec![] };
    App {
        label: "faulty",
        source: file!(),
        module: module_path!(),
        models: vec![],
        migrations: None,
        urls: None,
        commands: vec![DOOMED],
        checks,
        signals: vec![],
        managers: vec![],
    }
}

fn warning(_: &Settings) -> Vec<Message> {
    vec![Message::warning("faulty.W001", "Something is odd.", "Unset `WARNING`.")]
}

const DOOMED: Command = Command {
    name: "doomed",
    about: "Fail for a reason that has reasons",
    args: |command| command,
    checks: Checks::Configured,
    run: doomed,
};

fn doomed(_: &Context<'_>, _: &ArgMatches) -> Result<(), CommandError> {
    Err(CommandError::because(
        "the plan failed",
        Reason("no bread", Some(&Reason("no flour", Some(&Reason("no rain", None))))),
    )
    .with_hint("wait for rain"))
}

/// A reason, and the reason for it.
#[derive(Debug)]
struct Reason(&'static str, Option<&'static Reason>);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Reason {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.map(|reason| reason as &(dyn Error + 'static))
    }
}
