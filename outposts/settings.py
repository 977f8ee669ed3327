"""Which geocoder is asked, where it stands and who asks: from the environment or a file of the user's.

``OUTPOSTS_GEOCODER_ENDPOINT`` (a web address, or a host with an optional path; ``OUTPOSTS_GEOCODER_DOMAIN``
is a second name for it), ``OUTPOSTS_GEOCODER_CONTACT`` and ``OUTPOSTS_GEOCODER_KEY`` come before the
file ``outposts/geocoder.toml`` in the user's configuration folder::

    contact = "desk@example.org"      # goes to the geocoder with every request

    [nominatim]
    endpoint = "https://nominatim.example.org"
    key = "..."                       # where a provider wants one
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from outposts.errors import OutpostsError

PROVIDER = "nominatim"
ENVIRONMENT = "OUTPOSTS_GEOCODER_"
_OWN = ("endpoint", "contact", "key")


class SettingsError(OutpostsError, ValueError):
    """Settings that name no geocoder, or that its rules do not allow; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """One provider of geopy's, and how to reach it.

    Attributes
    ----------
    provider
        The name of a service in geopy, such as ``nominatim``.
    endpoint
        ``scheme://host[:port][/path]`` without a slash at its end; None for the provider's own.
    contact
        An e-mail or web address of whoever runs the requests; part of the user agent.
    key
        What the provider wants in order to answer.
    """

    provider: str = PROVIDER
    endpoint: str | None = None
    contact: str | None = None
    key: str | None = field(default=None, repr=False)


def settings(provider: str = PROVIDER, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings for a provider.

    Raises
    ------
    SettingsError
        If the file cannot be read or has other keys, or if a value cannot be what it should be.
    """
    environ = os.environ if environ is None else environ
    path = config_folder(environ) / "geocoder.toml"
    table = _table(path)
    own = table.get(provider, {})
    values = {
        name: environ.get(f"{ENVIRONMENT}{name.upper()}") or own.get(name) or table.get(name)
        for name in _OWN
    }
    endpoint = environ.get(f"{ENVIRONMENT}ENDPOINT") or environ.get(f"{ENVIRONMENT}DOMAIN")
    endpoint = endpoint or values["endpoint"]
    return Settings(
        provider=provider,
        endpoint=_endpoint(endpoint) if endpoint else None,
        contact=_contact(values["contact"]) if values["contact"] else None,
        key=values["key"] or None,
    )


def config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the user's folder for our settings; it need not be there."""
    return _user_folder(environ, "XDG_CONFIG_HOME", ".config")


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the user's folder for what can be fetched anew; it need not be there."""
    return _user_folder(environ, "XDG_CACHE_HOME", ".cache")


def _user_folder(environ: Mapping[str, str] | None, variable: str, usual: str) -> Path:
    environ = os.environ if environ is None else environ
    named = Path(environ.get(variable) or "")
    if named.is_absolute():  # the standard says to ignore any other
        return named / "outposts"
    try:
        return Path.home() / usual / "outposts"
    except RuntimeError:
        raise SettingsError(f"there is no home folder; set {variable}") from None


def _table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    for name, value in table.items():
        if isinstance(value, dict):
            wrong = [key for key in value if key not in _OWN or not isinstance(value[key], str)]
            if wrong:
                raise SettingsError(f"{path}: {name}.{wrong[0]}: takes {', '.join(_OWN)}, as text")
        elif name not in _OWN or not isinstance(value, str):
            raise SettingsError(
                f"{path}: {name}: takes {', '.join(_OWN)}, as text, and tables of providers"
            )
    return table


def _endpoint(text: str) -> str:
    url = text.strip()
    if "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        sound = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = None
    if (
        not sound
        or parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or not re.fullmatch(r"[!-~]+", url)
    ):
        raise SettingsError(
            f"{text!r} is no geocoder's address; write it as https://host or https://host/path"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _contact(text: str) -> str:
    contact = text.strip()
    # It becomes part of a header: nothing may begin another one.
    if not re.fullmatch(r"[!-~]+@[!-~]+|https?://[!-~]+", contact):
        raise SettingsError(f"{text!r} is no contact; give an e-mail address or a web address")
    return contact
