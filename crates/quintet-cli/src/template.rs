//! The templates, and which file each of them becomes.
//!
//! The trees below `templates/` mirror what they make; a name ends in `.tmpl` where the file itself
//! would mean something to a tool that looks into this source. Text in, text out: no file is touched.

use std::path::PathBuf;

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
struct Template {
    /// Below `templates/`; the tests compare it with what is there.
    #[cfg(test)]
    source: &'static str,
    destination: &'static str,
    text: &'static str,
    private: bool,
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
    render_all(PROJECT, &table)
}

/// The files of a new app, paths relative to its folder.
pub fn app_files(name: &str) -> Vec<NewFile> {
    render_all(APP, &[("name", name)])
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

fn render_all(templates: &[Template], values: &[(&str, &str)]) -> Vec<NewFile> {
    templates
        .iter()
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

    fn all_files() -> Vec<NewFile> {
        let values = ProjectValues {
            name: "mysite",
            dependency: "quintet = \"1\"",
            secret_key: "secret",
            database_url: "sqlite://db.sqlite3",
            database_comment: "# A file.",
        };
        [project(&values), app_files("blog")].concat()
    }

    #[test]
    fn no_placeholder_is_left() {
        for file in all_files() {
            assert!(!file.text.contains("{{"), "{}", file.path.display());
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
        let listed = PROJECT.iter().chain(APP).map(|template| template.source.to_owned()).collect();
        assert_eq!(found, listed);
    }

    #[test]
    fn a_template_lies_where_its_file_will_be() {
        for (tree, templates) in [("project/", PROJECT), ("app/", APP)] {
            for template in templates {
                let source = template.source.strip_prefix(tree).unwrap();
                assert_eq!(source.trim_end_matches(".tmpl"), template.destination);
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
