"""The site around the maps: complete, linked, the same for the same inputs, and nothing of others touched."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest
from browser import KNOWN, MAPS, ROOT
from click.testing import CliRunner
from lxml import etree, html
from PIL import Image
from registries import KORYO as KORYO_TEXT
from registries import KORYO_FILE, changed, koryo, write

import outposts
from outposts.cli import main
from outposts.errors import MapError
from outposts.export import FOLDER, FORMATS
from outposts.rules import STATUSES
from outposts.site.build import build
from outposts.site.history import WIDTH, bars

READERS = ROOT / ".readers"  # what scripts/readers sets up
DEFINITION = "title: A map\non: 2020-06-02\n"


@pytest.fixture(autouse=True)
def own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str((outposts.dates.day(KNOWN)) * 86_400))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site of the shipped registry and maps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str((outposts.dates.day(KNOWN)) * 86_400))
        out = tmp_path_factory.mktemp("site")
        paths = [ROOT / "maps" / f"{name}.yaml" for name in MAPS]
        articles = [ROOT / "maps" / "example-article.html"]
        assert all(not file.fresh for file in build(outposts.load(), paths, out, pages=articles))
        yield out


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a small registry `r`, a map definition in `maps` and room for a site in `out`."""
    write(tmp_path / "r")
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "a-map.yaml").write_text(DEFINITION)
    return tmp_path


def made(folder: Path, **more: Any) -> dict[str, bool]:
    """Build the site of such a folder; return its files and whether each was already so."""
    paths = sorted((folder / "maps").glob("*.yaml"))
    found = build(outposts.load(folder / "r"), paths, folder / "out", **more)
    return {file.path.relative_to(folder / "out").as_posix(): file.fresh for file in found}


def documents(site: Path) -> dict[Path, Any]:
    """Return the parsed pages of a site but for its maps."""
    names = {f"{name}.html" for name in [*MAPS, "a-map", "example-article"]}
    paths = [path for path in sorted(site.rglob("*.html")) if path.name not in names]
    return {path: html.fromstring(path.read_bytes()) for path in paths}


def test_every_link_within_the_site_leads_to_something(shipped: Path) -> None:
    for path, page in documents(shipped).items():
        for _, attribute, link, _ in page.iterlinks():
            if link.startswith(("http:", "https:", "data:")):
                assert attribute == "href", f"{path.name} loads {link}"
                continue
            name, _, fragment = link.partition("#")
            target = (path.parent / name) if name else path
            assert target.is_file(), f"{path.name} links to {link}"
            if fragment and "=" not in fragment:
                text = target.read_text(encoding="utf-8")
                assert f'id="{fragment}"' in text, f"{path.name} links to {link}"


def test_pages_load_nothing_from_elsewhere_and_run_nothing(shipped: Path) -> None:
    for path, page in documents(shipped).items():
        assert page.xpath("//script[not(@type='application/ld+json')]") == [], path
        assert page.xpath("//*[@*[starts-with(name(), 'on')]]") == [], path
        assert page.xpath("//@style") == [], path
        for link in page.xpath("//@src | //link[@rel='stylesheet']/@href"):
            assert not link.startswith(("http", "//")), path


def test_every_venue_and_country_has_a_page(shipped: Path) -> None:
    registry = outposts.load()
    venues = {path.stem for path in (shipped / "venues").glob("*.html")}
    assert venues == set(registry) == {path.stem for path in (shipped / "venues").glob("*.json")}
    countries = {path.stem.upper() for path in (shipped / "countries").glob("*.html")}
    assert countries == {venue.country for venue in registry.values()}


def test_a_venues_page_holds_each_of_its_claims(shipped: Path) -> None:
    for id, venue in outposts.load().items():
        page = html.fromstring((shipped / "venues" / f"{id}.html").read_bytes())
        assert len(page.xpath("//ol[@class='claims']/li")) == len(venue.claims)
        quotes = [quote.text_content() for quote in page.xpath("//blockquote")]
        assert quotes == [claim.quote for claim in venue.claims if claim.quote]
        told = json.loads((shipped / "venues" / f"{id}.json").read_text(encoding="utf-8"))
        assert [claim["id"] for claim in told["claims"]] == [claim.id for claim in venue.claims]
        assert told["status"] == venue.status(KNOWN, KNOWN).status
        assert {claim["source"] for claim in told["claims"]} == set(told["sources"])


def test_the_numbers_of_the_index_are_those_of_the_registry(shipped: Path) -> None:
    page = html.fromstring((shipped / "index.html").read_bytes())
    found = {
        item.get("class").removeprefix("is-"): int(item.find("b").text)
        for item in page.xpath("//ul[@class='counts']/li")
    }
    statuses = outposts.load().on(KNOWN, KNOWN)["status"]
    assert found == statuses.value_counts().to_dict()


def test_a_venue_known_to_its_town_has_a_circle_and_no_point(shipped: Path) -> None:
    for id, venue in outposts.load().items():
        page = html.fromstring((shipped / "venues" / f"{id}.html").read_bytes())
        graph = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])["@graph"]
        place = next(node for node in graph if node.get("identifier") == id)
        if venue.lon is None:
            assert "geo" not in place
            assert not page.xpath("//figure")
        else:
            exact = venue.precision == "building"
            assert place["geo"]["@type"] == ("GeoCoordinates" if exact else "GeoCircle")
            assert place["geo"].get("geoRadius") == (None if exact else venue.radius_m)
            assert page.xpath("//figure//circle")


def test_index_is_small(shipped: Path) -> None:
    assert (shipped / "index.html").stat().st_size < 100_000


def test_a_second_build_writes_nothing(shipped: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in shipped.rglob("*") if path.is_file()}
    paths = [ROOT / "maps" / f"{name}.yaml" for name in MAPS]
    articles = [ROOT / "maps" / "example-article.html"]
    for check in (True, False):
        files = build(outposts.load(), paths, shipped, check, pages=articles)
        assert all(file.fresh for file in files)
    after = {path: path.stat().st_mtime_ns for path in shipped.rglob("*") if path.is_file()}
    assert {p for p in after if before.get(p) != after[p]} <= {shipped / ".outposts.json"}


def test_one_changed_claim_touches_only_what_tells_of_it(small: Path) -> None:
    (small / "maps" / "b-map.yaml").write_text(DEFINITION + "filter: {country: LA}\n")
    made(small)
    write(small / "r", koryo('when: "2020-04"', 'when: "2020-05"'))
    touched = {name for name, fresh in made(small).items() if not fresh}
    assert {"a-map.html", "venues/vn-hanoi-koryo.html", "venues/vn-hanoi-koryo.json"} <= touched
    assert "b-map.html" not in touched
    assert not {
        name for name in touched if "la-night-market" in name or name.startswith("countries/la")
    }
    assert not {name for name in touched if name.startswith("assets/")}


def test_files_of_others_are_left_alone(small: Path) -> None:
    notes = small / "out" / "venues" / "notes.txt"
    notes.parent.mkdir(parents=True)
    notes.write_text("mine")
    made(small)
    made(small)
    assert notes.read_text() == "mine"


def test_a_file_of_others_in_the_way_is_an_error_and_stays(small: Path) -> None:
    index = small / "out" / "index.html"
    index.parent.mkdir()
    index.write_text("mine")
    with pytest.raises(MapError, match=r"index\.html is there and was not made by outposts"):
        made(small)
    assert index.read_text() == "mine"


def test_what_is_no_longer_made_goes_unless_somebody_changed_it(small: Path) -> None:
    made(small)
    gone = small / "r" / KORYO_FILE
    page, record = (small / "out" / "venues" / f"vn-hanoi-koryo.{end}" for end in ("html", "json"))
    record.write_text("changed by hand")
    gone.unlink()
    found = made(small)
    assert not page.exists()
    assert found["venues/vn-hanoi-koryo.html"] is False
    assert record.read_text() == "changed by hand"


def test_without_the_record_everything_is_made_anew_and_equal(small: Path) -> None:
    made(small)
    (small / "out" / ".outposts.json").unlink()
    assert all(made(small).values())


def test_check_writes_nothing(small: Path) -> None:
    assert not any(made(small, check=True).values())
    assert not (small / "out").exists()


def test_a_fault_in_one_definition_writes_nothing(small: Path) -> None:
    (small / "maps" / "z.yaml").write_text(DEFINITION + "filter: {country: LA, kind: museum}\n")
    with pytest.raises(MapError, match="would show no venue"):
        made(small)
    assert not (small / "out").exists()


def test_home_makes_addresses_whole(small: Path) -> None:
    made(small, home="https://example.org/maps/")
    out = small / "out"
    tree = etree.parse(out / "sitemap.xml")
    places = tree.xpath("//*[local-name()='loc']/text()")
    assert all(place.startswith("https://example.org/maps/") for place in places)
    names = {place.removeprefix("https://example.org/maps/") for place in places}
    assert names == {p.relative_to(out).as_posix() for p in out.rglob("*.html")}
    assert "Sitemap: https://example.org/maps/sitemap.xml" in (out / "robots.txt").read_text()
    page = html.fromstring((out / "venues" / "vn-hanoi-koryo.html").read_bytes())
    assert page.xpath("//link[@rel='canonical']/@href") == [
        "https://example.org/maps/venues/vn-hanoi-koryo.html"
    ]


def test_markup_in_any_text_stays_text(small: Path) -> None:
    attack = "</script><img src=x onerror=alert(1)>{{7*7}}"
    text = changed(KORYO_TEXT, "Koryo Restaurant", f'"{attack}"')
    text = changed(text, "As of April, it was still open.", attack)
    write(small / "r", {KORYO_FILE: text})
    (small / "maps" / "a-map.yaml").write_text(f"title: '{attack}'\ndeck: '{attack}'\n")
    made(small)
    for path, page in documents(small / "out").items():
        assert page.xpath("//img[@onerror]") == [], path
        assert len(page.xpath("//script")) == 1, path
    page = html.fromstring((small / "out" / "venues" / "vn-hanoi-koryo.html").read_bytes())
    assert page.xpath("//h1")[0].text_content() == attack
    graph = json.loads(page.xpath("//script")[0].text)["@graph"]
    assert graph[0]["name"] == attack


def test_bars_tell_each_status_between_the_days() -> None:
    runs = outposts.load()["vn-hanoi-koryo"].history(KNOWN)
    first, last = (outposts.dates.day(day) for day in ("2017-01-01", "2024-12-31"))
    found = bars(runs, first, last)
    assert {bar.status for bar in found.runs} <= set(STATUSES)
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH + 3 for bar in found.runs)
    assert [year.text for year in found.years] == [str(year) for year in range(2018, 2025)]


@pytest.mark.parametrize("home", ["example.org", "javascript:alert(1)", "https://x.org/?a", "https://a b/"])  # fmt: skip
def test_a_home_that_is_no_address_is_refused(small: Path, home: str) -> None:
    words = ["build", "--registry", str(small / "r"), "--maps", str(small / "maps"), "--home", home]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "give the folder" in result.stderr


def test_pages_pass_the_nu_validator(shipped: Path) -> None:
    jar = READERS / "npm/node_modules/vnu-jar/build/dist/vnu.jar"
    pages = [shipped / name for name in ("index.html", "data.html", "methodology.html", "southeast-asia.html", "hanoi.html")]  # fmt: skip
    pages += [next((shipped / "countries").iterdir()), *sorted((shipped / "venues").glob("vn-*.html"))]  # fmt: skip
    java = shutil.which("java")
    assert java
    run = subprocess.run(
        [java, "-jar", str(jar), "--errors-only", "--stdout", "--format", "gnu", *map(str, pages)],
        capture_output=True,
        text=True,
    )
    assert run.stdout == ""
    assert run.returncode == 0


def test_every_file_of_the_data_is_listed_with_its_hash(shipped: Path) -> None:
    page = html.fromstring((shipped / "data.html").read_bytes())
    listed = {
        row.xpath(".//a/@href")[0]: row.xpath(".//code")[0].text for row in page.xpath("//tbody/tr")
    }
    there = {p.relative_to(shipped).as_posix() for p in (shipped / "data").iterdir() if p.is_file()}
    assert set(listed) == {*there, "data/package/datapackage.json"}
    assert {Path(name).name.partition(".")[2] for name in there} == {s.lstrip(".") for s in FORMATS if s != FOLDER}  # fmt: skip
    for name, digest in listed.items():
        assert (
            hashlib.sha256((shipped / name).read_bytes()).hexdigest().startswith(digest.rstrip("…"))
        )


def test_the_data_package_of_the_site_is_the_registry(shipped: Path) -> None:
    again = outposts.load(shipped / "data" / "package").on(KNOWN, KNOWN)
    assert again["status"].to_dict() == outposts.load().on(KNOWN, KNOWN)["status"].to_dict()


def test_the_feed_is_of_this_registry(shipped: Path) -> None:
    feed = feedparser.parse((shipped / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.feed.title == outposts.load().card.title
    assert len(feed.entries) > 100


def test_pictures_are_cards(shipped: Path) -> None:
    for name in MAPS:
        with Image.open(shipped / "pictures" / f"{name}.png") as picture:
            assert picture.size == (1200, 630)


def test_a_map_of_the_site_shows_its_picture_where_no_script_runs(shipped: Path) -> None:
    page = html.fromstring((shipped / "hanoi.html").read_bytes())
    assert page.xpath("//meta[@property='og:image']/@content") == ["pictures/hanoi.png"]
    (shown,) = page.xpath("//noscript//img")
    assert shown.get("src") == "pictures/hanoi.png"
    assert shown.get("alt") == page.xpath("//h1")[0].text_content()
    result = CliRunner().invoke(main, ["verify", str(shipped / "hanoi.html"), "--maps", str(ROOT / "maps")])  # fmt: skip
    assert result.exit_code == 0, result.output
