"""Asks an independent validator what it thinks of specs under the schema that `cxr-pipeline schema`
prints, and writes Tests/EndToEndTests/Golden/schema_verdicts.json.

Needs jsonschema and PyYAML. Run it again when the schema or a spec has changed, and look at the
difference it makes: good specs must be valid, wrong ones must not be.
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
from importlib.metadata import version

import jsonschema
import yaml

root = pathlib.Path(__file__).resolve().parents[2]
golden = root / "Tests/EndToEndTests/Golden"


class Loader(yaml.SafeLoader):
    """YAML with the scalars of version 1.2, as the specs have them: `1e-3` is a number, `no` a text."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("null", r"^(~|null|Null|NULL|)$", "~nN\0"),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$", "-+0123456789."),
]:
    # The empty scalar has no first letter.
    letters = [letter if letter != "\0" else "" for letter in first]
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), letters)


def digest(data):
    return hashlib.sha256(data).hexdigest()


program = root / ".build/release/cxr-pipeline"
text = subprocess.run([program, "schema"], check=True, capture_output=True).stdout
schema = json.loads(text)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

verdicts = {}
for path in sorted((root / "experiments").glob("*.yaml")) + sorted((golden / "Specs").glob("*.yaml")):
    data = path.read_bytes()
    errors = sorted(validator.iter_errors(yaml.load(data, Loader)), key=lambda e: e.json_path)
    name = str(path.relative_to(root))
    verdicts[name] = {"sha256": digest(data), "valid": not errors}
    expected = not path.name.startswith("wrong-")
    if (not errors) != expected:
        print(f"{name}: {'valid' if expected is False else errors[0].message[:300]}", file=sys.stderr)

document = {
    "made_by": "scripts/reference/schema.py",
    "jsonschema": version("jsonschema"),
    "pyyaml": version("PyYAML"),
    "schema_sha256": digest(text),
    "verdicts": verdicts,
}
(golden / "schema_verdicts.json").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")
