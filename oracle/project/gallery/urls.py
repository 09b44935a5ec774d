from django.urls import include, path

from . import access, fields, generic, house, links, lists, nesting, rendering, routes, shapes, slugs, throttles, unique, uploads, versions

urlpatterns = [
    path("links/", include(links)),
    path("versions/", include(versions)),
    path("routes/", include(routes)),
    path("slugs/", include(slugs)),
]
for module in (access, fields, generic, house, lists, nesting, rendering, shapes, throttles, unique, uploads):
    urlpatterns += module.urlpatterns
urlpatterns += links.relations
