"""Time `outposts.StatusTimeline` beside folium's own time layers, all from one seeded GeoDataFrame, in one browser.

Prints a row per layer and number of venues. The peers' scripts come from npm at pinned versions
(`npm pack`), into a cache outside the repository; pages name them by file. It never judges.

`first` is the time from navigation until the frame after the first mark is drawn; a `step` moves
the day and waits for the next frame; `heap` is JavaScript's, after a collection.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from folium.plugins import TagFilterButton, Timeline, TimelineSlider, TimestampedGeoJson
from playwright.sync_api import Page, sync_playwright

import outposts

SEED = 20200602
SIZES = (100, 1_000, 10_000, 100_000)
MOST_OBJECTS = (
    1_000  # a marker object and a popup per venue: several template runs each; more only with --all
)
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "outposts-bench"
FIRST, LAST = np.datetime64("2002-01-01"), np.datetime64("2026-01-01")
CENTRE, ZOOM = (7.5, 107.0), 5
GOALS = "goals: build 10k/100k 0.15/1.3 s; gzip 95 B a venue; first 1k/10k/100k 200/350/1000 ms; step p95 20/20/33 ms; heap 45 MB at 100k"

# Ends of the addresses that folium names -> package and file; any other asset (icon fonts) is left out.
ASSETS = {
    "/leaflet.js": ("leaflet@1.9.3", "dist/leaflet.js"),
    "/leaflet.css": ("leaflet@1.9.3", "dist/leaflet.css"),
    "jquery-3.7.1.min.js": ("jquery@3.7.1", "dist/jquery.min.js"),
    "/jquery.min.js": ("jquery@3.7.1", "dist/jquery.min.js"),
    "/bootstrap.bundle.min.js": ("bootstrap@5.2.2", "dist/js/bootstrap.bundle.min.js"),
    "/bootstrap.min.css": ("bootstrap@5.2.2", "dist/css/bootstrap.min.css"),
    "/leaflet.awesome-markers.js": ("leaflet.awesome-markers@2.0.5", "dist/leaflet.awesome-markers.js"),
    "/leaflet.awesome-markers.css": ("leaflet.awesome-markers@2.0.5", "dist/leaflet.awesome-markers.css"),
    "/leaflet.timeline.min.js": ("leaflet.timeline@1.6.0", "dist/leaflet.timeline.js"),
    "/moment.min.js": ("moment@2.18.1", "min/moment.min.js"),
    "/iso8601.min.js": ("iso8601-js-period@0.2.1", "iso8601.js"),
    "/leaflet.timedimension.min.js": ("leaflet-timedimension@1.1.1", "dist/leaflet.timedimension.min.js"),
    "/leaflet.timedimension.control.css": ("leaflet-timedimension@1.1.1", "dist/leaflet.timedimension.control.css"),
    "/leaflet-tag-filter-button.js": ("leaflet-tag-filter-button@0.0.4", "src/leaflet-tag-filter-button.js"),
    "/leaflet-tag-filter-button.css": ("leaflet-tag-filter-button@0.0.4", "src/leaflet-tag-filter-button.css"),
    "/easy-button.js": ("leaflet-easybutton@2.4.0", "src/easy-button.js"),
    "/easy-button.css": ("leaflet-easybutton@2.4.0", "src/easy-button.css"),
}  # fmt: skip

# Tells when the first mark stands, whoever draws it: the frame after a mark's element, or a mark on a canvas.
WATCH = """
(() => {
  let drawn = false;
  const inMap = (context) => context.canvas.closest && context.canvas.closest('.leaflet-pane');
  for (const name of ['putImageData', 'fill', 'stroke', 'drawImage']) {
    const own = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      if (!drawn && inMap(this)) drawn = true;
      return own.apply(this, given);
    };
  }
  const look = () => {
    if (drawn || document.querySelector('.leaflet-pane path, .leaflet-marker-icon')) {
      requestAnimationFrame(() => { window.firstMark = performance.now(); });
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""

STEPS = """
async ([body, count, first, last]) => {
  const step = new Function('at', 'i', body);
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(0);
  }));
  const taken = [];
  await frame();
  for (let i = 0; i < count; i += 1) {
    const at = first + ((last - first) * (i + 0.5)) / count;
    const start = performance.now();
    await step(at, i);
    await frame();
    taken.push(performance.now() - start);
  }
  return taken;
}
"""


@dataclass(frozen=True)
class Layer:
    """A way to show a GeoDataFrame over time: how it is built, and how a day is set in the browser.

    ``step`` is the body of a function of ``at`` (days since 1970-01-01) and ``i`` (count of steps).
    """

    name: str
    build: Callable[[gpd.GeoDataFrame], str]
    step: str
    most: int = SIZES[-1]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench page", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", help="part of a layer's name")
    parser.add_argument("--all", action="store_true", help="every layer at every size; takes hours")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    asked = parser.parse_args(arguments)
    chosen = [layer for layer in LAYERS if not asked.only or asked.only in layer.name]
    print(f"seed {SEED}; {GOALS}", file=sys.stderr)
    if not asked.json:
        print(f"{'layer':<30}{'venues':>8}{'build s':>9}{'gzip B':>8}{'first ms':>10}{'step ms':>9}{'p95':>8}{'heap MB':>9}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for size in asked.sizes:
            frame = venues(size)
            for layer in chosen:
                if size > layer.most and not (asked.all and layer.most > 100):
                    continue
                layer.build(frame.iloc[:10])
                row = {"layer": layer.name, "venues": size} | measured(
                    browser, layer, frame, Path(folder)
                )
                if asked.json:
                    print(json.dumps(row), flush=True)
                else:
                    print(f"{row['layer']:<30}{row['venues']:>8}{row['build']:>9.2f}{row['gzip']:>8.0f}{row['first']:>10.0f}{row['median']:>9.1f}{row['p95']:>8.1f}{row['heap']:>9.1f}", flush=True)  # fmt: skip
        browser.close()


def measured(browser: Any, layer: Layer, frame: gpd.GeoDataFrame, folder: Path) -> dict[str, float]:
    """Build the page, open it several times, take steps on the last."""
    size = frame["venue"].nunique()
    builds = []
    for _ in range(1 if size > 10_000 else 3):
        start = time.perf_counter()
        html = layer.build(frame)
        builds.append(time.perf_counter() - start)
    bare = layer.build(frame.iloc[:1])
    packed = (len(gzip.compress(html.encode())) - len(gzip.compress(bare.encode()))) / size
    path = folder / "page.html"
    path.write_text(local(html), encoding="utf-8")
    firsts: list[float] = []
    for left in reversed(range(3)):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(path.as_uri())
        page.wait_for_function("window.firstMark", timeout=120_000)
        firsts.append(page.evaluate("window.firstMark"))
        if left:
            context.close()
    first, last = (int(day.astype("datetime64[D]").astype(int)) for day in (FIRST, LAST))
    page.wait_for_load_state("load")
    warm(page, layer.step, first, last)
    count = 60 if size <= 10_000 or "Status" in layer.name else 12
    steps = sorted(page.evaluate(STEPS, [layer.step, count, first, last]))
    heap = heap_of(page)
    context.close()
    return {
        "build": statistics.median(builds), "gzip": packed, "first": statistics.median(firsts),
        "median": statistics.median(steps), "p95": steps[int(0.95 * (len(steps) - 1))], "heap": heap,
    }  # fmt: skip


def warm(page: Page, step: str, first: int, last: int) -> None:
    page.evaluate(STEPS, [step, 3, first, last])


def heap_of(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return float(found["JSHeapUsedSize"]) / 1e6


def chromium() -> str | None:
    path = Path("/usr/bin/chromium")
    return str(path) if path.exists() else None


# The data


def venues(count: int) -> gpd.GeoDataFrame:
    """Return ``count`` venues in Southeast Asia, a row per run of status; the same for the same count."""
    draw = random.Random(SEED)
    numbers = np.random.default_rng(SEED)
    syllables = [a + b + c for a in "bkmnprst" for b in "aeiou" for c in ("", "n", "r", "ng")]
    words = ["".join(draw.choices(syllables, k=draw.choice((1, 2, 2, 3)))) for _ in range(600)]
    often = [1 / rank for rank in range(1, len(words) + 1)]
    kinds = ["restaurant", "museum", "hotel", "office"]
    statuses = ["open", "closed", "disputed", "suspended"]
    rows: dict[str, list[Any]] = {
        key: [] for key in ("venue", "name", "kind", "start", "end", "status", "text", "link")
    }
    span = int((LAST - FIRST).astype(int))
    for v in range(count):
        said = " ".join(draw.choices(words, often, k=40))[:199].rstrip() + "."
        name = " ".join(draw.choices(words, k=2)).title()
        link = f"https://example.org/{draw.randrange(2005, 2026)}/{draw.choice(words)}-{draw.choice(words)}"
        days = sorted(draw.sample(range(span), k=draw.choice((1, 2, 2, 3))))
        kind, status = draw.choice(kinds), 0
        for i, day in enumerate(days):
            start = FIRST + np.timedelta64(day, "D")
            end = FIRST + np.timedelta64(days[i + 1], "D") if i + 1 < len(days) else None
            for key, value in zip(
                rows,
                (v, name, kind, start, end, statuses[status], said, link),
                strict=True,
            ):
                rows[key].append(value)
            status = draw.choice([s for s in range(4) if s != status])
    lon, lat = numbers.uniform(95, 120, count).round(5), numbers.uniform(-6, 20, count).round(5)
    frame = pd.DataFrame(rows)
    frame["start"] = frame["start"].astype("datetime64[s]")
    frame["end"] = frame["end"].astype("datetime64[s]")
    at = frame["venue"].to_numpy()
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(lon[at], lat[at]), crs="EPSG:4326")


# The layers


def bare_map() -> folium.Map:
    return folium.Map(CENTRE, zoom_start=ZOOM, tiles=None, prefer_canvas=True)


class LeafletOnly(folium.Map):  # type: ignore[misc]
    """A folium map without jQuery, Bootstrap and icon fonts."""

    default_js = folium.Map.default_js[:1]
    default_css = folium.Map.default_css[:1]


def status_timeline(frame: gpd.GeoDataFrame, kind: type[folium.Map] = folium.Map) -> str:
    m = kind(CENTRE, zoom_start=ZOOM, tiles=None, prefer_canvas=True)
    outposts.StatusTimeline(frame, venue="venue", details=("kind", "text", "link")).add_to(m)
    return str(m.get_root().render())


def popup(row: Any) -> str:
    return f"<b>{row.name}</b> {row.kind}, {row.status}<p>{row.text}</p><a href='{row.link}'>source</a>"


def texts(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    plain = pd.DataFrame(frame.drop(columns="geometry"))
    plain["start"] = plain["start"].dt.strftime("%Y-%m-%d")
    plain["end"] = plain["end"].dt.strftime("%Y-%m-%d").fillna("2026-01-01")
    plain["lon"], plain["lat"] = frame.geometry.x, frame.geometry.y
    return plain


def timeline_slider(frame: gpd.GeoDataFrame) -> str:
    m = bare_map()
    features = [
        {
            "type": "Feature",
            "properties": {"name": r.name, "kind": r.kind, "status": r.status, "start": r.start, "end": r.end, "text": r.text, "link": r.link},
            "geometry": {"type": "Point", "coordinates": [r.lon, r.lat]},
        }
        for r in texts(frame).itertuples(index=False)
    ]  # fmt: skip
    layer = Timeline(
        {"type": "FeatureCollection", "features": features},
        point_to_layer=folium.JsCode(
            "function (f, at) { return L.circleMarker(at, {radius: 5}); }"
        ),
    ).add_to(m)
    TimelineSlider(auto_play=False).add_timelines(layer).add_to(m)
    return str(m.get_root().render())


def timestamped(frame: gpd.GeoDataFrame) -> str:
    m = bare_map()
    features = [
        {
            "type": "Feature",
            "properties": {"times": [r.start, r.end], "popup": popup(r), "icon": "circle"},
            "geometry": {"type": "MultiPoint", "coordinates": [[r.lon, r.lat]] * 2},
        }
        for r in texts(frame).itertuples(index=False)
    ]  # fmt: skip
    TimestampedGeoJson(
        {"type": "FeatureCollection", "features": features},
        auto_play=False, add_last_point=False, period="P1M", transition_time=1,
    ).add_to(m)  # fmt: skip
    return str(m.get_root().render())


def tag_filter(frame: gpd.GeoDataFrame) -> str:
    m = bare_map()
    plain = texts(frame)
    years = list(range(2002, 2026))
    for _, runs in plain.groupby("venue", sort=False):
        row = next(runs.itertuples(index=False))
        tags = [
            str(year)
            for year in years
            if any(r.start[:4] <= str(year) <= r.end[:4] and r.status == "open" for r in runs.itertuples(index=False))
        ]  # fmt: skip
        folium.CircleMarker([row.lat, row.lon], radius=5, popup=popup(row), tags=tags).add_to(m)
    TagFilterButton([str(year) for year in years]).add_to(m)
    return str(m.get_root().render())


def nothing(_: gpd.GeoDataFrame) -> str:
    m = bare_map()
    folium.CircleMarker(CENTRE).add_to(m)
    return str(m.get_root().render())


FIND = "const find = (start) => window[Object.keys(window).find((key) => key.startsWith(start))];"
INPUT = "slider.dispatchEvent(new Event('input', {bubbles: true})); slider.dispatchEvent(new Event('change', {bubbles: true}));"
LAYERS = (
    Layer("empty map, empty step", nothing, "", most=100),
    Layer(
        "StatusTimeline",
        status_timeline,
        f"const slider = document.querySelector('input[type=range]'); slider.value = Math.round(at); {INPUT}",
    ),
    Layer(
        "StatusTimeline, Leaflet only",
        lambda frame: status_timeline(frame, LeafletOnly),
        f"const slider = document.querySelector('input[type=range]'); slider.value = Math.round(at); {INPUT}",
    ),
    Layer(
        "Timeline + slider",
        timeline_slider,
        f"const slider = document.querySelector('.time-slider'); slider.value = at * 864e5; {INPUT}",
    ),
    Layer(
        "TimestampedGeoJson",
        timestamped,
        f"{FIND} const d = find('map_').timeDimension; d.setCurrentTimeIndex(Math.floor((at - {int((FIRST).astype(int))}) / {int((LAST - FIRST).astype(int))} * d.getAvailableTimes().length));",
    ),
    Layer(
        "canvas + TagFilterButton",
        tag_filter,
        f"{FIND} const c = find('tag_filter_button_'); c._selectedTags = [String(2002 + i % 24)]; const s = c.layerSources.currentSource; s.hide.call(c, s);",
        MOST_OBJECTS,
    ),
)


# The peers' assets


def local(html: str) -> str:
    """Return a page whose scripts and styles come from files, or from nowhere."""

    def place(match: re.Match[str]) -> str:
        url = match[2]
        found = next((at for end, at in ASSETS.items() if url.endswith(end)), None)
        return f'{match[1]}="{asset(*found) if found else "data:,"}"'

    return re.sub(r'\b(src|href)="(https?://[^"]+)"', place, html)


def asset(package: str, file: str) -> str:
    """Return the address of a file of an npm package, which is fetched once."""
    folder = CACHE / package.replace("/", "-")
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as fresh:
            subprocess.run(["npm", "pack", "--silent", package], cwd=fresh, check=True, stdout=subprocess.DEVNULL)  # fmt: skip
            with tarfile.open(next(Path(fresh).glob("*.tgz"))) as packed:
                packed.extractall(Path(fresh) / "out", filter="data")
            (Path(fresh) / "out" / "package").rename(folder)
    return (folder / file).as_uri()


if __name__ == "__main__":
    main(sys.argv[1:])
