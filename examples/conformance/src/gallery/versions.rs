//! Versions by path, namespace, host, query, and Accept header.

use quintet::json::Object;
use quintet::prelude::*;
use quintet::rest::versioning::{
    AcceptHeaderVersioning, HostNameVersioning, NamespaceVersioning, QueryParameterVersioning, UrlPathVersioning,
    Versioning,
};
use quintet::rest::{Choice, IntoViewSet, reverse};
use quintet::serializers::SerializerClass;

use super::models::Artist;

/// Tells the version, and addresses within it.
struct VersionView {
    /// What the scheme is called, and how it is.
    scheme: Option<(&'static str, Versioning)>,
    /// The names of the routes, with and without a number.
    target: Option<(&'static str, &'static str)>,
}

impl ApiView for VersionView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::show);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn versioning(&self) -> Choice<Versioning> {
        match &self.scheme {
            Some((_, scheme)) => scheme.clone().into(),
            None => Choice::none(),
        }
    }
}

impl VersionView {
    async fn show(&self, request: &Request) -> Result<Response> {
        let scheme = self.scheme.as_ref().map(|(name, _)| *name);
        let mut told = Object::new().with("version", request.api_version()).with("scheme", scheme);
        if let Some((all, one)) = self.target {
            told.insert("link", reverse(request, all, &[])?);
            told.insert("there", reverse(request, one, &[("pk", &7)])?);
        }
        Ok(Response::data(told))
    }
}

fn by_path() -> Versioning {
    Versioning::new(UrlPathVersioning).allowed_versions(["v1", "v2"]).default_version("v1")
}

#[derive(Serializer)]
#[serializer(model = Artist, fields(url, name), extra(url(view_name = "versioned-artist")))]
pub struct OneArtist;

#[derive(Serializer)]
#[serializer(model = Artist, fields(url, name, country), extra(url(view_name = "versioned-artist")))]
pub struct TwoArtist;

/// The serializer is chosen by the version.
pub struct VersionedArtists;

impl ReadOnlyModelViewSet for VersionedArtists {
    type Serializer = OneArtist;

    fn queryset(&self, _: &Request) -> QuerySet<Artist> {
        Artist::objects()
    }

    fn get_serializer_class(&self, request: &Request) -> Option<SerializerClass<Artist>> {
        matches!(request.api_version(), Some("v2" | "2")).then(SerializerClass::of::<TwoArtist>)
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn versioning(&self) -> Choice<Versioning> {
        by_path().into()
    }

    fn description(&self) -> &'static str {
        "The serializer is chosen by the version."
    }
}

/// The routes of a scheme.
fn routes(all: &'static str, one: &'static str, scheme: Option<(&'static str, Versioning)>) -> Urls {
    let target = Some((all, one));
    let numbered = VersionView { scheme: scheme.clone(), target };
    urls![path("", VersionView { scheme, target }, name = all), path("<int:pk>/", numbered, name = one)]
}

fn spaced() -> Urls {
    let scheme = Versioning::new(NamespaceVersioning).allowed_versions(["v1", "v2"]);
    routes("spaced", "spaced-one", Some(("NamespaceVersions", scheme)))
}

pub(super) fn urls() -> Urls {
    let hosts = Versioning::new(HostNameVersioning).allowed_versions(["v1", "v2"]).default_version("v2");
    let queries = Versioning::new(QueryParameterVersioning).allowed_versions(["1", "2"]).default_version("1");
    let headers = Versioning::new(AcceptHeaderVersioning).allowed_versions(["1.0", "2.0"]).default_version("1.0");
    let levels = Versioning::new(AcceptHeaderVersioning).version_param("level");
    let artists = VersionedArtists.into_view_set();
    urls![
        re_include(r"^paths/(?P<version>[^/]+)/", routes("pathed", "pathed-one", Some(("PathVersions", by_path())))),
        path("paths-none/", VersionView { scheme: Some(("PathVersions", by_path())), target: None }),
        include("spaces/v1/", spaced(), namespace = "v1"),
        include("spaces/v2/", spaced(), namespace = "v2"),
        include("spaces/v3/", spaced(), namespace = "v3"),
        include("hosts/", routes("hosted", "hosted-one", Some(("HostVersions", hosts)))),
        include("queries/", routes("queried", "queried-one", Some(("QueryVersions", queries.version_param("ver"))))),
        include("headers/", routes("headed", "headed-one", Some(("HeaderVersions", headers)))),
        include(
            "any-query/",
            routes("any-query", "any-query-one", Some(("AnyQueryVersions", QueryParameterVersioning.into())))
        ),
        include("any-header/", routes("any-header", "any-header-one", Some(("AnyHeaderVersions", levels)))),
        include("unversioned/", routes("unversioned", "unversioned-one", None)),
        path("<str:version>/artists/", artists.as_view([(Method::GET, "list")]), name = "versioned-artists"),
        path(
            "<str:version>/artists/<int:pk>/",
            artists.as_view([(Method::GET, "retrieve")]),
            name = "versioned-artist"
        ),
    ]
}
