"""What somebody works out who knows all figures that are shown: written from what they mean, not from what hides them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Cell = tuple[str, str]
DESTINATIONS = ("LAB2", "LAB3", "LAB4")
LABOUR = ("LAB1", "LAB1.lifted", *DESTINATIONS, *(f"{name}.lifted" for name in DESTINATIONS))
PARTS = (("LAB1", "LAB1.lifted"), ("LAB5.trainees", "LAB5.lifted"), *((name, f"{name}.lifted") for name in DESTINATIONS))


def equations(indicators: tuple[str, ...], towns: tuple[str, ...], values: Mapping[Cell, int]) -> list[tuple[dict[Cell, int], int, int | None]]:
    """Return what everybody knows of a table: coefficients, and between which numbers their sum lies.

    Written from what the indicators mean, not from what hides them: the county's figures are known, and so is how many
    people have no township.
    """
    known: list[tuple[dict[Cell, int], int, int | None]] = []
    for name in indicators:
        total = sum(values.get((name, town), 0) for town in towns)
        known.append(({(name, town): 1 for town in towns}, total, total))
    for town in towns:
        if "LAB1" in indicators:
            known += [
                ({(f"LAB1{suffix}", town): 1} | {(f"{name}{suffix}", town): -1 for name in DESTINATIONS}, 0, 0)
                for suffix in ("", ".lifted")
            ]
        known += [({(whole, town): 1, (part, town): -1}, 0, None) for whole, part in PARTS if whole in indicators]
    return known


def attacked(indicators: tuple[str, ...], towns: tuple[str, ...], values: Mapping[Cell, int], hidden: frozenset[Cell]) -> dict[Cell, tuple[int, int]]:
    """Return between which whole numbers each hidden cell must lie for whoever knows all else.

    What really is has to lie between them, or the solver is wrong.

    So also what is left of a whole beside its part, ``~`` and the whole's name, where that is one or two.
    """
    cells = list(product(indicators, towns))
    index = {cell: number for number, cell in enumerate(cells)}
    rows, low, high = [], [], []
    for coefficients, least, most in equations(indicators, towns, values):
        row = np.zeros(len(cells))
        for cell, factor in coefficients.items():
            row[index[cell]] = factor
        rows.append(row)
        low.append(least)
        high.append(np.inf if most is None else most)
    lower = [0 if cell in hidden else values.get(cell, 0) for cell in cells]
    upper = [np.inf if cell in hidden else values.get(cell, 0) for cell in cells]
    bounds: dict[Cell, tuple[int, int]] = {}
    asked = {cell: {cell: 1} for cell in sorted(hidden)}
    for whole, part in PARTS:
        for town in towns if whole in indicators else ():
            if 0 < values.get((whole, town), 0) - values.get((part, town), 0) < 3:
                asked[f"~{whole}", town] = {(whole, town): 1, (part, town): -1}
    for cell, factors in asked.items():
        ends = []
        for sign in (1, -1):
            wanted = np.zeros(len(cells))
            for one, factor in factors.items():
                wanted[index[one]] = sign * factor
            found = milp(
                wanted, constraints=LinearConstraint(np.array(rows), low, high), integrality=np.ones(len(cells)),
                bounds=Bounds(lower, upper), options={"presolve": False},  # with it, tables that are there were called impossible
            )  # fmt: skip
            assert found.success, found.message
            ends.append(round(sign * found.fun))
        true = sum(factor * values.get(one, 0) for one, factor in factors.items())
        assert ends[0] <= true <= ends[1], cell
        bounds[cell] = ends[0], ends[1]
    return bounds


def solved(indicators: tuple[str, ...], towns: tuple[str, ...], values: Mapping[Cell, int], hidden: frozenset[Cell]) -> set[Cell]:
    """Return the hidden cells that exact linear algebra alone gives away: no vector of the kernel moves them."""
    unknown = sorted(hidden)
    rows = [
        [Fraction(coefficients.get(cell, 0)) for cell in unknown]
        for coefficients, least, most in equations(indicators, towns, values) if least == most
    ]  # fmt: skip
    pivots: list[int] = []
    for column in range(len(unknown)):
        place = len(pivots)
        at = next((number for number in range(place, len(rows)) if rows[number][column]), None)
        if at is None:
            continue
        rows[place], rows[at] = rows[at], rows[place]
        pivot = rows[place][column]
        rows[place] = [value / pivot for value in rows[place]]
        for number, row in enumerate(rows):
            if number != place and row[column]:
                rows[number] = [value - row[column] * own for value, own in zip(row, rows[place], strict=True)]
        pivots.append(column)
    return {unknown[column] for row, column in zip(rows, pivots, strict=False) if sum(map(bool, row)) == 1}
