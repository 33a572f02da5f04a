"""What programs find at ``api.session``: headers, and requests of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_UNUSED = {"timeout", "allow_redirects"}


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of Growatt's; one that is none has been raised."""

    parsed: Any
    status_code: int = 200

    def json(self) -> Any:
        return self.parsed

    @property
    def text(self) -> str:
        return json.dumps(self.parsed)

    @property
    def content(self) -> bytes:
        return self.text.encode()

    @property
    def ok(self) -> bool:
        return True

    def raise_for_status(self) -> None:
        """Nothing: what was no success has been raised."""


class Session:
    """In the place of a ``requests.Session``: the same login, locks and budgets as the methods have.

    ``headers`` go with every request from then on.  Redirects are never followed, and cookies are the account's.
    """

    def __init__(self, headers: Mapping[str, str], send: Callable[[str, str, Any, Any, Any], Any]) -> None:
        self.headers: dict[str, str] = dict(headers)
        self._send = send

    def request(
        self, method: str, url: str, params: Any = None, data: Any = None, files: Any = None, **others: Any
    ) -> Response:
        """Ask for a page under ``server_url``; raises GrowattError for any other, and what the methods raise.

        ``timeout`` and ``allow_redirects`` are taken and not used; TypeError for anything else.
        """
        if unknown := others.keys() - _UNUSED:
            raise TypeError(f"a request takes no {', '.join(sorted(unknown))}")
        return Response(self._send(method.upper(), url, params, data, files))

    def get(self, url: str, params: Any = None, **others: Any) -> Response:
        """Ask by GET."""
        return self.request("GET", url, params, **others)

    def post(self, url: str, data: Any = None, **others: Any) -> Response:
        """Ask by POST."""
        return self.request("POST", url, data=data, **others)
