//! The mailer of a site: takes messages, stamps them, and hands them to what the settings name.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use http::StatusCode;
use tokio::sync::Semaphore;

use super::address::punycode;
use super::backend::EmailBackend;
use super::bound::Bound;
use super::error::MailError;
use super::message::{EmailMessage, Stamp};
use super::settings::EmailSettings;
use super::smtp;
use crate::Clock;
use crate::auth::chance;
use crate::http::{Error, Request, http_date};

/// Where messages go that are printed or written to a file.
pub type Outlet = Arc<dyn Fn(&[u8]) -> std::io::Result<()> + Send + Sync>;

/// Sends messages: `request.mailer().send_mail("Hello", "..", None, &["ann@example.com"]).await?`.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    settings: EmailSettings,
    clock: Clock,
    outlet: Outlet,
    outbox: Mutex<Vec<EmailMessage>>,
    /// Of which errors, and of which links, somebody was told.
    errors: Bound,
    links: Bound,
    /// Places for work beside requests.
    places: Arc<Semaphore>,
}

/// How much may be at work beside requests.
const PLACES: u32 = 64;

impl Mailer {
    /// By settings; messages for a console or a file go to the outlet.
    pub fn new(settings: EmailSettings, clock: Clock, outlet: Outlet) -> Self {
        let places = Arc::new(Semaphore::new(PLACES as usize));
        let (errors, links) = (Bound::default(), Bound::default());
        Self(Arc::new(Inner { settings, clock, outlet, outbox: Mutex::default(), errors, links, places }))
    }

    /// The settings.
    pub fn settings(&self) -> &EmailSettings {
        &self.0.settings
    }

    /// Sends a message; gives how many were sent, which is none where it is to nobody.
    ///
    /// # Errors
    /// It cannot be written, or not be sent.
    pub async fn send(&self, message: &EmailMessage) -> Result<usize, MailError> {
        self.send_messages(std::slice::from_ref(message)).await
    }

    /// Sends messages by one connection; gives how many were sent.
    ///
    /// # Errors
    /// As [`send`](Self::send); what was sent before stays sent.
    pub async fn send_messages(&self, messages: &[EmailMessage]) -> Result<usize, MailError> {
        let inner = &*self.0;
        let wanted: Vec<&EmailMessage> = messages.iter().filter(|message| !message.recipients().is_empty()).collect();
        if wanted.is_empty() {
            return Ok(0);
        }
        match &inner.settings.backend {
            EmailBackend::Smtp => smtp::send(&inner.settings, &self.host(), &wanted, &|| self.stamp()).await,
            EmailBackend::Console | EmailBackend::File => self.written(&wanted),
            EmailBackend::Memory => {
                for message in &wanted {
                    // What cannot be sent is no message in a test either.
                    message.to_bytes(&self.stamp()?)?;
                    let kept = EmailMessage { from_email: Some(self.sender(message)), ..(*message).clone() };
                    inner.outbox.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
                }
                Ok(wanted.len())
            }
            EmailBackend::Dummy => Ok(wanted.len()),
            EmailBackend::Own(own) => {
                let stamped = |message: &&EmailMessage| EmailMessage {
                    from_email: Some(self.sender(message)),
                    ..(*message).clone()
                };
                let messages: Vec<EmailMessage> = wanted.iter().map(stamped).collect();
                for message in &messages {
                    message.to_bytes(&self.stamp()?)?;
                }
                own.0.send(&messages).await
            }
        }
    }

    /// A message of plain text; from `email.default_from_email`, unless somebody is named.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_mail(
        &self,
        subject: &str,
        body: &str,
        from: Option<&str>,
        to: &[&str],
    ) -> Result<usize, MailError> {
        let message = EmailMessage::new(subject, body, to.iter().copied());
        self.send(&EmailMessage { from_email: from.map(str::to_owned), ..message }).await
    }

    /// Several, each with its subject, text, sender and recipients, by one connection.
    ///
    /// # Errors
    /// As [`send_messages`](Self::send_messages).
    pub async fn send_mass_mail(&self, mails: &[(&str, &str, Option<&str>, &[&str])]) -> Result<usize, MailError> {
        let message = |(subject, body, from, to): &(&str, &str, Option<&str>, &[&str])| EmailMessage {
            from_email: from.map(str::to_owned),
            ..EmailMessage::new(*subject, *body, to.iter().copied())
        };
        self.send_messages(&mails.iter().map(message).collect::<Vec<_>>()).await
    }

    /// Tells the `email.admins`, if there are any.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn mail_admins(&self, subject: &str, body: &str) -> Result<usize, MailError> {
        self.mail_people(&self.0.settings.admins, subject, body).await
    }

    /// Tells the `email.managers`, if there are any.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn mail_managers(&self, subject: &str, body: &str) -> Result<usize, MailError> {
        self.mail_people(&self.0.settings.managers, subject, body).await
    }

    async fn mail_people(&self, people: &[(String, String)], subject: &str, body: &str) -> Result<usize, MailError> {
        let settings = &self.0.settings;
        let to = people.iter().map(|(_, address)| address.as_str());
        let message = EmailMessage::new(format!("{}{subject}", settings.subject_prefix), body, to);
        self.send(&message.from(&settings.server_email)).await
    }

    /// Tells the administrators of an error, beside requests, unless they were told of the same a moment ago. The text is
    /// made where it is sent, and is told how many errors were left out since the last one.
    pub(crate) fn tell_of_error(&self, place: &str, subject: String, text: impl FnOnce(u64) -> String) {
        let settings = &self.0.settings;
        if settings.admins.is_empty() {
            return;
        }
        let Some(left_out) = self.0.errors.admits(place, self.0.clock.now(), settings.error_interval) else { return };
        let (mailer, text) = (self.clone(), text(left_out));
        self.quietly(async move { mailer.mail_admins(&subject, &text).await });
    }

    /// Tells the managers of a link that leads nowhere, in the same manner.
    pub(crate) fn tell_of_link(&self, path: &str, subject: String, text: String) {
        let settings = &self.0.settings;
        if settings.managers.is_empty() {
            return;
        }
        if self.0.links.admits(path, self.0.clock.now(), settings.error_interval).is_some() {
            let mailer = self.clone();
            self.quietly(async move { mailer.mail_managers(&subject, &text).await });
        }
    }

    /// Sends beside requests; what fails is a line of the log.
    fn quietly(&self, sending: impl Future<Output = Result<usize, MailError>> + Send + 'static) {
        let sent = self.beside(async move {
            if let Err(error) = sending.await {
                tracing::warn!(target: "quintet::mail", "a message to administrators was not sent: {error}");
            }
        });
        if sent.is_err() {
            tracing::warn!(target: "quintet::mail", "a message to administrators was not sent: too many wait");
        }
    }

    /// The messages that were sent so far, where the backend keeps them in memory.
    pub fn outbox(&self) -> Vec<EmailMessage> {
        self.0.outbox.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Does work beside requests: whoever asked for it does not wait. Past a number of works, nothing more is taken.
    pub(crate) fn beside(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let Ok(place) = self.0.places.clone().try_acquire_owned() else {
            let detail = "Too many messages wait to be sent. Try again in a few seconds.";
            let error = Error::api(StatusCode::SERVICE_UNAVAILABLE, "too_many_messages", detail);
            return Err(error.with_header("retry-after", "5"));
        };
        tokio::spawn(async move {
            work.await;
            drop(place);
        });
        Ok(())
    }

    /// Waits until all work beside requests is done. A server that ends waits for it, and a test that looks at messages.
    pub async fn idle(&self) {
        drop(self.0.places.acquire_many(PLACES).await);
    }

    fn sender(&self, message: &EmailMessage) -> String {
        let said = message.from_email.clone().filter(|from| !from.is_empty());
        said.unwrap_or_else(|| self.0.settings.default_from_email.clone())
    }

    /// Messages as text, a line of 79 hyphens behind each.
    fn written(&self, messages: &[&EmailMessage]) -> Result<usize, MailError> {
        let mut text = vec![];
        for message in messages {
            text.extend(message.to_bytes(&self.stamp()?)?);
            text.push(b'\n');
            text.extend([b'-'; 79]);
            text.push(b'\n');
        }
        (self.0.outlet)(&text).map_err(|error| MailError::own(format!("the message cannot be written: {error}")))?;
        Ok(messages.len())
    }

    fn host(&self) -> String {
        let name = &self.0.settings.local_hostname;
        punycode(name).filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
    }

    fn stamp(&self) -> Result<Stamp, MailError> {
        let random = |_| MailError::own("the system gives no random numbers");
        let now = self.0.clock.now();
        let micros = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_micros();
        let id = chance::hex(&chance::bytes::<10>().map_err(random)?);
        Ok(Stamp {
            from_email: self.0.settings.default_from_email.clone(),
            date: http_date(now).replace("GMT", "-0000"),
            message_id: format!("<{micros}.{id}@{}>", self.host()),
            boundary: u64::from_be_bytes(chance::bytes().map_err(random)?),
        })
    }
}

impl Request {
    /// Sends messages: `request.mailer().send_mail("Hello", "..", None, &["ann@example.com"]).await?`.
    pub fn mailer(&self) -> &Mailer {
        self.site().mailer()
    }
}

/// Sends nothing: of a site that was given no mailer.
impl Default for Mailer {
    fn default() -> Self {
        let clock = Clock::new(|| UNIX_EPOCH, || Duration::ZERO);
        let settings = EmailSettings { backend: EmailBackend::Memory, ..EmailSettings::default() };
        Self::new(settings, clock, Arc::new(|_| Ok(())))
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailer({:?})", self.0.settings.backend)
    }
}
