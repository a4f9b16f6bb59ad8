from django.urls import include, path

urlpatterns = [path("", include("sellers.pages.urls"))]
