"""Runs every benchmark and writes bench/report/: the figures as JSON and one page that a person reads."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from html import escape
from pathlib import Path

from bench.plots import bar_plot, curve_plot, figure_table, sheet_table

NAMES = (
    "crawl",
    "extraction",
    "dedupe",
    "scale",
    "search",
    "serve",
    "desk",
    "console",
    "followers",
    "export",
    "cadence",
    "health",
    "idle",
    "mutations",
    "teaching",
    "endurance",
)
REPORT = Path(__file__).resolve().parent / "report"
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #ccc;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}.no{color:#b00020;font-weight:bold}
.wide{overflow-x:auto;font-size:.8rem}"""


def main() -> int:
    REPORT.mkdir(exist_ok=True)
    quick = [argument for argument in sys.argv[1:] if argument == "--quick"]
    codes = []
    for name in NAMES:
        command = [sys.executable, "-m", f"bench.{name}", *quick, "--json", str(REPORT / f"{name}.json")]
        (REPORT / f"{name}.json").unlink(missing_ok=True)
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
        parts += [f"<h2>{name}</h2><p>{escape(doc)}</p>", figure_table(data["figures"])]
        stages = [(f["name"], f["value"]) for f in data["figures"] if f["unit"] == "ms/page"]
        parts += [bar_plot("The stages of a page", "ms", stages)] if stages else []
        parts += [sheet_table(**sheet) for sheet in data["sheets"]]
        parts += [bar_plot(**plot) if "bars" in plot else curve_plot(**plot) for plot in data["plots"]]
        parts.append(f"<p><small>{escape(json.dumps(data['machine'], ensure_ascii=False))}</small></p>")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
