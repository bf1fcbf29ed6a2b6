"""Every failure that is ours, as one tree.

```text
HogletError
├── ConfigurationError          a setting has a bad value; names the setting and where the value came from
├── Unavailable                 something we need does not answer now; trying again later may work
│   ├── CatalogUnavailable      the relational catalog (SQLite or PostgreSQL)
│   ├── StoreUnavailable        the store of events (embedded chDB or a ClickHouse server)
│   └── JournalFull             the journal's disk budget is used up, or the disk itself
├── StoreRefused                the store answered and said no; carries ClickHouse's error code
├── CatalogOutdated             the catalog's schema is not the one this release needs
├── NotAuthenticated            no credentials, or credentials nobody has
├── NotAuthorized               known, but not allowed to do this
├── NotFound                    no such thing, or not in this project
├── Conflict                    it exists already, or somebody changed it meanwhile
├── TooMany                     too much is asked at once; try again when something has ended
└── Invalid                     the caller's input breaks a rule; says which
```

A room raises the narrowest of these. `http` turns them into answers in one place and the command line into
one line of text and an exit code, so nothing else needs to catch them for show.
"""


class HogletError(Exception):
    """The root: catch this to catch everything that is ours and nothing else."""


class ConfigurationError(HogletError):
    def __init__(self, setting: str, problem: str, origin: str = "") -> None:
        self.setting = setting
        self.problem = problem
        self.origin = origin
        where = f" (from {origin})" if origin else ""
        super().__init__(f"setting {setting}{where}: {problem}")


class Unavailable(HogletError):
    """Trying again later may work. `retry_after_s` is a hint for the caller."""

    def __init__(self, message: str, retry_after_s: int = 1) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class CatalogUnavailable(Unavailable):
    pass


class StoreUnavailable(Unavailable):
    pass


class JournalFull(Unavailable):
    pass


class StoreRefused(HogletError):
    """`code` is ClickHouse's error number, 0 where the store gave none."""

    def __init__(self, message: str, code: int = 0) -> None:
        self.code = code
        super().__init__(message)


class CatalogOutdated(HogletError):
    pass


class NotAuthenticated(HogletError):
    pass


class NotAuthorized(HogletError):
    pass


class NotFound(HogletError):
    pass


class Conflict(HogletError):
    pass


class TooMany(HogletError):
    """`retry_after_s` is when trying again may work, 0 where nobody knows."""

    def __init__(self, message: str, retry_after_s: int = 0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class Invalid(HogletError):
    """`attr` names the field that is wrong, `code` the rule it breaks."""

    def __init__(self, message: str, attr: str | None = None, code: str = "invalid_input") -> None:
        self.attr = attr
        self.code = code
        super().__init__(message)
