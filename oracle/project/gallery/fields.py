"""Serializer fields by family; each field optional, so that one can be tried at a time."""
import datetime
import zoneinfo
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from django.urls import path
from rest_framework import serializers as s

from .common import TryView

MINUTE = datetime.timedelta(minutes=1)
OPTIONAL = {"required": False}


class TextFields(s.Serializer):
    plain = s.CharField(**OPTIONAL)
    short = s.CharField(min_length=2, max_length=5, **OPTIONAL)
    blank = s.CharField(allow_blank=True, **OPTIONAL)
    null = s.CharField(allow_null=True, max_length=3, **OPTIONAL)
    both = s.CharField(allow_blank=True, allow_null=True, min_length=2, **OPTIONAL)
    raw = s.CharField(trim_whitespace=False, max_length=4, **OPTIONAL)
    told = s.CharField(
        max_length=3,
        error_messages={"max_length": "Longer than {max_length}.", "blank": "Write.", "null": "No null.", "invalid": "Text!"},
        **OPTIONAL,
    )
    regex = s.RegexField(r"^[a-z]{2}-\d+$", max_length=8, **OPTIONAL)
    found = s.RegexField(r"b.d", error_messages={"invalid": "No bed in it."}, **OPTIONAL)
    email = s.EmailField(max_length=20, **OPTIONAL)
    slug = s.SlugField(min_length=2, **OPTIONAL)
    wide_slug = s.SlugField(allow_unicode=True, allow_blank=True, **OPTIONAL)
    url = s.URLField(max_length=40, **OPTIONAL)
    ip = s.IPAddressField(**OPTIONAL)
    ip4 = s.IPAddressField(protocol="ipv4", **OPTIONAL)
    ip6 = s.IPAddressField(protocol="IPv6", allow_null=True, **OPTIONAL)
    uuid = s.UUIDField(**OPTIONAL)
    uuid_hex = s.UUIDField(format="hex", **OPTIONAL)
    uuid_int = s.UUIDField(format="int", **OPTIONAL)
    uuid_urn = s.UUIDField(format="urn", **OPTIONAL)


class NumberFields(s.Serializer):
    integer = s.IntegerField(min_value=-10, max_value=10, **OPTIONAL)
    told = s.IntegerField(max_value=3, error_messages={"max_value": "Over {max_value}.", "invalid": "Count!"}, **OPTIONAL)
    null = s.IntegerField(allow_null=True, **OPTIONAL)
    big = s.BigIntegerField(coerce_to_string=True, **OPTIONAL)
    big_plain = s.BigIntegerField(min_value=0, **OPTIONAL)
    floating = s.FloatField(min_value=-1.5, max_value=2, allow_null=True, **OPTIONAL)
    decimal = s.DecimalField(max_digits=5, decimal_places=2, **OPTIONAL)
    between = s.DecimalField(max_digits=4, decimal_places=1, min_value=Decimal("-1.5"), max_value=10, **OPTIONAL)
    number = s.DecimalField(max_digits=5, decimal_places=2, coerce_to_string=False, **OPTIONAL)
    half_up = s.DecimalField(max_digits=5, decimal_places=1, rounding=ROUND_HALF_UP, **OPTIONAL)
    down = s.DecimalField(max_digits=5, decimal_places=1, rounding=ROUND_DOWN, **OPTIONAL)
    half_even = s.DecimalField(max_digits=6, decimal_places=2, rounding=ROUND_HALF_EVEN, **OPTIONAL)
    free = s.DecimalField(max_digits=None, decimal_places=None, allow_null=True, **OPTIONAL)
    normal = s.DecimalField(max_digits=8, decimal_places=4, normalize_output=True, **OPTIONAL)
    boolean = s.BooleanField(**OPTIONAL)
    boolean_null = s.BooleanField(allow_null=True, **OPTIONAL)
    boolean_told = s.BooleanField(error_messages={"invalid": "Yes or no?"}, **OPTIONAL)


class MomentFields(s.Serializer):
    at = s.DateTimeField(allow_null=True, **OPTIONAL)
    at_written = s.DateTimeField(format="%d/%m/%Y %H:%M:%S %z", **OPTIONAL)
    at_read = s.DateTimeField(input_formats=["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z"], **OPTIONAL)
    at_raw = s.DateTimeField(format=None, **OPTIONAL)
    at_howe = s.DateTimeField(default_timezone=zoneinfo.ZoneInfo("Australia/Lord_Howe"), **OPTIONAL)
    at_berlin = s.DateTimeField(default_timezone=zoneinfo.ZoneInfo("Europe/Berlin"), **OPTIONAL)
    at_naive = s.DateTimeField(default_timezone=None, **OPTIONAL)
    day = s.DateField(allow_null=True, **OPTIONAL)
    day_written = s.DateField(format="%A %d %B %Y", **OPTIONAL)
    day_read = s.DateField(input_formats=["%d.%m.%y", "%b %d, %Y"], **OPTIONAL)
    day_both = s.DateField(format="%Y%m%d", input_formats=["iso-8601", "%m/%d/%Y"], **OPTIONAL)
    hour = s.TimeField(allow_null=True, **OPTIONAL)
    hour_written = s.TimeField(format="%I:%M %p", **OPTIONAL)
    hour_read = s.TimeField(input_formats=["%I:%M %p", "%H.%M"], **OPTIONAL)
    span = s.DurationField(min_value=MINUTE, max_value=60 * MINUTE, **OPTIONAL)
    span_iso = s.DurationField(format="iso-8601", **OPTIONAL)
    span_null = s.DurationField(allow_null=True, **OPTIONAL)


GROUPED = [("Warm", [("r", "Red"), ("o", "Orange")]), ("Cold", [("b", "Blue")]), ("x", "None of them")]


class ChoiceFields(s.Serializer):
    letters = s.ChoiceField(choices=["a", "b"], **OPTIONAL)
    grouped = s.ChoiceField(choices=GROUPED, **OPTIONAL)
    numbers = s.ChoiceField(choices=[(1, "One"), (2, "Two"), (-1, "Minus")], **OPTIONAL)
    truths = s.ChoiceField(choices=[(True, "Yes"), (False, "No")], **OPTIONAL)
    blank = s.ChoiceField(choices=["a"], allow_blank=True, **OPTIONAL)
    null = s.ChoiceField(choices=["a"], allow_null=True, **OPTIONAL)
    told = s.ChoiceField(choices=["a"], error_messages={"invalid_choice": "Not {input}, please."}, **OPTIONAL)
    many = s.MultipleChoiceField(choices=["c", "a", "b"], **OPTIONAL)
    many_one = s.MultipleChoiceField(choices=GROUPED, allow_empty=False, **OPTIONAL)
    many_numbers = s.MultipleChoiceField(choices=[(1, "One"), (2, "Two")], allow_null=True, **OPTIONAL)


class Pair(s.Serializer):
    left = s.IntegerField(max_value=9)
    right = s.CharField(max_length=2, **OPTIONAL)


class Composites(s.Serializer):
    words = s.ListField(**OPTIONAL)
    ints = s.ListField(child=s.IntegerField(min_value=0), min_length=1, max_length=3, **OPTIONAL)
    some = s.ListField(child=s.CharField(max_length=2, allow_null=True), allow_empty=False, allow_null=True, **OPTIONAL)
    matrix = s.ListField(child=s.ListField(child=s.IntegerField(), max_length=2), **OPTIONAL)
    days = s.ListField(child=s.DateField(), **OPTIONAL)
    pairs = s.ListField(child=Pair(), **OPTIONAL)
    table = s.DictField(child=s.IntegerField(max_value=5), **OPTIONAL)
    any_table = s.DictField(allow_empty=False, **OPTIONAL)
    lists = s.DictField(child=s.ListField(child=s.BooleanField()), **OPTIONAL)
    store = s.HStoreField(**OPTIONAL)
    json = s.JSONField(**OPTIONAL)
    json_null = s.JSONField(allow_null=True, **OPTIONAL)
    json_text = s.JSONField(binary=True, **OPTIONAL)
    pair = Pair(**OPTIONAL)
    pair_null = Pair(allow_null=True, **OPTIONAL)
    pair_list = Pair(many=True, min_length=1, max_length=2, **OPTIONAL)
    pair_some = Pair(many=True, allow_empty=False, allow_null=True, **OPTIONAL)


class Defaults(s.Serializer):
    """Fields that are there though they were not given."""

    text = s.CharField(default="anew")
    null = s.IntegerField(default=None, allow_null=True)
    called = s.ListField(child=s.IntegerField(), default=list)
    flag = s.BooleanField(default=True)
    hidden = s.HiddenField(default="unseen")
    needed = s.CharField(label="Needed text", help_text="Write it.", initial="start", style={"base_template": "textarea.html"})
    secret = s.CharField(write_only=True, required=False)
    fixed = s.ReadOnlyField(default="stays")
    shown = s.CharField(read_only=True, default="shown")
    method = s.SerializerMethodField()
    named = s.SerializerMethodField(method_name="name_it")

    def get_method(self, value):
        return len(value["text"])

    def name_it(self, value):
        return {"of": value["needed"].upper()}


class CalmFields(s.Serializer):
    """Required, of every kind, for input that lacks everything."""

    text = s.CharField()
    number = s.IntegerField()
    real = s.FloatField()
    money = s.DecimalField(max_digits=5, decimal_places=2)
    flag = s.BooleanField()
    at = s.DateTimeField()
    day = s.DateField()
    hour = s.TimeField()
    span = s.DurationField()
    uuid = s.UUIDField()
    ip = s.IPAddressField()
    letter = s.ChoiceField(choices=["a", "b"])
    letters = s.MultipleChoiceField(choices=["a", "b"])
    ints = s.ListField(child=s.IntegerField())
    table = s.DictField(child=s.IntegerField())
    json = s.JSONField()
    pair = Pair()
    pairs = Pair(many=True)
    upload = s.FileField()


FAMILIES = {
    "text": TextFields, "numbers": NumberFields, "moments": MomentFields, "choices": ChoiceFields,
    "composites": Composites, "defaults": Defaults, "calm": CalmFields,
}

urlpatterns = [
    path("fields/%s/" % name, TryView.as_view(serializer_class=family), name="fields-" + name)
    for name, family in FAMILIES.items()
] + [path("fields/pairs/", TryView.as_view(serializer_class=Pair, many=True), name="fields-pairs")]
