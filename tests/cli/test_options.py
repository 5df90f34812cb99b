"""Groups of options that a command takes as one parameter."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.main import get_command

from zaplecze.cli.options import check_share, gathered
from zaplecze.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Colour:
    shade: Annotated[str, typer.Option(help="Which shade.")] = "dark"


@dataclass(frozen=True, kw_only=True)
class Paint:
    wall: Annotated[str, typer.Argument(help="Which wall.")]
    coats: Annotated[int, typer.Option(help="How often.")] = 1
    colour: Colour


def painting(calls):
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command()
    @gathered
    def paint(
        *,
        by: Annotated[str, typer.Option(help="Who.")] = "us",
        paint: Paint,
        as_json: Annotated[bool, typer.Option("--json")] = False,
    ) -> None:
        """Paint a wall."""
        calls.append((by, paint, as_json))

    return get_command(app)


def test_the_command_gets_the_object_that_its_options_make():
    calls = []
    command = painting(calls)
    command.main(["north", "--coats", "2", "--shade", "light", "--by", "them"], "paint", standalone_mode=False)  # fmt: skip
    command.main(["north", "--json"], "paint", standalone_mode=False)
    assert calls == [
        ("them", Paint(wall="north", coats=2, colour=Colour(shade="light")), False),
        ("us", Paint(wall="north", colour=Colour()), True),
    ]


def test_the_options_stand_where_the_parameter_stands_with_the_help_of_their_fields():
    command = painting([])
    assert [(each.name, each.help) for each in command.params] == [
        ("by", "Who."),
        ("wall", "Which wall."),
        ("coats", "How often."),
        ("shade", "Which shade."),
        ("as_json", None),
    ]
    assert command.help == "Paint a wall."


def test_a_field_without_a_default_must_be_given():
    with pytest.raises(typer.TyperException, match="wall"):
        painting([]).main([], "paint", standalone_mode=False)


@pytest.mark.parametrize("share", [None, 0, 0.5, 1])
def test_shares_lie_between_0_and_1(share):
    check_share("--paths", share)


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_what_is_no_share_is_refused_by_name(share):
    with pytest.raises(InputError, match=f"--paths {share}: this is no share"):
        check_share("--paths", share)
