"""Machine code is kept where it can be, and a run works where it cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TRY = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
import abm.compiled as c
def double(x):
    return 2 * x
assert c.compiled(double)(21) == 42
print(c.FOLDER, c.is_kept())
"""


def start(cache, temporary, script):
    script.write_text(TRY)
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    return subprocess.run(
        [sys.executable, str(script), str(temporary)], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()


def test_without_any_folder_the_engine_still_compiles(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    assert start(blocked, blocked, tmp_path / "double.py") == ["None", "False"]


def test_a_blocked_cache_folder_falls_back_to_the_temporary_one(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    folder, kept = start(blocked, tmp_path, tmp_path / "double.py")
    assert folder.startswith(str(tmp_path)) and folder != str(blocked) and kept == "True"


def test_machine_code_of_other_sources_is_not_taken(tmp_path):
    """The folder's name changes with a constant that is compiled in: Numba itself would not notice."""
    import abm

    shutil.copytree(Path(abm.__file__).parent, tmp_path / "abm", ignore=shutil.ignore_patterns("__pycache__"))
    network = tmp_path / "abm" / "world" / "network.py"

    def folder():
        code = "import abm.compiled; print(abm.compiled.FOLDER.name, abm.compiled.__file__)"
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        name, file = done.stdout.split()
        assert file.startswith(str(tmp_path))
        return name

    before = folder()
    assert folder() == before
    text = network.read_text(encoding="utf-8")
    assert "WINDOW = 1 << 13" in text
    network.write_text(text.replace("WINDOW = 1 << 13", "WINDOW = 1 << 12"), encoding="utf-8")
    assert folder() != before


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["library"]])
def test_commands_that_run_nothing_do_not_load_the_engine(words):
    code = "import sys; from abm.cli import _exit_code; _exit_code(sys.argv[1:]); assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True)
