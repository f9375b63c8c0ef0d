"""The command line: `abm run`, `compare`, `app` and the catalogues.

Every mistake of the user ends in one line on standard error and exit code 2; nothing is left half-written.
"""

from __future__ import annotations

import os
import sys

import typer
from typer.exceptions import TyperException

from abm.cli import bench, calibrate, catalogue, compare, explain, lesson, page, run, seek, sweep, theory
from abm.quantities import InputError

app = typer.Typer(
    name="abm",
    help="Who adopts which AI: firms and governments choose between free open and paid proprietary models.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
run.register(app)
compare.register(app)
explain.register(app)
seek.register(app)
calibrate.register(app)
catalogue.register(app)
page.register(app)
bench.register(app)
theory.register(app)
sweep.register(app)
lesson.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    Args:
        arguments: Words after the program's name; those of the process by default.
    """
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: list[str] | None) -> int:
    command = typer.main.get_command(app)
    try:
        result = command.main(args=arguments, prog_name="abm", standalone_mode=False)
        sys.stdout.flush()
        return int(result or 0)
    except InputError as error:
        print(f"abm: {error}", file=sys.stderr)
        return 2
    except TyperException as error:
        print(f"abm: {_in_one_line(error)} See abm --help.", file=sys.stderr)
        return 2
    except typer.Exit as leave:
        return leave.exit_code
    except BrokenPipeError:
        # The reader (for example `head`) has seen enough; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"abm: cannot write the output: {error.strerror}.", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except (KeyboardInterrupt, typer.Abort):
        print("abm: stopped", file=sys.stderr)
        return 130


def _in_one_line(error: TyperException) -> str:
    """What was wrong with an option, with the value that was given."""
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    errors = getattr(error.__cause__, "errors", None)
    given = f" (given: {errors()[0]['input']!r})" if errors else ""
    return f"{message.rstrip('.')}{given}."
