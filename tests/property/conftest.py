"""Lets the property tests import the small books and statements of the unit tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "dunning"))
sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "intake"))
sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "intake" / "bank"))
sys.path.insert(0, str(Path(__file__).parent))
