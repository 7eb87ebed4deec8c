"""The gallery's address."""

from django.urls import path

from requests_app.gallery import views

app_name = "gallery"
urlpatterns = [path("", views.show_parts, name="parts")]
