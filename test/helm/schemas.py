"""Writes the schemas that kubeconform reads: schemas.py FOLDER VERSION …

Those of Kubernetes come from kubernetes-validate, whose files share one file of definitions: here each has what it needs
of it. Those of custom kinds come from FOLDER/crds, and are made strict as the others are.
"""

import glob
import json
import os
import re
import sys

import kubernetes_validate
import yaml

folder, versions = sys.argv[1], sys.argv[2:]
home = os.path.join(os.path.dirname(kubernetes_validate.__file__), "kubernetes-json-schema")


def read(path):
    with open(path) as file:
        return json.loads(file.read().replace("/api/_definitions.json#/$defs/", "#/$defs/"))


def named(schema):
    return set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))


def write(schema, *path):
    with open(os.path.join(folder, *path), "w") as file:
        json.dump(schema, file)


def strict(schema):
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("x-kubernetes-int-or-string"):
        return {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    schema = {key: strict(part) for key, part in schema.items()}
    is_closed = schema.get("type") == "object" and isinstance(schema.get("properties"), dict)
    if is_closed and not schema.get("x-kubernetes-preserve-unknown-fields"):
        schema.setdefault("additionalProperties", False)
    return schema


for version in versions:
    source = os.path.join(home, f"v{version}-local-strict")
    os.mkdir(os.path.join(folder, f"v{version}"))
    definitions = read(os.path.join(source, "_definitions.json"))["$defs"]
    for path in glob.glob(os.path.join(source, "*.json")):
        schema = read(path)
        if not {"apiVersion", "kind"} <= set(schema.get("properties", {})):
            continue
        known, wanted = set(), named(schema)
        while wanted:
            name = wanted.pop()
            known.add(name)
            wanted |= named(definitions[name]) - known
        schema["$defs"] = {name: definitions[name] for name in sorted(known)}
        write(schema, f"v{version}", os.path.basename(path))

os.mkdir(os.path.join(folder, "custom"))
for path in glob.glob(os.path.join(folder, "crds", "*.yaml")):
    with open(path) as file:
        for kind in filter(None, yaml.safe_load_all(file)):
            for version in kind["spec"]["versions"]:
                schema = strict(version["schema"]["openAPIV3Schema"])
                schema["properties"]["metadata"] = {"type": "object"}
                name = f"{kind['spec']['names']['kind'].lower()}_{version['name']}.json"
                write(schema, "custom", name)
