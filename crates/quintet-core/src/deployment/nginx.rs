//! A site of nginx before the program: HTTPS, files that nginx sends by itself, and the rest handed on.
//!
//! What the program believes of a proxy, nginx says, and overwrites what a client says; what the program does not believe
//! never reaches it.

use std::time::Duration;

use super::quote::nginx as quoted;
use super::{Facts, File, Unfit};

/// The file, in the folder `deploy`.
pub fn files(facts: &Facts) -> Result<Vec<File>, Unfit> {
    Ok(vec![File { path: format!("deploy/{}.nginx.conf", facts.name()?), text: text(facts)? }])
}

fn text(facts: &Facts) -> Result<String, Unfit> {
    let name = facts.name()?;
    let (names, certificate) = (server_names(facts), certificate(facts));
    Ok(format!(
        "# /etc/nginx/sites-enabled/{name}.conf, then `nginx -t && systemctl reload nginx`.
upstream {name} {{
    # The socket of the unit; for the container, `server 127.0.0.1:8000;`.
    server unix:{socket};
{keepalive}}}

server {{
    listen 80;
    listen [::]:80;
    server_name {names};
    return 301 https://$host$request_uri;
}}

server {{
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name {names};

    ssl_certificate \"/etc/letsencrypt/live/{certificate}/fullchain.pem\";
    ssl_certificate_key \"/etc/letsencrypt/live/{certificate}/privkey.pem\";
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:{name}:10m;
    ssl_session_tickets off;
    server_tokens off;

    # The same as the setting `server.max_body_bytes`; 0 is no limit.
    client_max_body_size {body};

    location / {{
        try_files /dev/null @site;
    }}
{own}
    location @site {{
        proxy_pass http://{name};
        proxy_http_version 1.1;
        proxy_set_header Connection \"\";
        proxy_set_header Host $host;
{forwarded}        proxy_next_upstream off;
    }}
}}
",
        socket = facts.socket()?,
        keepalive = keepalive(facts.keep_alive),
        body = facts.max_body_bytes,
        own = [health(facts)?, assets(facts)?, media(facts)?].concat(),
        forwarded = forwarded(facts)?,
    ))
}

/// Fewer seconds than the program keeps a connection, so that it is not the program that closes under a request.
fn keepalive(kept: Duration) -> String {
    let seconds = match kept.as_secs() {
        0 => 60,
        kept => kept.saturating_sub(5).min(60),
    };
    if seconds == 0 { String::new() } else { format!("    keepalive 32;\n    keepalive_timeout {seconds}s;\n") }
}

/// The names of the settings that are names of a site; those of this machine alone, where there are no others.
fn server_names(facts: &Facts) -> String {
    let hosts: Vec<&str> = facts.hosts.iter().map(String::as_str).filter(|host| is_name(host)).collect();
    let public: Vec<&str> = hosts.iter().copied().filter(|host| !is_local(host)).collect();
    match public.as_slice() {
        [] => EXAMPLE.to_owned(),
        names => names.join(" "),
    }
}

/// Stands where the settings name no host of a site.
pub(super) const EXAMPLE: &str = "example.com";

/// The name by which certificates are commonly kept: the first one.
fn certificate(facts: &Facts) -> String {
    let names = server_names(facts);
    names.split(' ').next().unwrap_or(EXAMPLE).trim_start_matches('.').to_owned()
}

/// Letters, digits, dots and hyphens; a dot at the begin is everything below. `*` names nothing.
fn is_name(host: &str) -> bool {
    let rest = host.strip_prefix('.').unwrap_or(host);
    rest.starts_with(|first: char| first.is_ascii_alphanumeric())
        && rest.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(letter))
}

pub(super) fn is_local(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "testserver"
}

/// Whether a public name is among the settings' hosts.
pub(super) fn has_public_name(facts: &Facts) -> bool {
    facts.hosts.iter().any(|host| is_name(host) && !is_local(host))
}

/// Health is for machines that watch this one, not for visitors.
fn health(facts: &Facts) -> Result<String, Unfit> {
    let mut text = String::new();
    for (what, path) in [("`server.livez`", &facts.livez), ("`server.readyz`", &facts.readyz)] {
        if !path.is_empty() {
            text += &format!("\n    location = {} {{\n        return 404;\n    }}\n", quoted((what, path))?);
        }
    }
    Ok(text)
}

/// Files whose names have a digest of their content. One that was not collected yet is the program's.
fn assets(facts: &Facts) -> Result<String, Unfit> {
    let root = Facts::folder(&facts.home()?, &facts.static_root);
    if root.is_empty() || facts.frontend.is_none() {
        return Ok(String::new());
    }
    Ok(format!(
        "
    # What `{name} collectstatic --noinput` puts there, with the variants that the build compressed.
    location ^~ /assets/ {{
        root {};
        gzip_static on;
        gzip_vary on;
        add_header Cache-Control \"public, max-age=31536000, immutable\";
        add_header X-Content-Type-Options nosniff;
        try_files $uri @site;
    }}
",
        quoted(("`static_root`", &root))?,
        name = facts.name()?,
    ))
}

/// Files of strangers: no browser guesses their type or runs them.
fn media(facts: &Facts) -> Result<String, Unfit> {
    let root = Facts::folder(&facts.home()?, &facts.media_root);
    let (false, Some(path)) = (root.is_empty(), &facts.media_path) else { return Ok(String::new()) };
    Ok(format!(
        "
    # What visitors have uploaded. nginx must be in the group `{}`: `usermod --append --groups {} www-data`.
    location ^~ {} {{
        alias {};
        add_header X-Content-Type-Options nosniff always;
        add_header Content-Security-Policy \"default-src 'none'; sandbox\" always;
    }}
",
        facts.name()?,
        facts.name()?,
        quoted(("`media_url`", path))?,
        quoted(("`media_root`", &format!("{root}/")))?,
    ))
}

/// Who the client is and how it came, in the words that the settings believe.
fn forwarded(facts: &Facts) -> Result<String, Unfit> {
    let mut text = String::new();
    let mut set = |name: &str, value: &str| text += &format!("        proxy_set_header {name} {value};\n");
    // With another proxy before this one, the list that it began goes on; else it begins here, whatever the client says.
    set("X-Forwarded-For", if facts.trusted_proxies > 1 { "$proxy_add_x_forwarded_for" } else { "$remote_addr" });
    set("X-Forwarded-Host", if facts.is_forwarded_host { "$host" } else { "\"\"" });
    set("X-Forwarded-Port", if facts.is_forwarded_port { "$server_port" } else { "\"\"" });
    set("Forwarded", "\"\"");
    match &facts.ssl_header {
        None => set("X-Forwarded-Proto", "$scheme"),
        Some((header, value)) => {
            let what = "`security.proxy_ssl_header`";
            let header = header_name((what, header))?;
            // Everything that comes here came by HTTPS: the other server only redirects.
            set(header, &quoted((what, value))?);
            if !header.eq_ignore_ascii_case("x-forwarded-proto") {
                set("X-Forwarded-Proto", "$scheme");
            }
        }
    }
    Ok(text)
}

fn header_name<'a>((what, name): (&str, &'a str)) -> Result<&'a str, Unfit> {
    let is_fit = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let why = "is no name of a header that nginx sends";
    if is_fit { Ok(name) } else { Err(Unfit { what: what.to_owned(), value: name.to_owned(), why }) }
}
