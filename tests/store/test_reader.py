"""What the read-only user cannot do, tried in every way known."""

import http.client
from urllib.parse import urlencode

import pytest

from appliance.failures import StoreRefused, StoreUnavailable
from appliance.store import connect
from tests.store.conftest import READER_TOKEN
from tests.store.rows import block, event


@pytest.fixture(scope="module", autouse=True)
def _events(running):
    store = running.store()
    store.insert_arrow_stream("events", block([event(team_id=50)]), "for the reader")
    store.close()


def test_the_reader_reads_our_tables_with_parameters_and_settings(reader):
    found = reader.query(
        "WITH t AS (SELECT * FROM events) SELECT count(), {x:String} FROM t JOIN numbers(1) AS n ON 1 = 1"
        " WHERE team_id = {team:Int64}",
        {"team": 50, "x": "file('/etc/passwd') ; DROP TABLE events"},
        {"max_threads": 1},
    )
    assert found.rows[0] == (1, "file('/etc/passwd') ; DROP TABLE events")
    assert found.rows_read > 0


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM system.columns WHERE table = 'events' LIMIT 1",
        "SELECT count() FROM events FINAL SAMPLE 1",
        "(SELECT 1) UNION ALL (SELECT 2)",
        "SELECT * FROM (SELECT 1) EXCEPT SELECT 2",
        "SELECT 1 AS file, 'system.processes' AS s",
        "SELECT '-- ; INTO OUTFILE' /* comment */ -- system.users",
        "EXPLAIN SELECT count() FROM events",
        "DESCRIBE TABLE events",
        "SELECT * FROM values('x UInt8', 1)",
    ],
)
def test_harmless_queries_pass(reader, sql):
    assert reader.query(sql).rows


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT file('/etc/passwd')",
        "SELECT `file`('/etc/passwd')",
        "SELECT /**/file /**/ ('/etc/passwd')",
        "SELECT (SELECT length(file('/etc/passwd')))",
        "EXPLAIN SELECT file('/etc/passwd')",
        "WITH (x) -> file(x) AS f SELECT f('/etc/passwd')",
        "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM `/etc/passwd`",
        "SELECT * FROM '/etc/passwd'",
        "DESCRIBE file('/etc/passwd')",
        "DESCRIBE TABLE url('http://127.0.0.1:1/', 'CSV')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SELECT * FROM s3('http://127.0.0.1:1/bucket/key')",
        "SELECT * FROM remote('127.0.0.1', system.one)",
        "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
        "SELECT * FROM sqlite('/tmp/x.db', 'y')",
        "SELECT * FROM executable('id', 'TSV', 'x String')",
        "SELECT * FROM python('os')",
        "SELECT * FROM merge('system', 'processes')",
        "SELECT * FROM cluster('default', system.one)",
        "SELECT * FROM view(SELECT * FROM system.processes)",
        "SELECT 1 IN file('/etc/passwd')",
        "SELECT query FROM system.processes",
        "SELECT query FROM `system`.`processes`",
        "SELECT * FROM SYSTEM.processes",
        "SELECT * FROM system . /**/ server_settings",
        "SELECT 1 FROM events WHERE (SELECT count() FROM system.users) > 0",
        "SELECT 1 IN system.users",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM INFORMATION_SCHEMA.TABLES",
        "SHOW PROCESSLIST",
        "SHOW CREATE TABLE events",
        "SHOW GRANTS",
        "SELECT 1 INTO OUTFILE '/tmp/hoglet-escape'",
        "SELECT 1 INTO/**/OUTFILE '/tmp/hoglet-escape' FORMAT CSV",
        "SELECT 1; DROP TABLE events",
        "SELECT 1 PARALLEL WITH DROP TABLE events",
        "INSERT INTO events (team_id) VALUES (1)",
        "INSERT INTO events (team_id) SELECT 1",
        "INSERT INTO FUNCTION file('/tmp/hoglet-escape') SELECT 1",
        "CREATE TABLE x (a UInt8) ENGINE = Memory",
        "CREATE TEMPORARY TABLE x (a UInt8)",
        "CREATE FUNCTION x AS (a) -> a",
        "ALTER TABLE events DELETE WHERE 1",
        "DELETE FROM events WHERE 1",
        "TRUNCATE TABLE events",
        "DROP DATABASE hoglet",
        "OPTIMIZE TABLE events FINAL",
        "SYSTEM STOP MERGES",
        "SYSTEM SHUTDOWN",
        "KILL QUERY WHERE 1",
        "SET readonly = 0",
        "USE system",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT 1 SETTINGS max_execution_time = 0",
        "SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)",
        "EXPLAIN AST DROP TABLE events; DROP TABLE events",
        "BACKUP DATABASE hoglet TO File('/tmp/hoglet-escape')",
        "SELECT sleep(3)",
        "SELECT name FROM system.settings SETTINGS readonly = 0",
    ],
)
def test_every_known_way_out_is_refused(reader, sql):
    with pytest.raises(StoreRefused):
        reader.command(sql)
    assert reader.query("SELECT count() > 0 FROM events").rows[0][0]


def test_a_table_named_by_a_parameter_is_checked_too(reader):
    sql = "SELECT * FROM {database:Identifier}.{table:Identifier}"
    with pytest.raises(StoreRefused):
        reader.query(sql, {"database": "system", "table": "processes"})
    with pytest.raises(StoreRefused):
        reader.query("SELECT * FROM {table:Identifier}", {"table": "/etc/passwd"})
    found = reader.query("SELECT count() FROM {table:Identifier}", {"table": "events"})
    assert found.rows[0][0] > 0


@pytest.mark.parametrize(
    "settings",
    [
        {"readonly": 0},
        {"readonly": 2},
        {"allow_ddl": 1},
        {"dialect": "kusto"},
        {"result_overflow_mode": "break"},
        {"max_untracked_memory": 10**12},
        {"allow_introspection_functions": 1},
    ],
)
def test_settings_that_loosen_limits_are_refused(running, settings):
    fields = urlencode({"user": "hoglet_reader", "password": READER_TOKEN} | settings)
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    connection.request("POST", f"/?{fields}", "SELECT 1")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (403, "164")
    connection.close()


def test_limits_hold_and_may_be_lowered_but_not_raised(reader):
    endless = "SELECT sum(cityHash64(number, number + 1)) FROM numbers(400000000000)"
    with pytest.raises(StoreRefused, match="TIMEOUT_EXCEEDED"):
        reader.query(endless, settings={"max_execution_time": 1000})
    with pytest.raises(StoreRefused, match="TOO_MANY_ROWS_OR_BYTES"):
        reader.query("SELECT number FROM numbers(2000000)", settings={"max_result_rows": 0})
    with pytest.raises(StoreRefused, match="TOO_MANY_ROWS_OR_BYTES"):
        reader.query("SELECT number FROM numbers(100)", settings={"max_result_rows": 10})
    with pytest.raises(StoreRefused, match="MEMORY_LIMIT_EXCEEDED"):
        reader.query(
            "SELECT length(groupArray(toString(number) || repeat('x', 100))) FROM numbers(100000000)",
            settings={"max_memory_usage": 0},
        )


def test_the_reader_kills_its_own_queries_only(reader):
    assert reader.command("KILL QUERY WHERE query_id = 'somebody else'") == ""


def test_a_store_that_is_not_there_is_unavailable_and_a_bad_token_is_refused(running):
    with pytest.raises(StoreUnavailable):
        connect("http://127.0.0.1:9/hoglet", connect_timeout_s=1).query("SELECT 1")
    with pytest.raises(StoreRefused) as refused:
        connect(running.url, user="hoglet", password="wrong").query("SELECT 1")
    assert refused.value.code == 516
    assert not connect("http://127.0.0.1:9/hoglet").ping()
