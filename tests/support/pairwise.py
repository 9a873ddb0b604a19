"""Combinations in which every two choices meet at least once: what most defects of combined settings need."""

import itertools
from collections.abc import Container, Mapping, Sequence

Choice = tuple[str, int]


def pairwise(factors: Mapping[str, Sequence[object]]) -> list[dict[str, int]]:
    """Return rows with one choice, by its number, of each factor; greedily few, and always the same ones."""
    choices = {name: [(name, number) for number in range(len(options))] for name, options in factors.items()}
    missing = dict.fromkeys(
        pair for one, other in itertools.combinations(choices.values(), 2) for pair in itertools.product(one, other)
    )
    rows = []
    while missing:
        row = dict(next(iter(missing)))
        for name in factors:
            if name not in row:
                row[name] = max(choices[name], key=lambda choice: _meets(choice, row, missing))[1]
        for one, other in itertools.combinations(row.items(), 2):
            missing.pop((one, other), None)
            missing.pop((other, one), None)
        rows.append({name: row[name] for name in factors})
    return rows


def _meets(choice: Choice, row: Mapping[str, int], missing: Container[tuple[Choice, Choice]]) -> int:
    return sum((choice, other) in missing or (other, choice) in missing for other in row.items())
