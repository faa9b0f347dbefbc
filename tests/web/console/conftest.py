"""An operator at the console."""

from __future__ import annotations

import httpx
import pytest

from news.users import Role
from storage.connect import Store
from tests.web.accounts import signed_in


@pytest.fixture
def operator(store: Store, client: httpx.Client) -> httpx.Client:
    """A client of the web app in which the operator minh is signed in."""
    return signed_in(client, store, Role.OPERATOR, "minh")
