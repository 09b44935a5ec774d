"""Record what a view without a method answers: Django's class-based views, and API views that render JSON alone.

    python vectors/record_views.py
Writes views.json here.
"""
from stack import exchange, ready, save, urls

SETS = [["get"], ["post"], ["get", "post"], ["post", "get"], ["delete", "patch", "put", "post", "get"], ["get", "head"], ["put", "options"], ["head"]]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"]


def main():
    ready(REST_FRAMEWORK={"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"], "DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None})
    from django.http import HttpResponse
    from django.urls import path
    from django.views import View
    from rest_framework.views import APIView

    def answer(self, request):
        return HttpResponse("ok", content_type="text/plain; charset=utf-8")

    views, apis = [], []
    for i, methods in enumerate(SETS):
        urls([path("view/", type("V", (View,), {m: answer for m in methods}).as_view()), path("api/", type("A", (APIView,), {m: answer for m in methods}).as_view())])
        for method in METHODS:
            for cases, target in ((views, "/view/"), (apis, "/api/")):
                got = exchange(method, target)
                cases.append({"id": "%s to %s" % (method, "+".join(methods)), "methods": methods, "method": method, "status": got["status"], "headers": got["headers"], "body": got["body"].decode()})
    save("views.json", {"methods": "those that the view has, in the order defined; each answers 200, text/plain, `ok`", "views": "subclasses of View", "apis": "subclasses of APIView with JSONRenderer alone; their OPTIONS answers a description"}, views=views, apis=apis)


if __name__ == "__main__":
    main()
