"""Every generic view, and hooks of views."""
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from rest_framework import exceptions, generics, mixins, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from .common import Open
from .models import Artist, Label, Track


class LabelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Label
        fields = ["id", "code", "name"]


GENERICS = {
    "create": generics.CreateAPIView, "list": generics.ListAPIView, "list-create": generics.ListCreateAPIView,
}
GENERICS_ONE = {
    "retrieve": generics.RetrieveAPIView, "destroy": generics.DestroyAPIView, "update": generics.UpdateAPIView,
    "retrieve-update": generics.RetrieveUpdateAPIView, "retrieve-destroy": generics.RetrieveDestroyAPIView,
    "retrieve-update-destroy": generics.RetrieveUpdateDestroyAPIView,
}


def view(name, base):
    title = "".join(part.title() for part in name.split("-")) + "Labels"
    return type(title, (Open, base), {"queryset": Label.objects.all(), "serializer_class": LabelSerializer}).as_view()


class ByCode(Open, generics.RetrieveUpdateAPIView):
    """Found by its code, under another name in the address."""

    queryset = Label.objects.all()
    serializer_class = LabelSerializer
    lookup_field = "code"
    lookup_url_kwarg = "which"


class ByTwo(Open, generics.RetrieveAPIView):
    """Found by two parts of the address."""

    class serializer_class(serializers.ModelSerializer):
        class Meta:
            model = Track
            fields = "__all__"

    def get_object(self):
        track = get_object_or_404(Track.objects.all(), album_id=self.kwargs["album"], position=self.kwargs["position"])
        self.check_object_permissions(self.request, track)
        return track


class Hooked(Open, mixins.ListModelMixin, mixins.CreateModelMixin, mixins.DestroyModelMixin, generics.GenericAPIView):
    """Each hook leaves a trace."""

    serializer_class = LabelSerializer
    queryset = Label.objects.all()

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if "stop" in request.query_params:
            raise exceptions.PermissionDenied("Stopped.")

    def get_queryset(self):
        queryset = super().get_queryset()
        begin = self.request.query_params.get("begin")
        return queryset.filter(code__startswith=begin) if begin else queryset

    def filter_queryset(self, queryset):
        return queryset.order_by("-code")

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "extra": 1}

    def perform_create(self, serializer):
        if serializer.validated_data["name"] == "stop":
            raise exceptions.ValidationError({"name": "Stopped late."})
        serializer.save(name=serializer.validated_data["name"] + "!")

    def perform_destroy(self, label):
        if label.albums.exists():
            raise exceptions.ValidationError("Still used.")
        label.delete()

    def handle_exception(self, exc):
        if isinstance(exc, ZeroDivisionError):
            return Response({"caught": "division"}, status=409)
        return super().handle_exception(exc)

    def get(self, request, *args, **kwargs):
        if "divide" in request.query_params:
            1 / 0
        return self.list(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.create(request, *args, **kwargs)

    def delete(self, request, *args, **kwargs):
        return self.destroy(request, *args, **kwargs)


class Methods(Open, APIView):
    """Answers to what is rarely asked."""

    def get(self, request):
        return Response({"method": request.method})

    def head(self, request):
        return Response(headers={"X-Head": "own"})

    def trace(self, request):
        return Response({"method": "TRACE"})

    def put(self, request):
        return HttpResponse("plain", status=201, content_type="text/plain")

    def patch(self, request):
        return JsonResponse({"b": 1, "a": [1, 2]}, status=200)

    def delete(self, request):
        return Response(None, status=200)

    def post(self, request):
        return Response("", status=200)


class OwnOptions(Open, APIView):
    metadata_class = None

    def get(self, request):
        return Response([])


class OwnOptionsAnswer(OwnOptions):
    def options(self, request, *args, **kwargs):
        return Response({"own": True})


class OnlyWrite(Open, generics.GenericAPIView):
    """Looks at the user's rights for OPTIONS: nobody may put."""

    queryset = Artist.objects.all()

    class serializer_class(serializers.ModelSerializer):
        class Meta:
            model = Artist
            fields = ["name", "country", "born"]

    def check_permissions(self, request):
        super().check_permissions(request)
        if request.method == "POST":
            raise exceptions.PermissionDenied

    def post(self, request):
        return Response()

    def put(self, request, pk):
        return Response(self.get_serializer(self.get_object()).data)


urlpatterns = [path("generic/%s/" % name, view(name, base)) for name, base in GENERICS.items()]
urlpatterns += [path("generic/%s/<str:pk>/" % name, view(name, base)) for name, base in GENERICS_ONE.items()]
urlpatterns += [
    path("generic/by-code/<slug:which>/", ByCode.as_view()),
    path("generic/by-two/<int:album>/<int:position>/", ByTwo.as_view()),
    path("generic/hooked/", Hooked.as_view()),
    path("generic/hooked/<int:pk>/", Hooked.as_view()),
    path("generic/methods/", Methods.as_view()),
    path("generic/no-options/", OwnOptions.as_view()),
    path("generic/own-options/", OwnOptionsAnswer.as_view()),
    path("generic/only-write/", OnlyWrite.as_view()),
    path("generic/only-write/<int:pk>/", OnlyWrite.as_view()),
]
