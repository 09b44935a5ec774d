//! What has been tried on other libraries, each by its name.

use super::*;

fn token(key: &DecryptingKey) -> String {
    encrypt(b"nobody else reads this", &key.encrypting_key().expect("a key")).expect("a token")
}

#[test]
fn what_is_encrypted_comes_back_by_every_pair_of_algorithms() {
    let mut count = 0;
    for key in keys() {
        let encrypting = key.clone().with_id("one").encrypting_key().expect("a key");
        for text in [&b""[..], b"x", &[9; 16], &[0; 70_000]] {
            let token = encrypt(text, &encrypting).expect("a token");
            let limits = DecryptionLimits::default();
            let decrypted = decrypt(&token, &key, &limits).unwrap_or_else(|why| panic!("{key:?}: {why}"));
            assert_eq!(decrypted.plaintext, text, "{key:?}");
            assert_eq!(decrypted.header["kid"], "one");
            assert_ne!(encrypt(text, &encrypting).expect("a token"), token, "each has something new");
        }
        count += 1;
    }
    assert_eq!(count, 28);
}

/// Each bit of what is readable matters, in every part.
#[test]
fn a_token_that_was_changed_is_refused_with_one_error() {
    for key in keys() {
        let token = token(&key);
        for number in 1..5 {
            let part = token.split('.').nth(number).expect("a part");
            let bytes = unbase64(part, Alphabet::Url).expect("base64url");
            let (mut first, mut last, mut longer) = (bytes.clone(), bytes.clone(), bytes.clone());
            first.iter_mut().take(1).for_each(|byte| *byte ^= 1);
            last.iter_mut().rev().take(1).for_each(|byte| *byte ^= 0x80);
            longer.push(0);
            let shorter = bytes[..bytes.len().saturating_sub(1)].to_vec();
            for changed in [first, last, longer, shorter, vec![], vec![0; 8], vec![0xff; 300]] {
                if changed != bytes {
                    let forged = with_part(&token, number, &base64(&changed, Alphabet::Url));
                    assert_eq!(opened(&forged, &key), Err(Error::Decryption), "{key:?}, part {number}, {changed:?}");
                }
            }
        }
        let renamed = with_header(&token, |header| header["more"] = json!(1));
        assert_eq!(opened(&renamed, &key), Err(Error::Decryption), "{key:?}: the header is bound to the text");
    }
}

/// CVE-2016-6298, CVE-2023-51774 and others: the token does not choose how it is decrypted.
#[test]
fn algorithms_are_the_keys_never_the_tokens() {
    for key in keys() {
        let token = token(&key);
        for other in keys() {
            let is_same = (other.algorithm, other.content) == (key.algorithm, key.content);
            let wanted = if is_same { Ok(b"nobody else reads this".to_vec()) } else { Err(Error::Algorithm) };
            assert_eq!(opened(&token, &other), wanted, "{key:?} {other:?}");
        }
    }
    let token = token(&key(KeyAlgorithm::A256KW, ContentAlgorithm::A256GCM));
    for name in ["RSA1_5", "RSA-OAEP", "PBES2-HS256+A128KW", "A256GCMKW", "none", "", "a256kw", "HS256"] {
        let forged = with_header(&token, |header| header["alg"] = name.into());
        let key = key(KeyAlgorithm::A256KW, ContentAlgorithm::A256GCM);
        assert_eq!(opened(&forged, &key), Err(Error::Algorithm), "{name}");
        assert!(name.parse::<KeyAlgorithm>().is_err(), "{name}");
    }
    assert!("A192GCM".parse::<ContentAlgorithm>().is_err());
}

/// CVE-2017-16007 and others: points that are on another curve, or on none, give a private key away piece by piece.
#[test]
fn a_point_that_is_not_on_the_curve_is_refused() {
    for algorithm in [KeyAlgorithm::EcdhEs, KeyAlgorithm::EcdhEsA256KW] {
        let key = key(algorithm, ContentAlgorithm::A256GCM);
        let token = token(&key);
        let number = |byte: u8, length: usize| Value::from(base64(&vec![byte; length], Alphabet::Url));
        for point in [
            json!({ "kty": "EC", "crv": "P-256", "x": number(1, 32), "y": number(1, 32) }),
            json!({ "kty": "EC", "crv": "P-256", "x": number(0, 32), "y": number(0, 32) }),
            json!({ "kty": "EC", "crv": "P-256", "x": number(0xff, 32), "y": number(0xff, 32) }),
            json!({ "kty": "EC", "crv": "P-256", "x": number(1, 31), "y": number(1, 33) }),
            json!({ "kty": "EC", "crv": "P-256", "x": "", "y": "" }),
            json!({ "kty": "EC", "crv": "P-384", "x": number(1, 48), "y": number(1, 48) }),
            json!({ "kty": "OKP", "crv": "X25519", "x": number(1, 32) }),
            json!({ "kty": "EC", "crv": "P-256", "x": 1, "y": null }),
            json!("P-256"),
            json!([]),
            Value::Null,
        ] {
            let forged = with_header(&token, |header| header["epk"] = point.clone());
            assert_eq!(opened(&forged, &key), Err(Error::Decryption), "{point}");
        }
        let forged = with_header(&token, |header| drop(header.as_object_mut().expect("an object").remove("epk")));
        assert_eq!(opened(&forged, &key), Err(Error::Decryption));
        let forged = with_header(&token, |header| header["apu"] = json!("no base64url!"));
        assert_eq!(opened(&forged, &key), Err(Error::Decryption));
        let mut jwk = on_p256();
        jwk["d"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE".into();
        let refused = DecryptingKey::from_jwk(algorithm, ContentAlgorithm::A256GCM, &jwk.to_string());
        assert!(refused.is_err(), "the private half of another pair");
    }
}

/// The same bytes, cut in other places.
#[test]
fn a_byte_belongs_to_one_part() {
    for key in keys() {
        let token = token(&key);
        let parts: Vec<_> = token.split('.').map(|part| unbase64(part, Alphabet::Url).expect("base64url")).collect();
        for (left, right) in [(1, 2), (2, 3), (3, 4)] {
            let (one, other) = (parts[left].clone(), parts[right].clone());
            let Some((last, rest)) = one.split_last() else { continue };
            let moved = with_part(&token, left, &base64(rest, Alphabet::Url));
            let moved = with_part(&moved, right, &base64(&[&[*last][..], &other].concat(), Alphabet::Url));
            assert_eq!(opened(&moved, &key), Err(Error::Decryption), "{key:?}, {left} to {right}");
        }
    }
    let mut point = on_p256();
    let number = |name: &str| unbase64(point[name].as_str().expect("text"), Alphabet::Url).expect("base64url");
    let (x, y) = (number("x"), number("y"));
    point["x"] = base64(&x[..31], Alphabet::Url).into();
    point["y"] = base64(&[&x[31..], &y].concat(), Alphabet::Url).into();
    assert!(EncryptingKey::from_jwk(KeyAlgorithm::EcdhEs, ContentAlgorithm::A256GCM, &point.to_string()).is_err());
}

#[test]
fn an_extension_that_must_be_understood_is_not() {
    let key = key(KeyAlgorithm::Dir, ContentAlgorithm::A256GCM);
    for names in [json!(["exp"]), json!([]), json!("exp"), json!(null)] {
        let forged = with_header(&token(&key), |header| header["crit"] = names.clone());
        assert_eq!(opened(&forged, &key), Err(Error::Critical), "{names}");
    }
}

/// A token of any text that was compressed before, which we never do ourselves.
fn compressed(key: &DecryptingKey, text: &[u8], name: &str) -> String {
    let header =
        base64(json!({ "alg": "dir", "enc": key.content.name(), "zip": name }).to_string().as_bytes(), Alphabet::Url);
    let mut encoder = flate2::write::DeflateEncoder::new(vec![], flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, text).expect("compressed");
    let small = encoder.finish().expect("compressed");
    let sealed =
        key.content.seal(&vec![7; key.content.key_length()], &[1; 12], header.as_bytes(), &small).expect("sealed");
    let parts = [&sealed.iv, &sealed.text, &sealed.tag].map(|part| base64(part, Alphabet::Url));
    format!("{header}..{}", parts.join("."))
}

/// CVE-2024-28180, CVE-2024-33664, CVE-2024-21319 and others: a small token of which a large text comes.
#[test]
fn what_is_compressed_is_taken_where_that_is_said_and_up_to_a_limit() {
    let key = key(KeyAlgorithm::Dir, ContentAlgorithm::A256GCM);
    let small = compressed(&key, b"some words, some words, some words", "DEF");
    assert!(matches!(opened(&small, &key), Err(Error::Malformed(_))), "off unless it is said");
    let limits = DecryptionLimits::default().decompressed(34);
    let decrypted = decrypt(&small, &key, &limits).expect("a text");
    assert_eq!(decrypted.plaintext, b"some words, some words, some words");
    let limits = DecryptionLimits::default().decompressed(33);
    assert_eq!(decrypt(&small, &key, &limits), Err(Error::Malformed("it is too long, decompressed")));
    let bomb = compressed(&key, &vec![0; 100_000_000], "DEF");
    assert!(bomb.len() < 1 << 18, "{}", bomb.len());
    let limits = DecryptionLimits::default().decompressed(1 << 20);
    assert_eq!(decrypt(&bomb, &key, &limits), Err(Error::Malformed("it is too long, decompressed")));
    let other = compressed(&key, b"some words", "GZIP");
    assert!(matches!(decrypt(&other, &key, &limits), Err(Error::Malformed(_))));
    let extra = claims(json!({ "zip": "DEF" }));
    assert!(encrypt_with_header(b"x", &key.encrypting_key().expect("a key"), &extra).is_err(), "nor is it claimed");
}

#[test]
fn there_is_one_text_for_a_token() {
    let key = key(KeyAlgorithm::A256KW, ContentAlgorithm::A256CbcHs512);
    let good = token(&key);
    assert!(opened(&good, &key).is_ok());
    for bad in [
        format!("{good}="),
        format!("{good}."),
        format!("{good}\n"),
        format!(" {good}"),
        good.replace('.', "=."),
        good.replace('.', ".."),
        good.rsplit_once('.').expect("parts").0.to_owned(),
        "a.b.c".to_owned(),
        "....".to_owned(),
        String::new(),
        "é.é.é.é.é".to_owned(),
        ".".repeat(1_000_000),
        "A".repeat(1_000_000),
    ] {
        assert!(matches!(opened(&bad, &key), Err(Error::Malformed(_))), "{}", &bad[..bad.len().min(100)]);
    }
    let twice = base64(br#"{"alg":"A256KW","alg":"A256KW","enc":"A256CBC-HS512"}"#, Alphabet::Url);
    assert!(matches!(opened(&with_part(&good, 0, &twice), &key), Err(Error::Malformed(_))));
    let number = with_header(&good, |header| header["kid"] = 1.into());
    assert!(matches!(opened(&number, &key), Err(Error::Malformed(_))));
}

#[test]
fn a_token_is_as_long_as_is_allowed() {
    let key = key(KeyAlgorithm::Dir, ContentAlgorithm::A128GCM);
    let token = token(&key);
    let limited = |bytes: usize| decrypt(&token, &key, &DecryptionLimits::default().token(bytes)).is_ok();
    assert!(limited(token.len()) && !limited(token.len() - 1));
}

#[test]
fn an_old_key_beside_the_new_one_still_decrypts() {
    let old =
        DecryptingKey::secret(KeyAlgorithm::Dir, ContentAlgorithm::A128GCM, &[1; 16]).expect("a key").with_id("old");
    let new =
        DecryptingKey::secret(KeyAlgorithm::Dir, ContentAlgorithm::A128GCM, &[2; 16]).expect("a key").with_id("new");
    let (token, limits) = (token(&old), DecryptionLimits::default());
    assert!(decrypt_any(&token, &[new.clone(), old], &limits).is_ok());
    assert_eq!(decrypt_any(&token, &[new], &limits), Err(Error::Decryption));
    assert_eq!(decrypt_any(&token, &[], &limits), Err(Error::Algorithm));
    let renamed =
        DecryptingKey::secret(KeyAlgorithm::Dir, ContentAlgorithm::A128GCM, &[1; 16]).expect("a key").with_id("x");
    assert_eq!(decrypt_any(&token, &[renamed], &limits), Err(Error::Decryption), "another is named");
}

#[test]
fn secrets_have_the_length_that_is_asked() {
    for (algorithm, length) in [(KeyAlgorithm::Dir, 32), (KeyAlgorithm::A128KW, 16), (KeyAlgorithm::A256KW, 32)] {
        for wrong in [0, 1, length - 1, length + 1, 64] {
            assert!(DecryptingKey::secret(algorithm, ContentAlgorithm::A256GCM, &vec![7; wrong]).is_err(), "{wrong}");
            assert!(EncryptingKey::secret(algorithm, ContentAlgorithm::A256GCM, &vec![7; wrong]).is_err(), "{wrong}");
        }
    }
    assert!(DecryptingKey::secret(KeyAlgorithm::EcdhEs, ContentAlgorithm::A256GCM, &[7; 32]).is_err());
    for pem in ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
        for algorithm in KeyAlgorithm::ALL {
            assert!(EncryptingKey::from_pem(algorithm, ContentAlgorithm::A256GCM, pem).is_err(), "{algorithm}");
        }
    }
    let signing = json!({ "kty": "oct", "use": "sig", "k": base64(&[7; 32], Alphabet::Url) });
    assert!(DecryptingKey::from_jwk(KeyAlgorithm::A256KW, ContentAlgorithm::A256GCM, &signing.to_string()).is_err());
}

#[test]
fn no_secret_is_shown() {
    let key = key(KeyAlgorithm::A256KW, ContentAlgorithm::A256GCM);
    let decrypted = decrypt(&token(&key), &key, &DecryptionLimits::default()).expect("a text");
    let shown = format!("{key:?} {:?} {decrypted:?}", key.encrypting_key().expect("a key"));
    let wanted = r#"DecryptingKey(A256KW, A256GCM, None) EncryptingKey(A256KW, A256GCM, None) Decrypted({"alg":"A256KW","enc":"A256GCM"}, 22 bytes)"#;
    assert_eq!(shown, wanted);
}

/// Sign, then encrypt: what comes out is checked as any signed token is.
#[test]
fn a_signed_token_travels_in_an_encrypted_one() {
    let signing = crate::jwt::SigningKey::secret(crate::jwt::Algorithm::HS256, &[3; 32]).expect("a key");
    let signed = crate::jwt::encode(&claims(json!({ "sub": "1" })), &signing).expect("a token");
    let key = key(KeyAlgorithm::RsaOaep256, ContentAlgorithm::A256GCM);
    let extra = claims(json!({ "cty": "JWT" }));
    let token = encrypt_with_header(signed.as_bytes(), &key.encrypting_key().expect("a key"), &extra).expect("a token");
    let inner = decrypt(&token, &key, &DecryptionLimits::default()).expect("a text");
    let inner = String::from_utf8(inner.plaintext).expect("text");
    let validation = crate::jwt::Validation::at(std::time::UNIX_EPOCH);
    let verifying = signing.verifying_key().expect("a key");
    assert_eq!(crate::jwt::decode(&inner, &verifying, &validation).expect("claims").claims["sub"], "1");
    assert!(crate::jwt::decode(&token, &verifying, &validation).is_err(), "an encrypted token is no signed one");
    assert!(opened(&signed, &key).is_err(), "nor the other way round");
}

#[allow(clippy::needless_pass_by_value, reason = "written as `json!`")]
fn claims(value: Value) -> crate::jwt::Claims {
    value.as_object().expect("an object").clone()
}
