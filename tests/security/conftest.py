"""Lets the cases render the notices and read the files of the unit tests."""

import sys
from pathlib import Path

UNIT = Path(__file__).parents[1] / "unit"

sys.path[:0] = [str(UNIT / "notices"), str(UNIT)]
