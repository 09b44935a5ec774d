//! The settings of tokens, by the names and with the defaults of the reference's token package.

use std::fmt;
use std::time::Duration;

use quintet_core::secrecy::Secret;
use quintet_core::settings_section;

use super::{Algorithm, Claims, JwkSource, TokenClass, TokenSerializer, TokenUserClass};
use crate::auth::Account;
use crate::http::SameSite;
use crate::rest::AnyUser;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

settings_section! {
    /// Tokens that users log in with; the reference's `SIMPLE_JWT`.
    pub struct SimpleJwt in "simple_jwt." {
        /// How long an access token is good.
        access_token_lifetime: Duration = 5 * MINUTE, "ACCESS_TOKEN_LIFETIME";
        /// How long a refresh token is good.
        refresh_token_lifetime: Duration = DAY, "REFRESH_TOKEN_LIFETIME";
        /// Whether a refresh gives a new refresh token too.
        rotate_refresh_tokens: bool = false, "ROTATE_REFRESH_TOKENS";
        /// Whether the old one is no longer good then. Needs the app `token_blacklist`; of one token there is one successor, however
        /// many ask at once.
        blacklist_after_rotation: bool = false, "BLACKLIST_AFTER_ROTATION";
        /// Whether a login is noted with the user.
        update_last_login: bool = false, "UPDATE_LAST_LOGIN";
        /// How tokens are signed. Only this algorithm is taken.
        algorithm: Algorithm = Algorithm::HS256, "ALGORITHM";
        /// The secret, or the private key in PEM; where it is empty, `secret_key` with its fallbacks.
        signing_key: Secret = Secret::new(""), "SIGNING_KEY";
        /// The public key in PEM; where it is empty, that of the private key.
        verifying_key: String = String::new(), "VERIFYING_KEY";
        /// Old secrets, or old public keys in PEM, which are still believed: changing `signing_key` logs nobody out.
        verifying_key_fallbacks: Vec<Secret> = vec![], "";
        /// Where public keys come from, as a JWKS, instead of `verifying_key`: an address, a file, or a function of the project's.
        jwk_source: JwkSource = JwkSource::default(), "JWK_URL";
        /// For whom tokens are: written into them, and asked of them; one as text, several as a list.
        audience: Vec<String> = vec![], "AUDIENCE";
        /// Who gives tokens out: written into them, and asked of them.
        issuer: Option<String> = None, "ISSUER";
        /// By how much clocks may differ.
        leeway: Duration = Duration::ZERO, "LEEWAY";
        /// What may stand in front of a token in its header; the first is named in refusals.
        auth_header_types: Vec<String> = vec!["Bearer".to_owned()], "AUTH_HEADER_TYPES";
        /// The header that tokens come in, as the reference writes it.
        auth_header_name: String = "HTTP_AUTHORIZATION".to_owned(), "AUTH_HEADER_NAME";
        /// The field of the user model by which a token names its user.
        user_id_field: String = "id".to_owned(), "USER_ID_FIELD";
        /// The claim that names it.
        user_id_claim: String = "user_id".to_owned(), "USER_ID_CLAIM";
        /// Who may have tokens; whoever is active, unless a function says otherwise.
        user_authentication_rule: UserRule = UserRule::default(), "USER_AUTHENTICATION_RULE";
        /// Whether a user must be active.
        check_user_is_active: bool = true, "CHECK_USER_IS_ACTIVE";
        /// The kinds of token that open views, tried in this order.
        auth_token_classes: Vec<TokenClass> = vec![TokenClass::Access], "AUTH_TOKEN_CLASSES";
        /// The claim that says of which kind a token is; `None` asks for none.
        token_type_claim: Option<String> = Some("token_type".to_owned()), "TOKEN_TYPE_CLAIM";
        /// The claim that tells tokens apart; `None` asks for none.
        jti_claim: Option<String> = Some("jti".to_owned()), "JTI_CLAIM";
        /// The claim that says until when a sliding token can be renewed.
        sliding_token_refresh_exp_claim: String = "refresh_exp".to_owned(), "SLIDING_TOKEN_REFRESH_EXP_CLAIM";
        /// How long a sliding token is good.
        sliding_token_lifetime: Duration = 5 * MINUTE, "SLIDING_TOKEN_LIFETIME";
        /// How long a sliding token can be renewed.
        sliding_token_refresh_lifetime: Duration = DAY, "SLIDING_TOKEN_REFRESH_LIFETIME";
        /// Whether tokens end when the password is changed.
        check_revoke_token: bool = false, "CHECK_REVOKE_TOKEN";
        /// The claim that knows which password it was.
        revoke_token_claim: String = "hash_password".to_owned(), "REVOKE_TOKEN_CLAIM";
        /// Adds claims to the tokens of a user; the reference has `get_token` of a serializer for that.
        custom_claims: CustomClaims = CustomClaims::default(), "";
        /// Who a user is of whom nothing is known but a token.
        token_user_class: TokenUserClass = TokenUserClass::default(), "TOKEN_USER_CLASS";
        /// What `TokenObtainPairView` takes and answers.
        token_obtain_serializer: TokenSerializer = TokenSerializer::default(), "TOKEN_OBTAIN_SERIALIZER";
        /// What `TokenRefreshView` takes and answers.
        token_refresh_serializer: TokenSerializer = TokenSerializer::default(), "TOKEN_REFRESH_SERIALIZER";
        /// What `TokenVerifyView` takes and answers.
        token_verify_serializer: TokenSerializer = TokenSerializer::default(), "TOKEN_VERIFY_SERIALIZER";
        /// What `TokenBlacklistView` takes and answers.
        token_blacklist_serializer: TokenSerializer = TokenSerializer::default(), "TOKEN_BLACKLIST_SERIALIZER";
        /// What `TokenObtainSlidingView` takes and answers.
        sliding_token_obtain_serializer: TokenSerializer = TokenSerializer::default(), "SLIDING_TOKEN_OBTAIN_SERIALIZER";
        /// What `TokenRefreshSlidingView` takes and answers.
        sliding_token_refresh_serializer: TokenSerializer = TokenSerializer::default(), "SLIDING_TOKEN_REFRESH_SERIALIZER";
        /// Whether each login begins a session: a family of refresh tokens that can be listed and ended, and that ends where one of them
        /// is used a second time. Needs the app `token_families`.
        token_families: bool = false, "";
        /// The claim that names the session.
        family_claim: String = "sid".to_owned(), "";
        /// For how long after a refresh the same refresh may be repeated: it is answered with the same successor, so that a lost answer
        /// logs nobody out. 0 allows no repeat.
        reuse_interval: Duration = Duration::ZERO, "";
        /// How long a session lasts at most, however often it is refreshed.
        family_lifetime: Option<Duration> = None, "";
        /// Whether access tokens end with their session too; one more indexed query with each request.
        check_token_family: bool = false, "";
        /// Whether sessions end when the password is changed.
        revoke_on_password_change: bool = false, "";
        /// Whether a client may have its refresh token as a cookie that scripts cannot read: `X-Refresh-Token: cookie`.
        refresh_cookie: bool = false, "";
        /// Whether that is the only way.
        refresh_cookie_only: bool = false, "";
        /// The name of that cookie. With `__Secure-` or `__Host-` in front browsers take it over HTTPS only.
        refresh_cookie_name: String = "refresh_token".to_owned(), "";
        /// The path that browsers send it to, and everything below.
        refresh_cookie_path: String = "/".to_owned(), "";
        /// The domain that browsers send it to; the host alone that set it, unless said.
        refresh_cookie_domain: Option<String> = None, "";
        /// Which requests from other sites carry it.
        refresh_cookie_samesite: SameSite = SameSite::Strict, "";
    }
}

/// Who may have tokens.
#[derive(Clone, Copy, Default)]
pub struct UserRule(Option<fn(&Account) -> bool>);

impl UserRule {
    /// A rule of a project's own.
    pub fn new(rule: fn(&Account) -> bool) -> Self {
        Self(Some(rule))
    }
}

/// Adds claims to the tokens of a user.
#[derive(Clone, Copy, Default)]
pub struct CustomClaims(Option<fn(&Account, &mut Claims)>);

impl CustomClaims {
    /// Claims of a project's own.
    pub fn new(add: fn(&Account, &mut Claims)) -> Self {
        Self(Some(add))
    }

    pub(super) fn add(self, user: &Account, claims: &mut Claims) {
        if let Some(add) = self.0 {
            add(user, claims);
        }
    }
}

impl SimpleJwt {
    /// Whether a user may have tokens.
    pub(super) fn admits(&self, user: &Account) -> bool {
        match self.user_authentication_rule.0 {
            Some(rule) => rule(user),
            None => !self.check_user_is_active || user.is_active(),
        }
    }

    /// What `WWW-Authenticate` says.
    pub(super) fn challenge(&self) -> String {
        format!("{} realm=\"api\"", self.auth_header_types.first().map_or("Bearer", String::as_str))
    }

    /// The header that tokens come in.
    pub(super) fn header(&self) -> String {
        let name = self.auth_header_name.strip_prefix("HTTP_").unwrap_or(&self.auth_header_name);
        name.replace('_', "-").to_ascii_lowercase()
    }
}

/// A function's address says nothing, and differs from run to run.
impl fmt::Debug for UserRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a function" } else { "None" })
    }
}

/// The same.
impl fmt::Debug for CustomClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a function" } else { "None" })
    }
}
