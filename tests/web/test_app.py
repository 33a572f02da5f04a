from __future__ import annotations

from typing import TYPE_CHECKING

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
    assert "script" not in answer.text
