"""The static site around the maps: an index, a page for each venue and country, method, data, feed."""
