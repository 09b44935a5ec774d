//! The settings of e-mail, by the reference's names and with its defaults.

use std::path::PathBuf;
use std::time::Duration;

use quintet_core::secrecy::Secret;
use quintet_core::settings_section;

use super::backend::EmailBackend;

settings_section! {
    /// How messages are sent, and from whom.
    pub struct EmailSettings in "email." {
        /// What sends messages: `Smtp`, `Console`, `File`, `Memory` (tests have it always), `Dummy`, or one of the project's own.
        backend: EmailBackend = EmailBackend::Smtp, "EMAIL_BACKEND";
        /// The server that takes them.
        host: String = "localhost".to_owned(), "EMAIL_HOST";
        /// Its port.
        port: u16 = 25, "EMAIL_PORT";
        /// Who logs in there; nobody, where this or the password is empty.
        host_user: String = String::new(), "EMAIL_HOST_USER";
        /// With which password.
        host_password: Secret = Secret::new(""), "EMAIL_HOST_PASSWORD";
        /// Encrypts the connection when it is there (STARTTLS, mostly port 587). Needs the feature `tls`.
        use_tls: bool = false, "EMAIL_USE_TLS";
        /// Encrypts it from its beginning (mostly port 465). Needs the feature `tls`.
        use_ssl: bool = false, "EMAIL_USE_SSL";
        /// The file of authorities, as PEM, that the server's certificate is checked by; the system's where this is `None`.
        ca_file: Option<PathBuf> = None, "";
        /// The file of a certificate, as PEM, by which this client says who it is; nothing where this is `None`.
        ssl_certfile: Option<PathBuf> = None, "EMAIL_SSL_CERTFILE";
        /// The file of its private key, where that is not in `ssl_certfile`.
        ssl_keyfile: Option<PathBuf> = None, "EMAIL_SSL_KEYFILE";
        /// How long the server may say nothing; 0 waits for ever.
        timeout: Duration = Duration::from_secs(60), "EMAIL_TIMEOUT";
        /// The folder that the backend `File` writes into.
        file_path: Option<PathBuf> = None, "EMAIL_FILE_PATH";
        /// From whom messages are that do not say so.
        default_from_email: String = "webmaster@localhost".to_owned(), "DEFAULT_FROM_EMAIL";
        /// From whom messages to `admins` and `managers` are.
        server_email: String = "root@localhost".to_owned(), "SERVER_EMAIL";
        /// What the subjects of those begin with.
        subject_prefix: String = "[Django] ".to_owned(), "EMAIL_SUBJECT_PREFIX";
        /// Whom `mail_admins` writes to, and who is told of errors unless DEBUG is on: names and addresses.
        admins: Vec<(String, String)> = vec![], "ADMINS";
        /// How long `admins` are not told again of errors at the same place, and `managers` of the same broken link; of ten
        /// different ones at most in that time. 0 tells of each.
        error_interval: Duration = Duration::from_secs(600), "";
        /// Whom `mail_managers` writes to, and who is told of broken links by `BrokenLinkEmailsMiddleware`.
        managers: Vec<(String, String)> = vec![], "MANAGERS";
        /// The name of this machine, by which it greets servers and signs messages; the system's where this is empty.
        local_hostname: String = String::new(), "";
    }
}
