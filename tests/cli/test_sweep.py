"""`abm sweep` as its user meets it."""

import json

import pandas as pd
import pytest

from abm.cli import main

STUDY = """
firms = 1000
seeds = 2
quarters = ["2024Q4", "2025Q4"]
scenario = "short.toml"
[design]
method = "full_factorial"
[factors]
"interaction.strength" = { values = [0.0, 2.0] }
subsidy = { values = [0.0, 0.5], region = "china", start = "2024Q1" }
[indicators]
adoption = "penetration(china, people)"
open = "open_share(world, spend)"
lag = "open_lag"
"""


@pytest.fixture
def file(tmp_path):
    (tmp_path / "short.toml").write_text('base = "baseline"\nend = "2025Q4"\n')
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def sweep(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(["sweep", *map(str, words)])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_a_study_of_the_model_is_run_looked_at_taken_and_read(file, tmp_path, capsys):
    import abm

    store = tmp_path / "store"
    code, out, err = sweep(capsys, file, "--store", store, "--part", 3, "--workers", 2)
    assert (code, err) == (0, "") and "8 of 8 runs done, 0 of them failed, 0 left." in out
    now = json.loads(sweep(capsys, "status", store, "--json")[1])
    assert (now["done"], now["failed"], now["left"], now["parts"], now["parts_done"]) == (8, 0, 0, 3, 3)
    code, out, _ = sweep(capsys, "export", store, tmp_path / "runs.csv")
    rows = pd.read_csv(tmp_path / "runs.csv")
    assert code == 0 and "16 rows" in out and len(rows) == 16
    # The numbers are those of runs made by hand.
    last = rows[(rows["interaction.strength"] == 2) & (rows["subsidy"] == 0.5) & (rows["seed"] == 2)].iloc[-1]
    scenario = abm.Scenario.load("baseline").replace({"end": "2025Q4", "interaction.strength": 2.0})
    record = abm.simulate(scenario.enact(abm.Intervention("subsidy", 0.5, "2024Q1", region="china")), 1000, seed=2)
    people = record.indicator("penetration", by="region", population="people").sel(region="china", quarter="2025Q4")
    assert last["quarter"] == "2025Q4" and last["adoption"] == float(people)
    assert last["open"] == float(record.indicator("open_share", weight="spend").sel(quarter="2025Q4"))
    code, out, _ = sweep(capsys, "collect", store)
    assert code == 0 and (store / "collected.parquet").is_file()
    code, out, _ = sweep(capsys, "analyse", store, "--indicator", "open", "--goal", "open >= 30%")
    assert code == 0 and "Tipping-point map" in out and "sobol: not here" in out
    assert (store / "analysis" / "open-2025Q4-tipping.png").is_file()
    assert len(pd.read_csv(store / "analysis" / "open-2025Q4-tipping.csv")) == 4


def test_a_changed_study_is_refused(file, tmp_path, capsys):
    store = tmp_path / "store"
    assert sweep(capsys, "submit", file, "--store", store, "--part", 4, "--script")[0] == 0
    file.write_text(STUDY.replace("seeds = 2", "seeds = 3"))
    code, _, err = sweep(capsys, file, "--store", store)
    assert code == 2 and "seeds = 2 there, 3 asked for" in err and "another folder" in err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("subsidy =", "subsidie =", "Did you mean subsidy"),
        ('"interaction.strength"', '"interaction.strenght"', "Did you mean interaction.strength"),
        ("[0.0, 2.0]", "[0.0, 99.0]", "out of range"),
        ("{ values = [0.0, 2.0] }", "{ low = 3.0, high = 1.0 }", "must be less than"),
        ("full_factorial", "factorial", "Did you mean full_factorial"),
        ("{ values = [0.0, 2.0] }", "{}", "levels"),
        ("penetration(china, people)", "penetration(chin, people)", "Did you mean china"),
        ("penetration(china, people)", "penetratoin(china)", "Did you mean penetration"),
        ('"2024Q4", ', '"2031Q4", ', "not in the run"),
        ("firms = 1000", "firm = 1000", "Did you mean firms"),
        ("seeds = 2", "seeds = 0", "out of range"),
        ("[design]", "[desing]", "Did you mean design"),
        ('region = "china"', 'region = "chin"', "Did you mean china"),
        ("lag =", "seed =", "stands for another column"),
        ("short.toml", "long.toml", "cannot be read"),
        ('start = "2024Q1"', 'start = "2026Q1"', "start it earlier"),
        ("firms = 1000", "firms = 10", "Sampled firms goes from"),
        ("seeds = 2", "seeds = [", "not valid TOML"),
    ],
)
def test_mistakes_in_a_study_are_told_in_a_line_and_nothing_is_made(file, tmp_path, capsys, old, new, words):
    assert old in STUDY
    file.write_text(STUDY.replace(old, new, 1))
    code, _, err = sweep(capsys, file, "--store", tmp_path / "store")
    assert code == 2 and words in err and err.startswith("abm: ") and err.count("\n") == 1, err
    assert not (tmp_path / "store").exists()


def test_a_table_of_points_is_run_as_it_stands(file, tmp_path, capsys):
    (tmp_path / "points.csv").write_text("subsidy,interaction.strength\n0.25,1.5\n0.1,0.3\n0.25,0.3\n")
    text = STUDY.replace('"full_factorial"', '"table"\nfile = "points.csv"').replace("{ values = [0.0, 2.0] }", "{}")
    file.write_text(text.replace("{ values = [0.0, 0.5], ", "{ ").replace("seeds = 2", "seeds = 1"))
    assert sweep(capsys, file, "--store", tmp_path / "store", "--part", 3, "--workers", 1)[0] == 0
    sweep(capsys, "export", tmp_path / "store", tmp_path / "runs.csv")
    rows = pd.read_csv(tmp_path / "runs.csv").drop_duplicates("point")
    assert rows[["subsidy", "interaction.strength"]].to_numpy().tolist() == [[0.25, 1.5], [0.1, 0.3], [0.25, 0.3]]


def test_a_function_that_cannot_be_imported_is_told(file, tmp_path, capsys):
    file.write_text(
        'function = "nowhere:value"\ndesign = { method = "sobol", points = 4 }\n'
        '[factors]\nx = { low = 0, high = 1 }\n[indicators]\nz = ""\n'
    )
    code, _, err = sweep(capsys, file, "--store", tmp_path / "store")
    assert code == 2 and "cannot be imported" in err


@pytest.mark.parametrize(("words", "said"), [
    (["status", "nowhere"], "no store"), (["nowhere.toml", "--store", "s"], "cannot be read"),
    (["work", "nowhere", "--task", "3", "--of", "2"], "from 0 to 1"),
])  # fmt: skip
def test_what_is_not_there_is_said(capsys, words, said):
    code, _, err = sweep(capsys, *words)
    assert code == 2 and said in err
