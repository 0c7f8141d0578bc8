"""Section 1 of docs/semantics.md, as section 14 corrects it: the codes of all errors of a document, in the order of GRAM-30."""

import json
import re

from matching import Malformed, Number, binary, date, fields, listed, lower, network, number, operator, pieces, text_of

STATEMENT = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
WITH_PRINCIPAL = ("trust", "resource", "endpoint", "rcp")
BUILT_IN = ("cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com")
LIMITS = {"session": 2048, "scp": 10240, "rcp": 5120, "endpoint": 20480, "trust": 8192}  # GRAM-27


class Members(dict):
    """An object that remembers which of its members were repeated."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.repeated = len(pairs) - len(self)


def refuse(constant):
    raise ValueError(constant)


def parse(text):
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=refuse, object_pairs_hook=Members)


def within(value):
    """The value and everything in it, the names of members included."""
    yield value
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for each in inner:
        yield from within(each)


def is_text(value):
    return isinstance(value, str) and not isinstance(value, Number)


def outside(text):
    """Whether a character is not allowed (GRAM-2)."""
    return any(c not in "\t\n\r" and not "\x20" <= c <= "\xff" for c in text)


def of_text(text, kind):
    """The codes of a document given as text."""
    try:
        document = parse(text)
    except (ValueError, RecursionError):
        return ["V-JSON"]  # GRAM-1
    if not isinstance(document, dict):
        return ["V-JSON"]
    codes = of_document(document, kind)
    if outside(text) and "V-CHARSET" not in codes:
        codes.insert(0, "V-CHARSET")
    return codes + size(text, kind)


def of_document(document, kind):
    """The codes of a document inside another text; its size counts without white space."""
    codes = ["V-CHARSET"] * any(is_text(part) and outside(part) for part in within(document))  # D-4
    codes += ["V-DUPLICATE-KEY"] * sum(part.repeated for part in within(document) if isinstance(part, Members))  # GRAM-3
    for member, value in document.items():
        if member not in ("Version", "Statement", "Id"):  # GRAM-4
            codes.append("V-ELEMENT")
        elif member == "Id" and not (kind in ("resource", "trust", "endpoint") and is_text(value)):  # GRAM-6
            codes.append("V-ELEMENT")
    version = document.get("Version", "2008-10-17")
    legal = ("2012-10-17",) if kind in ("scp", "rcp") else ("2008-10-17", "2012-10-17")
    if not is_text(version) or version not in legal:  # GRAM-5
        codes.append("V-VERSION")
    statements = listed(document.get("Statement"))
    if not statements:  # GRAM-7
        codes.append("V-STATEMENT")
    sids = []
    for each in statements:
        if isinstance(each, dict):
            codes += statement(each, kind, version == "2012-10-17", sids)
        else:
            codes.append("V-STATEMENT")
    return codes


def statement(s, kind, variables, sids):
    codes = ["V-ELEMENT" for member in s if member not in STATEMENT]  # GRAM-8
    if s.get("Effect") not in (("Deny",) if kind == "rcp" else ("Allow", "Deny")):  # GRAM-9, GRAM-24
        codes.append("V-EFFECT")
    if "Sid" in s:
        codes += sid(s["Sid"], kind, sids)
    no_actions = ("NotAction",) if kind in ("trust", "rcp") else ()  # GRAM-21, GRAM-24
    codes += element(s, "Action", "V-ACTION", no_actions, lambda value: action(value, kind))
    if kind == "trust":  # GRAM-21
        codes += ["V-RESOURCE" for member in ("Resource", "NotResource") if member in s]
    else:
        codes += element(s, "Resource", "V-RESOURCE", (), lambda value: resource(value, variables))
    codes += principal(s, kind)
    if "Condition" in s:
        codes += condition(s["Condition"], variables)
    return codes


def sid(value, kind, sids):
    """GRAM-10."""
    if not is_text(value) or kind not in ("resource", "endpoint") and not re.fullmatch(r"[A-Za-z0-9]*", value):
        return ["V-SID"]
    repeated = bool(value) and value in sids
    sids.append(value)
    return ["V-SID"] * repeated


def element(s, name, code, misplaced, check):
    """Exactly one of two elements, with a value or a list of values."""
    present = [member for member in (name, "Not" + name) if member in s]
    if len(present) != 1:
        return [code]
    values = listed(s[present[0]])
    codes = [code] * (present[0] in misplaced) + [code] * (not values)
    for value in values:
        codes += check(value)
    return codes


def action(value, kind):
    """GRAM-11, GRAM-21, GRAM-24."""
    match = is_text(value) and re.fullmatch(r"(?:(\*|[A-Za-z0-9.-]+):[A-Za-z0-9*?_.-]+|\*)", value)
    if not match:
        return ["V-ACTION"]
    prefix = match.group(1) or "*"
    wrong = kind == "trust" and lower(prefix) != "sts" or kind == "rcp" and prefix == "*"
    return ["V-ACTION"] * wrong


def resource(value, variables):
    """GRAM-16, VAR-3, VAR-14."""
    if not is_text(value):
        return ["V-RESOURCE"]
    if value == "*":
        return []
    no_arn = ["V-RESOURCE"] * (not value.startswith("arn:"))
    try:
        parts = pieces(value, variables)
    except Malformed:
        return no_arn + ["V-VARIABLE"]
    if no_arn:
        return no_arn
    cut = fields(parts)
    if any(part[0] != "text" for field in cut[:3] for part in field):
        return ["V-VARIABLE"]
    texts = ["".join(part[1] for part in field) for field in cut[:3]]
    open_end = any(field and field[-1][0] == "text" and field[-1][1].endswith("*") for field in cut[3:])
    legal = (
        len(texts) == 3
        and re.fullmatch(r"[a-z0-9*?-]+", texts[1])
        and re.fullmatch(r"[a-z0-9-]+", texts[2])
        and (len(cut) == 6 or open_end)
    )
    return [] if legal else ["V-RESOURCE"]


def principal_value(member, value, kind):
    """GRAM-13."""
    if not is_text(value) or "${" in value:
        return False
    start, name = r"arn:[a-z0-9-]+:(?:iam|sts)::[0-9]{12}:", r"[^:*?\s/]+"
    path = rf"(?:[^:*?\s]*/)?{name}"
    if member == "AWS":
        forms = [r"\*", r"[0-9]{12}", r"A(?:ID|RO)A[A-Z0-9]+"]
        forms += [start.replace("iam|sts", "iam") + rf"(?:root|(?:user|role)/{path})"]
        forms += [start.replace("iam|sts", "sts") + rf"(?:assumed-role/{name}/{name}|federated-user/{name})"]
    elif member == "Service":
        forms = [r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?"]
    elif member == "Federated":
        forms = [*map(re.escape, BUILT_IN), start.replace("iam|sts", "iam") + rf"(?:saml|oidc)-provider/{path}"]
    else:
        forms = [r"[0-9a-fA-F]{64}"] if kind == "resource" else []
    return any(re.fullmatch(form, value) for form in forms)


def principal(s, kind):
    """GRAM-12, GRAM-14, GRAM-20, GRAM-24."""
    present = [member for member in ("Principal", "NotPrincipal") if member in s]
    if kind not in WITH_PRINCIPAL:
        return ["V-PRINCIPAL"] * len(present)
    if len(present) != 1:
        return ["V-PRINCIPAL"]
    value = s[present[0]]
    misplaced = present[0] == "NotPrincipal" and (kind in ("trust", "rcp") or s.get("Effect") == "Allow")
    codes = ["V-PRINCIPAL"] * misplaced
    if value == "*":
        return codes
    everybody = kind == "rcp" and not misplaced
    if not isinstance(value, dict) or not value or everybody and list(value) != ["AWS"]:
        return codes + ["V-PRINCIPAL"]
    for member, values in value.items():
        known = member in ("AWS", "Service", "Federated", "CanonicalUser")
        if not known or values == []:
            codes.append("V-PRINCIPAL")
            continue
        for each in listed(values):
            legal = each == "*" if everybody else principal_value(member, each, kind)
            codes += ["V-PRINCIPAL"] * (not legal)
    return codes


def condition(block, variables):
    """GRAM-17 to GRAM-19."""
    if not isinstance(block, dict):
        return ["V-CONDITION-VALUE"]
    codes = []
    for name, inner in block.items():
        known = operator(name)
        codes += ["V-OPERATOR"] * (not known)
        if not isinstance(inner, dict):
            codes.append("V-CONDITION-VALUE")
            continue
        seen = []
        for key in inner:
            legal = re.fullmatch(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*:[^\s].*", key, re.DOTALL) and lower(key) not in seen
            codes += ["V-CONDITION-KEY"] * (not legal)
            seen.append(lower(key))
        for values in inner.values():
            codes += ["V-CONDITION-VALUE"] * (values == [])
            for value in listed(values):
                codes += condition_value(known[1] if known else None, value, variables)
    return codes


def condition_value(base, value, variables):
    """GRAM-19; base is None where the operator is unknown."""
    if not isinstance(value, (str, bool)):
        return ["V-CONDITION-VALUE"]
    text = text_of(value)
    if base is None:
        return []
    for family, read in (("Numeric", number), ("Date", date), ("IpAddress", network), ("BinaryEquals", binary)):
        if base.startswith(family):
            return ["V-CONDITION-VALUE"] * (read(text) is None)
    if base == "Null":
        return ["V-CONDITION-VALUE"] * (lower(text) not in ("true", "false"))
    try:
        parts = pieces(text, variables)
    except Malformed:
        return ["V-VARIABLE"]
    constant = all(part[0] == "text" for part in parts)
    return ["V-CONDITION-VALUE"] * (base == "Bool" and constant and lower(text) not in ("true", "false"))


def size(text, kind):
    """GRAM-27, GRAM-28."""
    if kind == "trust":
        text = re.sub(r'("(?:[^"\\]|\\.)*")|[ \t\n\r]+', r"\1", text, flags=re.DOTALL)
    return ["V-SIZE"] * (len(text) > LIMITS.get(kind, len(text)))
