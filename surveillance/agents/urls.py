from django.urls import path

from surveillance.agents import pages

urlpatterns = [
    path("agents/", pages.agent_list, name="agent-list"),
    path("agents/<str:reference>/", pages.agent_detail, name="agent-detail"),
    path("agents/<str:reference>/invite_again/", pages.invite_again, name="agent-invite_again"),
    *pages.AGENT.urls(),
    path("invitations/<str:token>/", pages.invitation, name="invitation"),
]
