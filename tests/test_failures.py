import inspect
import re

from appliance import failures


def test_the_drawn_tree_is_the_tree() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in inspect.getdoc(failures).split("```")[1].splitlines():  # type: ignore[union-attr]
        found = re.match(r"^([│├└─ ]*)([A-Z]\w+)", line)
        if found:
            depth = len(found.group(1)) // 4
            path[depth:] = [found.group(2)]
            drawn[found.group(2)] = path[depth - 1] if depth else "Exception"
    ours = {
        name: one.__bases__[0].__name__
        for name, one in inspect.getmembers(failures, inspect.isclass)
        if one.__module__ == failures.__name__
    }
    assert drawn == ours
