"""Photos of a report: checked, stripped of what they remember, kept only with the report."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cases.models import Evidence, Report
from surveillance.uploads import LIMIT
from tests.cases.public.test_report_form import CHECK, answer_until

CANON = 0x010F
MAKER, GPS = "Secret Camera Works", 0x8825


@pytest.fixture
def visitor(db, time) -> Client:
    client = Client()
    answer_until(client)
    return client


def photo(name: str = "bear.jpg", *, kind: str = "JPEG", remembers: bool = False):
    out = io.BytesIO()
    exif = Image.Exif()
    if remembers:
        exif[CANON] = MAKER
        exif.get_ifd(GPS).update({1: "N", 2: (25.0, 2.0, 0.0), 3: "E", 4: (121.0, 30.0, 0.0)})
    Image.new("RGB", (40, 30), "brown").save(out, format=kind, exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type=f"image/{kind.lower()}")


def send(visitor: Client, *photos: SimpleUploadedFile):
    return visitor.post(CHECK, {"photos": list(photos), "website": ""})


def test_photos_are_kept_with_the_report(visitor):
    assert send(visitor, photo(), photo("label.png", kind="PNG")).status_code == 302
    kept = Evidence.objects.order_by("filename")
    assert [(one.filename, one.kind) for one in kept] == [
        ("bear.jpg", "photo"),
        ("label.png", "photo"),
    ]
    assert {one.report for one in kept} == {Report.objects.get()}


def test_a_photo_forgets_where_and_with_what_it_was_taken(visitor):
    taken = photo(remembers=True)
    assert MAKER.encode() in taken.read()
    taken.seek(0)
    send(visitor, taken)
    data = Evidence.objects.get().file.read()
    assert MAKER.encode() not in data
    with Image.open(io.BytesIO(data)) as picture:
        assert not picture.getexif()
        assert picture.size == (40, 30)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.jpg", b"<html><script>alert(1)</script></html>", "Send a JPEG, PNG or WebP picture"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "Send a JPEG, PNG or WebP picture"),
        ("a.exe", b"MZ" + b"\0" * 200, "Send a JPEG, PNG or WebP picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 200, "The picture cannot be read."),
        ("a.jpg", b"\xff" * (LIMIT + 1), "The file is larger than 10 MB."),
        ("a.jpg", b"", "The submitted file is empty."),
    ],
    ids=["page", "drawing", "program", "broken", "large", "empty"],
)
def test_a_hostile_file_is_refused_with_the_reason(visitor, name, data, sentence):
    response = send(visitor, photo(), SimpleUploadedFile(name, data, content_type="image/jpeg"))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Report.objects.exists()
    assert not Evidence.objects.exists()


def test_after_a_refused_photo_the_report_can_still_be_sent(visitor):
    send(visitor, SimpleUploadedFile("a.jpg", b"nonsense"))
    assert send(visitor, photo()).status_code == 302
    assert Evidence.objects.count() == 1


def test_six_photos_are_one_too_many(visitor):
    response = send(visitor, *(photo(f"{number}.jpg") for number in range(6)))
    assert response.status_code == 422
    assert "These are 6 photos. Choose the 5 that show it best." in response.content.decode()
    assert not Report.objects.exists()


def test_nothing_of_a_photo_stands_anywhere_before_the_report_is_sent(visitor):
    send(visitor, photo(), SimpleUploadedFile("a.jpg", b"nonsense"))
    assert not [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]
