"""`python -m demo [--port N]`: serves the sample portals until Ctrl-C and prints their addresses."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from demo.server import BASE_PORT, Demo
from news.errors import BantinError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--port", type=int, default=BASE_PORT, help="port of the first portal; 0 takes free ports")
    options = parser.parse_args()
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    try:
        with Demo(options.port) as demo:
            for portal in demo.portals.values():
                sys.stdout.write(
                    f"{portal.base}/  {portal.spec.id}  {len(portal.articles)} articles  {portal.spec.name}\n"
                )
            sys.stdout.write("Ctrl-C stops them.\n")
            sys.stdout.flush()
            asked.wait()
    except BantinError as error:
        sys.stderr.write(f"{error.problem}\n{error.remedy}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
