"""The addresses of the desk's pages. Fixed words stand before references."""

from cases.pages import (
    assessments,
    case_work,
    cases,
    drafting,
    evidence,
    inbox,
    items,
    letters,
    market_panels,
    reports,
    search,
    takedowns,
)

urlpatterns = [
    *inbox.urlpatterns,
    *search.urlpatterns,
    *reports.urlpatterns,
    *case_work.urlpatterns,
    *cases.urlpatterns,
    *assessments.urlpatterns,
    *drafting.urlpatterns,
    *takedowns.urlpatterns,
    *items.urlpatterns,
    *letters.urlpatterns,
    *evidence.urlpatterns,
    *market_panels.urlpatterns,
]
