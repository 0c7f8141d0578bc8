#!/usr/bin/env python3
"""moto's IAM authorization behind iamproof's protocol for evaluators (docs/protocol.md): JSON Lines in, JSON Lines out.

moto is a mock of AWS. When its authorization is switched on (`moto.core.set_initial_no_auth_action_count`), each call to the mock is decided by
`moto.iam.access_control`: all documents of the caller one by one, each by `IAMPolicy.is_action_permitted`, a denial by any one first. This adapter asks
that class, and puts the answers together exactly as `IAMRequestBase.check_action_permitted` does; it decides nothing by itself.

What moto has no place for is answered `unsupported`: boundaries, session policies, SCPs, RCPs and endpoint policies; callers other than users and
role sessions; credentials that are session tokens or expired; resource policies, and what must have one (roles that are
assumed, KMS keys); and a resource of another account. Conditions in identity policies are asked without any context, as moto does it
("TODO add support for the Resource and Condition parts of IAM policies"): a statement with a Condition is `unsupported` here.
"""

import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult

LAYERS = {"boundary", "session", "scps", "rcps", "endpoint"}


def statements(policy):
    listed = policy["Statement"]
    return listed if isinstance(listed, list) else [listed]


def can_express(policies, request):
    """Whether moto has a place for everything in the question."""
    principal = request["principal"]
    if LAYERS & policies.keys() or "resource" in policies:
        return False
    if not isinstance(principal, str) or not (":user/" in principal or ":assumed-role/" in principal or ":role/" in principal):
        return False
    if request.get("credential") == "session-token" or request.get("expired") or request.get("policyRequired"):
        return False
    service = request["action"].split(":")[0].lower()
    if service == "sts" and ":role/" in request["resource"] or service == "kms" and ":key/" in request["resource"]:
        return False
    account = principal.split(":")[4]
    owner = request.get("resourceAccount") or next(iter(request["resource"].split(":")[4:5]), "") or account
    if owner != account:
        return False
    return all("Condition" not in statement for policy in policies.get("identity", []) for statement in statements(policy))


def decide(policies, request):
    if not can_express(policies, request):
        return "unsupported"
    if request["action"] == "sts:GetCallerIdentity":
        return "allow"
    permitted = False
    for policy in policies.get("identity", []):
        result = IAMPolicy(json.dumps(policy)).is_action_permitted(request["action"], request["resource"])
        if result == PermissionResult.DENIED:
            return "deny"
        permitted = permitted or result == PermissionResult.PERMITTED
    return "allow" if permitted else "deny"


def main():
    for line in sys.stdin:
        if not line.strip():
            continue
        question = json.loads(line)
        decisions = []
        for request in question["requests"]:
            try:
                decisions.append(decide(question["policies"], request))
            except Exception as error:  # what moto raises is its answer
                decisions.append(f"error: {type(error).__name__}: {error}")
        print(json.dumps({"id": question["id"], "decisions": decisions}), flush=True)


if __name__ == "__main__":
    main()
