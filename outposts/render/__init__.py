"""Venues and a map definition -> one HTML file."""
