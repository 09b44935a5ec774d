"""Pages, searches, orders and filters over lists."""
from django.urls import path
from django_filters import rest_framework as f
from rest_framework import filters, generics, pagination, serializers
from rest_framework.response import Response

from .common import Open
from .models import Album, Label, Moment, Sheet, Track


class TrackSerializer(serializers.ModelSerializer):
    album = serializers.SlugRelatedField(slug_field="title", read_only=True)

    class Meta:
        model = Track
        fields = ["id", "title", "position", "album"]


class SheetSerializer(serializers.ModelSerializer):
    class Meta:
        model = Sheet
        fields = ["key", "rank"]


class AlbumSerializer(serializers.ModelSerializer):
    class Meta:
        model = Album
        fields = ["id", "title", "artist", "released", "price", "labels"]


class MomentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Moment
        fields = ["id", "name", "at"]


class TwoPages(pagination.PageNumberPagination):
    page_size = 2
    page_query_param = "p"
    page_size_query_param = "n"
    max_page_size = 3
    last_page_strings = ["last", "end"]
    invalid_page_message = "No such page."


class UnboundPages(pagination.PageNumberPagination):
    page_size = 3
    page_size_query_param = "page_size"


class NoSize(pagination.PageNumberPagination):
    """No size of its own: without one asked for there are no pages."""

    page_size = None
    page_size_query_param = "page_size"


class OwnPages(pagination.PageNumberPagination):
    page_size = 2

    def get_paginated_response(self, data):
        return Response({
            "links": {"after": self.get_next_link(), "before": self.get_previous_link()},
            "page": self.page.number, "of": self.page.paginator.num_pages, "rows": data,
        }, headers={"X-Total": str(self.page.paginator.count)})


class Windows(pagination.LimitOffsetPagination):
    default_limit = 2
    limit_query_param = "take"
    offset_query_param = "skip"
    max_limit = 4


class NoWindow(pagination.LimitOffsetPagination):
    default_limit = None


class RankCursors(pagination.CursorPagination):
    page_size = 2
    ordering = ("-rank", "key")
    cursor_query_param = "at"


class OrderedCursors(pagination.CursorPagination):
    """The order is what the ordering filter says."""

    page_size = 2
    page_size_query_param = "n"
    max_page_size = 3
    ordering = "key"


class SheetList(Open, generics.ListAPIView):
    queryset = Sheet.objects.all()
    serializer_class = SheetSerializer


class SheetOrdered(SheetList):
    pagination_class = OrderedCursors
    filter_backends = [filters.OrderingFilter]
    ordering_fields = "__all__"


class TrackList(Open, generics.ListAPIView):
    queryset = Track.objects.order_by("id")
    serializer_class = TrackSerializer
    filter_backends = [filters.SearchFilter, filters.OrderingFilter]
    search_fields = ["title"]


class OwnSearch(filters.SearchFilter):
    search_param = "find"

    def get_search_fields(self, view, request):
        return request.query_params.getlist("in") and ["^title"] or super().get_search_fields(view, request)


SEARCHES = {
    "contains": ["title"], "starts": ["^title"], "equals": ["=title"], "regex": ["$title"],
    "related": ["album__title", "album__artist__name", "credits__person"], "lookup": ["title__iendswith", "album__artist__country__exact"],
    "mixed": ["^title", "=album__title", "credits__role"],
}
ORDERS = {
    "all": {"ordering_fields": "__all__"}, "default": {}, "related": {"ordering_fields": ["album__title", "album__artist__name", "title"]},
    "pairs": {"ordering_fields": [("position", "Where"), ("album__released", "When")], "ordering": ("-position", "id")},
    "text": {"ordering_fields": ["title"], "ordering": "-title"},
}


class InNumbers(f.BaseInFilter, f.NumberFilter):
    pass


class AlbumFilter(f.FilterSet):
    title = f.CharFilter(lookup_expr="istartswith")
    cheap = f.NumberFilter(field_name="price", lookup_expr="lt")
    price = f.RangeFilter()
    year = f.NumberFilter(field_name="released", lookup_expr="year")
    since = f.DateFilter(field_name="released", lookup_expr="gte")
    between = f.DateFromToRangeFilter(field_name="released")
    undated = f.BooleanFilter(field_name="released", lookup_expr="isnull")
    label = f.CharFilter(field_name="labels__code")
    labels = f.ModelMultipleChoiceFilter(queryset=Label.objects.all(), field_name="labels__code", to_field_name="code", conjoined=True)
    artists = InNumbers(field_name="artist")
    country = f.ChoiceFilter(field_name="artist__country", choices=[("BR", "Brazil"), ("JP", "Japan")], null_label="none")
    countries = f.MultipleChoiceFilter(field_name="artist__country", choices=[("BR", "Brazil"), ("JP", "Japan")])
    long = f.BooleanFilter(method="only_long")
    not_title = f.CharFilter(field_name="title", exclude=True)
    order = f.OrderingFilter(fields=[("title", "name"), ("price", "price")])

    class Meta:
        model = Album
        fields = []

    def only_long(self, queryset, name, value):
        return queryset.filter(tracks__position__gte=2) if value else queryset.exclude(tracks__position__gte=2)


class AlbumList(Open, generics.ListAPIView):
    queryset = Album.objects.order_by("id")
    serializer_class = AlbumSerializer
    filter_backends = [f.DjangoFilterBackend]
    filterset_class = AlbumFilter


class AlbumListed(Open, generics.ListAPIView):
    """By a list of names; pages, searches and orders come after."""

    queryset = Album.objects.order_by("id")
    serializer_class = AlbumSerializer
    filter_backends = [f.DjangoFilterBackend, filters.SearchFilter, filters.OrderingFilter]
    filterset_fields = ["artist", "title", "released", "price", "labels"]
    search_fields = ["title", "artist__name"]
    ordering_fields = ["title", "price"]
    pagination_class = UnboundPages


class OwnBackend(filters.BaseFilterBackend):
    """Only what the caller is said to see."""

    def filter_queryset(self, request, queryset, view):
        least = request.query_params.get("least", "0")
        return queryset.filter(rank__gte=int(least)) if least.isdigit() else queryset.none()


class MomentFilter(f.FilterSet):
    class Meta:
        model = Moment
        fields = {
            "at": ["exact", "lt", "gte", "date", "year", "month", "day", "hour", "range", "isnull"],
            "day": ["exact", "week_day", "in"], "hour": ["exact", "gt"], "span": ["exact", "lte"], "name": ["exact", "in", "iexact", "endswith", "regex"],
        }


class MomentList(Open, generics.ListAPIView):
    queryset = Moment.objects.all()
    serializer_class = MomentSerializer
    filter_backends = [f.DjangoFilterBackend]
    filterset_class = MomentFilter


PAGES = {"two": TwoPages, "unbound": UnboundPages, "no-size": NoSize, "own": OwnPages, "windows": Windows, "no-window": NoWindow, "cursors": RankCursors, "none": None}

urlpatterns = [path("pages/%s/" % name, SheetList.as_view(pagination_class=pages)) for name, pages in PAGES.items()]
urlpatterns += [path("search/%s/" % name, TrackList.as_view(search_fields=names)) for name, names in SEARCHES.items()]
urlpatterns += [path("order/%s/" % name, type("Ordered", (TrackList,), options).as_view()) for name, options in ORDERS.items()]
urlpatterns += [
    path("pages/ordered/", SheetOrdered.as_view()),
    path("search/own/", TrackList.as_view(filter_backends=[OwnSearch])),
    path("filter/albums/", AlbumList.as_view()),
    path("filter/listed/", AlbumListed.as_view()),
    path("filter/own/", SheetList.as_view(filter_backends=[OwnBackend], pagination_class=Windows)),
    path("filter/moments/", MomentList.as_view()),
]
