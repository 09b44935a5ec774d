//! Published vectors: RFC 7516, RFC 7518 and RFC 7520, typed in, and project Wycheproof's, where `QUINTET_VECTORS` names
//! their folder.

use super::agreement::{Curve, Purpose, agreed, derived};
use super::content::Sealed;
use super::*;
use crate::jwt::tests::vectors;

/// What hobbits say to one another in RFC 7520.
const FIVE: &str = "You can trust us to stick with you through thick and thin\u{2013}to the bitter end. And you can trust \
    us to keep any secret of yours\u{2013}closer than you keep it yourself. But you cannot trust us to let you face \
    trouble alone, and go off without a word. We are your friends, Frodo.";

fn takes(
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    jwk: &Value,
    token: &str,
    limits: &DecryptionLimits,
) -> String {
    let key = DecryptingKey::from_jwk(algorithm, content, &jwk.to_string()).expect("a key");
    let decrypted = decrypt(token, &key, limits).expect("a text");
    String::from_utf8(decrypted.plaintext).expect("text")
}

/// RFC 7516, appendix A.3.
#[test]
fn a_wrapped_key_and_cbc_are_the_published_ones() {
    let jwk = json!({ "kty": "oct", "k": "GawgguFyGrWKav7AX4VKUg" });
    let token = "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0\
        .6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.AxY8DCtDaGlsbGljb3RoZQ\
        .KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ";
    let text = takes(KeyAlgorithm::A128KW, ContentAlgorithm::A128CbcHs256, &jwk, token, &DecryptionLimits::default());
    assert_eq!(text, "Live long and prosper.");
}

/// RFC 7516, appendices A.1 and A.2, begin with these headers: SHA-1 and PKCS #1 v1.5, which are not offered.
#[test]
fn published_tokens_by_algorithms_that_are_not_offered_are_refused_as_such() {
    for header in
        ["eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ", "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0"]
    {
        for key in keys() {
            assert_eq!(opened(&format!("{header}.AAAA.AAAA.AAAA.AAAA"), &key), Err(Error::Algorithm), "{key:?}");
        }
    }
}

/// RFC 7518, appendices B.1 and B.3.
#[test]
fn cbc_with_hmac_gives_the_published_bytes() {
    let key: Vec<u8> = (0..64).collect();
    let text = b"A cipher system must not be required to be secret, and it must be able to fall into the hands of the \
        enemy without inconvenience";
    let iv = [0x1a, 0xf3, 0x8c, 0x2d, 0xc2, 0xb9, 0x6f, 0xfd, 0xd8, 0x66, 0x94, 0x09, 0x23, 0x41, 0xbc, 0x04];
    let beside = b"The second principle of Auguste Kerckhoffs";
    for (content, length, begin, end, tag) in [
        (
            ContentAlgorithm::A128CbcHs256,
            32,
            "c80edfa32ddf39d5",
            "4b8851ffb598f7f80074b9473c82e2db",
            "652c3fa36b0a7c5b3219fab3a30bc1c4",
        ),
        (
            ContentAlgorithm::A256CbcHs512,
            64,
            "4affaaadb78c31c5",
            "be2638d09dd7a4930930806d0703b1f6",
            "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5",
        ),
    ] {
        let sealed = content.seal(&key[..length], &iv, beside, text).expect("sealed");
        let hex = crate::auth::chance::hex(&sealed.text);
        assert!(sealed.text.len() == 144 && hex.starts_with(begin) && hex.ends_with(end), "{content}: {hex}");
        assert_eq!(crate::auth::chance::hex(&sealed.tag), tag, "{content}");
        assert_eq!(content.open(&key[..length], beside, &sealed).expect("opened"), text);
        let shorter = Sealed { tag: sealed.tag[..sealed.tag.len() - 1].to_vec(), ..sealed };
        assert!(content.open(&key[..length], beside, &shorter).is_err());
    }
}

/// RFC 7518, appendix C: Alice and Bob.
#[test]
fn a_key_that_is_agreed_upon_is_the_published_one() {
    let header = json!({ "alg": "ECDH-ES", "enc": "A128GCM", "apu": "QWxpY2U", "apv": "Qm9i",
        "epk": { "kty": "EC", "crv": "P-256", "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
            "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps" } });
    let header = header.as_object().expect("an object");
    let purpose = Purpose::of(KeyAlgorithm::EcdhEs, ContentAlgorithm::A128GCM, header).expect("a purpose");
    let private = unbase64("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw", Alphabet::Url).expect("base64url");
    let private = Curve::P256.private(&private).expect("a key");
    let public = Curve::P256.point(header["epk"].as_object().expect("an object")).expect("a point");
    let key = agreed(&private, &public, &purpose).expect("a key");
    assert_eq!(base64(&key, Alphabet::Url), "VqqN6vgjbSBcIijNcacQGg");
    let common = [
        158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106,
        72, 246, 218, 167, 121, 140, 254, 144, 196,
    ];
    assert_eq!(derived(&common, &purpose), key);
}

/// RFC 7520, section 5.6.
#[test]
fn a_token_for_a_shared_key_is_read_as_published() {
    let jwk = json!({ "kty": "oct", "kid": "77c7e2b8-6e13-45cf-8672-617b5b45243a", "use": "enc", "alg": "A128GCM",
        "k": "XctOhJAkA-pD9Lh7ZgW_2A" });
    let token = "eyJhbGciOiJkaXIiLCJraWQiOiI3N2M3ZTJiOC02ZTEzLTQ1Y2YtODY3Mi02MTdiNWI0NTI0M2EiLCJlbmMiOiJBMTI4R0NNIn0..refa467\
        QzzKx6QAB.JW_i_f52hww_ELQPGaYyeAB6HYGcR559l9TYnSovc23XJoBcW29rHP8yZOZG7YhLpT1bjFuvZPjQS-m0IFtVcXkZXdH_lr_Frd\
        Yt9HRUYkshtrMmIUAyGmUnd9zMDB2n0cRDIHAzFVeJUDxkUwVAE7_YGRPdcqMyiBoCO-FBdE-Nceb4h3-FtBP-c_BIwCPTjb9o0SbdcdREEM\
        JMyZBH8ySWMVi1gPD9yxi-aQpGbSv_F9N4IZAxscj5g-NJsUPbjk29-s7LJAGb15wEBtXphVCgyy53CoIKLHHeJHXex45Uz9aKZSRSInZI-w\
        jsY0yu3cT4_aQ3i1o-tiE-F8Ios61EKgyIQ4CWao8PFMj8TTnp.vbb32Xvllea2OtmHAdccRQ";
    let limits = DecryptionLimits::default();
    assert_eq!(takes(KeyAlgorithm::Dir, ContentAlgorithm::A128GCM, &jwk, token, &limits), FIVE);
}

/// RFC 7520, section 5.5.
#[test]
fn a_token_for_a_key_that_is_agreed_upon_is_read_as_published() {
    let jwk = json!({ "kty": "EC", "alg": "ECDH-ES", "kid": "meriadoc.brandybuck@buckland.example", "use": "enc",
        "crv": "P-256", "x": "Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0",
        "y": "HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw", "d": "r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8" });
    let token = "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0eSI6IkVDIiwi\
        Y3J2IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIsInkiOiI4QlFBc0ltR2VBUzQ2\
        ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhDQkMtSFMyNTYifQ..yc9N8v5sYyv3iGQT926IUg.BoDlwPnTy\
        pYq-ivjmQvAYJLb5Q6l-F3LIgQomlz87yW4OPKbWE1zSTEFjDfhU9IPIOSA9Bml4m7iDFwA-1ZXvHteLDtw4R1XRGMEsDIqAYtskTTmzmzNa\
        -_q4F_evAPUmwlO-ZG45Mnq4uhM1fm_D9rBtWolqZSF3xGNNkpOMQKF1Cl8i8wjzRli7-IXgyirlKQsbhhqRzkv8IcY6aHl24j03C-AR2le1\
        r7URUhArM79BY8soZU0lzwI-sD5PZ3l4NDCCei9XkoIAfsXJWmySPoeRb2Ni5UZL4mYpvKDiwmyzGd65KqVw7MsFfI_K767G9C9Azp73gKZD\
        0DyUn1mn0WW5LmyX_yJ-3AROq8p1WZBfG-ZyJ6195_JGG2m9Csg.WCCkNa-x4BeB9hIDIfFuhg";
    let limits = DecryptionLimits::default();
    assert_eq!(takes(KeyAlgorithm::EcdhEs, ContentAlgorithm::A128CbcHs256, &jwk, token, &limits), FIVE);
}

/// RFC 7520, section 5.4.
#[test]
fn a_token_for_a_wrapped_key_on_p384_is_read_as_published() {
    let jwk = json!({ "kty": "EC", "alg": "ECDH-ES+A128KW", "kid": "peregrin.took@tuckborough.example", "use": "enc",
        "crv": "P-384", "x": "YU4rRUzdmVqmRtWOs2OpDE_T5fsNIodcG8G5FWPrTPMyxpzsSOGaQLpe2FpxBmu2",
        "y": "A8-yxCHxkfBz3hKZfI1jUYMjUhsEveZ9THuwFjH2sCNdtksRJU7D5-SkgaFL1ETP",
        "d": "iTx2pk7wW-GqJkHcEkFQb2EFyYcO7RugmaW3mRrQVAOUiPommT0IdnYK2xDlZh-j" });
    let token = "eyJhbGciOiJFQ0RILUVTK0ExMjhLVyIsImtpZCI6InBlcmVncmluLnRvb2tAdHVja2Jvcm91Z2guZXhhbXBsZSIsImVwayI6eyJrdHkiOiJF\
        QyIsImNydiI6IlAtMzg0IiwieCI6InVCbzRrSFB3Nmtiang1bDB4b3dyZF9vWXpCbWF6LUdLRlp1NHhBRkZrYllpV2d1dEVLNml1RURzUTZ3\
        TmROZzMiLCJ5Ijoic3AzcDVTR2haVkMyZmFYdW1JLWU5SlUyTW84S3BvWXJGRHI1eVBOVnRXNFBnRXdaT3lRVEEtSmRhWTh0YjdFMCJ9LCJl\
        bmMiOiJBMTI4R0NNIn0.0DJjBXri_kBcC46IkU5_Jk9BqaQeHdv2.mH-G2zVqgztUtnW_.tkZuOO9h95OgHJmkkrfLBisku8rGf6nzVxhRM3\
        sVOhXgz5NJ76oID7lpnAi_cPWJRCjSpAaUZ5dOR3Spy7QuEkmKx8-3RCMhSYMzsXaEwDdXta9Mn5B7cCBoJKB0IgEnj_qfo1hIi-uEkUpOZ8\
        aLTZGHfpl05jMwbKkTe2yK3mjF6SBAsgicQDVCkcY9BLluzx1RmC3ORXaM0JaHPB93YcdSDGgpgBWMVrNU1ErkjcMqMoT_wtCex3w03XdLkj\
        XIuEr2hWgeP-nkUZTPU9EoGSPj6fAS-bSz87RCPrxZdj_iVyC6QWcqAu07WNhjzJEPc4jVntRJ6K53NgPQ5p99l3Z408OUqj4ioYezbS6vTP\
        lQ.WuGzxmcreYjpHGJoa17EBg";
    let limits = DecryptionLimits::default();
    assert_eq!(takes(KeyAlgorithm::EcdhEsA128KW, ContentAlgorithm::A128GCM, &jwk, token, &limits), FIVE);
}

/// RFC 7520, section 5.8.
#[test]
fn a_token_for_a_wrapped_key_is_read_as_published() {
    let jwk = json!({ "kty": "oct", "kid": "81b20965-8332-43d9-a468-82160ad91ac8", "use": "enc", "alg": "A128KW",
        "k": "GZy6sIZ6wl9NJOKB-jnmVQ" });
    let token = "eyJhbGciOiJBMTI4S1ciLCJraWQiOiI4MWIyMDk2NS04MzMyLTQzZDktYTQ2OC04MjE2MGFkOTFhYzgiLCJlbmMiOiJBMTI4R0NNIn0.CBI6\
        oDw8MydIx1IBntf_lQcw2MmJKIQx.Qx0pmsDa8KnJc9Jo.AwliP-KmWgsZ37BvzCefNen6VTbRK3QMA4TkvRkH0tP1bTdhtFJgJxeVmJkLD6\
        1A1hnWGetdg11c9ADsnWgL56NyxwSYjU1ZEHcGkd3EkU0vjHi9gTlb90qSYFfeF0LwkcTtjbYKCsiNJQkcIp1yeM03OmuiYSoYJVSpf7ej6z\
        aYcMv3WwdxDFl8REwOhNImk2Xld2JXq6BR53TSFkyT7PwVLuq-1GwtGHlQeg7gDT6xW0JqHDPn_H-puQsmthc9Zg0ojmJfqqFvETUxLAF-Kj\
        cBTS5dNy6egwkYtOt8EIHK-oEsKYtZRaa8Z7MOZ7UGxGIMvEmxrGCPeJa14slv2-gaqK0kEThkaSqdYw0FkQZF.ER7MWJZ1FBI_NKvn7Zb1L\
        w";
    let limits = DecryptionLimits::default();
    assert_eq!(takes(KeyAlgorithm::A128KW, ContentAlgorithm::A128GCM, &jwk, token, &limits), FIVE);
}

/// RFC 7520, section 5.9.
#[test]
fn a_compressed_token_is_read_as_published() {
    let jwk = json!({ "kty": "oct", "kid": "81b20965-8332-43d9-a468-82160ad91ac8", "use": "enc", "alg": "A128KW",
        "k": "GZy6sIZ6wl9NJOKB-jnmVQ" });
    let token = "eyJhbGciOiJBMTI4S1ciLCJraWQiOiI4MWIyMDk2NS04MzMyLTQzZDktYTQ2OC04MjE2MGFkOTFhYzgiLCJlbmMiOiJBMTI4R0NNIiwiemlw\
        IjoiREVGIn0.5vUT2WOtQxKWcekM_IzVQwkGgzlFDwPi.p9pUq6XHY0jfEZIl.HbDtOsdai1oYziSx25KEeTxmwnh8L8jKMFNc1k3zmMI6VB\
        8hry57tDZ61jXyezSPt0fdLVfe6Jf5y5-JaCap_JQBcb5opbmT60uWGml8blyiMQmOn9J--XhhlYg0m-BHaqfDO5iTOWxPxFMUedx7WCy8mx\
        gDHj0aBMG6152PsM-w5E_o2B3jDbrYBKhpYA7qi3AyijnCJ7BP9rr3U8kxExCpG3mK420TjOw.VILuUwuIxaLVmh5X-T7kmA";
    let limits = DecryptionLimits::default().decompressed(1000);
    assert_eq!(takes(KeyAlgorithm::A128KW, ContentAlgorithm::A128GCM, &jwk, token, &limits), FIVE);
}

/// What is thought of a case, by each algorithm of texts that is offered: they are the key's, and the vectors do not say
/// them.
fn judged(key: &Value, token: &str) -> Result<Vec<u8>, Error> {
    let named = key["alg"].as_str().unwrap_or_default();
    // A key that both sides have is named after the text's algorithm.
    let algorithm = if named.parse::<ContentAlgorithm>().is_ok() { Ok(KeyAlgorithm::Dir) } else { named.parse() };
    let Ok(algorithm) = algorithm else { return Err(Error::Algorithm) };
    let mut why = Error::Algorithm;
    for content in ContentAlgorithm::ALL {
        let Ok(key) = DecryptingKey::from_jwk(algorithm, content, &key.to_string()) else { continue };
        match decrypt(token, &key, &DecryptionLimits::default().decompressed(10_000)) {
            Err(Error::Algorithm) => {}
            Err(other) => why = other,
            Ok(decrypted) => return Ok(decrypted.plaintext),
        }
    }
    Err(why)
}

#[test]
#[allow(clippy::print_stdout, clippy::disallowed_macros, reason = "the counts are the test's report")]
fn published_encryptions_are_judged_rightly() {
    let Some(file) = vectors("json_web_encryption_test.json") else { return };
    let (mut accepted, mut unsupported, mut refused) = (0, 0, 0);
    for group in file["testGroups"].as_array().expect("groups") {
        for test in group["tests"].as_array().expect("tests") {
            let token = test["jwe"].as_str().map_or_else(|| test["jwe"].to_string(), str::to_owned);
            match (test["result"] == "valid", judged(&group["private"], &token)) {
                (true, Ok(text)) => {
                    assert_eq!(crate::auth::chance::hex(&text), test["pt"], "{}", test["tcId"]);
                    accepted += 1;
                }
                (true, Err(why)) => {
                    assert_eq!(why, Error::Algorithm, "{}: {}", test["tcId"], test["comment"]);
                    unsupported += 1;
                }
                (false, judged) => {
                    assert!(judged.is_err(), "{}: {}", test["tcId"], test["comment"]);
                    refused += 1;
                }
            }
        }
    }
    println!("published encryptions: {accepted} accepted, {unsupported} not offered, {refused} invalid ones refused");
    assert_eq!((accepted + unsupported, refused), (65, 74));
}
