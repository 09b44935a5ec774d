//! What tokens and hashes cost by themselves: `micro WHAT NUMBER` prints `name value` lines, in nanoseconds of this thread
//! on a processor, which others who use the machine do not change much.
//!
//! `ours N`, `theirs N`: sign and check a user's token N times. `sign-ours N` and so on: one thing N times, for a profiler
//! that counts instructions. `pbkdf2 ITERATIONS`: a hash.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, SystemTime};

use jsonwebtoken::{DecodingKey, EncodingKey, Header};
use quintet::auth::hashers::{check_password, make_password};
use quintet::jwt::{Algorithm, Claims, SigningKey, Validation, VerifyingKey, decode, encode};
use quintet::settings::PasswordHasher;
use serde::{Deserialize, Serialize};
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

const SECRET: &[u8] = b"a-key-of-the-benchmark-that-protects-nothing-at-all";
const NOW: u64 = 1_700_000_000;

/// The claims of a user's token, as a struct.
#[derive(Clone, Deserialize, Serialize)]
struct Typed {
    token_type: String,
    exp: u64,
    iat: u64,
    jti: String,
    user_id: String,
}

fn main() -> Result<(), Failure> {
    let mut words = std::env::args().skip(1);
    let what = words.next().unwrap_or_default();
    let number: u32 = words.next().unwrap_or_default().parse()?;
    let bench = Bench::new()?;
    match what.as_str() {
        "ours" => {
            told("ours_sign_ns", number, || bench.sign_ours())?;
            told("ours_check_ns", number, || bench.check_ours())
        }
        "theirs" => {
            told("theirs_sign_ns", number, || bench.sign_theirs(&bench.claims))?;
            told("theirs_check_ns", number, || bench.check_theirs::<Claims>())?;
            told("theirs_typed_sign_ns", number, || bench.sign_theirs(&bench.typed))?;
            told("theirs_typed_check_ns", number, || bench.check_theirs::<Typed>())
        }
        "sign-ours" => repeated(number, || bench.sign_ours()),
        "check-ours" => repeated(number, || bench.check_ours()),
        "sign-theirs" => repeated(number, || bench.sign_theirs(&bench.claims)),
        "check-theirs" => repeated(number, || bench.check_theirs::<Claims>()),
        "sign-theirs-typed" => repeated(number, || bench.sign_theirs(&bench.typed)),
        "check-theirs-typed" => repeated(number, || bench.check_theirs::<Typed>()),
        "nothing" => Ok(()),
        "pbkdf2" => pbkdf2(number),
        other => Err(format!("`{other}` is nothing that is measured").into()),
    }
}

struct Bench {
    claims: Claims,
    typed: Typed,
    signing: SigningKey,
    verifying: VerifyingKey,
    validation: Validation,
    encoding: EncodingKey,
    decoding: DecodingKey,
    rules: jsonwebtoken::Validation,
    token: String,
}

impl Bench {
    fn new() -> Result<Self, Failure> {
        let claims = json!({
            "token_type": "access", "exp": NOW + 4_000_000_000, "iat": NOW, "jti": "0123456789abcdef0123456789abcdef",
            "user_id": "4711",
        });
        let signing = SigningKey::secret(Algorithm::HS256, SECRET)?;
        let claims: Claims = claims.as_object().ok_or("no object")?.clone();
        let token = encode(&claims, &signing)?;
        Ok(Self {
            typed: serde_json::from_value(claims.clone().into())?,
            claims,
            verifying: signing.verifying_key()?,
            signing,
            validation: Validation::at(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)),
            encoding: EncodingKey::from_secret(SECRET),
            decoding: DecodingKey::from_secret(SECRET),
            rules: jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256),
            token,
        })
    }

    fn sign_ours(&self) -> Result<(), Failure> {
        black_box(encode(black_box(&self.claims), &self.signing)?);
        Ok(())
    }

    fn check_ours(&self) -> Result<(), Failure> {
        black_box(decode(black_box(&self.token), &self.verifying, &self.validation)?);
        Ok(())
    }

    fn sign_theirs(&self, claims: &impl Serialize) -> Result<(), Failure> {
        black_box(jsonwebtoken::encode(&Header::default(), black_box(claims), &self.encoding)?);
        Ok(())
    }

    fn check_theirs<T: serde::de::DeserializeOwned + Clone>(&self) -> Result<(), Failure> {
        black_box(jsonwebtoken::decode::<T>(black_box(self.token.as_str()), &self.decoding, &self.rules)?);
        Ok(())
    }
}

fn repeated(number: u32, mut work: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
    (0..number).try_for_each(|_| work())
}

/// The least of five parts: what disturbs only adds. A part must be long beside the ticks in which the system counts.
fn told(name: &str, number: u32, mut work: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
    const PARTS: u32 = 5;
    let each = (number / PARTS).max(1);
    let mut least = f64::INFINITY;
    for _ in 0..PARTS {
        let before = on_processor()?;
        repeated(each, &mut work)?;
        least = least.min((on_processor()? - before) as f64 / f64::from(each));
    }
    println!("{name} {least:.0}");
    Ok(())
}

fn pbkdf2(iterations: u32) -> Result<(), Failure> {
    let hashers = vec![PasswordHasher::Pbkdf2 { iterations }];
    let encoded = make_password(&hashers, Some("a password")).map_err(|error| error.to_string())?;
    let mut least = u64::MAX;
    for _ in 0..5 {
        let before = on_processor()?;
        assert!(check_password(&hashers, "a password", &encoded).is_ok_and(|is_right| is_right), "it is the password");
        least = least.min(on_processor()? - before);
    }
    println!("pbkdf2_ns {least}");
    Ok(())
}

/// Nanoseconds that this thread was on a processor.
fn on_processor() -> Result<u64, Failure> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().ok_or("no number")?.parse()?)
}
