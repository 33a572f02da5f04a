"""The HTTP API, from the OpenAPI description that it gives of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.service.config import parse
from heliobus.service.supervisor import Service
from heliobus.web.app import create_app
from tests.docs.markdown import NOTHING, code, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

_CONFIG = '[site]\ntimezone = "UTC"\n[[system]]\nname = "roof"\nurl = "senec://127.0.0.1"\n'
_MEMBERS = {
    "systems": "<system>",
    "sites": "<site>",
    "flows": "<source>",
    "<source>": "<sink>",
    "split": "<source_sink>",
    "given": "<source>",
    "taken": "<sink>",
    "commands": "<kind>",
    "arguments": "<argument>",
    "effect": "<path>",
    "": "<channel>",
}
_CLOSED = {"Snapshot": "[snapshot](model.md#parts)", "Said": "text"}
"""What is not taken apart here."""


def app() -> FastAPI:
    """The application over a service that is not started."""
    return create_app(Service(parse(_CONFIG, where="documentation")))


def routes() -> str:
    described = app().openapi()
    return "\n".join(
        _route(f"{method.upper()} {path}", route, described)
        for path, methods in described["paths"].items()
        for method, route in methods.items()
    )


def _route(heading: str, route: dict[str, Any], described: dict[str, Any]) -> str:
    text = f"### {heading}\n\n{route['summary']}.\n"
    if "requestBody" in route:
        body = _fields(route["requestBody"]["content"]["application/json"]["schema"], described)
        text += "\n" + table(["field of the question", "type", "unit or meaning"], body)
    if "parameters" in route:
        rows = [(code(one["name"]), _default(one["schema"]), one["description"]) for one in route["parameters"]]
        text += "\n" + table(["parameter", "default", "what"], rows)
    for status, answer in route["responses"].items():
        kind, schema = next((kind, one.get("schema")) for kind, one in answer["content"].items())
        if status != "200":
            text += f"\n{status}: {answer['description']}\n"
        elif schema is None:
            text += f"\nAnswers `{kind}`. {answer['description']}\n"
        else:
            text += "\n" + table(["field of the answer", "type", "unit or meaning"], _fields(schema, described))
    return text


def _fields(schema: dict[str, Any], described: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(code(name), what, about) for name, what, about in _shape("", schema, described) if name]


def _default(schema: dict[str, Any]) -> str:
    return code(str(schema["default"])) if schema.get("default") else NOTHING


def _shape(path: str, schema: dict[str, Any], described: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give (path, type, unit or meaning) of everything in an answer, but of what is closed only that it is one."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = {"type": name} if name in _CLOSED else described["components"]["schemas"][name]
    if "anyOf" in schema:
        (inner,) = (one for one in schema["anyOf"] if one != {"type": "null"})
        (first, what, about), *rest = _shape(path, inner, described)
        yield first, f"{what} or null", schema.get("unit", about)
        yield from rest
        return
    yield path, _type(schema), schema.get("unit", prose(schema.get("description")))
    prefix = f"{path}." if path else ""
    for name, inner in schema.get("properties", {}).items():
        yield from _shape(f"{prefix}{name}", inner, described)
    if isinstance(schema.get("additionalProperties"), dict):
        member = _MEMBERS[path.rpartition(".")[2]]
        yield from _shape(f"{prefix}{member}", schema["additionalProperties"], described)
    if "items" in schema:
        yield from _shape(f"{path}[]", schema["items"], described)


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema or "const" in schema:
        return ", ".join(code(one) for one in schema.get("enum", [schema.get("const")]))
    kind = str(schema["type"])
    return "time" if schema.get("format") == "date-time" else _CLOSED.get(kind, kind)


BLOCKS = {"routes": routes}
