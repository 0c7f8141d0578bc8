"""Sections 2.4 and 4 of docs/semantics.md, as section 14 corrects them: callers, principals, the decision and its reason."""

import re
from datetime import datetime, timedelta

from matching import action, condition, date, listed, lower, resource, text_of


class Refused(Exception):
    """A request that is none, or a layer that its caller cannot have."""


# Callers


class Caller:
    """GEN-12."""

    def __init__(self, request):
        who = request["principal"]
        self.account = self.partition = self.arn = self.role = self.user = self.name = self.provider = None
        self.of_root = False  # a federated session that root made
        if who == "*":
            self.kind = "Anonymous"
        elif isinstance(who, dict) and "Service" in who:
            self.kind, self.name = "Service", who["Service"]
        elif isinstance(who, dict):
            self.provider = who["Federated"]
            self.kind = "Saml" if ":saml-provider/" in self.provider else "Oidc"
        else:
            self.read_arn(who, request)
        self.session_token = request.get("credential") == "session-token"

    def read_arn(self, arn, request):
        _, self.partition, service, _, self.account, rest = arn.split(":", 5)
        form, _, names = rest.partition("/")
        first, last = names.split("/")[0], names.split("/")[-1]
        self.arn, self.kind = arn, {
            ("iam", "root"): "Root",
            ("iam", "user"): "User",
            ("iam", "role"): "RoleSession",
            ("sts", "assumed-role"): "RoleSession",
            ("sts", "federated-user"): "FedSession",
        }[service, form]
        if self.kind == "User":
            self.user, self.name = arn, last
        elif form == "role":
            self.role = arn
            self.arn = f"arn:{self.partition}:sts::{self.account}:assumed-role/{last}/session"
        elif form == "assumed-role":
            self.role = request.get("role") or f"arn:{self.partition}:iam::{self.account}:role/{first}"
        elif self.kind == "FedSession":
            source = request.get("federating")
            self.of_root = bool(source) and source.endswith(":root")
            self.user = None if self.of_root else source

    def has_account(self):
        return self.account is not None

    def has_identity(self):
        return self.kind in ("User", "RoleSession", "FedSession") and not self.of_root

    def is_service_linked(self):
        """GEN-13."""
        return self.role is not None and self.role.split(":", 5)[5].startswith("role/aws-service-role/")


def is_account(value, caller):
    """PRIN-2 with section 14: twelve digits have no partition."""
    return caller.has_account() and value in (caller.account, f"arn:{caller.partition}:iam::{caller.account}:root")


def kinds(principal, caller, of_trust):
    """The kinds of grant that the element has for the caller (PRIN-2)."""
    if principal == "*":
        return {"STAR"}
    found = set()
    by_name = {
        "User": {caller.user: "USER"},
        "RoleSession": {caller.role: "ROLE", caller.arn: "SESSION"},
        "FedSession": {caller.user: "FEDERATING", caller.arn: "FEDUSER"},
    }.get(caller.kind, {})
    for value in listed(principal.get("AWS", [])):
        if value == "*":  # PRIN-3
            found.add("STAR")
        elif is_account(value, caller):
            found.add("ACCOUNT")
        elif value in by_name:
            found.add(by_name[value])
    if caller.kind == "Service" and caller.name in listed(principal.get("Service", [])):
        found.add("SERVICE")
    if of_trust and caller.provider in listed(principal.get("Federated", [])):  # PRIN-12
        found.add("PROVIDER")
    return found


def is_exempt(principal, caller):
    """Whether NotPrincipal lists the caller and its whole chain (PRIN-9)."""
    if principal == "*":
        return True
    aws, services, providers = (listed(principal.get(member, [])) for member in ("AWS", "Service", "Federated"))
    chain = {
        "Root": [],
        "User": [caller.user],
        "RoleSession": [caller.role, caller.arn],
        "FedSession": [caller.arn] if caller.of_root else [caller.arn, caller.user],
    }
    if "*" in aws:
        return True
    if caller.kind in chain:
        return any(is_account(value, caller) for value in aws) and all(link in aws for link in chain[caller.kind])
    return caller.kind == "Service" and caller.name in services or caller.provider in providers


class Question:
    """A request with the policies around it."""

    def __init__(self, policies, request, context):
        self.policies, self.request, self.context = policies, request, context
        self.caller = Caller(request)
        self.action, self.resource = lower(request["action"]), request["resource"]
        self.service = self.action.split(":")[0]

    def matches(self, document, s):
        """M(s, r): a set of kinds where the statement has a Principal, else a truth value."""
        variables = document.get("Version") == "2012-10-17"  # VAR-2

        def some(name, test):
            return any(test(pattern) for pattern in listed(s[name]))

        def on_resource(pattern):
            return resource(pattern, self.resource, self.context, variables)

        def on_action(pattern):
            return action(pattern, self.action)

        if not (some("Action", on_action) if "Action" in s else not some("NotAction", on_action)):  # ACT-4, ACT-5
            return False
        if "Resource" in s and not some("Resource", on_resource):  # RES-7: a trust policy has neither
            return False
        if "NotResource" in s and some("NotResource", on_resource):  # RES-5
            return False
        if not condition(s, self.context, variables):
            return False
        if "NotPrincipal" in s:  # PRIN-10
            return "boundary" in self.policies or not is_exempt(s["NotPrincipal"], self.caller)
        if "Principal" in s:
            return kinds(s["Principal"], self.caller, "Resource" not in s and "NotResource" not in s)
        return True

    def statements(self, documents, effect):
        for document in documents:
            for s in listed(document["Statement"]):
                if s["Effect"] == effect:
                    yield self.matches(document, s)

    def allows(self, documents):
        return any(self.statements(documents, "Allow"))  # EVAL-3

    def denies(self, documents):
        return any(self.statements(documents, "Deny"))  # EVAL-1

    def grants(self, document):
        return set().union(*filter(None, self.statements([document] if document else [], "Allow")))  # EVAL-4

    def owner(self):
        """GEN-8."""
        account = (self.resource.split(":", 5) + [""] * 5)[4]
        return self.request.get("resourceAccount") or (
            account if re.fullmatch(r"[0-9]{12}", account) else self.caller.account
        )

    def is_role(self, path=""):
        return re.match(rf"arn:[^:]*:iam::[^:]*:role/{path}", self.resource) is not None

    def is_required(self):
        """REQUIRED of EVAL-10 (GRAM-26)."""
        is_key = re.match(r"arn:[^:]*:kms:[^:]*:[^:]*:key/", self.resource)
        return bool(
            self.service == "sts" and self.is_role() or self.service == "kms" and is_key or self.request.get("policyRequired")
        )


# Credentials

COMPANIONS = ("sts:tagsession", "sts:setsourceidentity")
UNSIGNED = {"Saml": "sts:assumerolewithsaml", "Oidc": "sts:assumerolewithwebidentity"}


def refusal(q):
    """What is refused before any policy is read (EVAL-6)."""
    caller = q.caller
    if q.request.get("expired"):
        return "DENY_EXPIRED_CREDENTIALS"
    if caller.kind == "Anonymous":
        return None if q.service in ("s3", "sqs", "sns") else "DENY_NOT_AUTHENTICATED"
    if caller.kind in UNSIGNED and q.action == "sts:getcalleridentity":  # STS-50
        return "DENY_NOT_AUTHENTICATED"
    if caller.kind == "Root" and q.action == "sts:assumerole":  # STS-12
        return "DENY_ROOT_CANNOT_ASSUME"
    return "DENY_CREDENTIAL_RESTRICTION" if is_restricted(q) else None


def is_restricted(q):
    caller, issuing = q.caller, ("sts:getsessiontoken", "sts:getfederationtoken")
    if caller.kind in UNSIGNED:  # section 14
        return q.action not in (UNSIGNED[caller.kind], *COMPANIONS)
    if q.action in UNSIGNED.values() or caller.kind in ("Service", "RoleSession") and q.action in issuing:  # STS-1
        return True
    is_operation_of_iam = q.service == "iam" and q.action != "iam:passrole"
    if caller.kind == "FedSession":  # STS-45
        return is_operation_of_iam or q.service == "sts" and q.action != "sts:getcalleridentity"
    if caller.session_token:  # STS-42
        has_mfa = q.context.get("aws:multifactorauthpresent") == "true"
        calls = ("sts:assumerole", "sts:getcalleridentity", *COMPANIONS)
        return is_operation_of_iam and not has_mfa or q.service == "sts" and q.action not in calls
    return False


# The decision

RCP_SERVICES = """aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch
    cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend
    comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms
    gamelift health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch
    pca-connector-ad personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin
    sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray""".split()


def check_layers(q):
    """corpus/README.md: what hangs on a principal must be able to."""
    caller, given = q.caller, q.policies
    if (given.get("identity") or "boundary" in given) and not caller.has_identity():
        raise Refused("identity policies or a boundary for a caller that has none")
    if "session" in given and caller.kind not in ("RoleSession", "FedSession"):
        raise Refused("session policies for a caller that has none")


def ceilings(q):
    """The levels of SCPs and of RCPs that apply; None where none do (EVAL-8, EVAL-22, EVAL-23, D-99)."""
    linked = q.caller.is_service_linked()
    scps = q.policies.get("scps") if q.caller.has_account() and not linked else None
    assumes_linked = q.service == "sts" and q.is_role("aws-service-role/")
    spared = linked or assumes_linked or q.resource == "*" or q.action == "kms:retiregrant"
    return scps, q.policies.get("rcps") if q.service in RCP_SERVICES and not spared else None


def decide(q):
    """The reason of the decision (EVAL-26, EVAL-30)."""
    check_layers(q)
    refused = refusal(q)
    if refused:
        return refused
    if q.action in ("sts:getcalleridentity", "sts:getsessiontoken"):
        return "ALLOW_NO_PERMISSION_REQUIRED"
    if q.caller.partition and q.resource != "*" and q.resource.split(":")[1] != q.caller.partition:  # EVAL-9
        return "DENY_PARTITION"
    scps, rcps = ceilings(q)
    one = {name: [q.policies[name]] if name in q.policies else [] for name in ("endpoint", "resource", "boundary")}
    for name, documents in (
        ("SCP", sum(scps or [], [])),
        ("RCP", sum(rcps or [], [])),
        ("VPCE", one["endpoint"]),
        ("RESOURCE", one["resource"]),
        ("IDENTITY", q.policies.get("identity", [])),
        ("BOUNDARY", one["boundary"]),
        ("SESSION", q.policies.get("session", [])),
    ):
        if q.denies(documents):
            return "DENY_EXPLICIT_" + name
    # The RCPs of every level allow: AWS's own one is always attached (EVAL-22).
    if scps is not None and not all(map(q.allows, scps)):  # EVAL-21
        return "DENY_IMPLICIT_SCP"
    if one["endpoint"] and not q.grants(one["endpoint"][0]):  # EVAL-24
        return "DENY_IMPLICIT_VPCE"
    return lanes(q, q.grants(q.policies.get("resource")))


def lanes(q, grants):
    """EVAL-10 to EVAL-19, in the order of EVAL-26."""
    caller, boundary, session = q.caller, q.policies.get("boundary"), q.policies.get("session")
    for name, entry, reason in (("Anonymous", "STAR", "ANONYMOUS"), ("Service", "SERVICE", "SERVICE"), *(
        (kind, "PROVIDER", "FEDERATED") for kind in UNSIGNED
    )):
        if caller.kind == name:
            return "ALLOW_" + reason if grants & {entry, "STAR"} else "DENY_IMPLICIT_RESOURCE"
    i = not caller.has_identity() or q.allows(q.policies.get("identity", []))
    b = boundary is None or q.allows([boundary])
    s = caller.kind != "FedSession" if session is None else q.allows(session)  # EVAL-14
    direct, entity = grants & {"STAR", "USER", "SESSION", "FEDUSER"}, grants & {"ROLE", "FEDERATING"}
    account, required = "ACCOUNT" in grants, q.is_required()
    if caller.account == q.owner():
        if caller.kind == "Root":  # EVAL-15
            return "ALLOW_ROOT" if not required or account or direct else "DENY_IMPLICIT_RESOURCE"
        if direct:
            return "ALLOW_RESOURCE_DIRECT"
        if not required and i and b and s:
            return "ALLOW_IDENTITY"
        if entity and b and s:
            return "ALLOW_RESOURCE_VIA_ENTITY"
        if required and account and i and b and s:
            return "ALLOW_ACCOUNT_DELEGATION"
        if required and not (entity or account):
            return "DENY_IMPLICIT_RESOURCE"
        if not i and not entity:
            return "DENY_IMPLICIT_IDENTITY"
    else:  # EVAL-17
        if not grants:
            return "DENY_IMPLICIT_RESOURCE"
        if i and b and s:
            return "ALLOW_CROSS_ACCOUNT"
        if not i:
            return "DENY_IMPLICIT_IDENTITY"
    if not b:
        return "DENY_IMPLICIT_BOUNDARY"
    return "DENY_IMPLICIT_NO_SESSION_POLICY" if caller.kind == "FedSession" and session is None else "DENY_IMPLICIT_SESSION"


def decision_of(reason):
    if reason.startswith("ALLOW"):
        return "allow"
    return "explicit-deny" if reason.startswith("DENY_EXPLICIT") else "implicit-deny"


# The context


def context_of(request):
    context = {}
    for key, value in request.get("context", {}).items():
        if lower(key) in context:
            raise Refused(f"the key {key} twice")
        context[lower(key)] = [text_of(each) for each in value] if isinstance(value, list) else text_of(value)
    return context


def filled(q):
    """The keys that a case need not spell out (corpus/README.md)."""
    caller, given = q.caller, q.request.get("context", {})
    kind = {"Root": "Account", "RoleSession": "AssumedRole", "FedSession": "FederatedUser"}.get(caller.kind, caller.kind)
    found = {"aws:ResourceAccount": q.owner()}
    if caller.has_account():
        found["aws:PrincipalArn"] = caller.role or caller.arn
    if caller.has_account() or caller.kind == "Anonymous":
        found |= {"aws:PrincipalAccount": caller.account or "anonymous", "aws:PrincipalType": kind}
    if caller.has_account() or caller.kind == "Service":
        found["aws:PrincipalIsAWSService"] = text_of(caller.kind == "Service")
    if caller.kind == "Service":
        found |= {"aws:PrincipalServiceName": caller.name, "aws:PrincipalServiceNamesList": [caller.name]}
    if caller.kind == "User":
        found["aws:username"] = caller.name
    if caller.kind == "RoleSession":
        found["aws:MultiFactorAuthPresent"] = "false"
    via = q.context.get("aws:calledvia")
    if isinstance(via, list) and via:
        found |= {"aws:CalledViaFirst": via[0], "aws:CalledViaLast": via[-1]}
    tags = [key.split("/", 1)[1] for key in given if lower(key).startswith("aws:requesttag/")]
    if tags:
        found["aws:TagKeys"] = tags
    if "time" in q.request:
        found |= times(date(q.request["time"]))
    return {lower(key): value for key, value in found.items() if value is not None}


def times(instant):
    """COND-27."""
    seconds, fraction = divmod(instant, 10**9)
    at = (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat()
    digits = f"{fraction:09}".rstrip("0")
    return {"aws:CurrentTime": f"{at}.{digits}Z" if digits else f"{at}Z", "aws:EpochTime": str(seconds)}


def answer(policies, request, exact):
    """The reason of the decision on a request; `exact`: nothing is filled into its context."""
    name = r"[A-Za-z0-9.-]+:[A-Za-z0-9_.-]+"
    if not re.fullmatch(name, request["action"]):
        raise Refused("no action")
    if request["resource"] != "*" and not re.match(r"arn(:[^:]*){4}:", request["resource"]):
        raise Refused("no resource")
    q = Question(policies, request, context_of(request))
    if not exact:
        q.context = filled(q) | q.context
    return decide(q)
