//! The answer to a challenge of AUTH CRAM-MD5: HMAC with MD5, which nothing else here needs (RFC 2195, RFC 2104).

use md5::{Digest as _, Md5};

/// In hexadecimal digits.
pub(super) fn digest(key: &[u8], challenge: &[u8]) -> String {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..16].copy_from_slice(&Md5::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let hash =
        |pad: u8, text: &[u8]| Md5::new().chain_update(block.map(|byte| byte ^ pad)).chain_update(text).finalize();
    let outer = hash(0x5c, &hash(0x36, challenge));
    crate::auth::chance::hex(&outer)
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn challenges_are_answered_as_published() {
        // RFC 2195, section 2; RFC 2202, cases 2 and 6.
        let wanted = "b913a602c7eda7a495b4e6e7334d3890";
        assert_eq!(digest(b"tanstaaftanstaaf", b"<1896.697170952@postoffice.reston.mci.net>"), wanted);
        assert_eq!(digest(b"Jefe", b"what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738");
        let long = digest(&[0xaa; 80], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(long, "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
    }
}
