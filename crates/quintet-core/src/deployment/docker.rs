//! `Dockerfile`, `.dockerignore` and `compose.yaml`.
//!
//! Three stages: Node builds the front end, Rust the program with it, and the last one holds the program, which needs no
//! library, and certificates: no shell and nothing to install with. What a build fetches it keeps between builds.

use super::quote::{docker_path, json};
use super::{Facts, File, Unfit, compose};

/// The user of the last stage: a number, so that whoever starts it can see that it is not root.
pub(super) const USER: &str = "65532:65532";

/// The files, for the folder that [`Facts::project`] is seen from.
pub fn files(facts: &Facts) -> Result<Vec<File>, Unfit> {
    // Beside a Dockerfile that is elsewhere, Docker looks for a list of its name.
    let ignore = if facts.dockerfile == "Dockerfile" { ".dockerignore" } else { "Dockerfile.dockerignore" };
    let file = |path: &str, text: String| File { path: path.to_owned(), text };
    Ok(vec![
        file("Dockerfile", dockerfile(facts)?),
        file(ignore, ignored(facts)?),
        file("compose.yaml", compose::text(facts)?),
    ])
}

/// Nothing secret, nothing that a build makes, nothing that changes without changing the program.
const IGNORED: &str = "# What no image needs, and what must not be in one.
**/.env
**/.env.*
!**/.env.example
**/*.sqlite3
**/*.sqlite3-*
**/.git
**/node_modules
**/dist
**/target
**/Dockerfile*
**/compose*.yaml
deploy
media
";

/// What a front end's own file says is in every browser anyway, and its build needs it.
fn ignored(facts: &Facts) -> Result<String, Unfit> {
    let Some(folder) = &facts.frontend else { return Ok(IGNORED.to_owned()) };
    docker_path(("`frontend`", folder))?;
    Ok(format!("{IGNORED}!{folder}/.env\n"))
}

fn dockerfile(facts: &Facts) -> Result<String, Unfit> {
    let name = facts.name()?;
    let mut text = format!("# syntax=docker/dockerfile:1\n# The program `{name}` in a small image.\n");
    if let Some(checkout) = &facts.checkout {
        checkout_line(&mut text, name, checkout)?;
    }
    if let Some(folder) = &facts.frontend {
        frontend_stage(&mut text, folder)?;
    }
    build_stage(&mut text, facts, name)?;
    let program = json(&format!("/usr/local/bin/{name}"));
    text += &format!(
        "\nFROM gcr.io/distroless/static-debian12:nonroot\n\
         COPY --from=build [\"/out/program\", {program}]\n\
         COPY --from=build --chown={USER} [\"/out/data\", \"/data\"]\n\
         WORKDIR /data\n\
         USER {USER}\n\
         EXPOSE 8000\n{}\
         ENTRYPOINT [{program}]\n\
         CMD [\"serve\", \"0.0.0.0:8000\", \"--access-log\", \"json\"]\n",
        health(facts, &program),
    );
    Ok(text)
}

/// How to build it by hand: the framework is in a folder that no build of this project's sees by itself.
fn checkout_line(text: &mut String, name: &str, checkout: &str) -> Result<(), Unfit> {
    // Within a comment, and so without what would end it.
    docker_path(("the folder of the framework", checkout))?;
    *text += &format!("#\n#     docker build --build-context 'quintet={checkout}' -t {name} .\n");
    Ok(())
}

fn frontend_stage(text: &mut String, folder: &str) -> Result<(), Unfit> {
    let path = |rest: &str| docker_path(("`frontend`", &format!("{folder}{rest}")));
    *text += &format!(
        "\nFROM node:22-bookworm-slim AS frontend\n\
         WORKDIR /frontend\n\
         COPY [{}, {}, \"./\"]\n\
         RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund\n\
         COPY [{}, \"./\"]\n\
         RUN npm run build\n",
        path("/package.json")?,
        path("/package-lock.json")?,
        path("")?,
    );
    Ok(())
}

fn build_stage(text: &mut String, facts: &Facts, name: &str) -> Result<(), Unfit> {
    // There a program holds the C library, musl, instead of looking for one where it runs.
    *text += &format!("\nFROM rust:{}-alpine AS build\nRUN apk add --no-cache musl-dev\n", facts.rust);
    if let Some(checkout) = &facts.checkout {
        let to = |rest: &str| docker_path(("the folder of the framework", &format!("{checkout}/{rest}")));
        *text += &format!(
            "COPY --from=quintet [\"Cargo.toml\", \"Cargo.lock\", {}]\nCOPY --from=quintet [\"crates\", {}]\n",
            to("")?,
            to("crates")?
        );
    }
    *text += "WORKDIR /site\nCOPY . .\n";
    let mut steps = vec![format!("cargo build --release --locked --bin {name}")];
    if let Some(folder) = &facts.frontend {
        let built = docker_path(("`frontend`", &format!("{folder}/dist")))?;
        *text += &format!("COPY --from=frontend [\"/frontend/dist\", {built}]\n");
        // Twice, but only the project's own crate: the first program packs the files, the second has them inside.
        steps.push(format!("target/release/{name} build --prebuilt"));
    }
    steps.push(format!("install -D target/release/{name} /out/program"));
    steps.push("mkdir /out/data".to_owned());
    *text += &format!(
        "RUN --mount=type=cache,target=/usr/local/cargo/registry \\\n    \
         --mount=type=cache,target=/site/target,sharing=locked \\\n    {}\n",
        steps.join(" \\\n    && ")
    );
    Ok(())
}

/// The program asks itself, because there is nothing else in the image.
fn health(facts: &Facts, program: &str) -> String {
    if facts.livez.is_empty() && facts.readyz.is_empty() {
        return String::new();
    }
    format!(
        "HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \\\n    \
         CMD [{program}, \"healthcheck\", \"127.0.0.1:8000\"]\n"
    )
}
