"""Through which channel a session came: rules over how it began, first hit wins.

The lists are the least that the rules need; names are compared in lower case.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from appliance.query.hogql.quoting import text

# Domain or source → (what kind of place it is, channel if paid for, channel if not).
_SEARCH = ("Search", "Paid Search", "Organic Search")
_SOCIAL = ("Social", "Paid Social", "Organic Social")
_VIDEO = ("Video", "Paid Video", "Organic Video")
_SHOPPING = ("Shopping", "Paid Shopping", "Organic Shopping")
_PUSH = ("Push", "Push", "Push")
_SMS = ("SMS", "SMS", "SMS")
_EMAIL = ("Email", "Email", "Email")

_PLACES: Mapping[tuple[str, str, str], Sequence[str]] = {
    _SEARCH: (
        "google", "google.com", "bing", "bing.com", "duckduckgo", "duckduckgo.com", "baidu", "baidu.com", "yahoo",
        "yahoo.com", "yandex", "yandex.ru", "yandex.com", "ecosia", "ecosia.org", "brave", "search.brave.com",
        "startpage.com", "qwant.com", "naver.com", "sogou.com", "ask.com", "aol.com", "seznam.cz", "so.com",
    ),
    _SOCIAL: (
        "facebook", "facebook.com", "fb", "fb.com", "m.facebook.com", "l.facebook.com", "lm.facebook.com", "instagram",
        "instagram.com", "l.instagram.com", "ig", "twitter", "twitter.com", "x.com", "t.co", "linkedin",
        "linkedin.com", "lnkd.in", "reddit", "reddit.com", "out.reddit.com", "pinterest", "pinterest.com", "tiktok",
        "tiktok.com", "snapchat", "snapchat.com", "threads.net", "bsky.app", "mastodon.social", "quora.com",
        "news.ycombinator.com", "discord.com", "whatsapp", "whatsapp.com", "t.me", "vk.com", "tumblr.com", "meta",
    ),
    _VIDEO: (
        "youtube", "youtube.com", "m.youtube.com", "youtu.be", "twitch", "twitch.tv", "vimeo", "vimeo.com",
        "disneyplus", "disneyplus.com", "netflix.com", "dailymotion.com",
    ),
    _SHOPPING: (
        "amazon", "amazon.com", "etsy", "etsy.com", "ebay", "ebay.com", "shopify", "shopify.com", "walmart.com",
        "alibaba.com", "aliexpress.com",
    ),
    _PUSH: ("firebase",),
    _SMS: ("sms",),
    _EMAIL: ("email", "e-mail", "e_mail", "mail.google.com", "outlook.live.com", "mail.yahoo.com"),
}  # fmt: skip
_MEDIUMS: Mapping[tuple[str | None, str | None], Sequence[str]] = {
    ("Paid Social", "Organic Social"): ("social", "sm", "social-media", "social-network", "social_media"),
    ("Paid Video", "Organic Video"): ("video",),
    ("Paid Unknown", None): ("display", "banner", "interstitial"),
    (None, "Affiliate"): ("affiliate",),
    (None, "Referral"): ("referral", "link", "app"),
    ("Email", "Email"): ("email", "e-mail", "e_mail"),
    ("SMS", "SMS"): ("sms",),
    ("Audio", "Audio"): ("audio",),
    ("Push", "Push"): ("push", "notification", "mobile"),
}
_PAID_MEDIUMS = ("cpc", "cpm", "cpv", "cpa", "ppc", "retargeting")
_SHOP = "^(.*(([^a-df-z]|^)shop|shopping).*)$"
_VIDEO_CAMPAIGN = "^(.*video.*)$"


def _lookup(value: str, found: Mapping[str, str]) -> str:
    keys = ", ".join(text(one) for one in found)
    values = ", ".join(text(one) for one in found.values())
    return f"transform({value}, [{keys}], [{values}], CAST(NULL, 'Nullable(String)'))"


def _places(position: int) -> dict[str, str]:
    return {name: kinds[position] for kinds, names in _PLACES.items() for name in names}


def _mediums(position: int) -> dict[str, str]:
    found = {name: kinds[position] for kinds, names in _MEDIUMS.items() for name in names}
    return {name: kind for name, kind in found.items() if kind is not None}


def domain_lookup(value: str, position: int) -> str:
    """The exact name, else the part of it that was registered."""
    lower = f"lower(ifNull({value}, ''))"
    registered = f"cutToFirstSignificantSubdomain({lower})"
    found = _places(position)
    return f"coalesce({_lookup(lower, found)}, {_lookup(registered, found)})"


def source_lookup(value: str, position: int) -> str:
    return _lookup(f"lower(ifNull({value}, ''))", _places(position))


def medium_lookup(value: str, *, paid: bool) -> str:
    return _lookup(f"lower(ifNull({value}, ''))", _mediums(0 if paid else 1))


KIND, PAID, ORGANIC = 0, 1, 2


@lru_cache(maxsize=16)
def channel_sql(entry: str) -> str:
    """`entry` is a tuple: source, medium, campaign, referring domain, has gclid, has fbclid, gad source."""
    source, medium, campaign = (_known(f"tupleElement({entry}, {index})") for index in (1, 2, 3))
    domain = f"nullIf(nullIf(tupleElement({entry}, 4), ''), 'null')"
    gclid, fbclid = (f"tupleElement({entry}, {index}) != 0" for index in (5, 6))
    gad = f"nullIf(tupleElement({entry}, 7), '')"
    shop, video = (f"ifNull(match({campaign}, {text(one)}), 0)" for one in (_SHOP, _VIDEO_CAMPAIGN))
    paid_mediums = ", ".join(text(one) for one in _PAID_MEDIUMS)
    is_paid = (
        f"ifNull({medium} IN ({paid_mediums}), 0) OR ifNull(startsWith({medium}, 'paid'), 0) OR {gclid}"
        f" OR {gad} IS NOT NULL"
    )
    is_direct = (
        f"ifNull({domain} = '$direct', 0) AND {medium} IS NULL"
        f" AND ifNull({source} IN ('(direct)', 'direct', '$direct'), 1) AND NOT ({fbclid})"
    )
    paid = (
        f"coalesce({source_lookup(source, PAID)}, if({shop}, 'Paid Shopping', NULL),"
        f" {medium_lookup(medium, paid=True)}, {domain_lookup(domain, PAID)},"
        f" multiIf(ifNull({gad} = '1', 0), 'Paid Search', {video}, 'Paid Video',"
        f" {fbclid}, 'Paid Social', 'Paid Unknown'))"
    )
    organic = (
        f"coalesce({source_lookup(source, ORGANIC)}, if({shop}, 'Organic Shopping', NULL),"
        f" {medium_lookup(medium, paid=False)}, {domain_lookup(domain, ORGANIC)},"
        f" multiIf({video}, 'Organic Video', ifNull(endsWith({medium}, 'push'), 0), 'Push', {fbclid}, 'Organic Social',"
        f" ifNull({domain} = '$direct', 0), 'Direct', {domain} IS NOT NULL, 'Referral', 'Unknown'))"
    )
    cross = f"ifNull(match({campaign}, 'cross-network'), 0)"
    chosen = f"multiIf({cross}, 'Cross Network', {is_paid}, {paid}, {is_direct}, 'Direct', {organic})"
    return f"ifNull({chosen}, 'Unknown')"


def _known(value: str) -> str:
    return f"nullIf(nullIf(lower({value}), ''), 'null')"
