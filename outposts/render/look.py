"""The colours of a picture, light and dark: those of ``static/tokens.css`` and ``static/basemap.js``."""

from __future__ import annotations

THEMES: dict[str, dict[str, str]] = {
    "light": {
        "ink": "#14181f",
        "muted": "#566070",
        "line": "#dde1e7",
        "plate": "#ffffff",
        "sea": "#e7edf2",
        "land": "#fefdf8",
        "land-dim": "#f3f2ec",
        "urban": "#efe9dc",
        "province": "#e4dfd2",
        "coast": "#b5ae9f",
        "border": "#bdb6a6",
        "river": "#c2d5e5",
        "lake": "#dbe7f0",
        "label": "#8b8777",
    },
    "dark": {
        "ink": "#eef1f5",
        "muted": "#a7b0bd",
        "line": "#2f3742",
        "plate": "#161b22",
        "sea": "#0f151c",
        "land": "#212831",
        "land-dim": "#181e26",
        "urban": "#363d47",
        "province": "#39414b",
        "coast": "#4c5664",
        "border": "#465060",
        "river": "#2b4258",
        "lake": "#152330",
        "label": "#7f8997",
    },
}
