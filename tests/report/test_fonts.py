"""The typefaces are as published, free to ship, and know the letters of our languages."""

import hashlib
import tomllib
from pathlib import Path

from zaplecze import report

FONTS = Path(report.__file__).parent / "fonts"


def test_every_file_is_the_published_one() -> None:
    packages = tomllib.loads((FONTS / "VENDOR.toml").read_text())["package"]
    listed = {name: digest for package in packages for name, digest in package["sha256"].items()}
    present = {path.name for path in FONTS.iterdir()} - {"VENDOR.toml"}
    assert present == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest, name


def test_every_package_comes_with_its_licence() -> None:
    for package in tomllib.loads((FONTS / "VENDOR.toml").read_text())["package"]:
        assert package["licence"] == "OFL-1.1"
        assert "SIL OPEN FONT LICENSE" in (FONTS / package["licence_file"]).read_text()


def test_all_of_it_stays_small() -> None:
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 1_500_000
