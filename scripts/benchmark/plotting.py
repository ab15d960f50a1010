"""The plot of all ratios: each as a part of the most that it may be."""

from collections.abc import Sequence
from pathlib import Path

_WITHIN, _BEYOND = "#2f6f5e", "#b5523b"


def plot_ratios(parts: Sequence[tuple[str, str, float]], path: Path) -> None:
    """Draw a bar for each: what, against what, and its part of what is aimed at, where 1 or less is good."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=(9, 0.5 + 0.55 * len(parts)), layout="constrained")
        axes = figure.subplots()
        names = [f"{what}\nagainst {against}" for what, against, _ in parts][::-1]
        values = [part for _, _, part in parts][::-1]
        axes.barh(names, values, color=[_WITHIN if value <= 1 else _BEYOND for value in values], height=0.6)
        axes.axvline(1, color="#444444", linewidth=1)
        axes.set_xlabel("part of what is aimed at: up to the line is good")
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, dpi=130)
