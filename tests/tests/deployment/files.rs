//! The command itself, and the files of containers as other programs read them.

use std::fs;
use std::net::TcpListener;

use quintet_tests::django;
use quintet_tests::support::{Server, checkout, command, exchange, run};
use serde_json::Value;

use super::{Project, SECRET};

const ALL: [&str; 6] = [
    "Dockerfile",
    ".dockerignore",
    "compose.yaml",
    "deploy/deployed.service",
    "deploy/deployed.socket",
    "deploy/deployed.nginx.conf",
];

#[test]
fn all_files_are_written_and_none_holds_a_secret() {
    let project = Project::new("deploy-all");
    let mut program = project.program(&["generatedeployment"]);
    let said = run(program.env("DATABASE_URL", "postgres://ann:hush@db.example.org/site"));
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("wrote `") && said.err.is_empty(), "{said:?}");
    for path in ALL {
        let text = project.text(path);
        assert!(!text.contains("hush") && !text.contains(SECRET), "{path}: {text}");
    }
}

#[test]
fn the_same_again_changes_nothing_and_a_file_that_was_changed_is_kept() {
    let project = Project::new("deploy-again");
    project.does(&["generatedeployment"]);
    assert_eq!(project.does(&["generatedeployment"]), "nothing has changed\n");
    project.write("compose.yaml", "mine");
    fs::remove_file(project.folder().join("Dockerfile")).expect("removed");
    let said = project.run(&["generatedeployment"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.err.contains("compose.yaml`: nothing was written") && said.err.contains("hint: add `--force`"),
        "{said:?}"
    );
    assert_eq!(project.text("compose.yaml"), "mine");
    assert!(!project.has("Dockerfile"), "all of them, or none");
    project.does(&["generatedeployment", "--force"]);
    assert!(project.text("compose.yaml").contains("services:"));
}

#[test]
fn one_kind_can_be_asked_for_and_another_folder() {
    let project = Project::new("deploy-one");
    project.does(&["generatedeployment", "nginx"]);
    assert!(
        project.has("deploy/deployed.nginx.conf")
            && !project.has("Dockerfile")
            && !project.has("deploy/deployed.socket")
    );
    project.does(&["generatedeployment", "docker", "--out", "ops/container"]);
    let compose = project.text("ops/container/compose.yaml");
    assert!(compose.contains("context: \"../..\"\n"), "{compose}");
    assert!(compose.contains("dockerfile: \"ops/container/Dockerfile\"\n"), "{compose}");
    assert!(
        project.has("ops/container/Dockerfile.dockerignore"),
        "Docker looks for it beside a Dockerfile that is elsewhere"
    );
    let said = project.run(&["generatedeployment", "kubernetes"]);
    assert_eq!(said.code, 2, "{said:?}");
}

#[test]
fn a_container_that_cannot_be_built_is_refused_with_the_way_out() {
    let project = Project::new("deploy-refused");
    for (manifest, told) in [
        ("[dependencies]\nquintet.workspace = true\n", "a member of a workspace"),
        ("[dependencies]\nquintet = { workspace = true }\n", "a member of a workspace"),
        ("[dependencies]\nquintet = { path = \"../quintet/crates/quintet\" }\n", "give `quintet` an absolute path"),
        ("[dependencies]\nquintet = { path = \"/srv/$HOME/crates/quintet\" }\n", "cannot stand in a Dockerfile"),
    ] {
        project.write("Cargo.toml", manifest);
        let said = project.run(&["generatedeployment", "docker"]);
        assert_eq!(said.code, 1, "{manifest}: {said:?}");
        assert!(said.err.contains(told) && said.err.contains("hint: "), "{manifest}: {said:?}");
        assert!(!project.has("Dockerfile"));
    }
    project.does(&["generatedeployment", "systemd"]);
}

#[test]
fn the_compose_file_waits_for_the_database_and_its_tables() {
    if !django::is_here() {
        return;
    }
    let project = Project::new("deploy-compose");
    project.does(&["generatedeployment", "docker", "--engine", "postgresql"]);
    let compose = read_yaml(&project, "compose.yaml");
    let services = &compose["services"];
    assert_eq!(services["migrate"]["command"], serde_json::json!(["migrate", "--noinput"]));
    assert_eq!(services["migrate"]["depends_on"]["db"]["condition"], "service_healthy");
    assert_eq!(services["web"]["depends_on"]["migrate"]["condition"], "service_completed_successfully");
    assert_eq!(services["db"]["healthcheck"]["test"][1], "pg_isready");
    for name in ["web", "migrate"] {
        let service = &services[name];
        assert_eq!(
            (&service["read_only"], &service["cap_drop"][0]),
            (&Value::Bool(true), &Value::from("ALL")),
            "{name}"
        );
        assert_eq!(service["environment"]["SECRET_KEY"], "${SECRET_KEY:?set it in .env}");
        assert_eq!(service["environment"]["DEBUG"], "False");
        assert!(service["environment"]["MEDIA_ROOT"].is_null(), "{name}");
    }
    assert_eq!(services["web"]["ports"][0], "127.0.0.1:${PUBLISHED_PORT:-8000}:8000");
    for (name, service) in services.as_object().expect("services") {
        let image = service["image"].as_str().expect("an image");
        assert!(image.contains(':') && !image.contains("latest"), "{name}: {image}");
        assert!(service.get("privileged").is_none() && service.get("network_mode").is_none(), "{name}");
    }
    let volumes: Vec<&String> = compose["volumes"].as_object().expect("volumes").keys().collect();
    assert_eq!(volumes, ["data", "database"]);
}

#[test]
fn a_site_whose_front_end_is_not_built_says_so_at_its_root() {
    let project = Project::new("deploy-unbuilt");
    fs::remove_dir_all(project.folder().join("frontend/dist")).expect("removed");
    project.does(&["migrate"]);
    let mut server = Server::start(&mut project.program(&["serve", "127.0.0.1:0"]));
    let visit = |path: &str| {
        let headers = "Host: localhost\r\nAccept: text/html\r\nX-Forwarded-Proto: https\r\nConnection: close";
        exchange(server.address(), &format!("GET {path} HTTP/1.1\r\n{headers}\r\n\r\n")).expect("an answer")
    };
    let (root, other) = (visit("/"), visit("/login"));
    assert_eq!(root.status, 404);
    assert!(
        root.body.contains("<h1>The front end is not built</h1>") && root.body.contains("cargo manage build"),
        "{root:?}"
    );
    assert_eq!(other.status, 404);
    assert!(!other.body.contains("front end"), "{other:?}");
    assert_eq!(visit("/api/client/").status, 200);
    assert!(server.log().iter().any(|line| line.contains("the front end is not built")), "{:?}", server.log());
}

fn read_yaml(project: &Project, path: &str) -> Value {
    let python = checkout().join("oracle/venv/bin/python");
    let script = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
    let said = run(command(python).args(["-c", script]).arg(project.folder().join(path)));
    assert_eq!(said.code, 0, "{said:?}");
    serde_json::from_str(&said.out).expect("JSON")
}

#[test]
fn a_server_is_asked_how_it_is() {
    let project = Project::new("deploy-health");
    project.does(&["migrate"]);
    let server = Server::start(&mut project.program(&["serve", "127.0.0.1:0"]));
    let place = server.address().to_string();
    assert_eq!(project.does(&["healthcheck", &place]), format!("`{place}` can serve\n"));
    drop(server);
    let said = project.run(&["healthcheck", &place]);
    assert!(said.code == 1 && said.err.contains("does not answer"), "{said:?}");
}

#[test]
fn a_server_without_its_database_is_not_healthy() {
    let project = Project::new("deploy-ill");
    // Nobody listens there: the port was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let socket = project.folder().join("site.sock");
    let place = format!("unix:{}", socket.display());
    let mut serve = project.program(&["serve", &place, "--skip-checks"]);
    let _server = Server::start(serve.env("DATABASE_URL", format!("postgres://x@{free}/x?connect_timeout=1")));
    let said = project.run(&["healthcheck", &place]);
    assert!(said.code == 1 && said.err.contains("503"), "{said:?}");
}
