"""The parts of the benchmark that count: what is right, what is a region, how probable a score was."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests
from PIL import Image

from bench import calibration
from bench.baselines import Baseline, dhash
from bench.client import Answer, Site
from bench.compare import compare
from bench.conditions import CONDITIONS, FIRST_TEN
from bench.document import write_document
from bench.figures import NOT_OFFERED, Figure
from bench.fonts import GLYPH
from bench.indexing import Indexing
from bench.judging import Judge, Quality, quality
from bench.library import Library, read
from bench.misses import contact_sheet
from bench.own_site import Memory
from bench.regions import RegionCounts, count_regions, matches
from bench.report import report_sections
from bench.results import Results, judge_answers
from bench.screens import PlacedIcon, Screen
from bench.screenshots import Query, encode, placed_icon
from bench.site_runs import SiteRun
from bench.tables import Table
from bench.workload import Workload

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{}</svg>'
ICONS = {
    "a:square": SVG.format('<path d="M4 4h24v12H16v12H4z"/>'),
    "b:box": SVG.format('<path d="M8 8h16v8h-8v8H8z"/>'),  # the same once it is trimmed
    "a:line": SVG.format('<path d="M4 4h3v16H4z"/>'),
    "twemoji:flag-red": SVG.format('<path fill="red" d="M2 6h20v6H2z"/><path fill="#fc0" d="M2 12h20v6H2z"/>'),
}
LIBRARY = Library(ICONS, frozenset({"twemoji"}))
SITES = ("old ", "new  ", "new / old")  # how the lines of a comparison begin
PICTURE = encode(Image.new("RGB", (20, 16), "white"))


def test_quality_counts_first_places_first_ten_and_reciprocal_ranks() -> None:
    assert quality([1, 2, 0, 4]) == Quality(4, 0.25, 0.75, (1 + 1 / 2 + 1 / 4) / 4)


@pytest.mark.parametrize(
    ("truth", "ranking", "rank"),
    [
        ("a:square", ["a:square"], 1),
        ("a:square", ["a:line", "b:box"], 2),  # looks the same
        ("a:square", ["a:line", "x:unknown"], 0),
        ("a:square", ["a:line"] * 10 + ["a:square"], 0),  # the eleventh
        ("a:square", [], 0),
    ],
)
def test_judge_gives_the_rank_of_the_first_right_answer(truth: str, ranking: list[str], rank: int) -> None:
    assert Judge(ICONS).rank(truth, ranking) == rank


def test_colour_tells_flags_apart_that_grey_does_not() -> None:
    flag = ICONS["twemoji:flag-red"]
    judge = Judge({"x:red": flag, "x:grey": flag.replace("red", "#4c4c4c")})
    assert judge.looks_same("x:red", "x:grey")
    assert not judge.looks_same_in_colour("x:red", "x:grey")


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ((0.2, 0.2, 0.2, 0.2), True),
        ((0.21, 0.21, 0.2, 0.2), True),
        ((0.24, 0.24, 0.13, 0.13), True),  # within it, and more than two fifths of its area
        ((0.25, 0.25, 0.12, 0.12), False),  # too small
        ((0.1, 0.1, 0.8, 0.8), False),  # the whole toolbar
        ((0.5, 0.2, 0.2, 0.2), False),  # beside it
        ((0.2, 0.2, 0, 0), False),
    ],
)
def test_a_region_is_an_icons_if_it_is_there_and_about_as_large(region: tuple[float, ...], expected: bool) -> None:
    assert matches(region, (0.2, 0.2, 0.2, 0.2)) is expected


def test_toolbars_count_icons_regions_right_answers_and_other_regions() -> None:
    left, right = (0.1, 0.2, 0.2, 0.6), (0.6, 0.2, 0.2, 0.6)
    placed = (PlacedIcon("a:square", (left, left)), PlacedIcon("a:line", (right, right)))
    toolbar = Screen(Query("row", "", PICTURE), placed)
    regions: list[Mapping[str, Any]] = [
        {"box": left, "results": [{"icon": "a:square"}]},
        {"box": right, "results": [{"icon": "a:square"}]},
        {"box": (0.9, 0.9, 0.05, 0.05), "results": []},
    ]
    counts = count_regions([toolbar], [regions], str.__eq__)
    assert counts == RegionCounts(icons=2, regions=2, right=1, spurious=1)


def test_reliability_bins_by_score() -> None:
    bins = calibration.reliability([0.05, 0.95, 0.97, 1.0], [False, True, True, False])
    assert [(score_bin.low, score_bin.answers, score_bin.right) for score_bin in bins] == [
        (0.0, 1, 0.0),
        (0.9, 3, 2 / 3),
    ]
    assert calibration.expected_error(bins) == pytest.approx((0.05 + 3 * (2.92 / 3 - 2 / 3)) / 4)


def test_an_honest_score_has_no_calibration_error() -> None:
    bins = calibration.reliability([0.5, 0.5], [True, False])
    assert calibration.expected_error(bins) == 0
    assert "<svg" in calibration.diagram(bins)


@pytest.mark.parametrize(
    ("measured", "more", "met"), [(0.9, True, True), (0.8, True, False), (0.9, False, True), (1, False, False)]
)
def test_a_target_that_is_just_reached_is_met(measured: float, more: bool, met: bool) -> None:
    assert Figure("R@1", "", measured, 0.9, more).met is met


def test_every_condition_gives_the_same_scene_for_the_same_seed() -> None:
    for condition in CONDITIONS.values():
        assert condition(Random(3)) == condition(Random(3))
        left, top, right, bottom = condition(Random(3)).crop
        assert 0 <= left < right <= 120
        assert 0 <= top < bottom <= 120


def test_ids_of_an_icon_become_its_own() -> None:
    svg = '<svg viewBox="0 0 1 1"><path id="p"/><use href="#p" fill="url(#p)"/></svg>'
    html = placed_icon(svg, 1, 2, 16, "color:red", "m-")
    assert 'id="m-p"' in html and 'href="#m-p"' in html and "url(#m-p)" in html
    assert html.startswith('<svg style="left:1px;top:2px;width:16px;height:16px;')


def test_code_points_are_read_from_both_forms_of_css() -> None:
    css = '.ti-a-b:before {\n  content: "\\ec36";\n}\n.bi-alarm::before { content: "\\f102"; }'
    assert GLYPH.findall(css) == [("a-b", "ec36"), ("alarm", "f102")]


def test_dhash_says_where_it_gets_lighter() -> None:
    grey = Image.linear_gradient("L").rotate(90)  # dark on one side
    bits = {int(dhash(picture).sum()) for picture in (grey, grey.rotate(180))}
    assert bits == {0, 128 * 255}
    assert dhash(Image.new("RGBA", (9, 9))).tolist() == [0] * 128


def test_groups_of_icons() -> None:
    groups = {
        "a:line": "rest",
        "carbon:x": "unseen",
        "twemoji:cat": "palette",
        "twemoji:flag-red": "flags",
        "circle-flags:at": "flags",
    }
    assert {icon: LIBRARY.group(icon) for icon in groups} == groups


def test_a_sample_of_a_library_includes_the_given_icons_and_can_be_read_again(tmp_path: Path) -> None:
    sample = LIBRARY.sample(2, seed=1, include=["twemoji:flag-red"])
    assert len(sample.icons) == 2 and "twemoji:flag-red" in sample.icons
    [folder] = sample.write(tmp_path / "sample")
    again = read(sorted(folder.glob("*.json")))
    assert again.icons.keys() == sample.icons.keys()
    assert again.palettes == {"twemoji"}
    assert Judge({**ICONS, "again": again.icons["twemoji:flag-red"]}).looks_same("again", "twemoji:flag-red")


def results_of(confident: bool | None = None, regions: tuple[Mapping[str, Any], ...] | None = None) -> Results:
    """Ten queries in as many conditions, nine answered rightly, and two negatives, of which the library has the last.

    All answers have these `confident` and `regions`.
    """
    queries = [Query(name, "a:square", PICTURE) for name in FIRST_TEN]
    workload = Workload(queries, negatives=[Query("text", "", PICTURE), Query("icon", "b:box", PICTURE)])
    right = [Answer(10, ("b:box",), 0.9, confident, regions) for _ in queries[1:]]
    wrong = Answer(20, ("a:line",), 0.4, confident, regions)
    lookalike = Answer(10, ("a:square",), 0.9, confident, regions)
    return judge_answers(LIBRARY, workload, [wrong, *right, wrong, lookalike], None, [])


def test_a_site_without_confidence_and_regions_is_reported_as_such() -> None:
    text = "\n".join(section.text() for section in report_sections(results_of()))
    assert text.count(NOT_OFFERED) >= 3
    assert "TARGETS MISSED" in text


def test_indexing_and_memory_of_the_benchmarks_own_site_are_reported() -> None:
    run = SiteRun(Indexing(149, 1, 200.0), [], Memory(900_000_000, 700_000_000), Memory(1_600_000_000, 0))
    baseline = Baseline("dHash", 3, [["a:line"]] * 10, [2.0, 2.0], 500.0)
    results = replace(results_of(), run=run, baselines=[baseline])
    text = "\n".join(section.text() for section in report_sections(results))
    assert "Indexing: 149 icons by one warm worker; 1 failed." in text
    missed = next(line for line in text.splitlines() if line.startswith("TARGETS MISSED"))
    assert "indexing" in missed and "memory, worker" in missed and "memory, web" not in missed
    methods = [line.split() for line in text.splitlines() if line.startswith(("this site", "dHash "))]
    assert [(cells[-2], cells[-1]) for cells in methods] == [("200", "900"), ("2.0", "500")]


def test_an_icon_from_elsewhere_that_has_a_lookalike_does_not_count() -> None:
    results = results_of(confident=True)
    assert [query.condition for query, _ in results.negatives] == ["text"]


def test_the_document_keeps_what_was_written_by_hand(tmp_path: Path) -> None:
    results, file = results_of(confident=True, regions=()), tmp_path / "docs" / "benchmark.md"
    sections = report_sections(results)
    write_document(file, sections, results, ["today"], seed=1)
    file.write_text(file.read_text().replace("<!-- by hand: Figures -->\n", "<!-- by hand: Figures -->\nGood.\n"))
    write_document(file, sections, results, ["tomorrow"], seed=1)
    written = file.read_text()
    assert "<!-- by hand: Figures -->\nGood.\n<!-- end -->" in written
    assert "tomorrow" in written and "today" not in written
    assert (tmp_path / "docs" / "benchmark-reliability.svg").exists()
    assert contact_sheet(results.main, ICONS, 1) == (tmp_path / "docs" / "benchmark-misses.webp").read_bytes()


def test_tables_in_text_and_markdown() -> None:
    table = Table(["word", "n"], [["two", "2"], ["eleven", "11"]])
    assert table.text() == "word     n\n──────  ──\ntwo      2\neleven  11"
    assert table.markdown() == "| word | n |\n| --- | --: |\n| two | 2 |\n| eleven | 11 |"


@dataclass
class FakeReply:
    """The part of a reply that the client reads."""

    ok: bool
    icons: list[str]

    def json(self) -> dict[str, Any]:
        """The reply of the search API."""
        results = [{"icon": icon, "score": 0.9} for icon in self.icons]
        return {"results": results, "confident": True, "regions": []}


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """The sites and pictures that were posted. The old site always answers a:square, the new one in other ways."""
    posts: list[tuple[str, bytes]] = []
    new_replies = {
        b"same": FakeReply(True, ["a:square", "a:line"]),
        b"alike": FakeReply(True, ["b:box", "a:line"]),
        b"wrong": FakeReply(True, ["a:line"]),
        b"refused": FakeReply(False, []),
    }

    def post(session: requests.Session, url: str, files: dict[str, tuple[str, bytes]], timeout: float) -> FakeReply:
        site, path = url.removeprefix("http://").split("/", 1)
        assert path == "api/v1/search/image/"
        picture = files["image"][1]
        posts.append((site, picture))
        return FakeReply(True, ["a:square", "a:line"]) if site == "old" else new_replies[picture]

    monkeypatch.setattr(requests.Session, "post", post)
    return posts


def test_two_sites_are_compared_by_their_answers_to_the_same_queries(posted: list[tuple[str, bytes]]) -> None:
    queries = [Query("plain", "a:square", picture) for picture in (b"same", b"alike", b"wrong", b"refused")]
    comparison = compare(Site("http://old"), Site("http://new/"), queries, Judge(ICONS))
    assert comparison.differing(1) == comparison.differing(10) == [1, 2, 3]
    text = comparison.section().text()
    assert "The first answers differ for 3 of 4 queries; for 2 of these they also look different." in text
    assert "The first 10 answers differ for 3 of 4 queries." in text
    lines = {name: line.split() for line in text.splitlines() for name in SITES if line.startswith(name)}
    old, new, ratio = (lines[name] for name in SITES)
    assert (old[1], old[-1]) == ("1.000", "0")
    assert (new[1], new[-1]) == ("0.500", "1")  # What looks the same is right, a refused query is not.
    assert len(ratio) == 5
    assert "plain      a:square  a:square          nothing" in text


def test_the_site_that_is_asked_first_alternates(posted: list[tuple[str, bytes]]) -> None:
    queries = [Query("plain", "a:square", b"same")] * 3
    compare(Site("http://old"), Site("http://new"), queries, Judge(ICONS))
    assert [site for site, _ in posted[-6:]] == ["old", "new", "new", "old", "old", "new"]
