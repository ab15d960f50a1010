"""Two kinds of vectors are told apart as scikit-learn's logistic regression does it."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from askedbefore.classifying import learn_difference


def test_weights_are_those_of_scikit_learn() -> None:
    """Also where there are nine times as many of one kind."""
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((200, 16))
    is_first = np.arange(200) < 180
    vectors[is_first, :3] += 1.0
    theirs = LogisticRegression(C=0.3, class_weight="balanced", tol=1e-8, max_iter=1000).fit(vectors, is_first)
    expected = np.append(theirs.coef_[0], theirs.intercept_[0])
    assert np.allclose(learn_difference(vectors, is_first, 0.3), expected, atol=1e-3)


def test_vectors_of_two_kinds_fall_on_two_sides() -> None:
    """By hand: one axis, the kinds mirror each other, so the line between them goes through zero."""
    vectors = np.array([[1.0], [2.0], [-1.0], [-2.0]])
    slope, intercept = learn_difference(vectors, np.array([True, True, False, False]), 1.0)
    assert slope > 0
    assert abs(intercept) < 1e-6
