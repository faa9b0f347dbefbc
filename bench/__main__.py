"""Runs every benchmark and writes bench/report/: the figures as JSON and one page that a person reads."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

NAMES = ("crawl", "extraction", "mutations")
REPORT = Path(__file__).resolve().parent / "report"
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #ccc;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}.no{color:#b00020;font-weight:bold}"""


def main() -> int:
    REPORT.mkdir(exist_ok=True)
    quick = [argument for argument in sys.argv[1:] if argument == "--quick"]
    codes = []
    for name in NAMES:
        command = [sys.executable, "-m", f"bench.{name}", *quick, "--json", str(REPORT / f"{name}.json")]
        codes.append(subprocess.run(command, check=False).returncode)
    (REPORT / "index.html").write_text(_page(), encoding="utf-8")
    print(f"The report: {REPORT / 'index.html'}")
    return max(codes)


def _page() -> str:
    parts = [
        f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Bantin: benchmarks</title><style>{STYLE}</style>"
    ]
    for name in NAMES:
        file = REPORT / f"{name}.json"
        if not file.exists():
            parts.append(f"<h2>{name}</h2><p class=no>It did not run to its end.</p>")
            continue
        data = json.loads(file.read_text(encoding="utf-8"))
        doc = importlib.import_module(f"bench.{name}").__doc__ or ""
        parts += [f"<h2>{name}</h2><p>{escape(doc)}</p>", _table(data["figures"]), _bars(data["figures"])]
        parts.append(f"<p><small>{escape(json.dumps(data['machine'], ensure_ascii=False))}</small></p>")
    return "\n".join(parts)


def _table(figures: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{escape(f['name'])}<td class=n>{f['value']:,.4g}<td>{escape(f['unit'])}<td>{escape(f['target'])}"
        f"<td>{'' if f['ok'] else '<span class=no>missed</span>'}<td>{escape(f['beside'])}"
        for f in figures
    )
    return f"<table><tr><th>figure<th>value<th>unit<th>target<th><th>beside{rows}</table>"


def _bars(figures: list[dict[str, Any]]) -> str:
    """The stages of a page's time as bars."""
    stages = [f for f in figures if f["unit"] == "ms/page"]
    longest = max((f["value"] for f in stages), default=0) or 1
    bars = "".join(
        f'<text x="0" y="{22 * i + 15}">{escape(f["name"])}</text>'
        f'<rect x="190" y="{22 * i + 2}" width="{400 * max(0, f["value"]) / longest:.0f}" height="16" fill="#0b6e4f"/>'
        f'<text x="{200 + 400 * max(0, f["value"]) / longest:.0f}" y="{22 * i + 15}">{f["value"]:.1f} ms</text>'
        for i, f in enumerate(stages)
    )
    return f'<svg width="720" height="{22 * len(stages) + 4}" font-size="13">{bars}</svg>' if stages else ""


if __name__ == "__main__":
    sys.exit(main())
