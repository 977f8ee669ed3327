"""What is added to a registry: claims, sources and venues, put into the text of its files.

A file is cut and joined where its list ends and read again before anything is written: every other byte stays,
comments and order with it. What is added is in canonical form. Everything is checked first, as the reader of a registry
checks it; one fault, and there is nothing to write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from outposts import check
from outposts.canonical import canonical, scalar
from outposts.errors import OutpostsError, Problem, RegistryError
from outposts.layout import LayoutError, Spot, line_end, newline, spots
from outposts.models import ClaimEntry, Record, Source, VenueEntry
from outposts.nearest import did_you_mean, nearest
from outposts.records import Records, problems_of
from outposts.yamlfile import MOST_BYTES, Document, parse

CLAIM = ("says", "when", "source", "quote", "lang", "translation", "stated", "weak", "note")
"""The fields of a claim that is added, in the order of the canonical form; ``id`` is chosen."""

SOURCE = tuple(Source.model_fields)
SAME = ("says", "when", "source", "quote")
"""A claim with these alike is the same claim told twice."""

_BEFORE_CLAIMS = ("location", "operators", "names", "kind", "id")  # the last of these that is there
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_DEFAULTS = {"lang": "en", "weak": "false"}

Fields = Mapping[str, str]


class AdditionError(RegistryError):
    """What cannot be added; ``problems`` lists every fault, and nothing was written."""

    what = "nothing was added: the input"


@dataclass(frozen=True)
class Entry:
    """What one row of a table, or one command, adds: its fields, and where each was written.

    ``document`` gives problems their place. ``kind`` is ``claim``, ``source`` or ``venue``; ``about`` the id of
    the venue (of a claim: the one it is about) or of the source; ``prefix`` what stands before the names of
    fields where they were written, such as ``source_``.
    """

    kind: str
    about: str
    fields: Fields
    document: Document
    prefix: str = ""


@dataclass
class Plan:
    """The files as they would be, and what is new in them.

    ``texts`` are whole files by path, ``before`` as they are (empty where there is none); ``added`` the ids of
    what is new, ``there`` of what was there already.
    """

    texts: dict[Path, str] = field(default_factory=dict)
    before: dict[Path, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)


def plan(records: Records, entries: Sequence[Entry]) -> Plan:
    """Return the files of a registry with entries added to them; writes nothing.

    What is there already, field by field, is not added a second time. A claim's id is the next free one
    of its venue: ``c7`` after ``c6``.

    Raises
    ------
    RegistryError
        If the registry itself cannot be read.
    AdditionError
        With every fault of every entry: an unknown venue or source (with the nearest names), a field that is
        no such value, a claim or source that is there with another note or title, a venue that is there.
    """
    if records.problems:
        raise RegistryError(records.problems)
    found: list[Problem] = []
    made = Plan()
    sources = _new_sources(records, entries, made, found)
    _add_claims(records, entries, {*records.sources, *sources}, made, found)
    _add_venues(records, entries, {*records.sources, *sources}, made, found)
    if found:
        raise AdditionError(found)
    return made


def _new_sources(
    records: Records, entries: Iterable[Entry], made: Plan, found: list[Problem]
) -> dict[str, dict[str, str]]:
    """Add the sources that are new, and return the fields of each, in their order."""
    new: dict[str, tuple[dict[str, str], Source | None]] = {}
    for entry in (entry for entry in entries if entry.kind == "source"):
        id, document = entry.about, entry.document
        fields = {name: entry.fields[name] for name in SOURCE if entry.fields.get(name)}
        if not _ID.fullmatch(id):
            text = f"{id!r} is no id: small letters, digits, dots and hyphens"
            found.append(document.problem(("source",), text))
            continue
        old = records.sources.get(id) or (new[id][1] if id in new else None)
        if old is not None:
            others = _unlike(old, fields, document)
            found += [replace(p, field=f"{entry.prefix}{p.field}") for p in others]
            if not others and id not in made.there and id not in new:
                made.there.append(id)
        elif id not in new:
            faults: list[Problem] = []
            new[id] = fields, _checked(Source, fields, document, faults)
            found += [replace(p, field=f"{entry.prefix}{p.field}") for p in faults]
            made.added.append(id)
    chosen = {id: fields for id, (fields, _) in new.items()}
    if chosen:
        path = records.folder / "sources.yaml"
        text = "".join(_block(id, fields) for id, fields in chosen.items())
        _take(records, path, made, found, partial(with_records, block=text))
    return chosen


def _unlike(old: Source, fields: Fields, document: Document) -> list[Problem]:
    """Return where a source that is there says something else than the fields given."""
    try:
        told = Source.model_validate({**_plain(old), **fields})
    except ValidationError as error:
        return list(problems_of(error, document, (), Source))
    return [
        document.problem((name,), f"{fields[name]!r}, where the source has {_shown(getattr(old, name))}")
        for name in fields
        if getattr(told, name) != getattr(old, name)
    ]  # fmt: skip


def _add_claims(
    records: Records, entries: Iterable[Entry], sources: set[str], made: Plan, found: list[Problem]
) -> None:
    names = {name.name: id for id, venue in records.venues.items() for name in venue.names}
    names |= {id: id for id in records.venues}
    files = {document.path: name for name, document in records.documents.items()}
    new: dict[str, list[dict[str, str]]] = {}
    told: dict[str, dict[tuple[Any, ...], ClaimEntry]] = {}
    for entry in (entry for entry in entries if entry.kind == "claim"):
        id, document = entry.about, entry.document
        venue = records.venues.get(id)
        if venue is None:
            text = f"no venue is called {id!r}{_nearest(id, names)}"
            found.append(document.problem(("venue",), text))
        source = entry.fields.get("source")
        if source and source not in sources:
            text = f"no source is called {source!r}{did_you_mean(source, sources)}"
            found.append(document.problem(("source",), text))
        held = told.setdefault(id, {_key(claim): claim for claim in venue.claims} if venue else {})
        more = new.setdefault(id, [])
        number = _last_number(venue) + len(more) + 1
        fields = {name: entry.fields[name] for name in CLAIM if entry.fields.get(name)}
        fields = {"id": f"c{number}", **fields}
        if "weak" in fields:
            fields["weak"] = fields["weak"].lower()
        claim = _checked(ClaimEntry, fields, document, found)
        if claim is None:
            continue
        old = held.get(_key(claim))
        if old is None:
            held[_key(claim)] = claim
            more.append({name: v for name, v in fields.items() if _DEFAULTS.get(name) != v})
            made.added.append(f"{id}#{claim.id}")
            continue
        others = [n for n in CLAIM if getattr(old, n) != getattr(claim, n)]
        if others:
            text = (
                f"{_shown(getattr(claim, others[0]))}, where {id}#{old.id} with the same source, words and date has "
                f"{_shown(getattr(old, others[0]))}: change it in the file, by hand"
            )
            found.append(document.problem((others[0],), text))
        else:
            made.there.append(f"{id}#{old.id}")
    for id, claims in new.items():
        if id in records.venues and claims:
            path = records.folder / files[records.files[id].path]
            _take(records, path, made, found, partial(with_claims, claims=claims))


def _add_venues(
    records: Records, entries: Iterable[Entry], sources: set[str], made: Plan, found: list[Problem]
) -> None:
    for entry in (entry for entry in entries if entry.kind == "venue"):
        id, country = entry.about, entry.document.data["location"]["country"]
        path = records.folder / "venues" / str(country).lower() / f"{id}.yaml"
        if id in records.ids["venues"]:
            found.append(entry.document.problem(("id",), f"{id!r} is there already"))
            continue
        venue = _checked(VenueEntry, entry.document.data, entry.document, found)
        if venue is None:
            continue
        if not id.startswith(f"{venue.location.country.lower()}-"):
            text = f"{id!r} does not begin with {venue.location.country.lower()}-"
            found.append(entry.document.problem(("id",), text))
            continue
        # As the audits of a whole registry see it, with nothing else beside it that could be at fault.
        alone = Records(
            records.folder,
            records.shown,
            ids={**records.ids, "sources": sources, "venues": {*records.ids["venues"], id}},
            venues={id: venue},
            documents={entry.document.path: entry.document},
            files={id: entry.document},
        )
        faults = [problem for problem in check.audit(alone) if problem.level == "error"]
        found += faults
        if not faults:
            made.before[path], made.texts[path] = "", _venue_text(entry.document.data)
            made.added.append(id)


def _venue_text(data: Any) -> str:
    """Return a venue's file in canonical form; names and addresses a line each."""

    def value(part: Any, key: str) -> str:
        if isinstance(part, dict):
            return "{" + ", ".join(f"{name}: {scalar(inner, name)}" for name, inner in part.items()) + "}"  # fmt: skip
        return scalar(part, key)

    lines: list[str] = []
    for name, part in data.items():
        if isinstance(part, list):
            lines += [f"{name}:", *(f"  - {value(item, name)}" for item in part)]
        elif isinstance(part, dict):
            lines += [f"{name}:", *(f"  {key}: {value(inner, key)}" for key, inner in part.items())]
        else:
            lines.append(f"{name}: {scalar(part, name)}")
    return canonical("\n".join(lines) + "\n", VenueEntry)


def with_claims(text: str, claims: Sequence[Fields]) -> str:
    """Return the text of a venue's file with claims at the end of its list.

    Parameters
    ----------
    text
        YAML, as `outposts.yamlfile` reads it.
    claims
        Field -> value of each, in the order of the canonical form, ``id`` among them.

    Raises
    ------
    LayoutError
        If the text is no venue's file, or its layout would make the result hold anything else than before
        and these claims.
    """
    found = spots(text)
    root, held = found.get(()), found.get(("claims",))
    if root is None or not root.is_mapping or root.is_flow:
        raise LayoutError("not a venue's file")
    count = sum(len(at) == 2 and at[0] == "claims" for at in found)
    if held is not None and held.is_flow and text[held.start : held.start + 1] == "[":
        at = found["claims", count - 1].end if count else held.start + 1
        flow = ", ".join(
            "{" + ", ".join(f"{k}: {scalar(v, k)}" for k, v in claim.items()) + "}"
            for claim in claims
        )
        after = text[:at] + (", " if count else "") + flow + text[at:]
    elif held is not None and count:
        block = _listed(claims, held.column, newline(text))
        after = _put(text, _after(text, held), block)
    else:  # no list yet: after the key without a value, or after what comes before it in canonical order
        column = root.column
        block = _listed(claims, column + 2, newline(text))
        if held is None:
            last = next(found[key,] for key in _BEFORE_CLAIMS if (key,) in found)
            at = _after(text, last)
            after = _put(text, at, f"{' ' * column}claims:{newline(text)}{block}")
        else:
            bare = text[: held.start] + text[held.end :]  # without its `null`, if it is written
            after = _put(bare, line_end(bare, held.start), block)
    _prove(text, after, {"claims": [dict(claim) for claim in claims]})
    return after


def with_records(text: str, block: str) -> str:
    """Return the text of a file that maps ids to records with more of them at its end.

    ``block`` is YAML in canonical form. Raises `LayoutError` if the result would hold anything else than before and these.
    """
    found = spots(text)
    root = found.get(())
    if root is None or not root.is_mapping:
        if root is not None and text[root.start : root.end]:
            raise LayoutError("not a file that maps ids to records")
        at = len(text)
    elif root.is_flow or root.column:
        raise LayoutError("write one record after the other, each as `id:` with its fields below")
    else:
        at = _after(text, root)
    after = _put(text, at, block.replace("\n", newline(text)))
    _prove(text, after, _data(block))
    return after


def _put(text: str, at: int, block: str) -> str:
    """Return text with whole lines put in before the character ``at``, which begins a line or ends the text."""
    gap = newline(text) if text[:at] and not text[:at].endswith(("\n", "\ufeff")) else ""
    return text[:at] + gap + block + text[at:]


def _after(text: str, spot: Spot) -> int:
    """Return where the lines of a value end: comments that are indented deeper than it are its own."""
    at = line_end(text, spot.last)
    while at < len(text):
        line = text[at : line_end(text, at)]
        bare = line.lstrip(" ")
        if not bare.startswith("#") or len(line) - len(bare) <= spot.column:
            break
        at += len(line)
    return at


def _listed(claims: Iterable[Fields], column: int, end: str) -> str:
    """Return claims as items of a block list whose dashes stand in ``column``, from 0."""
    dash, deeper = " " * column + "- ", " " * column + "  "
    lines = []
    for claim in claims:
        for number, (name, value) in enumerate(claim.items()):
            lines.append(f"{deeper if number else dash}{name}: {scalar(value, name)}{end}")
    return "".join(lines)


def _block(id: str, fields: Fields) -> str:
    lines = [f"{scalar(id, 'id')}:", *(f"  {name}: {scalar(v, name)}" for name, v in fields.items())]  # fmt: skip
    return "\n".join(lines) + "\n"


def _prove(before: str, after: str, more: Mapping[str, Any]) -> None:
    """Raise `LayoutError` unless ``after`` holds what ``before`` does and what is new, at the end."""
    was = dict(_data(before) or {})
    for key, value in more.items():
        was[key] = [*(was.get(key) or []), *value] if isinstance(value, list) else value
    size = len(after.encode())
    if size > MOST_BYTES:
        raise LayoutError(f"would have {size} bytes; a file may have {MOST_BYTES}")
    if _data(after) != was:
        raise LayoutError("nothing can be put in without changing more of the file")


def _data(text: str) -> Any:
    document = Document("")
    parse(text, document)
    if document.problems:
        raise LayoutError(document.problems[0].problem)
    return document.data


def _take(
    records: Records, path: Path, made: Plan, found: list[Problem], change: Callable[[str], str]
) -> None:
    """Note a file as it is and as it would be; what its layout does not allow is a problem."""
    try:
        made.before[path] = ""
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                made.before[path] = file.read()
        made.texts[path] = change(made.before[path])
    except LayoutError as error:
        shown = f"{records.shown}/{path.relative_to(records.folder).as_posix()}"
        found.append(Problem(shown, 1, 1, "", str(error)))
    except OSError as error:
        raise OutpostsError(f"{path}: {error.strerror or error}") from None


def _checked(shape: Any, data: Any, document: Document, found: list[Problem]) -> Any:
    """Return a record, or None after noting all that is wrong with it."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        found += problems_of(error, document, (), shape)
        return None


def _nearest(typed: str, names: Mapping[str, str]) -> str:
    """Return the ids of the venues of which an id or a name is nearest to what was typed."""
    ids = dict.fromkeys(names[name] for name in nearest(typed, names))
    return f"; did you mean {' or '.join(map(repr, ids))}?" if ids else ""


def _last_number(venue: VenueEntry | None) -> int:
    """Return the highest number of a venue's claims: ids are never used again."""
    claims = venue.claims if venue else ()
    numbers = [re.fullmatch(r"c([0-9]+)", claim.id) for claim in claims]
    return max((int(match[1]) for match in numbers if match), default=0)


def _key(claim: ClaimEntry) -> tuple[Any, ...]:
    return tuple(getattr(claim, name) for name in SAME)


def _plain(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).model_fields}


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return repr(str(value))
