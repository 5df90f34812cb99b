"""The catalogues say everything that the code says, and the tool that watches this sees faults."""

import gettext
import io
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from tools import translations as tool
from tools.plurals import numbers_before_nouns

from zaplecze.cli import lazy

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.long
@pytest.mark.parametrize("domain", tool.DOMAINS, ids=lambda domain: domain.name)
def test_every_message_is_translated_into_both_languages(domain):
    assert list(tool.check(domain)) == []


def test_marked_messages_plurals_and_implicitly_joined_strings_are_found():
    code = 'say(N_("one " "piece"), x=1); say_plural("{count} case", N_("{count} cases"), n)'
    found = tool.python_messages(code, Path("module.py"), web=False)
    assert {f.message for f in found} == {"one piece", ("{count} case", "{count} cases")}


def test_help_of_the_command_line_is_found_without_marking():
    code = """
@app.command()
def graph(log: Annotated[Path, typer.Argument(help="The log.")]) -> None:
    \"\"\"Draw the map.

    Widely.
    \"\"\"

def helper():
    \"\"\"Not a help text.\"\"\"
"""
    found = tool.python_messages(code, Path("cli/process.py"), web=False)
    assert {f.message for f in found} == {"The log.", "Draw the map.\n\nWidely."}


def test_messages_of_django_templates_are_found_with_their_placeholders():
    template = (
        "{% load i18n %}<ul>\n    <li>\n  {% translate 'Save' %}\n    </li>\n</ul>"
        "{% blocktranslate count n=x %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}"
    )
    found = tool.django_messages(template, ROOT / "page.html")
    assert {f.message for f in found} == {"Save", ("%(n)s case", "%(n)s cases")}


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("Save", ""), "not translated"),
        (Message("Save", "Zapisz", flags=["fuzzy"]), "marked as doubtful (fuzzy)"),
        (Message("{n} d", "{m} d"), "placeholders differ from ['{n}']: '{m} d'"),
        (Message("{n} d", "{n d"), "placeholders differ from ['{n}']: '{n d'"),
        (Message("%(n)s d", "dni"), "placeholders differ from ['%(n)s']: 'dni'"),
        (Message(("{n} case", "{n} cases"), ("{n} a", "{n} b")), "needs 3 plural forms, has 2"),
    ],
)
def test_a_faulty_entry_is_named(message, fault):
    assert list(tool.message_faults(message, known=True)) == [fault]


def test_an_entry_that_left_the_code_is_named():
    entry = Message("Save", "Zapisz")
    assert list(tool.message_faults(entry, known=False)) == ["no longer in the code"]
    assert list(tool.message_faults(entry, known=True)) == []


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("pl", {1: 0, 2: 1, 5: 2, 12: 2, 21: 2, 22: 1, 112: 2, 0: 2}),
        ("uk", {1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 111: 2, 0: 2}),
    ],
)
def test_plural_forms_follow_the_grammar(language, forms, tmp_path):
    entry = Message(("one", "many"), ("form 0", "form 1", "form 2"))
    tool.write(tmp_path / "x.po", language, {("one", None): entry})
    compiled = io.BytesIO()
    with (tmp_path / "x.po").open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=language))
    compiled.seek(0)
    catalogue = gettext.GNUTranslations(compiled)
    assert {n: catalogue.ngettext("one", "many", n) for n in forms} == {
        n: f"form {form}" for n, form in forms.items()
    }


def test_writing_a_catalogue_twice_changes_nothing(tmp_path):
    entries = {("{n} d", None): Message("{n} d", "{n} dni", locations=[("a.py", 0)])}
    path = tmp_path / "x.po"
    tool.write(path, "pl", entries)
    first = path.read_text()
    tool.write(path, "pl", tool.entries_of(tool.read(path, "pl")))
    assert path.read_text() == first


def test_what_typer_says_in_a_help_page_is_what_we_translate():
    source = Path(sys.modules["typer.core"].__file__).read_text()
    source += (Path(sys.modules["typer.core"].__file__).parent / "_click/decorators.py").read_text()
    assert [words for words in lazy.TYPER_SAYS if f'"{words}"' not in source] == []


def test_what_the_web_application_says_by_the_library_is_the_librarys():
    code = 'tell(say(N_("Stopped."))); messages.success(request, _("Saved."))'
    path = tool.WEB / "server.py"
    in_the_library = tool.python_messages(code, path, web=False)
    in_the_web_application = tool.python_messages(code, path, web=True)
    assert {f.message for f in in_the_library} == {"Stopped."}
    assert {f.message for f in in_the_web_application} == {"Saved."}


@pytest.mark.parametrize(
    ("language", "english", "translation", "faults"),
    [
        ("pl", "{n} cases", "{n} spraw", ["{n} spraw"]),
        ("pl", "{n} late cases", "{n} spóźnionych spraw", ["{n} spóźnionych spraw"]),
        ("pl", "{n} cases", "liczba spraw: {n}", []),
        ("pl", "{k} of {n} cases", "{k} z {n} spraw", []),
        ("uk", "{k} of {n} cases", "{k} із {n} справ", ["із {n} справ"]),
        ("uk", "{share} of the cases", "{share} справ", []),
        ("uk", "{part} of the cases", "{part} справ", []),
        ("pl", "%(n)s events", "%(n)s zdarzeń", ["%(n)s zdarzeń"]),
    ],
)
def test_a_number_before_a_noun_that_does_not_bend_is_named(language, english, translation, faults):
    message = Message(english, translation)
    assert list(numbers_before_nouns(message, language)) == faults


def test_a_message_with_plural_forms_may_have_its_number_first():
    message = Message(("{n} case", "{n} cases"), ("{n} sprawa", "{n} sprawy", "{n} spraw"))
    assert list(numbers_before_nouns(message, "pl")) == []
