from django.urls import path

from surveillance.operations import views

urlpatterns = [path("metrics", views.metrics, name="metrics")]
