"""Why nobody was signed in."""

from appliance.failures import NotAuthenticated


class Refused(NotAuthenticated):
    """`code` is for the sign-in page, the message for the log."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)
