"""The program: `sim`, or `python -m sim`. Whatever happens, it ends with a message and a code.

Nothing heavy is imported here: from the first import on, an interruption ends the program quietly.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from sim import exit_codes
from sim.translation import DOMAIN, FOLDER, LANGUAGES, VARIABLE, choose_of, language, tr

if TYPE_CHECKING:
    import threading
    from types import FrameType
    from typing import NoReturn


def main() -> None:
    """Run the program, and exit."""
    try:
        _run_and_tell()
    finally:
        _end_at_once()


def _run_and_tell() -> None:
    """Run the program; turn whatever it raises into a message and an exit code."""
    try:
        try:
            _run()
        finally:
            _flush()
    except KeyboardInterrupt:
        _tell(tr("Interrupted."))
        raise SystemExit(exit_codes.INTERRUPTED) from None
    except BrokenPipeError:  # the reader of the output has closed the pipe
        _drop_output()
        raise SystemExit(0) from None
    except OSError as error:
        what = error.filename or tr("the output")
        reason = tr(error.strerror or str(error))
        _tell(tr("{what} cannot be written: {reason}", what=what, reason=reason))
        _drop_output()
        raise SystemExit(exit_codes.BAD_INPUT) from None
    except MemoryError:
        _tell(tr("The memory is not enough for this; with fewer replications (-n) it needs less."))
        raise SystemExit(exit_codes.BAD_INPUT) from None
    except Exception as error:  # whatever else gets here is a fault of the program
        _tell_fault(error)
        raise SystemExit(exit_codes.FAULT) from None


def _run() -> None:
    import signal
    import threading
    from pathlib import Path

    signal.signal(signal.SIGTERM, _stop)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller: what is written goes nowhere
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            # UTF-8 everywhere, unless the user names another one: a terminal may know GBK alone.
            named = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
            stream.reconfigure(encoding=None if named else "utf-8", errors="replace")
    threading.excepthook = _quiet_at_the_end

    _choose_language()
    for argument in sys.argv[1:]:
        _refuse_unusable(argument)

    from sim.cli import app

    app()


def _choose_language() -> None:
    """Speak the language of --lang or SIM_LANG, or that of the system; Typer, too."""
    choose_of(sys.argv[1:])
    named = os.environ.get(VARIABLE)
    if named and named not in LANGUAGES:
        _tell(tr("{name}: '{text}': must be en or zh", name=VARIABLE, text=named))
        raise SystemExit(exit_codes.BAD_INPUT)
    if language() != "en":
        import gettext

        os.environ["LANGUAGE"] = language()  # Typer asks gettext for its headings
        gettext.bindtextdomain(DOMAIN, FOLDER)
        gettext.textdomain(DOMAIN)


def _refuse_unusable(argument: str) -> None:
    """Exit if an argument is empty, often an unset variable, or could not be written to a file."""
    if not argument:
        _tell(tr("An argument is empty: ''. Leave it out, or give a value."))
        raise SystemExit(exit_codes.BAD_INPUT)
    try:
        argument.encode()
    except UnicodeEncodeError:
        shown = argument.encode(errors="backslashreplace").decode()
        _tell(tr("{name}: is not UTF-8; give the file or folder another name.", name=shown))
        raise SystemExit(exit_codes.BAD_INPUT) from None


def _end_at_once() -> None:
    """Let an interruption end the process from now on: nothing is left to be told or kept.

    Python may still wait for its threads, where an exception would be shown as a traceback.
    """
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """Let a request to end (SIGTERM) end the program as Ctrl-C does: nothing is left behind."""
    raise KeyboardInterrupt


def _quiet_at_the_end(failure: threading.ExceptHookArgs) -> None:
    """Report failures of threads, except of the process manager after Ctrl-C."""
    import threading

    if failure.thread is None or "ExecutorManager" not in failure.thread.name:
        threading.__excepthook__(failure)


def _flush() -> None:
    """Write out what is buffered, while a failure can still be told."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _drop_output() -> None:
    """Let what is still buffered go nowhere, so that the interpreter does not try again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (AttributeError, OSError, ValueError):  # a stream that is none, or closed
            continue


def _tell(line: str) -> None:
    try:
        print(line, file=sys.stderr)
    except (OSError, ValueError):  # nobody reads
        return


def _tell_fault(error: Exception) -> None:
    """Say in one line that the program is at fault; the details go to a file."""
    what = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
    try:
        where = tr(
            "the details are in {file}; please report it with that file", file=_details(error)
        )
    except OSError:
        import traceback

        traceback.print_exception(error)
        where = tr("please report it with the lines above")
    _tell(
        tr(
            "This is a fault of the program, not of your input ({what}): {where}.",
            what=what,
            where=where,
        )
    )


def _details(error: Exception) -> str:
    """Write the details of a fault into a new temporary file; return its path."""
    import platform
    import shlex
    import tempfile
    import traceback

    from sim.storage.versions import libraries, version

    handle, path = tempfile.mkstemp(prefix="sim-fault-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        print(f"approval-sim {version()}, {libraries()}", file=file)
        print(f"Python {platform.python_version()}, {platform.platform()}", file=file)
        print(f"{shlex.join(sys.argv)}\n", file=file)
        traceback.print_exception(error, file=file)
    return path


if __name__ == "__main__":
    main()
