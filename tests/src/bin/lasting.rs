//! A project that writes and asks as hard as it can, for the tests of what lasts: processes that are killed, servers that
//! go away, clients that leave.
//!
//! The tables are `lone (id)` and `part (id, number, whole)`: rows by themselves, and rows that belong together.

use quintet::App;
use quintet::manage::{ArgMatches, Checks, Command, CommandError, Context};
use quintet::prelude::*;
use quintet::settings::*;
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;
use quintet_tests::writing::{self, WRITERS};

fn main() -> quintet::ExitCode {
    quintet::manage(settings)
}

fn settings(env: &Env) -> Settings {
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        allowed_hosts: vec!["localhost".into()],
        installed_apps: vec![app()],
        database: env.database("DATABASE_URL", "sqlite::memory:"),
        urls,
        ..Settings::default()
    }
}

fn app() -> App {
    App {
        label: "lasting",
        source: file!(),
        module: module_path!(),
        models: vec![],
        migrations: None,
        urls: None,
        commands: vec![WRITE],
        checks: vec![],
        signals: vec![],
        managers: vec![],
    }
}

/// Writes without end, and says each number whose rows are kept.
const WRITE: Command = Command {
    name: "write",
    about: "Write rows until somebody ends it",
    args: |command| command,
    checks: Checks::Configured,
    run: write,
};

fn write(context: &Context<'_>, _: &ArgMatches) -> Result<(), CommandError> {
    let db = quintet::database(&context.settings).map_err(CommandError::new)?;
    let from: i64 = std::env::var("FROM").ok().and_then(|from| from.parse().ok()).unwrap_or_default();
    context.block_on(async {
        let writers: Vec<_> = (0..WRITERS).map(|writer| tokio::spawn(write_on(db.clone(), from, writer))).collect();
        for writer in writers {
            writer.await.expect("a writer without end");
        }
    })
}

async fn write_on(db: Database, from: i64, writer: i64) {
    for id in (from + writer..).step_by(usize::try_from(WRITERS).unwrap_or(1)) {
        writing::keep(&db, writer, id).await.expect("written");
        // A whole line at once: whoever reads it may end this process at any time.
        std::io::Write::write_all(&mut std::io::stdout(), format!("{id}\n").as_bytes()).expect("a reader");
    }
}

fn urls() -> Urls {
    urls![
        path("add/<int:id>/", get(add)),
        path("count/", get(count)),
        path("slow/", get(slow)),
        path("slow/shared/", get(slow_shared)),
        path("pause/<int:milliseconds>/", get(pause)),
        path("held/", get(held)),
        path("held/slow/", get(held_slow)),
    ]
}

async fn add(request: &Request) -> Result<Response> {
    let id: i64 = request.param("id")?;
    writing::add(Db::from(request), id).await?;
    Ok(Response::text("kept"))
}

async fn count(request: &Request) -> Result<Response> {
    let rows = Db::from(request).query("SELECT count(*) AS n FROM lone", &[]).await?;
    Ok(Response::text(rows[0].int("n")?.to_string()))
}

/// A question that is not answered before the tests are over.
fn long(request: &Request) -> &'static str {
    match Db::from(request).dialect() {
        Dialect::Postgres => "SELECT pg_sleep(300)",
        Dialect::Sqlite => {
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000000) \
             SELECT count(*) FROM n"
        }
    }
}

async fn slow(request: &Request) -> Result<Response> {
    Db::from(request).query(long(request), &[]).await?;
    Ok(Response::text("never"))
}

/// As the queries of models ask: perhaps on a connection that others use too.
async fn slow_shared(request: &Request) -> Result<Response> {
    Db::from(request).connection().read(long(request), vec![]).await?;
    Ok(Response::text("never"))
}

async fn pause(request: &Request) -> Result<Response> {
    let milliseconds: i64 = request.param("milliseconds")?;
    Db::from(request).query("SELECT pg_sleep($1 / 1000.0)", &[Value::Int(milliseconds)]).await?;
    Ok(Response::text("paused"))
}

/// A row in a transaction that never ends by itself.
async fn held(request: &Request) -> Result<Response> {
    let transaction = Db::from(request).transaction().await?;
    writing::add(Db::from(&transaction), -1).await?;
    std::future::pending::<()>().await;
    transaction.commit().await?;
    Ok(Response::text("never"))
}

async fn held_slow(request: &Request) -> Result<Response> {
    let transaction = Db::from(request).transaction().await?;
    writing::add(Db::from(&transaction), -1).await?;
    Db::from(&transaction).query(long(request), &[]).await?;
    transaction.commit().await?;
    Ok(Response::text("never"))
}
