//! The mailer of a project's settings: where messages are printed or written, and what this machine is called.

use std::fs::{self, OpenOptions};
use std::io::{Error, Write as _};
use std::path::Path;
use std::sync::Arc;

pub use quintet_web::mail::*;

use crate::clock;
use crate::settings::Settings;

/// The mailer that settings describe, for a program without a site.
pub fn mailer(settings: &Settings) -> Mailer {
    let mut email = settings.email.clone();
    if email.local_hostname.is_empty() {
        email.local_hostname = hostname();
    }
    let folder = email.file_path.clone();
    let outlet: Outlet = match email.backend {
        EmailBackend::File => Arc::new(move |text| match &folder {
            Some(folder) => write(folder, text),
            None => Err(Error::other("the setting `email.file_path` names no folder")),
        }),
        _ => Arc::new(print),
    };
    Mailer::new(email, clock::system(), outlet)
}

/// Messages that nobody gets, for who develops.
fn print(text: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}

/// A new file for each sending, which nobody else may read: there are links in it.
fn write(folder: &Path, text: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let stamp: String = clock::Moment::now().iso().chars().filter(char::is_ascii_digit).take(14).collect();
    let (day, time) = stamp.split_at_checked(8).unwrap_or((&stamp, ""));
    let name = format!("{day}-{time}-{}.log", clock::seed() >> 16);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join(name))?.write_all(text)
}

/// The name of this machine, where the system tells it as a file.
fn hostname() -> String {
    let files = ["/proc/sys/kernel/hostname", "/etc/hostname"];
    let name = files.into_iter().find_map(|file| fs::read_to_string(file).ok()).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::EmailSettings;

    #[test]
    fn each_sending_is_a_file_that_others_cannot_read() {
        let folder = std::env::temp_dir().join(format!("quintet-mail-{:x}", clock::seed()));
        let email =
            EmailSettings { backend: EmailBackend::File, file_path: Some(folder.clone()), ..EmailSettings::default() };
        let mailer = mailer(&Settings { email, ..Settings::default() });
        let sent = crate::testing::block_on(async {
            let one = mailer.send_mail("One", "Text.", None, &["ann@example.com"]).await;
            let two = mailer.mail_admins("Nobody", "Text.").await;
            (one, two)
        });
        assert_eq!(sent, (Ok(1), Ok(0)));
        let files: Vec<_> = fs::read_dir(&folder).expect("a folder").flatten().collect();
        assert_eq!(files.len(), 1);
        let text = fs::read_to_string(files[0].path()).expect("a file");
        assert!(text.contains("Subject: One\n") && text.ends_with(&format!("Text.\n{}\n", "-".repeat(79))), "{text}");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&files[0].metadata().expect("known").permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_dir_all(folder).expect("gone");
    }

    #[test]
    fn without_a_folder_the_error_names_the_setting() {
        let email = EmailSettings { backend: EmailBackend::File, ..EmailSettings::default() };
        let mailer = mailer(&Settings { email, ..Settings::default() });
        let sent = crate::testing::block_on(mailer.send_mail("One", "Text.", None, &["ann@example.com"]));
        assert!(sent.expect_err("no folder").message().contains("email.file_path"));
    }
}
