"""Makes the golden numbers of the Probes tests with scikit-learn.

    python scripts/reference/probes.py Tests/ProbesTests/Golden
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

MADE_BY = {
    "script": "scripts/reference/probes.py",
    "libraries": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
}


def regression():
    rng = np.random.default_rng(11)
    cases = {}

    def add(name, x, y, c=1.0, w=None):
        fit = LogisticRegression(C=c, solver="newton-cholesky", tol=1e-14, max_iter=10_000)
        fit.fit(x, y, sample_weight=w)
        cases[name] = {
            "design": x.tolist(),
            "truth": [bool(v) for v in y],
            "weights": None if w is None else w.tolist(),
            "c": c,
            "intercept": float(fit.intercept_[0]),
            "coefficients": fit.coef_[0].tolist(),
            "probabilities": fit.predict_proba(x)[:, 1].tolist(),
        }

    x = rng.normal(size=(120, 5))
    y = (x @ [1, -2, 0, 0.5, 0] + 0.3 + rng.normal(size=120) > 0).astype(int)
    add("plain", x, y)
    add("weak penalty", x, y, c=100.0)
    add("strong penalty", x, y, c=0.01)
    add("weights", x, y, w=rng.random(120) * 3)
    add("rare", x, (rng.random(120) < 0.05).astype(int))
    add("separable", x, (x[:, 0] > 0).astype(int), c=10.0)
    twice = np.hstack([x, x[:, :2]])
    add("collinear", twice, y)
    add("far from zero", x[:, :2] * 20 + 50, y, c=0.5)
    return {**MADE_BY, "cases": cases}


def design():
    rng = np.random.default_rng(12)
    n = 60
    age = np.where(rng.random(n) < 0.2, np.nan, rng.integers(1, 95, n).astype(float))
    size = rng.normal(1000, 200, n)
    sex = rng.choice(["F", "M", ""], n, p=[0.5, 0.4, 0.1])
    view = rng.choice(["AP", "PA"], n)
    train = np.arange(40)
    view[50] = "LATERAL"
    columns = {}
    imputed = np.where(np.isnan(age), np.nanmean(age[train]), age)
    columns["age"] = imputed
    columns["age is missing"] = np.isnan(age)
    columns["size"] = size
    for value in ["F", "M"]:
        columns[f"sex = {value}"] = sex == value
    columns["sex is missing"] = sex == ""
    for value in ["AP", "PA"]:
        columns[f"view = {value}"] = view == value
    raw = np.column_stack(list(columns.values())).astype(float)
    x = StandardScaler().fit(raw[train]).transform(raw)
    return {
        **MADE_BY,
        "age": [None if np.isnan(v) else float(v) for v in age],
        "size": size.tolist(),
        "sex": [v or None for v in sex.tolist()],
        "view": view.tolist(),
        "train": train.tolist(),
        "names": list(columns),
        "expected": x.tolist(),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, make in [("regression", regression), ("design", design)]:
        text = json.dumps(make(), separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n")
