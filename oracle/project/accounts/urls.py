from django.urls import path
from rest_framework.authtoken.views import obtain_auth_token

from . import views

urlpatterns = [
    path("quiet/", views.quiet),
    path("peek/", views.peek),
    path("visit/", views.visit),
    path("flush/", views.flush),
    path("cycle/", views.cycle),
    path("expiry/<str:what>/", views.expiry),
    path("fail/", views.fail),
    path("who/", views.who),
    path("enter/", views.enter),
    path("leave/", views.leave),
    path("renew/", views.renew),
    path("token/", views.token),
    path("form/", views.form),
    path("hook/", views.hook),
    path("guarded/", views.guarded),
    path("ensured/", views.ensured),
    path("api/me/", views.Me.as_view()),
    path("api/open/", views.Open.as_view()),
    path("api/name/", views.ByName.as_view()),
    path("api/key/", views.ByToken.as_view()),
    path("api/any/", views.Any.as_view()),
    path("api/obtain/", obtain_auth_token),
]
