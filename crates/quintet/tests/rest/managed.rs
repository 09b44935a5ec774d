//! Managers: relations that lead to many rows begin where they say, on rows and in answers.

use std::sync::atomic::{AtomicU32, Ordering};

use quintet::migrations::{Migration, Operation};
use quintet::prelude::*;
use quintet::registry::project_state;
use quintet::settings::{DatabaseUrl, Settings};
use quintet::testing::Client;
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, forwards};
use quintet_db::Connection as _;

use crate::scratch::Scratch;

quintet::app! { blog, models = [Label, Post, Comment, Cover], urls = urls }

/// Of rows with a field `hidden`, those that are not.
pub struct Shown;

macro_rules! shown {
    ($($model:ident),*) => {
        $(impl Manager<$model> for Shown {
            fn objects() -> QuerySet<$model> {
                $model::all_objects().filter(|row| row.hidden().eq(false))
            }
        })*
    };
}

shown! { Label, Comment, Cover, Post }

#[derive(Model, Debug, Clone)]
#[model(manager = Shown)]
pub struct Label {
    pub id: BigAuto,
    #[field(max_length = 20)]
    pub name: String,
    #[field(default = false)]
    pub hidden: bool,
}

#[derive(Model, Debug, Clone)]
#[model(manager = Shown)]
pub struct Post {
    pub id: BigAuto,
    #[field(max_length = 20)]
    pub title: String,
    #[field(default = false)]
    pub hidden: bool,
    #[field(blank, related_name = "posts")]
    pub labels: ManyToMany<Label>,
}

#[derive(Model, Debug, Clone)]
#[model(manager = Shown, ordering = ["id"])]
pub struct Comment {
    pub id: BigAuto,
    #[field(max_length = 20)]
    pub text: String,
    #[field(default = false)]
    pub hidden: bool,
    #[field(on_delete = cascade, related_name = "comments")]
    pub post: ForeignKey<Post>,
}

#[derive(Model, Debug, Clone)]
#[model(manager = Shown)]
pub struct Cover {
    pub id: BigAuto,
    #[field(default = true)]
    pub hidden: bool,
    #[field(on_delete = cascade, related_name = "cover")]
    pub post: OneToOne<Post>,
}

#[derive(Serializer)]
#[serializer(model = Comment, fields(text))]
pub struct CommentSerializer;

#[derive(Serializer)]
#[serializer(model = Post, fields(title, labels, names, comments))]
pub struct PostSerializer {
    #[field(source = "labels", slug_field = "name", read_only)]
    pub names: Vec<ForeignKey<Label>>,
    #[field(read_only)]
    pub comments: Vec<CommentSerializer>,
}

pub struct PostDetail;

impl RetrieveUpdateApiView for PostDetail {
    type Serializer = PostSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Post> {
        Post::all_objects()
    }
}

#[derive(Serializer)]
#[serializer(model = Comment, fields(text, post))]
pub struct PlainSerializer;

pub struct CommentDetail;

impl RetrieveUpdateApiView for CommentDetail {
    type Serializer = PlainSerializer;

    fn queryset(&self, _: &Request) -> QuerySet<Comment> {
        Comment::objects()
    }
}

fn urls() -> Urls {
    urls![path("posts/<int:pk>/", PostDetail), path("comments/<int:pk>/", CommentDetail)]
}

static COUNT: AtomicU32 = AtomicU32::new(0);

#[allow(clippy::needless_pass_by_value, reason = "a closure is given as it is written")]
fn each(test: impl AsyncFn(&Database, &Client)) {
    quintet::testing::block_on(async {
        on(&Scratch::new().url(), &test).await;
        if let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") {
            let name = format!("quintet_managed_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            let admin = Database::connect(&parsed(&server), std::path::Path::new("/"));
            admin.script(&format!("CREATE DATABASE {name}")).await.expect("a scratch database");
            on(&server.replacen("/postgres?", &format!("/{name}?"), 1), &test).await;
            admin.script(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("the scratch database goes");
        }
    });
}

fn parsed(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own")
}

async fn on(url: &str, test: &impl AsyncFn(&Database, &Client)) {
    let settings = Settings { database: parsed(url), installed_apps: vec![app()], urls, ..Settings::default() };
    let db = quintet::database(&settings).expect("a database");
    let state: ProjectState = project_state(&[app()], "auth.User");
    let create = |name: &str| {
        let model = state.model("blog", name).expect("a model").clone();
        let (name, fields, options, bases) = (model.name, model.fields, model.options, model.bases);
        Operation::CreateModel { name, fields, options, bases, managers: vec![] }
    };
    let operations = ["Label", "Post", "Comment", "Cover"].map(create).into();
    let migration = Migration { app: "blog".to_owned(), ..Migration::new("0001_initial").operations(operations) };
    let steps = forwards(db.dialect(), &migration, &ProjectState::new("auth.User"), "2024-01-01 00:00:00");
    for step in steps.expect("tables") {
        if let Action::Sql(sql) = step.action {
            db.script(&sql).await.expect("a table");
        }
    }
    test(&db, &Client::of(settings)).await;
}

/// A hidden post, with a label, a comment and a cover that are hidden, and a label and a comment that are not.
async fn fill(db: &Database) -> quintet::migrations::Result<Post> {
    let post = create!(db, Post { title: "Hello", hidden: true }).await?;
    for (name, hidden) in [("open", false), ("secret", true)] {
        let label = create!(db, Label { name, hidden }).await?;
        post.labels.add(db, [&label]).await?;
        create!(db, Comment { text: name, hidden, post: &post }).await?;
    }
    create!(db, Cover { post: &post }).await?;
    Ok(post)
}

#[test]
fn relations_that_lead_to_many_rows_begin_where_the_manager_says_and_others_know_all() {
    each(async |db, _| {
        let post = fill(db).await.expect("rows");
        let names = |labels: &[Label]| labels.iter().map(|label| label.name.clone()).collect::<Vec<_>>();
        let texts = |comments: &[Comment]| comments.iter().map(|comment| comment.text.clone()).collect::<Vec<_>>();
        assert_eq!(names(&post.labels.all(db).await.expect("labels")), ["open"]);
        assert_eq!(texts(&post.comments().all(db).await.expect("comments")), ["open"]);
        let posts = Post::all_objects().prefetch_related(|p| p.labels()).all(db).await.expect("posts");
        assert_eq!(posts[0].labels.cached().map(names), Some(vec!["open".to_owned()]));
        let secret = Label::all_objects().filter(|l| l.hidden().eq(true)).get(db).await.expect("a label");
        assert_eq!(secret.posts().count(db).await.expect("a number"), 0, "the post is hidden");
        // Rows that are named, single rows, conditions along relations and what goes with a row.
        let all = Post::all_objects().with_rows(|p| p.comments(), Comment::all_objects()).all(db).await.expect("posts");
        assert_eq!(texts(&all[0].1), ["open", "secret"]);
        assert!(post.cover().get(db).await.expect("a cover").hidden);
        let comments = Comment::objects().prefetch_related(|c| c.post()).all(db).await.expect("comments");
        assert!(comments[0].post.cached().expect("came along").hidden && comments[0].post.get(db).await.is_ok());
        let named_secret = || Post::all_objects().filter(|p| p.labels().name().eq("secret"));
        assert_eq!(named_secret().count(db).await.expect("a number"), 1);
        // What is not given is not taken away either: who asked has not seen it.
        let open = Label::objects().get(db).await.expect("a label");
        post.labels.remove(db, [&secret]).await.expect("nothing");
        post.labels.set(db, [&open]).await.expect("set");
        assert_eq!(named_secret().count(db).await.expect("a number"), 1);
        post.labels.clear(db).await.expect("cleared");
        assert_eq!(names(&post.labels.all(db).await.expect("labels")), [""; 0]);
        assert_eq!(named_secret().count(db).await.expect("a number"), 1);
        secret.posts().clear(db).await.expect("nothing");
        assert_eq!(named_secret().count(db).await.expect("a number"), 1, "the post is hidden");
        assert_eq!(post.delete(db).await.expect("it goes").by_model["blog.Comment"], 2);
    });
}

#[test]
fn answers_show_what_managers_give_and_clients_name_nothing_else() {
    each(async |db, client| {
        fill(db).await.expect("rows");
        let shown = json!({"title": "Hello", "labels": [1], "names": ["open"], "comments": [{"text": "open"}]});
        assert_eq!(client.get("/posts/1/").await.json(), shown);
        assert_eq!(client.patch("/posts/1/", json!({"labels": [1]})).await.status(), 200);
        let both = Label::all_objects().filter(|label| label.posts().id().eq(1)).count(db).await;
        assert_eq!(both.expect("a number"), 2, "a client changes what it sees");
        let refused = client.patch("/posts/1/", json!({"labels": [2]})).await;
        assert_eq!(refused.json()["labels"][0], "Invalid pk \"2\" - object does not exist.");
        let refused = client.patch("/comments/1/", json!({"post": 1})).await;
        assert_eq!(refused.json()["post"][0], "Invalid pk \"1\" - object does not exist.");
        assert_eq!(client.get("/comments/1/").await.json()["post"], 1, "a key is shown as it is");
    });
}
