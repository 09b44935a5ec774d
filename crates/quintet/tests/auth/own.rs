//! A user model of a project's own, whose users log in by their address.

use quintet::apps::auth::models::{AbstractBaseUser, Group, PermissionsMixin};
use quintet::apps::auth::views::{CurrentUserView, PasswordResetConfirmView, PasswordResetView};
use quintet::apps::authtoken::ObtainAuthToken;
use quintet::migrations::{
    Migration, OnDelete, char, create_model, date_time, email, foreign_key, many_to_many, options,
};
use quintet::migrations::{big_auto, boolean, integer};
use quintet::prelude::*;
use quintet::query::Assignment;
use quintet::rest::UserModel;
use quintet::settings::*;
use quintet::testing::{Client, call_command};

/// Where members belong.
#[derive(Model, Debug, Clone)]
pub struct Team {
    pub id: BigAuto,
    #[field(max_length = 20)]
    pub name: String,
}

/// Of the members, those who have not left.
pub struct Present;

impl Manager<Member> for Present {
    fn objects() -> QuerySet<Member> {
        Member::all_objects().filter(|member| member.phone().ne("left"))
    }
}

/// Who logs in.
#[derive(Model, Debug, Clone)]
#[model(manager = Present)]
pub struct Member {
    pub id: BigAuto,
    #[field(flatten)]
    pub base: AbstractBaseUser,
    #[field(flatten)]
    pub permissions: PermissionsMixin,
    #[field(unique, verbose_name = "e-mail address")]
    pub email: Email,
    #[field(max_length = 20)]
    pub phone: String,
    pub born: Option<i32>,
    #[field(on_delete = cascade)]
    pub team: ForeignKey<Team>,
    #[field(default = true)]
    pub is_active: bool,
    #[field(default = false)]
    pub is_staff: bool,
}

impl UserModel for Member {}

quintet::app! { members, models = [Team, Member], migrations = vec![tables()] }

fn tables() -> Migration {
    let team = vec![("id", big_auto().primary_key()), ("name", char(20))];
    let groups = |to: &str| many_to_many(to).blank().related_name("user_set").related_query_name("user");
    let member = vec![
        ("id", big_auto().primary_key()),
        ("password", char(128)),
        ("last_login", date_time().null().blank()),
        ("is_superuser", boolean().with_default(false)),
        ("groups", groups("auth.Group")),
        ("user_permissions", groups("auth.Permission")),
        ("email", email().unique()),
        ("phone", char(20)),
        ("born", integer().null()),
        ("team", foreign_key("members.Team", OnDelete::Cascade)),
        ("is_active", boolean().with_default(true)),
        ("is_staff", boolean().with_default(false)),
    ];
    let tables = vec![create_model("Team", team, options()), create_model("Member", member, options())];
    Migration::new("0001_initial")
        .initial()
        .depends_on("auth", "0012_alter_user_first_name_max_length")
        .operations(tables)
}

#[derive(Serializer)]
#[serializer(model = Member, fields(id, email, password, phone, team), write_only(password), create = Member::create_user)]
pub struct MemberSerializer;

/// What members see of themselves, and may change.
#[derive(Serializer)]
#[serializer(model = Member, fields(id, email, phone, team), read_only(team))]
pub struct AccountSerializer;

struct Register;

impl CreateApiView for Register {
    type Serializer = MemberSerializer;

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

async fn me(request: &Request) -> Result<Response> {
    let member: &Member = request.user().get()?;
    let may = request.user().has_perm(request, "members.add_team").await?;
    Ok(Response::json(&json!([request.user().username(), member.phone, may])))
}

fn settings(url: &str) -> Settings {
    Settings {
        secret_key: crate::harness::SECRET.into(),
        installed_apps: [
            quintet::apps::defaults(),
            vec![quintet::apps::token_blacklist(), quintet::apps::authtoken(), app()],
        ]
        .concat(),
        auth_user_model: "members.Member".to_owned(),
        database: DatabaseUrl::parse("DATABASE_URL", url).expect("a URL"),
        auth: Auth {
            username_field: "email".to_owned(),
            required_fields: vec!["phone".to_owned(), "born".to_owned(), "team".to_owned()],
            password_hashers: vec![PasswordHasher::Md5],
            password_validators: PasswordValidator::usual(),
            frontend_origin: "https://app.example.com".to_owned(),
            ..Auth::default()
        },
        rest_framework: RestFramework {
            default_authentication_classes: vec![JWTAuthentication.into(), TokenAuthentication::default().into()],
            default_permission_classes: IsAuthenticated.into(),
            ..RestFramework::default()
        },
        urls: || {
            urls![
                path("register/", Register),
                path("token/", TokenObtainPairView),
                path("refresh/", TokenRefreshView),
                path("key/", ObtainAuthToken),
                path("me/", get(me)),
                path("user/me/", CurrentUserView::of::<AccountSerializer>(), name = "current_user"),
                path("user/password/reset/", PasswordResetView),
                path("user/password/reset/confirm/", PasswordResetConfirmView),
            ]
        },
        ..Settings::default()
    }
}

fn sqlite(_: &Env) -> Settings {
    settings("sqlite:///nowhere/at/all/db.sqlite3")
}

fn postgres(env: &Env) -> Settings {
    settings(&env.text::<String>("QUINTET_TEST_POSTGRES", ""))
}

/// A client on each database that there is, with one team.
async fn each(test: impl AsyncFn(Client) -> Result<()>) -> Result<()> {
    let mut projects: Vec<fn(&Env) -> Settings> = vec![sqlite];
    if std::env::var_os("QUINTET_TEST_POSTGRES").is_some() {
        projects.push(postgres);
    }
    for project in projects {
        let client = Client::with_database(project);
        create!(client.db(), Team { name: "red" }).await?;
        test(client).await?;
    }
    Ok(())
}

#[test]
fn the_checks_have_nothing_against_it() {
    let (code, said) = call_command(sqlite, &["check"]);
    assert_eq!((code, said.err().as_str()), (0, ""), "{}", said.out());
}

#[quintet::test]
async fn a_superuser_is_made_of_the_fields_that_the_settings_name() -> Result<()> {
    each(async |client| {
        let lines = "nowhere\nAnn@Example.COM\n+49 1\nno number\n1815x\n1815\n7\n1\n12345678\n12345678\nn\nann@example.co\nann@example.co\ny\n";
        let (code, said) = client.answer_command(&["createsuperuser"], lines);
        assert_eq!(code, 0, "{}\n{}", said.out(), said.err());
        for prompt in ["E-mail address: ", "Phone: ", "Born: ", "Team (Team.id): "] {
            assert!(said.out().contains(prompt), "{prompt}: {}", said.out());
        }
        for wanted in [
            "Error: Enter a valid email address.",
            "Error: “no number” value must be an integer.",
            "Error: “1815x” value must be an integer.",
            "Error: team instance with id 7 is not a valid choice.",
            "This password is entirely numeric.",
            "The password is too similar to the e-mail address.",
        ] {
            assert!(said.err().contains(wanted), "{wanted}: {}", said.err());
        }
        let ann = Member::objects().get(client.db()).await?;
        assert_eq!((ann.email.to_string().as_str(), ann.phone.as_str(), ann.born), ("Ann@example.com", "+49 1", Some(1815)));
        assert!(ann.is_staff && ann.permissions.is_superuser && ann.check_password(client.db().into(), "ann@example.co")?);
        Ok(())
    })
    .await
}

#[quintet::test]
async fn options_have_the_names_of_its_fields() -> Result<()> {
    each(async |client| {
        let made = |args: &str| {
            let args: Vec<&str> = "createsuperuser --noinput".split(' ').chain(args.split(' ')).collect();
            let (code, said) = client.call_command(&args);
            (code, said.err())
        };
        let missing = |name: &str| (1, format!("error: You must use --{name} with --noinput.\n"));
        assert_eq!(made("--phone 1"), missing("email"));
        assert_eq!(made("--email ann@example.com --phone 1 --team 1"), missing("born"));
        let whole = "--email ann@example.com --phone 1 --born 1815 --team";
        let told = "error: team instance with id 9 is not a valid choice.\n".to_owned();
        assert_eq!(made(&format!("{whole} 9")), (1, told));
        assert_eq!(made(&format!("{whole} 1")), (0, String::new()));
        let taken = "error: Error: That e-mail address is already taken.\n".to_owned();
        assert_eq!(made(&format!("{whole} 1")), (1, taken));
        assert_eq!(made("--username ann").0, 2, "there is no such field");
        let ann = Member::objects().get(client.db()).await?;
        assert!(!ann.has_usable_password() && ann.last_login.is_none());
        let (code, said) =
            client.answer_command(&["changepassword", "ann@example.com"], "S3cret-pass!\nS3cret-pass!\n");
        assert_eq!((code, said.err().as_str()), (0, "Password: Password (again): "), "{}", said.out());
        let ann = Member::objects().get(client.db()).await?;
        assert!(ann.check_password(client.db().into(), "S3cret-pass!")?);
        Ok(())
    })
    .await
}

#[quintet::test]
async fn its_users_register_log_in_by_their_address_and_have_permissions() -> Result<()> {
    each(async |client| {
        let account = json!({ "email": "Eve@EXAMPLE.com", "password": "S3cret-pass!", "phone": "1", "team": 1 });
        let made = client.post("/register/", account).await;
        assert_eq!(made.text(), r#"{"id":1,"email":"Eve@example.com","phone":"1","team":1}"#);
        let wrong = client.post("/token/", json!({ "username": "Eve@example.com", "password": "S3cret-pass!" })).await;
        assert_eq!(wrong.json(), json!({ "email": ["This field is required."] }));
        let account = json!({ "email": "Eve@example.com", "password": "S3cret-pass!" });
        let pair = client.post("/token/", account).await.json();
        let eve = client.clone().with_token(pair["access"].as_str().expect("a token"));
        assert_eq!(eve.get("/me/").await.json(), json!(["Eve@example.com", "1", false]));
        let row = Member::objects().get(client.db()).await?;
        let group = create!(client.db(), Group { name: "adders" }).await?;
        let may = quintet::apps::auth::models::Permission::objects().filter(|p| p.codename().eq("add_team"));
        group.permissions.add(client.db(), [&may.get(client.db()).await?]).await?;
        row.permissions.groups.add(client.db(), [&group]).await?;
        assert_eq!(eve.get("/me/").await.json(), json!(["Eve@example.com", "1", true]));
        let fresh = client.post("/refresh/", json!({ "refresh": pair["refresh"] })).await;
        assert_eq!(fresh.status(), 200, "{}", fresh.text());
        let root = vec![
            Assignment::named("email", "root@example.com"),
            Assignment::named("phone", ""),
            Assignment::named("team", 1),
        ];
        let root = Member::create_superuser(client.db().into(), root).await?;
        assert_eq!(client.force_authenticate(&root).get("/me/").await.json(), json!(["root@example.com", "", true]));
        Ok(())
    })
    .await
}

#[quintet::test]
async fn its_members_see_change_and_delete_themselves_and_reset_their_passwords() -> Result<()> {
    each(async |client| {
        let body = json!({ "email": "eve@example.com", "password": "S3cret-pass!", "phone": "1", "team": 1 });
        assert_eq!(client.post("/register/", body).await.status(), 201);
        let login = async |password: &str| {
            let pair = client.post("/token/", json!({ "email": "eve@example.com", "password": password })).await.json();
            client.clone().with_token(pair["access"].as_str().unwrap_or_default())
        };
        let eve = login("S3cret-pass!").await;
        assert_eq!(eve.get("/user/me/").await.text(), r#"{"id":1,"email":"eve@example.com","phone":"1","team":1}"#);
        let changed = eve.patch("/user/me/", json!({ "phone": "2", "team": 9 })).await;
        assert_eq!(changed.text(), r#"{"id":1,"email":"eve@example.com","phone":"2","team":1}"#);

        client.post("/user/password/reset/", json!({ "email": "eve@example.com" })).await;
        let mail = client.outbox().await.pop().expect("a mail");
        let link = mail.body.split("/reset-password/").nth(1).and_then(|rest| rest.split_whitespace().next());
        let (uid, token) = link.and_then(|link| link.split_once('/')).expect("a link");
        let confirm = async |password: &str| {
            let body = json!({ "uid": uid, "token": token, "new_password": password });
            client.post("/user/password/reset/confirm/", body).await
        };
        let refused = confirm("eve@example.com").await;
        let told = json!({ "new_password": ["The password is too similar to the e-mail address."] });
        assert_eq!((refused.status(), refused.json()), (400, told));
        assert_eq!(confirm("Quite-another-7").await.status(), 204);
        let eve = login("Quite-another-7").await;
        let gone = eve.request(Method::DELETE, "/user/me/", json!({ "password": "Quite-another-7" })).await;
        assert_eq!(gone.status(), 204, "{}", gone.text());
        assert_eq!(eve.get("/user/me/").await.status(), 401);
        Ok(())
    })
    .await
}

#[quintet::test]
async fn whom_the_manager_of_its_users_leaves_out_is_nobody() -> Result<()> {
    each(async |client| {
        let body = json!({ "email": "eve@example.com", "password": "S3cret-pass!", "phone": "1", "team": 1 });
        assert_eq!(client.post("/register/", body).await.status(), 201);
        let account = json!({ "email": "eve@example.com", "password": "S3cret-pass!" });
        let pair = client.post("/token/", account.clone()).await.json();
        let eve = client.clone().with_token(pair["access"].as_str().expect("a token"));
        assert_eq!(eve.get("/me/").await.status(), 200);
        let credentials = json!({ "username": "eve@example.com", "password": "S3cret-pass!" });
        let key = client.post("/key/", credentials.clone()).await.assert_status(200).json();

        Member::objects().update(client.db(), |member| member.phone().set("left")).await?;
        let refused = eve.get("/me/").await;
        assert_eq!((refused.status(), refused.json()["code"].clone()), (401, json!("user_not_found")));
        let refused = client.post("/token/", account).await;
        let told = json!({ "detail": "No active account found with the given credentials" });
        assert_eq!((refused.status(), refused.json()), (401, told));
        assert_eq!(client.post("/refresh/", json!({ "refresh": pair["refresh"] })).await.status(), 401);
        client.post("/user/password/reset/", json!({ "email": "eve@example.com" })).await;
        assert!(client.outbox().await.is_empty());
        // The reference joins the user to a key of the database, and asks no manager.
        let header = format!("Token {}", key["token"].as_str().expect("a key"));
        assert_eq!(client.get("/me/").header("authorization", &header).await.status(), 200);
        assert_eq!(client.post("/key/", credentials).await.status(), 400, "there is no new one");
        Ok(())
    })
    .await
}
