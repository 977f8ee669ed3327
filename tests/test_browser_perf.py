"""The plugin on folium's own map and on ours, and large pages, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pytest
from playwright.sync_api import Browser, Page, expect
from shapely import Point
from xstatic.pkg import leaflet

import outposts

LEAFLET = Path(leaflet.BASE_DIR)
MANY = 20_000


class Folium(folium.Map):
    """A folium map whose Leaflet comes from the package that we depend on, not from a CDN."""

    default_js = [("leaflet", (LEAFLET / "leaflet.js").as_uri())]  # noqa: RUF012
    default_css = [("leaflet_css", (LEAFLET / "leaflet.css").as_uri())]  # noqa: RUF012


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 800})
    context.route("http*://**", lambda route: route.abort())
    found = context.new_page()
    faults: list[str] = []
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on("dialog", lambda dialog: faults.append(dialog.message))
    found.on("console", lambda m: faults.append(m.text) if "Content Security" in m.text else None)
    yield found
    context.close()
    assert faults == []


HOSTILE = ["{{7*7}}<img src=x onerror=alert(1)>", "${alert(1)}", "</script><script>alert(1)"]


def cafes() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name": HOSTILE,
            "opened": [2011, "2015-06", None],
            "closed": ["2020-03-20", None, "2012"],
            "status": ["open", "{{8*8}}", "closed"],
            "link": ["https://example.org/a", "javascript:alert(1)", None],
        },
        geometry=[Point(102.0, 17.0), Point(103.0, 18.0), None],
        crs="EPSG:4326",
    )


def timeline(frame: gpd.GeoDataFrame, **more: Any) -> outposts.StatusTimeline:
    return outposts.StatusTimeline(frame, start="opened", end="closed", **more)


def opened(page: Page, tmp_path: Path, m: folium.Map, bars: int = 1) -> None:
    m.save(str(tmp_path / "map.html"))
    page.goto((tmp_path / "map.html").as_uri())
    expect(page.locator(".outposts-plugin-bar[data-outposts=ready]")).to_have_count(bars)


def small(page: Page, tmp_path: Path) -> None:
    m = Folium([17.5, 102.5], zoom_start=7, tiles=None)
    timeline(cafes(), details=["link"], span=("2010-01-01", "2021-01-01")).add_to(m)
    opened(page, tmp_path, m)


def go_to(page: Page, day: str) -> None:
    page.get_by_label("Go to date").first.fill(day)
    page.keyboard.press("Tab")


def test_the_day_tells_what_was_open(page: Page, tmp_path: Path) -> None:
    small(page, tmp_path)
    summary = page.get_by_role("status")
    expect(summary).to_have_text("1 {{8*8}} on 1 January 2021")
    go_to(page, "2020-03-19")
    expect(summary).to_have_text("1 open, 1 {{8*8}} on 19 March 2020")
    go_to(page, "2020-03-20")
    expect(summary).to_have_text("1 {{8*8}} on 20 March 2020")
    go_to(page, "2010-12-31")
    expect(summary).to_have_text("No venues on 31 December 2010")


def test_the_slider_is_moved_by_keys(page: Page, tmp_path: Path) -> None:
    small(page, tmp_path)
    slider = page.get_by_role("slider", name="Date")
    slider.focus()
    for key, day in (
        ("ArrowLeft", "1 December 2020"), ("PageDown", "1 December 2019"), ("Home", "1 January 2010"),
        ("ArrowUp", "1 February 2010"), ("End", "1 January 2021"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", day)


def test_hostile_names_are_text_and_only_web_addresses_are_links(
    page: Page, tmp_path: Path
) -> None:
    small(page, tmp_path)
    go_to(page, "2018-01-01")
    page.get_by_role("button", name="Venues").click()
    card = page.locator(".outposts-plugin-card")
    expect(card.get_by_role("button", name=HOSTILE[1])).to_be_visible()
    card.get_by_role("button", name=HOSTILE[0]).click()
    expect(card.get_by_role("heading")).to_have_text(HOSTILE[0])
    expect(card).to_contain_text("open from 1 January 2011 to 20 March 2020")
    expect(card.get_by_role("link")).to_have_attribute("href", "https://example.org/a")
    page.get_by_role("button", name="Venues").click()
    card.get_by_role("button", name=HOSTILE[1]).click()
    expect(card.get_by_role("heading")).to_have_text(HOSTILE[1])
    expect(card).to_contain_text("javascript:alert(1)")
    expect(card.get_by_role("link")).to_have_count(0)


def test_a_click_on_a_mark_opens_its_card(page: Page, tmp_path: Path) -> None:
    small(page, tmp_path)
    go_to(page, "2018-01-01")
    name = next(name for name in page.evaluate("Object.keys(window)") if name.startswith("map_"))
    x, y = page.evaluate(f"(({{x, y}}) => [x, y])({name}.latLngToContainerPoint([17, 102]))")
    page.mouse.click(x, y)
    expect(page.locator(".outposts-plugin-card h3")).to_have_text(HOSTILE[0])


def test_statuses_can_be_switched_off(page: Page, tmp_path: Path) -> None:
    small(page, tmp_path)
    go_to(page, "2018-01-01")
    page.get_by_role("checkbox", name="Open", exact=True).uncheck()
    expect(page.get_by_role("status")).to_have_text("1 {{8*8}} on 1 January 2018")


def test_venues_without_a_place_are_counted_and_listed(page: Page, tmp_path: Path) -> None:
    small(page, tmp_path)
    page.get_by_text("1 venue has no place on the map").click()
    expect(page.get_by_text(HOSTILE[2])).to_be_visible()


def test_two_live_on_one_map(page: Page, tmp_path: Path) -> None:
    m = Folium([17.5, 102.5], zoom_start=7, tiles=None)
    timeline(cafes()).add_to(m)
    timeline(cafes().iloc[:1]).add_to(m)
    opened(page, tmp_path, m, bars=2)
    for slider in page.get_by_role("slider").all():
        slider.focus()
        page.keyboard.press("Home")
        expect(slider).to_have_attribute("aria-valuetext", "1 January 2011")


def test_it_runs_under_the_policy_of_our_own_map(page: Page, tmp_path: Path) -> None:
    m = outposts.Map(outposts.load(), on="2020-06-02", country="LA")
    timeline(cafes(), on="2018-01-01", span=("2010-01-01", "2021-01-01")).add_to(m)
    opened(page, tmp_path, m)
    expect(page.locator(".outposts-plugin-bar [role=status]")).to_have_text(
        "1 open, 1 {{8*8}} on 1 January 2018"
    )
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1


def test_nothing_is_an_element_per_venue(page: Page, tmp_path: Path) -> None:
    many = gpd.GeoDataFrame(
        {
            "name": [f"v{i}" for i in range(MANY)],
            "opened": 2010,
            "closed": None,
            "status": "open",
        },
        geometry=[Point(100 + i % 200 / 20, 10 + i // 200 / 20) for i in range(MANY)],
        crs="EPSG:4326",
    )
    m = Folium([12, 105], zoom_start=5, tiles=None)
    timeline(many, on="2015-01-01").add_to(m)
    opened(page, tmp_path, m)
    expect(page.get_by_role("status")).to_have_text(f"{MANY} open on 1 January 2015")
    page.get_by_role("button", name="Venues").click()
    expect(page.locator(".outposts-plugin-card li")).to_have_count(100)
    page.locator(".outposts-plugin-card").get_by_role("button", name="Show 100 more").click()
    expect(page.locator(".outposts-plugin-card li")).to_have_count(200)
    assert page.locator("*").count() < 800


def test_a_large_map_lists_venues_on_demand_and_still_draws_them(
    page: Page, tmp_path: Path
) -> None:
    m = outposts.Map(outposts.load(), on="2016-06-02", span=("2002-01-01", "2026-01-01"))
    placed = [venue for venue in m.data["venues"] if venue["lon"] is not None]
    m.data["venues"] = [
        placed[i % len(placed)]
        | {"id": f"v{i}", "precision": "street", "lon": 95 + i % 50 / 2, "lat": i // 50 / 2 - 5}
        for i in range(2000)
    ]
    m.save(str(tmp_path / "map.html"))
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector("#outposts[data-outposts=ready]")
    items = page.get_by_role("list", name="Venues", exact=True).locator("> li")
    expect(items).to_have_count(300)
    page.get_by_role("button", name="Show 300 more").click()
    expect(items).to_have_count(600)
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector('.outposts-markers');
          const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let inked = 0;
          for (let i = 3; i < data.length; i += 4) inked += data[i] > 0;
          return inked > 50000;
        }"""
    )
    page.get_by_role("slider", name="Date").press("PageDown")
    expect(page.get_by_role("slider", name="Date")).to_have_attribute(
        "aria-valuetext", "2 June 2015"
    )
