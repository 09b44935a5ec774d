//! Where the project is, and which crates it has in scope.
//!
//! Reads `Cargo.toml` line by line, as people and cargo write it; knows no more of TOML than that.

use std::path::{Path, PathBuf};

/// The nearest folder, from `from` upwards, whose `Cargo.toml` depends on `quintet`.
pub fn find_project(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| is_project(folder)).map(Path::to_path_buf)
}

/// Whether the text of a `Cargo.toml` lists `quintet` among its dependencies.
pub fn depends_on_quintet(manifest: &str) -> bool {
    dependencies(manifest).iter().any(|name| name == "quintet")
}

pub(crate) fn is_project(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|manifest| depends_on_quintet(&manifest))
}

/// The crates in `[dependencies]`, as Rust code names them.
pub(crate) fn dependencies(manifest: &str) -> Vec<String> {
    let mut section = String::new();
    let mut names = Vec::new();
    for line in manifest.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            section = key_path(header.split(']').next().unwrap_or_default()).join(".");
            names.extend(dependency(&section));
        } else if let Some((key, _)) = line.split_once('=') {
            let mut path = key_path(&section);
            path.extend(key_path(key));
            names.extend(dependency(&path.join(".")));
        }
    }
    names.dedup();
    names
}

/// `dependencies.NAME` and what lies below it.
fn dependency(path: &str) -> Option<String> {
    let name = path.strip_prefix("dependencies.")?.split('.').next()?;
    Some(name.replace('-', "_"))
}

/// `a."b".c` as its parts. A comment has none: its `#` is no part of a name.
fn key_path(key: &str) -> Vec<String> {
    if key.trim_start().starts_with('#') {
        return Vec::new();
    }
    key.split('.')
        .map(|part| part.trim().trim_matches(['"', '\'']).to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_the_dependency_counts() {
        for manifest in [
            "[dependencies]\nquintet = \"0.1\"\n",
            "[package]\nname = \"x\"\n\n[dependencies]\nserde = \"1\"\nquintet={ path = '../quintet' }",
            "[dependencies]\nquintet.workspace = true\n",
            "[dependencies]\n\"quintet\" = \"0.1\"\n",
            "[dependencies.quintet]\nversion = \"0.1\"\n",
            "[ dependencies . quintet ]\r\nversion = \"0.1\"\r\n",
            "dependencies.quintet = \"0.1\"\n",
            "[dependencies] # ours\nquintet = \"0.1\" # the framework\n",
        ] {
            assert!(depends_on_quintet(manifest), "{manifest}");
        }
    }

    #[test]
    fn what_only_looks_like_the_dependency_does_not_count() {
        for manifest in [
            "",
            "[package]\nname = \"quintet\"\nquintet = 1\n",
            "[dependencies]\n# quintet = \"0.1\"\n",
            "[dependencies]\nquintet-core = \"0.1\"\n",
            "[dependencies]\nserde = \"1\"\n\n[package.metadata]\nquintet = \"0.1\"\n",
            "[workspace.dependencies]\nquintet = { path = \"crates/quintet\" }\n",
            "[dev-dependencies]\nquintet = \"0.1\"\n",
            "# [dependencies.quintet]\n",
        ] {
            assert!(!depends_on_quintet(manifest), "{manifest}");
        }
    }

    #[test]
    fn a_hyphen_in_a_dependency_is_an_underscore_in_code() {
        let manifest = "[dependencies]\nquintet = \"0.1\"\ntower-http.version = \"0.6\"\n\n[features]\nextra = []\n";
        assert_eq!(dependencies(manifest), ["quintet", "tower_http"]);
    }
}
