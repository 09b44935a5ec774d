"""The tables of benches/rest, as the reference has them."""

from django.conf import settings
from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=50)


class Article(models.Model):
    title = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    body = models.TextField()
    views = models.IntegerField(default=0)
    published = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    category = models.ForeignKey(Category, models.CASCADE, related_name="articles")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="articles")


class Comment(models.Model):
    article = models.ForeignKey(Article, models.CASCADE, related_name="comments")
    name = models.CharField(max_length=50)
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
