//! The text of a token: encrypted and bound to its header, and back.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;

use super::ContentAlgorithm;

/// Bytes of the tag of AES-GCM.
const GCM_TAG: usize = 16;
/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// A text that is encrypted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) iv: Vec<u8>,
    pub(super) text: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl ContentAlgorithm {
    /// The bytes of what must be new with each text.
    pub(super) fn iv_length(self) -> usize {
        match self {
            Self::A128GCM | Self::A256GCM => NONCE_LEN,
            Self::A128CbcHs256 | Self::A256CbcHs512 => BLOCK,
        }
    }

    /// Encrypts a text, bound to `beside`, which stays readable.
    pub(super) fn seal(self, key: &[u8], iv: &[u8], beside: &[u8], text: &[u8]) -> Result<Sealed, Unspecified> {
        let mut bytes = text.to_vec();
        let tag = match self {
            Self::A128GCM | Self::A256GCM => {
                let nonce = Nonce::try_assume_unique_for_key(iv)?;
                let tag = self.gcm(key)?.seal_in_place_separate_tag(nonce, Aad::from(beside), &mut bytes)?;
                tag.as_ref().to_vec()
            }
            Self::A128CbcHs256 | Self::A256CbcHs512 => {
                let (marking, encrypting) = halves(self, key)?;
                let context = EncryptionContext::Iv128(iv.try_into()?);
                PaddedBlockEncryptingKey::cbc_pkcs7(self.cbc(encrypting)?)?.less_safe_encrypt(&mut bytes, context)?;
                self.mark(marking, beside, iv, &bytes)
            }
        };
        Ok(Sealed { iv: iv.to_vec(), text: bytes, tag })
    }

    /// The text, where all of it is as it was sealed with this key.
    pub(super) fn open(self, key: &[u8], beside: &[u8], sealed: &Sealed) -> Result<Vec<u8>, Unspecified> {
        let mut bytes = sealed.text.clone();
        if sealed.iv.len() != self.iv_length() {
            return Err(Unspecified);
        }
        match self {
            Self::A128GCM | Self::A256GCM => {
                // The tag is taken off the end: one of another length would shift the text.
                if sealed.tag.len() != GCM_TAG {
                    return Err(Unspecified);
                }
                bytes.extend_from_slice(&sealed.tag);
                let nonce = Nonce::try_assume_unique_for_key(&sealed.iv)?;
                let length = self.gcm(key)?.open_in_place(nonce, Aad::from(beside), &mut bytes)?.len();
                bytes.truncate(length);
            }
            Self::A128CbcHs256 | Self::A256CbcHs512 => {
                let (marking, encrypting) = halves(self, key)?;
                // Before anything is decrypted: what is padded wrongly by a stranger is never looked at.
                verify_slices_are_equal(&self.mark(marking, beside, &sealed.iv, &sealed.text), &sealed.tag)?;
                let context = DecryptionContext::Iv128(sealed.iv.as_slice().try_into()?);
                let key = PaddedBlockDecryptingKey::cbc_pkcs7(self.cbc(encrypting)?)?;
                let length = key.decrypt(&mut bytes, context)?.len();
                bytes.truncate(length);
            }
        }
        Ok(bytes)
    }

    fn gcm(self, key: &[u8]) -> Result<LessSafeKey, Unspecified> {
        let kind = if self == Self::A128GCM { &AES_128_GCM } else { &AES_256_GCM };
        Ok(LessSafeKey::new(UnboundKey::new(kind, key)?))
    }

    fn cbc(self, key: &[u8]) -> Result<UnboundCipherKey, Unspecified> {
        UnboundCipherKey::new(if self == Self::A128CbcHs256 { &AES_128 } else { &AES_256 }, key)
    }

    /// The first half of an HMAC over all that must not change.
    fn mark(self, key: &[u8], beside: &[u8], iv: &[u8], text: &[u8]) -> Vec<u8> {
        let kind = if self == Self::A128CbcHs256 { hmac::HMAC_SHA256 } else { hmac::HMAC_SHA512 };
        let mut mark = hmac::Context::with_key(&hmac::Key::new(kind, key));
        for part in [beside, iv, text, &(beside.len() as u64 * 8).to_be_bytes()] {
            mark.update(part);
        }
        let whole = mark.sign();
        whole.as_ref()[..whole.as_ref().len() / 2].to_vec()
    }
}

/// The two keys of CBC with HMAC: one that marks, one that encrypts.
fn halves(algorithm: ContentAlgorithm, key: &[u8]) -> Result<(&[u8], &[u8]), Unspecified> {
    if key.len() != algorithm.key_length() {
        return Err(Unspecified);
    }
    Ok(key.split_at(key.len() / 2))
}
