//! Encrypted connections: certificate and key from bytes, the handshake, the protocol it agrees on.
//!
//! Without the feature `tls` the type is there and cannot be made, so that whoever configures a server gets an error
//! that says how to turn it on, and nobody else needs a `cfg`. Reads no file.

use std::error::Error;
use std::fmt;

/// A certificate with its key, to serve HTTPS with.
#[derive(Clone)]
pub struct Tls(imp::Acceptor);

/// Why a certificate cannot be served with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsError {
    /// The feature `tls` is off.
    NotCompiledIn,
    /// The first file has no certificate in it.
    NoCertificate,
    /// A certificate cannot be read.
    BadCertificate(String),
    /// The second file has no private key in it.
    NoKey,
    /// The key is protected by a pass phrase.
    EncryptedKey,
    /// The key cannot be read, or is of a kind that is not supported.
    BadKey(String),
    /// The key is not the certificate's.
    KeyDoesNotFit,
}

impl fmt::Display for TlsError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, hint) = match self {
            TlsError::NotCompiledIn => (
                "this program was built without TLS".into(),
                "turn it on with `features = [\"tls\"]` of `quintet` in Cargo.toml",
            ),
            TlsError::NoCertificate => (
                "there is no certificate in the certificate file".into(),
                "it should contain `-----BEGIN CERTIFICATE-----`, the server's own certificate first",
            ),
            TlsError::BadCertificate(why) => {
                (format!("the certificate cannot be read: {why}"), "look at it with `openssl x509 -in FILE -text`")
            }
            TlsError::NoKey => {
                ("there is no private key in the key file".into(), "it should contain `-----BEGIN PRIVATE KEY-----`")
            }
            TlsError::EncryptedKey => (
                "the private key is protected by a pass phrase".into(),
                "remove it with `openssl pkey -in FILE -out NEW_FILE`, and protect the new file by its permissions",
            ),
            TlsError::BadKey(why) => {
                (format!("the private key cannot be used: {why}"), "use an RSA, ECDSA or Ed25519 key in PEM format")
            }
            TlsError::KeyDoesNotFit => (
                "the private key does not fit the certificate".into(),
                "give the key that the certificate was requested with; the server's own certificate must be the first",
            ),
        };
        write!(to, "{what}\nhint: {hint}")
    }
}

impl Error for TlsError {}

impl fmt::Debug for Tls {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Tls")
    }
}

impl Tls {
    /// Takes a certificate chain and its key, both in PEM format, the server's own certificate first.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Tls, TlsError> {
        imp::acceptor(certificates, key).map(Tls)
    }

    /// Does the handshake. The second value says whether it agreed on HTTP/2.
    #[cfg(feature = "tls")]
    pub(super) async fn accept(&self, socket: super::listener::Socket) -> std::io::Result<(Encrypted, bool)> {
        let stream = self.0.accept(socket).await?;
        let http2 = stream.get_ref().1.alpn_protocol() == Some(imp::HTTP2);
        Ok((stream, http2))
    }

    /// Nothing to do: there is no value to call it on.
    #[cfg(not(feature = "tls"))]
    pub(super) fn never(&self) -> std::convert::Infallible {
        self.0
    }
}

/// An encrypted connection.
#[cfg(feature = "tls")]
pub(super) type Encrypted = tokio_rustls::server::TlsStream<super::listener::Socket>;

#[cfg(feature = "tls")]
mod imp {
    use std::sync::Arc;

    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::rustls::{Error, ServerConfig};

    use super::TlsError;

    pub(super) type Acceptor = TlsAcceptor;

    pub(super) const HTTP2: &[u8] = b"h2";

    pub(super) fn acceptor(certificates: &[u8], key: &[u8]) -> Result<Acceptor, TlsError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::BadKey(error.to_string()))?
            .with_no_client_auth()
            .with_single_cert(chain(certificates)?, private_key(key)?)
            .map_err(refused)?;
        config.alpn_protocols = vec![HTTP2.to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn chain(certificates: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        match chain {
            Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate),
            Ok(chain) => Ok(chain),
            Err(error) => Err(TlsError::BadCertificate(error.to_string())),
        }
    }

    fn private_key(key: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
        if is_encrypted(key) {
            return Err(TlsError::EncryptedKey);
        }
        PrivateKeyDer::from_pem_slice(key).map_err(|error| match error {
            pem::Error::NoItemsFound => TlsError::NoKey,
            error => TlsError::BadKey(error.to_string()),
        })
    }

    /// The two ways in which PEM says so: a label of its own, and a header of the older formats.
    fn is_encrypted(key: &[u8]) -> bool {
        let text = String::from_utf8_lossy(key);
        text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
    }

    fn refused(error: Error) -> TlsError {
        match error {
            Error::InconsistentKeys(_) => TlsError::KeyDoesNotFit,
            Error::InvalidCertificate(error) => TlsError::BadCertificate(error.to_string()),
            error => TlsError::BadKey(error.to_string()),
        }
    }
}

#[cfg(not(feature = "tls"))]
mod imp {
    use super::TlsError;

    pub(super) type Acceptor = std::convert::Infallible;

    pub(super) fn acceptor(_certificates: &[u8], _key: &[u8]) -> Result<Acceptor, TlsError> {
        Err(TlsError::NotCompiledIn)
    }
}
