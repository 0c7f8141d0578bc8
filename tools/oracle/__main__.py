"""A third reading of docs/semantics.md, for single decisions and the grammar of policies, written from that text alone.

    python3 tools/oracle                     answers the lines of docs/protocol.md
    python3 tools/oracle corpus/cited …      replays written cases, decisions with their reasons and findings

It is slow and simple on purpose, knows nothing of src/, and is where to look when both readings agree and may still be wrong.
"""

import json
import sys
from pathlib import Path

import grammar
from deciding import Question, Refused, answer, context_of, decision_of
from matching import Number, listed


def type_of_resource_policy(document, requests):
    """A trust policy for `sts` actions on a role; of mixed requests the document shows it, since a trust policy names no resource."""
    questions = [Question({}, {**request, "principal": "*"}, {}) for request in requests]
    on_roles = [q.service == "sts" and q.is_role() for q in questions]
    if all(on_roles) == any(on_roles):
        return "trust" if any(on_roles) else "resource"
    statements = listed(document.get("Statement")) if isinstance(document, dict) else []
    names = [member for s in statements if isinstance(s, dict) for member in s]
    return "resource" if "Resource" in names or "NotResource" in names else "trust"


def first_code(policies, requests):
    """The code of the first document that section 1 refuses, or None."""
    kind = type_of_resource_policy(policies.get("resource"), requests)
    layers = [
        ("identity", policies.get("identity", [])),
        ("boundary", [policies.get("boundary")]),
        ("session", policies.get("session", [])),
        (kind, [policies.get("resource")]),
        ("scp", sum(policies.get("scps", []), [])),
        ("rcp", sum(policies.get("rcps", []), [])),
        ("endpoint", [policies.get("endpoint")]),
    ]
    for kind, documents in layers:
        for document in documents:
            if document is not None:
                text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
                codes = grammar.of_document(document, kind) + grammar.size(text, kind)
                if codes:
                    return codes[0]
    return None


def decisions(policies, requests, exact=None):
    """A decision with its reason, or an error, for each request."""
    code = first_code(policies, requests)
    for request in requests:
        if code:
            yield f"error: {code}", None
            continue
        try:
            reason = answer(policies, request, request.get("exactContext", False) if exact is None else exact)
            yield decision_of(reason), reason
        except Refused as problem:
            yield f"error: {problem}", None


def serve(lines):
    for line in filter(str.strip, lines):
        question = grammar.parse(line)
        name = question["id"] if isinstance(question["id"], Number) else json.dumps(question["id"])
        found = [decision for decision, _ in decisions(question["policies"], question["requests"], exact=True)]
        print(f'{{"id":{name},"decisions":{json.dumps(found)}}}', flush=True)


def replay(paths):
    """Prints what differs, and how many answers were compared; whether all agreed."""
    compared, differing = 0, 0
    files = [file for path in map(Path, paths) for file in ([path] if path.is_file() else sorted(path.rglob("*.json")))]
    for file in files:
        case = grammar.parse(file.read_text(encoding="utf-8"))
        if "findings" in case:
            answers = [(case["findings"], grammar.of_text(case["text"], case["type"]))]
        elif "requests" in case and "assume" not in case:
            found = decisions(case["policies"], case["requests"])
            answers = [
                ((request["expect"], request.get("reason", reason)), (decision, reason))
                for request, (decision, reason) in zip(case["requests"], found)
            ]
        else:  # worlds with steps, and other readings of open points, are not its matter
            continue
        for at, (expected, got) in enumerate(answers):
            compared += 1
            if expected != got:
                differing += 1
                print(f"{file}: request {at}: expected {expected}, found {got}")
    print(f"{compared} answers compared, {differing} differ")
    return compared > 0 and differing == 0


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(0 if replay(sys.argv[1:]) else 1)
    serve(sys.stdin)
