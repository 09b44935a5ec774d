//! Encryption on the way to PostgreSQL: whom to trust, by libpq's words.
//!
//! Without the feature `tls` only `disable` and `prefer` are there, and `prefer` is not encrypted.

use quintet_core::database_url::{Host, PostgresOptions, SslMode};
use tokio_postgres::config::SslMode as Wanted;

use crate::connect::ConnectError;

pub(crate) use imp::Tls;

/// How a connection is encrypted, and whether it must be. By a socket of this machine it never is.
pub(crate) fn of(options: &PostgresOptions) -> Result<(Tls, Wanted), ConnectError> {
    if matches!(options.host, Some(Host::Socket(_))) || options.sslmode == SslMode::Disable {
        return Ok((Tls::off(), Wanted::Disable));
    }
    imp::of(options)
}

#[cfg(not(feature = "tls"))]
mod imp {
    use super::{ConnectError, PostgresOptions, SslMode, Wanted};

    pub(crate) type Tls = Off;

    pub(crate) use tokio_postgres::NoTls as Off;

    pub(super) fn of(options: &PostgresOptions) -> Result<(Tls, Wanted), ConnectError> {
        if options.sslmode == SslMode::Prefer {
            return Ok((Off, Wanted::Disable));
        }
        Err(ConnectError {
            problem: format!(
                "`sslmode={}` cannot be had: this program was built without TLS",
                options.sslmode.as_str()
            ),
            hint: "turn it on with `features = [\"tls\"]` of `quintet` in Cargo.toml".to_owned(),
        })
    }

    /// So that both variants are made by the same words.
    pub(super) trait Make {
        fn off() -> Self;
    }

    impl Make for Off {
        fn off() -> Self {
            Self
        }
    }
}

#[cfg(not(feature = "tls"))]
use imp::Make as _;

#[cfg(feature = "tls")]
mod imp {
    use std::future::Future;
    use std::io;
    use std::path::Path;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client::TlsStream as Encrypted;
    use tokio_rustls::rustls::client::WebPkiServerVerifier;
    use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    use tokio_rustls::rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use tokio_rustls::rustls::{
        CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    };

    use super::{ConnectError, PostgresOptions, SslMode, Wanted};

    /// Where systems keep the authorities that they trust.
    const SYSTEM: &[&str] = &[
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    /// How connections are encrypted; nothing where they are not.
    #[derive(Clone)]
    pub(crate) struct Tls(Option<Arc<ClientConfig>>);

    impl Tls {
        pub(super) fn off() -> Self {
            Self(None)
        }
    }

    pub(super) fn of(options: &PostgresOptions) -> Result<(Tls, Wanted), ConnectError> {
        let provider = Arc::new(default_provider());
        // With a file of authorities `require` looks at the certificate, as libpq does.
        let verifier: Arc<dyn ServerCertVerifier> = match (options.sslmode, &options.sslrootcert) {
            (SslMode::VerifyFull, _) => authorities(options, &provider)?,
            (SslMode::VerifyCa, _) | (SslMode::Require, Some(_)) => Arc::new(AnyName(authorities(options, &provider)?)),
            _ => Arc::new(Anyone(Arc::clone(&provider))),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        let wanted = if options.sslmode == SslMode::Prefer { Wanted::Prefer } else { Wanted::Require };
        Ok((Tls(Some(Arc::new(config))), wanted))
    }

    fn authorities(
        options: &PostgresOptions,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<WebPkiServerVerifier>, ConnectError> {
        let system = || SYSTEM.iter().map(Path::new).find(|file| file.exists());
        let file = options.sslrootcert.as_deref().filter(|file| *file != Path::new("system")).or_else(system);
        let file = file.ok_or_else(|| unusable("this system has no file of authorities"))?;
        let shown = file.display();
        let bytes = std::fs::read(file).map_err(|error| unusable(&format!("`{shown}` cannot be read: {error}")))?;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&bytes) {
            let certificate = certificate.map_err(|error| unusable(&format!("`{shown}`: {error}")))?;
            // A system's file has old ones that are not understood any more.
            drop(roots.add(certificate));
        }
        let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
        built.map_err(|error| unusable(&format!("`{shown}` holds no certificate that can be used: {error}")))
    }

    fn unusable(problem: &str) -> ConnectError {
        ConnectError {
            problem: format!("the server's certificate cannot be checked: {problem}"),
            hint: "name the file of the authority that signed it: `sslrootcert=/etc/ssl/my-ca.pem`".to_owned(),
        }
    }

    /// A certificate by an authority that is trusted, whatever host it names.
    #[derive(Debug)]
    struct AnyName(Arc<WebPkiServerVerifier>);

    /// Any certificate: who listens on the way reads nothing, but may be the one who answers.
    #[derive(Debug)]
    struct Anyone(Arc<CryptoProvider>);

    impl ServerCertVerifier for AnyName {
        fn verify_server_cert(
            &self,
            end: &CertificateDer<'_>,
            between: &[CertificateDer<'_>],
            name: &ServerName<'_>,
            status: &[u8],
            now: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            match self.0.verify_server_cert(end, between, name, status, now) {
                // The name is looked at last: everything else was good.
                Err(Error::InvalidCertificate(
                    CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
                )) => Ok(ServerCertVerified::assertion()),
                other => other,
            }
        }

        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.0.verify_tls12_signature(message, certificate, signed)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            self.0.verify_tls13_signature(message, certificate, signed)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.0.supported_verify_schemes()
        }
    }

    impl ServerCertVerifier for Anyone {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            _: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signed: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.0.signature_verification_algorithms.supported_schemes()
        }
    }

    /// The handshake with one host.
    pub(crate) struct Handshake {
        config: Option<Arc<ClientConfig>>,
        host: String,
    }

    impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
        type Stream = Stream<S>;
        type TlsConnect = Handshake;
        type Error = io::Error;

        fn make_tls_connect(&mut self, host: &str) -> io::Result<Handshake> {
            Ok(Handshake { config: self.0.clone(), host: host.to_owned() })
        }
    }

    impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
        type Stream = Stream<S>;
        type Error = io::Error;
        type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

        fn connect(self, socket: S) -> Self::Future {
            Box::pin(async move {
                let config = self.config.ok_or_else(|| io::Error::other("encryption is off"))?;
                let name = ServerName::try_from(self.host).map_err(io::Error::other)?;
                Ok(Stream(Box::new(TlsConnector::from(config).connect(name, socket).await?)))
            })
        }
    }

    /// An encrypted connection.
    pub(crate) struct Stream<S>(Box<Encrypted<S>>);

    impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
        fn channel_binding(&self) -> ChannelBinding {
            ChannelBinding::none()
        }
    }

    impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_read(cx, into)
        }
    }

    impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.0).poll_write(cx, from)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(cx)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(cx)
        }
    }
}
