"""What the modules of the gallery share."""
from rest_framework import permissions, status
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response


class Open:
    """Everybody may come in."""

    permission_classes = [permissions.AllowAny]


class TryView(Open, GenericAPIView):
    """Validates what is posted and writes it as the serializer does; nothing is kept."""

    many = False

    def post(self, request):
        return self.tried(request)

    def patch(self, request):
        return self.tried(request, partial=True)

    def tried(self, request, **kwargs):
        if self.many:
            kwargs["many"] = True
        serializer = self.get_serializer(data=request.data, **kwargs)
        serializer.is_valid(raise_exception=True)
        if kwargs.get("partial"):
            return Response({"given": given(serializer.validated_data)})
        return Response(serializer.data, status=status.HTTP_200_OK)


def given(value):
    """The names that came, at every level, and true where there is a value."""
    if isinstance(value, dict):
        return {name: given(inner) for name, inner in value.items()}
    return [given(inner) for inner in value] if isinstance(value, list) else True
