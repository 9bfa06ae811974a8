"""Makes the golden numbers of single metrics and gaps with scikit-learn, Fairlearn, AIF360 and NumPy.

    python scripts/reference/metrics.py Tests/MetricsTests/Golden
"""

import json
import math
import sys
import warnings
from pathlib import Path

import aif360
import fairlearn
import numpy as np
import pandas as pd
import scipy
import sklearn
from aif360.datasets import BinaryLabelDataset
from aif360.metrics import ClassificationMetric
from fairlearn import metrics as fair
from sklearn.calibration import calibration_curve
from sklearn import metrics as sk

MADE_BY = {
    "script": "scripts/reference/metrics.py",
    "libraries": {
        "aif360": aif360.__version__,
        "fairlearn": fairlearn.__version__,
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
    },
}


def number(value):
    """A float, or None where the library has no number."""
    value = math.nan if value is None else float(value)
    return value if math.isfinite(value) else None


def ratio(numerator, denominator):
    return number(numerator / denominator) if denominator > 0 else None


def classification(y, p, group, w=None, privileged=None, unprivileged=None):
    """AIF360's metric of predictions; groups are numbers."""
    frame = pd.DataFrame({"group": np.asarray(group, float), "label": np.asarray(y, float)})
    frame["weight"] = 1.0 if w is None else w
    options = dict(
        label_names=["label"],
        protected_attribute_names=["group"],
        instance_weights_name="weight",
        favorable_label=1.0,
        unfavorable_label=0.0,
    )
    truth = BinaryLabelDataset(df=frame, **options)
    predicted = truth.copy()
    predicted.labels = np.asarray(p, float).reshape(-1, 1)
    return ClassificationMetric(
        truth, predicted, unprivileged_groups=unprivileged, privileged_groups=privileged
    )


def inequality(y, p, w):
    """AIF360's indices; it knows no weights, so whole ones are repeated and others left out."""
    if w is not None:
        if (w % 1 != 0).any():
            return {}
        y, p = np.repeat(y, w.astype(int)), np.repeat(p, w.astype(int))
    if not (p - y + 1).any():
        return {"generalized_entropy": None, "theil_index": None}
    metric = classification(y, p, np.zeros(len(y)))
    return {
        "generalized_entropy": number(metric.generalized_entropy_index(alpha=2)),
        "theil_index": number(metric.theil_index()),
    }


def rates(y, s, t, w):
    """The confusion counts and rates by scikit-learn."""
    p = (s >= t).astype(int)
    tn, fp, fn, tp = sk.confusion_matrix(y, p, labels=[0, 1], sample_weight=w).ravel()
    pos, neg, n = tp + fn, tn + fp, tp + fn + tn + fp
    both = pos > 0 and neg > 0
    score = dict(sample_weight=w, zero_division=np.nan)
    return {
        "accuracy": number(sk.accuracy_score(y, p, sample_weight=w)),
        "accuracy_negative": number(sk.recall_score(y, p, pos_label=0, **score)),
        "accuracy_positive": number(sk.recall_score(y, p, **score)),
        "balanced_accuracy": number(sk.balanced_accuracy_score(y, p, sample_weight=w))
        if both
        else None,
        "sensitivity": ratio(tp, pos),
        "specificity": ratio(tn, neg),
        "fpr": ratio(fp, neg),
        "ppv": number(sk.precision_score(y, p, **score)),
        "npv": number(sk.precision_score(y, p, pos_label=0, **score)),
        "f1": number(sk.f1_score(y, p, **score)),
        "mcc": number(sk.matthews_corrcoef(y, p, sample_weight=w))
        if min(pos, neg, tp + fp, tn + fn) > 0
        else None,
        "fnr": ratio(fn, pos),
        "class_gap": number(
            abs(
                sk.recall_score(y, p, **score) - sk.recall_score(y, p, pos_label=0, **score)
            )
        ),
        "likelihood_ratio": number(
            sk.class_likelihood_ratios(y, p, labels=[0, 1], sample_weight=w)[0]
        )
        if both
        else None,
        **inequality(y, p, w),
        "ppr": ratio(tp + fp, n),
        "prevalence": ratio(pos, n),
    }


def thresholds(y, s):
    """Thresholds by search over the distinct scores, highest first; the first best one is taken."""
    pos, neg = y.sum(), (1 - y).sum()
    if pos == 0 or neg == 0:
        return {}
    candidates = np.unique(s)[::-1]
    p = s[None, :] >= candidates[:, None]
    tp, fp = (p * y).sum(1), (p * (1 - y)).sum(1)
    fpr, tpr = fp / neg, tp / pos
    specificity = (neg - fp) / neg

    def first_best(merit, allowed):
        merit = np.where(allowed, merit, -np.inf)
        return float(candidates[np.argmax(merit)]) if allowed.any() else None

    every = np.full(len(candidates), True)
    f1 = np.array([sk.f1_score(y, row) for row in p])
    return {
        "youden": first_best(tp * neg - fp * pos, every),
        "f1": first_best(f1, every),
        "prevalence": first_best(-abs(tp + fp - pos), every),
        "fpr <= 0.2": first_best(tp, fpr <= 0.2),
        "sensitivity >= 0.9": first_best(-fp, tpr >= 0.9),
        "specificity >= 0.8": first_best(tp, specificity >= 0.8),
        "fixed 0.5": 0.5,
    }


def mass_error(y, s, w):
    """The calibration error over scikit-learn's quantile bins, from its curve where that has no
    weights, else from the same edges."""
    edges = np.percentile(s, np.linspace(0, 1, 16) * 100)
    bins = np.searchsorted(edges[1:-1], s)
    weight = np.ones(len(y)) if w is None else w
    total = np.bincount(bins, weights=weight)
    kept = total > 0
    truth = np.bincount(bins, weights=weight * y)[kept] / total[kept]
    mean = np.bincount(bins, weights=weight * s)[kept] / total[kept]
    if w is None and len(set(edges)) == 16:
        np.testing.assert_allclose(
            (truth, mean), calibration_curve(y, s, n_bins=15, strategy="quantile"), atol=1e-14
        )
    return number(np.sum(total[kept] / weight.sum() * abs(truth - mean)))


def calibration(y, s, w):
    bins = np.minimum((s * 15).astype(int), 14)
    weight = np.ones(len(y)) if w is None else w
    error = 0.0
    for b in range(15):
        inside = bins == b
        if weight[inside].sum() > 0:
            gap = np.average(y[inside], weights=weight[inside])
            gap -= np.average(s[inside], weights=weight[inside])
            error += weight[inside].sum() / weight.sum() * abs(gap)
    return {
        "brier": number(sk.brier_score_loss(y, s, sample_weight=w)),
        "log_loss": number(sk.log_loss(y, s, sample_weight=w, labels=[0, 1])),
        "ece_15": number(error),
        "ece_15_equal_mass": mass_error(y, s, w),
        "calibration_in_the_large": number(np.average(y - s, weights=w)),
    }


def trapezoid(y, s, w):
    precision, recall, _ = sk.precision_recall_curve(y, s, sample_weight=w)
    return number(sk.auc(recall, precision))


def discrimination():
    rng = np.random.default_rng(20240501)
    cases = {}

    def add(name, y, s, w=None, t=0.5):
        y, s = np.asarray(y), np.asarray(s, float)
        w = None if w is None else np.asarray(w, float)
        kept = np.full(len(y), True) if w is None else w > 0
        one_class = len(set(y[kept])) < 2
        cases[name] = {
            "scores": s.tolist(),
            "truth": [bool(v) for v in y],
            "weights": None if w is None else w.tolist(),
            "threshold": t,
            "expected": {
                "auroc": None if one_class else number(sk.roc_auc_score(y, s, sample_weight=w)),
                "average_precision": number(sk.average_precision_score(y, s, sample_weight=w))
                if y[kept].sum()
                else None,
                "auprc_trapezoid": trapezoid(y, s, w) if y[kept].sum() else None,
                **rates(y, s, t, w),
                **calibration(y, s, w),
            },
            "thresholds": thresholds(y, s) if w is None else {},
        }

    y = rng.integers(0, 2, 200)
    s = np.clip(0.5 + 0.2 * (y - 0.5) + 0.2 * rng.normal(size=200), 0, 1)
    add("plain", y, s)
    add("ties", y, np.round(s, 1))
    add("weights", y, s, rng.random(200) * 3)
    add("weights and ties, some zero", y, np.round(s, 1), rng.integers(0, 3, 200), 0.4)
    add("constant scores", y, np.full(200, 0.5))
    rare = (rng.random(300) < 0.04).astype(int)
    add("rare", rare, np.clip(0.2 * rare + 0.8 * rng.random(300), 0, 1), t=0.8)
    add("no positives", np.zeros(20, int), rng.random(20))
    add("no negatives", np.ones(20, int), rng.random(20))
    add("nothing predicted positive", y, s * 0.4)
    add("everything predicted positive", y, s * 0.4 + 0.6)
    add("perfect", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])
    add("two cases", [1, 0], [0.3, 0.3])
    return {**MADE_BY, "cases": cases}


def fairness():
    rng = np.random.default_rng(7)
    cases = {}
    for name, n, groups, threshold in [
        ("two groups", 400, ["F", "M"], 0.5),
        ("four groups", 900, ["0–18", "18–40", "40–60", "60+"], 0.45),
        ("ratio of nothing", 200, ["a", "b"], 0.99),
    ]:
        g = rng.integers(0, len(groups), n)
        y = (rng.random(n) < 0.3 + 0.08 * g).astype(int)
        s = np.clip(0.3 + 0.25 * y + 0.05 * g + 0.2 * rng.normal(size=n), 0, 0.98)
        label = np.array(groups)[g]
        p = (s >= threshold).astype(int)
        options = dict(sensitive_features=label)
        frame = fair.MetricFrame(
            metrics={"accuracy": sk.accuracy_score, "balanced_accuracy": sk.balanced_accuracy_score},
            y_true=y,
            y_pred=p,
            **options,
        )
        area = fair.MetricFrame(metrics=sk.roc_auc_score, y_true=y, y_pred=s, **options)
        ppv = fair.MetricFrame(
            metrics=lambda y, p: sk.precision_score(y, p, zero_division=np.nan),
            y_true=y,
            y_pred=p,
            **options,
        )
        means = fair.MetricFrame(
            metrics={
                "ap": sk.average_precision_score,
                "large": lambda y, s: np.mean(y) - np.mean(s),
                "ece": lambda y, s: calibration(np.asarray(y), np.asarray(s), None)["ece_15"],
            },
            y_true=y,
            y_pred=s,
            **options,
        )
        fpr = fair.MetricFrame(metrics=fair.false_positive_rate, y_true=y, y_pred=p, **options)
        expected = {
            "demographic_parity_difference": fair.demographic_parity_difference(y, p, **options),
            "demographic_parity_ratio": fair.demographic_parity_ratio(y, p, **options),
            "equal_opportunity_difference": fair.equal_opportunity_difference(y, p, **options),
            "equal_opportunity_ratio": fair.equal_opportunity_ratio(y, p, **options),
            "predictive_equality_difference": fpr.difference(),
            "predictive_parity_difference": ppv.difference()
            if ppv.by_group.notna().sum() > 1
            else None,
            "equalized_odds_difference": fair.equalized_odds_difference(y, p, **options),
            "equalized_odds_ratio": fair.equalized_odds_ratio(y, p, **options),
            "equalized_odds_difference_mean": fair.equalized_odds_difference(
                y, p, agg="mean", **options
            ),
            "auroc_gap": area.difference(),
            "worst_group_auroc": area.group_min(),
            "best_group_auroc": area.group_max(),
            "average_precision_gap": means.difference()["ap"],
            "worst_group_average_precision": means.group_min()["ap"],
            "best_group_average_precision": means.group_max()["ap"],
            "ece_15_gap": means.difference()["ece"],
            "calibration_in_the_large_gap": means.difference()["large"],
            "accuracy_gap": frame.difference()["accuracy"],
            "worst_group_accuracy": frame.group_min()["accuracy"],
            "best_group_accuracy": frame.group_max()["accuracy"],
            "balanced_accuracy_gap": frame.difference()["balanced_accuracy"],
            "worst_group_balanced_accuracy": frame.group_min()["balanced_accuracy"],
            "best_group_balanced_accuracy": frame.group_max()["balanced_accuracy"],
        }
        beside = {}
        for other in range(1, len(groups) + 1):
            # The last is all others together.
            unprivileged = [other] if other < len(groups) else range(1, len(groups))
            metric = classification(
                y, p, g, None, [{"group": 0.0}], [{"group": float(u)} for u in unprivileged]
            )
            beside[groups[other] if other < len(groups) else "all others"] = {
                "statistical_parity_difference": metric.statistical_parity_difference(),
                "equal_opportunity_difference": metric.equal_opportunity_difference(),
                "average_odds_difference": metric.average_odds_difference(),
                "average_abs_odds_difference": metric.average_abs_odds_difference(),
                "disparate_impact": number(metric.disparate_impact()),
            }
        cases[name] = {
            "scores": s.tolist(),
            "truth": [bool(v) for v in y],
            "groups": label.tolist(),
            "threshold": threshold,
            "expected": {key: number(value) for key, value in expected.items()},
            "worst": str(area.by_group.idxmin()),
            "beside": beside,
            "median": {
                str(name): number(value)
                for name, value in (area.by_group - area.by_group.median()).items()
            },
        }
    return {**MADE_BY, "cases": cases}


def quantiles():
    rng = np.random.default_rng(3)
    values = rng.normal(size=37)
    at = [0.0, 0.025, 0.1, 0.5, 0.9, 0.975, 1.0]
    return {
        **MADE_BY,
        "values": values.tolist(),
        "at": at,
        "expected": np.quantile(values, at, method="linear").tolist(),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    for name, make in [
        ("discrimination", discrimination),
        ("fairness", fairness),
        ("quantiles", quantiles),
    ]:
        text = json.dumps(make(), ensure_ascii=False, indent=None, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n")
