"""BootstrapThroughput beside the same bootstrap as a loop over scikit-learn, on the same cases.

    swift build -c release -debug-info-format none --product BootstrapThroughput
    python Benchmarks/bootstrap.py [replicates [threads [program]]]

25,000 images of 8,000 patients, 14 findings, 8 groups: AUROC, average precision, TPR, FPR and PPR, overall
and by group, 1,000 replicates. The loop does what a script does: draw patients, gather their images, call
scikit-learn for the areas and NumPy for the rates, on one core. It runs a few replicates (3 if not said),
and the fastest of them is extrapolated.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, roc_auc_score

FINDINGS, IMAGES, PATIENTS, GROUPS, THRESHOLD, WANTED = 14, 25_000, 8_000, 8, 0.5, 1_000

replicates, threads, program = (sys.argv[1:] + ["3", "2", ".build/release/BootstrapThroughput"][len(sys.argv) - 1 :])[:3]
replicates = int(replicates)


def measure(truth, scores):
    predicted = scores >= THRESHOLD
    return (
        roc_auc_score(truth, scores),
        average_precision_score(truth, scores),
        predicted[truth == 1].mean(),
        predicted[truth == 0].mean(),
        predicted.mean(),
    )


with tempfile.TemporaryDirectory() as folder:
    ours = subprocess.run([program, threads, folder], check=True, capture_output=True, text=True).stdout
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    read = lambda name, kind: np.fromfile(Path(folder) / name, kind)
    scores = read("scores", float).reshape(FINDINGS, IMAGES)
    truth = read("truth", np.uint8).reshape(FINDINGS, IMAGES)
    patient, group = read("patient", np.int32), read("group", np.uint8)
    points = read("average_precision", float)

for finding in range(FINDINGS):
    assert abs(average_precision_score(truth[finding], scores[finding]) - points[finding]) < 1e-12

images_of = [np.flatnonzero(patient == p) for p in range(PATIENTS)]
rng = np.random.default_rng(0)
times = []
for _ in range(replicates):
    start = time.perf_counter()
    drawn = np.concatenate([images_of[p] for p in rng.integers(0, PATIENTS, PATIENTS)])
    drawn_group = group[drawn]
    for finding in range(FINDINGS):
        y, s = truth[finding][drawn], scores[finding][drawn]
        measure(y, s)
        for g in range(GROUPS):
            inside = drawn_group == g
            measure(y[inside], s[inside])
    times.append(time.perf_counter() - start)
loop = min(times) * WANTED

print(ours, end="")
print(f"{memory:.0f} MB at most")
print(f"{loop:.0f} s  scikit-learn {sklearn.__version__}, the fastest of {replicates} replicates, times {WANTED}")
print(f"{loop / float(ours.split()[0]):.0f} times as long as the first line")
