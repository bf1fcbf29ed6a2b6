"""Contract 6.6: a small bundle, its map, and what its frames resolve to."""

import json
from typing import Any

SOURCE = """export class Cart {
  constructor() { this.items = [] }
  total() {
    return this.items.reduce(function sumPrices(acc, item) { return acc + item.price.amount }, 0)
  }
}
// a comment line
export function checkout(cart) {
  cart.items.push({})
  const onTotal = () => cart.total()
  return onTotal()
}
"""
SCRIPT = (
    "class n{constructor(){this.items=[]}total(){return this.items.reduce(function(e,r){return e+r.price.amount},0)}}"
    "function s(t){return t.items.push({}),t.total()}export{n as Cart,s as checkout};\n"
)
_MAPPINGS = (
    "AAAO,MAAMA,CAAK,CAChB,aAAc,CAAE,KAAK,MAAQ,CAAC,CAAE,CAChC,OAAQ,CACN,OAAO,KAAK,MAAM,OAAO,SAAmBC,EAAKC,EAAM,CAAE,OAAOD,EAAMC,EAAK,"
    "MAAM,MAAO,EAAG,CAAC,CAC9F,CACF,CAEO,SAASC,EAASC,EAAM,CAC7B,OAAAA,EAAK,MAAM,KAAK,CAAC,CAAC,EACIA,EAAK,MAAM,CAEnC"
)
MAP = json.dumps(
    {
        "version": 3,
        "sources": ["../src/checkout.js"],
        "sourcesContent": [SOURCE],
        "names": ["Cart", "acc", "item", "checkout", "cart"],
        "mappings": _MAPPINGS,
    }
)
# Function as sent, column, function, line and column in the source, which count from 0.
FRAMES = (
    ("s", 153, "checkout", 9, 29),
    ("n.total", 63, "Cart.total", 3, 22),
    ("?", 101, "<anonymous>", 3, 85),
)


def event(*frames: dict[str, Any], **properties: Any) -> str:
    """Properties of an exception with these frames."""
    stack = {"type": "raw", "frames": list(frames)}
    exceptions = [{"type": "TypeError", "value": "no amount", "stacktrace": stack}]
    return json.dumps({"$exception_list": exceptions, **properties})


def frame(column: int, function: str = "s", url: str | None = None, **more: Any) -> dict[str, Any]:
    found = {"platform": "web:javascript", "function": function, "lineno": 1, "colno": column, "in_app": True}
    return found | ({} if url is None else {"filename": url}) | more
