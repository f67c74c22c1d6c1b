"""Draw mutants with the operators of cosmic-ray. Runs in the environment that has it.

    python tests/mutation/draw.py SEED COUNT SAMPLE FILE ... > mutants.jsonl

What the file SAMPLE names comes first, wherever its lines stand today: an edit elsewhere draws no
other sample, so that two runs can be compared. The rest, all without such a file, is drawn anew.
A place in the code is drawn first, then one of the mutants at this place: an operator with many
forms (there are eleven for each `+`) would fill the sample otherwise. Each file has one place at
least. Left out is what no test could notice or Python itself does: changes of annotations and
docstrings alone, and code that does not compile without a warning (`x is "safe"`).
"""

from __future__ import annotations

import ast
import json
import random
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.provider import OperatorProvider

#: They want arguments, and put a random number in.
UNUSED = {"VariableReplacer", "VariableInserter"}

Place = tuple[str, tuple[int, int]]
#: File, operator, which of its mutants at this place, column and text of the line.
Kept = tuple[str, str, int, int, str]


def operators() -> dict[str, Any]:
    provider = OperatorProvider()
    return {name: provider[name]() for name in provider if name not in UNUSED}


def places(path: str) -> dict[Place, list[tuple[str, int]]]:
    """Every place of a file that can be mutated → operators, each with its how-manieth use."""
    nodes = list(ast_nodes(get_ast(Path(path).read_text(encoding="utf-8"))))
    found: dict[Place, list[tuple[str, int]]] = {}
    for name, operator in operators().items():
        starts = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(starts):
            found.setdefault((path, start), []).append((name, occurrence))
    return found


def meaning(code: str) -> str:
    """The code without what is only said: annotations and docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                setattr(node, name, ast.Constant(None))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
    return ast.dump(tree)


def mutate(place: Place, operator: str, occurrence: int, which: int) -> dict[str, Any] | None:
    """The mutant, or None where it is left out."""
    path, (line, column) = place
    code = Path(path).read_text(encoding="utf-8")
    try:
        mutated = MutationVisitor.mutate_code(code, operators()[operator], occurrence)
        if mutated is None or meaning(mutated) == meaning(code):
            return None
        compile(mutated, path, "exec")
    except (SyntaxError, SyntaxWarning):
        return None
    except AttributeError:  # cosmic-ray 8.7.0 cannot replace `except module.Error`
        return None
    name = f"{path}:{line}:{column} {operator}"
    kept = [path, operator, which, column, code.splitlines()[line - 1]]
    return {"name": name, "path": path, "line": line, "code": code, "mutated": mutated, "is": kept}


def numbered(mutants: list[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """The mutants of a place, each with its number among those of one operator."""
    return [
        (name, occurrence, [n for n, _ in mutants[:index]].count(name))
        for index, (name, occurrence) in enumerate(mutants)
    ]


def draw(seed: int, count: int, kept: list[Kept], paths: list[str]) -> Iterator[dict[str, Any]]:
    """The kept sample as far as its lines are there, then others until there are `count`."""
    dice = random.Random(seed)
    found = {place: mutants for path in paths for place, mutants in places(path).items()}
    taken: set[Place] = set()
    texts = {path: Path(path).read_text(encoding="utf-8").splitlines() for path in paths}
    for path, operator, which, column, text in kept[:count]:
        for place in sorted(found):
            line = place[1][0]
            if place[0] == path and place[1][1] == column and texts[path][line - 1] == text:
                one = next((m for m in numbered(found[place]) if m[::2] == (operator, which)), None)
                if one and place not in taken and (made := mutate(place, *one)):
                    taken.add(place)
                    yield made
                    break
    order = sorted(found)
    dice.shuffle(order)
    firsts = list({place[0]: place for place in reversed(order)}.values())
    left = count - len(taken)
    for place in [*firsts, *(place for place in order if place not in set(firsts))]:
        if left <= 0:
            return
        if place in taken or (place in firsts and place[0] in {path for path, _ in taken}):
            continue
        mutants = numbered(found[place])
        dice.shuffle(mutants)
        made = next((made for one in mutants if (made := mutate(place, *one))), None)
        if made:
            left -= 1
            yield made


if __name__ == "__main__":
    warnings.simplefilter("error", SyntaxWarning)
    sample = Path(sys.argv[3])
    lines = sample.read_text(encoding="utf-8").splitlines() if sample.is_file() else []
    known: list[Kept] = [tuple(json.loads(line)) for line in lines]
    for mutant in draw(int(sys.argv[1]), int(sys.argv[2]), known, sys.argv[4:]):
        print(json.dumps(mutant))
