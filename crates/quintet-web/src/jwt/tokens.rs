//! Where tokens of users are made and read, by the settings of a site: [`Tokens`].

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use md5::{Digest, Md5};
use quintet_core::schema::Value as DbValue;
use quintet_db::Db;
use serde_json::Value;

use super::json::member;
use super::settings::SimpleJwt;
use super::{Claims, Error as JwtError, Keys, TokenClass, UserToken, Validation, blacklist, family, rotation};
use crate::auth::{Account, chance};
use crate::http::{Error, Request, Result, StatusCode};
use crate::rest::AnyUser as _;

/// What is wrong with a token, in the reference's words.
pub(super) type Refusal = Cow<'static, str>;

/// What is said of a token that is taken back.
pub(super) const BLACKLISTED: &str = "Token is blacklisted";

/// The last moment that a date can have.
const LAST: f64 = 253_402_300_799.0;

/// Makes and reads tokens of users, by the settings of the site that a request came to.
///
/// ```
/// use quintet_web::auth::Account;
/// use quintet_web::http::{Request, Result};
/// use quintet_web::jwt::{TokenClass, Tokens};
///
/// /// A pair of tokens for somebody who has shown in another way who that is.
/// async fn pair(request: &Request, user: &Account) -> Result<(String, String)> {
///     let tokens = Tokens::of(request)?;
///     let refresh = tokens.for_user(TokenClass::Refresh, user).await?;
///     let access = tokens.access_of(&refresh)?;
///     Ok((tokens.encode(&refresh)?, tokens.encode(&access)?))
/// }
/// ```
pub struct Tokens<'a> {
    pub(super) request: &'a Request,
    pub(super) settings: &'a SimpleJwt,
    keys: &'a Keys,
    pub(super) now: SystemTime,
}

impl<'a> Tokens<'a> {
    /// Those of the site of a request.
    ///
    /// # Errors
    /// The site has no key.
    pub fn of(request: &'a Request) -> Result<Self> {
        let site = request.site();
        let keys = site.token_keys().map_err(|problem| Error::internal(problem.to_owned()))?;
        Ok(Self { request, settings: &site.options().simple_jwt, keys, now: site.options().clock.now() })
    }

    pub(super) fn db(&self) -> Db<'a> {
        Db::from(self.request)
    }

    /// A token whose signature and registered claims are right. What is asked of its kind comes after this.
    pub(super) async fn opened(&self, class: Option<TokenClass>, text: &str) -> Result<UserToken, Refusal> {
        self.opened_at(self.now, class, text).await
    }

    /// The same at another moment than this request's.
    pub(super) async fn opened_at(
        &self,
        moment: SystemTime,
        class: Option<TokenClass>,
        text: &str,
    ) -> Result<UserToken, Refusal> {
        let validation = Validation::at(moment)
            .leeway(self.settings.leeway)
            .audience(self.settings.audience.clone())
            .issuer(self.settings.issuer.clone());
        let clock = &self.request.site().options().clock;
        let claims = match class {
            // What comes once, or seldom, would only take the places of those that come again.
            Some(TokenClass::Refresh) | None => self.keys.decode(text, &validation, clock).await.map(Arc::new),
            Some(_) => self.keys.decode_again(text, &validation, clock).await,
        };
        match claims {
            Ok(claims) => Ok(UserToken { class, claims, now: self.now, family: None }),
            Err(JwtError::Expired) => Err("Token is expired".into()),
            Err(_) => Err("Token is invalid".into()),
        }
    }

    /// Reads a token of a kind: its signature, its claims, and whether it is taken back.
    ///
    /// # Errors
    /// 401 with what is wrong with it; what the database refuses.
    pub async fn read(&self, class: TokenClass, text: &str) -> Result<UserToken> {
        self.good(class, text).await?.map_err(|why| invalid_token(&why))
    }

    /// The same, where a refusal is no error.
    pub(super) async fn good(&self, class: TokenClass, text: &str) -> Result<Result<UserToken, Refusal>> {
        let token = match self.opened(Some(class), text).await {
            Ok(token) => token,
            Err(why) => return Ok(Err(why)),
        };
        if class.is_listed() && blacklist::is_there(self.db()) {
            let Some(id) = self.id(&token) else { return Ok(Err("Token has no id".into())) };
            if Box::pin(blacklist::has(self.db(), id)).await? {
                return Ok(Err(BLACKLISTED.into()));
            }
        }
        if let Err(why) = self.check(&token) {
            return Ok(Err(why));
        }
        let is_asked = self.settings.check_token_family || class.is_listed();
        if !self.settings.token_families || !is_asked {
            return Ok(Ok(token));
        }
        Box::pin(self.with_family(token)).await
    }

    /// The token with its family, which must not have ended. What names no family is older than families, or another
    /// server's.
    async fn with_family(&self, mut token: UserToken) -> Result<Result<UserToken, Refusal>> {
        let Some(key) = self.family_key(&token) else { return Ok(Ok(token)) };
        let found = family::find(self.db(), key).await?;
        match found.filter(|family| !family.is_ended && !family.is_over(self.now)) {
            Some(found) => {
                token.family = Some(Arc::new(found));
                Ok(Ok(token))
            }
            None => Ok(Err(BLACKLISTED.into())),
        }
    }

    /// The token as text.
    ///
    /// # Errors
    /// There is no key to sign with.
    pub fn encode(&self, token: &UserToken) -> Result<String> {
        // Most sites say neither, and write the token's own.
        let mut claims = Cow::Borrowed(&*token.claims);
        match self.settings.audience.as_slice() {
            [] => {}
            [one] => drop(claims.to_mut().insert("aud".to_owned(), one.as_str().into())),
            several => drop(claims.to_mut().insert("aud".to_owned(), several.into())),
        }
        if let Some(issuer) = &self.settings.issuer {
            claims.to_mut().insert("iss".to_owned(), issuer.as_str().into());
        }
        self.keys.encode(&claims)
    }

    /// A new token, of nobody and in no list.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn new_token(&self, class: TokenClass) -> Result<UserToken> {
        let claims = Arc::new(Claims::with_capacity(8));
        let mut token = UserToken { class: Some(class), claims, now: self.now, family: None };
        if let Some(claim) = &self.settings.token_type_claim {
            token.insert(claim.as_str(), class.token_type());
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

    /// A new token of a user. A refresh token or a sliding one is written into the list of those that were given out, where
    /// the project has it, and begins a family, where the settings say so.
    ///
    /// # Errors
    /// The user has no such key; what the database refuses.
    pub async fn for_user(&self, class: TokenClass, user: &Account) -> Result<UserToken> {
        let mut token = self.token_for(class, user)?;
        if !class.is_listed() {
            return Ok(token);
        }
        if self.settings.token_families {
            rotation::begin_family(self, &mut token, user).await?;
        }
        if blacklist::is_there(self.db())
            && let Some(listed) = blacklist::listed(self, (&token, &self.encode(&token)?), &user.id())
        {
            listed.alone(self.db()).await?;
        }
        Ok(token)
    }

    fn token_for(&self, class: TokenClass, user: &Account) -> Result<UserToken> {
        let mut token = self.new_token(class)?;
        let field = &self.settings.user_id_field;
        let id = match user.value(field) {
            Some(DbValue::Int(number)) => number.to_string(),
            Some(DbValue::Text(text) | DbValue::Uuid(text) | DbValue::Decimal(text)) => text,
            _ => return Err(Error::internal(format!("a token cannot name a user by its `{field}`"))),
        };
        token.insert(self.settings.user_id_claim.as_str(), id);
        if self.settings.check_revoke_token {
            token.insert(self.settings.revoke_token_claim.as_str(), password_mark(user));
        }
        self.settings.custom_claims.add(user, token.claims_mut());
        Ok(token)
    }

    fn set_id(&self, token: &mut UserToken) -> Result<()> {
        if let Some(claim) = &self.settings.jti_claim {
            token.insert(claim.as_str(), chance::uuid_hex()?);
        }
        Ok(())
    }

    /// The access token that a refresh token gives: its claims, but for those that are a token's own.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn access_of(&self, refresh: &UserToken) -> Result<UserToken> {
        let mut access = self.new_token(TokenClass::Access)?;
        for (name, value) in refresh.claims() {
            let own = [self.settings.token_type_claim.as_deref(), self.settings.jti_claim.as_deref()];
            if !own.contains(&Some(name)) && !["exp", "jti", "iat"].contains(&name.as_str()) {
                access.insert(name.as_str(), value.clone());
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
            && member(&token.claims, claim).is_none()
        {
            return Err("Token has no id".into());
        }
        let (Some(class), Some(claim)) = (token.class, &self.settings.token_type_claim) else { return Ok(()) };
        match member(&token.claims, claim) {
            None => Err("Token has no type".into()),
            Some(said) if said == class.token_type() => Ok(()),
            Some(_) => Err("Token has wrong type".into()),
        }
    }

    fn check_end(&self, token: &UserToken, claim: &str) -> Result<(), Refusal> {
        let end = member(&token.claims, claim).ok_or_else(|| Refusal::from(format!("Token has no '{claim}' claim")))?;
        let end = end.as_f64().filter(|end| end.abs() <= LAST).ok_or("Token is invalid")?;
        let now = self.now.duration_since(UNIX_EPOCH).unwrap_or_default();
        if end <= now.as_secs_f64() - self.settings.leeway.as_secs_f64() {
            return Err(format!("Token '{claim}' claim has expired").into());
        }
        Ok(())
    }

    /// What a token says of its user.
    pub(super) fn user_id(&self, token: &UserToken) -> Option<DbValue> {
        member(&token.claims, &self.settings.user_id_claim).map(database_value)
    }

    /// Whether a token was made for the password that its user has now.
    pub(super) fn knows_password(&self, token: &UserToken, user: &Account) -> bool {
        let said = member(&token.claims, &self.settings.revoke_token_claim);
        said.is_some_and(|said| *said == password_mark(user))
    }

    /// The text that tells a token apart.
    pub(super) fn id<'t>(&self, token: &'t UserToken) -> Option<&'t str> {
        member(&token.claims, self.settings.jti_claim.as_deref()?)?.as_str()
    }

    /// The name of a token's family; nothing where it is in none.
    pub(super) fn family_key<'t>(&self, token: &'t UserToken) -> Option<&'t str> {
        member(&token.claims, &self.settings.family_claim)?.as_str()
    }
}

/// A claim as a column is compared with it.
pub(super) fn database_value(claim: &Value) -> DbValue {
    match claim {
        Value::Null | Value::Array(_) | Value::Object(_) => DbValue::Null,
        Value::Bool(yes) => DbValue::Bool(*yes),
        Value::String(text) => DbValue::Text(text.clone()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => DbValue::Int(whole),
            (None, Some(float)) => DbValue::Float(float),
            (None, None) => DbValue::Null,
        },
    }
}

/// What a token remembers of a password: the MD5 of its hash, as the reference has it.
pub(super) fn password_mark(user: &Account) -> String {
    chance::hex(&Md5::digest(user.password())).to_ascii_uppercase()
}

/// The refusal of a token where it was to be exchanged.
pub(super) fn invalid_token(why: &str) -> Error {
    let detail = serde_json::json!({ "detail": why, "code": "token_not_valid" });
    Error::api(StatusCode::UNAUTHORIZED, "token_not_valid", detail)
}
