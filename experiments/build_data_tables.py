"""Build the two data tables that follow from margins and rules: firm_counts.csv and offer_history.csv.

Run `python experiments/build_data_tables.py` to write them, with `--check` to compare them with the shipped
files instead (exit code 1 on a difference). The margins and rules are typed in `build_firm_counts.py` and
`build_offer_history.py`; the frontier comes from frontier_history.csv.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

import build_firm_counts
import build_offer_history

DATA = Path(__file__).parents[1] / "abm" / "scenario" / "data"


def table_text(header: tuple[str, ...], rows: list[tuple]) -> str:
    """The CSV text of a table, with LF line ends."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def main() -> int:
    """Write or check the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the shipped files, write nothing")
    check = parser.parse_args().check
    with (DATA / "frontier_history.csv").open(encoding="utf-8", newline="") as file:
        frontier_rows = list(csv.DictReader(file))
    texts = {
        "firm_counts.csv": table_text(build_firm_counts.HEADER, build_firm_counts.build_rows()),
        "offer_history.csv": table_text(build_offer_history.HEADER, build_offer_history.build_rows(frontier_rows)),
    }
    different = []
    for name, text in texts.items():
        path = DATA / name
        if not check:
            path.write_bytes(text.encode("utf-8"))
        elif not path.is_file() or path.read_bytes() != text.encode("utf-8"):
            different.append(name)
    for name in different:
        print(f"{name} differs from its rules; run experiments/build_data_tables.py", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
