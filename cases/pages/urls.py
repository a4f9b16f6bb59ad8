"""The addresses of the desk's pages. Fixed words stand before references."""

from cases.pages import (
    assessments,
    calendar_changes,
    calendars,
    case_work,
    cases,
    deadline_simulator,
    drafting,
    evidence,
    inbox,
    items,
    letters,
    market_panels,
    regimes,
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
    *calendars.urlpatterns,
    *calendar_changes.urlpatterns,
    *regimes.urlpatterns,
    *deadline_simulator.urlpatterns,
]
