"""A geocoder on the network, asked politely: the only module that opens a socket.

Any of geopy's, Nominatim first. At most one request a second over all processes of the machine, under
a name that says who asks; what was answered is kept and not asked again; Retry-After is obeyed.
Three outcomes are kept apart: nothing found (an empty reply), `Refused`, `Unreachable`.
"""

from __future__ import annotations

import inspect
import math
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from outposts import __version__, dates
from outposts.answers import Answer, Answers, Reply
from outposts.errors import OutpostsError, UnknownName
from outposts.nearest import did_you_mean
from outposts.pace import PAUSE_S, Pace
from outposts.settings import ENVIRONMENT, Settings, SettingsError, cache_folder, config_folder

LONGEST = 300
"""Characters of a query; no address is longer, and some 4 KB of percent signs are what a server reads."""

MOST_ANSWERS = 5
TIMEOUT_S = 20
TRIES = 4
"""How often one query is sent to a server that asks for patience."""

MOST_WAIT_S = 300
"""Seconds that a server may make us wait; who wants more is left alone for this run."""

OUTAGES = 3
"""After so many queries in a row that no server answered, the rest are not asked."""

LEAST_RADIUS_M = 20.0
"""An address or a shop is drawn somewhere in its building: no answer is better than this."""

KEEPABLE = frozenset(
    ("banfrance", "geocodeearth", "geonames", "nominatim", "opencage", "openmapquest", "pelias", "photon", "pickpoint")
)  # fmt: skip
"""Providers whose data and terms let answers be kept. Others are asked each time and never written."""

PUBLIC = ".openstreetmap.org"
"""Where the public Nominatim stands. Its policy wants one request a second, a contact, a cache, attribution."""

PRECISIONS = {
    "building": "building house housenumber house_number housenumber premise subpremise street_address address "
    "pointaddress streetaddress poi",
    "street": "street road route highway streetname",
    "district": "suburb quarter neighbourhood neighborhood district city_district sublocality borough subdistrict "
    "city_block residential allotments isolated_dwelling postcode postal_code",
    "place": "city town village hamlet locality municipality place county state region province country "
    "administrative_area_level_1 administrative_area_level_2",
}  # fmt: skip
_PRECISION_OF = {
    word: precision for precision, words in PRECISIONS.items() for word in words.split()
}

# Where providers say what kind of thing an answer is: a path of keys into it.
_KINDS = (
    ("addresstype",),                    # Nominatim
    ("properties", "type"),              # Photon
    ("properties", "layer"),             # Pelias
    ("components", "_type"),             # OpenCage
    ("resultType",),                     # HERE
    ("place_type", 0),                   # Mapbox, MapTiler
    ("types", 0),                        # Google
    ("attributes", "Addr_type"),         # ArcGIS
)  # fmt: skip


class Refused(OutpostsError):
    """The geocoder answered that it will not: forbidden, no or a wrong key, too many requests, no quota.

    ``is_final`` is false where it is only this query that it does not take.
    """

    def __init__(self, message: str, is_final: bool = True) -> None:
        super().__init__(message)
        self.is_final = is_final


class Unreachable(OutpostsError):
    """No geocoder answered: no connection, a time-out, a gateway's fault, or not a geocoder at all."""


class NotAsked(OutpostsError):
    """The query was not sent: the limit is reached, or the geocoder has refused or failed before."""


@dataclass
class Counts:
    """What a run has cost: ``requests`` sent, and ``kept`` replies found on disk."""

    requests: int = 0
    kept: int = 0


class Geocoder:
    """One provider with its pace and its kept answers. Nothing is sent before the first `ask`.

    Parameters
    ----------
    settings
        Provider, endpoint, contact and key.
    folder
        Where answers and the time of the last request are kept; the user's cache folder by default.
    limit
        At most so many requests; kept answers cost none.
    tell
        Called with a sentence when a server makes us wait.
    lang
        The language of labels, ISO 639-1.
    pause_s
        Seconds between two requests; less than `outposts.pace.PAUSE_S` for a server of one's own alone.

    Raises
    ------
    UnknownName
        If geopy has no such provider.
    SettingsError
        If the provider lacks what it needs, or if the public server would be asked without a contact.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path | None = None,
        limit: int | None = None,
        tell: Callable[[str], None] = lambda sentence: None,
        lang: str = "en",
        pause_s: float = PAUSE_S,
    ) -> None:
        self.settings = settings
        self.provider = settings.provider
        self.counts = Counts()
        self._limit = limit
        self._tell = tell
        self._lang = lang
        self._service, where = _service(settings)
        self._name = f"{self.provider} {where}"
        folder = cache_folder() if folder is None else folder
        try:
            self._pace = Pace(folder / "geocoder.last", pause_s)
            self._answers = Answers(folder / "geocoder.sqlite") if self.is_keepable else None
        except OSError as error:
            raise SettingsError(f"answers cannot be kept in {folder}: {error}") from None
        self._stopped = ""
        self._outages = 0

    @property
    def is_keepable(self) -> bool:
        """Whether the provider's answers may be kept on disk and written into a registry."""
        return self.provider in KEEPABLE

    def close(self) -> None:
        """Close the file of kept answers."""
        if self._answers:
            self._answers.close()

    def ask(self, query: str) -> Reply:
        """Return what the geocoder finds for a query, kept or asked now; nothing found is an empty reply.

        Raises
        ------
        Refused, Unreachable, NotAsked
            As each says. None of them is kept: the next run asks again.
        """
        text = normalised(query)
        today = dates.today()
        if not text:
            return Reply((), today)
        if self._answers:
            kept = self._answers.find(self._name, text, self._lang, today)
            if kept is not None:
                self.counts.kept += 1
                return kept
        if self._stopped:
            raise NotAsked(self._stopped)
        if self._limit is not None and self.counts.requests >= self._limit:
            raise NotAsked(f"the limit of {self._limit} requests is reached")
        try:
            with self._pace.turn():
                reply = Reply(self._request(text), today)
        except Refused as refusal:
            if refusal.is_final:
                self._stopped = f"not asked any more: {refusal}"
            raise
        except Unreachable as fault:
            self._outages += 1
            if self._outages >= OUTAGES:
                self._stopped = f"not asked any more: {fault}"
            raise
        self._outages = 0
        if self._answers:
            self._answers.keep(self._name, text, self._lang, reply)
        return reply

    def _request(self, text: str) -> tuple[Answer, ...]:
        """Send a query, again where the server says when; the turn is ours meanwhile."""
        tries = 0
        while True:
            tries += 1
            self.counts.requests += 1
            try:
                return self._sent(text)
            except _Wait as patience:
                if tries == TRIES or patience.seconds > MOST_WAIT_S:
                    raise patience.fault from None
                self._tell(f"{patience.fault}; asking again in {patience.seconds:.0f} s")
                time.sleep(max(patience.seconds, self._pace.pause_s))

    def _sent(self, text: str) -> tuple[Answer, ...]:
        from geopy.exc import GeopyError

        wanted = {"language": self._lang, "limit": MOST_ANSWERS}
        taken = inspect.signature(self._service.geocode).parameters
        given = {name: value for name, value in wanted.items() if name in taken}
        try:
            found = self._service.geocode(text, exactly_one=False, **given)
            return tuple(_answers(found or (), self.provider))
        except GeopyError as error:
            raise _fault(error, self._where, self.settings.key) from None
        except (OSError, HTTPException) as error:  # the connection broke off in mid-answer
            raise Unreachable(f"{self._where} broke off: {_said(error)}") from None
        except (AttributeError, LookupError, TypeError, ValueError):  # geopy found other data
            raise Unreachable(
                f"{self._where} gave an answer that is none of a geocoder's"
            ) from None

    @property
    def _where(self) -> str:
        return self._name.partition(" ")[2] or self.provider


class _Wait(Exception):
    """The server asks for patience, in seconds; ``fault`` is what it is without."""

    def __init__(self, seconds: float, fault: Refused | Unreachable) -> None:
        self.seconds = seconds
        self.fault = fault


def normalised(query: str) -> str:
    """Return a query as it is sent and kept: composed, in one line, without what cannot be seen.

    Never fails, whatever the text; its own result stays as it is.

    Examples
    --------
    >>> normalised(" 61  Trung Ho\u0300a,\\n\\tHa\u0300 No\u0323\u0302i\\x00 ")
    '61 Trung Hòa, Hà Nội'
    """
    # A query is cut in the end: composing more than could be kept of it would be for nothing.
    composed = unicodedata.normalize("NFC", query[: 8 * LONGEST])
    # Cc control, Cf format, Cs half characters, Co private, Cn none, Z spaces of all kinds. The two joiners
    # (U+200C, U+200D) shape Khmer and Indic letters and would change a word.
    seen = "".join(
        letter if letter in "\u200c\u200d" or unicodedata.category(letter)[0] not in "CZ" else " "
        for letter in composed
    )
    return unicodedata.normalize("NFC", " ".join(seen.split()))[:LONGEST].strip()


def _service(settings: Settings) -> tuple[Any, str]:
    """Return geopy's geocoder, and the host that it asks."""
    from geopy.adapters import URLLibAdapter
    from geopy.exc import GeocoderNotFound, GeopyError
    from geopy.geocoders import SERVICE_TO_GEOCODER, get_geocoder_for_service

    try:
        maker = get_geocoder_for_service(settings.provider)
    except GeocoderNotFound:
        hint = did_you_mean(settings.provider, SERVICE_TO_GEOCODER)
        raise UnknownName(f"geopy has no geocoder {settings.provider!r}{hint}") from None
    taken = inspect.signature(maker.__init__).parameters
    # Not the adapter on requests: it would obey Retry-After in silence, where nobody sees why it takes long.
    given: dict[str, Any] = {
        "adapter_factory": URLLibAdapter,
        "timeout": TIMEOUT_S,
        "user_agent": f"outposts/{__version__}" + (f" ({settings.contact})" if settings.contact else ""),
    }  # fmt: skip
    if settings.endpoint:
        if "domain" not in taken:
            raise SettingsError(f"the endpoint of {settings.provider} cannot be changed")
        given["scheme"], _, given["domain"] = settings.endpoint.partition("://")
    if settings.key:
        names = ("api_key", "apikey", "subscription_key", "username")
        name = next((name for name in names if name in taken), None)
        if name:
            given[name] = settings.key
    for name, parameter in taken.items():
        if name != "self" and parameter.default is inspect.Parameter.empty and name not in given:
            unset = "ENDPOINT" if name == "domain" else "KEY"
            raise SettingsError(
                f"{settings.provider} needs its {name}: set {ENVIRONMENT}{unset}, "
                f"or write it into {config_folder() / 'geocoder.toml'}"
            )
    try:
        service = maker(**given)
    except (GeopyError, TypeError, ValueError) as error:
        raise SettingsError(f"{settings.provider} cannot be set up: {_said(error)}") from None
    domain = str(getattr(service, "domain", "") or settings.provider)
    host = urlsplit(f"//{domain}").hostname or ""
    if f".{host}".endswith(PUBLIC) and not settings.contact:
        raise SettingsError(
            f"the public server {host} is asked only by someone who can be reached: set "
            f"{ENVIRONMENT}CONTACT to your e-mail or web address, or write contact = \"...\" into "
            f"{config_folder() / 'geocoder.toml'}; {ENVIRONMENT}ENDPOINT names another server"
        )  # fmt: skip
    return service, domain


def _fault(error: Exception, where: str, key: str | None) -> Exception:
    """Return what an error of geopy's means: `Refused`, `Unreachable`, or a wait for one of them.

    The HTTP status is what counts: geopy's classes take 503 and 504 for a time-out.
    """
    from geopy import exc
    from geopy.adapters import get_retry_after

    cause = error.__cause__
    code = getattr(cause, "status_code", None)
    said = _said(error) if code is None else f"HTTP {code}"
    if key:
        said = said.replace(key, "...")
    refusals = (
        exc.GeocoderAuthenticationFailure,
        exc.GeocoderInsufficientPrivileges,
        exc.GeocoderQuotaExceeded,
        exc.ConfigurationError,
    )
    fault: Refused | Unreachable
    if code in (400, 412, 413, 414, 422, 431) or (
        code is None and isinstance(error, exc.GeocoderQueryError)
    ):
        fault = Refused(f"{where} does not take this query: {said}", is_final=False)
    elif code in (401, 402, 403, 407, 429, 451) or (code is None and isinstance(error, refusals)):
        fault = Refused(f"{where} refuses: {said}")
    else:
        fault = Unreachable(f"{where} cannot be reached: {said}")
    after = get_retry_after(getattr(cause, "headers", None) or {}) if code in (429, 503) else None
    if after is not None and math.isfinite(after):
        longer = type(fault)(f"{fault}, come back in {after:.0f} s")
        return _Wait(max(after, 0.0), longer)
    return fault


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _answers(found: Iterable[Any], provider: str) -> Iterable[Answer]:
    for location in found:
        lon, lat = float(location.longitude), float(location.latitude)
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # not a number either
            continue
        raw = location.raw if isinstance(location.raw, dict) else {}
        precision, kind = _kind(raw)
        credit = raw.get("licence") or raw.get("attribution") or ""
        yield Answer(
            lon=lon,
            lat=lat,
            precision=precision,
            radius_m=_radius_m(lon, lat, raw),
            kind=kind,
            label=str(location.address or ""),
            attribution=str(credit) or f"geocoded by {provider}",
        )


def _kind(raw: dict[str, Any]) -> tuple[str | None, str]:
    """Return the precision that an answer's kind stands for, and the kind in the geocoder's words."""
    words = [str(word) for word in (_at(raw, path) for path in _KINDS) if word]
    group = raw.get("category") or raw.get("class")
    told = f"{group}={raw.get('type')}" if group else words[0] if words else ""
    for word in words:
        if word.casefold() in _PRECISION_OF:
            return _PRECISION_OF[word.casefold()], told
    try:  # Nominatim's rank of what has a name but is no part of an address: a restaurant, a park
        rank = int(raw["place_rank"])
    except (KeyError, TypeError, ValueError):
        return None, told
    if rank >= 28:
        return "building", told
    if rank >= 26:
        return "street", told
    return ("district" if rank >= 17 else "place"), told


def _at(raw: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _radius_m(lon: float, lat: float, raw: dict[str, Any]) -> float | None:
    """Return metres to the farthest corner of an answer's box, rounded up to ten; None without a box."""
    from geopy.distance import geodesic

    south_north_west_east = _at(raw, ("boundingbox",))  # Nominatim
    extent = _at(raw, ("properties", "extent"))  # Photon: west, north, east, south
    try:
        if south_north_west_east:
            south, north, west, east = map(float, south_north_west_east)
        elif extent:
            west, north, east, south = map(float, extent)
        else:
            return None
        corners = [(y, x) for y in (south, north) for x in (west, east)]
        farthest = max(float(geodesic((lat, lon), corner).m) for corner in corners)
    except (TypeError, ValueError):
        return None
    return max(math.ceil(farthest / 10) * 10.0, LEAST_RADIUS_M)
