"""The command ``holdfast``: finds its commands, and speaks the reader's language in its help."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

from holdfast import __version__
from holdfast.cli import commands
from holdfast.cli.session import ENGLISH, Session
from holdfast.domain.texts import Text

USAGE, OPTIONS, COMMANDS = Text("Usage:"), Text("Options"), Text("Commands")
HELP = Text("Show this page and end.")


def session_of(ctx: click.Context) -> Session:
    """The session of a command that is being parsed."""
    return ctx.ensure_object(Session) if ctx.obj is None else ctx.obj


class Option(click.Option):
    """An option whose help is a :class:`Text`."""

    def __init__(self, *names: str, words: Text, **rest: Any) -> None:
        super().__init__(names, help=words.msgid, **rest)
        self.words = words

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The two columns of the page of help, in the reader's language."""
        self.help = session_of(ctx).say(self.words)
        return super().get_help_record(ctx)


class _Spoken(click.Command):
    """What :class:`Command` and :class:`Group` share: help in the reader's language."""

    words: Text

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of usage."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=session_of(ctx).say(USAGE) + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(session_of(ctx).say(self.words))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = [record for each in self.get_params(ctx) if (record := each.get_help_record(ctx))]
        with formatter.section(session_of(ctx).say(OPTIONS)):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help`` itself."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = session_of(ctx).say(HELP)
        return option


class Command(_Spoken):
    """A command that every session option can follow."""

    def __init__(
        self, name: str, words: Text, run: Callable[..., None], params: Sequence[click.Parameter]
    ) -> None:
        super().__init__(
            name, callback=click.pass_obj(run), params=[*params, *_session_options()], help=words.msgid
        )
        self.words = words

    def invoke(self, ctx: click.Context) -> Any:
        """Carry it out; what shows or changes something stands in the audit trail."""
        from holdfast.cli.noted import note_command

        answer = super().invoke(ctx)
        note_command(session_of(ctx), self.name or "", ctx.params)
        return answer


class Group(_Spoken, click.Group):
    """``holdfast`` itself: each file in :mod:`holdfast.cli.commands` is one command."""

    def __init__(self, words: Text) -> None:
        super().__init__("holdfast", no_args_is_help=True, params=[_version(), *_language_options()])
        self.words = words

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, in the order in which a person comes to need them."""
        return list(_found())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        return _found().get(cmd_name)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options and the commands, each command with the first sentence of its help."""
        super().format_options(ctx, formatter)
        session = session_of(ctx)
        with formatter.section(session.say(COMMANDS)):
            formatter.write_dl([(name, session.say(each.words)) for name, each in _found().items()])


@cache
def _found() -> dict[str, Command]:
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    modules = [importlib.import_module(f"{commands.__name__}.{name}") for name in names]
    return {
        module.COMMAND.name: module.COMMAND
        for module in sorted(modules, key=lambda module: (module.ORDER, module.COMMAND.name))
    }


def _remember(attribute: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value not in (None, False):
            setattr(session_of(ctx), attribute, value)

    return keep


def _session_options() -> list[click.Parameter]:
    return [
        Option(
            "--workspace",
            words=Text("The folder of the workspace; otherwise $HOLDFAST_WORKSPACE, otherwise this folder."),
            type=click.Path(path_type=Path),
            metavar="DIR",
            callback=_remember("folder"),
            expose_value=False,
        ),
        Option(
            "--json",
            words=Text("Answer with one JSON object on standard output."),
            is_flag=True,
            callback=_remember("json"),
            expose_value=False,
        ),
        *_language_options(),
        Option(
            "--debug",
            words=Text("Show where an unexpected error happened."),
            is_flag=True,
            callback=_remember("debug"),
            expose_value=False,
        ),
    ]


def _language_options() -> list[click.Parameter]:
    return [
        Option(
            "--language",
            words=Text(
                "The language of the answer: {codes}; otherwise that of $LANG.",
                codes="en, ro, fa, bg, ru, zh",
            ),
            metavar="CODE",
            callback=_check_language,
            expose_value=False,
        )
    ]


def _check_language(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Only checks: the session has read the language before the parsing began."""
    if value in (None, ENGLISH):
        return
    from holdfast.language import languages

    if value not in languages():
        raise click.BadParameter(", ".join(languages()), ctx=ctx, param=parameter)


def _version() -> click.Parameter:
    def show(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:
        if asked:
            print(f"holdfast {__version__}")
            ctx.exit()

    return Option(
        "--version",
        words=Text("Show the version and end."),
        is_flag=True,
        is_eager=True,
        callback=show,
        expose_value=False,
    )


holdfast = Group(
    Text("Measure who leaves a company, be warned early, understand, act, and prove what it was worth.")
)
