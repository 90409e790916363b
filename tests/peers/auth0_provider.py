"""Reads the schema of Auth0's Terraform provider out of PyPI `pulumi-auth0`, which is generated from it; prints it as JSON.

Standard input: the types of resources, such as `auth0_client`. The package is only parsed, never imported: it needs neither
Pulumi nor the provider. What it cannot tell: whether a `name` is required, since Pulumi makes one up.
"""

import ast
import json
import os
import re
import sys
from pathlib import Path

PACKAGE = Path(os.environ["TENURE_PEERS"], "python", "pulumi_auth0")
SCALARS = {"str": "string", "int": "number", "float": "number", "bool": "bool"}


def classes(module):
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def maker(kind):
    return next(node for node in kind.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")


def bare(annotation):
    """An annotation without `Input[…]` and `Optional[…]` around it."""
    while isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) in ("pulumi.Input", "Optional"):
        annotation = annotation.slice
    return annotation


def shape(annotation):
    """What a value is: a scalar's kind, a list or map of it, or a block with members of its own."""
    annotation = bare(annotation)
    if isinstance(annotation, ast.Constant):
        return {"kind": "block", "members": members(NESTED[annotation.value])}
    if isinstance(annotation, ast.Attribute) and annotation.attr in SCALARS:
        return {"kind": SCALARS[annotation.attr]}
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) in ("Sequence", "Mapping"):
        is_list = annotation.value.id == "Sequence"
        of = shape(annotation.slice if is_list else annotation.slice.elts[1])
        if of["kind"] == "block":
            return {**of, "many": True}
        return {"kind": "list" if is_list else "map", "of": of["kind"]}
    raise SystemExit(f"{ast.unparse(annotation)} is of no kind that is known")


def words(documentation, name):
    """The words that the documentation of a member allows; none where it names none."""
    said = re.search(rf":param .*\b{name}: .*Possible values(?: are| include)?:? (.*)", documentation or "")
    return re.findall(r"`([^`]+)`", said.group(1)) if said else []


def members(kind):
    init = maker(kind)
    documentation = ast.get_docstring(init)
    given = zip(init.args.kwonlyargs, init.args.kw_defaults)
    return {
        argument.arg: {
            **shape(argument.annotation),
            "required": default is None,
            "words": words(documentation, argument.arg),
        }
        for argument, default in given
    }


def resource(name):
    module = name.removeprefix("auth0_")
    if not (PACKAGE / f"{module}.py").exists():
        return None
    found = classes(module)
    title = next(name for name in found if f"_{name}State" in found)
    takes = members(found[f"{title}Args"])
    gives = members(found[f"_{title}State"])
    return {"takes": takes, "gives": {**gives, "id": {"kind": "string"}}}


NESTED = classes("_inputs")
version = json.loads((PACKAGE / "pulumi-plugin.json").read_text())["version"]
json.dump({"version": version, "resources": {name: resource(name) for name in json.load(sys.stdin)}}, sys.stdout)
