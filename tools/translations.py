"""Keeps the Polish and Ukrainian catalogues in step with the code: update, merge, check, compile.

update [DOMAIN]   add the messages that the code has gained, drop those that it has lost;
                  DOMAIN is zaplecze (the library) or django (the web application)
merge FILE.pl.po  take translations from loose files, named by language
check             fail when a message is missing, untranslated, doubtful, or no longer in the code
compile           write the .mo files that the program reads
"""

import argparse
import ast
import inspect
import io
import re
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from hatch_build import compile_catalogues  # noqa: E402
from plurals import numbers_before_nouns  # noqa: E402

LANGUAGES = ("pl", "uk")
# The same forms in both languages: 1; 2-4, 22-24 …; the rest (Ukrainian counts 21, 31 … with 1).
PLURAL_FORMS = {
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<12 || n%100>14) ? 1 : 2);",
}
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""

Key = tuple[str | tuple[str, ...], str | None]
"""A message (or its singular and plural) and its context."""


@dataclass(frozen=True)
class Found:
    """A message in the code."""

    message: str | tuple[str, ...]
    context: str | None
    file: str

    @property
    def key(self) -> Key:
        return self.message, self.context


@dataclass(frozen=True)
class Domain:
    """A set of catalogues and the code whose messages it holds."""

    name: str
    package: Path
    locale: Path
    web: bool

    def catalogue(self, language: str) -> Path:
        return self.locale / language / "LC_MESSAGES" / f"{self.name}.po"

    def files(self, suffix: str) -> Iterator[Path]:
        """The package's files; the library's without the templates of the web application."""
        for path in sorted(self.package.rglob(f"*{suffix}")):
            if self.web or suffix == ".py" or WEB not in path.parents:
                yield path


WEB = ROOT / "src/zaplecze/web"
DOMAINS = (
    Domain("zaplecze", ROOT / "src/zaplecze", ROOT / "src/zaplecze/locale", web=False),
    Domain("django", WEB, WEB / "locale", web=True),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "compile"):
        commands.add_parser(name)
    names = [domain.name for domain in DOMAINS]
    commands.add_parser("update").add_argument("domain", nargs="?", choices=names)
    commands.add_parser("merge").add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "compile":
        compile_catalogues(ROOT / "src")
        return 0
    if arguments.command == "merge":
        return report(merge(arguments.files))
    if arguments.command == "update":
        for domain in DOMAINS:
            if arguments.domain in (None, domain.name):
                update(domain)
        return 0
    return report(fault for domain in DOMAINS for fault in check(domain))


def report(lines: Iterable[str]) -> int:
    """Print LINES; 1 when there are any."""
    count = 0
    for line in lines:
        count += 1
        print(line)
    return min(count, 1)


# --- messages in the code --------------------------------------------------------------------


def messages(domain: Domain) -> list[Found]:
    """Every message of DOMAIN, in the order of the files."""
    if not domain.package.is_dir():
        return []
    found: list[Found] = []
    for path in domain.files(".py"):
        found += python_messages(path.read_text(encoding="utf-8"), path, web=domain.web)
    for suffix in (".html", ".txt", ".jinja", ".j2", ".typ"):
        for path in domain.files(suffix):
            read = django_messages if domain.web else jinja_messages
            found += read(path.read_text(encoding="utf-8"), path)
    return found


SINGULAR = {"N_": 0, "_": 0, "gettext": 0, "gettext_lazy": 0, "gettext_noop": 0}
PLURAL = {"say_plural": (0, 1), "ngettext": (0, 1), "ngettext_lazy": (0, 1)}
OF_THE_LIBRARY = ("N_", "say_plural")
CONTEXT = {"pgettext": (0, 1), "pgettext_lazy": (0, 1)}


def python_messages(code: str, path: Path, *, web: bool) -> list[Found]:
    """What Python CODE marks for translation; in the command line also the help texts.

    The web application's own words stand in its own catalogue, what it says by ``say`` in the
    library's.
    """
    file = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
    tree = ast.parse(code)
    found: list[Found] = []
    inside_plural: set[int] = set()
    web_code = web or WEB in path.parents
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if web_code and (name in OF_THE_LIBRARY) == web:
            # `say` speaks from the library's catalogue, wherever it is called.
            continue
        if name in PLURAL:
            forms = tuple(_literal(argument) for argument in node.args[:2])
            inside_plural |= {id(argument) for argument in node.args[:2]}
            if all(forms):
                found.append(Found(tuple(str(form) for form in forms), None, file))
        elif name in CONTEXT and len(node.args) >= 2:
            context, words = (_literal(argument) for argument in node.args[:2])
            if words:
                found.append(Found(words, context, file))
        elif name in SINGULAR and node.args and id(node) not in inside_plural:
            words = _literal(node.args[0])
            found += [Found(words, None, file)] if words else []
    if not web and path.parent.name == "cli":
        found += [Found(words, None, file) for words in _help_texts(tree, path.stem)]
    return found


def _literal(node: ast.expr) -> str | None:
    """The string that NODE writes out, marked or not; None for anything computed."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_" and node.args:
        return _literal(node.args[0])
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _help_texts(tree: ast.Module, module: str) -> Iterator[str]:
    """Help of options and arguments, and the docstrings that are the help of commands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "help" and (words := _literal(node.value)):
            yield inspect.cleandoc(words)
        if isinstance(node, ast.FunctionDef):
            called = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
            decorated = any(isinstance(f, ast.Attribute) and f.attr == "command" for f in called)
            if (decorated or node.name == module) and (words := ast.get_docstring(node)):
                yield words


def jinja_messages(code: str, path: Path) -> list[Found]:
    """What a Jinja template marks for translation."""
    from jinja2.ext import babel_extract

    stream = io.BytesIO(code.encode())
    keywords = ["_", "gettext", "ngettext", "N_", "say", "say_plural"]
    found = babel_extract(stream, keywords, [], {"encoding": "utf-8", "silent": "false"})
    return _from_babel(((words, None) for _, _, words, _ in found), path)


def django_messages(code: str, path: Path) -> list[Found]:
    """What a Django template marks for translation."""
    from django.utils.translation.template import templatize

    # Without its indentation a template reads as Python, however it is nested.
    lines = templatize(code, origin=str(path)).splitlines()
    stream = io.BytesIO("\n".join(line.strip() for line in lines).encode())
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2),
                "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}  # fmt: skip
    marked = []
    for _, function, words, _ in extract_python(stream, keywords, [], {"encoding": "utf-8"}):
        forms = [words] if isinstance(words, str) else [w for w in words if w]
        context = forms.pop(0) if function in ("pgettext", "npgettext") else None
        if forms:
            marked.append((forms[0] if len(forms) == 1 else tuple(forms[:2]), context))
    return _from_babel(marked, path)


def _from_babel(marked: Iterable[tuple[object, str | None]], path: Path) -> list[Found]:
    found = []
    for words, context in marked:
        if isinstance(words, tuple | list):
            forms = tuple(str(word) for word in words if word)
            words = forms[0] if len(forms) == 1 else forms
        if isinstance(words, str | tuple) and words:
            found.append(Found(words, context, str(path.relative_to(ROOT))))
    return found


# --- catalogues ------------------------------------------------------------------------------


def read(path: Path, language: str) -> Catalog:
    """The catalogue at PATH; an empty one where there is no such file."""
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def write(path: Path, language: str, entries: dict[Key, Message]) -> None:
    """ENTRIES as a .po file that changes only where a message does."""
    catalogue = Catalog(locale=language, fuzzy=False)
    for message in entries.values():
        catalogue.add(
            message.id,
            message.string,
            locations=[(file, 0) for file, _ in message.locations],
            flags=message.flags - {"python-format", "python-brace-format"},
            user_comments=message.user_comments,
            context=message.context,
        )
    body = io.BytesIO()
    write_po(body, catalogue, width=100, sort_output=True, omit_header=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(language=language, plural_forms=PLURAL_FORMS[language])
    path.write_text(header + body.getvalue().decode(), encoding="utf-8")


def entries_of(catalogue: Catalog) -> dict[Key, Message]:
    """The messages of CATALOGUE by what identifies them."""
    return {(message.id, message.context): message for message in catalogue if message.id}


def update(domain: Domain) -> None:
    """Make the catalogues of DOMAIN hold the messages of the code, translated as far as known."""
    where: dict[Key, list[str]] = {}
    for found in messages(domain):
        where.setdefault(found.key, []).append(found.file)
    for language in LANGUAGES:
        old = entries_of(read(domain.catalogue(language), language))
        new = {}
        for key, files in sorted(where.items(), key=lambda item: str(item[0])):
            locations = [(file, 0) for file in sorted(set(files))]
            kept = old.get(key)
            new[key] = Message(
                key[0],
                kept.string if kept else "",
                locations=locations,
                flags=kept.flags if kept else (),
                user_comments=kept.user_comments if kept else (),
                context=key[1],
            )
        if new:
            write(domain.catalogue(language), language, new)


def merge(files: list[Path]) -> Iterator[str]:
    """Take the translations of FILES into the library's catalogues.

    A message that is translated already keeps its words; yields a line for each that differs.
    """
    library = DOMAINS[0]
    update(library)
    for language in LANGUAGES:
        path = library.catalogue(language)
        entries = entries_of(read(path, language))
        for file in files:
            if f".{language}.po" not in file.name:
                continue
            for key, loose in entries_of(read(file, language)).items():
                known = entries.get(key)
                if known is None:
                    yield f"{file.name}: not in the code: {key[0]!r}"
                elif not translated(known):
                    known.string = loose.string
                elif known.string != loose.string and translated(loose):
                    yield f"{file.name}: {known.string!r} stays, not {loose.string!r}"
        write(path, language, entries)


def translated(message: Message) -> bool:
    """Does MESSAGE have words in every form?"""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(forms)


# --- check -----------------------------------------------------------------------------------


def check(domain: Domain) -> Iterator[str]:
    """A line for everything that is wrong with the catalogues of DOMAIN."""
    code = {found.key: found.file for found in messages(domain)}
    for language in LANGUAGES:
        path = domain.catalogue(language)
        if not path.exists():
            if code:
                yield f"{path.relative_to(ROOT)}: there is no such catalogue"
            continue
        name = str(path.relative_to(ROOT))
        if PLURAL_FORMS[language] not in path.read_text(encoding="utf-8").replace('"\n"', ""):
            yield f"{name}: Plural-Forms must be {PLURAL_FORMS[language]}"
        entries = entries_of(read(path, language))
        for key, file in code.items():
            if key not in entries:
                yield f"{name}: missing, from {file}: {key[0]!r}"
        for key, message in entries.items():
            for fault in message_faults(message, known=key in code):
                yield f"{name}: {fault}: {key[0]!r}"
            for words in numbers_before_nouns(message, language):
                yield f"{name}: a number before a noun with one form, {words!r}: {key[0]!r}"


def message_faults(message: Message, *, known: bool) -> Iterator[str]:
    """What is wrong with one entry of a catalogue."""
    if not known:
        yield "no longer in the code"
    if "fuzzy" in message.flags:
        yield "marked as doubtful (fuzzy)"
    if not translated(message):
        yield "not translated"
        return
    plural = isinstance(message.id, tuple | list)
    if plural and len(message.string) != 3:
        yield f"needs 3 plural forms, has {len(message.string)}"
    wanted = placeholders(message.id[1] if plural else message.id)
    for form in message.string if plural else [message.string]:
        if placeholders(form) != wanted:
            yield f"placeholders differ from {sorted(wanted)}: {form!r}"


def placeholders(words: str) -> set[str]:
    """The names in ``{braces}`` and ``%(parentheses)s`` of WORDS."""
    named = set(re.findall(r"%\(\w+\)[sd]", words))
    try:
        return named | {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(words) if name}
    except ValueError:
        return named | {"unbalanced braces"}


if __name__ == "__main__":
    sys.exit(main())
