"""A connection to PostgreSQL is known to be alive without a statement, and found again when the server came back."""

from select import select

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db(transaction=True)


def asked_as_a_request_does() -> int:
    """How many statements it took to be sure of the connection, and to ask one thing."""
    vars(connections[connection.alias]).update(health_check_enabled=True, health_check_done=False)
    with CaptureQueriesContext(connection) as asked, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return len(asked.captured_queries)


def test_a_live_connection_costs_nothing() -> None:
    if connection.vendor != "postgresql":
        return
    asked_as_a_request_does()
    assert asked_as_a_request_does() == 1


def test_a_server_that_restarted_is_found_again() -> None:
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    there = connection.connection.info
    with psycopg.connect(there.dsn, password=there.password, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [there.backend_pid])
    # The server says so when it is done.
    assert select([connection.connection], [], [], 5)[0]
    asked_as_a_request_does()
    assert connection.connection.info.backend_pid != there.backend_pid
