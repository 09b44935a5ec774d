//! A real nginx with the generated site, in front of a real program, asked by a real client.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use quintet_tests::support::{Answer, Server, command, exchange, parsed, run};

use super::{Project, found, skipped};

/// The server in front, as a user who may do nothing; it ends with the test.
struct Nginx {
    process: Child,
    plain: u16,
    encrypted: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // By its name for "end": its workers end with it.
        let _ = Command::new("/bin/sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status();
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn nginx() -> Option<PathBuf> {
    let here = found(&["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"]);
    if here.is_none() {
        skipped("nginx (scripts/bootstrap nginx)");
    }
    here
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// nginx as a user without rights, also where the tests are root's.
fn ordinary(project: &Project, nginx: &Path, args: &[&str]) -> Command {
    let setpriv = found(&["/usr/bin/setpriv", "/bin/setpriv"]);
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut words = vec![];
    if let (true, Some(setpriv)) = (is_root, setpriv) {
        words.extend([
            setpriv.display().to_string(),
            "--reuid=65534".into(),
            "--regid=65534".into(),
            "--clear-groups".into(),
        ]);
    }
    words.push(nginx.display().to_string());
    let folder = project.folder().display().to_string();
    words.extend(["-p".into(), folder, "-e".into(), "error.log".into(), "-c".into(), "nginx.conf".into()]);
    words.extend(args.iter().map(|arg| (*arg).to_owned()));
    let mut command = command(&words[0]);
    command.args(&words[1..]).current_dir(project.folder());
    command
}

/// The generated site with ports, a certificate and a socket that a test can have, and what stands around a site.
fn configure(project: &Project, plain: u16, encrypted: u16) {
    project.does(&["generatedeployment", "nginx"]);
    let site = project.text("deploy/deployed.nginx.conf");
    let folder = project.folder().display().to_string();
    let certificates = "/etc/letsencrypt/live/example.org";
    for there in ["listen 80;", "listen 443 ssl http2;", "unix:/run/deployed.sock", certificates] {
        assert!(site.contains(there), "{there}: {site}");
    }
    let site = site
        .replace("    listen [::]:80;\n", "")
        .replace("    listen [::]:443 ssl http2;\n", "")
        .replace("listen 80;", &format!("listen 127.0.0.1:{plain};"))
        .replace("listen 443 ", &format!("listen 127.0.0.1:{encrypted} "))
        .replace("/run/deployed.sock", &format!("{folder}/site.sock"))
        .replace(certificates, &folder);
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("    {name}_temp_path temporary/{name};\n"))
        .collect();
    project.write(
        "nginx.conf",
        &format!(
            "daemon off;\npid nginx.pid;\nerror_log error.log;\nevents {{}}\nhttp {{\n    types {{ application/javascript js; \
             text/html html; }}\n    access_log access.log;\n{temporary}{site}}}\n"
        ),
    );
    let openssl = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=example.org -keyout privkey.pem -out fullchain.pem";
    let made = run(command("/bin/sh").args(["-c", openssl]).current_dir(project.folder()));
    assert_eq!(made.code, 0, "{made:?}");
    let open = run(command("/bin/sh").args(["-c", "mkdir temporary; chmod -R a+rwX ."]).current_dir(project.folder()));
    assert_eq!(open.code, 0, "{open:?}");
}

fn started(project: &Project, nginx: &Path) -> Nginx {
    let plain = free_port();
    // What is free can be told twice.
    let encrypted = std::iter::repeat_with(free_port).find(|port| *port != plain).expect("another port");
    configure(project, plain, encrypted);
    let checked = run(&mut ordinary(project, nginx, &["-t"]));
    assert_eq!(checked.code, 0, "{checked:?}");
    assert!(!checked.err.contains("[warn]"), "{checked:?}");
    let process = ordinary(project, nginx, &[]).spawn().expect("it starts");
    let nginx = Nginx { process, plain, encrypted };
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", encrypted)).is_err() {
        assert!(Instant::now() < end, "nginx does not start: {}", project.text("error.log"));
        std::thread::sleep(Duration::from_millis(20));
    }
    nginx
}

impl Nginx {
    fn ask(&self, path: &str, options: &[&str]) -> Answer {
        let site = format!("example.org:{}", self.encrypted);
        let mut curl = command("curl");
        curl.args(["-sik", "--max-time", "20", "--resolve", &format!("{site}:127.0.0.1")]).args(options);
        let said = run(curl.arg(format!("https://{site}{path}")));
        assert_eq!(said.code, 0, "{path}: {said:?}");
        parsed(said.out.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}: {said:?}"))
    }
}

/// All of it: nginx, the program behind it, and the project of both; nginx ends first.
struct Site {
    nginx: Nginx,
    _program: Server,
    place: String,
    project: Project,
}

/// The site with its files collected, an upload, a file that only nginx has and one that only the program has.
fn standing(name: &str) -> Option<Site> {
    let program = nginx()?;
    let project = Project::new(name);
    project.does(&["migrate"]);
    // Absolute, as on a server: what is relative would be below the service's own folder.
    let folder = project.folder().display().to_string();
    let variables = format!("STATIC_ROOT={folder}/static\nMEDIA_ROOT={folder}/media\nALLOWED_HOSTS=example.org\n");
    project.write(".env", &variables);
    project.write("media/a.html", "<script>alert(1)</script>");
    project.does(&["collectstatic", "--noinput"]);
    project.write("static/assets/only-in-the-folder-3c4d.js", "by nginx");
    project.write("frontend/dist/assets/not-yet-collected-5e6f.js", "by the program");
    let place = format!("unix:{folder}/site.sock");
    let served = Server::start(&mut project.program(&["serve", &place, "--socket-mode", "666"]));
    Some(Site { nginx: started(&project, &program), _program: served, place, project })
}

#[test]
fn pages_come_from_the_program_with_its_own_headers() {
    let Some(site) = standing("nginx-pages") else { return };
    let page = site.nginx.ask("/login", &["-H", "Accept: text/html"]);
    assert_eq!((page.status, page.body.as_str()), (200, "<p>page"));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'self'")));
}

#[test]
fn files_with_a_digest_in_their_names_come_from_nginx_for_good_and_compressed() {
    let Some(site) = standing("nginx-assets") else { return };
    let asset = site.nginx.ask("/assets/app-1a2b.js", &[]);
    assert_eq!((asset.status, asset.body.as_str()), (200, "script"));
    assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(asset.header("x-content-type-options"), Some("nosniff"));
    let gzipped = site.nginx.ask("/assets/app-1a2b.js", &["-H", "Accept-Encoding: gzip"]);
    assert_eq!((gzipped.header("content-encoding"), gzipped.body.as_str()), (Some("gzip"), "script, gzipped"));
    assert_eq!(gzipped.header("vary"), Some("Accept-Encoding"));
    assert_eq!(site.nginx.ask("/assets/only-in-the-folder-3c4d.js", &[]).body, "by nginx");
}

#[test]
fn a_file_that_is_not_collected_comes_from_the_program_and_one_that_is_nowhere_is_not_kept() {
    let Some(site) = standing("nginx-late") else { return };
    assert_eq!(site.nginx.ask("/assets/not-yet-collected-5e6f.js", &[]).body, "by the program");
    let gone = site.nginx.ask("/assets/gone.js", &[]);
    assert_eq!(gone.status, 404);
    assert!(!gone.header("cache-control").is_some_and(|kept| kept.contains("immutable")), "{gone:?}");
}

#[test]
fn what_visitors_have_uploaded_runs_nothing_and_leads_nowhere() {
    let Some(site) = standing("nginx-media") else { return };
    let uploaded = site.nginx.ask("/media/a.html", &[]);
    assert_eq!(uploaded.status, 200);
    assert_eq!(uploaded.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert_eq!(uploaded.header("x-content-type-options"), Some("nosniff"));
    for path in ["/media/../privkey.pem", "/media/%2e%2e/privkey.pem", "/media../privkey.pem"] {
        assert_eq!(site.nginx.ask(path, &["--path-as-is"]).status, 404, "{path}");
    }
}

#[test]
fn the_site_sees_the_clients_own_address_whatever_the_client_says() {
    let Some(site) = standing("nginx-client") else { return };
    let forged = ["X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: http", "X-Forwarded-Host: evil.example"];
    let options = forged.iter().flat_map(|header| ["-H", header]).chain(["--interface", "127.0.0.2"]);
    let seen = site.nginx.ask("/api/client/", &options.collect::<Vec<_>>());
    assert_eq!(seen.status, 200, "{seen:?}");
    assert_eq!(seen.body, r#"{"ip":"127.0.0.2","scheme":"https","host":"example.org"}"#);
}

#[test]
fn both_have_the_same_limit_of_bodies() {
    let Some(site) = standing("nginx-bodies") else { return };
    let fits = site.nginx.ask("/api/size/", &["-d", &"x".repeat(1000)]);
    assert_eq!((fits.status, fits.body.as_str()), (200, "1000"));
    assert_eq!(site.nginx.ask("/api/size/", &["-d", &"x".repeat(1001)]).status, 413);
}

#[test]
fn health_is_for_this_machine_and_not_for_visitors() {
    let Some(site) = standing("nginx-health") else { return };
    for path in ["/livez", "/readyz"] {
        assert_eq!(site.nginx.ask(path, &["-H", "Accept: text/html"]).status, 404, "{path}");
    }
    assert!(site.project.does(&["healthcheck", &site.place]).contains("can serve"));
}

#[test]
fn plain_http_leads_to_https() {
    let Some(site) = standing("nginx-plain") else { return };
    let request = "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n";
    let plain = exchange(([127, 0, 0, 1], site.nginx.plain).into(), request).expect("an answer");
    assert_eq!((plain.status, plain.header("location")), (301, Some("https://example.org/a?b=c")));
}

#[test]
fn nginx_takes_odd_folders_as_they_are_and_the_command_refuses_what_it_cannot_write() {
    let Some(program) = nginx() else { return };
    let project = Project::new("nginx-odd");
    let folder = format!("{}/a b;{{}}#%d~^é", project.folder().display());
    project.write(".env", &format!("STATIC_ROOT='{folder}'\nALLOWED_HOSTS='example.org,evil;}} #,*'\n"));
    fs::create_dir_all(&folder).expect("made");
    project.does(&["collectstatic", "--noinput"]);
    let nginx = started(&project, &program);
    // No program stands behind it: this can only be the folder's.
    assert_eq!(nginx.ask("/assets/app-1a2b.js", &[]).body, "script");
    drop(nginx);
    for bad in ["/srv/a\"b", "/srv/$uri", "/srv/a\\\\b"] {
        let mut generate = project.program(&["generatedeployment", "nginx", "systemd", "--out", "other"]);
        let said = run(generate.env("STATIC_ROOT", bad));
        assert!(said.code == 1 && said.err.contains("`static_root` is "), "{bad}: {said:?}");
        assert!(!project.has("other"), "{bad}");
    }
}
