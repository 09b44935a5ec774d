"""Permissions: for objects, composed, of models, own ones with messages and codes."""
from django.urls import path
from rest_framework import permissions as p
from rest_framework import serializers, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from .models import Document, Label


class IsOwner(p.BasePermission):
    message = "Only the owner may do this."
    code = "not_owner"

    def has_object_permission(self, request, view, document):
        return document.owner_id == request.user.pk


class IsEditor(p.BasePermission):
    def has_object_permission(self, request, view, document):
        return document.editors.filter(pk=request.user.pk).exists()


class IsOpen(p.BasePermission):
    message = {"reason": "not open", "hint": ["wait"]}

    def has_object_permission(self, request, view, document):
        return document.state == "open"


class IsReading(p.BasePermission):
    def has_permission(self, request, view):
        return request.method in p.SAFE_METHODS


class HasTicket(p.BasePermission):
    """A header opens the door."""

    message = "A ticket is needed."

    def has_permission(self, request, view):
        return request.headers.get("X-Ticket") == "gold"


class DocumentSerializer(serializers.ModelSerializer):
    owner = serializers.StringRelatedField()

    class Meta:
        model = Document
        fields = ["id", "owner", "title", "state"]


class DocumentViewSet(viewsets.ModelViewSet):
    """Everybody who is known reads what is open; owners and editors do the rest."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    permission_classes = [p.IsAuthenticated & (IsOwner | IsEditor | (IsReading & IsOpen))]

    def perform_create(self, serializer):
        serializer.save(owner=self.request.user)

    @action(detail=True, methods=["post"], permission_classes=[IsOwner])
    def seal(self, request, pk=None):
        document = self.get_object()
        document.state = "sealed"
        document.save()
        return Response(self.get_serializer(document).data)

    @action(detail=False, permission_classes=[p.AllowAny])
    def count(self, request):
        return Response({"count": self.get_queryset().count()})


class OwnDocuments(viewsets.ModelViewSet):
    """Rows of others are not there; each action has its own rules."""

    serializer_class = DocumentSerializer

    def get_queryset(self):
        return Document.objects.filter(owner=self.request.user)

    def get_permissions(self):
        if self.action == "destroy":
            return [p.IsAdminUser()]
        return [permission() for permission in self.permission_classes]

    def perform_create(self, serializer):
        serializer.save(owner=self.request.user)


class ModelPermitted(viewsets.ModelViewSet):
    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    permission_classes = [p.DjangoModelPermissions]

    def perform_create(self, serializer):
        serializer.save(owner=self.request.user)


class ViewModelPermissions(p.DjangoModelPermissions):
    """Reading needs a permission too."""

    perms_map = {**p.DjangoModelPermissions.perms_map, "GET": ["%(app_label)s.view_%(model_name)s"]}


class ViewPermitted(viewsets.ModelViewSet):
    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    permission_classes = [ViewModelPermissions]


class ObjectPermitted(viewsets.ModelViewSet):
    """The reference's own backend gives nobody but superusers permissions for single objects."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    permission_classes = [p.DjangoObjectPermissions]


class LabelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Label
        fields = ["id", "code", "name"]


class LabelAnon(viewsets.ModelViewSet):
    queryset = Label.objects.all()
    serializer_class = LabelSerializer
    permission_classes = [p.DjangoModelPermissionsOrAnonReadOnly]


COMPOSED = {
    "and": p.IsAuthenticated & HasTicket,
    "and-turned": HasTicket & p.IsAuthenticated,
    "or": HasTicket | p.IsAuthenticated,
    "not": ~p.IsAuthenticated,
    "not-ticket": ~HasTicket,
    "staff-or-reading": p.IsAdminUser | IsReading,
    "nested": (p.IsAuthenticated & ~p.IsAdminUser) | (HasTicket & IsReading),
    "not-nested": ~(HasTicket | p.IsAdminUser),
    "readonly": p.IsAuthenticatedOrReadOnly,
    "ticket": HasTicket,
}
SEVERAL = {"both": [p.IsAuthenticated, HasTicket], "both-turned": [HasTicket, p.IsAuthenticated], "none": []}


class DoorView(APIView):
    def get(self, request):
        return Response({"user": request.user.username or None, "known": request.user.is_authenticated})

    def post(self, request):
        return Response({"posted": request.data})


OBJECT_RULES = {
    "owner": [IsOwner], "owner-or-open": [IsOwner | IsOpen], "not-owner": [~IsOwner],
    "open-and-editor": [IsOpen & IsEditor], "open": [IsOpen], "owner-and-open": [IsOwner, IsOpen],
    "loose-or": [p.IsAdminUser | IsOwner],
}


@api_view(["GET", "POST"])
@permission_classes([HasTicket | p.IsAuthenticated])
def plain_door(request):
    return Response({"method": request.method})


router = SimpleRouter()
router.register("documents", DocumentViewSet)
router.register("own-documents", OwnDocuments, basename="own-document")
router.register("model-permitted", ModelPermitted, basename="model-permitted")
router.register("view-permitted", ViewPermitted, basename="view-permitted")
router.register("object-permitted", ObjectPermitted, basename="object-permitted")
router.register("labels", LabelAnon)

urlpatterns = [path("plain/door/", plain_door), *router.urls]
urlpatterns += [path("door/%s/" % name, DoorView.as_view(permission_classes=[rule])) for name, rule in COMPOSED.items()]
urlpatterns += [path("door/%s/" % name, DoorView.as_view(permission_classes=rules)) for name, rules in SEVERAL.items()]
urlpatterns += [
    path("ruled/%s/<int:pk>/" % name, DocumentViewSet.as_view(
        {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}, permission_classes=rules))
    for name, rules in OBJECT_RULES.items()
]
