"""Names of icons and their public ids."""

import pytest

from icons.names import is_name, split_id, stem, to_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("arrow-left", "arrow-left"),
        ("Arrow Left_2", "arrow-left-2"),
        ("arrowLeft", "arrow-left"),
        ("Größe", "grosse"),
        ("--x--", "x"),
        ("图标", "tu-biao"),
        ("删除按钮 2", "shan-chu-an-niu-2"),
        ("🎉 party", "tada-party"),
        ("домой", "domoy"),
        ("ホーム", "homu"),
        ("\u0301", ""),
        ("a" * 300, "a" * 200),
    ],
)
def test_it_makes_a_name_of_any_text(text: str, name: str) -> None:
    assert to_name(text) == name


@pytest.mark.parametrize("text", ["", "A", "a_b", "a--b", "-a", "a-", "a b", "a\n", "ä", "a" * 201])
def test_it_knows_what_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_a_public_id_has_two_parts() -> None:
    assert split_id("tabler:home") == ("tabler", "home")
    assert split_id("tabler") is None
    assert split_id("tabler:Home") is None
    assert split_id("a:b:c") is None


def test_the_stem_is_without_folders_and_ending() -> None:
    assert stem("a/b/图标.svg") == "图标"
    assert stem("C:\\icons\\home.svg") == "home"
    assert stem("") == ""
