"""Records what full_clean says of rows: codes and texts by field. Writes validation.json beside itself.

Run with the interpreter of oracle/venv. The Rust test makes the same rows of the same model.
"""

import datetime
import json
import sys
from decimal import Decimal
from pathlib import Path

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core import validators as v  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.models.functions import Lower  # noqa: E402


class Author(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "library"


class EntryForm(models.Model):
    name = models.CharField(max_length=5)
    slug = models.SlugField(blank=True)
    mail = models.EmailField(blank=True)
    link = models.URLField(blank=True)
    size = models.PositiveIntegerField(
        default=4,
        validators=[v.MinValueValidator(3), v.MaxValueValidator(10), v.StepValueValidator(2)],
    )
    price = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal("1.50"))
    colour = models.CharField(max_length=10, default="red", choices=[("red", "Red"), ("blue", "Blue")])
    code = models.CharField(
        max_length=10, unique=True, validators=[v.MinLengthValidator(2), v.RegexValidator("^[a-z]+$")]
    )
    day = models.DateField(default=datetime.date(2024, 1, 31))
    head_line = models.CharField(
        max_length=20, blank=True, unique_for_date="day", error_messages={"max_length": "Too long."}
    )
    low = models.IntegerField(default=0)
    high = models.IntegerField(null=True, blank=True)
    author = models.ForeignKey(Author, models.CASCADE, null=True, blank=True)

    class Meta:
        app_label = "library"
        unique_together = [("low", "high")]
        constraints = [
            models.CheckConstraint(condition=models.Q(low__lte=models.F("high")), name="low_first"),
            models.CheckConstraint(
                condition=~models.Q(name="none"), name="named", violation_error_message="Give it a name.",
                violation_error_code="nameless",
            ),
            models.UniqueConstraint(fields=["name"], condition=models.Q(colour="blue"), name="one_blue"),
            models.UniqueConstraint(fields=["slug", "mail"], name="slug_and_mail"),
            models.UniqueConstraint(Lower("code"), name="code_in_any_case"),
        ]


CASES = [
    {},
    {"name": ""},
    {"name": "sixsix"},
    {"name": "äöüßéx"},
    {"slug": "a b"},
    {"slug": "a_b-1"},
    {"mail": "nobody"},
    {"mail": "a@b"},
    {"mail": "a@localhost"},
    {"mail": "a.b@example.com"},
    {"mail": "a@-x.com"},
    {"mail": "a@[127.0.0.1]"},
    {"mail": "a@xn--bcher-kva.ch"},
    {"link": "example.com"},
    {"link": "http://example"},
    {"link": "https://example.com:80/x?y#z"},
    {"link": "http://[::1]/"},
    {"link": "http://127.0.0.1"},
    {"link": "http://user:pw@localhost/"},
    {"link": "gopher://example.com/"},
    {"link": "http://exa mple.com/"},
    {"link": "http://-a.com/"},
    {"size": 2},
    {"size": 11},
    {"size": 1},
    {"price": "1.234"},
    {"price": "1234.5"},
    {"price": "12345.67"},
    {"price": "-999.99"},
    {"price": "0.01"},
    {"colour": "gr'een"},
    {"colour": ""},
    {"code": "A"},
    {"code": "taken"},
    {"code": "abcdefghijk"},
    {"head_line": "there"},
    {"head_line": "there", "day": "2024-02-29"},
    {"head_line": "a headline that is too long"},
    {"low": 1, "high": 9},
    {"low": 3, "high": 2},
    {"low": 3},
    {"name": "none"},
    {"name": "taken", "colour": "blue"},
    {"name": "taken"},
    {"slug": "there", "mail": "there@example.com"},
    {"author": 1},
    {"author": 99},
    {"name": "", "code": "A", "colour": "x", "low": 3, "high": 2},
]

USUAL = {"name": "new", "code": "fresh", "low": 0, "high": 5}
THERE = {
    "name": "taken", "code": "taken", "low": 1, "high": 9, "head_line": "there", "slug": "there",
    "mail": "there@example.com", "colour": "blue",
}


def row(values):
    values = {**USUAL, **values}
    if "price" in values:
        values["price"] = Decimal(values["price"])
    if "day" in values:
        values["day"] = datetime.date.fromisoformat(values["day"])
    if "author" in values:
        values["author_id"] = values.pop("author")
    return EntryForm(**values)


def said(values):
    if values == {"low": 3}:
        values = {**values, "high": None}
    try:
        row(values).full_clean()
    except ValidationError as error:
        return {
            field: [{"code": one.code, "message": one.messages[0]} for one in errors]
            for field, errors in error.error_dict.items()
        }
    return {}


def main():
    with connection.schema_editor() as editor:
        editor.create_model(Author)
        editor.create_model(EntryForm)
    Author(id=1, name="ann").save()
    EntryForm(**THERE).save()
    cases = [{"values": values, "errors": said(values)} for values in CASES]
    target = Path(__file__).with_name("validation.json")
    text = json.dumps({"django": django.__version__, "usual": USUAL, "there": THERE, "cases": cases}, indent=1, ensure_ascii=False)
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{len(cases)} cases", file=sys.stderr)


if __name__ == "__main__":
    main()
