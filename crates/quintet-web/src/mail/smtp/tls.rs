//! Encryption on the way to a server, whose certificate is always checked.
//!
//! Without the feature `tls` a connection that shall be encrypted is an error that says how to turn it on.

use super::line::Wire;
use crate::mail::error::{MailError, MailErrorKind};
use crate::mail::settings::EmailSettings;

pub(super) use imp::encrypted;

#[cfg(not(feature = "tls"))]
mod imp {
    use super::{EmailSettings, MailError, MailErrorKind, Wire};

    pub(in super::super) async fn encrypted(_: &EmailSettings, _: Box<dyn Wire>) -> Result<Box<dyn Wire>, MailError> {
        let error = MailError::new(MailErrorKind::Tls, "this program was built without TLS");
        Err(error.with_hint("turn it on with `features = [\"tls\"]` of `quintet` in Cargo.toml"))
    }
}

#[cfg(feature = "tls")]
mod imp {
    use std::sync::Arc;

    use tokio_rustls::TlsConnector;
    use tokio_rustls::rustls::ClientConfig;
    use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};

    use super::{EmailSettings, MailError, MailErrorKind, Wire};
    use crate::trust::{authorities, read};

    pub(in super::super) async fn encrypted(
        settings: &EmailSettings,
        wire: Box<dyn Wire>,
    ) -> Result<Box<dyn Wire>, MailError> {
        let failed = |why: String| {
            let message =
                format!("the connection to the server of e-mail `{}` cannot be encrypted: {why}", settings.host);
            MailError::new(MailErrorKind::Tls, message).with_hint(
                "`email.ca_file` names the authority that signed its certificate; `email.host` must be the name in it",
            )
        };
        let name = ServerName::try_from(settings.host.clone()).map_err(|error| failed(error.to_string()))?;
        let roots = authorities(settings.ca_file.as_deref()).map_err(failed)?;
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .with_root_certificates(roots);
        let config = match own_certificate(settings).map_err(failed)? {
            Some((chain, key)) => {
                config.with_client_auth_cert(chain, key).map_err(|error| failed(error.to_string()))?
            }
            None => config.with_no_client_auth(),
        };
        let connected = TlsConnector::from(Arc::new(config)).connect(name, wire).await;
        Ok(Box::new(connected.map_err(|error| failed(error.to_string()))?))
    }

    type OwnCertificate = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

    /// By what this client says who it is, where the settings have it say so.
    fn own_certificate(settings: &EmailSettings) -> Result<Option<OwnCertificate>, String> {
        let Some(file) = settings.ssl_certfile.as_deref() else {
            let problem = "`email.ssl_keyfile` is the key of no certificate: `email.ssl_certfile` is not set";
            return if settings.ssl_keyfile.is_none() { Ok(None) } else { Err(problem.to_owned()) };
        };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(file)?).collect();
        let chain = chain.map_err(|error| format!("`{}`: {error}", file.display()))?;
        let of_key = settings.ssl_keyfile.as_deref().unwrap_or(file);
        let key = PrivateKeyDer::from_pem_slice(&read(of_key)?);
        Ok(Some((chain, key.map_err(|error| format!("`{}`: {error}", of_key.display()))?)))
    }
}
