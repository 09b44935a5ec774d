//! The documentation, tested: every page is a module here, so that its Rust blocks are compiled and run as doctests.
//!
//! The unit tests hold the rest to the truth: every page is listed, every link leads somewhere, every command line is one
//! that the programs know, and the reference pages name every command, flag and check. Knows the pages as text only.

/// Each page once: its name as a module, and its path.
macro_rules! pages {
    ($($name:ident = $path:literal;)*) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("../../", $path))]
            pub mod $name {}
        )*

        /// Every page whose examples are tested.
        pub const PAGES: &[&str] = &[$($path),*];
    };
}

pages! {
    readme = "README.md";
    index = "docs/README.md";
    coming_from_django = "docs/coming-from-django.md";
    coming_from_drf = "docs/coming-from-drf.md";
    coming_from_simple_jwt = "docs/coming-from-simple-jwt.md";
    coming_from_drf_spectacular = "docs/coming-from-drf-spectacular.md";
    first_project = "docs/tutorial/first-project.md";
    tutorial_tokens = "docs/tutorial/tokens.md";
    tutorial_cors = "docs/tutorial/cors.md";
    tutorial_front_end = "docs/tutorial/front-end.md";
    tutorial_interceptors = "docs/tutorial/interceptors.md";
    tutorial_protected_routes = "docs/tutorial/protected-routes.md";
    tutorial_front_end_tests = "docs/tutorial/front-end-tests.md";
    tutorial_postgresql = "docs/tutorial/postgresql.md";
    tutorial_deployment = "docs/tutorial/deployment.md";
    tutorial_commands = "docs/tutorial/commands.md";
    settings = "docs/guides/settings.md";
    models = "docs/guides/models.md";
    fields = "docs/guides/fields.md";
    relations = "docs/guides/relations.md";
    queries = "docs/guides/queries.md";
    query_expressions = "docs/guides/query-expressions.md";
    aggregation = "docs/guides/aggregation.md";
    transactions = "docs/guides/transactions.md";
    raw_sql = "docs/guides/raw-sql.md";
    time_zones = "docs/guides/time-zones.md";
    performance = "docs/guides/performance.md";
    signals = "docs/guides/signals.md";
    several_databases = "docs/guides/several-databases.md";
    migrations = "docs/guides/migrations.md";
    data_migrations = "docs/guides/data-migrations.md";
    existing_database = "docs/guides/existing-database.md";
    fixtures = "docs/guides/fixtures.md";
    frontend = "docs/guides/frontend.md";
    urls = "docs/guides/urls.md";
    views = "docs/guides/views.md";
    api_views = "docs/guides/api-views.md";
    api_requests = "docs/guides/api-requests.md";
    api_errors = "docs/guides/api-errors.md";
    serializers = "docs/guides/serializers.md";
    serializer_relations = "docs/guides/serializer-relations.md";
    validators = "docs/guides/validators.md";
    permissions = "docs/guides/permissions.md";
    users = "docs/guides/users.md";
    authentication = "docs/guides/authentication.md";
    email = "docs/guides/email.md";
    sessions = "docs/guides/sessions.md";
    csrf = "docs/guides/csrf.md";
    jwt = "docs/guides/jwt.md";
    tokens_in_a_browser = "docs/guides/tokens-in-a-browser.md";
    throttling = "docs/guides/throttling.md";
    caches = "docs/guides/caches.md";
    browsable_api = "docs/guides/browsable-api.md";
    pagination_and_filters = "docs/guides/pagination-and-filters.md";
    parsers_and_renderers = "docs/guides/parsers-and-renderers.md";
    versioning = "docs/guides/versioning.md";
    openapi = "docs/guides/openapi.md";
    typed_client = "docs/guides/typed-client.md";
    middleware = "docs/guides/middleware.md";
    security = "docs/guides/security.md";
    cors = "docs/guides/cors.md";
    errors = "docs/guides/errors-and-debug-pages.md";
    serving = "docs/guides/serving.md";
    deployment = "docs/guides/deployment.md";
    checks = "docs/guides/checks.md";
    commands = "docs/guides/commands.md";
    logging = "docs/guides/logging.md";
    background_work = "docs/guides/background-work.md";
    upgrading = "docs/guides/upgrading.md";
    testing = "docs/guides/testing.md";
    axum = "docs/guides/axum.md";
    commands_reference = "docs/reference/commands.md";
    checks_reference = "docs/reference/checks.md";
    serializers_reference = "docs/reference/serializers.md";
    testing_internals = "docs/internals/testing.md";
    fuzzing = "docs/internals/fuzzing.md";
    benchmarks = "docs/internals/benchmarks.md";
    performance_internals = "docs/internals/performance.md";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;
    use std::sync::OnceLock;

    use super::PAGES;
    use crate::pages::{split, text};
    use crate::support::{Folder, Said, checkout, command, program, run};

    /// Pages that programs write; they hold no examples, and those of measurements appear with the first one.
    const GENERATED: [&str; 5] = [
        "docs/reference/settings.md",
        "docs/internals/bench.md",
        "docs/internals/costs.md",
        "docs/internals/soak.md",
        "docs/performance.md",
    ];

    #[test]
    fn every_page_is_listed() {
        let mut found = BTreeSet::from(["README.md".to_owned()]);
        collect_pages(&checkout().join("docs"), &mut found);
        found.retain(|page| !GENERATED.contains(&page.as_str()));
        let listed: BTreeSet<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
        assert_eq!(found, listed, "list the page in tests/src/docs.rs, and link it from docs/README.md");
    }

    #[test]
    fn the_index_links_every_page() {
        let index = text("docs/README.md");
        for page in PAGES.iter().chain(&GENERATED).filter(|page| !page.ends_with("README.md")) {
            let target = page.trim_start_matches("docs/");
            assert!(index.contains(&format!("]({target})")), "docs/README.md does not link `{target}`");
        }
    }

    #[test]
    fn every_link_leads_to_a_file_or_heading_that_is_there() {
        let links: Vec<(&str, String)> =
            PAGES.iter().flat_map(|page| links(&text(page)).into_iter().map(|link| (*page, link))).collect();
        assert!(links.len() > PAGES.len(), "the pages have links");
        let broken: Vec<String> = links
            .iter()
            .filter_map(|(page, link)| broken(page, link).map(|why| format!("{page}: `{link}` {why}")))
            .collect();
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }

    #[test]
    fn a_link_to_nothing_is_found() {
        assert!(broken("docs/README.md", "guides/nothing.md").is_some());
        assert!(broken("docs/guides/urls.md", "../../settings.md").is_some());
        assert!(broken("docs/README.md", "guides/urls.md#no-such-heading").is_some());
        assert_eq!(broken("docs/README.md", "guides/urls.md#reverse"), None);
    }

    #[test]
    fn every_command_line_has_a_verb_and_flags_that_exist() {
        let lines: Vec<(&str, String)> = console_lines().collect();
        assert!(lines.len() > 20, "the pages have command lines");
        let wrong: Vec<String> = lines
            .iter()
            .flat_map(|(page, line)| unknown(line).map(|what| format!("{page}: `{line}`: {what}")))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn every_command_that_replaces_one_of_the_reference_exists() {
        let page = text("docs/tutorial/commands.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.rsplit_once(" | "));
        let ours: Vec<&str> = rows.flat_map(|(_, here)| here.split('`').skip(1).step_by(2)).collect();
        assert!(ours.len() > 25, "{ours:?}");
        let wrong: Vec<String> = ours.iter().filter_map(|line| unknown(line)).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        // These are ours alone, and replace no line.
        let alone = ["completions", "healthcheck", "help", "jwt"];
        let (there, _) = verbs();
        let named = |verb: &&String| ours.iter().any(|line| line.split(' ').any(|word| word == verb.as_str()));
        let missing: Vec<&String> =
            there.iter().filter(|verb| !alone.contains(&verb.as_str())).filter(|verb| !named(verb)).collect();
        assert!(missing.is_empty(), "not in docs/tutorial/commands.md: {missing:?}");
    }

    #[test]
    fn the_readmes_proof_figures_are_those_of_the_judge() {
        let page = text("COMPATIBILITY.md");
        let row = |name: &str| -> Vec<usize> {
            let row = page.lines().find(|line| line.starts_with(&format!("| **all, {name}** |"))).expect("a sum");
            row.split(" | ").filter_map(|cell| cell.trim_end_matches([' ', '|']).parse().ok()).collect()
        };
        let readme = text("README.md");
        let said = readme.split("more than ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a figure");
        let said: usize = said.replace(',', "").parse().expect("a number");
        for name in ["SQLite", "PostgreSQL"] {
            let figures = row(name);
            assert!(figures[0] > said && figures[0] < said + 1000, "{name}: {figures:?}, README.md says {said}");
            assert_eq!(figures.last(), Some(&0), "{name}: what differs otherwise");
        }
    }

    #[test]
    fn a_wrong_verb_or_flag_is_found() {
        assert!(unknown("cargo manage serv").is_some());
        assert!(unknown("quintet startproject x --databas sqlite").is_some());
        assert!(unknown("cd x && DEBUG=False cargo manage check --deplo").is_some());
        assert!(unknown("cd x && DEBUG=False cargo manage check --deploy").is_none());
    }

    #[test]
    fn outputs_that_are_shown_are_what_the_demo_prints() {
        let shown: Vec<(&str, String, String)> = runs().collect();
        assert!(shown.len() > 3, "the pages have blocks that are run");
        for (page, line, expected) in shown {
            assert_eq!(printed(&line).trim_end(), expected.trim_end(), "{page}: {line}");
        }
    }

    #[test]
    fn the_reference_has_every_command_with_every_flag() {
        let page = text("docs/reference/commands.md");
        let (there, later) = verbs();
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        for verb in there {
            assert!(headings.contains(&verb.as_str()), "`{verb}` has no heading");
            let own = section(&page, verb);
            for flag in flags(&help(verb)).difference(&flags(&section(&page, "Options of every command"))) {
                assert!(flags(&own).contains(flag), "`{verb}` has a flag `{flag}` that is not in its section");
            }
        }
        for verb in later {
            assert!(
                page.contains(&format!("\n| `{verb}` |")),
                "`{verb}` is not in the table of what is not in this version"
            );
        }
    }

    #[test]
    fn the_limits_in_the_guides_are_the_defaults() {
        let server = quintet::settings::Server::default();
        let (bytes, headers) = (server.max_header_bytes, server.max_headers);
        let grouped = |number: u64| {
            let digits = number.to_string();
            let groups: Vec<&str> =
                digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
            groups.join(",")
        };
        let serving = [
            format!("| `max_header_bytes`, `max_headers` | {} KiB and {headers} |", bytes / 1024),
            format!("| `max_body_bytes` | {} MiB |", server.max_body_bytes / 1024 / 1024),
            format!("| `header_timeout` | {} s |", server.header_timeout.as_secs()),
            format!(
                "| `body_timeout`, `body_rate` | {} s and {} |",
                server.body_timeout.as_secs(),
                grouped(server.body_rate)
            ),
            format!("| `write_timeout` | {} s |", server.write_timeout.as_secs()),
            format!("| `keep_alive_timeout` | {} s |", server.keep_alive_timeout.as_secs()),
            format!("| `max_connections` | {} |", grouped(server.max_connections as u64)),
            format!("`server.shutdown_grace` ({} s)", server.shutdown_grace.as_secs()),
        ];
        let http = quintet::settings::Http::default();
        let (upload, fields) = (http.data_upload_max_memory_size, http.data_upload_max_number_fields);
        let upload = upload.map_or_else(|| "None".to_owned(), |size| format!("Some({})", grouped(size as u64)));
        let security = [
            format!("| `http.data_upload_max_memory_size` | `{}` |", upload.replace(',', "_")),
            format!("| `http.data_upload_max_number_fields` | `{fields:?}` |"),
            format!("| `server.max_body_bytes` | {} |", grouped(server.max_body_bytes)),
            format!("| `server.max_header_bytes`, `server.max_headers` | {} and {headers} |", grouped(bytes as u64)),
        ];
        let pages = [("docs/guides/serving.md", &serving[..]), ("docs/guides/security.md", &security[..])];
        for (page, facts) in pages {
            let page_text = text(page);
            for fact in facts {
                assert!(page_text.contains(fact), "{page} does not say: {fact}");
            }
        }
    }

    #[test]
    fn the_reference_has_every_check() {
        let page = text("docs/reference/checks.md");
        let ids = check_ids();
        assert!(ids.len() > 30, "{ids:?}");
        let missing: Vec<&String> = ids.iter().filter(|id| !page.contains(&format!("| `{id}` |"))).collect();
        assert!(missing.is_empty(), "not in docs/reference/checks.md: {missing:?}");
    }

    fn collect_pages(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                collect_pages(&entry, found);
            } else if entry.extension().is_some_and(|extension| extension == "md") {
                let path = entry.strip_prefix(checkout()).expect("inside the checkout");
                found.insert(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }

    fn links(page: &str) -> Vec<String> {
        let (prose, _) = split(page);
        let targets = prose.iter().flat_map(|line| line.split("](").skip(1));
        let targets = targets.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned());
        targets.filter(|target| !target.starts_with("http:") && !target.starts_with("https:")).collect()
    }

    fn broken(page: &str, link: &str) -> Option<String> {
        let (path, heading) = link.split_once('#').unwrap_or((link, ""));
        let target = target(page, path);
        // What a measurement writes may not have been written yet.
        if GENERATED.contains(&target.as_str()) {
            return None;
        }
        let file = checkout().join(&target);
        if !file.exists() {
            return Some("leads to no file".to_owned());
        }
        if heading.is_empty() {
            return None;
        }
        let there = fs::read_to_string(&file).ok()?.lines().any(|line| line.starts_with('#') && slug(line) == heading);
        (!there).then(|| "leads to no heading".to_owned())
    }

    /// The file that a page's link names, from the checkout's folder.
    fn target(page: &str, path: &str) -> String {
        if path.is_empty() {
            return page.to_owned();
        }
        let mut parts: Vec<&str> = page.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        parts.join("/")
    }

    /// A heading as its page's address has it.
    fn slug(heading: &str) -> String {
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        heading.trim_start_matches('#').trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
    }

    fn console_lines() -> impl Iterator<Item = (&'static str, String)> {
        PAGES.iter().flat_map(|page| {
            let text = text(page);
            let (_, blocks) = split(&text);
            let lines = blocks.into_iter().filter(|(info, _)| *info == "console").flat_map(|(_, lines)| lines);
            let typed = lines.filter_map(|line| line.trim_start().strip_prefix("$ "));
            typed.map(|line| (*page, line.to_owned())).collect::<Vec<_>>()
        })
    }

    /// Commands of blocks marked `console run`, each with what the page says it prints.
    fn runs() -> impl Iterator<Item = (&'static str, String, String)> {
        PAGES.iter().flat_map(|page| {
            let text = text(page);
            let (_, blocks) = split(&text);
            let mut runs: Vec<(&str, String, String)> = Vec::new();
            for line in blocks.into_iter().filter(|(info, _)| *info == "console run").flat_map(|(_, lines)| lines) {
                match (line.strip_prefix("$ "), runs.last_mut()) {
                    (Some(typed), _) => runs.push((*page, typed.to_owned(), String::new())),
                    (None, Some((_, _, expected))) => *expected += &format!("{line}\n"),
                    (None, None) => panic!("{page}: `{line}` comes before a command"),
                }
            }
            runs
        })
    }

    /// What is wrong with the first of our commands on a line, if anything.
    fn unknown(line: &str) -> Option<String> {
        line.split("&&").find_map(|part| unknown_part(part.split(" #").next().unwrap_or(part)))
    }

    fn unknown_part(part: &str) -> Option<String> {
        let words: Vec<&str> = part.split_whitespace().skip_while(|word| is_assignment(word)).collect();
        let (verb, rest) = match words.as_slice() {
            ["cargo", "manage", rest @ ..] | ["quintet", rest @ ..] => rest.split_first()?,
            // Generated programs are called `mysite` throughout.
            [program, rest @ ..] if program.ends_with("/mysite") => rest.split_first()?,
            _ => return None,
        };
        if ["help", "version", "--version", "--help"].contains(verb) || own_commands().contains(*verb) {
            return None;
        }
        let installed = words[0] == "quintet" && ["startproject", "startapp", "completions"].contains(verb);
        let (there, later) = verbs();
        if !installed && !there.contains(*verb) && !later.contains(*verb) {
            return Some(format!("there is no command `{verb}`"));
        }
        if *verb == "test" || later.contains(*verb) {
            return None;
        }
        let known = flags(&if installed { quintet_help(verb) } else { help(verb) });
        let used = rest.iter().take_while(|word| **word != "--").filter(|word| word.starts_with('-'));
        used.map(|word| word.split('=').next().unwrap_or(word))
            .find(|flag| !known.contains(*flag))
            .map(|flag| format!("there is no flag `{flag}`"))
    }

    fn is_assignment(word: &str) -> bool {
        word.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    }

    /// Verbs that the pages themselves define.
    fn own_commands() -> &'static BTreeSet<String> {
        static OWN: OnceLock<BTreeSet<String>> = OnceLock::new();
        OWN.get_or_init(|| {
            let pages: String = PAGES.iter().map(|page| text(page)).collect();
            let named = pages.split("name: \"").skip(1).filter_map(|rest| rest.split_once('"'));
            named.map(|(name, _)| name.to_owned()).collect()
        })
    }

    /// Words that begin with a hyphen, as a help text or a table has them.
    fn flags(text: &str) -> BTreeSet<String> {
        let words = text.split(|c: char| c.is_whitespace() || ",`|[]<>=()".contains(c));
        words
            .filter(|word| {
                word.starts_with('-') && word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphanumeric())
            })
            .map(|word| word.trim_end_matches('.').to_owned())
            .collect()
    }

    /// The text below a heading of the second level.
    fn section(page: &str, heading: &str) -> String {
        let below = page.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
        below.take_while(|line| !line.starts_with("## ")).collect::<Vec<_>>().join("\n")
    }

    /// The verbs that are there, and those that are not in this version.
    fn verbs() -> &'static (BTreeSet<String>, BTreeSet<String>) {
        static VERBS: OnceLock<(BTreeSet<String>, BTreeSet<String>)> = OnceLock::new();
        VERBS.get_or_init(|| {
            let all = notes(&["help", "--commands"]).out;
            all.lines().map(str::to_owned).partition(|verb| !help(verb).starts_with("Not in this version"))
        })
    }

    fn help(verb: &str) -> String {
        notes(&["help", verb]).out
    }

    fn quintet_help(verb: &str) -> String {
        run(command(program("quintet")).args(["help", verb])).out
    }

    /// The demo, in an empty folder and with no variable of ours, so that only its defaults count.
    fn notes(args: &[&str]) -> Said {
        printed_by(args, &[])
    }

    fn printed_by(args: &[&str], variables: &[&str]) -> Said {
        let folder = Folder::new("docs");
        let set = variables.iter().filter_map(|variable| variable.split_once('='));
        let mut notes = command(program("notes"));
        run(notes.args(args).envs(set).env_remove("CORS_ALLOWED_ORIGINS").current_dir(folder.path()))
    }

    /// Both streams of a `cargo manage` line of a page, run as the demo's.
    fn printed(line: &str) -> String {
        let (variables, words): (Vec<&str>, Vec<&str>) = line.split_whitespace().partition(|word| is_assignment(word));
        let ["cargo", "manage", args @ ..] = words.as_slice() else { panic!("`{line}` is not `cargo manage ..`") };
        let said = printed_by(args, &variables);
        said.out + &said.err
    }

    /// The ids in the sources of the framework, wherever a check names one.
    fn check_ids() -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        for room in ["quintet-core/src/check", "quintet-web/src/routing", "quintet/src"] {
            collect_ids(&checkout().join("crates").join(room), &mut ids);
        }
        ids
    }

    fn collect_ids(path: &Path, ids: &mut BTreeSet<String>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).expect("a folder") {
                collect_ids(&entry.expect("an entry").path(), ids);
            }
            return;
        }
        let source = fs::read_to_string(path).unwrap_or_default();
        ids.extend(source.split('"').filter(|text| is_check_id(text)).map(str::to_owned));
    }

    fn is_check_id(text: &str) -> bool {
        let Some((family, number)) = text.split_once('.') else {
            return false;
        };
        let digits = number.strip_prefix(['E', 'W']).unwrap_or_default();
        ["quintet", "security", "corsheaders", "urls", "models", "fields", "auth", "contenttypes", "2_0"]
            .contains(&family)
            && digits.len() == 3
            && digits.bytes().all(|b| b.is_ascii_digit())
    }
}
