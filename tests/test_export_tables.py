"""CSV and Excel workbooks: texts stay texts, days are days, and each row or book says what it is."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from exports import hostile, ours

from outposts import rows
from outposts.errors import ExportError
from outposts.export import save, xlsx
from outposts.export.extract import Extract


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(path)
    heading, *found = book[name].iter_rows(values_only=True)
    book.close()
    return [dict(zip(map(str, heading), row, strict=True)) for row in found]


# CSV


def test_csv_has_a_row_a_venue_and_says_what_it_is_on_each(tmp_path: Path) -> None:
    path = save(ours(), tmp_path / "out.csv")
    found = read_csv(path)
    assert list(found[0])[: len(rows.STATUS)] == list(rows.STATUS)
    assert [row["status"] for row in found] == list(ours().on["status"])
    for key in ("on", "known", "rules", "data_version", "data_hash", "licence", "attribution"):
        assert {row[key] for row in found} == {str(ours().about[key])}
    assert list(pd.read_csv(path)["venue"]) == list(ours().on.index)


def test_csv_begins_with_a_mark_that_excel_knows(tmp_path: Path) -> None:
    assert save(ours(), tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfvenue,")


def test_csv_has_no_formulas(tmp_path: Path) -> None:
    found = read_csv(save(hostile(tmp_path / "r"), tmp_path / "out.csv"))
    assert [row["name"][:3] for row in found] == ["'-2", "'=1"]
    assert not any(cell.startswith(("=", "@", "+")) for row in found for cell in row.values())


# Excel


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(ours(), tmp_path_factory.mktemp("xlsx") / "out.xlsx")


def test_workbook_has_a_sheet_a_table(book: Path) -> None:
    assert [row["status"] for row in sheet(book, "venues")] == list(ours().on["status"])
    for name in ("runs", "claims", "sources", "names"):
        assert len(sheet(book, name)) == len(getattr(ours(), name))


def test_workbook_has_days_beside_the_text_of_a_date(book: Path) -> None:
    (claim,) = (row for row in sheet(book, "claims") if row["claim"] == "vn-hanoi-koryo#c3")
    days = (claim["first_day"], claim["last_day"])
    assert (claim["when"], days) == ("2020-04", (dt.datetime(2020, 4, 1), dt.datetime(2020, 4, 30)))
    assert (claim["weak"], claim["group"]) == (False, False)


def test_workbook_says_what_it_is(book: Path) -> None:
    opened = openpyxl.load_workbook(book)
    assert dict(opened["about"].iter_rows(values_only=True)) == ours().about
    assert opened.properties.title == ours().about["title"]
    assert "licence: CC-BY-4.0" in opened.properties.description
    assert opened["claims"].freeze_panes == "C2"
    opened.close()


def test_workbook_has_no_formula_and_no_link(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(save(hostile(tmp_path / "r"), tmp_path / "out.xlsx"))
    for page in book:
        for row in page.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    assert [row[1].value for row in book["venues"].iter_rows(min_row=2)] == ["-2+3", "=1+1 <script>alert(1)</script> & 国"]  # fmt: skip
    book.close()


def test_days_that_excel_has_not_are_text(tmp_path: Path) -> None:
    (claim, _) = sheet(save(hostile(tmp_path / "r"), tmp_path / "out.xlsx"), "claims")
    assert (claim["when"], claim["first_day"], claim["last_day"]) == ("1850", "1850-01-01", "1850-12-31")  # fmt: skip


def test_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    venue = replace(ours().venues[0], name="𝄞" * 20_000)
    long = Extract(ours().registry, (venue,), ours().day, ours().known)
    (row,) = sheet(save(long, tmp_path / "out.xlsx"), "venues")
    assert row["name"].startswith("𝄞" * 16_000)
    assert row["name"].endswith("… (cut: a cell of Excel holds no more)")
    assert len(row["name"].encode("utf-16-le")) // 2 <= 32_767


def test_more_rows_than_a_sheet_has_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 100)
    with pytest.raises(ExportError, match=r"275 runs are more than the 99 rows of a sheet"):
        save(ours(), tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []
