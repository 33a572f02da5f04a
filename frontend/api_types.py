"""Writes src/api/types.ts, the types of the JSON API, from its OpenAPI description: ``make frontend`` runs it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from heliobus.web import orders, schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

TARGET = Path(__file__).parent / "src/api/types.ts"
MODELS = (
    *(schemas.Now, schemas.Systems, schemas.About, schemas.Raw, schemas.Problem),
    *(schemas.Day, schemas.Series, schemas.Energy),
    *(orders.Control, orders.Planned, orders.Applied, schemas.Demo),
)
_SIMPLE = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def written() -> str:
    """Give the content of the file."""
    router = APIRouter()
    for model in MODELS:
        router.add_api_route(f"/{model.__name__}", lambda: None, response_model=model)
    described = get_openapi(title="", version="", routes=router.routes)["components"]["schemas"]
    parts = [_interface(name, schema) for name, schema in sorted(described.items())]
    head = "// Made by api_types.py from the OpenAPI description; a test compares them."
    return "\n".join([head, "", _units(described), *parts])


def _units(described: Mapping[str, Any]) -> str:
    """A field of one name has one unit, wherever it stands."""
    found = {
        field: part["unit"]
        for schema in described.values()
        for field, one in schema.get("properties", {}).items()
        for part in (one, *one.get("anyOf", ()))
        if "unit" in part
    }
    lines = [f'  {field}: "{unit}",' for field, unit in sorted(found.items())]
    return "\n".join(["export const UNITS: Record<string, string> = {", *lines, "};", ""])


def _interface(name: str, schema: Mapping[str, Any]) -> str:
    fields = [f"  {field}: {_type(one)};" for field, one in schema.get("properties", {}).items()]
    return "\n".join([f"export interface {name} {{", *fields, "}", ""])


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(f'"{value}"' for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        inner = _type(schema["items"])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"Record<string, {_type(schema['additionalProperties'])}>"
    return _SIMPLE.get(str(schema.get("type")), "unknown")


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
