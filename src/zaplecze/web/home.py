"""The folder in which the web application keeps its database, its secret key and static files."""

import os
import secrets
from pathlib import Path

NAME = ".zaplecze"


def home() -> Path:
    """ZAPLECZE_HOME, else ``.zaplecze`` in the current directory."""
    return Path(os.environ.get("ZAPLECZE_HOME") or NAME).absolute()


def secret_key(folder: Path) -> str:
    """ZAPLECZE_SECRET_KEY, else the key that FOLDER keeps, else one that lasts as long as Python.

    Reading changes nothing on the disk: settings are imported by tests and tools as well.
    """
    if key := os.environ.get("ZAPLECZE_SECRET_KEY"):
        return key
    try:
        return _key_file(folder).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(50)


def prepare(folder: Path) -> None:
    """Make FOLDER, for its owner only, and the secret key in it, once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if "ZAPLECZE_SECRET_KEY" in os.environ:
        return
    try:
        file = os.open(_key_file(folder), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(file, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(50))


def _key_file(folder: Path) -> Path:
    return folder / "secret_key"
