"""The tree of errors, from its classes."""

from __future__ import annotations

import inspect

from heliobus import errors
from heliobus.cli.root import EXIT_CODES
from tests.docs.markdown import code, prose, table


def tree() -> str:
    drawn = inspect.getdoc(errors) or ""
    lines = drawn[drawn.index("Error\n") :].split("\n\n")[0]
    return f"```text\n{inspect.cleandoc(lines).replace('``', '')}\n```\n"


def classes() -> str:
    return table(
        ["error", "try again", "exit code", "when", "what to do, unless the error says better"],
        [
            (
                code(kind.__name__),
                "yes" if kind.retryable else "no",
                str(next(number for base, number in EXIT_CODES if issubclass(kind, base))),
                prose(kind.__doc__),
                kind.default_remedy,
            )
            for name, kind in vars(errors).items()
            if name in errors.__all__
        ],
    )


BLOCKS = {"error tree": tree, "errors": classes}
