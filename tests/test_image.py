"""Pictures: what they count and write, in which letters, in which forms, and what they refuse."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from browser import KNOWN, Reader, go_to, shipped, summary
from click.testing import CliRunner, Result
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader
from registries import write

import outposts
from outposts import dates, vocabulary
from outposts.cli import main
from outposts.errors import MapError
from outposts.render import animation, definition, marks, typeset
from outposts.render.image import SIZES, Picture, picture
from outposts.render.look import THEMES
from outposts.render.typeset import letters_of, without_glyph
from outposts.rules import STATUSES

ROOT = Path(outposts.__file__).parent.parent
STATIC = ROOT / "outposts" / "render" / "static"
HOSTILE = '#import "x": * $ a^2 $ <script>alert(1)</script> \\ *b* `c` @d #sys.inputs'


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own day is today."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(dates.day(KNOWN) * 86400))
    monkeypatch.chdir(ROOT)


def region(on: str = "2020-06-02", **more: Any) -> Picture:
    return picture(shipped(), definition.load(ROOT / "maps/southeast-asia.yaml"), dates.day(on), dates.day(KNOWN), **more)  # fmt: skip


def small(**words: Any) -> Picture:
    """A picture of a map that is written in a test."""
    given = {"title": "A map", "on": "2020-06-02", "known": KNOWN}
    return picture(shipped(), definition.Definition.model_validate({**given, **words}))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["image", *words])


def text_of(pdf: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


# What it says


@pytest.mark.parametrize("name", ["southeast-asia", "phnom-penh"])
def test_picture_counts_what_the_page_counts(name: str, reader: Reader, maps: Path) -> None:
    page = reader.open(maps / f"{name}.html")
    made = definition.load(ROOT / f"maps/{name}.yaml")
    for day in ("2005-01-01", "2012-06-15", "2017-03-20", "2020-06-02"):
        for known in (KNOWN, "2018-01-01"):
            go_to(page, "As known on", known)
            go_to(page, "Go to date", day)
            of = picture(shipped(), made, dates.day(day), dates.day(known))
            expect(summary(page)).to_have_text(of.summary)


def test_picture_of_a_filtered_map_counts_what_its_page_counts(
    reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(
        "title: Some\non: 2017-03-20\nknown: 2026-12-01\nfilter: {country: [TH, VN], status: [open, closed]}\n"
    )
    made = definition.load(path)
    page = made.map(shipped())
    page.save(tmp_path / "one.html")
    opened = reader.open(tmp_path / "one.html")
    for day in ("2017-03-20", "2020-06-02", "2008-01-01"):
        go_to(opened, "Go to date", day)
        expect(summary(opened)).to_have_text(picture(shipped(), made, dates.day(day)).summary)


def test_legend_and_marks_hold_every_venue_once() -> None:
    made = region()
    scene = made.scene(SIZES["web"], "light")
    (frame,) = scene["frames"]
    assert frame["counts"] == list(made.counts.values())
    assert sum(frame["counts"]) == len(made.venues)
    unplaced = sum(venue.lon is None for venue in made.venues)
    drawn = sum(int(mark["sum"] or 1) for mark in frame["marks"])
    never = [v for v, s in zip(made.venues, made.statuses, strict=True) if s == "not-yet-open"]
    assert drawn == len(made.venues) - unplaced - sum(v.lon is not None for v in never)


def test_picture_tells_title_day_counts_sources_and_credits() -> None:
    text = text_of(region().render("pdf"))
    assert "As known on 1 December 2026" in text
    assert "2 June 2020" in text
    for status, count in region().counts.items():
        label = vocabulary.vocabulary()["en"]["statuses"][status]["label"]
        assert f"{label} {count}" in text
    claims = {claim.id for claim in region().claims}
    assert f"Derived from dated claims ({len(claims)}) in sources (" in text
    for word in ("Natural Earth", "GeoNames, CC BY 4.0", "CC-BY-4.0", "Outposts"):
        assert word in text


def test_evidence_counts_only_what_was_known() -> None:
    early = picture(shipped(), definition.load(ROOT / "maps/southeast-asia.yaml"), known=dates.day("2010-01-01"))  # fmt: skip
    assert 0 < len(early.claims) < len(region().claims)
    assert all(claim.known <= early.known for claim in early.claims)


def test_texts_are_no_markup() -> None:
    made = small(title=HOSTILE, deck=HOSTILE, credit=HOSTILE, filter={"country": "VN"})
    text = text_of(made.render("pdf"))
    letters = re.sub(r"\s", "", HOSTILE)
    assert re.sub(r"\s", "", text).count(letters) == 3
    svg = made.render("svg").decode()
    assert "<script" not in svg
    assert "href" not in re.sub(r'href="#', "", svg)


def test_a_very_long_title_keeps_to_its_place() -> None:
    long = Image.open(
        io.BytesIO(small(title="Word " * 2000, deck="x" * 9000).render("png", "card"))
    )
    short = Image.open(io.BytesIO(small(title="Word").render("png", "card")))
    box = (460, 0, 1200, 630)
    assert long.crop(box).tobytes() == short.crop(box).tobytes()


def test_a_view_is_widened_to_show_all_venues() -> None:
    narrow = small(view={"bounds": [[20, 105], [22, 107]]}, filter={"country": "VN"})
    (south, west), (north, east) = narrow.bounds
    assert all(south < v.lat < north and west < (v.lon or 0) < east for v in narrow.venues if v.lat)


# Its letters and marks


def test_fonts_have_every_letter_of_every_language() -> None:
    told = {code: vocabulary.vocabulary()[code] for code in vocabulary.languages()}
    assert len(told) == 9
    assert without_glyph(letters_of(told)) == ""
    assert all(set(map(ord, typeset.PLAIN)) <= typeset._covers(name) for name in typeset.LATIN)
    assert without_glyph({"\U00010380"}) == "\U00010380"


@pytest.mark.parametrize("lang", ["km", "lo", "th", "ko"])
def test_no_letter_is_set_as_a_box(lang: str) -> None:
    assert without_glyph(letters_of(region(lang=lang).scene(SIZES["web"], "light"))) == ""


@pytest.mark.parametrize(
    ("text", "alike", "more"),
    [("ក្ក", "កក", 0), ("កើ", "កេ", 1), ("กำ", "กา", 1), ("ກຳ", "ກາ", 1), ("각", "가", 0)],
)
def test_scripts_are_shaped(text: str, alike: str, more: int) -> None:
    """A subscript is one glyph though two letters; some vowels are one letter and two glyphs."""
    assert _glyphs(text) == _glyphs(alike) + more


def _glyphs(title: str) -> int:
    return small(title=title, filter={"country": "MM"}).render("svg", "card").count(b"<use ")


def test_marks_are_those_of_the_page(reader: Reader, maps: Path) -> None:
    page = reader.open(maps / "hanoi.html")
    for status in STATUSES:
        own = [
            {"d": " ".join(_svg(step) for step in part["curve"]), "width": part.get("width"), "dash": part.get("dash", [])}
            for part in marks.mark(status, 10, 10, 10, "light")
        ]  # fmt: skip
        off = page.evaluate(SAME_MARK, [status, own])
        assert off < 0.01, f"{status}: {off:.1%} of the pixels differ"


SAME_MARK = """([status, parts]) => {
  const sheet = () => { const c = document.createElement("canvas"); c.width = c.height = 200;
    const x = c.getContext("2d"); x.scale(8, 8); x.translate(2.5, 2.5); return x; };
  const [one, other] = [sheet(), sheet()];
  outposts.marks.draw(one, status, 10, 10, 10, "#ffffff");
  other.fillStyle = "#ffffff"; other.beginPath(); other.arc(10, 10, 11.5, 0, 7); other.fill();
  other.fillStyle = other.strokeStyle = outposts.marks.color(status);
  for (const {d, width, dash} of parts) {
    other.setLineDash(dash);
    if (width) { other.lineWidth = width; other.stroke(new Path2D(d)); } else other.fill(new Path2D(d));
  }
  const [a, b] = [one, other].map((x) => x.getImageData(0, 0, 200, 200).data);
  let off = 0;
  for (let i = 0; i < a.length; i += 4) off += Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 3] - b[i + 3]) > 90;
  return off / (a.length / 4);
}"""


def _svg(step: tuple[Any, ...]) -> str:
    return {"move": "M", "line": "L", "cubic": "C", "close": "Z"}[step[0]] + " ".join(
        map(str, step[1:])
    )


def test_colours_are_those_of_the_page() -> None:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root[^{]*\{([^}]*--outposts-ink[^}]*)\}", css)
    for theme, block in (("light", light), ("dark", dark)):
        told = dict(re.findall(r"--outposts-([\w-]+): (#\w+);", block))
        for name, color in THEMES[theme].items():
            written = told.get(name, color)
            assert color == (
                written if len(written) == 7 else "#" + "".join(2 * c for c in written[1:])
            )


# Its forms


@pytest.mark.parametrize(
    ("size", "pixels"),
    [("card", (1200, 630)), ("web", (1600, 1200)), ("print-a5", (2480, 1748)), ("1080x1350", (1080, 1350))],
)  # fmt: skip
def test_png_has_the_pixels_asked_for(size: str, pixels: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(region().render("png", size))) as made:
        assert made.size == pixels
        assert round(made.info["dpi"][0]) == (300 if "print" in size else 96)


def test_print_is_a4_and_pages_hold_vectors() -> None:
    page = PdfReader(io.BytesIO(region().render("pdf", "print"))).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)
    assert not page.images
    svg = html.unescape(region().render("svg", "card").decode())
    assert svg.startswith("<svg")
    assert "<image" not in svg
    assert f"<title>{region().alt}</title>" in svg


def test_themes_are_light_and_dark() -> None:
    for theme, look in THEMES.items():
        corner = Image.open(io.BytesIO(region().render("png", "card", theme))).getpixel((3, 3))
        assert "#" + "".join(f"{part:02x}" for part in tuple(corner)[:3]) == look["plate"]  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_same_inputs_give_the_same_bytes(form: str) -> None:
    assert region().render(form, "card") == region().render(form, "card")


# Months


def test_months_begin_and_end_with_the_days_given() -> None:
    days = animation.months(dates.day("2019-11-15"), dates.day("2020-03-10"))
    assert [dates.iso(day) for day in days] == ["2019-11-15", "2019-12-01", "2020-01-01", "2020-02-01", "2020-03-01", "2020-03-10"]  # fmt: skip
    assert len(animation.months(dates.day("2002-01-01"), dates.day("2021-12-01"))) == 240
    assert animation.months(5, 5) == [5]
    assert len(animation.months(dates.day("2019-01-01"), dates.day("2020-01-01"), 6)) == 3


def test_statuses_of_many_days_are_those_of_each() -> None:
    days = animation.months(dates.day("2016-01-01"), dates.day("2021-01-01"), 5)
    told = animation.statuses_on(region(), days)
    for day, statuses in zip(days, told, strict=True):
        assert statuses == region(dates.iso(day)).statuses


@pytest.mark.parametrize("form", ["gif", "webp"])
def test_animation_plays_once_and_rests_on_its_last_day(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"x.{form}"
    result = run("hanoi", "--from", "2019-11-01", "--to", "2020-04-01", "-o", str(path), "--size", "400x300")  # fmt: skip
    assert result.exit_code == 0, result.output
    with Image.open(path) as film:
        assert film.size == (400, 300)
        assert film.n_frames == 6  # type: ignore[attr-defined]
        assert film.info.get("loop", 1) == 1
        times = []
        for frame in range(6):
            film.seek(frame)
            film.load()
            times.append(film.info["duration"])
    assert times == [1000, 100, 100, 100, 100, 4000]
    assert path.read_bytes() == _again(path, tmp_path)


def _again(path: Path, folder: Path) -> bytes:
    other = folder / f"again{path.suffix}"
    run("hanoi", "--from", "2019-11-01", "--to", "2020-04-01", "-o", str(other), "--size", "400x300")  # fmt: skip
    return other.read_bytes()


def test_frames_show_the_status_colours_exactly(tmp_path: Path) -> None:
    path = tmp_path / "x.gif"
    day = dates.day("2020-06-02")
    animation.save(region(), path, day, day)
    with Image.open(path) as film:
        colors = {color for _, color in film.convert("RGB").getcolors(1 << 24) or []}
    for color in (THEMES["light"]["plate"], *(marks.color(s, "light") for s in STATUSES)):
        assert tuple(bytes.fromhex(color[1:])) in colors, color


def test_film_plays_in_mp4(tmp_path: Path) -> None:
    import av

    path = tmp_path / "x.mp4"
    animation.save(region(), path, dates.day("2019-11-01"), dates.day("2020-02-01"), size="401x301")
    with av.open(str(path)) as film:
        (track,) = film.streams.video
        assert (track.width, track.height) == (400, 300)
        assert sum(1 for _ in film.decode(track)) == 10 + 1 + 1 + 40


# What it refuses


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["hanio", "-o", "x.png"], 2, "did you mean 'hanoi'?"),
        (["hanoi", "-o", "x.jpeg"], 1, "there are .png, .svg, .pdf, .gif, .webp, .mp4"),
        (["hanoi", "-o", "x"], 1, "a file without suffix"),
        (["hanoi", "-o", "x.png", "--size", "crad"], 1, "did you mean 'card'?"),
        (["hanoi", "-o", "x.png", "--size", "9x9"], 1, "200 to 8000 pixels"),
        (["hanoi", "-o", "x.png", "--size", "3000x300"], 1, "no side is more than 3 times"),
        (["hanoi", "-o", "x.png", "--theme", "sepia"], 1, "light, dark"),
        (["hanoi", "-o", "x.png", "--lang", "xx"], 1, "no such language: xx"),
        (["hanoi", "-o", "x.gif"], 2, "needs --from and --to"),
        (["hanoi", "-o", "x.png", "--from", "2020-01-01"], 2, "shows one day"),
        (["hanoi", "-o", "x.gif", "--to", "2020-01-01"], 2, "give its first with --from"),
        (["hanoi", "-o", "x.gif", "--from", "2020-01-01", "--to", "2019-01-01"], 1, "2020-01-01, is after the last, 2019-01-01"),
        (["hanoi", "-o", "x.gif", "--from", "1500-01-01", "--to", "2019-01-01"], 1, "more than 600 days"),
        (["hanoi", "-o", "x.png", "--on", "2020-13-01"], 2, "2020-13-01"),
        (["hanoi", "-o", "maps/hanoi.yaml/x.png"], 1, "maps/hanoi.yaml"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told_and_writes_nothing(
    words: list[str], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "maps").symlink_to(ROOT / "maps")
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert (result.exit_code, told in " ".join(result.stderr.split())) == (code, True), (
        result.output
    )
    assert [path.name for path in tmp_path.iterdir()] == ["maps"]


def test_a_map_without_venues_is_an_error() -> None:
    with pytest.raises(
        MapError, match=r"none of the registry's 48 passes the filter \{text: zzzz\}"
    ):
        small(filter={"text": "zzzz"})


def test_without_the_libraries_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(MapError, match=re.escape("pip install 'outposts[images]'")):
        region().render("png")
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(MapError, match=re.escape("pip install 'outposts[video]'")):
        animation.save(region(), Path("x.mp4"), 0, 9)


def test_letters_of_no_font_are_told() -> None:
    assert small(title="A \U00010380 map").strange == "\U00010380"
    assert small(title="Bản đồ ភ្នំពេញ 평양 Москва “–”").strange == ""


def test_picture_goes_to_standard_output() -> None:
    result = run("hanoi", "--on", "2020-06-02", "-o", "-", "--size", "400x300")
    assert result.exit_code == 0
    assert Image.open(io.BytesIO(result.stdout_bytes)).size == (400, 300)
    assert "on 2 June 2020" in result.stderr


def test_another_registry_is_drawn_too(tmp_path: Path) -> None:
    write(tmp_path / "r")
    maps = tmp_path / "maps"
    maps.mkdir()
    (maps / "all.yaml").write_text(json.dumps({"title": "Testing"}))
    result = run("all", "--maps", str(maps), "--registry", str(tmp_path / "r"), "--on", "2020-06-02",
                 "-o", str(tmp_path / "x.pdf"))  # fmt: skip
    assert result.exit_code == 0, result.output
    text = text_of((tmp_path / "x.pdf").read_bytes())
    assert "Testers" in text
    assert "1 venue has no place on the map" in text
