"""Where the running store is, for processes that did not start it.

The engine publishes the embedded store's address at each start, since its port differs; a ClickHouse server
has its address in `store_url`. Only what may read is published.
"""

import json
from dataclasses import asdict, dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from appliance.config import Config
from appliance.failures import StoreUnavailable
from appliance.private_files import write_private
from appliance.store.client import ClickHouseStore, connect


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    user: str
    password: str


def publish(config: Config, address: Address) -> None:
    """Tell the other processes of this machine, in a file that only our user can read."""
    write_private(config.store_address_path, json.dumps(asdict(address)) + "\n")


def withdraw(config: Config) -> None:
    """The store stops; nobody should wait for it."""
    config.store_address_path.unlink(missing_ok=True)


def address(config: Config) -> Address:
    """Raises `StoreUnavailable` while no store runs."""
    if config.store_url:
        return _of_url(config.store_url)
    try:
        return Address(**json.loads(config.store_address_path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise StoreUnavailable("the store is not running: hoglet serve starts it") from None
    except (OSError, ValueError, TypeError) as error:
        raise StoreUnavailable(f"cannot read {config.store_address_path}: {error}") from error


def reader(config: Config) -> ClickHouseStore:
    """A store that refuses to change anything, also where its user could."""
    found = address(config)
    # 2, not 1: the client may still say how it wants the answer.
    return connect(found.url, user=found.user, password=found.password, settings={"readonly": "2"})


def _of_url(url: str) -> Address:
    parts = urlsplit(url)
    _, _, host = parts.netloc.rpartition("@")
    bare = urlunsplit((parts.scheme, host, parts.path, "", ""))
    return Address(bare, unquote(parts.username or "default"), unquote(parts.password or ""))
