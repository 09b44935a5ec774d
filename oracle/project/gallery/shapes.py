"""Where values come from and go to: sources, read-only and write-only, overrides, many at once."""
from django.urls import path
from rest_framework import generics, serializers as s
from rest_framework import status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from .common import Open, TryView
from .models import Album, Artist, Label, Moment, Profile, Sheet


class Coordinates(s.Serializer):
    x = s.IntegerField(min_value=0, required=False)
    y = s.IntegerField(min_value=0, required=False)


class Sourced(s.Serializer):
    """Nothing of a model."""

    name = s.CharField(source="title", max_length=4)
    city = s.CharField(source="address.city", required=False)
    zip = s.IntegerField(source="address.zip", required=False)
    place = Coordinates(source="*", required=False)
    far = Coordinates(source="deep.inner.place", required=False)
    shown = s.CharField(source="title", read_only=True)
    whole = s.SerializerMethodField()

    def get_whole(self, value):
        return sorted(value)


class Colour(s.Field):
    """#rrggbb and a list of three."""

    default_error_messages = {"incorrect_type": "Expected text, not {input_type}.", "form": "Write #rrggbb.", "dark": "Too dark."}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("incorrect_type", input_type=type(data).__name__)
        if len(data) != 7 or data[0] != "#" or set(data[1:].lower()) - set("0123456789abcdef"):
            self.fail("form")
        value = [int(data[n : n + 2], 16) for n in (1, 3, 5)]
        if sum(value) == 0:
            self.fail("dark")
        return value

    def to_representation(self, value):
        return "#%02x%02x%02x" % tuple(value)


class Upper(s.CharField):
    def to_representation(self, value):
        return super().to_representation(value).upper()


class Span(s.Serializer):
    """Written as `a-b`, read as a document."""

    low = s.IntegerField()
    high = s.IntegerField()

    def to_internal_value(self, data):
        if isinstance(data, str):
            low, _, high = data.partition("-")
            data = {"low": low, "high": high}
        return super().to_internal_value(data)

    def to_representation(self, value):
        return "%d-%d" % (value["low"], value["high"])


class Own(s.Serializer):
    colour = Colour(required=False)
    colours = s.ListField(child=Colour(), required=False)
    shout = Upper(max_length=3, required=False)
    span = Span(required=False)
    spans = Span(many=True, required=False)

    def to_internal_value(self, data):
        if isinstance(data, dict) and data.get("refuse"):
            raise ValidationError({"refuse": "Refused.", "why": data["refuse"]})
        return super().to_internal_value(data)

    def to_representation(self, value):
        out = super().to_representation(value)
        return {"kind": "own", **out, "count": len(out)}


class ArtistShape(s.ModelSerializer):
    """A model by other names, and by what hangs on it."""

    title = s.CharField(source="name", max_length=10)
    bio = s.CharField(source="profile.bio", read_only=True)
    site = s.URLField(source="profile.website", read_only=True, default="none")
    land = s.CharField(source="get_country_display", read_only=True)
    albums = s.IntegerField(source="albums.count", read_only=True)
    first = s.ReadOnlyField(source="albums.first.title")
    text = s.CharField(source="__str__", read_only=True)
    secret = s.CharField(write_only=True, required=False)
    born = s.DateField(required=False, allow_null=True, write_only=True)
    whole = s.SerializerMethodField()

    class Meta:
        model = Artist
        fields = ["id", "title", "slug", "land", "country", "bio", "site", "albums", "first", "text", "secret", "born", "whole"]
        read_only_fields = ["country"]
        extra_kwargs = {"slug": {"required": False, "default": "unnamed", "help_text": "Part of the address."}}

    def get_whole(self, artist):
        return {"year": artist.born and artist.born.year, "view": type(self.context["view"]).__name__}

    def create(self, validated_data):
        validated_data["name"] += validated_data.pop("secret", "")
        return super().create(validated_data)

    def update(self, instance, validated_data):
        validated_data.pop("secret", None)
        return super().update(instance, validated_data)


class ArtistShapes(Open, viewsets.ModelViewSet):
    queryset = Artist.objects.all()
    serializer_class = ArtistShape


class ExcludedSerializer(s.ModelSerializer):
    class Meta:
        model = Album
        exclude = ["labels", "price"]


class AllSerializer(s.ModelSerializer):
    extra = s.SerializerMethodField()

    class Meta:
        model = Album
        fields = "__all__"
        read_only_fields = ["released"]

    def get_extra(self, album):
        return album.pk * 100


class ProfileShape(s.ModelSerializer):
    """A field of the other side of a one-to-one relation may be written."""

    name = s.CharField(source="artist.name", max_length=5)

    class Meta:
        model = Profile
        fields = ["id", "name", "bio"]

    def update(self, instance, validated_data):
        artist = validated_data.pop("artist", {})
        for key, value in artist.items():
            setattr(instance.artist, key, value)
        instance.artist.save()
        return super().update(instance, validated_data)


class LabelSerializer(s.ModelSerializer):
    class Meta:
        model = Label
        fields = ["id", "code", "name"]

    def validate_name(self, value):
        if value == "bad":
            raise s.ValidationError("Bad name.")
        return value


class BulkLabels(s.ListSerializer):
    """All are made at once; codes must differ inside of the list."""

    def validate(self, rows):
        codes = [row["code"] for row in rows]
        if len(codes) != len(set(codes)):
            raise s.ValidationError("Codes must differ.")
        return rows

    def create(self, rows):
        return Label.objects.bulk_create([Label(**row) for row in rows])

    def update(self, instances, rows):
        known = {label.code: label for label in instances}
        out = []
        for row in rows:
            label = known.get(row["code"]) or Label(code=row["code"])
            label.name = row["name"]
            label.save()
            out.append(label)
        return out


class BulkLabel(s.ModelSerializer):
    code = s.SlugField(max_length=12)

    class Meta:
        model = Label
        fields = ["id", "code", "name"]
        list_serializer_class = BulkLabels


class BulkView(Open, generics.GenericAPIView):
    queryset = Label.objects.all()
    limits = {}

    def post(self, request):
        serializer = self.get_serializer(data=request.data, many=True, **self.limits)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data, status=status.HTTP_201_CREATED)

    def put(self, request):
        serializer = self.get_serializer(self.get_queryset(), data=request.data, many=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)


class EitherView(Open, generics.CreateAPIView):
    """One or many, by what comes."""

    queryset = Label.objects.all()
    serializer_class = LabelSerializer

    def get_serializer(self, *args, **kwargs):
        if isinstance(kwargs.get("data"), list):
            kwargs["many"] = True
        return super().get_serializer(*args, **kwargs)


router = SimpleRouter()
router.register("artist-shapes", ArtistShapes, basename="artist-shape")

urlpatterns = [
    path("sourced/", TryView.as_view(serializer_class=Sourced)),
    path("own/", TryView.as_view(serializer_class=Own)),
    path("own-list/", TryView.as_view(serializer_class=Own, many=True)),
    path("bulk/", BulkView.as_view(serializer_class=BulkLabel)),
    path("bulk-plain/", BulkView.as_view(serializer_class=LabelSerializer)),
    path("bulk-some/", BulkView.as_view(serializer_class=LabelSerializer, limits={"allow_empty": False, "max_length": 2})),
    path("either/", EitherView.as_view()),
    *router.urls,
]
PAIRS = {"excluded": (ExcludedSerializer, Album), "all": (AllSerializer, Album), "profile-shapes": (ProfileShape, Profile)}
for name, (serializer, model) in PAIRS.items():
    kwargs = {"queryset": model.objects.order_by("id"), "serializer_class": serializer}
    urlpatterns += [
        path("%s/" % name, ArtistShapes.as_view({"get": "list", "post": "create"}, **kwargs)),
        path("%s/<int:pk>/" % name, ArtistShapes.as_view({"get": "retrieve", "put": "update", "patch": "partial_update"}, **kwargs)),
    ]


class MomentSerializer(s.ModelSerializer):
    class Meta:
        model = Moment
        fields = "__all__"


class SheetSerializer(s.ModelSerializer):
    class Meta:
        model = Sheet
        fields = ["id", "key", "rank"]
