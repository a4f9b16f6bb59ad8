from django.urls import path

from cases.portal import (
    answers,
    answers_file,
    answers_file_downloads,
    answers_file_verbs,
    contests,
    demands,
    letters,
    sandbox,
    scorecard,
    verbs,
)

urlpatterns = [
    path("portal/", demands.demands, name="portal"),
    path("portal/files/", answers_file.files, name="portal-files"),
    path(
        "portal/files/template.<str:extension>",
        answers_file_downloads.template,
        name="portal-files-template",
    ),
    path("portal/files/<str:reference>/", answers_file.file, name="portal-file"),
    path(
        "portal/files/<str:reference>/progress/", answers_file.progress, name="portal-file-progress"
    ),
    path(
        "portal/files/<str:reference>/results.<str:extension>",
        answers_file_downloads.rows,
        name="portal-file-results",
    ),
    *answers_file_verbs.FILE.urls(),
    *scorecard.urlpatterns,
    *sandbox.urlpatterns,
    *contests.urlpatterns,
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
