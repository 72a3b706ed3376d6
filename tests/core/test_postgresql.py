"""A connection to PostgreSQL is known to be alive without a statement, and found again when the server came back."""

from select import select
from unittest.mock import Mock

import psycopg
import pytest
from django.db import connection, connections

pytestmark = pytest.mark.django_db(transaction=True)
ASK = "django.db.backends.postgresql.base.DatabaseWrapper.is_usable"


def ask_as_a_request_does() -> None:
    """Be sure of the connection, then ask one thing."""
    vars(connections[connection.alias]).update(health_check_enabled=True, health_check_done=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_live_connection_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    asked = Mock(return_value=True)
    monkeypatch.setattr(ASK, asked)
    ask_as_a_request_does()
    asked.assert_not_called()


def test_a_server_that_restarted_is_found_again() -> None:
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    there = connection.connection.info
    with psycopg.connect(there.dsn, password=there.password, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [there.backend_pid])
    # The server says so when it is done.
    assert select([connection.connection], [], [], 5)[0]
    ask_as_a_request_does()
    assert connection.connection.info.backend_pid != there.backend_pid


def test_a_connection_closed_meanwhile_is_opened_again() -> None:
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    connection.connection.close()
    ask_as_a_request_does()
    assert not connection.connection.closed
