from django.urls import include, path

from backend.urls_full import urlpatterns as full_urlpatterns

urlpatterns = [*full_urlpatterns, path("acc/", include("accounts.urls"))]
