"""Asks an independent validator what it thinks of the documents in Tests/StagesTests/Golden, which are
those that stages write, under the schemas in docs/schemas, and of copies with one thing wrong in each;
writes Tests/StagesTests/Golden/document_verdicts.json.

Needs jsonschema. Run it again when a schema or a document has changed: every document must be valid and
no copy may be.
"""

import copy
import hashlib
import json
import pathlib
import sys
from importlib.metadata import version

import jsonschema

root = pathlib.Path(__file__).resolve().parents[2]
golden = root / "Tests/StagesTests/Golden"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def first(records, key):
    """The first record that has a key."""
    return next(record for record in records if key in record)


def estimate(document, key):
    return first(document["metrics"].values(), key)


# What no document may say, by the place where it is said.
wrong = {
    "metrics": {
        "a unit that is none": lambda d: d.update(per="pixel"),
        "no metrics": lambda d: d.pop("metrics"),
        "an unknown key": lambda d: d.update(extra=1),
        "a metric of training": lambda d: d["metrics"].update({"train.auroc": {"value": 1}}),
        "a value and a reason": lambda d: estimate(d, "value").update(undefined="0 positives"),
        "neither value nor reason": lambda d: estimate(d, "value").clear(),
        "half an interval": lambda d: estimate(d, "low").pop("high"),
        "a value that is a text": lambda d: estimate(d, "value").update(value="0.5"),
        "a threshold without a rule": lambda d: d["thresholds"][0].pop("rule"),
        "an error below 0": lambda d: first(d["delong"], "low").update(standard_error=-1),
        "an interval of another kind": lambda d: d["bootstrap"].update(interval="studentized"),
        "no patients": lambda d: d["subsets"]["test"].pop("patients"),
    },
    "fairness": {
        "a p-value above 1": lambda d: first(d["gaps"], "p_value").update(p_value=1.5),
        "a p-value of 0": lambda d: first(d["gaps"], "p_value").update(p_value=0),
        "a group without a name": lambda d: d["groups"][0].pop("group"),
        "a count below 0": lambda d: d["groups"][0].update(positives=-1),
        "a threshold and a reason": lambda d: first(d["thresholds"], "threshold").update(undefined="none"),
        "a rule that is a text": lambda d: d["privileged"][0].update(breaks_four_fifths_rule="yes"),
        "a gap between nobody": lambda d: first(d["gaps"], "lowest").pop("highest"),
        "a subset that is none": lambda d: d["gaps"][0].update(subset="train"),
    },
    "summary": {
        "no seeds": lambda d: d.update(seeds=0),
        "a verdict that is none": lambda d: d["shortcut"].update(verdict="significant"),
        "half an interval": lambda d: d["shortcut"].pop("low"),
        "no word about thresholds": lambda d: d.pop("threshold_on_test"),
        "no word about the cases": lambda d: d["subsets"]["test"].pop("cases"),
    },
}

verdicts = {}
failed = False
for name, changes in wrong.items():
    schema_path = root / f"docs/schemas/{name}.schema.json"
    schema = json.loads(schema_path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    path = golden / f"{name}.json"
    document = json.loads(path.read_text())
    errors = list(validator.iter_errors(document))
    refused = {}
    for title, change in changes.items():
        other = copy.deepcopy(document)
        change(other)
        refused[title] = not validator.is_valid(other)
    for message in [error.message[:300] for error in errors] + [t for t, no in refused.items() if not no]:
        print(f"{name}: {message}", file=sys.stderr)
        failed = True
    verdicts[name] = {
        "schema_sha256": digest(schema_path),
        "document_sha256": digest(path),
        "valid": not errors,
        "refused": refused,
    }

result = {
    "made_by": "scripts/reference/documents.py",
    "jsonschema": version("jsonschema"),
    "verdicts": verdicts,
}
(golden / "document_verdicts.json").write_text(json.dumps(result, indent=2, sort_keys=True) + "\n")
sys.exit(failed)
