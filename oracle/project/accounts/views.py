"""Sessions, CSRF and the ways to say who one is, as small views that show what the framework does."""
import datetime

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpResponseForbidden, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect, ensure_csrf_cookie
from rest_framework.authentication import BasicAuthentication, SessionAuthentication, TokenAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView


def quiet(request):
    return JsonResponse({"quiet": True})


def peek(request):
    return JsonResponse({"visits": request.session.get("visits")})


def visit(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return JsonResponse({"visits": request.session["visits"]})


def flush(request):
    request.session.flush()
    return JsonResponse({"gone": True})


def cycle(request):
    request.session.cycle_key()
    return JsonResponse({"cycled": True})


def expiry(request, what):
    value = {"close": 0, "hour": 3600, "day": timezone.now() + datetime.timedelta(days=1), "usual": None}[what]
    request.session.set_expiry(value)
    return JsonResponse({"closes": request.session.get_expire_at_browser_close()})


def fail(request):
    request.session["failed"] = True
    response = JsonResponse({"failed": True})
    response.status_code = 503
    return response


def who(request):
    return JsonResponse({"user": request.user.username})


def enter(request):
    user = authenticate(request, username=request.GET.get("username"), password=request.GET.get("password"))
    if user is None:
        return JsonResponse({"user": None})
    login(request, user)
    return JsonResponse({"user": user.username})


def leave(request):
    logout(request)
    return JsonResponse({"user": None})


def renew(request):
    request.user.set_password("An0ther-pass!")
    request.user.save()
    update_session_auth_hash(request, request.user)
    return JsonResponse({"renewed": True})


def token(request):
    return JsonResponse({"token": get_token(request)})


def form(request):
    return JsonResponse({"taken": True})


hook = csrf_exempt(form)
guarded = csrf_protect(form)
ensured = ensure_csrf_cookie(form)


def failure(request, reason=""):
    return HttpResponseForbidden(reason, content_type="text/plain; charset=utf-8")


class Me(APIView):
    def get(self, request):
        return Response({"user": request.user.username})

    post = put = patch = delete = get


class Open(Me):
    permission_classes = [AllowAny]


class ByName(Me):
    authentication_classes = [BasicAuthentication]


class ByToken(Me):
    authentication_classes = [TokenAuthentication]


class Any(Me):
    authentication_classes = [BasicAuthentication, TokenAuthentication, SessionAuthentication]
