//! The templates, and which file each of them becomes.
//!
//! The trees below `templates/` mirror what they make; a name ends in `.tmpl` where the file itself
//! would mean something to a tool that looks into this source. Text in, text out: no file is touched.

use std::path::PathBuf;

use crate::frontend::Frontend;

/// A file that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Where, relative to the folder of the project or of the app.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
    /// It holds a secret: only its owner may read it.
    pub private: bool,
}

/// One row of the table: a template, the file it becomes, and who may read that file.
#[derive(Debug)]
pub(crate) struct Template {
    /// Below `templates/`; the tests compare it with what is there.
    #[cfg(test)]
    pub(crate) source: &'static str,
    pub(crate) destination: &'static str,
    pub(crate) text: &'static str,
    pub(crate) private: bool,
}

macro_rules! templates {
    ($($source:literal => $destination:literal $(, $private:ident)?;)*) => {
        &[$(Template {
            #[cfg(test)]
            source: $source,
            destination: $destination,
            text: include_str!(concat!("../templates/", $source)),
            private: stringify!($($private)?).len() > 0,
        }),*]
    };
}

const PROJECT: &[Template] = templates! {
    "project/Cargo.toml.tmpl"         => "Cargo.toml";
    "project/.cargo/config.toml.tmpl" => ".cargo/config.toml";
    "project/.env.tmpl"               => ".env", private;
    "project/.env.example.tmpl"       => ".env.example";
    "project/.gitignore.tmpl"         => ".gitignore";
    "project/README.md"               => "README.md";
    "project/src/main.rs"             => "src/main.rs";
    "project/src/settings.rs"         => "src/settings.rs";
    "project/src/urls.rs"             => "src/urls.rs";
    "project/src/tests.rs"            => "src/tests.rs";
};

const APP: &[Template] = templates! {
    "app/mod.rs"            => "mod.rs";
    "app/models.rs"         => "models.rs";
    "app/migrations/mod.rs" => "migrations/mod.rs";
    "app/serializers.rs"    => "serializers.rs";
    "app/views.rs"          => "views.rs";
    "app/urls.rs"           => "urls.rs";
    "app/tests.rs"          => "tests.rs";
};

/// What stands for each placeholder of the project's templates.
pub(crate) struct ProjectValues<'a> {
    pub(crate) name: &'a str,
    pub(crate) dependency: &'a str,
    pub(crate) secret_key: &'a str,
    pub(crate) database_url: &'a str,
    pub(crate) database_comment: &'a str,
    pub(crate) frontend: Frontend,
}

/// The files of a new project, paths relative to its folder.
pub(crate) fn project(values: &ProjectValues<'_>) -> Vec<NewFile> {
    let database_setting = database_setting(values.database_url);
    let table = [
        ("name", values.name),
        ("dependency", values.dependency),
        ("secret_key", values.secret_key),
        ("database_url", values.database_url),
        ("database_comment", values.database_comment),
        ("database_setting", &database_setting),
    ];
    let own =
        ROOTS.map(|(key, alone, with_frontend)| (key, if values.frontend.is_some() { with_frontend } else { alone }));
    let table = [table.as_slice(), &own].concat();
    render_all(PROJECT.iter().chain(values.frontend.templates()), &table)
}

/// What differs in a project with a front end, whose page is at the root: its name, and both texts.
const ROOTS: [(&str, &str, &str); 8] = [
    ("frontend_origin", "http://localhost:5173", "http://127.0.0.1:8000"),
    ("imports", "", "use crate::accounts::Register;\n"),
    (
        "root_path",
        r#"path("", get(index).permissions(AllowAny), name = "index"),"#,
        r#"path("api/user/register/", Register, name = "register"),"#,
    ),
    (
        "root_view",
        r#"
async fn index(_request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "message": "It works." })))
}
"#,
        "",
    ),
    (
        "root_test",
        r#"#[quintet::test]
async fn the_index_page_answers() {
    let client = Client::new(crate::settings::settings);
    let response = client.get("/").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json()["message"], "It works.");
}
"#,
        r#"#[quintet::test]
async fn who_registers_can_log_in() {
    let client = Client::with_database(crate::settings::settings);
    let account = json!({ "username": "eve", "password": "S3cret-pass!" });
    let made = client.post("/api/user/register/", account.clone()).await;
    assert_eq!(made.status(), 201);
    assert_eq!(made.json()["username"], "eve");
    let tokens = client.post("/api/token/", account).await;
    assert_eq!(tokens.status(), 200);
}
"#,
    ),
    ("modules", "", "mod accounts;\n"),
    (
        "frontend_setting",
        "",
        "        // Answers where no route does; `cargo manage build` puts it into the program.\n        \
         frontend: quintet::frontend!(\"frontend\"),\n",
    ),
    (
        "frontend_readme",
        "",
        r#"## The front end

`frontend/` is a React application. `npm install --prefix frontend` gets what it needs; it needs Node.js 20.19 or newer.
`cargo manage runserver` serves it together with the API, and shows each change at once.

```console
$ cargo manage build            # one program of the site and its front end, in target/release/
$ npm run check --prefix frontend   # types; `npm run lint` and `npm test` look for other mistakes
```

| file | what it holds |
|---|---|
| `frontend/.env` | where the API is, if not at the address of the page |
| `frontend/src/pages/` | the pages, and `App` which says at which address each of them is |
| `frontend/src/components/` | what pages are made of |
| `frontend/src/endpoints` | what the pages ask of the API, each as a function |
| `frontend/src/client` | a function for each address of the API; `cargo manage generateclient --out frontend/src` writes it anew, with `--js` where it is JavaScript |
| `frontend/src/api` | the way to the server: tokens, and another one when one has ended |
| `frontend/src/session/` | what `api` is made of |
| `frontend/src/styles/` | how it looks; every colour is in `colors.css` |
| `frontend/tests/` | its tests |

To serve it alone, with the API elsewhere: `cargo manage runserver --no-frontend`, in `frontend/.env`
`VITE_API_URL=http://localhost:8000`, and `npm run dev --prefix frontend`. `CORS_ALLOWED_ORIGINS` names its address.

"#,
    ),
];

/// The files of a new app, paths relative to its folder.
pub fn app_files(name: &str) -> Vec<NewFile> {
    render_all(APP.iter(), &[("name", name)])
}

/// The paths that a new project gets, in the order of the table.
pub fn project_files() -> impl Iterator<Item = &'static str> {
    PROJECT.iter().map(|template| template.destination)
}

/// As rustfmt writes the call: its arguments stay on one line up to 60 characters.
fn database_setting(url: &str) -> String {
    let arguments = [r#""DATABASE_URL""#.to_owned(), format!(r#""{url}""#)];
    let line = arguments.join(", ");
    if line.len() <= 60 {
        return format!("env.database({line})");
    }
    format!("env.database(\n            {},\n        )", arguments.join(",\n            "))
}

fn render_all(templates: impl Iterator<Item = &'static Template>, values: &[(&str, &str)]) -> Vec<NewFile> {
    templates
        .map(|template| NewFile {
            path: PathBuf::from(template.destination),
            text: render(template.text, values),
            private: template.private,
        })
        .collect()
}

/// Replaces every `{{name}}` in one pass, so that a value is never read as a template.
fn render(template: &str, values: &[(&str, &str)]) -> String {
    // A checkout on Windows may have given the embedded text other line ends.
    let template = template.replace("\r\n", "\n");
    let mut rendered = String::with_capacity(template.len() + 256);
    let mut rest = template.as_str();
    while let Some(start) = rest.find("{{") {
        let (before, from_braces) = rest.split_at(start);
        rendered.push_str(before);
        let found = values.iter().find_map(|(key, value)| {
            let after = from_braces.strip_prefix("{{")?.strip_prefix(key)?.strip_prefix("}}")?;
            Some((*value, after))
        });
        let (text, after) = found.unwrap_or_else(|| from_braces.split_at(2));
        rendered.push_str(text);
        rest = after;
    }
    rendered + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::frontend::{self, FrontendAuth};

    fn all_files() -> Vec<NewFile> {
        let values = ProjectValues {
            name: "mysite",
            dependency: "quintet = \"1\"",
            secret_key: "secret",
            database_url: "sqlite://db.sqlite3",
            database_comment: "# A file.",
            frontend: Frontend::None,
        };
        let react = |typescript, auth| Frontend::React { typescript, auth };
        let frontends = [
            react(false, FrontendAuth::Cookie),
            react(false, FrontendAuth::Bearer),
            react(true, FrontendAuth::Cookie),
            react(true, FrontendAuth::Bearer),
        ];
        let with_frontend = frontends.map(|frontend| project(&ProjectValues { frontend, ..values })).concat();
        [project(&values), with_frontend, app_files("blog")].concat()
    }

    #[test]
    fn no_placeholder_is_left() {
        for file in all_files() {
            // In JavaScript two braces may be code.
            let names =
                file.text.split("{{").skip(1).filter(|rest| rest.starts_with(|letter: char| letter.is_alphabetic()));
            assert_eq!(names.count(), 0, "{}", file.path.display());
        }
    }

    #[test]
    fn the_table_and_the_folder_hold_the_same_files() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut found = BTreeSet::new();
        let mut folders = vec![folder.clone()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => _ = found.insert(path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/")),
                }
            }
        }
        let trees = frontend::TREES.iter().flat_map(|(_, _, templates)| *templates);
        let listed = PROJECT.iter().chain(APP).chain(trees).map(|template| template.source.to_owned()).collect();
        assert_eq!(found, listed);
    }

    #[test]
    fn a_template_lies_where_its_file_will_be() {
        let frontends = frontend::TREES.iter().copied();
        for (tree, folder, templates) in [("project/", "", PROJECT), ("app/", "", APP)].into_iter().chain(frontends) {
            for template in templates {
                let source = template.source.strip_prefix(tree).unwrap();
                assert_eq!(format!("{folder}{}", source.trim_end_matches(".tmpl")), template.destination);
            }
        }
    }

    #[test]
    fn only_the_file_with_the_secret_is_private() {
        for file in all_files() {
            assert_eq!(file.private, file.text.contains("'secret'"), "{}", file.path.display());
        }
    }

    #[test]
    fn a_value_is_never_read_as_a_template() {
        assert_eq!(render("{{a}} {{b}} {{c}} {{", &[("a", "{{b}}"), ("b", "2")]), "{{b}} 2 {{c}} {{");
    }

    #[test]
    fn a_checkout_with_other_line_ends_makes_the_same_files() {
        assert_eq!(render("a\r\nb\r\n", &[]), "a\nb\n");
    }
}
