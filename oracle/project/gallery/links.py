"""Hyperlinked serializers, and the other fields for relations."""
from django.contrib.auth.models import User
from django.urls import path
from rest_framework import serializers, viewsets
from rest_framework.routers import DefaultRouter

from .common import Open, TryView
from .models import Album, Artist, Label, Sheet, Track


class ArtistLink(serializers.HyperlinkedModelSerializer):
    albums = serializers.HyperlinkedRelatedField(many=True, read_only=True, view_name="link-album-detail")
    page = serializers.HyperlinkedIdentityField(view_name="link-artist-detail", lookup_field="slug", format="json")

    class Meta:
        model = Artist
        fields = ["url", "page", "name", "slug", "albums"]
        extra_kwargs = {"url": {"view_name": "link-artist-detail", "lookup_field": "slug"}}


class AlbumLink(serializers.HyperlinkedModelSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="link-album-detail")
    artist = serializers.HyperlinkedRelatedField(
        view_name="link-artist-detail", lookup_field="slug", queryset=Artist.objects.all()
    )
    labels = serializers.SlugRelatedField(many=True, slug_field="code", queryset=Label.objects.all(), required=False)
    tracks = serializers.StringRelatedField(many=True)

    class Meta:
        model = Album
        fields = ["url", "id", "title", "artist", "labels", "tracks"]


class TrackLink(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Track
        fields = ["url", "album", "position", "title"]
        extra_kwargs = {"url": {"view_name": "link-track-detail"}, "album": {"view_name": "link-album-detail"}}


class SheetLink(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Sheet
        fields = ["url", "id", "key", "rank", "parent", "children"]
        read_only_fields = ["children"]
        extra_kwargs = {
            "url": {"view_name": "link-sheet-detail", "lookup_field": "key"},
            "parent": {"view_name": "link-sheet-detail", "lookup_field": "key"},
            "children": {"view_name": "link-sheet-detail", "lookup_field": "key"},
        }


class ArtistLinkViewSet(Open, viewsets.ModelViewSet):
    queryset = Artist.objects.all()
    serializer_class = ArtistLink
    lookup_field = "slug"


class AlbumLinkViewSet(Open, viewsets.ModelViewSet):
    queryset = Album.objects.all()
    serializer_class = AlbumLink


class TrackLinkViewSet(Open, viewsets.ModelViewSet):
    queryset = Track.objects.order_by("id")
    serializer_class = TrackLink


class SheetLinkViewSet(Open, viewsets.ModelViewSet):
    queryset = Sheet.objects.all()
    serializer_class = SheetLink
    lookup_field = "key"
    lookup_value_regex = "[a-z.-]+"


class Relations(serializers.Serializer):
    pk = serializers.PrimaryKeyRelatedField(queryset=Artist.objects.all(), required=False)
    pk_null = serializers.PrimaryKeyRelatedField(queryset=Artist.objects.all(), required=False, allow_null=True)
    pk_many = serializers.PrimaryKeyRelatedField(queryset=Label.objects.all(), required=False, many=True)
    pk_some = serializers.PrimaryKeyRelatedField(
        queryset=Label.objects.all(), required=False, many=True, allow_empty=False
    )
    pk_text = serializers.PrimaryKeyRelatedField(
        queryset=Artist.objects.all(), required=False, pk_field=serializers.CharField(max_length=3)
    )
    pk_uuid = serializers.PrimaryKeyRelatedField(
        queryset=Sheet.objects.all(), required=False, pk_field=serializers.UUIDField(format="hex")
    )
    pk_live = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False)
    slug = serializers.SlugRelatedField(slug_field="code", queryset=Label.objects.all(), required=False)
    slug_many = serializers.SlugRelatedField(slug_field="code", queryset=Label.objects.all(), required=False, many=True)
    slug_date = serializers.SlugRelatedField(slug_field="born", queryset=Artist.objects.all(), required=False)
    slug_far = serializers.SlugRelatedField(slug_field="profile__bio", queryset=Artist.objects.all(), required=False)
    link = serializers.HyperlinkedRelatedField(
        view_name="link-artist-detail", lookup_field="slug", queryset=Artist.objects.all(), required=False
    )
    link_null = serializers.HyperlinkedRelatedField(
        view_name="link-album-detail", queryset=Album.objects.all(), required=False, allow_null=True
    )
    link_many = serializers.HyperlinkedRelatedField(
        view_name="link-album-detail", queryset=Album.objects.all(), required=False, many=True
    )
    told = serializers.PrimaryKeyRelatedField(
        queryset=Artist.objects.all(), required=False,
        error_messages={"does_not_exist": "Nobody is {pk_value}.", "incorrect_type": "Not a {data_type}."},
    )


router = DefaultRouter()
router.root_view_name = "link-root"
router.register("artists", ArtistLinkViewSet, basename="link-artist")
router.register("albums", AlbumLinkViewSet, basename="link-album")
router.register("tracks", TrackLinkViewSet, basename="link-track")
router.register("sheets", SheetLinkViewSet, basename="link-sheet")

relations = [path("relations/", TryView.as_view(serializer_class=Relations), name="relations")]
urlpatterns = router.urls
