"""Text that would run if it could: in every field of a registry, of a map, and in the address."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from browser import Reader, label, listed, save_map, search, slider, venues
from playwright.sync_api import Page, expect
from registries import KORYO_FILE, LAO_FILE, write

# Each tries one way in: templates of Python and JavaScript, the end of a script, markup, an
# attribute, an escape, a comment, a line end that JSON allows and old JavaScript does not.
ATTACKS = (
    "{{7*7}}{% for x in y %}{# c",
    "${alert(1)}`;alert(2)//",
    "</script><script>alert(3)</script>",
    "<img src=x onerror=alert(4)>",
    "'\" onmouseover=alert(5) x='",
    "\\u003cscript>\\x3c\\",
    "<!--<script>-->]]>",
    "line\u2028paragraph\u2029end",
    "&lt;b&gt;&amp;",
    "\u202eright to left\u202c",
)
ALL = " ".join(ATTACKS)
TALL = {"width": 1280, "height": 1600}
LINK = 'https://example.org/"onmouseover="alert(6)"<script>${alert(7)}{{7*7}}'


def hostile(place: str) -> str:
    """Return all the attacks, with the name of the field that they are in."""
    return f"{place}: {ALL}"[:290]


def claim(id: str, says: str, when: str, source: str, **more: Any) -> dict[str, Any]:
    told = {key: hostile(key) for key in ("quote", "translation", "stated", "note")}
    return {"id": id, "says": says, "when": when, "source": source, "lang": "ko", **told, **more}


def source(name: str) -> dict[str, str]:
    return {
        "title": hostile(f"title of {name}"),
        "publisher": hostile(f"publisher of {name}"),
        "published": "2020-02-01",
        "accessed": "2020-07-01",
        "url": f"{LINK}{name}",
        "archived": f"{LINK}archived-{name}",
        "lang": "en",
        "kind": "news",
    }


def files() -> dict[str, str | None]:
    """Return a registry whose every text is hostile."""
    koryo = {
        "id": "vn-hanoi-koryo",
        "kind": "restaurant",
        "names": [
            {"name": hostile("name"), "lang": "en", "source": "one"},
            {"name": hostile("other name"), "lang": "ko", "source": "one"},
        ],
        "operators": [{"organisation": "chain", "source": "one"}],
        "location": {
            "country": "VN",
            "place": "Hanoi",
            "address": {"text": hostile("address"), "source": "one"},
        },
        "claims": [
            claim("c1", "closed", "2019-11", "one"),
            claim("c2", "open", "2020-01-15", "two"),
        ],
        "same_premises_as": "la-night-market",
        "notes": hostile("notes"),
    }
    market = {
        "id": "la-night-market",
        "kind": "market",
        "names": [{"name": hostile("market"), "lang": "en", "source": "two"}],
        "location": {"country": "LA"},
        "claims": [claim("c1", "open", "2020-01", "two", weak="true")],
        "same_premises_as": "vn-hanoi-koryo",
    }
    organisation = {"names": [{"name": hostile("organisation"), "lang": "en", "source": "one"}]}
    event = {"id": "e1", "on": "2020-01-01", "kind": "incident", "source": "one"}
    told = {key: hostile(f"event {key}") for key in ("label", "text", "quote")}
    card = {
        "title": hostile("registry"),
        "description": hostile("description"),
        "licence": hostile("licence"),
        "attribution": hostile("attribution"),
        "version": hostile("version"),
        "contact": "https://example.org/",
    }
    count = {"id": "n1", "country": "VN", "says": "closed", "count": "3", "when": "2020", "source": "one"}  # fmt: skip
    return {
        name: yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
        for name, value in {
            "registry.yaml": card,
            "sources.yaml": {"one": source("one"), "two": source("two")},
            "organisations.yaml": {"chain": organisation},
            "events.yaml": [{**event, **told}],
            "groups.yaml": {"counts": [{**count, "quote": hostile("count")}]},
            KORYO_FILE: koryo,
            LAO_FILE: market,
        }.items()
    }


@pytest.fixture(scope="module")
def hostile_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    return save_map(
        write(folder / "registry", files()),
        folder / "map.html",
        on="2020-02-15",
        title=hostile("map"),
        deck=hostile("deck"),
        credit=hostile("credit"),
        bounds=((-9.0, 92.0), (24.0, 122.0)),
    )


@pytest.fixture
def page(reader: Reader, hostile_map: Path) -> Page:
    return reader.open(hostile_map, viewport=TALL)


def expect_whole(text: str | None, *fields: str) -> None:
    """Expect that each field's text stands in ``text`` as it was written."""
    for field in fields:
        assert hostile(field) in str(text), field


def test_hostile_title_shows_as_itself(page: Page) -> None:
    assert page.title() == hostile("map")
    assert page.get_by_role("heading", level=1).text_content() == hostile("map")
    expect_whole(page.locator("body").text_content(), "deck", "credit", "attribution", "registry")


def test_hostile_names_show_as_themselves(page: Page) -> None:
    names = venues(page).get_by_role("button").all_text_contents()
    assert sorted(names) == sorted([hostile("name"), hostile("market")])


def test_hostile_evidence_shows_as_itself(page: Page) -> None:
    venues(page).get_by_role("button").filter(has_text="name: ").click()
    shown = page.get_by_role("region").filter(has=page.get_by_role("button", name="Close"))
    assert shown.get_attribute("aria-label") == hostile("name")
    expect_whole(
        shown.text_content(),
        *("name", "other name", "organisation", "address", "market", "notes"),
        *("quote", "translation", "stated", "note"),
        *("title of one", "publisher of one", "title of two", "publisher of two"),
    )


def test_hostile_events_show_as_themselves(page: Page) -> None:
    page.get_by_text("Events", exact=True).click()
    shown = page.get_by_role("list", name="Events", exact=True)
    expect_whole(shown.text_content(), "event label", "event text")


def test_hostile_text_is_itself_without_javascript(reader: Reader, hostile_map: Path) -> None:
    page = reader.open_bare(hostile_map, java_script_enabled=False)
    shown = page.get_by_role("table").text_content()
    expect_whole(shown, "name", "market", "publisher of one")
    notes = " ".join(page.get_by_role("listitem").all_text_contents())
    expect_whole(notes, "title of one", "title of two")


def test_no_template_was_worked_out(page: Page) -> None:
    venues(page).get_by_role("button").first.click()
    text = str(page.locator("main").text_content())
    assert text.count("{{7*7}}") > 10
    text = re.sub("sha256:[0-9a-f]+", "", text)  # which may hold any digits
    assert "49" not in text.replace(hostile("x"), "")


def test_hostile_text_brings_no_element_and_no_handler(page: Page) -> None:
    for button in venues(page).get_by_role("button").all():
        button.click()
        assert page.locator("main img, main script, main b b, main iframe").count() == 0
        handlers = page.locator("*").evaluate_all(
            "all => all.flatMap(one => one.getAttributeNames()).filter(name => /^on/.test(name))"
        )
        assert handlers == []


def test_nothing_hostile_runs_however_it_is_touched(reader: Reader, page: Page) -> None:
    page.get_by_text("Events", exact=True).click()
    page.keyboard.press("Escape")
    for button in venues(page).get_by_role("button").all():
        button.hover()
        button.click()
    for link in page.get_by_role("link").all():
        link.dispatch_event("mouseover")
    slider(page).hover()
    slider(page).press("ArrowLeft")
    search(page).fill("{{7*7}} <img")
    assert reader.troubles == []


def test_links_lead_to_the_web_or_within_the_page(page: Page) -> None:
    for button in venues(page).get_by_role("button").all():
        button.click()
        links = page.locator("a").evaluate_all(
            "all => all.map(one => [one.protocol, one.getAttribute('href')])"
        )
        assert links
        for protocol, href in links:
            assert protocol in ("http:", "https:") or href.startswith("#"), href


def test_hostile_address_is_kept_whole(page: Page) -> None:
    venues(page).get_by_role("button").filter(has_text="name: ").click()
    links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert {f"{LINK}one", f"{LINK}two"} <= set(links)


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", " javascript:x"])
def test_address_that_runs_is_refused_when_a_registry_is_read(tmp_path: Path, scheme: str) -> None:
    wrong = yaml.safe_dump({"one": {**source("one"), "url": scheme}, "two": source("two")})
    with pytest.raises(Exception, match="is not a web address"):
        save_map(write(tmp_path / "registry", {**files(), "sources.yaml": wrong}), tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_hostile_fragment_shows_as_itself(reader: Reader, hostile_map: Path) -> None:
    attack = "<img src=x onerror=alert(8)>{{7*7}}${alert(9)}"
    page = reader.open(hostile_map, f"#x={attack}&q={attack}&venue={attack}&lang={attack}")
    expect(page.get_by_text("Left out of the address")).to_contain_text(f"x={attack}")
    expect(search(page)).to_have_value(attack)
    assert listed(page) == []


def test_hostile_words_are_found(page: Page) -> None:
    search(page).fill("</script><script>alert(3)</script>")
    assert len(listed(page)) == 2


def test_hostile_text_is_downloaded_as_itself(page: Page) -> None:
    with page.expect_download() as table:
        page.get_by_role("button", name="CSV", exact=True).click()
    with table.value.path().open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert names == {hostile("name"), hostile("market")}
    with page.expect_download() as places:
        page.get_by_role("button", name="GeoJSON", exact=True).click()
    features = json.loads(places.value.path().read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["name"] for feature in features} == names


def test_policy_lets_no_other_script_run(reader: Reader, hostile_map: Path) -> None:
    page = reader.open(hostile_map)
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
        }"""
    )
    assert page.evaluate("window.ran") is None
    blocked = [trouble for trouble in reader.troubles if "Content Security Policy" in trouble]
    assert blocked == reader.troubles != []
    reader.forgive()


def test_known_day_keeps_hostile_text_apart(page: Page) -> None:
    label(page, "As known on").fill("2019-01-01")
    assert all(status == "unknown" for _, status in listed(page))
