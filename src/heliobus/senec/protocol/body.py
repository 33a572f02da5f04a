"""The text of an answer, however broken, to a tree of typed strings.

Tried in this order (SPEC 2.4): JSON; JSON in a JSON string; JSON with escaped quotes; the whole values of a JSON text
that was cut off.  Sizes are limited before anything is parsed.
"""

from __future__ import annotations

import codecs
import json
import re
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from heliobus.errors import Overflow, ProtocolError

if TYPE_CHECKING:
    from heliobus.model.records import Json

MAX_BODY = 2 * 1024 * 1024  # bytes; the largest complete answer seen has 22 kB
_MAX_DEPTH = 32
_MAX_KEYS = 10_000
_MAX_DIGITS = 20  # of a 64 bit integer

_ESCAPED = re.compile(r'"?\s*\{\s*\\"')  # {\"ENERGY\": or, cut off at its end, "{\"ENERGY\":
_TOKEN = re.compile(r'\s*("[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s"{}\[\],:]++)', re.DOTALL)


class EmptyAnswer(ProtocolError):
    """HTTP 200 without a body, seen under load: nobody is at fault, the same request works a moment later."""

    retryable = True
    default_remedy = "Try again in a few seconds; if it stays so, ask less often: other programs may be asking too."


class Body(NamedTuple):
    """A parsed answer, its leaves still in wire form; ``truncated`` when the rest of it was lost on the way."""

    sections: dict[str, Json]
    truncated: bool = False


def parse_body(body: bytes | str) -> Body:
    """The sections of an answer; what is not whole is left out, never guessed.

    Raises ``EmptyAnswer`` (retryable), ``Overflow`` beyond 2 MiB, 32 levels or 10 000 keys, else ``ProtocolError``.
    """
    if len(body) > MAX_BODY:
        raise Overflow(f"the answer has more than {MAX_BODY} bytes")
    text = (_to_text(body) if isinstance(body, bytes) else body).strip("\ufeff\0 \t\r\n")
    if not text:
        raise EmptyAnswer("the appliance answered with an empty body")
    if text[0] == "<":
        raise ProtocolError("the answer is a web page, not SENEC data")
    return _parse(text)


def _to_text(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return codecs.utf_8_decode(body, "strict", False)[0]  # noqa: FBT003 - False: drop half a character at the end
    except UnicodeDecodeError:
        return body.decode("latin-1")  # a wrong charset costs a letter, not the answer


def _parse(text: str) -> Body:
    tree = _loads(text)
    if tree is None and _ESCAPED.match(text):
        tree = _unescape(text)
    if isinstance(tree, str):
        text = tree.strip()
        tree = _loads(text)
    if isinstance(tree, dict):
        return Body(tree)
    if tree is not None:
        raise ProtocolError("the answer is JSON, but not an object of sections")
    return _salvage(text)


def _loads(text: str) -> Json:
    """JSON, or None when it is none: null is as useless."""
    try:
        tree: Json = _DECODER.decode(text)
    except json.JSONDecodeError:
        return None
    except RecursionError as error:
        raise _too_deep() from error
    if text.count("{") + text.count("[") > _MAX_DEPTH or text.count(":") > _MAX_KEYS:  # else surely within
        _check_limits(tree)
    return tree


def _unescape(text: str) -> Json:
    """The inside of a JSON string that lacks a quote at the start, or its end with perhaps half an escape."""
    quoted = '"' + text.lstrip('"')
    whole = _loads(quoted + '"')
    return whole if whole is not None else _loads(quoted[: quoted.rfind("\\")] + '"')


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _float(digits: str) -> float | str:
    value = float(digits)
    return value if isfinite(value) else digits


# Numbers that are none (NaN, 1e999, a thousand digits) stay text: decoding finds no type and keeps them raw.
_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_float, parse_constant=str, strict=False)


def _salvage(text: str) -> Body:
    end, depth = _last_whole(text) if text.startswith("{") else (0, 0)
    if depth:
        tree = _loads(text[:end] + "}" * depth)
        if isinstance(tree, dict):
            return Body(tree, truncated=True)
    raise ProtocolError("the answer is not JSON")


def _last_whole(text: str) -> tuple[int, int]:
    """Where the last whole value of a text that ends too early ends, and how many objects are open there.

    A value is a section or a variable's.  Whole is a string with its closing quote, a list or an object with its
    bracket, a bare word with something behind it.
    """
    opened = ""  # the brackets
    whole = (1, 1)  # the brace that opens the answer
    position, after_colon = 0, False
    while match := _TOKEN.match(text, position):
        position = match.end()
        symbol = text[match.start(1)]
        if symbol in "{[":
            opened += symbol
            if len(opened) > _MAX_DEPTH:
                raise _too_deep()
        elif symbol in "}]":
            opened = opened[:-1]
        if not opened:
            return (0, 0)  # nothing is missing at the end: the text is wrong, not cut off
        if opened in {"{", "{{"} and (symbol in "}]," or (symbol == '"' and after_colon)):
            whole = (match.start(1) if symbol == "," else position, len(opened))
        after_colon = symbol == ":"
    return whole


def _check_limits(tree: Json) -> None:
    keys, level, depth = 0, [tree], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH:
            raise _too_deep()
        below: list[Json] = []
        for node in level:
            if isinstance(node, dict):
                keys += len(node)
                below.extend(node.values())
            elif isinstance(node, list):
                below.extend(node)
        level = [node for node in below if isinstance(node, dict | list)]
    if keys > _MAX_KEYS:
        raise Overflow(f"the answer has more than {_MAX_KEYS} keys")


def _too_deep() -> Overflow:
    return Overflow(f"the answer is nested more than {_MAX_DEPTH} levels deep")
