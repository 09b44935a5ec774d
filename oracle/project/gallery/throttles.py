"""Limits by scope, by user, several at once, of its own."""
from django.urls import path
from rest_framework import throttling
from rest_framework.response import Response
from rest_framework.views import APIView

from .common import Open


class Burst(throttling.UserRateThrottle):
    scope = "reads"


class Steady(throttling.UserRateThrottle):
    scope = "steady"


class Fixed(throttling.AnonRateThrottle):
    rate = "1/m"


class Never(throttling.UserRateThrottle):
    scope = "never"


class Moody(throttling.BaseThrottle):
    """No is said by a header, with or without a time."""

    def allow_request(self, request, view):
        return "X-Moody" not in request.headers

    def wait(self):
        return 42


class Sulking(Moody):
    def wait(self):
        return None


class LimitedView(Open, APIView):
    throttle_scope = None

    def get(self, request):
        return Response({"let": "in"})

    def post(self, request):
        return Response({"let": request.data})


class ByMethod(LimitedView):
    """Only writing is counted."""

    throttle_scope = "uploads"

    def get_throttles(self):
        return [throttling.ScopedRateThrottle()] if self.request.method == "POST" else []


class Strict(LimitedView):
    throttle_classes = [Steady]

    def permission_denied(self, request, message=None, code=None):
        super().permission_denied(request, message, code)


VIEWS = {
    "uploads": {"throttle_classes": [throttling.ScopedRateThrottle], "throttle_scope": "uploads"},
    "uploads-too": {"throttle_classes": [throttling.ScopedRateThrottle], "throttle_scope": "uploads"},
    "scopeless": {"throttle_classes": [throttling.ScopedRateThrottle]},
    "reads": {"throttle_classes": [Burst]},
    "two": {"throttle_classes": [Burst, Steady]},
    "fixed": {"throttle_classes": [Fixed]},
    "never": {"throttle_classes": [Never]},
    "moody": {"throttle_classes": [Moody]},
    "sulking": {"throttle_classes": [Sulking]},
    "moods": {"throttle_classes": [Sulking, Moody]},
}

urlpatterns = [path("limits/%s/" % name, LimitedView.as_view(**options)) for name, options in VIEWS.items()]
urlpatterns += [path("limits/by-method/", ByMethod.as_view())]
