"""Reading interaction logs."""

import gzip

import pytest

from interactions.formats import MAX_LINE, InteractionLog, LogUnreadable

VIEW = {"userId": "lena", "interactionType": "case_view", "occurredAt": "2026-01-05T10:00:00Z"}
VIEW_LINE = b'{"userId": "lena", "interactionType": "case_view", "occurredAt": "2026-01-05T10:00:00Z"}'


@pytest.fixture
def log(tmp_path):
    def write(raw: bytes, name: str = "log") -> InteractionLog:
        path = tmp_path / name
        path.write_bytes(raw)
        return InteractionLog(path)

    return write


def read(log: InteractionLog) -> list[tuple]:
    return [(record.line, record.fault.code if record.fault else record.value) for record in log.records()]


@pytest.mark.parametrize("name", ["log", "log.jsonl", "log.ndjson.gz"])
@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_are_known_by_content_and_unpacked_whatever_the_name(log, name, packed):
    raw = b"\xef\xbb\xbf" + VIEW_LINE + b"\r\n\n" + VIEW_LINE
    assert read(log(gzip.compress(raw) if packed else raw, name)) == [(1, VIEW), (3, VIEW)]


def test_a_line_at_fault_does_not_end_the_reading(log):
    long = b'{"x": "' + b"y" * MAX_LINE * 2 + b'"}'
    lines = [VIEW_LINE, b'{"userId": ', b"\xff\xfe", long, VIEW_LINE]
    assert read(log(b"\n".join(lines), "log.jsonl")) == [
        (1, VIEW),
        (2, "invalid_json"),
        (3, "invalid_unicode"),
        (4, "too_long"),
        (5, VIEW),
    ]


def test_a_cut_off_gzip_file_is_read_up_to_the_cut(log):
    packed = gzip.compress(b"\n".join([VIEW_LINE] * 3))
    told = read(log(packed[:-10]))
    assert told[-1][1] == "damaged_file"
    assert all(value == VIEW for _, value in told[:-1])


def test_position_ends_at_the_size_of_the_file(log):
    some = log(gzip.compress(b"\n".join([VIEW_LINE] * 1000)))
    positions = [some.position for _ in some.records()]
    assert positions == sorted(positions)
    assert some.position == some.size


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_cells_become_typed_fields_and_empty_ones_are_absent(log, delimiter):
    columns = {
        "userId": "007",
        "interactionType": "case_complete",
        "occurredAt": "2026-01-05T10:00:00Z",
        "timeSpentSeconds": "600",
        "activeSeconds": "",
        "caseId": "12",
        "performanceMetrics.score": "85.5",
        "performanceMetrics.attempts": "2",
        "metadata.difficulty": "1",
        "metadata.clicks": "4",
        "metadata.zip": "01234",
        "metadata.hinted": "true",
    }
    raw = delimiter.join(columns) + "\r\n" + delimiter.join(columns.values()) + "\r\n"
    assert read(log(raw.encode())) == [
        (
            2,
            {
                "userId": "007",
                "interactionType": "case_complete",
                "occurredAt": "2026-01-05T10:00:00Z",
                "timeSpentSeconds": 600,
                "caseId": "12",
                "performanceMetrics": {"score": 85.5, "attempts": 2},
                "metadata": {"difficulty": "1", "clicks": 4, "zip": "01234", "hinted": True},
            },
        )
    ]


def test_csv_lines_keep_their_numbers_and_faults_stay_on_their_line(log):
    raw = b'interactionType,caseTitle\nsearch,"two\nlines"\n,\n\nsearch,a,b\nsearch,\xff\n'
    told = read(log(raw, "log.csv"))
    assert told == [
        (2, {"interactionType": "search", "caseTitle": "two\nlines"}),
        (6, "too_many_cells"),
        (7, {"interactionType": "search", "caseTitle": "\udcff"}),
    ]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"[" + VIEW_LINE + b"]", "JSON array"),
        (b"userId,caseId\n", "'interactionType' is missing"),
        (b"interactionType,colour\n", "'colour'"),
        (b"interactionType,metadata\n", "'metadata'"),
        (b"interactionType,caseId,caseId\n", "stands twice"),
        (b"", "no header"),
    ],
)
def test_a_file_that_is_no_log_is_refused_whole(log, raw, told):
    with pytest.raises(LogUnreadable, match=told):
        read(log(raw))
