"""Where the pipeline keeps its files, relative to the directory of its Makefile."""

from pathlib import Path

INPUT_PLACES = Path("inputs/places.csv")
PLACES = Path("data/places/places.csv")
CATEGORIES = Path("data/pois/categories.csv")
BRANDS = Path("data/pois/brands.csv")
ANCHORS = Path("data/anchors")
ROADS = ANCHORS / "roads.csv"
MINUTES = Path("data/minutes")
D_ANCHOR_CATEGORY = Path("data/d_anchor_category")
D_ANCHOR_BRAND = Path("data/d_anchor_brand")
TILES = Path("tiles")
