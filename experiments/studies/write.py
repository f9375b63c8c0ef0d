"""Write the answers of the studies beside them, from their stores.

`make studies`, or `python experiments/studies/write.py [NAME ...]`: runs what the stores in out/studies lack, reads them,
and writes NAME.md, figures and tables. Every number in the text comes from the runs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from answers import ANSWERS

from abm.figures.sweeps import figure_of
from abm.sweep.analysis import analyse
from abm.sweep.manifest import opened
from abm.sweep.store import Store

HERE = Path(__file__).parent
STORES = Path("out/studies")


def write(name: str, store: Store) -> None:
    """Read a store and write its answer."""
    study, answer = store.study, ANSWERS[name]
    rows = store.table().to_pandas()
    found, parts = {}, []
    (HERE / "results").mkdir(exist_ok=True)
    for one in answer.asked:
        finding = found[one.method, one.indicator, one.quarter] = analyse(
            one.method, study, rows, one.indicator, one.quarter, one.goal
        )
        file = f"results/{name}-{one.indicator}-{one.quarter}-{one.method}"
        finding.table.to_csv(HERE / f"{file}.csv", index=False, float_format="%.5g")
        figure_of(finding).savefig(HERE / f"{file}.png", dpi=110)
        parts.append(
            f"## {finding.title}: {one.indicator} in {one.quarter}\n\n{finding.says}\n\n"
            f"![{finding.title}]({file}.png)\n\nThe numbers: `{file}.csv`."
        )
    if answer.picture:
        title, figure, table = answer.picture(rows[rows["error"].isna()])
        table.to_csv(HERE / f"results/{name}.csv", index=False, float_format="%.5g")
        figure.savefig(HERE / f"results/{name}.png", dpi=110)
        parts.append(f"## {title}\n\n![{title}](results/{name}.png)\n\nThe numbers: `results/{name}.csv`.")
    good, failed = rows[rows["error"].isna()], rows[rows["error"].notna()]["run"].nunique()
    text = [
        f"# {study.question}",
        *answer.words(good, found),
        *parts,
        f"*{study.runs} runs of {study.firms:,} sampled firms, {failed} failed; study `{name}.toml`, digest "
        f"{study.digest}, abm "
        f"{store.manifest['abm']}, parameters and tables {store.manifest['parameters']}. Written by `make "
        "studies`. What a run "
        "cannot say stands in docs/model.md (known misses) and docs/calibration.md.*",
    ]
    (HERE / f"{name}.md").write_text("\n\n".join(text) + "\n", encoding="utf-8")


def main() -> None:
    """Run what lacks, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(ANSWERS))
    for name in parser.parse_args().names:
        command = [sys.executable, "-m", "abm", "sweep", str(HERE / f"{name}.toml"), "--store", str(STORES / name)]
        subprocess.run(command, check=True)
        write(name, opened(STORES / name))
        print(f"written: {HERE / name}.md")


if __name__ == "__main__":
    main()
