"""Which engine the user chose; nothing of a cluster is loaded to answer that."""

import os
import re

from zaplecze.errors import InputError
from zaplecze.eventlog.engine.cluster import Cluster
from zaplecze.language import N_, say

VARIABLE = "ZAPLECZE_ENGINE"

_MASTERS = r"spark://[^\s/,:]+:\d{1,5}(,[^\s/,:]+:\d{1,5})*"
_CONNECT = r"sc://[^\s/:]+(:\d{1,5})?(/\S*)?"


def in_force() -> Cluster | None:
    """The cluster that the environment names; None where DuckDB in this process is the engine.

    Nothing is connected yet. Raises `InputError` for an address that is none.
    """
    url = os.environ.get(VARIABLE, "").strip()
    if url in ("", "duckdb"):
        return None
    if not re.fullmatch(f"{_MASTERS}|{_CONNECT}", url):
        raise InputError(
            say(
                N_(
                    "{variable} = '{url}': this is no address of a cluster. Write "
                    "'spark://host:port' or, for Spark Connect and Databricks, 'sc://host:port', "
                    "or unset the variable to work on this machine."
                ),
                variable=VARIABLE, url=str(Cluster(url)),
            )
        )  # fmt: skip
    return Cluster(url)
