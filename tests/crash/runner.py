"""Runs the program again and again in one process: a line of JSON with its words gives its exit code.

It waits for each line, so that several of these can be let go at the same moment.
"""

from __future__ import annotations

import json
import sys

from scenarios.stage import call


def main() -> None:
    for line in sys.stdin:
        said = call(*json.loads(line))
        print(json.dumps({"code": said.code, "err": said.err}), flush=True)


if __name__ == "__main__":
    main()
