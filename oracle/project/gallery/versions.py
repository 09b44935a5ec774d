"""Versions by path, namespace, host, query, and Accept header."""
from django.urls import include, path, re_path
from rest_framework import serializers, versioning, viewsets
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from .common import Open
from .models import Artist


class PathVersions(versioning.URLPathVersioning):
    allowed_versions = ["v1", "v2"]
    default_version = "v1"


class NamespaceVersions(versioning.NamespaceVersioning):
    allowed_versions = ["v1", "v2"]


class HostVersions(versioning.HostNameVersioning):
    allowed_versions = ["v1", "v2"]
    default_version = "v2"


class QueryVersions(versioning.QueryParameterVersioning):
    allowed_versions = ["1", "2"]
    default_version = "1"
    version_param = "ver"


class HeaderVersions(versioning.AcceptHeaderVersioning):
    allowed_versions = ["1.0", "2.0"]
    default_version = "1.0"


class AnyQueryVersions(versioning.QueryParameterVersioning):
    """Every version is good; without one there is none."""


class AnyHeaderVersions(versioning.AcceptHeaderVersioning):
    version_param = "level"


class VersionView(Open, APIView):
    target = None

    def get(self, request, **kwargs):
        scheme = request.versioning_scheme
        out = {"version": request.version, "scheme": scheme and type(scheme).__name__}
        if self.target:
            out["link"] = reverse(self.target, request=request)
            out["there"] = reverse(self.target + "-one", kwargs={"pk": 7}, request=request)
        return Response(out)

    post = get


class OneArtist(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Artist
        fields = ["url", "name"]
        extra_kwargs = {"url": {"view_name": "versioned-artist"}}


class TwoArtist(OneArtist):
    class Meta(OneArtist.Meta):
        fields = ["url", "name", "country"]


class VersionedArtists(Open, viewsets.ReadOnlyModelViewSet):
    """The serializer is chosen by the version."""

    queryset = Artist.objects.all()
    versioning_class = PathVersions

    def get_serializer_class(self):
        return TwoArtist if self.request.version in ("v2", "2") else OneArtist


def routes(name, scheme):
    view = VersionView.as_view(versioning_class=scheme, target=name)
    return [path("", view, name=name), path("<int:pk>/", view, name=name + "-one")]


namespaced = (routes("spaced", NamespaceVersions), "spaced")
artists = VersionedArtists.as_view({"get": "list"})
artist = VersionedArtists.as_view({"get": "retrieve"})

urlpatterns = [
    re_path(r"^paths/(?P<version>[^/]+)/", include(routes("pathed", PathVersions))),
    path("paths-none/", VersionView.as_view(versioning_class=PathVersions)),
    path("spaces/v1/", include(namespaced, namespace="v1")),
    path("spaces/v2/", include(namespaced, namespace="v2")),
    path("spaces/v3/", include(namespaced, namespace="v3")),
    path("hosts/", include(routes("hosted", HostVersions))),
    path("queries/", include(routes("queried", QueryVersions))),
    path("headers/", include(routes("headed", HeaderVersions))),
    path("any-query/", include(routes("any-query", AnyQueryVersions))),
    path("any-header/", include(routes("any-header", AnyHeaderVersions))),
    path("unversioned/", include(routes("unversioned", None))),
    path("<str:version>/artists/", artists, name="versioned-artists"),
    path("<str:version>/artists/<int:pk>/", artist, name="versioned-artist"),
]
