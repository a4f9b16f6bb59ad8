from django.urls import path

from cases.demo import mail, pages

urlpatterns = [
    path("demo/", pages.demo, name="demo"),
    path("demo/forward/", pages.put_forward, name="demo-forward"),
    path("demo/stop/", pages.stop, name="demo-stop"),
    path("demo/sign-in/", pages.sign_in, name="demo-sign-in"),
    path("demo/mail/", mail.mail_list, name="demo-mail-list"),
    path("demo/mail/<uuid:pk>/", mail.mail, name="demo-mail"),
    path("demo/mail/<uuid:pk>/letter/", mail.mail_letter, name="demo-mail-letter"),
    path("demo/mail/<uuid:pk>/letter.pdf", mail.mail_pdf, name="demo-mail-pdf"),
]
