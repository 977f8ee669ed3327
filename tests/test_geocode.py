"""Geocoding: what is proposed, and what of it is written; against a real Nominatim behind a real nginx."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from geocoders import ABSENT, Front, free_ports, running
from hypothesis import example, given
from hypothesis import strategies as st
from registries import LAO_FILE, write

from outposts import geocode, geocoder, registry
from outposts.answers import KEPT_DAYS, Answer, Answers, Reply
from outposts.geocoder import Geocoder, NotAsked, Refused, Unreachable, normalised
from outposts.settings import Settings, SettingsError, settings

OUTPOSTS = Path(sys.executable).parent / "outposts"
real = pytest.mark.skipif(bool(ABSENT), reason=ABSENT or "it is there")

# Venue -> (town, what its file has, kind of place it is found as).
TOWNS = {
    "kh-phnompenh-monivong": ("Phnom Penh", "address: Monivong Boulevard", "street"),
    "kh-siemreap-friendship": ("Siem Reap", "name: 평양친선관", "building"),
    "la-vangvieng-savang": ("Vang Vieng", "address: Ban Savang", "district"),
    "la-vientiane-nongbone": ("Vientiane", "address: 'Nongbone Road, Vientiane'", "street"),
    "th-bangkok-okryu": ("Bangkok", "address: Sukhumvit Soi 26", "street"),
    "vn-hanoi-koryo": ("Hanoi", "address: '61 Trung Hòa, Cầu Giấy, Hà Nội'", "building"),
    "id-jakarta-gading": ("Jakarta", "address: Kelapa Gading", "district"),
    "my-kl-koryowon": ("Kuala Lumpur", "name: Koryo-Won", "building"),
}
# lon, lat of the things in eight-towns.osm that these are.
WHERE = {
    "kh-phnompenh-monivong": (104.9203, 11.5620),
    "kh-siemreap-friendship": (103.8480, 13.3716),
    "la-vangvieng-savang": (102.4490, 18.9190),
    "la-vientiane-nongbone": (102.6155, 17.9695),
    "th-bangkok-okryu": (100.5690, 13.7240),
    "vn-hanoi-koryo": (105.8009, 21.0110),
    "id-jakarta-gading": (106.9050, -6.1580),
    "my-kl-koryowon": (101.7410, 3.1612),
}
ODD = {
    "la-vientiane-moonlight": ("Vientiane", "name: Moonlight Restaurant Vientiane Laos", ""),
    "vn-hanoi-lotus": ("Hanoi", "name: Lotus Restaurant Hanoi Vietnam", ""),
    "la-vangvieng-town": ("Vang Vieng", "name: Vang Vieng, Laos", ""),
    "vn-hanoi-nowhere": ("Hanoi", "name: 99 Qwertz Alley", ""),
}
POINT = """
  point:
    lon: 100.569000
    lat: 13.724000
    precision: street
    radius_m: 300
    method: source
    by: paper
    on: "2020-06-02"
"""


def venue(id: str, place: str, told: str, more: str = "") -> str:
    key, _, value = told.partition(": ")
    name = value if key == "name" else f"Qwertz {id.rpartition('-')[2]}"
    address = f"\n  address: {{text: {value}, source: paper}}" if key == "address" else ""
    return f"""\
# Kept by hand.
id: {id}
kind: restaurant
names:
  - {{name: "{name}", lang: en, source: paper}}  # as on the sign
location:
  country: {id[:2].upper()}   # two letters
  place: {place}{address}
{more.lstrip(chr(10))}# What follows is evidence.
claims:
  - id: c1
    says: open
    when: "2020-04"
    source: paper
    quote: "It was open."
"""


def files(venues: dict[str, tuple[str, str, str]]) -> dict[str, str | None]:
    return {f"venues/{id[:2]}/{id}.yaml": venue(id, place, told) for id, (place, told, _) in venues.items()}  # fmt: skip


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with running(tmp_path_factory.mktemp("geocoders")) as found:
        yield found


class Desk:
    """A registry, a user's folders, and the command as that user calls it."""

    def __init__(self, folder: Path, venues: dict[str, tuple[str, str, str]], url: str) -> None:
        self.registry = write(folder / "r", {LAO_FILE: None, **files(venues)})
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("OUTPOSTS_")} | {
            "OUTPOSTS_REGISTRY": "r",
            "OUTPOSTS_GEOCODER_ENDPOINT": url,
            "OUTPOSTS_GEOCODER_CONTACT": "desk@example.org",
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "no_proxy": "*",
        }  # fmt: skip
        self.folder = folder

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(OUTPOSTS), *words], cwd=self.folder, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )  # fmt: skip

    def run(self, *words: str, code: int = 0) -> tuple[str, str]:
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        assert process.returncode == code, err + out
        return out, err

    def geocode(self, *words: str, code: int = 0) -> dict[str, Any]:
        out, _ = self.run("geocode", "--format", "json", *words, code=code)
        return {row["venue"]: row for row in json.loads(out)}


@pytest.fixture
def desk(tmp_path: Path, front: Front) -> Desk:
    return Desk(tmp_path, TOWNS, front.url)


def asker(front: Front, folder: Path, path: str = "", **given: Any) -> Geocoder:
    own = Settings("nominatim", f"{front.url}{path}", "desk@example.org")
    return Geocoder(own, folder, **{"pause_s": 0.0, **given})


# What is found


@pytest.fixture(scope="module")
def found(front: Front, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, dict[str, Any]]:
    """All venues of the tests, asked about once, and then once more with what was written."""
    desk = Desk(tmp_path_factory.mktemp("desk"), TOWNS | ODD, front.url)
    (desk.registry / "venues/th/th-bangkok-sign.yaml").write_text(
        venue("th-bangkok-sign", "Bangkok", "name: Sign", POINT)
    )
    exact = POINT.replace("100.569", "104.92").replace("13.724", "11.565")
    exact = exact.replace("street", "building").replace("source", "geocoder")
    (desk.registry / "venues/kh/kh-phnompenh-exact.yaml").write_text(
        venue("kh-phnompenh-exact", "Phnom Penh", "name: Monivong Boulevard", exact)
    )
    return desk, desk.geocode("--online", "nominatim")


@real
@pytest.mark.parametrize("id", TOWNS)
def test_venue_of_each_town_is_found_as_exactly_as_the_thing_is(found: Any, id: str) -> None:
    row = found[1][id]
    assert (row["outcome"], row["new"]["precision"]) == ("proposed", TOWNS[id][2])
    assert (row["new"]["lon"], row["new"]["lat"]) == pytest.approx(WHERE[id], abs=0.0006)
    assert (row["new"]["method"], row["new"]["by"]) == ("geocoder", "nominatim")
    assert row["old"]["precision"] == "place"
    assert 0 < row["distance_m"] < 20_000
    assert "OpenStreetMap" in row["attribution"]


@real
def test_radius_reaches_the_farthest_corner_of_the_box(found: Any) -> None:
    radius = {id: found[1][id]["new"]["radius_m"] for id in TOWNS}
    assert radius["vn-hanoi-koryo"] == 20  # a house of 20 m
    assert radius["id-jakarta-gading"] == pytest.approx(2350, abs=30)  # a square of 3.3 km
    assert radius["th-bangkok-okryu"] == pytest.approx(680, abs=60)  # a lane of 1.3 km


@real
@pytest.mark.parametrize(
    ("id", "outcome", "why"),
    [
        ("la-vientiane-moonlight", "rejected", "not in Laos"),
        ("vn-hanoi-lotus", "rejected", "km from Hanoi; at most 60 km"),
        ("la-vangvieng-town", "rejected", "no more exact than a town"),
        ("kh-phnompenh-exact", "rejected", "less exact than what the registry has (building)"),
        ("vn-hanoi-nowhere", "not-found", "99 Qwertz Alley, Hanoi, Vietnam"),
        ("th-bangkok-sign", "source", "from paper"),
    ],
)
def test_what_cannot_be_is_told_and_not_proposed(
    found: Any, id: str, outcome: str, why: str
) -> None:
    row = found[1][id]
    assert row["outcome"] == outcome
    assert why in row["why"]
    assert (row["new"] is not None) == (outcome == "rejected")


@real
def test_each_query_is_sent_once_by_name(found: Any, front: Front) -> None:
    asked = [request.query for request in front.requests()]
    assert "61 Trung Hòa, Cầu Giấy, Hà Nội, Vietnam" in asked
    assert not any("Sign" in query for query in asked)  # a source's point is asked of nobody
    (agent,) = {request.agent for request in front.requests() if "Hòa" in request.query}
    assert agent.startswith("outposts/")
    assert "desk@example.org" in agent


@real
def test_second_run_asks_nothing_and_says_the_same(found: Any) -> None:
    desk, first = found
    out, err = desk.run("geocode", "--online", "nominatim", "--limit", "0", "--format", "csv")
    assert "0 requests, " in err
    assert "OpenStreetMap contributors" in err
    rows = {row["venue"]: row for row in csv.DictReader(io.StringIO(out))}
    assert {id: row["outcome"] for id, row in rows.items()} == {
        id: row["outcome"] for id, row in first.items()
    }
    assert float(rows["vn-hanoi-koryo"]["new_lon"]) == 105.8009


@real
def test_answers_are_kept_when_the_server_is_gone(tmp_path: Path) -> None:
    with running(tmp_path) as short:
        first = asker(short, tmp_path)
        reply, none = first.ask("Koryo Restaurant, Hanoi"), first.ask("Qwertz, Hanoi")
        first.close()
    again = asker(short, tmp_path)
    assert again.ask("  koryo restaurant,\tHanoi\n") == reply
    assert again.ask("Qwertz, Hanoi") == none
    assert (reply.answers[0].precision, none.answers) == ("building", ())
    with pytest.raises(Unreachable):
        again.ask("Koryo, Hanoi")
    assert (again.counts.requests, again.counts.kept) == (1, 2)
    again.close()


# What is written


@real
def test_write_changes_the_lines_of_the_point_alone(desk: Desk) -> None:
    def lines() -> dict[str, list[str]]:
        return {p.stem: p.read_text("utf-8").splitlines() for p in desk.registry.glob("venues/*/*.yaml")}  # fmt: skip

    chosen = ("vn-hanoi-koryo", "th-bangkok-okryu")
    before = lines()
    rows = desk.geocode("--online", "nominatim", "--write", *chosen)
    assert all(row["written"] for row in rows.values())
    after = lines()
    for id, old in before.items():
        new = after[id]
        added = [line for line in new if line not in old]
        assert [line for line in new if line not in added] == old
        keys = ["point", "lon", "lat", "precision", "radius_m", "method", "by", "on"]
        assert [line.split(":")[0].strip() for line in added] == (keys if id in chosen else [])
    assert '    on: "20' in "\n".join(after["vn-hanoi-koryo"])
    desk.run("check")
    venue = registry.load(desk.registry)["vn-hanoi-koryo"]
    assert (venue.lon, venue.lat, venue.precision, venue.radius_m) == (105.8009, 21.011, "building", 20)  # fmt: skip
    again = desk.geocode("--online", "nominatim", "--write", *chosen)
    assert {row["outcome"] for row in again.values()} == {"unchanged"}
    assert lines() == after


@real
def test_old_point_of_a_geocoder_is_replaced_where_it_stands(desk: Desk) -> None:
    path = desk.registry / "venues/vn/vn-hanoi-koryo.yaml"
    point = POINT.replace("source", "geocoder").replace("paper", "elsewhere  # which?")
    point = point.replace("100.569000", "105.8").replace("13.724000", "21.02  # roughly")
    old = venue("vn-hanoi-koryo", *TOWNS["vn-hanoi-koryo"][:2], point)
    path.write_text(old)
    row = desk.geocode("--online", "nominatim", "--write", "vn-hanoi-koryo")["vn-hanoi-koryo"]
    assert (row["outcome"], row["old"]["by"], row["distance_m"]) == ("proposed", "elsewhere", pytest.approx(1000, abs=20))  # fmt: skip
    new = path.read_text()
    for was, now in zip(old.splitlines(), new.splitlines(), strict=True):
        assert was == now or was.split(":")[0] == now.split(":")[0]
        assert was.partition("#")[1:] == now.partition("#")[1:]
    desk.run("check")


@real
def test_text_shows_old_new_metres_and_whom_to_credit(desk: Desk) -> None:
    out, err = desk.run("geocode", "--online", "nominatim", "vn-hanoi-koryo")
    assert "105.841200 21.024500 (place, 15000 m)" in out
    assert "105.800900 21.011000 (building, 20 m)" in out
    assert "Koryo Restaurant, 61, Trung Hoa" in out
    assert "Data © OpenStreetMap contributors" in err


# Three outcomes


@real
@pytest.mark.parametrize(
    ("path", "error", "said"),
    [
        ("/forbidden", Refused, "HTTP 403"),
        ("/keyless", Refused, "HTTP 401"),
        ("/enough", Refused, "HTTP 429"),
        ("/tomorrow", Refused, "come back in 86400 s"),
        ("/odd", Refused, "does not take this query"),
        ("/gone", Unreachable, "HTTP 502"),
        ("/busy", Unreachable, "HTTP 503"),
        ("/slow", Unreachable, "HTTP 504"),
        ("/portal", Unreachable, "cannot be reached"),
        ("/list", Unreachable, "none of a geocoder's"),
    ],
)
def test_refused_and_unreachable_are_no_misses_and_are_not_kept(
    front: Front, tmp_path: Path, path: str, error: type[Exception], said: str
) -> None:
    asking = asker(front, tmp_path, path)
    with pytest.raises(error, match=said):
        asking.ask("Hanoi")
    assert asking.counts.requests == 1
    again = asker(front, tmp_path, path)
    with pytest.raises(error):
        again.ask("Hanoi")
    assert (again.counts.requests, again.counts.kept) == (1, 0)
    asking.close()
    again.close()


@real
def test_closed_port_is_unreachable_and_three_outages_end_the_run(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    asking = Geocoder(Settings(endpoint=f"http://127.0.0.1:{port}"), tmp_path, pause_s=0)
    for query in ("Hanoi", "Hue", "Vinh"):
        with pytest.raises(Unreachable, match="refused"):
            asking.ask(query)
    with pytest.raises(NotAsked):
        asking.ask("Da Nang")
    asking.close()


@real
@pytest.mark.parametrize(
    ("path", "outcome", "word"),
    [("/forbidden", "refused", "HTTP 403"), ("/slow", "unreachable", "HTTP 504")],
)
def test_command_tells_them_apart_and_exits_1(desk: Desk, path: str, outcome: str, word: str) -> None:  # fmt: skip
    desk.env["OUTPOSTS_GEOCODER_ENDPOINT"] += path
    rows = desk.geocode("--online", "nominatim", "vn-hanoi-koryo", "my-kl-koryowon", code=1)
    assert rows["vn-hanoi-koryo"]["outcome"] == outcome
    assert word in rows["vn-hanoi-koryo"]["why"]
    assert rows["my-kl-koryowon"]["outcome"] == ("not-asked" if outcome == "refused" else outcome)
    assert all(row["new"] is None for row in rows.values())


@real
def test_retry_after_is_obeyed_and_told(front: Front, tmp_path: Path) -> None:
    told: list[str] = []
    since = front.mark()
    asking = asker(front, tmp_path, "/paced", tell=told.append)
    assert asking.ask("Hanoi").answers
    assert asking.ask("Bangkok").answers
    asking.close()
    first, refused, last = front.requests(3, since)
    assert (first.status, refused.status, last.status) == (200, 429, 200)
    assert refused.query == last.query == "Bangkok"
    assert last.begun - refused.begun >= 0.999  # the log's clock ticks in milliseconds
    assert len(told) == 1
    assert "asking again in 1 s" in told[0]


@real
def test_patience_ends(front: Front, tmp_path: Path) -> None:
    asking = asker(front, tmp_path, "/later")
    with pytest.raises(Refused, match="HTTP 429"):
        asking.ask("Hanoi")
    assert asking.counts.requests == geocoder.TRIES
    with pytest.raises(NotAsked):
        asking.ask("Bangkok")
    asking.close()


# One request a second


@real
def test_two_processes_keep_a_second_between_any_two_requests(desk: Desk, front: Front) -> None:
    since = front.mark()
    ids = list(TOWNS)
    both = [desk.start("geocode", "--online", "nominatim", *ids[:3]), desk.start("geocode", "--online", "nominatim", *ids[3:6])]  # fmt: skip
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    begun = [request.begun for request in front.requests(6, since)]
    assert len(begun) == 6
    assert min(later - earlier for earlier, later in pairwise(begun)) >= 1


@real
def test_run_that_was_cut_off_goes_on_where_it_stopped(desk: Desk, front: Front) -> None:
    since = front.mark()
    process = desk.start("geocode", "--online", "nominatim")
    until = time.monotonic() + 60
    while len(front.requests(since=since)) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert "interrupted" in err
    rows = desk.geocode("--online", "nominatim")
    assert {row["outcome"] for row in rows.values()} == {"proposed"}
    asked = [request.query for request in front.requests(since=since)]
    # What was on its way when the run was cut off may be asked a second time, no more.
    assert len(asked) - len(set(asked)) <= 1
    assert len(set(asked)) == len(TOWNS)


@real
def test_limit_counts_requests_so_that_the_next_run_gets_further(desk: Desk) -> None:
    words = ("--online", "nominatim", "--limit", "1", "vn-hanoi-koryo", "id-jakarta-gading")
    assert [row["outcome"] for row in desk.geocode(*words).values()] == ["proposed", "not-asked"]
    assert [row["outcome"] for row in desk.geocode(*words).values()] == ["proposed", "proposed"]


# Any text


@given(st.text(max_size=2000))
@example("")
@example("\x00\x07\u200b\ufeff\udc80 ")
@example("ក្រុង\u200bសៀមរាប")
@example("\U0010ffff" * 2560)
def test_normalised_query_is_short_visible_and_its_own_normal_form(text: str) -> None:
    query = normalised(text)
    assert len(query) <= geocoder.LONGEST
    assert normalised(query) == query
    assert "\n" not in query
    assert "\x00" not in query
    query.encode()  # no half characters


@real
def test_any_text_gets_an_answer_or_a_refusal(front: Front, tmp_path: Path) -> None:
    asking = asker(front, tmp_path)
    texts = [
        "",
        " \x00\n",
        "\ud800",
        "%",
        "&q=x",
        "'; DROP TABLE",
        "(((",
        ",,,",
        "../..",
        "a" * 10_240,
    ]
    texts += [
        "🍜" * 2560,
        "ក្" * 1700,
        "\u0301" * 5000,
        "평" * 3413,
        "\u202e" * 3413,
        "[restaurant]",
    ]
    texts += ["restaurant", "48.1,11.5", "-", "\u200d", "\ufdfa" * 1200, "Ǆ" * 5000, "#fragment?"]

    @given(st.text(st.characters(), max_size=2560))  # half characters too
    def ask(text: str) -> None:
        texts.append(text)

    ask()
    for text in texts[:60]:
        try:
            reply = asking.ask(text)
        except Refused as refusal:
            assert not refusal.is_final, text  # noqa: PT017
        else:
            assert isinstance(reply, Reply)
    assert asking.counts.requests >= 40
    asking.close()


# Without a network


@pytest.fixture
def offline(tmp_path: Path) -> Desk:
    return Desk(tmp_path, TOWNS, "http://127.0.0.1:1")


def test_without_online_no_socket_is_opened(offline: Desk) -> None:
    code = """
    import sys

    def watch(event, args):
        if event.startswith("socket."):
            raise SystemExit(f"{event} {args}")

    sys.addaudithook(watch)
    from outposts.cli import main
    main(["geocode"], standalone_mode=False)
    assert "outposts.geocoder" not in sys.modules
    """
    run = subprocess.run(
        [sys.executable, "-c", dedent(code)], cwd=offline.folder, env=offline.env, capture_output=True, text=True
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stderr == "8 place\n"
    assert not (offline.folder / "cache").exists()


def test_without_online_a_venue_stays_at_its_town(offline: Desk) -> None:
    rows = offline.geocode()
    assert {row["outcome"] for row in rows.values()} == {"place"}
    assert rows["vn-hanoi-koryo"]["old"]["by"] == "geonames"
    assert all(row["new"] is None and not row["written"] for row in rows.values())


@pytest.mark.parametrize(
    ("env", "words", "hint"),
    [
        ({"ENDPOINT": "", "CONTACT": ""}, "--online nominatim", "OUTPOSTS_GEOCODER_CONTACT"),
        (
            {"ENDPOINT": "nominatim.openstreetmap.org", "CONTACT": ""},
            "--online nominatim",
            "can be reached",
        ),
        ({"CONTACT": "me\r\nX-Evil: 1"}, "--online nominatim", "no contact"),
        ({"CONTACT": "me"}, "--online nominatim", "an e-mail address"),
        ({"ENDPOINT": "ftp://example.org"}, "--online nominatim", "https://host"),
        ({"ENDPOINT": "http://"}, "--online nominatim", "https://host"),
        ({"ENDPOINT": ""}, "--online opencage", "OUTPOSTS_GEOCODER_KEY"),
        ({}, "--online nominatm", "'nominatim'"),
        ({"ENDPOINT": "", "KEY": "x"}, "--online google --write", "terms"),
        ({}, "--write", "--online"),
        ({}, "vn-hanoi-koyro", "'vn-hanoi-koryo'"),
    ],
)
def test_wrong_settings_are_told_with_the_way_out(
    offline: Desk, env: dict[str, str], words: str, hint: str
) -> None:
    offline.env.update({f"OUTPOSTS_GEOCODER_{name}": value for name, value in env.items()})
    out, err = offline.run("geocode", *words.split(), code=2)
    assert hint in " ".join(err.split())
    assert out == ""


def test_file_of_settings_stands_behind_the_environment(tmp_path: Path) -> None:
    folder = tmp_path / "outposts"
    folder.mkdir()
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert settings(environ=env) == Settings()
    path = folder / "geocoder.toml"
    path.write_text('contact = "a@b.org"\n[photon]\nendpoint = "h.org/p/"\n[opencage]\nkey = "k"\n')  # fmt: skip
    assert settings("photon", env) == Settings("photon", "https://h.org/p", "a@b.org")
    assert settings("opencage", env).key == "k"
    named = {
        f"OUTPOSTS_GEOCODER_{name}": "http://127.0.0.1:8088" for name in ("ENDPOINT", "DOMAIN")
    }
    for name in named:
        assert settings(environ=env | {name: named[name]}).endpoint == "http://127.0.0.1:8088"
    for wrong in (
        "contact = 1",
        "contact =",
        "[photon]\nendpiont = 'x'",
        "adress = 'x'",
        "provider = 'x'",
    ):
        path.write_text(wrong)
        with pytest.raises(SettingsError, match=r"geocoder\.toml"):
            settings(environ=env)


def test_kept_answers_grow_old_and_a_broken_file_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "geocoder.sqlite"
    path.write_bytes(b"no database at all " * 100)
    answers = Answers(path)
    hit = Reply((Answer(105.8, 21.0, "street", 300.0, "highway", "Hà Nội", "©"),), 20_000)
    miss = Reply((), 20_000)
    answers.keep("p", "Hanoi", "en", hit)
    answers.keep("p", "Nowhere", "en", miss)
    assert answers.find("p", "hanoi", "en", 20_000 + KEPT_DAYS[True]) == hit
    assert answers.find("p", "hanoi", "en", 20_001 + KEPT_DAYS[True]) is None
    assert answers.find("p", "nowhere", "en", 20_000 + KEPT_DAYS[False]) == miss
    assert answers.find("p", "nowhere", "en", 20_001 + KEPT_DAYS[False]) is None
    assert answers.find("q", "hanoi", "en", 20_000) is None
    assert answers.find("p", "hanoi", "ko", 20_000) is None
    answers.close()


def test_cache_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be kept"):
        Geocoder(Settings(endpoint="http://127.0.0.1:1"), tmp_path / "file" / "cache")


def test_provider_that_forbids_it_is_not_kept(tmp_path: Path) -> None:
    asking = Geocoder(Settings("google", key="k"), tmp_path)
    assert not asking.is_keepable
    assert list(tmp_path.iterdir()) == []


def test_every_outcome_is_worded() -> None:
    assert set(geocode.OUTCOMES) >= {"proposed", "rejected", "not-found", "refused", "unreachable"}
