from django.urls import path

from cases.portal import answers, demands, letters, verbs

urlpatterns = [
    path("portal/", demands.demands, name="portal"),
    path("portal/<str:reference>/", demands.demand, name="portal-takedown"),
    path("portal/<str:reference>/items/<int:number>/", demands.demand_item, name="portal-item"),
    path("portal/<str:reference>/listings.csv", demands.demand_file, name="portal-items-file"),
    path("portal/<str:reference>/answers/", answers.answer_many, name="portal-answers"),
    path("portal/<str:reference>/letters/<int:number>/", letters.letter, name="portal-letter"),
    path(
        "portal/<str:reference>/letters/<int:number>/paper/",
        letters.letter_paper,
        name="portal-letter-paper",
    ),
    path(
        "portal/<str:reference>/letters/<int:number>.pdf",
        letters.letter_pdf,
        name="portal-letter-pdf",
    ),
    *verbs.TAKEDOWN.urls(),
    *verbs.ITEM.urls(),
]
