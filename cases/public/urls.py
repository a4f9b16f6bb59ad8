from django.urls import path
from django.views.decorators.http import require_safe

from cases.public import alert_feeds, home, register, reporting, tracking
from surveillance.web.guards import public

urlpatterns = [
    path("", home.home, name="public-home"),
    path("alerts/", register.alert_list, name="alert-list"),
    path(
        "alerts/feed.atom", public(require_safe(alert_feeds.NewestAlerts())), name="alert-feed-atom"
    ),
    path("alerts/feed.json", alert_feeds.json_feed, name="alert-feed-json"),
    path("alerts/<str:reference>/", register.alert_detail, name="alert-detail"),
    path("report/", reporting.start, name="report-start"),
    path("report/track/", tracking.track, name="track"),
    path("report/track/report/", tracking.followed, name="track-report"),
    path("report/check/", reporting.check, name="report-check"),
    path("report/sent/", reporting.sent, name="report-sent"),
    path("report/<slug:step>/", reporting.step, name="report-step"),
]
