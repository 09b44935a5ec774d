//! Cookies that the client can read and not change.

use std::time::Duration;

use super::{BadSignature, Keys, TimestampSigner};
use crate::Site;
use crate::http::{Cookie, Request, Result};

impl Cookie {
    /// The same with its value signed; [`Request::signed_cookie`] reads it. Cookies of one name for different uses have
    /// different salts.
    ///
    /// # Errors
    /// The site has no key.
    pub fn signed(self, site: &Site, salt: &str) -> Result<Self> {
        let signer = signer(&site.signing_keys()?, site).salt(salt_of(self.name(), salt));
        let value = signer.sign(self.value());
        Ok(self.with_value(value))
    }
}

impl Request {
    /// The value of a cookie that this site signed, no older than it may be; nothing where there is none.
    ///
    /// # Errors
    /// The signature is missing, another one's, or too old.
    pub fn signed_cookie(
        &self,
        name: &str,
        salt: &str,
        max_age: Option<Duration>,
    ) -> Result<Option<String>, BadSignature> {
        let Some(signed) = self.cookie(name) else { return Ok(None) };
        let site = self.site();
        let signer = signer(&site.signing_keys().map_err(|_| BadSignature::Mismatch)?, site);
        let opened = match signer.clone().salt(salt_of(name, salt)).unsign(&signed, max_age) {
            // As it was signed by the reference's former versions.
            Err(why) if why != BadSignature::Expired && site.options().http.signed_cookie_legacy_salt_fallback => {
                signer.salt(format!("{name}{salt}")).unsign(&signed, max_age)?
            }
            opened => opened?,
        };
        Ok(Some(opened.to_owned()))
    }
}

fn signer(keys: &Keys, site: &Site) -> TimestampSigner {
    TimestampSigner::new(&keys.behind("django.http.cookies"), &site.options().clock)
}

/// With the salt's length in front, so that no two pairs have one text.
pub(super) fn salt_of(name: &str, salt: &str) -> String {
    format!("django.http.cookies.v2:{}:{salt}{name}", salt.chars().count())
}
