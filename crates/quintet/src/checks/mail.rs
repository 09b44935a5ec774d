//! Checks of e-mail: settings that contradict each other, and links that lead nowhere.

use quintet_core::check::Message;
use quintet_web::Site;
use quintet_web::auth::link_template;
use quintet_web::mail::EmailBackend;

use crate::Settings;

pub(super) fn mail(settings: &Settings) -> Vec<Message> {
    let email = &settings.email;
    let mut messages = vec![];
    if email.use_tls && email.use_ssl {
        messages.push(Message::error(
            "quintet.E030",
            "`email.use_tls` and `email.use_ssl` exclude each other.",
            "Leave `use_tls` for port 587, or `use_ssl` for port 465.",
        ));
    }
    if email.ssl_keyfile.is_some() && email.ssl_certfile.is_none() {
        messages.push(Message::error(
            "quintet.E034",
            "`email.ssl_keyfile` is the key of no certificate.",
            "Name the certificate by `email.ssl_certfile`, or leave `ssl_keyfile` out.",
        ));
    }
    if cfg!(not(feature = "tls")) && (email.use_tls || email.use_ssl) {
        messages.push(Message::error(
            "quintet.E031",
            "The connection to the server of e-mail shall be encrypted, and this program was built without TLS.",
            "Turn it on with `features = [\"tls\"]` of `quintet` in Cargo.toml.",
        ));
    }
    match &email.file_path {
        None if matches!(email.backend, EmailBackend::File) => messages.push(Message::error(
            "quintet.E032",
            "`email.backend` writes files, and `email.file_path` names no folder for them.",
            "Name one: `file_path: Some(\"/tmp/messages\".into())`.",
        )),
        // One that is not there is made.
        Some(file) if file.exists() && !file.is_dir() => messages.push(Message::error(
            "quintet.E032",
            format!("`email.file_path` is `{}`, which is no folder.", file.display()),
            "Name a folder, or a place where one can be made.",
        )),
        _ => {}
    }
    messages.extend(links(settings));
    messages
}

/// Where passwords can be reset, the links have to lead somewhere.
fn links(settings: &Settings) -> Option<Message> {
    let problem = link_template(&settings.auth).err()?;
    let site = Site::build(settings.site_options()).ok()?;
    let view = std::any::type_name::<quintet_web::auth::PasswordResetView>();
    site.route_table().view_names().find(|name| *name == view)?;
    let (text, hint) = problem.split_once("\nhint: ").unwrap_or((&problem, "Set `auth.frontend_origin`."));
    Some(Message::error("quintet.E033", text, hint))
}

/// What matters in production alone.
pub(super) fn deployed(settings: &Settings) -> Vec<Message> {
    let email = &settings.email;
    let mut messages = vec![];
    let is_near = ["localhost", "127.0.0.1", "::1"].contains(&email.host.as_str());
    let is_smtp = matches!(email.backend, EmailBackend::Smtp);
    let logs_in = !email.host_user.is_empty() && !email.host_password.is_empty();
    if is_smtp && logs_in && !is_near && !email.use_tls && !email.use_ssl {
        messages.push(Message::warning(
            "quintet.W030",
            "The password of the server of e-mail goes there in the clear.",
            "Set `email.use_tls` (port 587) or `email.use_ssl` (port 465).",
        ));
    }
    let template = link_template(&settings.auth).unwrap_or_default();
    if template.starts_with("http://") {
        messages.push(Message::warning(
            "quintet.W031",
            "Links that reset passwords are sent with `http://`: whoever reads along can use them.",
            "Write `https://` into `auth.frontend_origin`.",
        ));
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;
    use crate::settings::{Auth, EmailSettings};

    fn ids(messages: &[Message]) -> Vec<&'static str> {
        messages.iter().map(|message| message.id).collect()
    }

    fn with(email: EmailSettings) -> Settings {
        Settings { email, ..Settings::default() }
    }

    #[test]
    fn settings_of_e_mail_that_cannot_work_are_told() {
        assert_eq!(ids(&mail(&Settings::default())), [""; 0]);
        let both = with(EmailSettings { use_tls: true, use_ssl: true, ..EmailSettings::default() });
        assert!(ids(&mail(&both)).contains(&"quintet.E030"));
        assert_eq!(ids(&mail(&both)).contains(&"quintet.E031"), cfg!(not(feature = "tls")));
        assert_eq!(
            ids(&mail(&with(EmailSettings { backend: EmailBackend::File, ..EmailSettings::default() }))),
            ["quintet.E032"]
        );
        let at = |file: &str| with(EmailSettings { file_path: Some(file.into()), ..EmailSettings::default() });
        assert_eq!(ids(&mail(&at("/nowhere/at/all"))), [""; 0], "it is made");
        assert_eq!(ids(&mail(&at(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")))), ["quintet.E032"]);
        let keyed = EmailSettings { ssl_keyfile: Some("key.pem".into()), ..EmailSettings::default() };
        assert_eq!(ids(&mail(&with(keyed.clone()))), ["quintet.E034"]);
        let certified = EmailSettings { ssl_certfile: Some("certificate.pem".into()), ..keyed };
        assert_eq!(ids(&mail(&with(certified))), [""; 0]);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_an_error_where_it_is_sent() {
        let routed = Settings {
            urls: || urls![path("reset/", crate::apps::auth::views::PasswordResetView)],
            ..Settings::default()
        };
        assert_eq!(ids(&mail(&routed)), ["quintet.E033"]);
        let auth = Auth { frontend_origin: "https://app.example.com".into(), ..Auth::default() };
        assert_eq!(ids(&mail(&Settings { auth, ..routed })), [""; 0]);
    }

    #[test]
    fn a_password_or_a_link_in_the_clear_is_told_before_production() {
        let login = |host: &str| EmailSettings {
            host: host.into(),
            host_user: "user".into(),
            host_password: "secret".into(),
            ..EmailSettings::default()
        };
        assert_eq!(ids(&deployed(&with(login("smtp.example.com")))), ["quintet.W030"]);
        assert_eq!(ids(&deployed(&with(login("localhost")))), [""; 0]);
        assert_eq!(ids(&deployed(&with(EmailSettings { use_ssl: true, ..login("smtp.example.com") }))), [""; 0]);
        let auth = Auth { frontend_origin: "http://app.example.com".into(), ..Auth::default() };
        assert_eq!(ids(&deployed(&Settings { auth, ..Settings::default() })), ["quintet.W031"]);
    }
}
