"""Requests that are refused before anybody is known."""


def test_a_foreign_host_is_a_bad_request(client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
