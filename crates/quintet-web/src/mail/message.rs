//! A message, as somebody writes it.

use super::error::MailError;
use super::mime;

/// A message: to whom, from whom, what. Filled in as a struct, or by its methods.
///
/// ```
/// use quintet_web::mail::EmailMessage;
///
/// let message = EmailMessage::new("Your order", "It is on its way.", ["ann@example.com"])
///     .reply_to(["shop@example.com"])
///     .html("<p>It is <b>on its way</b>.</p>");
/// assert_eq!(message.recipients(), ["ann@example.com"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmailMessage {
    /// What it is about.
    pub subject: String,
    /// The text.
    pub body: String,
    /// From whom; the setting `email.default_from_email` where this is `None`.
    pub from_email: Option<String>,
    /// To whom.
    pub to: Vec<String>,
    /// Who else sees it, with everybody's knowledge.
    pub cc: Vec<String>,
    /// Who else sees it, without.
    pub bcc: Vec<String>,
    /// To whom answers go.
    pub reply_to: Vec<String>,
    /// Further headers. `From`, `To`, `Cc` and `Reply-To` take the place of what would stand there.
    pub headers: Vec<(String, String)>,
    /// The same in other forms, the best one last.
    pub alternatives: Vec<Alternative>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// What the text is, besides being text; `plain` where this is `None`.
    pub content_subtype: Option<String>,
}

/// A message in another form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The content.
    pub content: String,
    /// Its type: `text/html`.
    pub mimetype: String,
}

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, if it has one.
    pub filename: Option<String>,
    /// Its content.
    pub content: Vec<u8>,
    /// Its type; by the name where this is `None`.
    pub mimetype: Option<String>,
}

impl EmailMessage {
    /// A message.
    pub fn new<T: Into<String>>(
        subject: impl Into<String>,
        body: impl Into<String>,
        to: impl IntoIterator<Item = T>,
    ) -> Self {
        let to = to.into_iter().map(Into::into).collect();
        Self { subject: subject.into(), body: body.into(), to, ..Self::default() }
    }

    /// The same from somebody.
    #[must_use]
    pub fn from(self, address: impl Into<String>) -> Self {
        Self { from_email: Some(address.into()), ..self }
    }

    /// The same to more, whom everybody sees.
    #[must_use]
    pub fn cc<T: Into<String>>(mut self, addresses: impl IntoIterator<Item = T>) -> Self {
        self.cc.extend(addresses.into_iter().map(Into::into));
        self
    }

    /// The same to more, whom nobody sees.
    #[must_use]
    pub fn bcc<T: Into<String>>(mut self, addresses: impl IntoIterator<Item = T>) -> Self {
        self.bcc.extend(addresses.into_iter().map(Into::into));
        self
    }

    /// The same, whose answers go to others.
    #[must_use]
    pub fn reply_to<T: Into<String>>(mut self, addresses: impl IntoIterator<Item = T>) -> Self {
        self.reply_to.extend(addresses.into_iter().map(Into::into));
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same, for who reads HTML; the text is for the others.
    #[must_use]
    pub fn html(self, html: impl Into<String>) -> Self {
        self.alternative(html, "text/html")
    }

    /// The same in another form.
    #[must_use]
    pub fn alternative(mut self, content: impl Into<String>, mimetype: impl Into<String>) -> Self {
        self.alternatives.push(Alternative { content: content.into(), mimetype: mimetype.into() });
        self
    }

    /// The same with a file; its type is known by its name.
    #[must_use]
    pub fn attach(self, filename: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.attachment(Attachment { filename: Some(filename.into()), content: content.into(), mimetype: None })
    }

    /// The same with a file of which everything is said.
    #[must_use]
    pub fn attachment(mut self, attachment: Attachment) -> Self {
        self.attachments.push(attachment);
        self
    }

    /// Everybody who gets it.
    pub fn recipients(&self) -> Vec<&str> {
        let all = self.to.iter().chain(&self.cc).chain(&self.bcc);
        all.map(String::as_str).filter(|address| !address.is_empty()).collect()
    }

    /// The message as it is sent, by lines of `\n`.
    ///
    /// # Errors
    /// A header has a line break in it, or an address cannot be read.
    pub fn to_bytes(&self, stamp: &Stamp) -> Result<Vec<u8>, MailError> {
        mime::rendered(self, stamp)
    }
}

/// What a message has of the moment and the place that it is sent at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// From whom it is, where it does not say so itself.
    pub from_email: String,
    /// Its header `Date`.
    pub date: String,
    /// Its header `Message-ID`.
    pub message_id: String,
    /// A number by chance, of which comes what stands between its parts.
    pub boundary: u64,
}
