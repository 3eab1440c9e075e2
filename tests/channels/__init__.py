import pytest

pytest.register_assert_rewrite("relance.channels.conformance")
