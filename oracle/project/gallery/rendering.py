"""Renderers and parsers of its own, static pages, and what negotiation makes of them."""
import csv
import io

from django.urls import path
from rest_framework import exceptions, parsers, renderers, serializers, status
from rest_framework.decorators import api_view, parser_classes, permission_classes, renderer_classes
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.urlpatterns import format_suffix_patterns
from rest_framework.views import APIView

from .common import Open


class TextRenderer(renderers.BaseRenderer):
    media_type = "text/plain"
    format = "txt"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        status = renderer_context["response"].status_code
        return "%s | %d | %s" % (accepted_media_type, status, renderers.JSONRenderer().render(data).decode())


class CsvRenderer(renderers.BaseRenderer):
    media_type = "text/csv"
    format = "csv"
    charset = "iso-8859-1"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        rows = data if isinstance(data, list) else [data]
        out = io.StringIO()
        writer = csv.DictWriter(out, sorted(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()


class VendorRenderer(renderers.JSONRenderer):
    media_type = "application/vnd.gallery+json"
    format = "vendor"
    charset = "utf-8"


class WideRenderer(renderers.JSONRenderer):
    """A parameter in the media type."""

    media_type = "application/json; version=2"
    format = "wide"


class BytesRenderer(renderers.BaseRenderer):
    media_type = "application/octet-stream"
    format = "bin"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return bytes(range(8))


class TextParser(parsers.BaseParser):
    media_type = "text/plain"

    def parse(self, stream, media_type=None, parser_context=None):
        return {"text": stream.read().decode(parser_context["encoding"]), "type": media_type}


class AnyParser(parsers.BaseParser):
    media_type = "image/*"

    def parse(self, stream, media_type=None, parser_context=None):
        return {"bytes": len(stream.read()), "type": media_type}


class RowsView(Open, APIView):
    """Two rows, in many clothes."""

    renderer_classes = [renderers.JSONRenderer, TextRenderer, CsvRenderer, VendorRenderer]

    def get(self, request, format=None):
        return Response([{"b": 1, "a": "\u00e9"}, {"b": 2.5, "a": None}])

    def post(self, request, format=None):
        return Response({"got": request.data}, status=status.HTTP_201_CREATED, headers={"X-Made": "yes"})

    def delete(self, request, format=None):
        raise exceptions.PermissionDenied(detail={"why": ["no"]}, code="no")


class ParsedView(Open, APIView):
    parser_classes = [parsers.JSONParser, TextParser, AnyParser]

    def post(self, request):
        return Response({"data": request.data, "type": request.content_type})


class FirstOnly(BaseContentNegotiation):
    """Whatever is asked for, the first is given."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class StubbornView(ParsedView):
    content_negotiation_class = FirstOnly
    renderer_classes = [VendorRenderer, renderers.JSONRenderer]

    def get(self, request):
        return Response({"stubborn": True})


@api_view(["GET"])
@permission_classes([AllowAny])
@renderer_classes([renderers.StaticHTMLRenderer])
def page(request):
    if "fail" in request.query_params:
        raise exceptions.NotFound()
    return Response("<p>caf\u00e9</p>")


@api_view(["GET", "POST"])
@permission_classes([AllowAny])
@renderer_classes([TextRenderer, BytesRenderer])
@parser_classes([TextParser])
def text(request):
    return Response({"data": dict(request.data)})


@api_view()
@permission_classes([AllowAny])
def headers(request):
    response = Response({"a": 1}, status=202, headers={"X-One": "1", "Cache-Control": "no-store"}, content_type="application/json; charset=x")
    response["X-Two"] = "zwei"
    response.set_cookie("seen", "yes", max_age=60, httponly=True, samesite="Lax", expires=None) if "cookie" in request.query_params else None
    return response


RAISED = {
    "validation": exceptions.ValidationError("wrong"),
    "validation-list": exceptions.ValidationError(["a", {"b": "c"}]),
    "validation-dict": exceptions.ValidationError({"a": "b", "n": [{"x": ["y"]}, {}], "i": 5, "z": None}),
    "validation-default": exceptions.ValidationError(),
    "parse": exceptions.ParseError(), "parse-text": exceptions.ParseError("unreadable"),
    "failed": exceptions.AuthenticationFailed(), "anonymous": exceptions.NotAuthenticated(),
    "denied": exceptions.PermissionDenied(), "denied-text": exceptions.PermissionDenied("never"),
    "missing": exceptions.NotFound(), "missing-dict": exceptions.NotFound({"key": "gone"}),
    "method": exceptions.MethodNotAllowed("BREW"), "acceptable": exceptions.NotAcceptable(),
    "media": exceptions.UnsupportedMediaType("tea/pot"), "throttled": exceptions.Throttled(),
    "throttled-wait": exceptions.Throttled(wait=61.2), "throttled-one": exceptions.Throttled(wait=0.3, detail="Slow."),
    "plain": exceptions.APIException(), "plain-text": exceptions.APIException("it broke"),
}


class Teapot(exceptions.APIException):
    status_code = 418
    default_detail = "Short and stout."
    default_code = "teapot"


RAISED["teapot"] = Teapot()


@api_view(["GET"])
@permission_classes([AllowAny])
def raised(request, name):
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    if name == "http404":
        raise Http404("no such thing")
    if name == "forbidden":
        raise PermissionDenied("go away")
    raise RAISED[name]


class Noted(serializers.Serializer):
    """For its description."""

    note = serializers.CharField(help_text="A note.", label="The note", max_length=3)


class NamedView(RowsView):
    """
    Has a name of its own.

        indented
    """

    name = "Own name"


class HTMLHTTPThingView(RowsView):
    description = "Given <b>here</b>."


plain = [path("plain/text/", text), path("plain/page/", page), path("plain/headers/", headers), path("plain/raise/<str:name>/", raised)]
urlpatterns = [
    *plain,
    *format_suffix_patterns([path("rows/", RowsView.as_view())]),
    *format_suffix_patterns([path("rows-some/", RowsView.as_view())], allowed=["json", "txt"], suffix_required=False),
    path("rows-bare/", RowsView.as_view(renderer_classes=[renderers.JSONRenderer])),
    path("rows-wide/", RowsView.as_view(renderer_classes=[renderers.JSONRenderer, WideRenderer])),
    path("rows-vendor/", RowsView.as_view(renderer_classes=[VendorRenderer, TextRenderer])),
    path("parsed/", ParsedView.as_view()),
    path("stubborn/", StubbornView.as_view()),
    path("named/", NamedView.as_view()),
    path("thing/", HTMLHTTPThingView.as_view()),
]
