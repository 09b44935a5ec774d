//! Tokens of users: made, read, and made of one another, by the settings of a site.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use md5::{Digest, Md5};
use quintet_core::schema::Value as DbValue;
use serde_json::Value;

use super::settings::SimpleJwt;
use super::{Claims, Error as JwtError, Keys, Validation};
use crate::auth::{Account, chance};
use crate::http::{Error, Request, Result, StatusCode};

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenClass {
    /// Opens views, for a short while.
    Access,
    /// Gives access tokens, for a longer one.
    Refresh,
    /// Opens views, and can be renewed itself.
    Sliding,
}

impl TokenClass {
    /// Its name in refusals: `AccessToken`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "AccessToken",
            Self::Refresh => "RefreshToken",
            Self::Sliding => "SlidingToken",
        }
    }

    /// What the claim of its type says: `access`.
    pub fn token_type(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Sliding => "sliding",
        }
    }

    fn lifetime(self, settings: &SimpleJwt) -> Duration {
        match self {
            Self::Access => settings.access_token_lifetime,
            Self::Refresh => settings.refresh_token_lifetime,
            Self::Sliding => settings.sliding_token_lifetime,
        }
    }

    /// Whether tokens of this kind are kept in the list of those that were given out.
    pub(super) fn is_listed(self) -> bool {
        self != Self::Access
    }
}

/// What is wrong with a token, in the reference's words.
pub(super) type Refusal = String;

/// The last moment that a date can have.
const LAST: f64 = 253_402_300_799.0;

/// A token of a user: its claims, which were checked or are new. Beside the user of a request as `request.auth::<UserToken>()`.
#[derive(Clone, Debug)]
pub struct UserToken {
    class: Option<TokenClass>,
    claims: Claims,
    /// The moment from which its times are counted.
    now: SystemTime,
}

/// What tokens are made and read with.
pub(super) struct Desk<'a> {
    pub(super) settings: &'a SimpleJwt,
    keys: &'a Keys,
    pub(super) now: SystemTime,
}

impl<'a> Desk<'a> {
    pub(super) fn of(request: &'a Request) -> Result<Self> {
        let site = request.site();
        let keys = site.token_keys().map_err(|problem| Error::internal(problem.to_owned()))?;
        Ok(Self { settings: &site.options().simple_jwt, keys, now: site.options().clock.now() })
    }

    /// A token whose signature and registered claims are right. What is asked of its kind comes after this.
    pub(super) fn opened(&self, class: Option<TokenClass>, text: &str) -> Result<UserToken, Refusal> {
        let validation = Validation::at(self.now)
            .leeway(self.settings.leeway)
            .audience(self.settings.audience.clone())
            .issuer(self.settings.issuer.clone());
        match self.keys.decode(text, &validation) {
            Ok(decoded) => Ok(UserToken { class, claims: decoded.claims, now: self.now }),
            Err(JwtError::Expired) => Err("Token is expired".to_owned()),
            Err(_) => Err("Token is invalid".to_owned()),
        }
    }

    /// The token as text.
    pub(super) fn written(&self, token: &UserToken) -> Result<String> {
        let mut claims = token.claims.clone();
        match self.settings.audience.as_slice() {
            [] => {}
            [one] => drop(claims.insert("aud".to_owned(), one.as_str().into())),
            several => drop(claims.insert("aud".to_owned(), several.into())),
        }
        if let Some(issuer) = &self.settings.issuer {
            claims.insert("iss".to_owned(), issuer.as_str().into());
        }
        self.keys.encode(&claims)
    }

    /// A new token.
    pub(super) fn new_token(&self, class: TokenClass) -> Result<UserToken> {
        let mut token = UserToken { class: Some(class), claims: Claims::new(), now: self.now };
        if let Some(claim) = &self.settings.token_type_claim {
            token.claims.insert(claim.clone(), class.token_type().into());
        }
        token.set_moment("exp", class.lifetime(self.settings));
        token.set_moment("iat", Duration::ZERO);
        self.set_id(&mut token)?;
        if class == TokenClass::Sliding {
            let claim = &self.settings.sliding_token_refresh_exp_claim;
            token.set_moment(claim, self.settings.sliding_token_refresh_lifetime);
        }
        Ok(token)
    }

    /// A new token of a user.
    pub(super) fn token_for(&self, class: TokenClass, user: &Account) -> Result<UserToken> {
        let mut token = self.new_token(class)?;
        let field = &self.settings.user_id_field;
        let id = match user.value(field) {
            Some(DbValue::Int(number)) => number.to_string(),
            Some(DbValue::Text(text) | DbValue::Uuid(text) | DbValue::Decimal(text)) => text,
            _ => return Err(Error::internal(format!("a token cannot name a user by its `{field}`"))),
        };
        token.claims.insert(self.settings.user_id_claim.clone(), id.into());
        if self.settings.check_revoke_token {
            token.claims.insert(self.settings.revoke_token_claim.clone(), password_mark(user).into());
        }
        self.settings.custom_claims.add(user, &mut token.claims);
        Ok(token)
    }

    fn set_id(&self, token: &mut UserToken) -> Result<()> {
        if let Some(claim) = &self.settings.jti_claim {
            token.claims.insert(claim.clone(), chance::uuid_hex()?.into());
        }
        Ok(())
    }

    /// The access token that a refresh token gives: its claims, but for those that are a token's own.
    pub(super) fn access_of(&self, refresh: &UserToken) -> Result<UserToken> {
        let mut access = self.new_token(TokenClass::Access)?;
        for (name, value) in &refresh.claims {
            let own = [self.settings.token_type_claim.as_deref(), self.settings.jti_claim.as_deref()];
            if !own.contains(&Some(name)) && !["exp", "jti", "iat"].contains(&name.as_str()) {
                access.claims.insert(name.clone(), value.clone());
            }
        }
        Ok(access)
    }

    /// The token that takes the place of a refresh token: the same claims, another life.
    pub(super) fn successor(&self, refresh: &UserToken) -> Result<UserToken> {
        let mut next = refresh.clone();
        self.set_id(&mut next)?;
        next.set_moment("exp", self.settings.refresh_token_lifetime);
        next.set_moment("iat", Duration::ZERO);
        Ok(next)
    }

    /// A sliding token that lives on.
    pub(super) fn renewed(&self, sliding: &UserToken) -> Result<UserToken, Refusal> {
        self.check_end(sliding, &self.settings.sliding_token_refresh_exp_claim)?;
        let mut next = sliding.clone();
        next.set_moment("exp", self.settings.sliding_token_lifetime);
        next.set_moment("iat", Duration::ZERO);
        Ok(next)
    }

    /// What is asked of a token's kind, in the reference's order.
    pub(super) fn check(&self, token: &UserToken) -> Result<(), Refusal> {
        self.check_end(token, "exp")?;
        if let Some(claim) = &self.settings.jti_claim
            && !token.claims.contains_key(claim)
        {
            return Err("Token has no id".to_owned());
        }
        let (Some(class), Some(claim)) = (token.class, &self.settings.token_type_claim) else { return Ok(()) };
        match token.claims.get(claim) {
            None => Err("Token has no type".to_owned()),
            Some(said) if said == class.token_type() => Ok(()),
            Some(_) => Err("Token has wrong type".to_owned()),
        }
    }

    fn check_end(&self, token: &UserToken, claim: &str) -> Result<(), Refusal> {
        let end = token.claims.get(claim).ok_or_else(|| format!("Token has no '{claim}' claim"))?;
        let end = end.as_f64().filter(|end| end.abs() <= LAST).ok_or_else(|| "Token is invalid".to_owned())?;
        let now = self.now.duration_since(UNIX_EPOCH).unwrap_or_default();
        if end <= now.as_secs_f64() - self.settings.leeway.as_secs_f64() {
            return Err(format!("Token '{claim}' claim has expired"));
        }
        Ok(())
    }

    /// What a token says of its user.
    pub(super) fn user_id(&self, token: &UserToken) -> Option<DbValue> {
        Some(match token.claims.get(&self.settings.user_id_claim)? {
            Value::Null | Value::Array(_) | Value::Object(_) => DbValue::Null,
            Value::Bool(yes) => DbValue::Bool(*yes),
            Value::String(text) => DbValue::Text(text.clone()),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => DbValue::Int(whole),
                (None, Some(float)) => DbValue::Float(float),
                (None, None) => DbValue::Null,
            },
        })
    }

    /// Whether a token was made for the password that its user has now.
    pub(super) fn knows_password(&self, token: &UserToken, user: &Account) -> bool {
        let said = token.claims.get(&self.settings.revoke_token_claim);
        said.is_some_and(|said| *said == password_mark(user))
    }

    /// The text that tells a token apart.
    pub(super) fn id<'t>(&self, token: &'t UserToken) -> Option<&'t str> {
        token.claims.get(self.settings.jti_claim.as_deref()?)?.as_str()
    }
}

impl UserToken {
    /// Its kind; nothing of a token that was read without asking for it.
    pub fn class(&self) -> Option<TokenClass> {
        self.class
    }

    /// Its claims.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// A claim.
    pub fn get(&self, claim: &str) -> Option<&Value> {
        self.claims.get(claim)
    }

    fn set_moment(&mut self, claim: &str, after: Duration) {
        let moment = (self.now + after).duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        self.claims.insert(claim.to_owned(), moment.into());
    }

    /// The end of its life, in seconds since 1970.
    #[allow(clippy::cast_possible_truncation, reason = "the range was looked at")]
    pub(super) fn end(&self) -> i64 {
        self.claims.get("exp").and_then(Value::as_f64).map_or(0, |end| end as i64)
    }

    pub(super) fn made_at(&self) -> SystemTime {
        self.now
    }
}

/// What a token remembers of a password: the MD5 of its hash, as the reference has it.
fn password_mark(user: &Account) -> String {
    chance::hex(&Md5::digest(user.password())).to_ascii_uppercase()
}

/// The refusal of a token where it was to be exchanged.
pub(super) fn invalid_token(why: &str) -> Error {
    let detail = serde_json::json!({ "detail": why, "code": "token_not_valid" });
    Error::api(StatusCode::UNAUTHORIZED, "token_not_valid", detail)
}
