//! Whom a connection to another server believes that is encrypted: the authorities of a file, or those of the system.

use std::path::Path;

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// Where systems keep the authorities that they trust.
const SYSTEM: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The authorities of a file; without one, the system's.
#[expect(clippy::disallowed_methods, reason = "the system's authorities are where one of these files is")]
pub(crate) fn authorities(file: Option<&Path>) -> Result<RootCertStore, String> {
    let system = || SYSTEM.iter().map(Path::new).find(|file| file.exists());
    let file = file.or_else(system).ok_or("this system has no file of authorities")?;
    let shown = file.display();
    let bytes = read(file)?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        // A system's file has old ones that are not understood any more.
        drop(roots.add(certificate.map_err(|error| format!("`{shown}`: {error}"))?));
    }
    if roots.is_empty() { Err(format!("`{shown}` holds no certificate that can be used")) } else { Ok(roots) }
}

#[expect(clippy::disallowed_methods, reason = "certificates are files, and read when a connection is made")]
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("`{}` cannot be read: {error}", file.display()))
}
