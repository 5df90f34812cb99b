"""The house as a whole: what is locked, vendored and translated, what is loaded, what is told."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from zaplecze.cli.doctor import examine, vendored_files

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"babel", "django", "duckdb", "lightgbm", "narwhals", "numpy", "pandas", "pyarrow",
         "pydantic", "pyspark", "rich", "scipy", "sklearn", "typst", "xlsxwriter"}  # fmt: skip
# In two halves, so that this file passes its own test.
HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.", "unpkg" + ".com", "jsdel" + "ivr")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/")


def shipped_files() -> list[Path]:
    """Every file of the project that git knows or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name.decode() for name in names.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def texts() -> list[tuple[Path, str]]:
    """The text files among them."""
    found = []
    for path in shipped_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((path, content.decode("utf-8")))
    return found


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-uv.lock", "requirements-cluster.lock"]
)
def test_every_locked_package_has_a_version_and_hashes(name):
    lines = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert packages
    for package in packages:
        assert re.match(r"[\w.\-\[\],]+==\S+ ", package), package
        assert "--hash=sha256:" in package, package


def test_no_file_names_a_package_registry():
    named = [str(path) for path, text in texts() if any(host in text for host in HOSTS)]
    assert named == []


def test_no_file_names_a_folder_of_somebodys_machine():
    named = [
        f"{path}: {found[0]}" for path, text in texts() if (found := MACHINE_PATH.search(text))
    ]
    assert named == []


@pytest.mark.parametrize(
    "path", [p for p in shipped_files() if p.suffix == ".po"], ids=lambda p: "-".join(p.parts[-4:])
)  # fmt: skip
def test_every_catalogue_compiles(path):
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=path.parts[-3], abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.tell() > 1_000


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_files_of_others_are_as_they_were_delivered(folder):
    changed = [str(path) for path, intact in vendored_files(ROOT / folder) if not intact]
    assert changed == []


def test_fonts_of_others_are_listed_with_their_hash():
    listed = {path for path, _ in vendored_files(ROOT / "src")}
    fonts = {path for path in shipped_files() if path.suffix in (".ttf", ".otf", ".woff2")}
    assert fonts
    assert fonts - listed == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["--language", "pl", "--help"]])
def test_starting_loads_nothing_heavy(arguments):
    code = (
        "import sys; from zaplecze.cli import main; "
        f"main({arguments}); print(*{{name.partition('.')[0] for name in sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "zaplecze" in loaded
    assert loaded & HEAVY == set()


def test_the_library_loads_without_django():
    code = (
        "import sys; import zaplecze.chain; "
        "print(*{name.partition('.')[0] for name in sys.modules} & {'django'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.long
def test_the_doctor_finds_this_installation_fit():
    assert [check for check in examine() if check.state == "fault"] == []
