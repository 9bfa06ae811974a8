"""Makes the golden numbers of intervals and tests with SciPy, statsmodels, scikit-learn and NumPy.

    python scripts/reference/inference.py Tests/MetricsTests/Golden

No library has DeLong's and Obuchowski's covariance or the cross-group AUROC: they are written here as in
the papers, over all pairs of a positive and a negative.
"""

import json
import sys
from pathlib import Path

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import stats
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from statsmodels.stats.multitest import multipletests

MADE_BY = {
    "script": "scripts/reference/inference.py",
    "libraries": {
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
    },
}


def kernel(positive, negative):
    difference = np.subtract.outer(positive, negative)
    return (difference > 0) + 0.5 * (difference == 0)


def covariance(systems, y, clusters):
    """Obuchowski 1997, equations 2 to 5; DeLong's where every case is a cluster."""
    y, names = np.asarray(y, bool), np.unique(clusters)
    psi = [kernel(s[y], s[~y]) for s in systems]
    m, n, theta = y.sum(), (~y).sum(), [p.mean() for p in psi]

    def summed(placements, side, total):
        return np.array(
            [
                [placements[r][side == c].sum() - (side == c).sum() * theta[r] for c in names]
                for r in range(len(systems))
            ]
        )

    c10, c01 = np.asarray(clusters)[y], np.asarray(clusters)[~y]
    v10 = summed([p.mean(1) for p in psi], c10, m)
    v01 = summed([p.mean(0) for p in psi], c01, n)
    i10, i01, i = len(set(c10)), len(set(c01)), len(names)
    s10 = i10 / ((i10 - 1) * m) * v10 @ v10.T
    s01 = i01 / ((i01 - 1) * n) * v01 @ v01.T
    s11 = i / (i - 1) * v10 @ v01.T
    return theta, s10 / m + s01 / n + (s11 + s11.T) / (m * n)


def delong():
    rng = np.random.default_rng(11)
    cases = {}
    for name, n, k, steps, clustered in [
        ("independent", 120, 3, None, False),
        ("ties", 90, 2, 4, False),
        ("clustered", 150, 3, None, True),
        ("clustered with ties", 200, 2, 6, True),
        ("perfect", 12, 1, "perfect", False),
    ]:
        y = (rng.random(n) < 0.35).astype(int)
        clusters = rng.integers(0, n // 4, n) if clustered else np.arange(n)
        effect = rng.normal(size=n)[clusters]
        systems = []
        for system in range(k):
            s = y * (0.6 + 0.3 * system) + effect + rng.normal(size=n)
            if steps == "perfect":
                s = y.astype(float)
            elif steps:
                s = np.round(s * steps) / steps
            systems.append(s)
        theta, cov = covariance(systems, y, clusters)
        for s, area in zip(systems, theta):
            assert abs(roc_auc_score(y, s) - area) < 1e-12
        case = {
            "systems": [s.tolist() for s in systems],
            "truth": [bool(v) for v in y],
            "clusters": clusters.tolist() if clustered else None,
            "areas": theta,
            "covariance": cov.tolist(),
        }
        if k > 1:
            difference = theta[0] - theta[1]
            error = np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
            case["difference"] = {
                "low": difference + stats.norm.ppf(0.025) * error,
                "high": difference + stats.norm.ppf(0.975) * error,
                "p": 2 * stats.norm.sf(abs(difference / error)),
            }
        cases[name] = case
    return {**MADE_BY, "cases": cases}


def normal():
    z = np.array([-37.0, -8.0, -3.0, -1.0, -1e-9, 0.0, 0.3, 1.96, 5.0, 9.0])
    p = np.array([1e-300, 1e-12, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999999])
    return {
        **MADE_BY,
        "z": z.tolist(),
        "cumulative": stats.norm.cdf(z).tolist(),
        "p": p.tolist(),
        "quantile": stats.norm.ppf(p).tolist(),
    }


def accelerated():
    """BCa intervals by SciPy from its own replicates, of a skewed mean and of an AUROC."""
    rng = np.random.default_rng(5)
    skewed = rng.exponential(size=40) ** 2
    y = np.array([1] * 15 + [0] * 35)
    s = rng.normal(size=50) + 1.5 * y

    def area(index):
        index = index.astype(int)
        return roc_auc_score(y[index], s[index]) if 0 < y[index].sum() < len(index) else np.nan

    cases = {}
    for name, data, statistic in [
        ("a skewed mean", skewed, np.mean),
        ("an AUROC", np.arange(50.0), area),
    ]:
        result = stats.bootstrap(
            (data,), statistic, n_resamples=999, method="BCa", vectorized=False, rng=1
        )
        cases[name] = {
            "point": float(statistic(data)),
            "replicates": result.bootstrap_distribution.tolist(),
            "jackknife": [float(statistic(np.delete(data, i))) for i in range(len(data))],
            "low": float(result.confidence_interval.low),
            "high": float(result.confidence_interval.high),
        }
    return {**MADE_BY, "cases": cases}


def families():
    rng = np.random.default_rng(2)
    cases = []
    for p in [
        rng.random(12) ** 3,
        [0.01, 0.04, 0.03, 0.005],
        [0.2, 0.2, 0.2],
        [1.0, 0.0, 1e-9, 0.5],
        [0.03],
    ]:
        benjamini = stats.false_discovery_control(p)
        np.testing.assert_allclose(benjamini, multipletests(p, method="fdr_bh")[1], atol=1e-15)
        cases.append(
            {
                "p": list(map(float, p)),
                "holm": multipletests(p, method="holm")[1].tolist(),
                "benjamini-hochberg": benjamini.tolist(),
            }
        )
    return {**MADE_BY, "cases": cases}


def consistency():
    """The error consistency is Cohen's kappa of what is right."""
    rng = np.random.default_rng(9)
    hard = rng.normal(size=300)
    right = [(hard + rng.normal(size=300) * (0.5 + i) < 0.7 + 0.2 * i) for i in range(3)]
    pairs = {}
    for a in range(3):
        for b in range(a + 1, 3):
            observed = np.mean(right[a] == right[b])
            p, q = right[a].mean(), right[b].mean()
            pairs[f"{a} {b}"] = {
                "observed": observed,
                "expected": p * q + (1 - p) * (1 - q),
                "kappa": cohen_kappa_score(right[a], right[b]),
            }
    misses = np.sum([~r for r in right], axis=0)
    return {
        **MADE_BY,
        "right": [r.tolist() for r in right],
        "pairs": pairs,
        "mean": float(np.mean([p["kappa"] for p in pairs.values()])),
        "misses": np.bincount(misses, minlength=4).tolist(),
    }


def ranking():
    rng = np.random.default_rng(4)
    g = rng.integers(0, 3, 240)
    y = (rng.random(240) < 0.4).astype(int)
    s = np.round(y + 0.5 * g + rng.normal(size=240), 1)
    names = ["a", "b", "c"]

    def xauc(a, b):
        return float(kernel(s[(g == a) & (y == 1)], s[(g == b) & (y == 0)]).mean())

    return {
        **MADE_BY,
        "scores": s.tolist(),
        "truth": [bool(v) for v in y],
        "groups": [names[v] for v in g],
        "xauc": {f"{names[a]} {names[b]}": xauc(a, b) for a in range(3) for b in range(3)},
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, make in [
        ("delong", delong),
        ("normal", normal),
        ("bca", accelerated),
        ("families", families),
        ("consistency", consistency),
        ("xauc", ranking),
    ]:
        text = json.dumps(make(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        (folder / f"{name}.json").write_text(text + "\n")
