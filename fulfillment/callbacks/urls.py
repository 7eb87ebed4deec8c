"""The address that an order names to its system."""

from django.urls import path

from fulfillment.callbacks import views

app_name = "callbacks"
urlpatterns = [path("<slug:order>", views.take, name="take")]
