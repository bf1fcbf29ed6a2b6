"""clickhouse-connect, as it is, against the embedded endpoint."""

import gzip
import http.client
import json
import socket
import threading
import uuid
from base64 import b64encode
from urllib.parse import urlencode

import lz4.frame
import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
import pytest
import zstandard
from clickhouse_connect.driver.exceptions import ClickHouseError

from tests.store.conftest import READER_TOKEN, TOKEN
from tests.store.rows import stream

HUGE = "SELECT sum(cityHash64(number, number + 1)) FROM numbers(400000000000)"


@pytest.fixture
def client(running):
    with running.client() as client:
        yield client


@pytest.fixture
def table(client):
    name = f"t_{uuid.uuid4().hex}"
    client.command(f"CREATE TABLE {name} (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    yield name
    client.command(f"DROP TABLE {name}")


def ask(running, method="POST", *, body=None, token=TOKEN, headers=None, path="/", **fields):
    """One request without any client's help: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    sent = {"X-ClickHouse-User": "hoglet", "X-ClickHouse-Key": token} | (headers or {})
    connection.request(method, f"{path}?{urlencode(fields)}", body, sent)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("compress", [False, True, "lz4", "zstd", "gzip"])
def test_a_client_inserts_and_reads_in_every_encoding(running, table, compress):
    with running.client(compress=compress) as client:
        rows = [[number, f"it's\t{number}"] for number in range(1000)]
        written = client.insert(table, rows, column_names=["a", "b"])
        assert written.written_rows == 1000
        assert [list(row) for row in client.query(f"SELECT * FROM {table} ORDER BY a").result_rows] == rows
        assert client.query_arrow(f"SELECT * FROM {table}").num_rows == 1000


def test_a_client_reads_data_frames_and_arrow(client):
    sql = "SELECT number AS n, toString(number) AS s FROM numbers(300000)"
    frame = client.query_df(sql)
    assert list(frame.n) == list(range(300_000))
    assert client.query_arrow(sql)["n"].to_pylist() == list(range(300_000))
    assert list(client.query_np("SELECT number FROM numbers(10)").flatten()) == list(np.arange(10))


def test_answers_stream_in_blocks(client):
    sql = "SELECT number AS n, 'x' AS s FROM numbers(500000)"
    with client.query_row_block_stream(sql) as blocks:
        sizes = [len(each) for each in blocks]
    assert sum(sizes) == 500_000
    assert len(sizes) > 1
    with client.query_arrow_stream(sql) as batches:
        assert sum(pa.compute.sum(each["n"]).as_py() for each in batches) == sum(range(500_000))
    with client.query_df_stream(sql) as frames:
        assert sum(len(each) for each in frames) == 500_000


@pytest.mark.parametrize(
    "form", ["JSON", "JSONCompact", "CSVWithNames", "TabSeparatedWithNamesAndTypes", "Parquet"]
)
def test_formats_with_a_head_come_whole(client, form):
    data = client.raw_query("SELECT number AS n FROM numbers(200000)", fmt=form)
    if form in ("JSON", "JSONCompact"):
        assert json.loads(data)["rows"] == 200_000
    elif form == "Parquet":
        assert pa.parquet.read_table(pa.BufferReader(data)).num_rows == 200_000
    else:
        assert len(data.splitlines()) == 200_000 + (2 if "Types" in form else 1)


def test_raw_streams_and_inserts_of_other_formats(client, table):
    client.raw_insert(table, insert_block=b'{"a":1,"b":"x"}\n{"a":2,"b":"y"}', fmt="JSONEachRow")
    client.raw_insert(
        table, ["b", "a"], insert_block=gzip.compress(b'"z",3\n'), fmt="CSV", compression="gzip"
    )
    client.insert_arrow(table, pa.table({"a": pa.array([4], pa.uint64()), "b": ["w"]}))
    client.command(f"INSERT INTO {table} VALUES (5, 'FORMAT CSV; it''s')")
    client.command(f"INSERT INTO {table} (a, b) SELECT 6, {{b:String}}", parameters={"b": "p"})
    with client.raw_stream(f"SELECT b FROM {table} ORDER BY a", fmt="TSV") as found:
        assert found.read() == b"x\ny\nz\nw\nFORMAT CSV; it\\'s\np\n"


def test_parameters_settings_and_database_reach_the_query(client):
    values = {"text": "tab\there 'quoted' \\ slash\nline", "list": ["a", "it's"], "number": 7}
    found = client.query(
        "SELECT {text:String}, {list:Array(String)}, {number:UInt8}, getSetting('max_threads'),"
        " currentDatabase()",
        parameters=values,
        settings={"max_threads": 1},
    )
    assert found.result_rows == [(values["text"], values["list"], 7, 1, "hoglet")]
    assert client.query("SELECT getSetting('max_threads')", settings={"max_threads": 2}).first_row == (2,)


def test_nothing_set_by_one_request_is_seen_by_the_next(client):
    client.command("SET max_threads = 3")
    client.query("SELECT 1", settings={"max_threads": 4})
    assert client.command("SELECT getSetting('max_threads')") not in (3, 4)


def test_answers_carry_the_headers_of_clickhouse(running):
    status, headers, body = ask(running, body="SELECT 1 AS x FORMAT JSONCompactEachRow", query_id="mine")
    assert (status, body) == (200, b"[1]\n")
    assert headers["X-ClickHouse-Query-Id"] == "mine"
    assert headers["X-ClickHouse-Format"] == "JSONCompactEachRow"
    assert headers["X-ClickHouse-Timezone"]
    assert json.loads(headers["X-ClickHouse-Summary"])["read_rows"] == "1"


@pytest.mark.parametrize(
    ("sql", "status", "code", "name"),
    [
        ("SELEC 1", 400, 62, "SYNTAX_ERROR"),
        ("SELECT nope", 404, 47, "UNKNOWN_IDENTIFIER"),
        ("SELECT * FROM nope", 404, 60, "UNKNOWN_TABLE"),
        ("SELECT throwIf(number = 3) FROM numbers(10)", 400, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
        ("SELECT 1; SELECT 2", 400, 62, "SYNTAX_ERROR"),
        ("SELECT {x:UInt8}", 400, 456, "UNKNOWN_QUERY_PARAMETER"),
        ("INSERT INTO nope FORMAT CSV\n1", 404, 60, "UNKNOWN_TABLE"),
    ],
)
def test_a_refused_statement_says_why(running, sql, status, code, name):
    found, headers, body = ask(running, body=sql)
    assert (found, headers["X-ClickHouse-Exception-Code"]) == (status, str(code))
    assert body.startswith(b"Code: %d. DB::Exception: " % code)
    assert f"({name})".encode() in body


def test_a_failure_after_the_answer_began_is_not_a_short_answer(client):
    sql = "SELECT throwIf(number > 2000000) FROM numbers(4000000)"
    with pytest.raises(ClickHouseError, match="throwIf"), client.query_row_block_stream(sql) as blocks:
        for _ in blocks:
            pass
    assert client.command("SELECT 1") == 1


def test_a_broken_insert_is_refused_and_the_connection_lives(client, table):
    for bad in (b"not arrow" * 200_000, b""):
        if bad:
            with pytest.raises(ClickHouseError):
                client.raw_insert(table, insert_block=bad, fmt="ArrowStream")
        assert client.command(f"SELECT count() FROM {table}") == 0
    with pytest.raises(ClickHouseError):
        client.raw_insert(
            table, insert_block=gzip.compress(b"1,2\n" * 9)[:-12], fmt="CSV", compression="gzip"
        )


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("gzip", gzip.compress), ("zstd", zstandard.compress), ("lz4", lz4.frame.compress)],
)
def test_bodies_of_every_encoding_and_framing_are_read(running, table, encoding, encode):
    data = encode(b"".join(b"%d,x\n" % number for number in range(100_000)))
    query = f"INSERT INTO {table} FORMAT CSV"
    pieces = (data[at : at + 1000] for at in range(0, len(data), 1000))
    assert ask(running, body=data, headers={"Content-Encoding": encoding}, query=query)[0] == 200
    chunked = {"Content-Encoding": encoding, "Transfer-Encoding": "chunked"}
    connection = http.client.HTTPConnection("127.0.0.1", running.port)
    chunked |= {"X-ClickHouse-User": "hoglet", "X-ClickHouse-Key": TOKEN}
    path = f"/?{urlencode({'query': query, 'insert_deduplication_token': 'second'})}"
    connection.request("POST", path, pieces, chunked, encode_chunked=True)
    assert connection.getresponse().status == 200
    assert ask(running, body=f"SELECT count() FROM {table}")[2] == b"200000\n"


def test_a_get_reads_and_never_writes(running, table):
    assert ask(running, "GET", query="SELECT 1")[2] == b"1\n"
    status, headers, _ = ask(running, "GET", query=f"INSERT INTO {table} VALUES (1, '')")
    assert (status, headers["X-ClickHouse-Exception-Code"]) == (403, "164")
    status, headers, _ = ask(running, "GET", query=f"DROP TABLE {table}")
    assert (status, headers["X-ClickHouse-Exception-Code"]) == (403, "164")


def test_only_the_right_token_opens_and_each_way_of_giving_it_works(running):
    basic = {"Authorization": "Basic " + b64encode(f"hoglet:{TOKEN}".encode()).decode()}
    empty = {"X-ClickHouse-User": "", "X-ClickHouse-Key": ""}
    connection = http.client.HTTPConnection("127.0.0.1", running.port)
    for headers, fields, wanted in (
        (basic, {}, 200),
        ({}, {"user": "hoglet", "password": TOKEN}, 200),
        ({}, {"user": "hoglet", "password": READER_TOKEN}, 403),
        ({}, {"user": "hoglet_reader", "password": TOKEN}, 403),
        ({}, {"user": "default", "password": ""}, 403),
        ({}, {}, 403),
        (empty, {}, 403),
        ({"Authorization": "Basic !!"}, {}, 403),
        ({"Authorization": "Bearer x"}, {}, 403),
    ):
        connection.request("POST", f"/?{urlencode(fields)}", "SELECT 1", headers)
        answer = connection.getresponse()
        body = answer.read()
        assert (answer.status, headers, fields) == (wanted, headers, fields)
        if wanted == 403:
            assert answer.headers["X-ClickHouse-Exception-Code"] == "516"
            assert b"AUTHENTICATION_FAILED" in body


def test_ping_needs_no_token_and_says_nothing(running):
    status, _, body = ask(running, "GET", path="/ping", token="")
    assert (status, body) == (200, b"Ok.\n")
    assert ask(running, "GET", path="/play")[0] == 404


def test_expect_continue_is_answered_before_the_body(running):
    with socket.create_connection(("127.0.0.1", running.port)) as raw:
        raw.sendall(
            b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 8\r\n"
            b"X-ClickHouse-Key: " + TOKEN.encode() + b"\r\n\r\n"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 100")
        raw.sendall(b"SELECT 1")
        assert raw.recv(4096).startswith(b"HTTP/1.1 200")


def running_queries(client) -> int:
    return client.command(
        "SELECT count() FROM system.processes"
        " WHERE query LIKE '%400000000000%' AND query NOT LIKE '%processes%'"
    )


def until(condition, tries=200):
    for _ in range(tries):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come to pass in 10 s")


def test_kill_query_stops_a_query_by_its_id(running, client):
    failures = []

    def long_query():
        with running.client() as other:
            try:
                other.query(HUGE, settings={"query_id": "long one"})
            except ClickHouseError as failure:
                failures.append(failure)

    thread = threading.Thread(target=long_query)
    thread.start()
    until(lambda: running_queries(client) == 1)
    assert "long one" in client.command("KILL QUERY WHERE query_id = 'long one' SYNC")
    thread.join(20)
    assert failures[0].code == 394
    assert client.command("KILL QUERY WHERE query_id = 'long one'") == ""


def test_a_client_that_hangs_up_leaves_no_query_behind(running, client):
    raw = socket.create_connection(("127.0.0.1", running.port))
    head = f"POST / HTTP/1.1\r\nHost: x\r\nX-ClickHouse-Key: {TOKEN}\r\nContent-Length: {len(HUGE)}\r\n\r\n"
    raw.sendall(head.encode() + HUGE.encode())
    until(lambda: running_queries(client) == 1)
    raw.close()
    until(lambda: running_queries(client) == 0)


def test_inserts_go_on_beside_a_long_query(running, client, table):
    thread = threading.Thread(target=lambda: ask(running, body=HUGE, query_id="heavy"))
    thread.start()
    until(lambda: running_queries(client) == 1)
    body = stream(pa.table({"a": pa.array(range(100_000), pa.uint64()), "b": ["x"] * 100_000}))
    for token in range(5):
        settings = {"insert_deduplication_token": str(token)}
        client.raw_insert(table, insert_block=body, fmt="ArrowStream", settings=settings)
    assert running_queries(client) == 1
    assert client.command(f"SELECT count() FROM {table}") == 500_000
    client.command("KILL QUERY WHERE query_id = 'heavy'")
    thread.join(20)


def test_many_threads_share_one_endpoint(running):
    failures = []

    def work(number):
        with running.client() as mine:
            found = {mine.query(f"SELECT {number} + count() FROM numbers(9)").first_row[0] for _ in range(10)}
            if found != {number + 9}:
                failures.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not failures


def test_parameters_too_long_for_a_url_arrive_as_a_form(client):
    wanted = [uuid.uuid4() for _ in range(500)]
    answer = client.query(
        "SELECT length({ids:Array(UUID)}), {text:String}", {"ids": wanted, "text": "é" * 5000}
    )
    assert answer.result_rows == [(500, "é" * 5000)]


def test_a_form_cannot_smuggle_settings_or_files(running):
    body = b'--x\r\nContent-Disposition: form-data; name="readonly"\r\n\r\n0\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    status, _, said = ask(running, body=body, headers=headers, query="SELECT 1")
    assert status >= 400
    assert b"readonly is not served" in said
