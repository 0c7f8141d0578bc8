"""The adapter without moto: a class in its place says what it was asked. `python3 -m unittest discover adapters/moto`."""

import contextlib
import enum
import io
import json
import sys
import types
import unittest
from pathlib import Path

ASKED = []


class PermissionResult(enum.Enum):
    PERMITTED = 1
    DENIED = 2
    NEUTRAL = 3


class IAMPolicy:
    """Says what the Sid of a policy's statement says."""

    def __init__(self, document):
        self.sid = json.loads(document)["Statement"]["Sid"]

    def is_action_permitted(self, action, resource):
        ASKED.append((self.sid, action, resource))
        if self.sid == "Raises":
            raise ValueError("no")
        return PermissionResult[self.sid.upper()]


access_control = types.ModuleType("moto.iam.access_control")
access_control.IAMPolicy, access_control.PermissionResult = IAMPolicy, PermissionResult
sys.modules |= {"moto": types.ModuleType("moto"), "moto.iam": types.ModuleType("moto.iam"), "moto.iam.access_control": access_control}
sys.path.insert(0, str(Path(__file__).parent))
import adapter  # noqa: E402

ALICE = "arn:aws:iam::111122223333:user/alice"


def policy(sid, **more):
    return {"Version": "2012-10-17", "Statement": {"Sid": sid, "Effect": "Allow", "Action": "*", "Resource": "*", **more}}


def request(**more):
    return {"principal": ALICE, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "context": {}, **more}


def answered(text):
    """What the adapter prints for what it reads."""
    output = io.StringIO()
    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        with contextlib.redirect_stdout(output):
            adapter.main()
    finally:
        sys.stdin = before
    return [json.loads(line) for line in output.getvalue().splitlines()]


def decisions(policies, *requests):
    [answer] = answered(json.dumps({"id": 7, "policies": policies, "requests": requests}))
    assert answer["id"] == 7
    return answer["decisions"]


class Adapter(unittest.TestCase):
    def setUp(self):
        ASKED.clear()

    def test_each_document_is_asked_about_the_action_and_the_resource(self):
        self.assertEqual(decisions({"identity": [policy("Neutral"), policy("Permitted")]}, request()), ["allow"])
        self.assertEqual(ASKED, [(sid, "s3:GetObject", "arn:aws:s3:::b/k") for sid in ("Neutral", "Permitted")])

    def test_a_denial_by_any_document_comes_first(self):
        self.assertEqual(decisions({"identity": [policy("Permitted"), policy("Denied")]}, request()), ["deny"])

    def test_no_document_is_a_denial(self):
        self.assertEqual(decisions({}, request()), ["deny"])

    def test_what_moto_raises_is_an_answer_and_the_next_request_is_decided(self):
        answers = decisions({"identity": [policy("Raises")]}, request(), request(action="sts:GetCallerIdentity"))
        self.assertEqual(answers, ["error: ValueError: no", "allow"])

    def test_what_moto_has_no_place_for_is_not_asked(self):
        documents = {"identity": [policy("Permitted")]}
        for more in (
            {"principal": {"Service": "ec2.amazonaws.com"}},
            {"principal": "*"},
            {"expired": True},
            {"credential": "session-token"},
            {"policyRequired": True},
            {"resourceAccount": "444455556666"},
            {"action": "sts:AssumeRole", "resource": "arn:aws:iam::111122223333:role/r"},
            {"action": "kms:Decrypt", "resource": "arn:aws:kms:eu-west-1:111122223333:key/k"},
        ):
            with self.subTest(more=more):
                self.assertEqual(decisions(documents, request(**more)), ["unsupported"])
        for layer in ("boundary", "session", "scps", "rcps", "endpoint", "resource"):
            with self.subTest(layer=layer):
                self.assertEqual(decisions({**documents, layer: policy("Permitted")}, request()), ["unsupported"])
        conditional = policy("Permitted", Condition={"Bool": {"aws:SecureTransport": "true"}})
        self.assertEqual(decisions({"identity": [conditional]}, request()), ["unsupported"])
        self.assertEqual(ASKED, [])

    def test_an_empty_line_is_passed_over_and_one_that_is_no_json_ends_the_program(self):
        self.assertEqual(answered("\n"), [])
        with self.assertRaises(json.JSONDecodeError):
            answered("allow?\n")


if __name__ == "__main__":
    unittest.main()
