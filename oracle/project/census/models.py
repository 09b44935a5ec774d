"""Models for queries alone: inheritance, relations to themselves, keys of several columns, keys that are no ids, proxies.

They are in no migration of the project; `backend.settings_queries` has them.
"""
from django.db import models


class Country(models.Model):
    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]


class City(models.Model):
    name = models.CharField(max_length=40)
    # A key to a column that is not the primary key.
    country = models.ForeignKey(Country, on_delete=models.CASCADE, to_field="code", related_name="cities")
    people = models.IntegerField(null=True)

    class Meta:
        ordering = ["country", "-name"]


class Place(models.Model):
    name = models.CharField(max_length=40)
    city = models.ForeignKey(City, on_delete=models.CASCADE, null=True, related_name="places")
    opened = models.DateField(null=True)

    class Meta:
        ordering = ["name"]


class Restaurant(Place):
    stars = models.IntegerField(null=True)
    rating = models.DecimalField(max_digits=4, decimal_places=2, null=True)


class Bistro(Restaurant):
    chef = models.ForeignKey("Person", on_delete=models.SET_NULL, null=True, related_name="bistros")


class Person(models.Model):
    name = models.CharField(max_length=40)
    born = models.DateField(null=True)
    height = models.FloatField(null=True)
    boss = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="team")
    friends = models.ManyToManyField("self")
    follows = models.ManyToManyField("self", symmetrical=False, related_name="followers")
    favourites = models.ManyToManyField(Place, through="Visit", related_name="fans")


class Elder(Person):
    class Meta:
        proxy = True
        ordering = ["born", "id"]


class Visit(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="visits")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="visits")
    at = models.DateTimeField(null=True)
    mood = models.JSONField(null=True)
    stay = models.DurationField(null=True)

    class Meta:
        ordering = ["place", "-at"]
        get_latest_by = "at"


class Passport(models.Model):
    holder = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="passport")
    number = models.UUIDField()
    country = models.ForeignKey(Country, on_delete=models.CASCADE, to_field="code", null=True)


class Seat(models.Model):
    pk = models.CompositePrimaryKey("row", "number")
    row = models.IntegerField()
    number = models.IntegerField()
    holder = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="seats")
    label = models.CharField(max_length=20, null=True)
