"""One visitor: who they are, what they use, and where they come from."""

import uuid
from dataclasses import dataclass
from random import Random
from typing import Any

from appliance._native import flags
from appliance.demo import story
from appliance.demo.story import Source, Weighted


@dataclass(slots=True)
class Visitor:
    """`distinct_id` is the anonymous one until sign-up, then the account's."""

    random: Random
    number: int
    anonymous_id: str
    source: Source
    device: tuple[str, int, str, str, int, int]
    address: str
    zone: str
    name: str
    email: str
    company: str
    plan: str
    is_signed_up: bool = False

    @property
    def distinct_id(self) -> str:
        return self.email if self.is_signed_up else self.anonymous_id

    @property
    def variant(self) -> str:
        """Which half of the experiment, as the flag's own hash has it."""
        return "control" if flags.hash(f"{story.FLAG}.", self.email, "variant") < 1 / 2 else "test"


def draw(seed: int, number: int) -> Visitor:
    """The visitor of this number: always the same one for a seed."""
    random = Random(f"{seed}/{number}")  # noqa: S311 - a story, not a secret
    network, zone = pick(random, story.PLACES)
    first, last = random.choice(story.FIRST_NAMES), random.choice(story.LAST_NAMES)
    company = random.choice(story.COMPANIES)
    domain = "".join(letter for letter in company.lower() if letter.isalpha())
    return Visitor(
        random=random,
        number=number,
        anonymous_id=str(uuid.UUID(int=random.getrandbits(128), version=4)),
        source=pick(random, story.SOURCES),
        device=pick(random, story.DEVICES),
        address=f"{network}.{random.randint(1, 254)}",
        zone=zone,
        name=f"{first} {last}",
        email=f"{first}.{last}{number}@{domain}.example".lower(),
        company=company,
        plan=pick(random, story.PLANS),
    )


def pick(random: Random, choices: Weighted) -> Any:
    """One of `choices` by weight."""
    return random.choices([one for one, _ in choices], [weight for _, weight in choices])[0]
