"""Which store an address opens, and what is loaded for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from service.storage.opening import is_missing, is_shared


@pytest.mark.parametrize("client", ["psycopg", "procrastinate"])
def test_the_client_of_postgresql_is_not_loaded_before_one_is_used(client: str) -> None:
    asked = f"import sys, service.app, service.commands; print({client!r} in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout == "False\n"


@pytest.mark.parametrize("address", ["postgresql://127.0.0.1/news", "postgres://127.0.0.1/news"])
def test_an_address_of_postgresql_is_shared_and_never_a_missing_file(address: str) -> None:
    assert is_shared(address)
    assert not is_missing(address)
