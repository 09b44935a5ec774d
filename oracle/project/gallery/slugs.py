"""Rows named by what is behind further relations."""
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

from .common import Open
from .models import Album, Artist, Label, Sheet, Track


class TrackSlug(serializers.ModelSerializer):
    album = serializers.SlugRelatedField(slug_field="artist__slug", queryset=Album.objects.all())
    born = serializers.SlugRelatedField(source="album", slug_field="artist__born", read_only=True)

    class Meta:
        model = Track
        fields = ["id", "album", "born", "position", "title"]


class AlbumSlug(serializers.ModelSerializer):
    artist = serializers.SlugRelatedField(slug_field="profile__bio", queryset=Artist.objects.all())

    class Meta:
        model = Album
        fields = ["id", "title", "artist"]


class LabelSlug(serializers.ModelSerializer):
    albums = serializers.SlugRelatedField(many=True, slug_field="artist__name", read_only=True)

    class Meta:
        model = Label
        fields = ["id", "code", "albums"]


class SheetSlug(serializers.ModelSerializer):
    parent = serializers.SlugRelatedField(slug_field="parent__key", queryset=Sheet.objects.all(), allow_null=True)

    class Meta:
        model = Sheet
        fields = ["id", "key", "parent"]


router = SimpleRouter()
for serializer in (TrackSlug, AlbumSlug, LabelSlug, SheetSlug):
    model = serializer.Meta.model
    view = type(
        model.__name__ + "SlugViewSet",
        (Open, viewsets.ModelViewSet),
        {"queryset": model.objects.all(), "serializer_class": serializer},
    )
    router.register(model.__name__.lower() + "s", view, basename="slug-" + model.__name__.lower())

urlpatterns = router.urls
