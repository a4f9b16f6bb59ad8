from django.urls import path

from cases.pages import statistics

urlpatterns = [
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/rows/", statistics.rows, name="statistics-rows"),
    path("statistics/charts/<slug:name>/", statistics.chart, name="statistics-chart"),
    path("statistics/charts/<slug:name>.csv", statistics.table_csv, name="statistics-csv"),
]
