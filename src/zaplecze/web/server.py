"""Serves the pages on this machine: database, static files, first account, then the server."""

import errno
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES, N_, Text, say
from zaplecze.web.home import NAME, prepare

if TYPE_CHECKING:
    from zaplecze.web.insight.models import Workspace

HOST = "127.0.0.1"
PORT = 8765
EVERY_ADDRESS = ("0.0.0.0", "::")


def serve(
    folder: Path | None = None,
    *,
    host: str = HOST,
    port: int = PORT,
    login_link: bool = True,
    tell: Callable[[Text], None],
) -> None:
    """Show the results in FOLDER (an OUT of ``zaplecze run``, or a folder of several) until stopped.

    Without FOLDER the server shows what was registered before. TELL gets the address and, with
    LOGIN_LINK, a link that logs the first account in once. Ctrl-C and SIGTERM stop the server.

    Raises `InputError` where FOLDER holds no results or the address cannot be used.
    """
    found = _results(folder) if folder else []
    _configure(found, host)
    from zaplecze.web.insight.services import register, restore

    _migrate()
    workspaces = [register(result) for result in found]
    if folder in found:
        # Whoever names a result wants to see it, even where it was taken off the list.
        restore(workspaces[0])
    _gather_static_files()
    server = _listen(host, port)
    address = _address(host, server.effective_port)
    _run(server, lambda: _announce(address, workspaces, login_link, tell))
    tell(say(N_("Stopped.")))


def _results(folder: Path) -> list[Path]:
    """The result folders that FOLDER is or holds. Raises `InputError` where there are none."""
    from zaplecze.web.insight.outputs import result_folders

    if found := result_folders(folder):
        return found
    raise InputError(
        say(
            N_(
                "{folder}: there are no results here. Make some with 'zaplecze run', "
                "or make a sample company with 'zaplecze demo'."
            ),
            folder=str(folder),
        )
    )


def _configure(results: list[Path], host: str) -> None:
    """Set Django up; variables that are set already win over what RESULTS and HOST suggest."""
    import django

    if results:
        os.environ.setdefault("ZAPLECZE_HOME", str(results[0].absolute().parent / NAME))
    if host in EVERY_ADDRESS and not os.environ.get("ZAPLECZE_ALLOWED_HOSTS"):
        raise InputError(
            say(
                N_(
                    "--host {host} lets other machines in. Say under which names they reach this "
                    "one, for instance ZAPLECZE_ALLOWED_HOSTS=zaplecze.example.com,192.168.1.20."
                ),
                host=host,
            )
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaplecze.web.settings")
    from zaplecze.web.home import home

    try:
        prepare(home())
    except OSError as error:
        raise InputError(
            say(
                N_("{folder}: cannot write there ({error}). Give another folder in ZAPLECZE_HOME."),
                folder=str(home()),
                error=error.strerror or str(error),
            )
        ) from None
    django.setup()
    from django.conf import settings

    if host not in EVERY_ADDRESS:
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, _shown(host)]


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _gather_static_files() -> None:
    """Style sheets and fonts under names that hold their hash, so that browsers may keep them."""
    from django.core.management import call_command

    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=["*.ttf"]
    )


def _listen(host: str, port: int) -> Any:
    """A server that holds its address. Raises `InputError` where the address cannot be had."""
    from waitress.server import create_server

    from zaplecze.web.wsgi import application

    if not 0 <= port < 65536:
        raise InputError(
            say(N_("--port {port}: ports are numbers from 1 to 65535."), port=str(port))
        )
    # A queue is no fault of anybody's: requests wait for one of the threads.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        return create_server(application, host=host, port=port, threads=8, **_proxy())
    except OSError as error:
        raise InputError(_reason(error, host, port)) from None
    except ValueError:
        raise InputError(_unknown_host(host)) from None


def _announce(
    address: str, workspaces: "list[Workspace]", login_link: bool, tell: Callable[[Text], None]
) -> None:
    from django.urls import reverse
    from django.utils import timezone

    from zaplecze.web.accounts.services import create_login_link, first_account

    owner = first_account()
    for workspace in workspaces:
        if workspace.removed_at:
            continue
        page = f"{address}{workspace.get_absolute_url()}"
        tell(Text((code, f"{workspace.name[code]}: {page}") for code in LANGUAGES))
    tell(say(N_("Zaplecze is at {address}. Stop it with Ctrl-C."), address=address))
    if login_link:
        token = create_login_link(owner, now=timezone.now())
        link = f"{address}{reverse('login_by_link', args=[token])}"
        tell(say(N_("Log in with this link, once and within an hour: {link}"), link=link))


def _run(server: Any, announce: Callable[[], None]) -> None:
    """Announce and answer requests until Ctrl-C or SIGTERM, whenever they come."""
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        announce()
        server.run()
    except KeyboardInterrupt:
        # Before the server could catch it; there is nothing to finish.
        pass
    finally:
        signal.signal(signal.SIGTERM, previous)
        server.close()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _proxy() -> dict[str, Any]:
    """What the server is to know of a proxy in front: that it speaks https, and for whom."""
    from django.conf import settings

    if not settings.HTTPS:
        return {"ident": None}
    return {
        "ident": None,
        "url_scheme": "https",
        "trusted_proxy": "127.0.0.1",
        "trusted_proxy_headers": {"x-forwarded-for"},
    }


def _address(host: str, port: int) -> str:
    """Where people reach the server: behind https under its first name, else HOST and PORT."""
    from django.conf import settings

    if settings.HTTPS:
        return f"https://{settings.ALLOWED_HOSTS[0]}"
    return f"http://{_shown(host)}:{port}"


def _shown(host: str) -> str:
    """HOST as it stands in an address."""
    if host in EVERY_ADDRESS:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _reason(error: OSError, host: str, port: int) -> Text:
    if error.errno == errno.EADDRINUSE:
        return say(
            N_(
                "Port {port} of {host} is taken by another program. "
                "Stop that one, or choose another port with --port {other}."
            ),
            port=str(port), host=host, other=str(port + 1),
        )  # fmt: skip
    if error.errno == errno.EACCES:
        return say(
            N_("Port {port} is for the administrator. Choose one above 1023 with --port."),
            port=str(port),
        )
    return _unknown_host(host)


def _unknown_host(host: str) -> Text:
    return say(
        N_("--host {host} is no address of this machine. The usual one is 127.0.0.1."), host=host
    )
