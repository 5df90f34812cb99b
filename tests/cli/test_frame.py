"""The frame of the command line: languages, exit codes, help, tables, JSON, progress."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer
from typer.main import get_command

from zaplecze import __version__
from zaplecze.cli import app, console, doctor, main
from zaplecze.cli.lazy import COMMANDS, GROUPS, ORDER
from zaplecze.cli.usage import usage_error
from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES, Text


@pytest.fixture(autouse=True)
def english(monkeypatch):
    for variable in ("ZAPLECZE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    # `main` sets it for Typer; taken back after the test.
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "pl_PL.UTF-8"}, "pl"),
        ({"LANG": "uk_UA.UTF-8", "LC_MESSAGES": "pl_PL"}, "pl"),
        ({"LANG": "uk_UA.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "uk_UA.UTF-8", "LC_ALL": ""}, "uk"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "ZAPLECZE_LANGUAGE": "UK"}, "uk"),
    ],
)
def test_the_environment_chooses_the_language(environment, language):
    assert console.language_of(environment) == language


def test_a_language_that_we_do_not_speak_is_refused_where_it_was_asked_for():
    with pytest.raises(InputError, match="ZAPLECZE_LANGUAGE: 'de' is none of the languages"):
        console.language_of({"ZAPLECZE_LANGUAGE": "de"})


def test_the_option_wins_over_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    assert main(["--language", "uk", "nothing"]) == 2
    assert "Немає команди «nothing»" in capsys.readouterr().err
    assert main(["--language=de", "doctor"]) == 2
    assert "--language: „de” nie jest żadnym z języków" in capsys.readouterr().err


def test_the_language_of_one_call_does_not_stay_for_the_next(capsys):
    main(["--language", "pl", "--help"])
    assert "Użycie" in capsys.readouterr().out
    main(["--help"])
    assert "Usage" in capsys.readouterr().out


def test_help_lists_every_command_with_its_purpose(capsys):
    assert main(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert sorted(ORDER) == sorted(GROUPS | COMMANDS)
    for name, purpose in (GROUPS | COMMANDS).items():
        assert f"{name} {purpose}" in shown


@pytest.mark.parametrize("name", ORDER)
def test_every_command_loads_and_has_help_in_every_language(name, capsys):
    pages = []
    for language in LANGUAGES:
        assert main(["--language", language, name, "--help"]) == 0
        pages.append(capsys.readouterr().out)
    assert len(set(pages)) == 3


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"zaplecze {__version__}\n"


def test_a_command_that_sounds_like_another_is_proposed(capsys):
    assert main(["docter"]) == 2
    assert capsys.readouterr().err == "There is no command 'docter'. Try 'zaplecze doctor'.\n"


def _doctor_that(monkeypatch, raises: BaseException) -> None:
    def broken() -> None:
        raise raises

    monkeypatch.setattr(doctor, "doctor", broken)


def test_bad_input_is_2_with_the_message_alone_on_stderr(monkeypatch, capsys):
    words = {"en": "Row 3 is bad.", "pl": "Wiersz 3 jest zły.", "uk": "Рядок 3 поганий."}
    _doctor_that(monkeypatch, InputError(Text(words)))
    assert main(["--language", "pl", "doctor"]) == 2
    assert capsys.readouterr() == ("", "Wiersz 3 jest zły.\n")


def test_our_fault_is_1_and_one_line(monkeypatch, capsys):
    _doctor_that(monkeypatch, ZeroDivisionError("by {nothing}"))
    assert main(["doctor"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "ZeroDivisionError: by {nothing}" in err


def test_debug_shows_where_our_fault_arose(monkeypatch, capsys):
    _doctor_that(monkeypatch, ZeroDivisionError("by nothing"))
    assert main(["--debug", "doctor"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_interrupting_is_130_without_a_word(monkeypatch, capsys):
    _doctor_that(monkeypatch, KeyboardInterrupt())
    assert main(["doctor"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_goes_away_is_no_fault_worth_words():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "zaplecze", "--help"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def _called_wrongly(*words: str) -> Text:
    """The message for calling a small command with WORDS."""
    small = typer.Typer(rich_markup_mode=None)

    @small.command()
    def count(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
        folder: Annotated[Path, typer.Option(exists=True, file_okay=False)],
        times: Annotated[int, typer.Option()] = 1,
        kind: Annotated[Literal["long", "wide"], typer.Option()] = "long",
        loud: Annotated[bool, typer.Option("--loud")] = False,
    ) -> None:
        pass

    @small.command()
    def other() -> None:
        pass

    with pytest.raises(typer.TyperException) as error:
        get_command(small).main(list(words), prog_name="small", standalone_mode=False)
    return usage_error(error.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["cuont"], "There is no command 'cuont'. Did you mean 'count'?"),
        (["xyz"], "There is no command 'xyz'."),
        (["count", __file__], "The option '--folder' is missing."),
        (["count", "--folder", "."], "The argument 'file' is missing."),
        (["count", "--folder"], "The option --folder needs a value."),
        (["count", "--loud=3"], "The option --loud takes no value."),
        (["count", "--fodler", "."], "There is no option --fodler. Did you mean --folder?"),
        (["count", "--xyz"], "There is no option --xyz."),
        (["other", "a", "b"], "There is too much here: a b."),
        (["count", "--folder", ".", "nothing"], "'file': there is no file 'nothing'."),
        (["count", "--folder", "nowhere", __file__], "'--folder': there is no folder 'nowhere'."),
        (["count", "--folder", ".", "."], "'file': '.' is a folder, not a file."),
        (["count", "--folder", __file__, __file__], f"'--folder': '{__file__}' is a file, not a f"),
        (["count", "--folder", ".", __file__, "--times", "x"], "'--times': this is not a number."),
        (["count", "--folder", ".", __file__, "--kind", "x"], "'--kind': 'x' is none of 'long', "),
    ],
)  # fmt: skip
def test_a_call_that_is_wrong_is_explained_in_three_languages(words, said):
    text = _called_wrongly(*words)
    assert text["en"].startswith(said)
    assert "--help" in text["en"]
    assert len(set(text.values())) == 3


def test_json_is_one_document(capsys):
    console.print_json({"name": "Łódź", "share": 0.5})
    assert json.loads(capsys.readouterr().out) == {"name": "Łódź", "share": 0.5}


def test_json_survives_a_stdout_that_is_not_utf8(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    console.print_json({"name": "Łódź"})
    sys.stdout.flush()
    assert json.loads(raw.getvalue()) == {"name": "Łódź"}


def test_json_never_holds_what_json_does_not_know():
    with pytest.raises(ValueError, match="JSON compliant"):
        console.print_json({"share": float("nan")})


def test_a_table_in_a_pipe_keeps_every_cell_whole_and_unstyled(capsys):
    long = "[red]" + "x" * 300
    console.print_table(
        Text.same("Steps"), [(Text.same("Step"), "left"), (Text.same("n"), "right")], [[long, "7"]]
    )
    title, heading, row = capsys.readouterr().out.splitlines()
    assert title.strip() == "Steps"
    assert heading.split() == ["Step", "n"]
    assert row.split() == [long, "7"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_a_terminal_and_nowhere_else(monkeypatch, capsys):
    stage = Text(en="Reading", pl="Czytanie", uk="Читання")
    with console.progress() as progress:
        progress(stage, 0.5)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    console.choose_language("pl")
    with console.progress() as progress:
        progress(stage, 0.5)
    assert "Czytanie" in terminal.getvalue()
    assert "50%" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_every_option_is_documented_in_help():
    missing = []

    def look(command, path):
        if not command.help:
            missing.append(path)
        missing.extend(f"{path} {o.name}" for o in command.params if not getattr(o, "help", None))
        for name, child in getattr(command, "commands", {}).items():
            look(child, f"{path} {name}")

    root = get_command(app)
    context = root.make_context("zaplecze", ["doctor"])
    for name in ORDER:
        look(root.get_command(context, name), name)
    assert missing == []
