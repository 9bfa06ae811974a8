"""Makes the golden numbers of curves, calibration fits and several classes with scikit-learn and SciPy.

    python scripts/reference/curves.py Tests/MetricsTests/Golden
"""

import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
import statsmodels.api as sm
import statsmodels
from scipy import optimize, special
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

MADE_BY = {
    "script": "scripts/reference/curves.py",
    "libraries": {
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
    },
}


def curves():
    rng = np.random.default_rng(21)
    cases = {}
    for name, n, steps in [("plain", 60, None), ("ties", 80, 8), ("constant", 10, 0)]:
        y = (rng.random(n) < 0.4).astype(int)
        y[:2] = [0, 1]
        s = special.expit(rng.normal(size=n) + y)
        s = s if steps is None else np.round(s * steps) / max(steps, 1)
        w = rng.integers(0, 3, n).astype(float) if name == "ties" else None
        fpr, tpr, at = sk.roc_curve(y, s, sample_weight=w, drop_intermediate=False)
        precision, recall, cuts = sk.precision_recall_curve(y, s, sample_weight=w)
        rates = [0.0, 0.2, 0.5, 0.8, 0.9, 0.95, 1.0]
        truth, mean = calibration_curve(y, s, n_bins=10, strategy="quantile")
        cases[name] = {
            "scores": s.tolist(),
            "truth": [bool(v) for v in y],
            "weights": None if w is None else w.tolist(),
            "roc": [fpr[1:].tolist(), tpr[1:].tolist(), at[1:].tolist()],
            "pr": [recall[-2::-1].tolist(), precision[-2::-1].tolist(), cuts[::-1].tolist()],
            "rates": rates,
            "sensitivity": [float(tpr[1 - fpr >= r - 1e-12].max()) for r in rates],
            "specificity": [float((1 - fpr)[tpr >= r - 1e-12].max()) for r in rates],
            "reliability": [mean.tolist(), truth.tolist()],
        }
    return {**MADE_BY, "cases": cases}


def fits():
    """Logistic recalibration by statsmodels' IRLS, checked with SciPy's root of the score equations."""
    rng = np.random.default_rng(8)
    cases = {}

    def add(name, y, p, w=None):
        y, p = np.asarray(y, float), np.asarray(p, float)
        clipped = np.clip(p, np.finfo(float).eps, 1 - np.finfo(float).eps)
        x = np.log(clipped) - np.log1p(-clipped)
        weight = np.ones(len(y)) if w is None else np.asarray(w, float)

        def scores(beta):
            r = weight * (y - special.expit(beta[0] + beta[1] * x))
            return [r.sum(), (r * x).sum()]

        case = {"probabilities": p.tolist(), "truth": [bool(v) for v in y], "weights": w}
        case.update(slope=None, intercept=None, at_slope_one=None)
        if 0 < (weight * y).sum() < weight.sum():
            case["at_slope_one"] = optimize.brentq(
                lambda a: np.sum(weight * (y - special.expit(a + x))), -60, 60, xtol=1e-14
            )
        overlap = case["at_slope_one"] is not None and (
            x[y == 0].max() > x[y == 1].min() and x[y == 1].max() > x[y == 0].min()
        )
        if overlap and len(set(x)) > 1:
            fit = sm.GLM(y, sm.add_constant(x), sm.families.Binomial(), freq_weights=weight)
            start = fit.fit(tol=1e-14, maxiter=200).params
            root = optimize.root(scores, start, method="hybr", tol=1e-14).x
            assert np.abs(np.subtract(root, start)).max() < 1e-8
            case["intercept"], case["slope"] = map(float, root)
        cases[name] = case

    y = (rng.random(300) < 0.3).astype(int)
    z = rng.normal(size=300) + 1.5 * y - 1
    add("plain", y, special.expit(z))
    add("too extreme", y, special.expit(4 * z))
    add("turned round", y, special.expit(-z))
    add("weights", y, special.expit(z), rng.integers(0, 4, 300).astype(float).tolist())
    add("ties, zeros and ones", y, np.clip(np.round(special.expit(z), 1), 0, 1))
    add("rare", np.arange(300) < 3, special.expit(z - 4))
    add("constant", y, np.full(300, 0.2))
    add("separated", [0, 0, 1, 1], [0.1, 0.4, 0.6, 0.9])
    add("separated but for a tie", [0, 0, 1, 1], [0.1, 0.5, 0.5, 0.9])
    add("one class", np.ones(5), rng.random(5))
    return {**MADE_BY, "cases": cases}


def classes():
    rng = np.random.default_rng(13)
    cases = {}
    for name, n, k, present in [("three", 200, 3, 3), ("ties", 90, 4, 4), ("one absent", 60, 3, 2)]:
        truth = rng.integers(0, present, n)
        scores = rng.normal(size=(n, k)) + 1.2 * np.eye(k)[truth]
        if name == "ties":
            scores = np.round(scores)
        scores = special.softmax(scores, axis=1)
        predicted = scores.argmax(1)
        areas = [
            float(sk.roc_auc_score(truth == c, scores[:, c])) if (truth == c).any() else None
            for c in range(k)
        ]
        if present == k:
            macro = sk.roc_auc_score(truth, scores, multi_class="ovr", average="macro")
            assert abs(macro - np.mean(areas)) < 1e-12
        cases[name] = {
            "scores": scores.tolist(),
            "truth": truth.tolist(),
            "confusion": sk.confusion_matrix(truth, predicted, labels=range(k)).tolist(),
            "accuracy": sk.accuracy_score(truth, predicted),
            "balanced_accuracy": sk.balanced_accuracy_score(truth, predicted),
            "aurocs": areas,
            "auroc": float(np.mean([a for a in areas if a is not None])),
        }
    return {**MADE_BY, "cases": cases}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    for name, make in [("curves", curves), ("calibration_fits", fits), ("classes", classes)]:
        text = json.dumps(make(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        (folder / f"{name}.json").write_text(text + "\n")
