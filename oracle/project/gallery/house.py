"""The exception handler of the profile `gallery_house`, and models as they are."""
from django.urls import path
from rest_framework import exceptions, serializers, viewsets
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler as usual

from .common import Open
from .models import Artist, Moment


def exception_handler(exc, context):
    """Codes and a status in the body; a key that is missing is answered, not a fault."""
    if isinstance(exc, KeyError):
        return Response({"status": 422, "missing": str(exc.args[0])}, status=422)
    response = usual(exc, context)
    if response is None:
        return None
    view = type(context["view"]).__name__
    codes = exc.get_codes() if isinstance(exc, exceptions.APIException) else None
    response.data = {"status": response.status_code, "view": view, "codes": codes, "errors": response.data}
    response["X-House"] = "yes"
    return response


class MomentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Moment
        fields = "__all__"


class MomentViewSet(Open, viewsets.ModelViewSet):
    queryset = Moment.objects.all()
    serializer_class = MomentSerializer
    search_fields = ["name"]
    ordering_fields = ["name", "at"]


class ArtistHouse(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Artist
        fields = ["href" if serializers.api_settings.URL_FIELD_NAME == "href" else "url", "name", "born"]
        extra_kwargs = {"href": {"view_name": "house-artist-detail"}, "url": {"view_name": "house-artist-detail"}}


class ArtistHouseViewSet(Open, viewsets.ReadOnlyModelViewSet):
    queryset = Artist.objects.all()
    serializer_class = ArtistHouse


class MissingViewSet(viewsets.ViewSet):
    def list(self, request):
        return Response({}["absent"])


router = SimpleRouter()
router.register("moments", MomentViewSet)
router.register("house-artists", ArtistHouseViewSet, basename="house-artist")
router.register("house-missing", MissingViewSet, basename="house-missing")
urlpatterns = router.urls
