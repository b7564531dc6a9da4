"""`python -m bench.round_trip`, with a small set: import, export, import into an empty site, export again."""

import json
from pathlib import Path

import pytest

from bench.round_trip import Exports, report, round_trip, unlike_source
from tests.iconify_oracle import PREFIXES, require_oracle, whole_set


def test_sets_come_back_with_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require_oracle()
    source = tmp_path / "source"
    source.mkdir()
    for prefix in PREFIXES:
        (source / f"{prefix}.json").write_text(json.dumps(whole_set(prefix)))
    exports = round_trip(source, tmp_path)
    assert list(exports.first) == [f"{prefix}.json" for prefix in PREFIXES]
    assert exports.differing == [] and unlike_source(source, exports.first) == {}
    report(source, exports)
    assert "5 sets, " in capsys.readouterr().out


def test_what_does_not_come_back_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = {
        "prefix": "a",
        "info": {"name": "A"},
        "width": 24,
        "icons": {"b": {"body": "", "left": 1}, "c": {"body": ""}},
    }
    (tmp_path / "a.json").write_text(json.dumps(data))
    other = {"prefix": "a", "info": {"name": "B"}, "width": 20, "icons": {"b": {"body": "x"}}}
    exports = Exports({"a.json": json.dumps(other).encode(), "b.json": b""}, {"a.json": b"", "b.json": b""}, {})
    assert unlike_source(tmp_path, exports.first) == {"a": ["info", "names", "sizes", "width"]}
    with pytest.raises(SystemExit):
        report(tmp_path, exports)
    assert "differing: a.json" in capsys.readouterr().out
