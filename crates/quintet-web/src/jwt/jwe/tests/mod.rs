//! Encrypted tokens against published vectors, and what attackers have tried on others.

mod attacks;
mod published;

use serde_json::{Value, json};

use super::*;
use crate::auth::base64::{Alphabet, decode as unbase64, encode as base64};
use crate::jwt::Error;

/// One key for each algorithm.
fn keys() -> Vec<DecryptingKey> {
    KeyAlgorithm::ALL
        .into_iter()
        .flat_map(|algorithm| ContentAlgorithm::ALL.map(|content| key(algorithm, content)))
        .collect()
}

fn key(algorithm: KeyAlgorithm, content: ContentAlgorithm) -> DecryptingKey {
    let key = match algorithm {
        KeyAlgorithm::Dir => DecryptingKey::secret(algorithm, content, &vec![7; content.key_length()]),
        KeyAlgorithm::A128KW | KeyAlgorithm::A256KW => {
            DecryptingKey::secret(algorithm, content, &vec![7; algorithm.wrapping().expect("a length")])
        }
        KeyAlgorithm::RsaOaep256 => DecryptingKey::from_pem(algorithm, content, RSA),
        _ => DecryptingKey::from_jwk(algorithm, content, &on_p256().to_string()),
    };
    key.expect("a key")
}

/// RFC 7518, appendix C: Bob's.
fn on_p256() -> Value {
    json!({ "kty": "EC", "crv": "P-256", "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck", "d": "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw" })
}

fn opened(token: &str, key: &DecryptingKey) -> Result<Vec<u8>, Error> {
    decrypt(token, key, &DecryptionLimits::default()).map(|decrypted| decrypted.plaintext)
}

/// A token whose part of a number is another.
fn with_part(token: &str, number: usize, part: &str) -> String {
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[number] = part;
    parts.join(".")
}

/// A token with another header; the text is not bound to it.
fn with_header(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let written = token.split('.').next().expect("a header");
    let mut header: Value =
        serde_json::from_slice(&unbase64(written, Alphabet::Url).expect("base64url")).expect("JSON");
    change(&mut header);
    with_part(token, 0, &base64(header.to_string().as_bytes(), Alphabet::Url))
}

/// Made for these tests.
const RSA: &str = "-----BEGIN PRIVATE KEY-----\n\
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQC08BGIXV0JG6jR\n\
+maXxg+VV9LaVifUfy5EGBye9lTmbIP05Qn5QOF4kuqtYiK/P/Zpe3gGHIl98kXV\n\
QHxhZofr7PR5eI58zNhvkpB7zQi8J9B80UfewG4C+UkbSPgXJLp4VqifBCvDGdRj\n\
rgTNlWtxiF+MIIc02ed3ENvENymI7qdmBqG1IJ8cVj1TI9WKTaCJ4UICzW+7vrhs\n\
HT4IJ9UhKnCfGJ7U+x1IExYiglAZRCduiL3eIgMD6+/rWFnpgclKjKKTdiXsOYK9\n\
hA2+qiSKk4k+cakI3TgNoyHCxF2V4uARvo915plTpqBesXAX6NIk/irAlnbKyOwR\n\
7tiATrCPAgMBAAECggEAKZO2u6qUi9i+wM100LBy+ULOkVxV17cH1x7hSMfa9339\n\
DoOo+I0nonDEG2ZfDKpygYedK25YS8glstyYGDuaxSRUgysoNtZNb8nyiHgzZyUQ\n\
+/WNOcrnHKjS20G3vH20mZ10LuIi+jiPvP4KXYFVyKdpKUZ6OzNNRGdr0JlKYovs\n\
7cfDzP3/fPt39p+lS6bfGpZrdoGyW1IlGCc7SuD5TiidmXqCLmBzx5Jy/OhLnmEL\n\
/c/4ieq07n1A+pBnzdbnC5GpRSyOi7G7OEDUuc3s99bqJZEiIjG4qxDUtGw6/l9M\n\
fNKZVe1/cVoWdni/IXApUcQzHVWr9ptRRKaaShEHzQKBgQDyk0KZiOnH4jJUzjY8\n\
tJ6cOprWOKzdppmcHGrNedkRIEq4yqN+sJxZA3VuiiC27i8MXmnZ2YWCOGSceHTF\n\
hXvfRs5XBRpRIVub8bIDCMENDujCo2UY64NSbHEIrhjOMe8B7cChPIvfVanvLaIa\n\
hxIAoV47ycPrJr7zaaAnDWwA8wKBgQC+84uk4mGnVQRMkz+EiFWUWnf7QYBsU7Xr\n\
huWBnNztV+LGB/r5jkXtmewwq8fzRRAeXyjFEHbRgQsWbLQGypn6u933quudkxz0\n\
A2pl2YV2i/rXqipGMkeZgr3YFp4fpxg5FZ4aacEJ5B9J65bGH4I+Kn9W5ZsY7wa8\n\
Luaq13kY9QKBgE3RL+xRH64fwkWyYXPX/Yngwws14z63009hTmHcVOZJla7yUsCx\n\
p3ZmxaVQam5EupMdNpfMUCgWLzCC8/Lpf3OBI3CHEoo0SU8dmh2fEU8/GSxXfncg\n\
FmC6qQg/0XVUT3gu7TzMT5K1yG4SFY6tBfltyu0jLNai917e46GjjKJBAoGAQdwm\n\
cfxSyjAch3zSD5gmTEDX2SVCchp9SHsCda3w1TvWz465FZHotIa+XBsjn9hWMuOH\n\
YFDJaoEjndxoS19dtIlPibi+A19WQSNcczyPN9AX+IKMiiGVaHEboYhLiYdMZ4P5\n\
QArxtcOktw42tqbveRmXShVvZS4sGIPks1AWSHECgYBjzhLGRd124R3PCttFAdcW\n\
GlbRa/mOQ9o2xYvlF/6/w6B/CPTzAO5VMO0lHOTKLPDQm6to7p3L0e+BamymSQHd\n\
RhO2SfVls5OJh7m4jjR6kVTEsCgwSpNG9Bz1+ODVz+pZ4rv/KR4ypb3iJ4GNqpqi\n\
mANPRIlQPyfQ4ztDDrRwZA==\n\
-----END PRIVATE KEY-----\n";
