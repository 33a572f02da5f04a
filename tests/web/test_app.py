from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heliobus.web.control import PLAN

if TYPE_CHECKING:
    from tests.web.conftest import House


async def test_there_are_no_interactive_docs(house: House) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"):
        assert (await house.ask(path)).status == 404


async def test_files_are_found_by_their_exact_name(house: House) -> None:
    for name, kind in (("tokens.css", "text/css"), ("plain.css", "text/css"), ("favicon.svg", "image/svg+xml")):
        answer = await house.ask(f"/assets/{name}")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(kind)
        assert "cache-control" in answer.headers
        again = await house.ask(f"/assets/{name}", headers=(f"If-None-Match: {answer.headers['etag']}",))
        assert (again.status, again.body) == (304, b"")
    for path in (
        "/assets/",
        "/assets/PLAIN.CSS",
        "/assets/../app.py",
        "/assets/..%2fapp.py",
        "/assets/%2e%2e/app.py",
        "/assets//plain.css",
        "/assets/plain.css/",
        "/assets/plain.css;x",
        "/assets/__init__.py",
        "//assets/plain.css",
    ):
        answer = await house.ask(path)
        assert answer.status == 404, path
        assert b"import" not in answer.body


async def test_what_is_not_there_is_said_in_the_one_form(house: House) -> None:
    answer = await house.ask("/nowhere/<script>")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json) == {"error", "remedy"}
    assert answer.json["error"] == "there is nothing at this address"
    assert "script" not in answer.text


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b'{"system": oops}', 422, "the body is not JSON at character 12: Expecting value"),
        (b"", 422, "body: Field required"),
        (b"null", 422, "body: Input should be a valid dictionary"),
        (b"[" * 4000, 400, "the body cannot be read"),
        (b'{"system": "\xff"}', 400, "the body cannot be read"),
        (b'{"system": "roof"}', 422, "command: Field required"),
        (b'{"system": "roof", "command": null}', 422, "command: Input should be a valid dictionary"),
        (b'{"system": "roof", "command": {}}', 400, "the command has no kind"),
        (b'{"system": "roof", "command": {"kind": "SetReserve", "soc": null}}', 400, "SetReserve: soc is missing"),
        (b'{"system": "rof", "command": {"kind": "Auto"}}', 400, "no system is called 'rof'; did you mean 'roof'?"),
    ],
)
async def test_what_is_wrong_with_a_body_is_said(house: House, body: bytes, status: int, error: str) -> None:
    answer = await house.ask(PLAN, method="POST", headers=("Content-Type: application/json",), body=body)
    assert (answer.status, answer.json["error"][: len(error)]) == (status, error)
    assert answer.json["remedy"]
    assert "heliobus --help" not in answer.text


async def test_an_address_for_commands_says_how_it_is_asked(house: House) -> None:
    answer = await house.ask(PLAN)
    assert (answer.status, answer.headers["allow"]) == (405, "post")
    assert answer.json == {"error": "this address takes no GET", "remedy": "Use POST."}


async def test_no_remedy_is_one_of_the_command_line(house: House) -> None:
    for query in ("site=none", "date=2026-13-01"):
        assert "--help" not in (await house.ask(f"/api/v1/day?{query}")).text
    assert "--help" not in (await house.ask("/api/v1/history?resolution=7s&channels=x")).text
