"""Files of evidence: saved as attachments, pictures shown in the page, neither to strangers."""

import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cases.models import Evidence

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (6, 4), "teal").save(out, format="PNG")
    return SimpleUploadedFile("shelf.png", out.getvalue())


@pytest.fixture
def case(story):
    return story.case()


@pytest.fixture
def keep(case, ana_at_desk, press):
    def upload(file, **facts: str) -> Evidence:
        facts = {"kind": "screenshot", "note": ""} | facts
        press(ana_at_desk, "case-add_evidence", case.reference, file=file, **facts)
        return Evidence.objects.get()

    return upload


def test_a_file_is_an_attachment_with_its_own_type(keep, ana_at_desk):
    kept = keep(SimpleUploadedFile("report.pdf", PDF), kind="document")
    response = ana_at_desk.get(reverse("evidence-file", args=[kept.pk]))
    body = b"".join(response.streaming_content)
    assert hashlib.sha256(body).hexdigest() == kept.sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_is_shown_in_the_page_in_a_sandbox(keep, case, ana_at_desk):
    kept = keep(picture(), note="The shelf on 28 September")
    url = reverse("evidence-picture", args=[kept.pk])
    page = ana_at_desk.get(reverse("case-detail", args=[case.reference])).content.decode()
    assert url in page
    assert 'alt="The shelf on 28 September"' in page
    response = ana_at_desk.get(url)
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content)


def test_only_pictures_are_shown_in_the_page(keep, ana_at_desk):
    kept = keep(SimpleUploadedFile("report.pdf", PDF), kind="document")
    assert ana_at_desk.get(reverse("evidence-picture", args=[kept.pk])).status_code == 404


def test_what_is_no_picture_and_no_pdf_is_refused_at_its_field(case, ana_at_desk):
    script = SimpleUploadedFile("shelf.png", b"<script>alert(1)</script>")
    reply = ana_at_desk.post(
        reverse("case-add_evidence", args=[case.reference]), {"file": script, "kind": "photo"}
    )
    assert reply.status_code == 422
    assert "file" in reply.context["form"].errors
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("who", ["dot", "dev", "ada"])
def test_others_get_nothing(keep, cast, client_of, who):
    kept = keep(picture())
    client = client_of(getattr(cast, who))
    for name in ("evidence-file", "evidence-picture"):
        assert client.get(reverse(name, args=[kept.pk])).status_code == 404
