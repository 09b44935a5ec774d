//! What is in the files, and that no value is more than a value there.

use super::*;

fn facts() -> Facts {
    Facts {
        program: "mysite".to_owned(),
        rust: "1.95".to_owned(),
        frontend: Some("frontend".to_owned()),
        checkout: None,
        project: ".".to_owned(),
        dockerfile: "Dockerfile".to_owned(),
        engine: Engine::Postgres,
        database_variable: Some("DATABASE_URL".to_owned()),
        variables: ["ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "EMAIL_HOST", "SECRET_KEY"].map(str::to_owned).to_vec(),
        required: vec!["SECRET_KEY".to_owned()],
        hosts: vec!["example.org".to_owned(), ".example.net".to_owned(), "localhost".to_owned()],
        static_root: "/srv/static".to_owned(),
        media_root: "media".to_owned(),
        media_path: Some("/media/".to_owned()),
        livez: "/livez".to_owned(),
        readyz: "/readyz".to_owned(),
        trusted_proxies: 1,
        ssl_header: Some(("x-forwarded-proto".to_owned(), "https".to_owned())),
        is_forwarded_host: false,
        is_forwarded_port: false,
        max_body_bytes: 104_857_600,
        max_connections: 16_384,
        keep_alive: Duration::from_secs(75),
        shutdown_grace: Duration::from_secs(25),
    }
}

fn text(files: Result<Vec<File>, Unfit>, path: &str) -> String {
    files.unwrap().into_iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}")).text
}

#[test]
fn every_image_has_a_version_and_the_last_user_is_not_root() {
    let dockerfile = text(docker(&facts()), "Dockerfile");
    let images: Vec<&str> = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")).collect();
    assert_eq!(images.len(), 3);
    assert!(images.iter().all(|image| image.contains(':') && !image.contains("latest")), "{images:?}");
    let users: Vec<&str> = dockerfile.lines().filter(|line| line.starts_with("USER ")).collect();
    assert_eq!(users, ["USER 65532:65532"]);
}

#[test]
fn the_program_of_a_container_is_static_and_is_alone() {
    let dockerfile = text(docker(&facts()), "Dockerfile");
    let images: Vec<&str> = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")).collect();
    assert_eq!(images[1..], ["rust:1.95-alpine AS build", "gcr.io/distroless/static-debian12:nonroot"]);
}

#[test]
fn the_container_asks_its_own_program_how_it_is() {
    assert!(
        text(docker(&facts()), "Dockerfile")
            .contains(r#"CMD ["/usr/local/bin/mysite", "healthcheck", "127.0.0.1:8000"]"#)
    );
    let silent = Facts { livez: String::new(), readyz: String::new(), ..facts() };
    assert!(!text(docker(&silent), "Dockerfile").contains("HEALTHCHECK"));
}

#[test]
fn a_project_without_a_front_end_needs_no_node() {
    let dockerfile = text(docker(&Facts { frontend: None, ..facts() }), "Dockerfile");
    assert!(!dockerfile.contains("node") && !dockerfile.contains("--prebuilt"), "{dockerfile}");
}

#[test]
fn a_framework_in_a_folder_is_a_context_of_its_own() {
    let facts = Facts { checkout: Some("/home/ann/my quintet".to_owned()), ..facts() };
    let files = docker(&facts);
    assert!(
        text(files.clone(), "Dockerfile").contains(r#"COPY --from=quintet ["crates", "/home/ann/my quintet/crates"]"#)
    );
    assert!(text(files, "compose.yaml").contains("      quintet: \"/home/ann/my quintet\"\n"));
}

#[test]
fn compose_asks_for_what_must_be_there_and_hands_on_the_rest() {
    let compose = text(docker(&facts()), "compose.yaml");
    assert!(compose.contains("    SECRET_KEY: \"${SECRET_KEY:?set it in .env}\"\n"), "{compose}");
    assert!(compose.contains("    EMAIL_HOST:\n") && compose.contains("    DEBUG: \"False\"\n"), "{compose}");
    assert!(compose.contains("postgres://mysite:${POSTGRES_PASSWORD:?set it in .env}@db:5432/mysite"), "{compose}");
}

#[test]
fn a_site_with_a_file_has_no_server_beside_it() {
    let compose = text(docker(&Facts { engine: Engine::Sqlite, ..facts() }), "compose.yaml");
    assert!(compose.contains("    DATABASE_URL: \"sqlite:///data/db.sqlite3\"\n"), "{compose}");
    assert!(!compose.contains("postgres") && !compose.contains("db:"), "{compose}");
}

#[test]
fn settings_that_read_no_database_from_a_variable_get_no_container() {
    let refused = docker(&Facts { database_variable: None, ..facts() }).unwrap_err();
    assert_eq!(refused.why, "is read from no variable by the settings");
}

#[test]
fn the_service_may_write_the_folders_that_the_settings_name_outside_of_its_own() {
    let service = text(systemd(&facts()), "deploy/mysite.service");
    assert!(service.contains("ReadWritePaths=\"-/srv/static\"\n"), "{service}");
    assert_eq!(service.matches("ReadWritePaths").count(), 1, "{service}");
    assert!(service.contains("TimeoutStopSec=35\n") && service.contains("LimitNOFILE=17408\n"), "{service}");
}

#[test]
fn the_socket_of_the_unit_is_the_one_that_nginx_speaks_to() {
    assert!(text(systemd(&facts()), "deploy/mysite.socket").contains("ListenStream=/run/mysite.sock\n"));
    assert!(text(nginx(&facts()), "deploy/mysite.nginx.conf").contains("server unix:/run/mysite.sock;\n"));
}

#[test]
fn nginx_says_what_the_settings_believe_and_nothing_that_they_do_not() {
    let site = text(nginx(&facts()), "deploy/mysite.nginx.conf");
    for line in [
        "server_name example.org .example.net;",
        "client_max_body_size 104857600;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header x-forwarded-proto \"https\";",
        "proxy_set_header X-Forwarded-Host \"\";",
        "alias \"/var/lib/mysite/media/\";",
        "root \"/srv/static\";",
        "keepalive_timeout 60s;",
    ] {
        assert!(site.contains(line), "{line}: {site}");
    }
    let farther = Facts { trusted_proxies: 2, is_forwarded_host: true, keep_alive: Duration::from_secs(5), ..facts() };
    let site = text(nginx(&farther), "deploy/mysite.nginx.conf");
    assert!(site.contains("X-Forwarded-For $proxy_add_x_forwarded_for;") && site.contains("X-Forwarded-Host $host;"));
    assert!(!site.contains("keepalive"), "{site}");
}

#[test]
fn what_does_not_agree_with_the_settings_is_said() {
    assert_eq!(notes(&facts(), true, true), []);
    let plain = Facts {
        trusted_proxies: 0,
        ssl_header: None,
        hosts: vec!["localhost".to_owned(), "*".to_owned()],
        static_root: String::new(),
        engine: Engine::Sqlite,
        ..facts()
    };
    assert_eq!(
        (notes(&plain, true, true).len(), notes(&plain, false, true).len(), notes(&plain, true, false).len()),
        (5, 4, 1)
    );
    assert!(text(nginx(&plain), "deploy/mysite.nginx.conf").contains("server_name example.com;"));
}

/// Texts of every kind of character that means something to one of the three, by chance that repeats.
fn hostile() -> impl Iterator<Item = String> {
    const LETTERS: [&str; 24] = [
        "a", "/", " ", "\"", "'", "\\", "$", "${X}", "%", "%n", ";", "{", "}", "\n", "\r", "#", ":", "\0", "é", "*",
        "`", "&", "\u{2028}", "- ",
    ];
    let mut state = 7_u64;
    (0..20_000).map(move |_| {
        let mut text = String::from("/");
        for _ in 0..(state >> 40) % 9 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text += LETTERS[usize::try_from(state >> 33).unwrap_or_default() % LETTERS.len()];
        }
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        text
    })
}

#[test]
fn a_program_with_another_name_than_units_have_is_refused() {
    for text in hostile() {
        let facts = Facts { program: text, ..facts() };
        assert!(docker(&facts).is_err() && systemd(&facts).is_err() && nginx(&facts).is_err());
    }
}

/// The words of a directive, as nginx reads them: between quotation marks a backslash takes what follows.
fn nginx_words(text: &str) -> Vec<String> {
    let mut words = vec![];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\n' => {}
            '#' => while letters.next().is_some_and(|next| next != '\n') {},
            '{' | '}' | ';' => words.push(letter.to_string()),
            '"' => {
                let mut word = String::new();
                loop {
                    match letters.next().expect("a text that ends") {
                        '"' => break,
                        '\\' => word.extend(letters.next()),
                        other => word.push(other),
                    }
                }
                words.push(format!("\"{word}"));
            }
            other => {
                let mut word = String::from(other);
                while let Some(next) = letters.next_if(|next| !" ;{\n".contains(*next)) {
                    word.push(next);
                }
                words.push(word);
            }
        }
    }
    words
}

#[test]
fn no_value_of_the_settings_is_more_than_a_value_for_nginx() {
    let shape = |facts: &Facts| {
        nginx(facts).map(|files| nginx_words(&files[0].text)).map(|words| {
            words
                .into_iter()
                .map(|word| {
                    assert!(!word.contains(char::is_control), "{word:?}");
                    if word.starts_with('"') { "\"".to_owned() } else { word }
                })
                .collect::<Vec<_>>()
        })
    };
    let plain = shape(&facts()).unwrap();
    let mut written = 0;
    for text in hostile() {
        let facts = Facts {
            static_root: text.clone(),
            media_root: text.clone(),
            media_path: Some(text.clone()),
            livez: text.clone(),
            hosts: vec![text.clone(), "example.org".to_owned(), ".example.net".to_owned()],
            ssl_header: Some(("x-forwarded-proto".to_owned(), text.clone())),
            ..facts()
        };
        // A path that is nothing but slashes is no folder.
        if let (Ok(words), false) = (shape(&facts), text.trim_matches('/').is_empty()) {
            assert_eq!(words, plain, "{text:?}");
            written += 1;
        }
    }
    assert!(written > 500, "{written}");
}

#[test]
fn no_value_of_the_settings_is_more_than_a_value_for_systemd() {
    let plain = text(systemd(&facts()), "deploy/mysite.service").lines().count();
    let mut written = 0;
    for path in hostile() {
        let facts = Facts { static_root: path.clone(), ..facts() };
        let Ok(files) = systemd(&facts) else { continue };
        let lines: Vec<&str> = files[0].text.lines().collect();
        let Some(line) = lines.iter().find(|line| line.starts_with("ReadWritePaths=")) else { continue };
        assert_eq!(lines.len(), plain, "{path:?}");
        let inner = line.strip_prefix("ReadWritePaths=\"-").and_then(|rest| rest.strip_suffix('"')).unwrap();
        assert!(!inner.contains(['"', '\\', '$']), "{path:?}");
        assert_eq!(inner.replace("%%", "%"), path.trim_end_matches('/'), "{path:?}");
        assert_eq!(inner.replace("%%", "").matches('%').count(), 0, "{path:?}");
        written += 1;
    }
    assert!(written > 500, "{written}");
}

#[test]
fn no_path_is_more_than_a_path_in_a_dockerfile() {
    let instructions =
        |facts: &Facts| docker(facts).map(|files| files[0].text.lines().filter(|line| !line.starts_with('#')).count());
    let plain = instructions(&Facts { checkout: Some("/a".to_owned()), ..facts() }).unwrap();
    let mut written = 0;
    for path in hostile() {
        let facts = Facts { checkout: Some(path.clone()), frontend: Some(path.clone()), ..facts() };
        let Ok(found) = instructions(&facts) else { continue };
        assert_eq!(found, plain, "{path:?}");
        for line in
            docker(&facts).unwrap()[0].text.lines().filter(|line| line.starts_with("COPY ") && line.contains('['))
        {
            let list = &line[line.find('[').unwrap()..];
            let words: Vec<String> = serde_json::from_str(list).unwrap_or_else(|error| panic!("{list}: {error}"));
            assert!(words.iter().all(|word| !word.contains(['$', '\\', '\n'])), "{list}");
        }
        written += 1;
    }
    assert!(written > 500, "{written}");
}

#[test]
fn what_the_settings_read_is_a_variable_or_refused() {
    for name in hostile() {
        let facts = Facts { variables: vec![name.clone()], ..facts() };
        assert!(docker(&facts).is_err(), "{name:?}");
        let facts = Facts { database_variable: Some(name.clone()), ..self::facts() };
        assert!(docker(&facts).is_err(), "{name:?}");
    }
}

#[test]
fn a_refusal_names_the_setting_and_the_value() {
    let facts = Facts { static_root: "/srv/$x".to_owned(), ..facts() };
    let told = nginx(&facts).unwrap_err().to_string();
    assert_eq!(told, "`static_root` is \"/srv/$x\", which cannot stand in a site of nginx");
}
