"""Learn to tell two kinds of vectors apart, by logistic regression."""

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 1000

Numbers = NDArray[np.float64]


def learn_difference(vectors: Numbers, is_first: NDArray[np.bool_], strength: float) -> Numbers:
    """Return weights of shape (dimension + 1,), the intercept last, that are positive on vectors of the first kind.

    Both kinds count the same, however many there are of each. The less the `strength`, the smaller the weights. It is
    what `LogisticRegression(C=strength, class_weight="balanced")` of scikit-learn finds, whose import alone would cost
    more than all of it. Source: SciPy, `scipy.optimize.minimize`.
    """
    from scipy.optimize import minimize

    share = 0.5 / np.where(is_first, is_first.sum(), (~is_first).sum())  # all shares together are one
    sign = np.where(is_first, 1.0, -1.0)
    stiffness = 1 / (strength * len(vectors))

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        """Return the loss with these weights, and its slope."""
        margins = sign * (vectors @ weights[:-1] + weights[-1])
        pull = -share * sign / (1 + np.exp(np.clip(margins, -500, 500)))
        value = share @ np.logaddexp(0, -margins) + stiffness / 2 * weights[:-1] @ weights[:-1]
        return float(value), np.append(pull @ vectors + stiffness * weights[:-1], pull.sum())

    options = {"maxiter": _MOST_STEPS, "gtol": 1e-5, "ftol": 1e-10}
    found: Numbers = minimize(loss, np.zeros(vectors.shape[1] + 1), method="L-BFGS-B", jac=True, options=options).x
    return found
