//! The text of a JWKS from another server: one `GET`, with an end to its size.

use std::path::PathBuf;

use bytes::Bytes;
use http::header::{ACCEPT, HOST, USER_AGENT};
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// The most bytes of a JWKS.
const LONGEST: usize = 1024 * 1024;

/// Where keys are asked for.
#[derive(Clone, Debug)]
pub(super) struct Address {
    is_encrypted: bool,
    host: String,
    port: u16,
    /// The host and the port, as the address writes them.
    authority: String,
    path: String,
    ca_file: Option<PathBuf>,
}

impl Address {
    pub(super) fn parse(text: &str, ca_file: Option<PathBuf>) -> Result<Self, String> {
        let wrong = |why: &str| format!("`{text}` is no address of a JWKS: {why}");
        let uri: Uri = text.parse().map_err(|error: http::uri::InvalidUri| wrong(&error.to_string()))?;
        let is_encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong("it begins with neither `https://` nor `http://`")),
        };
        if is_encrypted && cfg!(not(feature = "tls")) {
            return Err(wrong("HTTPS needs `features = [\"tls\"]` of `quintet` in Cargo.toml"));
        }
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(wrong("a name and a password in an address are not sent"));
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?;
        Ok(Self {
            is_encrypted,
            // Brackets belong to the address, not to the host.
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 }),
            authority: authority.to_owned(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            ca_file,
        })
    }

    /// What the other server answers.
    pub(super) async fn fetched(&self) -> Result<String, String> {
        self.asked().await.map_err(|why| format!("`{}`: {why}", self.authority))
    }

    async fn asked(&self) -> Result<String, String> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(told)?;
        if self.is_encrypted { self.answer(self.encrypted(socket).await?).await } else { self.answer(socket).await }
    }

    async fn answer(&self, wire: impl AsyncRead + AsyncWrite + Unpin) -> Result<String, String> {
        let (mut sender, connection) = handshake(TokioIo::new(wire)).await.map_err(told)?;
        let request = Request::get(&self.path)
            .header(HOST, &self.authority)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, concat!("quintet/", env!("CARGO_PKG_VERSION")))
            .body(Empty::<Bytes>::new())
            .map_err(told)?;
        let answer = async {
            let answer = sender.send_request(request).await.map_err(told)?;
            if answer.status() != 200 {
                return Err(format!("it answers {}", answer.status()));
            }
            let body = Limited::new(answer.into_body(), LONGEST).collect().await.map_err(told)?;
            String::from_utf8(body.to_bytes().into()).map_err(told)
        };
        let (mut answer, mut connection) = (std::pin::pin!(answer), std::pin::pin!(connection));
        tokio::select! {
            answer = &mut answer => answer,
            // Closed: what has come before can be read still.
            _ = &mut connection => answer.await,
        }
    }

    #[cfg(feature = "tls")]
    async fn encrypted(&self, socket: TcpStream) -> Result<impl AsyncRead + AsyncWrite + Unpin, String> {
        use std::sync::Arc;

        use tokio_rustls::TlsConnector;
        use tokio_rustls::rustls::ClientConfig;
        use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
        use tokio_rustls::rustls::pki_types::ServerName;

        let name = ServerName::try_from(self.host.clone()).map_err(told)?;
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(told)?
            .with_root_certificates(crate::trust::authorities(self.ca_file.as_deref())?)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config)).connect(name, socket).await.map_err(told)
    }

    /// No such address is taken without the feature.
    #[cfg(not(feature = "tls"))]
    async fn encrypted(&self, _: TcpStream) -> Result<TcpStream, String> {
        Err(format!("this program was built without TLS, and without `{:?}`", self.ca_file))
    }
}

#[allow(clippy::needless_pass_by_value, reason = "given by `map_err`")]
fn told(error: impl ToString) -> String {
    error.to_string()
}
