"""Routers with their options, and actions beside the usual ones."""
from django.urls import include, path
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import DefaultRouter, DynamicRoute, Route, SimpleRouter

from .common import Open
from .models import Label, Sheet


class SheetSerializer(serializers.ModelSerializer):
    class Meta:
        model = Sheet
        fields = ["id", "key", "rank"]


class SheetViewSet(Open, viewsets.ModelViewSet):
    """Sheets by key."""

    queryset = Sheet.objects.all()
    serializer_class = SheetSerializer
    lookup_field = "key"
    lookup_value_regex = "[a-z.-]+"

    @action(detail=True, methods=["get", "post"], url_path="rank", url_name="ranked")
    def rank(self, request, key=None):
        """The rank, read or raised."""
        sheet = self.get_object()
        if request.method == "POST":
            sheet.rank += int(request.data.get("by", 1))
            sheet.save()
        return Response({"rank": sheet.rank, "action": self.action})

    @action(detail=True)
    def notes(self, request, key=None):
        return Response({"notes": "read"})

    @notes.mapping.put
    def write_notes(self, request, key=None):
        """Write them."""
        return Response({"notes": request.data, "action": self.action})

    @notes.mapping.delete
    def drop_notes(self, request, key=None):
        return Response(status=204)

    @action(detail=True, url_path=r"parts/(?P<part>[0-9]+)")
    def part(self, request, key=None, part=None):
        return Response({"key": key, "part": part, "url": self.reverse_action("part", args=[key, part])})

    @action(detail=False, url_path="of/(?P<rank>[^/.]+)/upto/(?P<last>[^/.]+)", name="Between ranks")
    def between(self, request, rank, last):
        found = self.get_queryset().filter(rank__gte=int(rank), rank__lte=int(last)) if rank.isdigit() and last.isdigit() else []
        return Response(self.get_serializer(found, many=True).data)

    @action(detail=False, methods=["post", "patch"], description="Counts what is sent.")
    def tally(self, request):
        return Response({"count": len(request.data), "method": request.method, "detail": self.detail, "basename": self.basename})

    @action(detail=False, methods=["get"], serializer_class=serializers.Serializer, pagination_class=None)
    def links(self, request):
        return Response({"list": self.reverse_action("list"), "tally": self.reverse_action(self.tally.url_name), "ranked": self.reverse_action("ranked", kwargs={"key": "three"})})


class ByIdViewSet(Open, viewsets.ReadOnlyModelViewSet):
    queryset = Sheet.objects.all()
    serializer_class = SheetSerializer
    lookup_url_kwarg = "sheet_id"


class DigitsViewSet(Open, viewsets.ModelViewSet):
    queryset = Sheet.objects.all()
    serializer_class = SheetSerializer
    lookup_value_converter = "uuid"


class LabelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Label
        fields = ["code", "name"]


class SomeLabels(Open, mixins.CreateModelMixin, mixins.ListModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet):
    """Made, listed, taken away; never read alone nor changed."""

    queryset = Label.objects.all()
    serializer_class = LabelSerializer
    lookup_field = "code"


class BareViewSet(Open, viewsets.ViewSet):
    """No model anywhere."""

    def list(self, request, **kwargs):
        return Response(["a", "b", kwargs])

    def retrieve(self, request, pk=None, **kwargs):
        return Response({"pk": pk, "kwargs": kwargs, "self": reverse("bare-detail", args=[pk], request=request) if not kwargs else None})

    def create(self, request, **kwargs):
        return Response(request.data, status=201, headers={"Location": "/made/"})

    @action(detail=False, methods=["put"])
    def swap(self, request, **kwargs):
        return Response({"swapped": request.data})


class ChoosingViewSet(Open, viewsets.ModelViewSet):
    """Serializer, status and answer by the action."""

    queryset = Label.objects.all()
    http_method_names = ["get", "post", "head"]

    def get_serializer_class(self):
        return LabelSerializer if self.action == "list" else ChosenSerializer

    def initialize_request(self, request, *args, **kwargs):
        request = super().initialize_request(request, *args, **kwargs)
        request.stamp = "stamped %s" % self.action
        return request

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["X-Stamp"] = request.stamp
        return response


class ChosenSerializer(serializers.ModelSerializer):
    stamp = serializers.SerializerMethodField()

    class Meta:
        model = Label
        fields = ["code", "name", "stamp"]

    def get_stamp(self, label):
        return self.context["request"].stamp


class ReadRouter(SimpleRouter):
    """Only reading, at addresses of its own."""

    routes = [
        Route(url=r"^{prefix}$", mapping={"get": "list"}, name="{basename}-all", detail=False, initkwargs={"suffix": "All"}),
        Route(url=r"^{prefix}-{lookup}$", mapping={"get": "retrieve"}, name="{basename}-one", detail=True, initkwargs={"suffix": "One"}),
        DynamicRoute(url=r"^{prefix}-{lookup}!{url_path}$", name="{basename}-{url_name}", detail=True, initkwargs={}),
    ]


default, simple, slashless, bare_root, converted = (
    DefaultRouter(), SimpleRouter(), DefaultRouter(trailing_slash=False), DefaultRouter(), SimpleRouter(use_regex_path=False)
)
bare_root.include_root_view = False
bare_root.include_format_suffixes = False
default.register("sheets", SheetViewSet, basename="r-sheet")
default.register("some-labels", SomeLabels, basename="r-label")
default.register("bare", BareViewSet, basename="bare")
default.register("choosing", ChoosingViewSet, basename="choosing")
default.register(r"over/(?P<room>\w+)/bare", BareViewSet, basename="over-bare")
simple.register("sheets", SheetViewSet, basename="s-sheet")
simple.register("by-id", ByIdViewSet, basename="s-id")
slashless.register("sheets", SheetViewSet, basename="n-sheet")
slashless.register("bare", BareViewSet, basename="n-bare")
bare_root.register("bare", BareViewSet, basename="b-bare")
converted.register("sheets", DigitsViewSet, basename="c-sheet")
reading = ReadRouter()
reading.register("sheets", SheetViewSet, basename="o-sheet")
empty_prefix = SimpleRouter()
empty_prefix.register("", BareViewSet, basename="e-bare")

urlpatterns = [
    path("default/", include(default.urls)),
    path("simple/", include(simple.urls)),
    path("slashless/", include(slashless.urls)),
    path("rootless/", include(bare_root.urls)),
    path("converted/", include(converted.urls)),
    path("reading/", include(reading.urls)),
    path("empty-prefix/", include(empty_prefix.urls)),
]
