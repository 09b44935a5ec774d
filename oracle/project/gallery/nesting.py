"""Serializers in serializers: three levels read, three levels written, one-to-one, depth."""
from django.db import transaction
from django.urls import path
from rest_framework import generics, serializers, viewsets
from rest_framework.routers import SimpleRouter

from .common import Open
from .models import Album, Artist, Credit, Profile, Track


class CreditSerializer(serializers.ModelSerializer):
    class Meta:
        model = Credit
        fields = ["id", "person", "role"]


class TrackSerializer(serializers.ModelSerializer):
    credits = CreditSerializer(many=True, required=False)

    class Meta:
        model = Track
        fields = ["id", "position", "title", "length", "credits"]

    def validate_title(self, value):
        if value == value.upper() and value != value.lower():
            raise serializers.ValidationError("Do not shout.", code="shout")
        return value


class AlbumSerializer(serializers.ModelSerializer):
    """Tracks and their credits are replaced as a whole when they are given."""

    tracks = TrackSerializer(many=True, allow_empty=False)

    class Meta:
        model = Album
        fields = ["id", "artist", "title", "released", "price", "tracks"]

    def validate_tracks(self, tracks):
        positions = [track["position"] for track in tracks]
        if len(positions) != len(set(positions)):
            raise serializers.ValidationError("Positions must differ.")
        return tracks

    def validate(self, attrs):
        if attrs.get("price") and len(attrs.get("tracks", [])) > 3:
            raise serializers.ValidationError({"price": "Four tracks are free.", "tracks": ["Too many."]})
        return attrs

    @transaction.atomic
    def create(self, validated_data):
        tracks = validated_data.pop("tracks")
        album = Album.objects.create(**validated_data)
        self.write(album, tracks)
        return album

    @transaction.atomic
    def update(self, instance, validated_data):
        tracks = validated_data.pop("tracks", None)
        instance = super().update(instance, validated_data)
        if tracks is not None:
            instance.tracks.all().delete()
            self.write(instance, tracks)
        return instance

    @staticmethod
    def write(album, tracks):
        for track in tracks:
            credits = track.pop("credits", [])
            row = Track.objects.create(album=album, **track)
            for credit in credits:
                Credit.objects.create(track=row, **credit)


class AlbumViewSet(Open, viewsets.ModelViewSet):
    queryset = Album.objects.prefetch_related("tracks__credits")
    serializer_class = AlbumSerializer


class ProfileSerializer(serializers.ModelSerializer):
    class Meta:
        model = Profile
        fields = ["bio", "website"]


class ArtistSerializer(serializers.ModelSerializer):
    """The profile is written with the artist: made, changed, or taken away by null."""

    profile = ProfileSerializer(required=False, allow_null=True)

    class Meta:
        model = Artist
        fields = ["id", "name", "slug", "country", "born", "profile"]

    def create(self, validated_data):
        profile = validated_data.pop("profile", None)
        artist = Artist.objects.create(**validated_data)
        if profile is not None:
            Profile.objects.create(artist=artist, **profile)
        return artist

    def update(self, instance, validated_data):
        given = "profile" in validated_data
        profile = validated_data.pop("profile", None)
        instance = super().update(instance, validated_data)
        if given:
            Profile.objects.filter(artist=instance).delete()
            if profile is not None:
                Profile.objects.create(artist=instance, **profile)
            instance = Artist.objects.get(pk=instance.pk)
        return instance


class ArtistViewSet(Open, viewsets.ModelViewSet):
    queryset = Artist.objects.all()
    serializer_class = ArtistSerializer


class AlbumLine(serializers.ModelSerializer):
    tracks = TrackSerializer(many=True, read_only=True)
    labels = serializers.SlugRelatedField(many=True, read_only=True, slug_field="code")

    class Meta:
        model = Album
        fields = ["title", "released", "labels", "tracks"]


class TreeSerializer(serializers.ModelSerializer):
    """Read only, four levels down."""

    albums = AlbumLine(many=True, read_only=True)
    profile = ProfileSerializer(read_only=True)

    class Meta:
        model = Artist
        fields = ["name", "profile", "albums"]


class TreeList(Open, generics.ListAPIView):
    queryset = Artist.objects.all()
    serializer_class = TreeSerializer


class TreeOne(Open, generics.RetrieveAPIView):
    queryset = Artist.objects.all()
    serializer_class = TreeSerializer


def deep(model_class, levels, chosen="__all__"):
    class Deep(serializers.ModelSerializer):
        class Meta:
            model = model_class
            fields = chosen
            depth = levels

    return Deep


class DeepAlbumViewSet(Open, viewsets.ModelViewSet):
    queryset = Album.objects.all()


router = SimpleRouter()
router.register("albums", AlbumViewSet)
router.register("artists", ArtistViewSet)

urlpatterns = [
    path("tree/", TreeList.as_view(), name="tree"),
    path("tree/<int:pk>/", TreeOne.as_view(), name="tree-one"),
    *router.urls,
]
for level in (0, 1, 2):
    detail = {"get": "retrieve", "put": "update", "patch": "partial_update"}
    many = {"get": "list", "post": "create"}
    for name, model in (("album", Album), ("track", Track), ("credit", Credit), ("profile", Profile)):
        shown = ["id", "artist", "title", "labels", "tracks"] if name == "album" else "__all__"
        kwargs = {"queryset": model.objects.all(), "serializer_class": deep(model, level, shown)}
        urlpatterns += [
            path("depth/%d/%s/" % (level, name), DeepAlbumViewSet.as_view(many, **kwargs)),
            path("depth/%d/%s/<int:pk>/" % (level, name), DeepAlbumViewSet.as_view(detail, **kwargs)),
        ]
