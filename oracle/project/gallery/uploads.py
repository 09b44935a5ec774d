"""Files: of models, of plain serializers, in lists and nested."""
from django.core.validators import FileExtensionValidator
from django.urls import path
from rest_framework import exceptions, parsers, serializers, viewsets
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from .common import Open, TryView
from .models import Photo


class PhotoSerializer(serializers.ModelSerializer):
    class Meta:
        model = Photo
        fields = ["id", "title", "image", "thumb", "note"]


class PhotoViewSet(Open, viewsets.ModelViewSet):
    queryset = Photo.objects.all()
    serializer_class = PhotoSerializer


class BarePhotoSerializer(serializers.ModelSerializer):
    """The name in the storage, not an address; the note may only be written."""

    image = serializers.FileField(use_url=False, max_length=12)

    class Meta:
        model = Photo
        fields = ["id", "image", "note"]
        extra_kwargs = {"note": {"write_only": True}}


class BarePhotoViewSet(Open, viewsets.ModelViewSet):
    queryset = Photo.objects.all()
    serializer_class = BarePhotoSerializer
    parser_classes = [parsers.MultiPartParser]


class Described(serializers.Field):
    """What came, as text: the name, the type, the size."""

    def to_representation(self, file):
        return {"name": file.name, "type": file.content_type, "size": file.size, "charset": file.charset}


def small(file):
    if file.size > 20:
        raise serializers.ValidationError("More than 20 bytes.", code="large")


class AnyFile(serializers.FileField):
    def to_representation(self, file):
        return None if file is None else Described().to_representation(file)


class Parcel(serializers.Serializer):
    label = serializers.CharField(required=False)
    any = AnyFile(required=False)
    empty = AnyFile(required=False, allow_empty_file=True)
    short = AnyFile(required=False, max_length=8)
    null = AnyFile(required=False, allow_null=True)
    text = AnyFile(required=False, validators=[FileExtensionValidator(["txt", "md"]), small])
    told = AnyFile(required=False, error_messages={"invalid": "A file!", "empty": "Nothing in it.", "no_name": "No name."})
    files = serializers.ListField(child=AnyFile(max_length=10), required=False, max_length=2)
    some = serializers.ListField(child=AnyFile(), required=False, allow_empty=False)
    table = serializers.DictField(child=AnyFile(), required=False)


class Card(serializers.Serializer):
    title = serializers.CharField(max_length=5)
    file = AnyFile()


class Box(serializers.Serializer):
    name = serializers.CharField()
    card = Card(required=False)
    cards = Card(many=True, required=False)


class RawUpload(Open, APIView):
    """The whole body is the file."""

    parser_classes = [parsers.FileUploadParser]

    def put(self, request, filename=None):
        if "file" not in request.data:
            raise exceptions.ParseError("Nothing was sent.")
        file = request.data["file"]
        return Response({"name": file.name, "type": file.content_type, "size": file.size, "text": file.read().decode("latin-1")})

    post = put


router = SimpleRouter()
router.register("photos", PhotoViewSet)
router.register("bare-photos", BarePhotoViewSet, basename="bare-photo")

urlpatterns = [
    path("parcel/", TryView.as_view(serializer_class=Parcel), name="parcel"),
    path("box/", TryView.as_view(serializer_class=Box), name="box"),
    path("raw/", RawUpload.as_view(), name="raw"),
    path("raw/<str:filename>", RawUpload.as_view(), name="raw-named"),
    *router.urls,
]
