"""Validators: uniqueness of every kind, own functions and classes, several rules at once."""
import datetime

from django.core.exceptions import ValidationError as ModelError
from django.core.validators import (
    MaxLengthValidator, MinValueValidator, ProhibitNullCharactersValidator, RegexValidator, StepValueValidator,
    validate_comma_separated_integer_list, validate_ipv46_address,
)
from django.urls import path
from rest_framework import serializers as s
from rest_framework import validators as v
from rest_framework import viewsets
from rest_framework.routers import SimpleRouter

from .common import Open, TryView
from .models import Album, Artist, Event, Label, Seat, Vote


class EventSerializer(s.ModelSerializer):
    class Meta:
        model = Event
        fields = "__all__"


class EventReadOnlyDay(s.ModelSerializer):
    """The day is set by the server, yet is needed by the rules."""

    held_on = s.DateField(read_only=True, default=datetime.date(2024, 3, 15))

    class Meta:
        model = Event
        fields = ["id", "name", "hall", "held_on"]


class EventByRules(s.Serializer):
    """The same rules, given by hand with texts of their own."""

    name = s.CharField()
    hall = s.CharField(required=False)
    when = s.DateField(source="held_on")

    class Meta:
        validators = [
            v.UniqueForDateValidator(Event.objects.all(), field="name", date_field="when", message="That day is {date_field}."),
            v.UniqueForMonthValidator(Event.objects.all(), field="hall", date_field="when"),
            v.UniqueForYearValidator(Event.objects.all(), field="name", date_field="when"),
        ]


class SeatSerializer(s.ModelSerializer):
    class Meta:
        model = Seat
        fields = "__all__"


class SeatPart(s.ModelSerializer):
    """Lacks a half of the constraints."""

    class Meta:
        model = Seat
        fields = ["id", "row", "holder", "status"]


class SeatFree(s.ModelSerializer):
    """No rule of the model is asked."""

    class Meta:
        model = Seat
        fields = ["id", "row", "number"]
        validators = []


class SeatSourced(s.ModelSerializer):
    line = s.CharField(source="row", max_length=2)

    class Meta:
        model = Seat
        fields = ["id", "line", "number", "holder", "status"]


class VoteSerializer(s.ModelSerializer):
    user = s.HiddenField(default=s.CurrentUserDefault())

    class Meta:
        model = Vote
        fields = ["id", "document", "user", "score"]


class VoteOnce(s.ModelSerializer):
    """The user is kept when the vote changes."""

    user = s.HiddenField(default=s.CreateOnlyDefault(s.CurrentUserDefault()))
    score = s.IntegerField(default=s.CreateOnlyDefault(7))

    class Meta:
        model = Vote
        fields = ["id", "document", "user", "score"]


class VoteShown(s.ModelSerializer):
    user = s.PrimaryKeyRelatedField(read_only=True, default=s.CurrentUserDefault())

    class Meta:
        model = Vote
        fields = ["id", "document", "user", "score"]

    def create(self, validated_data):
        return super().create({**validated_data, "user": self.context["request"].user})


class ArtistRules(s.ModelSerializer):
    name = s.CharField(validators=[v.UniqueValidator(Artist.objects.all(), message="Known already.", lookup="iexact")])
    handle = s.SlugField(source="slug", validators=[v.UniqueValidator(Artist.objects.filter(country="BR"))])

    class Meta:
        model = Artist
        fields = ["id", "name", "handle", "country"]


class AlbumRules(s.ModelSerializer):
    class Meta:
        model = Album
        fields = ["id", "artist", "title", "released"]
        validators = [
            v.UniqueTogetherValidator(Album.objects.all(), fields=["artist", "title"], message="{field_names} are taken."),
            v.UniqueTogetherValidator(Album.objects.all(), fields=["title", "released"]),
        ]


def is_even(value):
    if value % 2:
        raise s.ValidationError("Must be even.", code="odd")


def is_known(value):
    if value == "list":
        raise s.ValidationError(["First.", "Second."])
    if value == "dict":
        raise s.ValidationError({"why": "Because.", "more": ["a", "b"]})
    if value == "model":
        raise ModelError("From %(where)s.", code="x", params={"where": "the model"})
    if value == "models":
        raise ModelError(["One.", ModelError("Two.")])


class MultipleOf:
    """Knows the field it is asked for."""

    requires_context = True

    def __init__(self, base):
        self.base = base

    def __call__(self, value, field):
        if value % self.base:
            raise s.ValidationError("%s must be a multiple of %d." % (field.field_name, self.base))


class Ruled(s.Serializer):
    even = s.IntegerField(required=False, validators=[is_even, MinValueValidator(2, message="Two or more, not %(show_value)s.")])
    many = s.IntegerField(required=False, max_value=20, validators=[is_even, MultipleOf(3)])
    text = s.CharField(required=False, validators=[is_known, MaxLengthValidator(5)])
    upper = s.CharField(required=False, validators=[RegexValidator("^[A-Z]+$", message="Capitals.", code="caps")])
    not_digits = s.CharField(required=False, validators=[RegexValidator(r"\d", inverse_match=True)])
    step = s.IntegerField(required=False, validators=[StepValueValidator(5, offset=1)])
    commas = s.CharField(required=False, validators=[validate_comma_separated_integer_list])
    address = s.CharField(required=False, validators=[validate_ipv46_address])
    no_nul = s.CharField(required=False, validators=[ProhibitNullCharactersValidator()])
    list = s.ListField(child=s.IntegerField(validators=[is_even]), required=False)
    first = s.IntegerField(required=False)
    last = s.IntegerField(required=False)

    class Meta:
        validators = []

    def validate_first(self, value):
        if value < 0:
            raise s.ValidationError("Below nought.")
        return value * 10

    def validate_last(self, value):
        if value == 13:
            raise s.ValidationError({"deep": ["Unlucky."]})
        return value

    def validate(self, attrs):
        if "first" in attrs and "last" in attrs and attrs["first"] > attrs["last"]:
            raise s.ValidationError({"last": "Must not be before first.", "first": ["Too late."]})
        if attrs.get("last") == 99:
            raise s.ValidationError(["Ninety-nine.", "Really."])
        if attrs.get("last") == 98:
            raise ModelError({"first": ["From the model."], "__all__": ["Whole."]})
        if attrs.get("last") == 97:
            raise s.ValidationError("Plain.", code="plain")
        return attrs


def viewset(name, serializer, model):
    return type(name, (Open, viewsets.ModelViewSet), {"queryset": model.objects.all(), "serializer_class": serializer})


class VoteViewSet(viewsets.ModelViewSet):
    queryset = Vote.objects.all()
    serializer_class = VoteSerializer


router = SimpleRouter()
router.register("events", viewset("EventViewSet", EventSerializer, Event))
router.register("event-days", viewset("EventDayViewSet", EventReadOnlyDay, Event), basename="event-day")
router.register("seats", viewset("SeatViewSet", SeatSerializer, Seat))
router.register("seat-parts", viewset("SeatPartViewSet", SeatPart, Seat), basename="seat-part")
router.register("seat-free", viewset("SeatFreeViewSet", SeatFree, Seat), basename="seat-free")
router.register("seat-sourced", viewset("SeatSourcedViewSet", SeatSourced, Seat), basename="seat-sourced")
router.register("votes", VoteViewSet)
router.register("artist-rules", viewset("ArtistRulesViewSet", ArtistRules, Artist), basename="artist-rules")
router.register("album-rules", viewset("AlbumRulesViewSet", AlbumRules, Album), basename="album-rules")

urlpatterns = [
    path("event-rules/", TryView.as_view(serializer_class=EventByRules)),
    path("ruled-fields/", TryView.as_view(serializer_class=Ruled)),
    *router.urls,
]
for name, serializer in (("vote-once", VoteOnce), ("vote-shown", VoteShown)):
    urlpatterns += [
        path("%s/" % name, VoteViewSet.as_view({"get": "list", "post": "create"}, serializer_class=serializer)),
        path("%s/<int:pk>/" % name, VoteViewSet.as_view(
            {"get": "retrieve", "put": "update", "patch": "partial_update"}, serializer_class=serializer)),
    ]
