"""The plots of the report, as SVG that stands in an HTML page. matplotlib is imported only when one is drawn."""

import io
import re
from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from askedbefore.evaluation.measuring import Cut, Values, WayFigures, all_cuts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, which most colour-blind people can tell apart.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#666666"
_STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "axes.axisbelow": True,
    "svg.hashsalt": "askedbefore",  # the same figures make the same file
}
_DASHES = ((0, (4, 2)), (0, (1, 1.5)), (0, (6, 1.5, 1, 1.5)), (0, (2, 2)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)))
_BINS = 40


def plot_hits_by_depth(ways: Sequence[WayFigures], shipped: str, rivals: Sequence[str]) -> str:
    """Draw the share of questions with a right place among the first k, one line a way."""
    figure, [axes] = _figure(8.2, 4.6)
    strong = dict(zip(rivals, (GREEN, ORANGE, PURPLE), strict=False)) | {shipped: BLUE}
    dashes = iter(_DASHES)
    for way in ways:
        depths = range(1, len(way.hits_by_depth) + 1)
        if way.name in strong:
            width = 2.6 if way.name == shipped else 1.8
            axes.plot(depths, way.hits_by_depth, color=strong[way.name], linewidth=width, label=way.name, zorder=3)
        else:
            axes.plot(depths, way.hits_by_depth, color=GREY, linewidth=1, linestyle=next(dashes, "-"), label=way.name)
    axes.set(xlabel="the first k that were found", ylabel="share of questions", xlim=(1, len(ways[0].hits_by_depth)))
    axes.set_xticks([1, 3, 5, 10, 15, 20])
    axes.set_ylim(top=1)
    lines, names = axes.get_legend_handles_labels()
    axes.legend(lines[::-1], names[::-1], loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    return _svg(figure, "depth", "Lines that rise with k: " + _say_hits(ways))


def plot_margins(groups: Mapping[str, Values], line: float, certain: float) -> str:
    """Draw how many questions of each group lie how far above what is not asked here, with the two lines."""
    from matplotlib.ticker import MaxNLocator

    figure, all_axes = _figure(8.2, 0.9 + 1.5 * len(groups), rows=len(groups))
    finite = {name: margins[np.isfinite(margins)] for name, margins in groups.items()}
    together = np.concatenate([*finite.values(), [line, certain]])
    bins = np.linspace(together.min(), together.max() + 1e-6, _BINS + 1)
    for axes, colour, (name, margins) in zip(all_axes, [BLUE, *_colours(len(groups) - 1)], finite.items(), strict=True):
        axes.hist(margins, bins=bins.tolist(), color=colour)
        axes.axvline(line, color="black", linewidth=1.4, label="shown from here on")
        axes.axvline(certain, color="black", linewidth=1.4, linestyle="--", label="without “perhaps” from here on")
        axes.set_title(f"{name} ({len(groups[name]):,})", loc="left", fontsize=10)
        axes.set_ylabel("questions")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    all_axes[0].legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=9, frameon=False)
    all_axes[-1].set_xlabel("margin above what is not asked here")
    alt = f"Histograms of the margins of {_listed(groups)}; questions are answered from {line:.2f} on, without "
    return _svg(figure, "margins", alt + f"“perhaps” from {certain:.2f} on.")


def plot_cuts(answerable: Values, others: Mapping[str, Values], cuts: Sequence[Cut]) -> str:
    """Draw what each possible line keeps of the answerable questions and refuses of the others."""
    figure, [axes] = _figure(6.4, 4.6)
    for colour, (name, margins) in zip(_colours(len(others)), others.items(), strict=True):
        axes.plot(*all_cuts(answerable, margins), color=colour, linewidth=2, label=name)
        for marker, cut in zip("os", cuts, strict=False):
            axes.plot(cut.kept, cut.refused[name], marker, color=colour, markersize=8, markeredgecolor="black")
    for marker, cut in zip("os", cuts, strict=False):
        axes.plot([], [], marker, color="white", markeredgecolor="black", markersize=8, label=cut.name)
    axes.set(xlabel="answerable questions kept", ylabel="others refused", xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(loc="lower left", frameon=False)
    said = "; ".join(f"{cut.name}: kept {cut.kept:.3f}, refused {_say_refused(cut)}" for cut in cuts)
    return _svg(figure, "cuts", f"Curves of what each line keeps and refuses. {said}.")


def _figure(width: float, height: float, rows: int = 1) -> "tuple[Figure, list[Axes]]":
    """Return an empty figure and its axes, one a row."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes: list[Axes] = list(figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0])
    return figure, axes


def _svg(figure: "Figure", name: str, alt: str) -> str:
    """Return a figure as an SVG element that may stand in a page beside others: its ids begin with `name`."""
    import matplotlib as mpl

    file = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context(_STYLE):
        figure.savefig(file, format="svg", metadata=nothing)
    _, _, drawing = file.getvalue().partition("<svg ")
    drawing = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", drawing)
    label = alt.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'<svg role="img" aria-label="{label}" {drawing}'


def _colours(groups: int) -> list[str]:
    """Return a colour for each group of questions without an answer."""
    return list(islice(cycle((ORANGE, GREEN, PURPLE, GREY)), groups))


def _say_hits(ways: Sequence[WayFigures]) -> str:
    """Say the ends of the lines in words."""
    said = (f"{way.name} from {way.hits_by_depth[0]:.3f} to {way.hits_by_depth[-1]:.3f}" for way in ways)
    return "; ".join(said) + "."


def _say_refused(cut: Cut) -> str:
    """Say what a line refuses in words."""
    return ", ".join(f"{share:.3f} of {name}" for name, share in cut.refused.items())


def _listed(groups: Mapping[str, Values]) -> str:
    """Name the groups in words."""
    return ", ".join(f"{len(margins):,} {name} questions" for name, margins in groups.items())
