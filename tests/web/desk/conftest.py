"""An editor at the desk."""

from __future__ import annotations

import httpx
import pytest

from news.users import Role
from storage.connect import Store
from tests.web.accounts import signed_in


@pytest.fixture
def editor(store: Store, client: httpx.Client) -> httpx.Client:
    """A client of the web app in which the editor lan is signed in."""
    return signed_in(client, store, Role.EDITOR, "lan")
