"""Lets the property tests import the small books of the decision's unit tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "dunning"))
sys.path.insert(0, str(Path(__file__).parent))
