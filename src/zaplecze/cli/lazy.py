"""Command groups that import a command only when it is called and speak three languages."""

import difflib
import functools
import gettext
import importlib
import inspect
import os
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from zaplecze.cli import console
from zaplecze.errors import InputError
from zaplecze.language import LOCALE, N_, say

# name: what it does. A group's module defines ``app = typer.Typer()``, a single command's a
# function of the command's name.
GROUPS = {
    "log": N_("Import event logs and see what was refused."),
    "process": N_("Show what happens: map, graph, variants, steps, hand-overs, flow."),
    "impact": N_("Measure what back-office steps do to customers."),
    "workload": N_("How many people the calls take: service, agents, days, records, forecast."),
    "money": N_("What work and projects are worth: formulas, cash flows, business cases."),
}
COMMANDS = {
    "demo": N_("Simulated company: data, findings, board page, web page."),
    "run": N_("From a workspace file to ranked findings and the board page."),
    "report": N_("The board pack: page, PDF, slides and workbooks."),
    "serve": N_("Open the results in the browser."),
    "doctor": N_("Check the installation and this machine."),
}
# Modules that add commands to the app of a group.
ADDED_BY = {
    "process": ("conformance", "passages", "flow", "objects"),
    "money": ("moneycase",),
    "workload": ("workloadplans", "workloadcalls"),
}
ORDER = (
    "demo",
    "run",
    "log",
    "process",
    "impact",
    "workload",
    "money",
    "report",
    "serve",
    "doctor",
)

# What Typer itself says in a help page.
TYPER_SAYS = (
    N_("Options"),
    N_("Arguments"),
    N_("Commands"),
    N_("default: {default}"),
    N_("required"),
    N_("env var: {var}"),
    N_("Show this message and exit."),
)


class LazyGroup(TyperGroup):
    """The root: knows its commands' names and purposes without importing them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All commands, in the order in which a newcomer needs them."""
        return list(ORDER)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command CMD_NAME, imported now, its help in the chosen language."""
        if cmd_name not in ORDER:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = _imported(cmd_name)
            _translate_help(self.commands[cmd_name], ctx)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that ARGS name; raises `InputError` proposing one that sounds like it."""
        if args[0] not in ORDER:
            close = difflib.get_close_matches(args[0], ORDER, n=1) or ["--help"]
            raise InputError(
                say(
                    N_("There is no command '{name}'. Try 'zaplecze {close}'."),
                    name=args[0],
                    close=close[0],
                )
            )
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The root's help, in the chosen language."""
        _translate_help(self, ctx)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Names and purposes."""
        purposes = GROUPS | COMMANDS
        with formatter.section(_spoken("Commands")):
            formatter.write_dl([(name, _spoken(purposes[name])) for name in ORDER])


def _imported(name: str) -> Any:
    module = importlib.import_module(f"zaplecze.cli.{name}")
    for addition in ADDED_BY.get(name, ()):
        importlib.import_module(f"zaplecze.cli.{addition}")
    holder = typer.Typer(rich_markup_mode=None)
    if name in GROUPS:
        holder.add_typer(module.app, name=name, help=GROUPS[name], no_args_is_help=True)
    else:
        command = getattr(module, name)
        holder.command(name, help=command.__doc__ or COMMANDS[name])(command)
    return get_group(holder).commands[name]


def _translate_help(command: Any, ctx: Any) -> None:
    """Put the help of COMMAND, its parameters and its subcommands into the chosen language."""
    # Typer looks up its own words where the program's catalogue is bound.
    gettext.bindtextdomain("zaplecze", LOCALE)
    gettext.textdomain("zaplecze")
    os.environ["LANGUAGE"] = console.language()
    command.format_usage = functools.partial(_format_usage, command)
    for part in (command, *command.params, command.get_help_option(ctx)):
        if words := getattr(part, "help", None):
            part.help = _spoken(inspect.cleandoc(words))
    # Typer would cut it to fit on a line.
    command.short_help = (command.help or "").split("\n\n")[0]
    for child in getattr(command, "commands", {}).values():
        _translate_help(child, ctx)


def _format_usage(command: Any, ctx: Any, formatter: Any) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=_spoken(N_("Usage:")) + " ")


def _spoken(message: str) -> str:
    return say(message)[console.language()]
