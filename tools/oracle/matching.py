"""Sections 2 and 3 of docs/semantics.md, as section 14 corrects them: patterns, variables, conditions."""

import base64
import binascii
import re
from datetime import datetime, timedelta
from fractions import Fraction
from ipaddress import IPv4Address, IPv6Address

STAR, ANY = object(), object()  # tokens of a pattern; every other token is a character


class Malformed(Exception):
    """A variable that VAR-14 refuses."""


class Number(str):
    """The source text of a JSON number (COND-19)."""


def lower(text):
    """Folds A to Z alone (GEN-6)."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def text_of(value):
    """The text of a JSON scalar (COND-19)."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def listed(value):
    """One value is a list of one (GRAM-7, GRAM-11, GRAM-15)."""
    return value if isinstance(value, list) else [value]


def tokens(text):
    return [{"*": STAR, "?": ANY}.get(c, c) for c in text]


def glob(pattern, subject):
    """Whether the whole subject fits (GLOB-1)."""
    reached = {0}  # how much of the subject the pattern so far may have covered
    for token in pattern:
        if token is STAR:
            reached = set(range(min(reached), len(subject) + 1)) if reached else reached
        else:
            reached = {n + 1 for n in reached if n < len(subject) and token in (ANY, subject[n])}
    return len(subject) in reached


# Variables


def pieces(text, variables):
    """The text cut into ("text", text), ("escape", character) and ("variable", key, default or None)."""
    if not variables:  # VAR-2
        return [("text", text)]
    out, rest = [], text
    while "${" in rest:
        before, rest = rest.split("${", 1)
        if "}" not in rest:
            raise Malformed
        body, rest = rest.split("}", 1)
        out.append(("text", before))
        if body in ("*", "?", "$"):  # VAR-4
            out.append(("escape", body))
            continue
        variable = re.fullmatch(r"([^,'{}$*?]+)(?:, '([^'}]*)')?", body, re.DOTALL)
        if not variable:  # VAR-14
            raise Malformed
        out.append(("variable", *variable.groups()))
    out.append(("text", rest))
    return [piece for piece in out if piece != ("text", "")]


def substitute(parts, context):
    """The tokens of a pattern, or None where a variable has no value (VAR-5 to VAR-10)."""
    out = []
    for kind, text, *default in parts:
        if kind == "text":
            out += tokens(text)
        elif kind == "escape":
            out.append(text)
        else:
            value = context.get(lower(text), default[0])  # VAR-5, VAR-7
            if value is None or isinstance(value, list):  # VAR-9
                return None
            out += list(value)  # VAR-6
    return out


def fields(parts):
    """The pieces of each field: cut at the first five colons outside variables (VAR-12)."""
    out = [[]]
    for part in parts:
        if part[0] != "text":
            out[-1].append(part)
            continue
        for n, bit in enumerate(part[1].split(":", 6 - len(out))):
            if n > 0:
                out.append([])
            if bit:
                out[-1].append(("text", bit))
    return out


# The types of values


def number(text):
    """COND-22."""
    return Fraction(text) if re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", text) else None


DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:[Tt]([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?)?"
)


def date(text):
    """Nanoseconds since the epoch (COND-24 to COND-26)."""
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text) * 10**9
    match = DATE.fullmatch(text)
    if not match:
        return None
    absent = (1, 1, 1, 0, 0, 0)
    parts = [int(part) if part else default for part, default in zip(match.groups()[:6], absent)]
    try:
        seconds = (datetime(*parts) - datetime(1970, 1, 1)) // timedelta(seconds=1)
    except ValueError:
        return None
    fraction, zone = match.group(7) or "0", match.group(8) or "Z"
    if zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 23 or minutes > 59:
            return None
        seconds -= (1 if zone[0] == "+" else -1) * (hours * 3600 + minutes * 60)
    return seconds * 10**9 + int(fraction.ljust(9, "0"))


OCTETS = r"(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}"


def address(text):
    """The bits of the family and the value (COND-30)."""
    last = text.rsplit(":", 1)[-1]
    if "." in last and not re.fullmatch(OCTETS, last) or "%" in text or "/" in text:
        return None
    try:
        return (128, int(IPv6Address(text))) if ":" in text else (32, int(IPv4Address(text)))
    except ValueError:
        return None


def network(text):
    """The bits of the family, the value and the length of the prefix (COND-30)."""
    host, slash, prefix = text.partition("/")
    at = address(host)
    if at is None:
        return None
    if not slash:  # D-45
        return (*at, at[0])
    if not re.fullmatch(r"0|[1-9][0-9]{0,2}", prefix) or int(prefix) > at[0]:
        return None
    return (*at, int(prefix))


def binary(text):
    """The bytes of a canonical base64 text (COND-29)."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


# Operators

POSITIVE = """StringEquals StringEqualsIgnoreCase StringLike NumericEquals NumericLessThan NumericLessThanEquals
    NumericGreaterThan NumericGreaterThanEquals DateEquals DateLessThan DateLessThanEquals DateGreaterThan
    DateGreaterThanEquals Bool BinaryEquals IpAddress ArnEquals ArnLike Null""".split()
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}  # COND-6


def operator(name):
    """Set operator or None, the positive base, whether it is negated, whether it has IfExists (COND-13); None: no operator."""
    prefix, colon, rest = name.rpartition(":")
    if colon and prefix not in ("ForAllValues", "ForAnyValue"):
        return None
    if_exists = rest.endswith("IfExists")
    base = rest[: -len("IfExists")] if if_exists else rest
    negated = base in NEGATED
    base = NEGATED.get(base, base)
    if base not in POSITIVE or base == "Null" and (colon or if_exists):  # COND-8, COND-12
        return None
    return prefix or None, base, negated, if_exists


def ordered(relation, x, v):
    return {
        "Equals": x == v,
        "LessThan": x < v,
        "LessThanEquals": x <= v,
        "GreaterThan": x > v,
        "GreaterThanEquals": x >= v,
    }[relation]


def related(base, v, x, context, variables):
    """The relation of a policy's value v and the context's value x (COND-20)."""
    for family, read in (("Numeric", number), ("Date", date)):
        if base.startswith(family):
            x, v = read(x), read(v)
            return x is not None and v is not None and ordered(base[len(family):], x, v)  # COND-21
    if base == "IpAddress":
        at, net = address(x), network(v)
        if at is None or net is None or at[0] != net[0]:  # COND-31
            return False
        host_bits = net[0] - net[2]
        return at[1] >> host_bits == net[1] >> host_bits  # D-46
    if base == "BinaryEquals":
        return binary(x) is not None and binary(x) == binary(v)
    parts = pieces(v, variables)  # VAR-1
    if base.startswith("Arn"):
        patterns, values = fields(parts), x.split(":", 5)  # COND-32
        if len(patterns) < 6 or len(values) < 6:  # COND-33
            return False
        patterns = [substitute(pattern, context) for pattern in patterns]
        return None not in patterns and all(map(glob, patterns, values))
    pattern = substitute(parts, context)
    if pattern is None:  # VAR-10
        return False
    if base == "StringLike":  # COND-15
        return glob(pattern, x)
    text = "".join({STAR: "*", ANY: "?"}.get(token, token) for token in pattern)  # COND-14
    if base == "StringEquals":
        return text == x
    if base == "StringEqualsIgnoreCase":  # COND-16
        return lower(text) == lower(x)
    return lower(text) in ("true", "false") and lower(text) == lower(x)  # COND-28


def entry(name, key, values, context, variables):
    """One operator on one key (COND-35)."""
    set_operator, base, negated, if_exists = operator(name)
    value = context.get(lower(key))  # COND-4
    if value in ([], [""]):  # COND-9
        value = None
    values = [text_of(v) for v in values]
    if base == "Null":  # COND-12
        return any((lower(v) == "true") == (value is None) for v in values)

    def test(x):  # COND-3, COND-6
        return any(related(base, v, x, context, variables) for v in values) != negated

    if set_operator:  # COND-11
        if value is None and if_exists:  # D-40
            return True
        data = [] if value is None else listed(value)
        return all(map(test, data)) if set_operator == "ForAllValues" else any(map(test, data))
    if value is None:  # COND-7, COND-8
        return if_exists or negated
    return not isinstance(value, list) and test(value)  # COND-10


def condition(statement, context, variables):
    """COND-1, COND-2."""
    return all(
        entry(name, key, listed(values), context, variables)
        for name, block in statement.get("Condition", {}).items()
        for key, values in block.items()
    )


# Actions and resources


def action(pattern, requested):
    """ACT-2."""
    if pattern == "*":
        return True
    service, name = lower(requested).split(":", 1)
    prefix, rest = lower(pattern).split(":", 1)
    return prefix in ("*", service) and glob(tokens(rest), name)


def resource(pattern, requested, context, variables):
    """RES-1, VAR-8."""
    filled = substitute(pieces(pattern, variables), context)
    return filled is not None and glob(filled, requested)
