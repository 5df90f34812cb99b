"""What the ways of comparing are called."""

from zaplecze.language import N_
from zaplecze.workspace import Learner

METHODS: dict[Learner, str] = {
    "lightgbm": N_(
        "partially linear, cross-fitted in 5 folds by customer with gradient-boosted trees"
    ),
    "scikit-learn": N_(
        "partially linear, cross-fitted in 5 folds by customer with scikit-learn's gradient-boosted "
        "trees"
    ),
}
INTERACTIVE: dict[Learner, str] = {
    "lightgbm": N_(
        "interactive, average over the exposed, cross-fitted in 5 folds by customer with "
        "gradient-boosted trees"
    ),
    "scikit-learn": N_(
        "interactive, average over the exposed, cross-fitted in 5 folds by customer with "
        "scikit-learn's gradient-boosted trees"
    ),
}
