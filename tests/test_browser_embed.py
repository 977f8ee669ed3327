"""Maps in the pages of others: on another origin, under a strict policy, narrow and wide, driven by an article."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from browser import KNOWN, READY, ROOT, Reader, card, shipped, slider, summary
from loopback import Handler, Server, serving
from playwright.sync_api import Browser, ConsoleMessage, Frame, FrameLocator, Page, expect

from outposts import dates
from outposts.render import embed
from outposts.render.build import build

ARTICLE = ROOT / "maps" / "example-article.html"
WIDTHS = (320, 600, 1200)
TITLE = "North Korea's outposts in "
KOREAN = {"date": "2020-06-02", "known": "2020-07-01", "venue": "vn-hanoi-koryo"}


class _Files(Handler, BaseHTTPRequestHandler):
    """Answers with the server's pages: path -> text and policy, open to all origins."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/favicon.ico":  # the browser's own wish
            self.send_response(204)
            self.end_headers()
            return
        self.server.asked.append(path)
        text, policy = self.pages.get(path, ("", ""))
        self.send_response(503 if self.server.closed else 200 if path in self.pages else 404)
        kind = {"js": "text/javascript", "json": "application/json"}.get(path.rpartition(".")[2], "text/html")  # fmt: skip
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Access-Control-Allow-Origin", "*")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(text.encode())

    pages: dict[str, tuple[str, str]]


class Site:
    """The maps' server, and another one with the pages that embed them."""

    def __init__(self, server: Server, pages: dict[str, tuple[str, str]], paper: Server, papers: dict[str, tuple[str, str]]) -> None:  # fmt: skip
        self.server, self.pages, self.paper, self.papers = server, pages, paper, papers
        self.home = f"http://{server.host}/maps/"

    def place(self, name: str) -> embed.Place:
        return embed.place(self.home, name)

    def policy(self) -> str:
        """What a strict page has to let in, and no more."""
        where = self.place("hanoi")
        return f"default-src 'none'; frame-src {where.origin}; script-src {where.loader}"

    def publish(self, body: str, policy: str | None = None, path: str = "/story.html") -> str:
        """Put a page on the other server and return its address."""
        html = f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A story</title><h1>A story</h1>{body}'  # fmt: skip
        self.papers[path] = (html, self.policy() if policy is None else policy)
        return f"http://{self.paper.host}{path}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    pages: dict[str, tuple[str, str]] = {}
    papers: dict[str, tuple[str, str]] = {}
    with (
        serving(type("Maps", (_Files,), {"pages": pages})) as server,
        serving(type("Paper", (_Files,), {"pages": papers})) as paper,
    ):
        site = Site(server, pages, paper, papers)
        out = tmp_path_factory.mktemp("site")
        wanted = [ROOT / "maps" / f"{name}.yaml" for name in ("hanoi", "siem-reap")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", str(dates.day(KNOWN) * 86_400))
            for file in build(shipped(), wanted, out, home=site.home, pages=[ARTICLE]):
                pages[f"/maps/{file.path.name}"] = (file.path.read_text(encoding="utf-8"), "")
        yield site


@pytest.fixture
def site(built: Site) -> Iterator[Site]:
    before = dict(built.pages)
    built.server.asked.clear()
    yield built
    built.server.closed = False
    built.pages.clear()
    built.pages.update(before)


class Visit:
    """One page of the paper, and what its console said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def frame(self, number: int = 0) -> FrameLocator:
        """Return a map once it is there; lazy ones have to be looked at."""
        element = self.page.locator("iframe").nth(number)
        element.scroll_into_view_if_needed()
        frame = element.content_frame
        expect(frame.locator(READY)).to_be_attached()
        return frame

    def becomes(self, number: int, height: int) -> None:
        """Wait until a frame has a height."""
        expect(self.page.locator("iframe").nth(number)).to_have_js_property("offsetHeight", height)

    def height(self, number: int = 0) -> int:
        box = self.page.locator("iframe").nth(number).bounding_box()
        assert box is not None
        return round(box["height"])


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Any]:
    """Opens addresses; nothing may complain unless the test takes the troubles away."""
    context = chromium.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(10_000)
    visits: list[Visit] = []

    def open(address: str, width: int = 1200, height: int = 800) -> Visit:
        visits.append(Visit(context.new_page()))
        visits[-1].page.set_viewport_size({"width": width, "height": height})
        visits[-1].page.goto(address)
        return visits[-1]

    yield open
    troubles = [trouble for visit in visits for trouble in visit.troubles]
    context.close()
    assert troubles == []


def day(frame: FrameLocator, words: str) -> None:
    """Wait until a map shows a day."""
    expect(slider(frame)).to_have_attribute("aria-valuetext", words)


# The snippets in a strict page


def test_maps_fit_a_strict_page_of_any_width(site: Site, visit: Any) -> None:
    hanoi, siem_reap = site.place("hanoi"), site.place("siem-reap")
    answer = json.loads(site.pages["/maps/siem-reap.oembed.json"][0])
    snippets = [
        embed.iframe(hanoi.page, f"{TITLE}Hanoi"),
        embed.loader(hanoi.showing(KOREAN), f"{TITLE}Hanoi", hanoi.loader),
        embed.wordpress(siem_reap.showing({"date": "2019-11-30"}), f"{TITLE}Siem Reap"),
        answer["html"],
        embed.loader(siem_reap.page, f"{TITLE}Siem Reap", hanoi.loader),
    ]
    seen = visit(site.publish("\n".join(snippets)))
    frames = [seen.frame(number) for number in range(len(snippets))]
    day(frames[0], "1 March 2020")
    expect(summary(frames[1])).to_contain_text("on 2 June 2020, as known on 1 July 2020")
    expect(card(frames[1], "Koryo Restaurant")).to_be_visible()
    day(frames[2], "30 November 2019")
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": 800})
        high = 1180 if width < 900 else 720
        for number, wanted in enumerate((720, high, 720, 720, high)):
            seen.frame(number)
            seen.becomes(number, wanted)
            box = seen.page.locator("iframe").nth(number).bounding_box()
            assert box is not None
            assert (box["x"], box["width"]) == (8, width - 16)
            expect(frames[number].locator(".outposts-edition")).to_contain_text(
                "Outposts, version 0.1.0, data "
            )
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
    links = seen.page.get_by_role("link")
    assert [link.get_attribute("href") for link in links.all()][1] == hanoi.showing(KOREAN)
    titles = [frame.get_attribute("title") for frame in seen.page.locator("iframe").all()]
    assert titles == [f"{TITLE}Hanoi"] * 2 + [f"{TITLE}Siem Reap"] * 3
    assert not [
        path for path in site.server.asked if not re.search(r"/(loader\.js|[a-z-]+\.html)$", path)
    ]


def test_edition_is_in_sight_and_on_no_other_control(site: Site, visit: Any) -> None:
    seen = visit(site.publish(embed.iframe(site.place("hanoi").page, "Hanoi")))
    frame = seen.frame()
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": 900})
        edition = frame.locator(".outposts-edition")
        expect(edition).to_be_in_viewport(ratio=1)
        boxes = [edition.bounding_box(), *(each.bounding_box() for each in frame.locator(".leaflet-control-scale, .leaflet-control-zoom").all())]  # fmt: skip
        own, *others = [box for box in boxes if box]
        assert len(others) == 2
        for other in others:
            apart = (
                other["y"] + other["height"] <= own["y"] or other["x"] + other["width"] <= own["x"]
            )
            assert apart or own["x"] + own["width"] <= other["x"], width


def test_link_stays_where_frames_or_scripts_are_kept_out(site: Site, visit: Any) -> None:
    where = site.place("hanoi")
    body = embed.loader(where.page, "A map", where.loader)
    unscripted = visit(site.publish(body, f"default-src 'none'; frame-src {where.origin}"))
    day(unscripted.frame(), "1 March 2020")
    assert unscripted.height() == 720
    unframed = visit(site.publish(body, "default-src 'none'"))
    link = unframed.page.get_by_role("link", name="A map", exact=True)
    expect(link).to_be_visible()
    assert link.get_attribute("href") == where.page
    for seen in (unscripted, unframed):
        assert seen.troubles
        assert all("Content Security Policy" in trouble for trouble in seen.troubles)
        seen.troubles.clear()


# What `amp-iframe` is documented to do: an iframe with its attributes that grows to what it asks for.
STAND_IN = """
customElements.define("amp-iframe", class extends HTMLElement {
  connectedCallback() {
    const frame = document.createElement("iframe");
    for (const name of ["src", "sandbox", "allow", "frameborder", "title"]) frame.setAttribute(name, this.getAttribute(name));
    frame.width = "100%";
    frame.height = this.getAttribute("height");
    addEventListener("message", ({data, source}) => {
      if (source === frame.contentWindow && data.sentinel === "amp" && data.type === "embed-size") frame.height = data.height;
    });
    this.append(frame);
  }
});
"""


def test_amp_frame_shows_the_map_and_grows(site: Site, visit: Any) -> None:
    code = embed.amp(site.place("hanoi").page, "Hanoi").partition("\n")[2]
    seen = visit(site.publish(f"{code}<script>{STAND_IN}</script>", ""), width=600)
    day(seen.frame(), "1 March 2020")
    seen.becomes(0, 1180)


# Messages


def test_loader_heeds_its_own_maps_and_no_others(site: Site, visit: Any) -> None:
    where = site.place("hanoi")
    other = f"http://localhost:{site.server.server_port}"
    site.pages["/foe.html"] = ("<!doctype html><title>Foe</title>", "")
    framed = embed.loader(where.page, "Hanoi", where.loader)
    free = re.sub(' sandbox="[^"]*"', "", framed)
    foe = f'<iframe title="Foe" src="{other}/foe.html" height="100" frameborder="0"></iframe>'
    marked = foe.replace("<iframe", "<iframe data-outposts")
    policy = site.policy().replace("frame-src", f"frame-src {other}")
    seen = visit(site.publish(framed + free + foe + marked, policy))
    for frame in (seen.frame(0), seen.frame(1)):
        day(frame, "1 March 2020")
    handles = seen.page.locator("iframe").element_handles()
    first, second, hostile, own = [handle.content_frame() for handle in handles]

    def post(frame: Frame, message: str, to: str = "parent") -> None:
        frame.evaluate(f"{to}.postMessage({message}, '*')")

    for height, given in (("1e9", 3000), ("-5", 200), ("400.4", 400)):
        post(own, f"{{type: 'outposts:height', height: {height}}}")
        seen.becomes(3, given)
    post(hostile, "{type: 'outposts:height', height: 333}")
    for target in ("parent.frames[0]", "parent.frames[1]"):
        post(hostile, "{type: 'outposts:set', state: {date: '2010-01-01'}}", target)
    for nonsense in ("null", "7", "'outposts:height'", "[]", "{}", "{type: 'outposts:height'}", "{type: 'outposts:height', height: '999'}",
                     "{type: 'outposts:height', height: NaN}", "{type: ['outposts:height'], height: {}}"):  # fmt: skip
        for one in (first, second, own):
            post(one, nonsense)
    second.goto(f"{other}/foe.html")  # gone elsewhere, it speaks for the map no longer
    post(second, "{type: 'outposts:height', height: 444}")
    post(own, "{type: 'outposts:height', height: 555}")
    seen.becomes(3, 555)
    assert [seen.height(number) for number in range(3)] == [720, 720, 100]
    day(seen.frame(0), "1 March 2020")


def test_loader_that_comes_late_and_twice_asks_for_what_it_missed(site: Site, visit: Any) -> None:
    where = site.place("hanoi")
    framed = embed.loader(where.page, "Hanoi", where.loader).partition("\n<script")[0]
    seen = visit(site.publish(framed), width=600)
    seen.frame()
    assert seen.height() == 720
    for _ in range(2):
        seen.page.evaluate("src => document.body.append(Object.assign(document.createElement('script'), {src}))", where.loader)  # fmt: skip
    seen.becomes(0, 1180)
    named = seen.page.evaluate("Object.keys(window).filter(name => /outpost/i.test(name))")
    assert named == ["outpostsLoader"]


def test_each_step_drives_the_map_that_it_names(site: Site, visit: Any) -> None:
    where = site.place("hanoi")
    one = embed.loader(where.page, "One", where.loader)
    two = one.replace("<iframe ", '<iframe id="two" ').replace("One", "Two")
    space = '<svg width="1" height="900"></svg>'
    steps = "".join(
        f'<section{to} data-outposts-step="date={date}"><p>{date}</p>{space}</section>'
        for to, date in (("", "2018-01-01"), (' data-outposts-for="two"', "2016-01-01"), (' data-outposts-for="none"', "2015-01-01"))
    )  # fmt: skip
    seen = visit(site.publish(one + two + steps))
    frames = [seen.frame(0), seen.frame(1)]
    for text, days in (("2018-01-01", ("1 January 2018", "1 March 2020")), ("2016-01-01", ("1 January 2018", "1 January 2016")),
                       ("2015-01-01", ("1 January 2015", "1 January 2016"))):  # fmt: skip
        seen.page.get_by_text(text, exact=True).evaluate("step => step.scrollIntoView({block: 'center'})")  # fmt: skip
        for frame, words in zip(frames, days, strict=True):
            day(frame, words)


# The example article


def check_article(seen: Visit, page: Page) -> None:
    """Scroll through the article and back; the map shows each step's day, venue and status."""
    frame = page.locator("iframe").content_frame
    expect(frame.locator(READY)).to_be_attached()
    steps = page.locator("[data-outposts-step]").all()
    for step in (*steps, *reversed(steps)):
        step.locator("h2").evaluate("title => scrollTo(0, scrollY + title.getBoundingClientRect().top - innerHeight * 0.6)")  # fmt: skip
        words = step.locator("time").inner_text()
        day(frame, words)
        expect(page.locator("[data-outposts-now] time")).to_have_text(words)
        shown = card(frame, "Koryo Restaurant")
        expect(shown).to_contain_text(f"{step.locator('strong').inner_text().capitalize()} on {words}")  # fmt: skip


@pytest.mark.parametrize("width", [320, 1200])
def test_article_drives_its_map_under_a_strict_policy(site: Site, visit: Any, width: int) -> None:
    html = ARTICLE.read_text(encoding="utf-8")
    style = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; frame-src 'self'; script-src 'self'; style-src 'sha256-{digest}'"
    site.pages["/maps/example-article.html"] = (html, policy)
    seen = visit(f"{site.home}example-article.html", width)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == width
    check_article(seen, seen.page)


def test_article_works_from_disk(reader: Reader, maps: Path, tmp_path: Path) -> None:
    names = ("hanoi.html", "loader.js")
    for name in names:
        (tmp_path / name).write_bytes((maps / name).read_bytes())
    (tmp_path / ARTICLE.name).write_bytes(ARTICLE.read_bytes())
    page = reader.open_bare(tmp_path / ARTICLE.name, also=[tmp_path / name for name in names])
    check_article(Visit(page), page)


# A newer version


def test_copy_tells_of_a_newer_version_when_it_is_asked(site: Site, visit: Any) -> None:
    where, path = site.place("hanoi"), "/maps/hanoi.oembed.json"
    html, manifest = site.pages["/maps/hanoi.html"][0], site.pages[path][0]
    site.papers["/copy.html"] = (html, "")  # a newsroom's own copy
    seen = visit(site.publish('<iframe title="Copy" src="/copy.html" width="100%" height="720" sandbox="allow-scripts allow-popups"></iframe>', ""))  # fmt: skip
    frame = seen.frame()
    edition = frame.locator(".outposts-edition")
    assert site.server.asked == []
    look = frame.get_by_role("button", name="Look for a newer version", exact=True)
    look.click()
    expect(edition).to_contain_text("This is the newest version.")
    assert site.server.asked == [path]

    def answer(**fields: Any) -> str:
        return json.dumps({**json.loads(manifest), **fields})

    failed = f"{site.server.host} does not answer."
    for told, says in (
        (answer(data_hash="0" * 16, data_known="2027-03-01"), "There is a newer version, of 1 March 2027."),
        (answer(data_known="2027-03-01"), "This is the newest version."),  # the same evidence
        (answer(data_hash="0" * 16, data_known="2020-01-01"), "This is the newest version."),
        (answer(data_hash="0" * 16, data_known="<b>soon</b>"), failed),
        ("<!doctype html>", failed),
        ("null", failed),
    ):  # fmt: skip
        site.pages[path] = (told, "")
        look.click()
        expect(edition).to_contain_text(says)
    site.pages[path] = (answer(data_hash="0" * 16, data_known="2027-03-01"), "")
    look.click()
    link = edition.get_by_role("link", name="There is a newer version, of 1 March 2027.")
    assert link.get_attribute("href") == where.page
    site.server.closed = True
    look.click()
    expect(edition.get_by_role("link", name=failed)).to_have_attribute("href", where.page)
    assert all("503" in trouble for trouble in seen.troubles)
    seen.troubles.clear()
    assert set(site.server.asked) == {path}


def test_page_of_its_own_looks_at_its_foot(site: Site, visit: Any) -> None:
    seen = visit(site.place("hanoi").page)
    expect(seen.page.locator(READY)).to_be_attached()
    expect(seen.page.locator(".outposts-edition")).to_have_count(0)
    foot = seen.page.locator(".outposts-footer")
    foot.get_by_role("button", name="Look for a newer version", exact=True).click()
    expect(foot).to_contain_text("This is the newest version.")
    seen.page.get_by_role("combobox", name="Language", exact=True).select_option("fr")
    expect(foot).to_contain_text("Proposer une correction")
    assert "Suggest a correction" not in foot.inner_text()
    assert foot.get_by_role("button").all_inner_texts() == ["Chercher une version plus récente"]


def test_page_gives_the_code_that_the_command_gives(site: Site, visit: Any) -> None:
    where = site.place("hanoi")
    seen = visit(where.showing({"date": "2020-06-02", "venue": "vn-hanoi-koryo"}))
    expect(seen.page.locator(READY)).to_be_attached()
    seen.page.get_by_text("Embed", exact=True).click()
    for name, known in (("Live", "latest"), ("Frozen", KNOWN)):
        code = seen.page.get_by_role("textbox", name=re.compile(f"^{name}")).input_value()
        state = {"date": "2020-06-02", "venue": "vn-hanoi-koryo", "known": known}
        assert code == embed.iframe(where.showing(state), f"{TITLE}Hanoi")
