//! The mail with a link that resets a password: to whom it goes, where the link leads, what it says.

use std::fmt;

use quintet_core::query::{Condition, Expr, Ordering, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::Db;
use unicode_normalization::UnicodeNormalization as _;

use super::account::{Account, find};
use super::reset::{PasswordResetTokens, uid_of};
use super::settings::{Accounts, Auth};
use crate::http::{Error, Result};
use crate::mail::EmailMessage;
use crate::rest::AnyUser as _;
use crate::site::Site;

/// What a mail is written of.
#[derive(Debug)]
pub struct PasswordReset<'a> {
    /// Who it is for.
    pub user: &'a Account,
    /// The address, as the database has it.
    pub email: &'a str,
    /// Where the password is reset.
    pub link: &'a str,
    /// The part of the link that says who.
    pub uid: &'a str,
    /// The part that is good once.
    pub token: &'a str,
    /// The host that the link leads to.
    pub site_name: &'a str,
}

/// Writes the mail, where a project says how; whom it goes to is not its choice.
#[derive(Clone, Copy, Default)]
pub struct PasswordResetMail(Option<fn(&PasswordReset<'_>) -> EmailMessage>);

impl PasswordResetMail {
    /// With a text of a project's own.
    pub fn new(write: fn(&PasswordReset<'_>) -> EmailMessage) -> Self {
        Self(Some(write))
    }

    fn written(self, reset: &PasswordReset<'_>) -> EmailMessage {
        let message = match self.0 {
            Some(write) => write(reset),
            None => usual(reset),
        };
        EmailMessage { to: vec![reset.email.to_owned()], cc: vec![], bcc: vec![], ..message }
    }
}

/// A function's address says nothing, and differs from run to run.
impl fmt::Debug for PasswordResetMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a function" } else { "None" })
    }
}

fn usual(reset: &PasswordReset<'_>) -> EmailMessage {
    let PasswordReset { user, email, link, site_name, .. } = reset;
    let body = format!(
        "Somebody, probably you, asked for another password at {site_name}.\n\n\
         This page lets you choose one:\n\n{link}\n\n\
         You log in as: {}\n\n\
         If it was not you, do nothing: your password stays as it is.\n",
        user.username()
    );
    EmailMessage::new(format!("Password reset on {site_name}"), body, [*email])
}

/// Where links lead, with places for `{uid}` and `{token}`. It comes of the settings alone: whatever host a request
/// names, a link with a token in it leads nowhere else.
///
/// # Errors
/// The settings name no place, or one without both.
pub fn link_template(auth: &Auth) -> Result<String, String> {
    let url = &auth.password_reset_url;
    let is_whole = url.starts_with("https://") || url.starts_with("http://");
    let origin = auth.frontend_origin.trim_end_matches('/');
    let is_origin = origin.starts_with("https://") || origin.starts_with("http://");
    if !is_whole && !is_origin {
        return Err("the link that resets a password leads nowhere: `auth.frontend_origin` is empty or no origin\n\
             hint: write `frontend_origin: \"https://app.example.com\".to_owned()` into `auth` of the settings"
            .to_owned());
    }
    if !url.contains("{uid}") || !url.contains("{token}") {
        return Err("`auth.password_reset_url` has no place for `{uid}` or for `{token}`\n\
             hint: write it as `/reset-password/{uid}/{token}`"
            .to_owned());
    }
    let slash = if url.starts_with('/') { "" } else { "/" };
    Ok(if is_whole { url.clone() } else { format!("{origin}{slash}{url}") })
}

/// Writes to everybody who has an address, and may have a link.
pub(super) async fn send(site: &Site, db: Db<'_>, address: &str, template: &str) -> Result<Vec<Value>> {
    let accounts = Accounts::of(db);
    let tokens = PasswordResetTokens::of(site, db)?;
    let after_scheme = template.split_once("://").map_or(template, |(_, rest)| rest);
    let site_name = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let mut told = vec![];
    for user in entitled(db, &accounts, address).await? {
        let (uid, token) = (uid_of(&user)?, tokens.make(&user)?);
        let link = template.replace("{uid}", &uid).replace("{token}", &token);
        let email = user.text(&accounts.auth.email_field);
        let reset = PasswordReset { user: &user, email, link: &link, uid: &uid, token: &token, site_name };
        let message = accounts.auth.password_reset_mail.written(&reset);
        match site.mailer().send(&message).await {
            Ok(_) => told.push(user.id()),
            Err(error) => {
                let message = error.message();
                tracing::error!(target: "quintet::mail", user = ?user.id(), "a link that resets a password was not sent: {message}");
            }
        }
    }
    Ok(told)
}

/// The active users of an address who have a password that could be forgotten. In a database some letters are alike
/// which are none in an address: what it finds is compared again.
async fn entitled(db: Db<'_>, accounts: &Accounts, address: &str) -> Result<Vec<Account>> {
    let (app, name) = accounts.model.clone();
    let field = &accounts.auth.email_field;
    let mut query = Query::of(app, name);
    let alike = Expr::Value(Value::Text(address.to_owned()));
    query.steps.push(Step::Filter(Condition::Lookup(Path::parse(&format!("{field}__iexact")), alike)));
    query.steps.push(Step::Values(vec![("pk".into(), Expr::F(Path::parse("pk")))]));
    query.ordering = Ordering::By(vec![]);
    let found = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    let mut users = vec![];
    for key in found.rows.into_cells() {
        let Some(user) = find(db, "pk", Value::from(key)).await? else { continue };
        let is_theirs = folded(user.text(field)) == folded(address);
        if is_theirs && user.is_active() && !user.password().starts_with('!') {
            users.push(user);
        }
    }
    Ok(users)
}

fn folded(address: &str) -> String {
    address.nfkc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(origin: &str, url: &str) -> Result<String, String> {
        link_template(&Auth {
            frontend_origin: origin.to_owned(),
            password_reset_url: url.to_owned(),
            ..Auth::default()
        })
    }

    #[test]
    fn a_link_leads_to_where_the_settings_say_or_nowhere() {
        let usual = Auth::default().password_reset_url;
        assert_eq!(
            template("https://a.example/", &usual).as_deref(),
            Ok("https://a.example/reset-password/{uid}/{token}")
        );
        assert_eq!(
            template("https://a.example", "#r/{uid}/{token}").as_deref(),
            Ok("https://a.example/#r/{uid}/{token}")
        );
        let whole = "https://b.example/{token}?u={uid}";
        assert_eq!(template("", whole).as_deref(), Ok(whole));
        for (origin, url) in
            [("", usual.as_str()), ("a.example", &usual), ("https://a.example", "/x/{uid}"), ("javascript:x", &usual)]
        {
            assert!(template(origin, url).is_err(), "{origin} {url}");
        }
    }

    #[test]
    fn addresses_are_compared_letter_by_letter_whatever_their_case() {
        assert_eq!(folded("Ann@Example.COM"), folded("ann@example.com"));
        assert_ne!(folded("m\u{131}ke@example.com"), folded("mike@example.com"));
        assert_ne!(folded("MI\u{307}KE@example.com"), folded("mike@example.com"));
    }
}
