"""How often something may be tried: passwords, codes, links.

Promises:
- All workers agree, since the catalog counts; a try is counted before it is judged, so that many at once are no
  way around the limit.
- The rows are bounded: subjects are put into a fixed number of buckets by a secret hash. Two subjects may share
  a bucket by chance, which nobody outside can aim at.
- Whoever counts several in one transaction counts the address first, so that no two wait for each other.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from sqlalchemy import Connection, case, delete

from appliance.accounts.keys import now_us
from appliance.catalog.accounts import sign_in_attempt
from appliance.catalog.connect import insert
from appliance.config import Config
from appliance.failures import TooMany

BUCKETS = 1 << 16
WINDOW_S = 15 * 60
_IPV6_SITE_BITS = 64
_IPV6 = 6
_ANY = 2**31


@dataclass(frozen=True, slots=True)
class Limit:
    kind: str
    tries_max: int


class Attempts:
    def __init__(self, config: Config) -> None:
        self.account = Limit("account", config.sign_in_attempts_max)
        self.address = Limit("address", config.sign_in_attempts_of_address_max)
        self.second_factor = Limit("second_factor", config.sign_in_attempts_max)
        self.nobody = Limit("nobody", _ANY)
        self._secret = config.secret("attempts").encode()

    def take(self, connection: Connection, limit: Limit, subject: str) -> None:
        """Count one try; raises `TooMany` where it is one too many."""
        now, columns = now_us(), sign_in_attempt.c
        is_over = columns.window_at <= now - WINDOW_S * 1_000_000
        statement = insert(connection, sign_in_attempt).values(
            kind=limit.kind, bucket=self._bucket(limit, subject), window_at=now, count=1
        )
        count, window_at = connection.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", "bucket"],
                set_={
                    "count": case((is_over, 1), else_=columns.count + 1),
                    "window_at": case((is_over, now), else_=columns.window_at),
                },
            ).returning(columns.count, columns.window_at)
        ).one()
        if count > limit.tries_max:
            wait_s = max(1, WINDOW_S - (now - window_at) // 1_000_000)
            raise TooMany(f"Too many failed attempts. Try again in {-(-wait_s // 60)} minutes.", wait_s)

    def forget(self, connection: Connection, limit: Limit, subject: str) -> None:
        """After a success."""
        columns = sign_in_attempt.c
        connection.execute(
            delete(sign_in_attempt).where(
                columns.kind == limit.kind, columns.bucket == self._bucket(limit, subject)
            )
        )

    def give_back(self, connection: Connection, limit: Limit, subject: str) -> None:
        """One try that was no failure."""
        columns = sign_in_attempt.c
        connection.execute(
            sign_in_attempt.update()
            .where(
                columns.kind == limit.kind,
                columns.bucket == self._bucket(limit, subject),
                columns.count > 0,
            )
            .values(count=columns.count - 1)
        )

    def _bucket(self, limit: Limit, subject: str) -> int:
        said = f"{limit.kind} {_site(subject)}".encode("utf-8", "replace")
        return int.from_bytes(hmac.digest(self._secret, said, hashlib.sha256)[:4], "big") % BUCKETS


def _site(subject: str) -> str:
    """Who has one IPv6 address has a whole network of them."""
    try:
        address = ipaddress.ip_address(subject)
    except ValueError:
        return subject
    if address.version == _IPV6:
        return str(ipaddress.ip_network((address, _IPV6_SITE_BITS), strict=False))
    return subject
