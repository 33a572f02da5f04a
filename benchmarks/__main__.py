from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import benchmarks

_NO_GROUPS = {"__main__", "measure"}


def main() -> int:
    groups = [name for _, name, _ in pkgutil.iter_modules(benchmarks.__path__) if name not in _NO_GROUPS]
    wanted = sys.argv[1:] or groups
    if unknown := sorted(set(wanted).difference(groups)):
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(groups)}", file=sys.stderr)
        return 2
    for name in wanted:
        for figure in import_module(f"benchmarks.{name}").figures():
            print(figure.line(name), flush=True)
    return 0


sys.exit(main())
