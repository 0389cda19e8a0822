"""How a command ends: with its answer, a refusal, or a defect, each said in one form."""

from __future__ import annotations

import errno
import shlex
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from holdfast.cli.session import Session, environment
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

DONE, REFUSED, NOT_UNDERSTOOD, STOPPED = 0, 1, 2, 130


def answer(arguments: Sequence[str]) -> int:
    """Run the command that ``arguments`` name; the exit code."""
    from holdfast.cli.group import holdfast

    session = Session.of(arguments, environment())
    try:
        code = holdfast.main(list(arguments), prog_name="holdfast", standalone_mode=False, obj=session)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except click.UsageError as error:
        return _not_understood(session, error)
    except Refusal as refusal:
        return _refused(session, refusal)
    except (click.Abort, KeyboardInterrupt):
        print(session.say(Text("Stopped.")), file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        return _defect(session, arguments, error)


def _refused(session: Session, refusal: Refusal) -> int:
    if session.json:
        from holdfast.cli.answers import as_json

        print(as_json(refusal.as_json()), flush=True)
    else:
        for sentence in (refusal.found, refusal.expected, refusal.remedy):
            print(_said(session, sentence), file=sys.stderr)
    return REFUSED


def _said(session: Session, sentence: Text) -> str:
    try:
        return session.say(sentence)
    except Exception:  # what went wrong may be the catalogue itself
        return str(sentence)


def _not_understood(session: Session, error: click.UsageError) -> int:
    path = error.ctx.command_path if error.ctx else "holdfast"
    usage = error.ctx.command.collect_usage_pieces(error.ctx) if error.ctx else []
    _refused(
        session,
        Refusal(
            "usage",
            found=_mistake(error),
            expected=Text("Usage: {usage}", usage=" ".join([path, *usage])),
            remedy=Text("`{command} --help` explains each.", command=path),
        ),
    )
    return NOT_UNDERSTOOD


def _mistake(error: click.UsageError) -> Text:
    """The mistake in our words where there are some, else in the parser's (English) ones."""
    if isinstance(error, click.NoSuchOption):
        return Text("There is no option {name}.", name=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return Text(
            "{name} is missing.", name=error.param.get_error_hint(error.ctx or click.get_current_context())
        )
    if isinstance(error, click.BadParameter) and error.param is not None and error.ctx is not None:
        name = error.param.get_error_hint(error.ctx)
        return Text("{name} cannot be used so: {reason}", name=name, reason=error.message)
    return Text("Not understood: {reason}", reason=error.format_message())


def _reader_left() -> int:
    """Whoever read our output has closed it (``| head``): nothing is wrong and nothing to say."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _defect(session: Session, arguments: Sequence[str], error: Exception) -> int:
    if session.debug:
        traceback.print_exc()
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _refused(session, _full_disk())
    return _refused(
        session,
        Refusal(
            "unexpected",
            found=Text("Something went wrong that should not have: {error}.", error=_short(error)),
            expected=Text("Nothing was left half done; the command can be run again."),
            remedy=_where_to_look(_log(session.folder, arguments, error)),
        ),
    )


def _full_disk() -> Refusal:
    return Refusal(
        "disk_full",
        found=Text("The disk is full."),
        expected=Text("Holdfast writes beside the old and moves into place at the end."),
        remedy=Text("Make room and run the command again; nothing was changed."),
    )


def _short(error: Exception) -> str:
    first = (str(error).strip().splitlines() or [""])[0][:200].rstrip(".")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _where_to_look(log: Path | None) -> Text:
    if log is None:
        return Text("Run it with --debug to see where, and please report it.")
    return Text("{log} says where; please report it with the last lines of that file.", log=str(log))


def _log(folder: Path, arguments: Sequence[str], error: Exception) -> Path | None:
    """Where the error was written down, ``None`` where there is no workspace to write it in."""
    from datetime import UTC, datetime

    if not (folder / "holdfast.toml").is_file():
        return None
    log = folder / "logs" / "holdfast.log"
    lines = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()} holdfast {shlex.join(arguments)}\n{lines}\n")
    except OSError:
        return None
    return log
