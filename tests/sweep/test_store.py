"""The store: whole parts or none, damage found, another study refused, readable by others."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time

import duckdb
import numpy as np
import pandas as pd
import polars
import pyarrow.parquet as pq
import pytest
from sweep import toys
from sweep.toys import study

import abm
from abm.sweep import engines
from abm.sweep.collect import collected, exported
from abm.sweep.files import load_study, study_of
from abm.sweep.manifest import made, opened
from abm.sweep.running import run_study
from abm.sweep.status import status

LINEAR = study_of(study("linear"))


def content(folder):
    return {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "store"
    run_study(LINEAR, folder, runs_per_part=7)
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "copy")


def test_every_run_is_there_once_with_the_functions_own_values(whole):
    table = opened(whole).table().to_pandas()
    assert table["run"].tolist() == list(range(80)) and table["error"].isna().all()
    assert table["point"].tolist() == [k // 2 for k in range(80)] and table["seed"].tolist() == [1, 2] * 40
    again = pd.DataFrame([row for run in range(80) for row in LINEAR.rows(run)])
    assert table["z"].tolist() == again["z"].tolist()
    # Points share their luck: what two seeds make of a point differs by the same everywhere.
    apart = table["z"].to_numpy()[1::2] - table["z"].to_numpy()[::2]
    np.testing.assert_allclose(apart, apart[0], atol=1e-12)


def test_one_line_of_duckdb_polars_or_pandas_reads_it(whole):
    parts = whole / "parts"
    total = pd.read_parquet(parts)["z"].sum()
    assert duckdb.sql(f"select sum(z) from '{parts}/*.parquet'").fetchall()[0][0] == pytest.approx(total, rel=1e-12)
    assert polars.read_parquet(parts / "*.parquet")["z"].sum() == pytest.approx(total, rel=1e-12)


def test_it_goes_out_in_other_kinds(whole, tmp_path):
    store = opened(whole)
    path, rows = collected(store)
    assert rows == 80 and pq.read_table(path).equals(store.table())
    for name, read in (("a.csv", pd.read_csv), ("a.json", lambda file: pd.read_json(file, lines=True))):
        assert exported(store, tmp_path / name) == 80
        assert read(tmp_path / name)["z"].tolist() == pytest.approx(store.table().to_pandas()["z"].tolist(), rel=1e-9)
    with pytest.raises(abm.InputError, match=r"\.xls"):
        exported(store, tmp_path / "a.xls")
    path.unlink()


@pytest.mark.parametrize("place", [0, 4, 0.1, 0.3, 0.5, 0.7, 0.9, -9, -1])
def test_one_flipped_bit_is_found_set_aside_and_made_anew(whole, copy, place):
    path = sorted((copy / "parts").iterdir())[3]
    data = bytearray(path.read_bytes())
    data[int(place * len(data)) if isinstance(place, float) else place] ^= 4
    path.write_bytes(data)
    found = status(opened(copy))
    assert found.damaged == [path.name] and found.left == 7
    assert (copy / "set_aside" / path.name).read_bytes() == data
    run_study(LINEAR, copy)
    assert content(copy) == content(whole)


def test_a_flipped_bit_in_a_page_is_noticed_by_any_reader(copy):
    path = next(iter(sorted((copy / "parts").iterdir())))
    column = pq.ParquetFile(path).metadata.row_group(0).column(5)
    data = bytearray(path.read_bytes())
    data[column.data_page_offset + column.total_compressed_size - 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(OSError, match=r"CRC|checksum|could not"):
        pq.read_table(path, page_checksum_verification=True)
    with pytest.raises(abm.InputError, match="damaged"):
        opened(copy).table()


def test_a_torn_part_and_one_that_is_empty_are_found(whole, copy):
    first, second, *_ = sorted((copy / "parts").iterdir())
    first.write_bytes(first.read_bytes()[:-100])
    second.write_bytes(b"")
    assert status(opened(copy)).damaged == [first.name, second.name]
    run_study(LINEAR, copy)
    assert content(copy) == content(whole)


def test_of_two_parts_for_the_same_runs_none_is_believed(whole, copy):
    store = opened(copy)
    path = store.kept()[2]
    rows = [row | {"z": row["z"] + 1} for run in store.runs_of(2) for row in store.rows_in(path)[run]]
    store.keep(2, rows)
    assert 2 not in store.kept() and len(list((copy / "set_aside").iterdir())) == 2
    run_study(LINEAR, copy)
    assert content(copy) == content(whole)


def test_two_parts_that_differ_in_why_runs_have_failed_alone_are_one(copy):
    store = opened(copy)
    rows = [row for run in store.runs_of(2) for row in store.study.failed(run, "first")]
    store.kept()[2].unlink()
    for why in ("first", "second"):
        store.keep(2, [row | {"error": why} for row in rows])
    assert 2 in store.kept() and not (copy / "set_aside").exists()
    assert status(store).failed == 7


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seeds": 3}, r"seeds = 2 there, 3 asked for"),
        ({"design": {"method": "sobol", "points": 41}}, r"design\.points = 40 there, 41 asked for"),
        (
            {"factors": {"x": {"low": 0.0, "high": 2.0}, "y": {"low": -1.0, "high": 1.0}}},
            r"factors\.x\.high = 1\.0 there",
        ),
        ({"function": "sweep.toys:slow"}, "function"),
    ],
)
def test_another_study_is_refused_with_what_differs(copy, change, words):
    before = content(copy)
    with pytest.raises(abm.InputError, match=words):
        run_study(study_of(study("linear") | change), copy)
    assert content(copy) == before


def test_another_name_question_or_timeout_is_the_same_study(copy):
    run_study(study_of(study("linear") | {"name": "other", "question": "why?", "timeout": 5.0}), copy)


@pytest.mark.parametrize("name", ["abm", "parameters", "code", "points"])
def test_another_version_is_refused_with_the_remedy(copy, name):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {name: "0.0.0"}))
    with pytest.raises(abm.InputError, match=r"0\.0\.0 there.*name another folder"):
        run_study(LINEAR, copy)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(abm.InputError, match="something else"):
        run_study(LINEAR, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(abm.InputError, match="no store"):
        opened(tmp_path)


def test_two_drivers_share_the_work_and_write_the_same(whole, tmp_path, monkeypatch):
    count = tmp_path / "count"
    monkeypatch.setenv("ABM_TEST_COUNT", str(count))
    counted = study_of(study("counted", points=200, seeds=1))
    store = made(counted, tmp_path / "store", 4)
    drivers = [threading.Thread(target=run_study, args=(counted, store.folder, engines.local(1))) for _ in range(2)]
    for one in drivers:
        one.start()
    for one in drivers:
        one.join()
    table = opened(store.folder).table().to_pandas()
    assert table["run"].tolist() == list(range(200)) and not (store.folder / "set_aside").exists()
    # One goes from the first part on, the other in a random order. With m of 50 parts left they have the same one in hand
    # with probability 1/m: 4.5 parts of 4 runs in all, with a standard deviation of 1.7; more than 12 once in 10^4 times.
    assert 200 <= len(count.read_text().splitlines()) <= 200 + 12 * 4


def test_what_others_set_aside_meanwhile_is_made_anew(whole, copy):
    """Somebody looks at the store while its driver is at work, and finds a part damaged that the driver counts as done."""
    store = opened(copy)
    first, last = store.kept()[0], store.kept()[store.parts - 1]
    last.unlink()

    def meanwhile(now):
        if not (copy / "set_aside").exists():
            first.write_bytes(first.read_bytes()[:-1])
            assert status(store).damaged == [first.name]

    run_study(LINEAR, copy, engines.local(1), meanwhile)
    assert content(copy) == content(whole)


def test_what_a_killed_writer_has_left_is_removed_a_day_later(copy):
    old, new = (copy / "unfinished" / f"runs-{name}" for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, time.time() - 90_000))
    run_study(LINEAR, copy, engines.local(1))
    assert not old.exists() and new.exists()


def test_finished_points_are_never_run_twice(tmp_path, monkeypatch):
    count = tmp_path / "count"
    monkeypatch.setenv("ABM_TEST_COUNT", str(count))
    counted = study_of(study("counted", points=12, seeds=1))
    run_study(counted, tmp_path / "store", runs_per_part=5)
    run_study(counted, tmp_path / "store")
    lines = count.read_text().splitlines()
    assert len(lines) == len(set(lines)) == 12


LIMITED = """
import resource, sys
from sweep import toys
from sweep.toys import study
from abm.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))
main(["sweep", sys.argv[1], "--store", sys.argv[2], "--part", "20", "--workers", "1"])
"""


def test_a_full_disk_ends_it_in_words_and_leaves_nothing_half_written(tmp_path):
    file = toys.file(tmp_path / "study.toml", "linear", points=40)
    run_study(load_study(file), tmp_path / "store", runs_per_part=20)
    for path in sorted((tmp_path / "store" / "parts").iterdir())[1:]:
        path.unlink()
    paths = os.pathsep.join(sys.path)
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(file), str(tmp_path / "store")],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, check=False,
    )  # fmt: skip
    assert ended.returncode == 2, ended.stderr
    assert "cannot be written" in ended.stderr and "make room" in ended.stderr
    assert len(list((tmp_path / "store" / "parts").iterdir())) == 1
    assert [path.name for path in (tmp_path / "store" / "unfinished").iterdir()] == ["driver.lock"]
    run_study(load_study(file), tmp_path / "store")
    assert status(opened(tmp_path / "store")).left == 0
