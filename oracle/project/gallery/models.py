"""Models of the gallery: nesting, files, ownership, uniqueness, moments."""
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Artist(models.Model):
    name = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(unique=True)
    country = models.CharField(max_length=2, blank=True, choices=[("FR", "France"), ("JP", "Japan"), ("BR", "Brazil")])
    born = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name


class Profile(models.Model):
    artist = models.OneToOneField(Artist, on_delete=models.CASCADE, related_name="profile")
    bio = models.TextField(blank=True)
    website = models.URLField(blank=True)


class Label(models.Model):
    code = models.SlugField(max_length=12, unique=True)
    name = models.CharField(max_length=30)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.code


class Album(models.Model):
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="albums")
    title = models.CharField(max_length=30)
    released = models.DateField(null=True, blank=True)
    price = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    labels = models.ManyToManyField(Label, blank=True, related_name="albums")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["artist", "title"], name="album_once")]

    def __str__(self):
        return self.title


class Track(models.Model):
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="tracks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=30)
    length = models.DurationField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        unique_together = [("album", "position")]

    def __str__(self):
        return "%d. %s" % (self.position, self.title)


class Credit(models.Model):
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="credits")
    person = models.CharField(max_length=30)
    role = models.CharField(max_length=8, choices=[("writer", "Writer"), ("player", "Player")], default="player")

    class Meta:
        ordering = ["id"]


def thumb_path(photo, name):
    return "thumbs/%s/%s" % (photo.title or "none", name)


class Photo(models.Model):
    title = models.CharField(max_length=20, blank=True)
    image = models.FileField(upload_to="photos/", max_length=40)
    thumb = models.FileField(upload_to=thumb_path, blank=True)
    note = models.FileField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class Document(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=30)
    state = models.CharField(
        max_length=8, choices=[("draft", "Draft"), ("open", "Open"), ("sealed", "Sealed")], default="draft"
    )
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="editable")

    class Meta:
        ordering = ["id"]
        permissions = [("seal_document", "Can seal document")]


class Vote(models.Model):
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    score = models.IntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "user"], name="one_vote", violation_error_message="You have voted.",
                violation_error_code="voted",
            )
        ]


class Event(models.Model):
    """Uniqueness for a date, a month and a year."""

    name = models.CharField(max_length=20, unique_for_date="held_on")
    hall = models.CharField(max_length=20, unique_for_month="held_on")
    guest = models.CharField(max_length=20, unique_for_year="held_on", blank=True)
    held_on = models.DateField()

    class Meta:
        ordering = ["id"]


class Seat(models.Model):
    """Uniqueness by several columns, under a condition, of an expression, and of nulls."""

    row = models.CharField(max_length=2)
    number = models.IntegerField()
    code = models.CharField(max_length=10, blank=True, unique=True, null=True)
    holder = models.CharField(max_length=10, null=True, blank=True)
    status = models.CharField(max_length=6, default="free")
    gate = models.IntegerField(null=True, blank=True)
    lane = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["row", "number"], name="seat_once"),
            models.UniqueConstraint(
                fields=["holder"], condition=Q(status="held"), name="seat_one_holder",
                violation_error_message="This holder has a seat.", violation_error_code="held",
            ),
            models.UniqueConstraint(
                fields=["row", "holder"], condition=Q(status="kept"), name="seat_kept",
                violation_error_message="Kept once for a row.",
            ),
            models.UniqueConstraint(
                fields=["gate", "lane"], name="seat_gate", violation_error_message="The gate is taken.",
            ),
            models.UniqueConstraint(Lower("code"), name="seat_code_ci"),
        ]


class Moment(models.Model):
    name = models.CharField(max_length=20)
    at = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    hour = models.TimeField(null=True, blank=True)
    span = models.DurationField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class Sheet(models.Model):
    """Found by a key that is text with dots, or by a UUID."""

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=20, unique=True)
    rank = models.IntegerField(default=0)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["rank", "key"]
