#!/usr/bin/env python3
"""Times the sweep of Benchmarks/Sweeps in the pipeline runners that are installed.

    python3 Benchmarks/peers.py [--stages 1000] [--only ninja,snakemake] [--bin folder]

One split, then train, eval and fairness for each experiment; each stage is a plain shell command
that digests its input and its parameter. For every runner: all stages run, nothing changed, one
experiment changed, a dry run. Figures are wall times of whole processes, the best of a few; the
overhead for each stage is what a run of all stages takes beyond the same commands in a shell script
that runs as many at once. A runner that is not found (on PATH, or in --bin) is left out. Needs no
package itself; `swift build -c release -debug-info-format none` makes our program.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

JOBS = os.cpu_count() or 1
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def command(before, parameter, output):
    """The work of a stage."""
    source = f"cat {before}; " if before else ""
    return f"({source}echo {parameter}) | sha256sum > {output}"


def stages(experiments, changed):
    """(name, input, parameter) of each stage; `changed` gives one experiment another parameter."""
    yield "split", None, "seed=7"
    for index in range(experiments):
        value = index if index != experiments // 2 or not changed else 1_000_000 + changed
        yield f"train{index}", "split", f"variant={value}"
        yield f"eval{index}", f"train{index}", "bootstrap=1000"
        yield f"fairness{index}", f"eval{index}", "by=sex"


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def ninja(experiments, changed):
    rules = ["rule shell", "  command = $work"]
    for name, before, parameter in stages(experiments, changed):
        rules += [
            f"build {name}.out: shell {before + '.out' if before else ''}".rstrip(),
            f"  work = {command(before and before + '.out', parameter, name + '.out')}",
        ]
    write("build.ninja", "\n".join(rules) + "\n")
    return ["ninja", "-j", str(JOBS)], ["ninja", "-n"]


def snakemake(experiments, changed):
    variants = [
        index if index != experiments // 2 or not changed else 1_000_000 + changed
        for index in range(experiments)
    ]
    write(
        "Snakefile",
        f"""
VARIANTS = {variants!r}
rule all:
    input: expand("fairness{{i}}.out", i=range(len(VARIANTS)))
rule split:
    output: "split.out"
    shell: "echo seed=7 | sha256sum > {{output}}"
rule train:
    input: "split.out"
    output: "train{{i,[0-9]+}}.out"
    params: variant=lambda wildcards: VARIANTS[int(wildcards.i)]
    shell: "(cat {{input}}; echo variant={{params.variant}}) | sha256sum > {{output}}"
rule eval:
    input: "train{{i}}.out"
    output: "eval{{i,[0-9]+}}.out"
    shell: "(cat {{input}}; echo bootstrap=1000) | sha256sum > {{output}}"
rule fairness:
    input: "eval{{i}}.out"
    output: "fairness{{i,[0-9]+}}.out"
    shell: "(cat {{input}}; echo by=sex) | sha256sum > {{output}}"
""",
    )
    run = ["snakemake", "--cores", str(JOBS), "--quiet", "all"]
    return run, run + ["--dry-run"]


def redun(experiments, changed):
    write(
        "flow.py",
        f"""
from redun import File, script, task
redun_namespace = "sweep"
VARIANTS = [
    index if index != {experiments} // 2 or not {changed} else 1_000_000 + {changed}
    for index in range({experiments})
]

@task()
def stage(before, parameter, name):
    source = f"cat {{before.path}}; " if before else ""
    return script(
        f"({{source}}echo {{parameter}}) | sha256sum > {{name}}.out",
        outputs=File(f"{{name}}.out"))

@task()
def main():
    split = stage(None, "seed=7", "split")
    results = []
    for index, variant in enumerate(VARIANTS):
        model = stage(split, f"variant={{variant}}", f"train{{index}}")
        metrics = stage(model, "bootstrap=1000", f"eval{{index}}")
        results.append(stage(metrics, "by=sex", f"fairness{{index}}"))
    return results
""",
    )
    return ["redun", "run", "flow.py", "main"], ["redun", "run", "--dryrun", "flow.py", "main"]


def dvc(experiments, changed):
    if not os.path.isdir(".dvc"):
        subprocess.run(["dvc", "init", "--no-scm", "-q"], check=True)
    lines = ["stages:"]
    for name, before, parameter in stages(experiments, changed):
        lines += [
            f"  {name}:",
            f"    cmd: {command(before and before + '.out', parameter, name + '.out')}",
        ]
        if before:
            lines += ["    deps:", f"    - {before}.out"]
        lines += ["    outs:", f"    - {name}.out"]
    write("dvc.yaml", "\n".join(lines) + "\n")
    return ["dvc", "repro", "-q"], ["dvc", "repro", "-q", "--dry"]


# How a runner is set up, how many stages it bears, and how often it is timed.
PEERS = {"ninja": (ninja, None), "snakemake": (snakemake, None), "redun": (redun, None),
         "dvc": (dvc, 301)}


def timed(words, tries=1, before=lambda attempt: None):
    best = float("inf")
    for attempt in range(tries):
        before(attempt)
        start = time.perf_counter()
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        best = min(best, time.perf_counter() - start)
        # A dry run may tell by its exit code that there is something to do.
        if done.returncode not in (0,) and "-n" not in words:
            sys.exit(f"{' '.join(words)}: {done.stdout.decode()[-2000:]}")
    return best


def shell_seconds(experiments):
    """The commands alone, by a shell, as many at once as there are cores."""
    with tempfile.TemporaryDirectory() as folder:
        names = list(stages(experiments, 0))
        scripts = [[] for _ in range(JOBS)]
        for index in range(experiments):
            scripts[index % JOBS] += [
                command(before and f"{before}.out", parameter, f"{name}.out")
                for name, before, parameter in names[1 + 3 * index : 4 + 3 * index]
            ]
        text = command(None, "seed=7", "split.out") + "\n"
        text += "\n".join(f"({'; '.join(part)}) &" for part in scripts) + "\nwait\n"
        write(os.path.join(folder, "all.sh"), text)
        return timed(["sh", "-c", f"cd {folder} && sh all.sh"])


def peer(name, stage_count):
    setup, limit = PEERS[name]
    experiments = (min(stage_count, limit or stage_count) - 1) // 3
    tries = 1 if name == "dvc" else 3
    with tempfile.TemporaryDirectory() as folder:
        home = os.getcwd()
        os.chdir(folder)
        try:
            run, dry = setup(experiments, 0)
            first = timed(run)
            nothing = timed(run, tries)
            dry_seconds = timed(dry, tries)
            changed = timed(run, tries, lambda attempt: setup(experiments, attempt + 1))
        finally:
            os.chdir(home)
    size = 1 + 3 * experiments
    overhead = max(0.0, first - shell_seconds(experiments)) / size
    return {"name": name, "stages": size, "nothing": nothing, "changed": changed,
            "dry": dry_seconds, "overhead": overhead}


def ours(stage_count):
    program = os.path.join(ROOT, ".build/release/SweepBenchmark")
    if not os.path.exists(program):
        return None
    figures = json.loads(subprocess.check_output([program, "--json", str(stage_count)]))
    by_name = {figure["what"]: figure["milliseconds"] / 1000 for figure in figures}
    return {"name": "cxr-pipeline", "stages": figures[0]["size"],
            "nothing": by_name["nothing changed: run"],
            "changed": by_name["one experiment changed: run"],
            "dry": by_name["nothing changed: plan"],
            "overhead": by_name["every stage run, per stage"]}


def cell(seconds, own):
    text = f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
    return text if not own else f"{text} ({seconds / own:.1f}×)"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stages", type=int, default=1000)
    parser.add_argument("--only", default=",".join(PEERS))
    parser.add_argument("--bin", help="a folder of programs that comes first on PATH")
    options = parser.parse_args()
    if options.bin:
        os.environ["PATH"] = os.path.abspath(options.bin) + os.pathsep + os.environ["PATH"]
    rows = [ours(options.stages)]
    for name in options.only.split(","):
        if shutil.which(name):
            print(f"timing {name}", file=sys.stderr)
            rows.append(peer(name, options.stages))
        else:
            print(f"{name} is not installed", file=sys.stderr)
    rows = [row for row in rows if row]
    own = rows[0] if rows and rows[0]["name"] == "cxr-pipeline" else None
    print("| | stages | nothing changed | one experiment changed | dry run | overhead per stage |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        cells = [
            cell(row[key], own[key] if own and row is not own else None)
            for key in ("nothing", "changed", "dry", "overhead")
        ]
        print(f"| {row['name']} | {row['stages']} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
