"""Lets the tests of errors import the small files of the readers' unit tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "unit" / "intake" / "bank"))
