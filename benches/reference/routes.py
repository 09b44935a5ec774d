"""The serializers, views and routes of benches/rest, as the reference has them."""

from django.urls import include, path
from django_filters.rest_framework import DjangoFilterBackend
from press.models import Article, Comment
from rest_framework import filters, generics, pagination, serializers, viewsets
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView


class ArticleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Article
        fields = ["id", "title", "slug", "body", "views", "published", "created_at", "category", "author"]
        read_only_fields = ["author"]


class CommentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Comment
        fields = ["id", "name", "text"]


class CommentedSerializer(serializers.ModelSerializer):
    comments = CommentSerializer(many=True, read_only=True)

    class Meta:
        model = Article
        fields = ["id", "title", "slug", "created_at", "author", "comments"]


@api_view(["GET"])
@permission_classes([AllowAny])
def hello(request):
    return Response({"message": "Hello, World!"})


class Latest(generics.ListAPIView):
    serializer_class = ArticleSerializer

    def get_queryset(self):
        return Article.objects.filter(author=self.request.user).order_by("-created_at")[:20]


class Commented(generics.ListAPIView):
    serializer_class = CommentedSerializer

    def get_queryset(self):
        return Article.objects.prefetch_related("comments").order_by("id")[:100]


class Pages(pagination.PageNumberPagination):
    page_size = 20


class Articles(viewsets.ModelViewSet):
    serializer_class = ArticleSerializer
    queryset = Article.objects.order_by("id")
    pagination_class = Pages
    filter_backends = [DjangoFilterBackend, filters.SearchFilter]
    filterset_fields = ["category", "published"]
    search_fields = ["title", "slug"]

    def perform_create(self, serializer):
        serializer.save(author=self.request.user)


router = DefaultRouter()
router.register("articles", Articles)

urlpatterns = [
    path("hello/", hello),
    path("token/", TokenObtainPairView.as_view()),
    path("token/refresh/", TokenRefreshView.as_view()),
    path("latest/", Latest.as_view()),
    path("commented/", Commented.as_view()),
    path("", include(router.urls)),
]
