//! What is no case is refused: each text with the exact message that people get for it.

use iamproof::corpus::read::{Citation, read};
use iamproof::iam::document::Strictness;

/// A text that is no case, and what is said about it.
const REFUSED: &[(&str, &str)] = &[
    ("", "at line 1, column 1: the text ends where a value is expected"),
    ("[]", "at line 1, column 1: expected an object, found an array"),
    (r#"{"because":"x""#, "at line 1, column 15: the text ends where `,` or `}` is expected"),
    (
        r#"{"because":"x","policys":{},"requests":[]}"#,
        "at `/policys` (line 1, column 16): unknown field `policys`; expected one of `because`, `rule`, `source`, `assume`, `policies`, `requests`, `type`, `text`, `findings`, `world`, `steps`",
    ),
    (
        r#"{"because":"x","assume":["D-39=al"],"policies":{},"requests":[]}"#,
        "at `/assume/0` (line 1, column 26): `D-39=al` is no reading of D-39; write one of: D-39=first, D-39=any, D-39=dual",
    ),
    (
        r#"{"because":"x","assume":["D-39=any","D-39=any"],"policies":{},"requests":[]}"#,
        "at `/assume/1` (line 1, column 37): `D-39=any` and `D-39=any` are two readings of one point; assume one of them",
    ),
    (
        r#"{"because":"x","assume":[],"policies":{},"requests":[]}"#,
        "at `/assume` (line 1, column 25): expected a reading such as `D-39=any`, or no `assume` at all",
    ),
    (r#"{"policies":{},"requests":[]}"#, "at line 1, column 1: the field `because` is missing"),
    (
        r#"{"because":" ","policies":{},"requests":[]}"#,
        "at `/because` (line 1, column 12): expected a sentence, found an empty text",
    ),
    (
        r#"{"because":7,"policies":{},"requests":[]}"#,
        "at `/because` (line 1, column 12): expected a string, found a number",
    ),
    (r#"{"because":"x","requests":[]}"#, "at line 1, column 1: the field `policies` is missing"),
    (r#"{"because":"x","policies":{}}"#, "at line 1, column 1: the field `requests` is missing"),
    (
        r#"{"because":"x","policies":{},"requests":[]}"#,
        "at `/requests` (line 1, column 41): a case asks at least one request",
    ),
    (
        r#"{"because":"x","because":"y"}"#,
        "at `/because` (line 1, column 16): `because` comes twice in one object",
    ),
    (
        r#"{"because":"x","policies":{},"requests":{}}"#,
        "at `/requests` (line 1, column 41): expected an array, found an object",
    ),
    (
        r#"{"because":"x","world":{},"steps":[]}"#,
        "at `/world` (line 1, column 24): the field `time` is missing",
    ),
    (
        r#"{"because":"x","type":"identity","text":"{}","findings":[],"policies":{}}"#,
        "at `/policies` (line 1, column 71): a case of the grammar (`type`, `text`, `findings`) has no `policies`",
    ),
    (
        r#"{"because":"x","type":"idenity","text":"","findings":[]}"#,
        "at `/type` (line 1, column 23): expected one of `identity`, `boundary`, `session`, `trust`, `resource`, `endpoint`, `scp`, `rcp`, found `idenity`",
    ),
    (
        r#"{"because":"x","type":"scp","text":"","findings":["V-JASON"]}"#,
        "at `/findings/0` (line 1, column 51): expected a code such as `V-ACTION`, found `V-JASON`",
    ),
    (
        r#"{"because":"x","type":"scp","text":"","findings":["W-NOT-PRINCIPAL"]}"#,
        "at `/findings/0` (line 1, column 51): `W-NOT-PRINCIPAL` is a warning; `findings` lists errors only",
    ),
    (r#"{"because":"x","type":"scp","text":""}"#, "at line 1, column 1: the field `findings` is missing"),
    (
        r#"{"because":"x","rule":"","policies":{},"requests":[]}"#,
        "at `/rule` (line 1, column 23): expected a sentence, found an empty text",
    ),
];

/// Policies, a request without its `expect`, and what is said about the case that they make.
const REFUSED_DECISIONS: &[(&str, &str, &str)] = &[
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","colour":"red""#,
        "at `/requests/0/colour` (line 1, column 148): unknown field `colour`; expected one of `principal`, `role`, `federating`, `credential`, `time`, `expired`, `action`, `resource`, `resourceAccount`, `policyRequired`, `context`, `exactContext`, `expect`, `reason`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","reason":"ALLOW_ALL""#,
        "at `/requests/0/reason` (line 1, column 157): expected a reason such as `ALLOW_IDENTITY`, found `ALLOW_ALL`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","reason":"DENY_PARTITION""#,
        "at `/requests/0/reason` (line 1, column 157): `DENY_PARTITION` belongs to implicit-deny, not to allow",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","Expect":"allow""#,
        "at `/requests/0/Expect` (line 1, column 148): unknown field `Expect`; did you mean `expect`?",
    ),
    (
        "",
        r#""principal":7,"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        r#"at `/requests/0/principal` (line 1, column 55): expected an ARN, `"*"`, or an object with `Service` or `Federated`, found a number"#,
    ),
    (
        "",
        r#""principal":"","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as ``: expected `*` or an ARN with six fields",
    ),
    (
        "",
        r#""principal":"alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `alice`: expected `*` or an ARN with six fields",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:group/admins","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `arn:aws:iam::111122223333:group/admins`: a group makes no requests",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `arn:aws:iam::111122223333:user/`: a name is any text without `/` and `:`, and not empty",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::1111:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `arn:aws:iam::1111:user/alice`: an account id has 12 digits",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `arn:aws:iam::111122223333`: expected `*` or an ARN with six fields",
    ),
    (
        "",
        r#""principal":"111122223333","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `111122223333`: an account makes no requests; its root, users and role sessions do, each by its ARN",
    ),
    (
        "",
        r#""principal":{"Service":"EC2.amazonaws.com"},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal/Service` (line 1, column 66): nobody calls as `EC2.amazonaws.com`: expected a name in small letters that ends with `.amazonaws.com`, such as `ec2.amazonaws.com`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:role/app","role":"arn:aws:iam::111122223333:role/eng/app","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/role` (line 1, column 99): `role` is only for `assumed-role/…`: this principal shows its path itself",
    ),
    // Beside a request on the role, whose trust policy it is.
    (
        r#""resource":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"sts:AssumeRole","resource":"arn:aws:iam::111122223333:role/app","expect":"allow"},{"principal":"arn:aws:iam::111122223333:user/alice","action":"sts:DecodeAuthorizationMessage","resource":"*""#,
        "at `/policies/resource` (line 1, column 39): `resource` is the trust policy of a role, and `sts:DecodeAuthorizationMessage` on `*` asks for something else: a case of its own is for that",
    ),
    (
        "",
        r#""principal":"arn:aws:s3:::bucket","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `arn:aws:s3:::bucket`: expected the ARN of a root, user, role, role session or federated user",
    ),
    (
        "",
        r#""principal":"arn:aws:sts::111122223333:assumed-role/path/app/s","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `arn:aws:sts::111122223333:assumed-role/path/app/s`: expected `assumed-role/Role/Session`, the role without its path",
    ),
    (
        "",
        r#""principal":"arn:aws:sts::111122223333:federated-user/a/b","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): nobody calls as `arn:aws:sts::111122223333:federated-user/a/b`: expected the ARN of a root, user, role, role session or federated user",
    ),
    (
        "",
        r#""principal":{"Service":"*"},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal/Service` (line 1, column 66): nobody calls as `*`: expected a name in small letters that ends with `.amazonaws.com`, such as `ec2.amazonaws.com`",
    ),
    (
        "",
        r#""principal":{"Service":"ec2.amazonaws.com","Federated":"accounts.google.com"},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal` (line 1, column 55): expected exactly one of `Service` and `Federated`",
    ),
    (
        "",
        r#""principal":{"AWS":"111122223333"},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal/AWS` (line 1, column 56): unknown field `AWS`; expected one of `Service`, `Federated`",
    ),
    (
        "",
        r#""principal":{"Federated":"login.example.com"},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/principal/Federated` (line 1, column 68): nobody calls as `login.example.com`: expected the ARN of a SAML or OIDC provider, or a built-in web identity provider",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","role":"arn:aws:iam::111122223333:role/app""#,
        "at `/requests/0/role` (line 1, column 155): `role` is only for a principal that is a role session",
    ),
    (
        "",
        r#""principal":"arn:aws:sts::111122223333:assumed-role/app/s","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","role":"arn:aws:iam::111122223333:role/other""#,
        "at `/requests/0/role` (line 1, column 163): the principal is no session of `arn:aws:iam::111122223333:role/other`",
    ),
    (
        "",
        r#""principal":"arn:aws:sts::111122223333:assumed-role/app/s","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","role":"arn:aws:iam::111122223333:user/app""#,
        "at `/requests/0/role` (line 1, column 163): expected the ARN of a role, found `arn:aws:iam::111122223333:user/app`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","federating":"arn:aws:iam::111122223333:user/bob""#,
        "at `/requests/0/federating` (line 1, column 161): `federating` is only for a principal that is a federated user",
    ),
    (
        "",
        r#""principal":"arn:aws:sts::111122223333:federated-user/carol","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","federating":"arn:aws:iam::444455556666:user/bob""#,
        "at `/requests/0/federating` (line 1, column 171): expected a user of the federated user's account, or its root, found `arn:aws:iam::444455556666:user/bob`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","credential":"mfa""#,
        "at `/requests/0/credential` (line 1, column 161): expected `long-term` or `session-token`, found `mfa`",
    ),
    (
        "",
        r#""principal":"*","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","credential":"session-token""#,
        "at `/requests/0/credential` (line 1, column 126): `credential` is only for a user or a root: others have but one kind",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","expired":"yes""#,
        "at `/requests/0/expired` (line 1, column 158): expected a boolean, found a string",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/action` (line 1, column 103): expected an action such as `s3:GetObject`, found `GetObject`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:Get*","resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/action` (line 1, column 103): expected an action such as `s3:GetObject`, found `s3:Get*`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":["s3:GetObject"],"resource":"arn:aws:s3:::b/k""#,
        "at `/requests/0/action` (line 1, column 103): expected a string, found an array",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"bucket""#,
        "at `/requests/0/resource` (line 1, column 129): expected `*` or an ARN with six fields, found `bucket`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:bucket""#,
        "at `/requests/0/resource` (line 1, column 129): expected `*` or an ARN with six fields, found `arn:aws:s3:bucket`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":"1234""#,
        "at `/requests/0/resourceAccount` (line 1, column 166): expected an account id of 12 digits, found `1234`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":111122223333"#,
        "at `/requests/0/resourceAccount` (line 1, column 166): expected a string, found a number",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","policyRequired":1"#,
        "at `/requests/0/policyRequired` (line 1, column 165): expected a boolean, found a number",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","time":"2024-02-30""#,
        "at `/requests/0/time` (line 1, column 155): expected an instant such as `2024-06-01T12:00:00Z`, found `2024-02-30`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","time":1704067200"#,
        "at `/requests/0/time` (line 1, column 155): expected a string, found a number",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","time":"1704067200""#,
        "at `/requests/0/time` (line 1, column 155): expected an instant such as `2024-06-01T12:00:00Z`, found `1704067200`",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","exactContext":"true""#,
        "at `/requests/0/exactContext` (line 1, column 163): expected a boolean, found a string",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":[]"#,
        "at `/requests/0/context` (line 1, column 158): expected an object, found an array",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"aws:username":null}"#,
        "at `/requests/0/context/aws:username` (line 1, column 174): expected a string, a number, a boolean or an array of these, found null",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"aws:TagKeys":[["a"]]}"#,
        "at `/requests/0/context/aws:TagKeys/0` (line 1, column 174): expected a string, a number or a boolean, found an array",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"aws:username":{"a":1}}"#,
        "at `/requests/0/context/aws:username` (line 1, column 174): expected a string, a number, a boolean or an array of these, found an object",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"aws:UserName":"a","aws:username":"b"}"#,
        "at `/requests/0/context/aws:username` (line 1, column 193): `aws:UserName` and `aws:username` are one context key in two spellings",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"aws:username":"a","aws:username":"b"}"#,
        "at `/requests/0/context/aws:username` (line 1, column 178): `aws:username` comes twice in one object",
    ),
    (
        "",
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"":"b"}"#,
        "at `/requests/0/context/` (line 1, column 162): the name of a context key is empty",
    ),
    (
        r#""identities":[]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/identities` (line 1, column 28): unknown field `identities`; expected one of `identity`, `boundary`, `session`, `resource`, `scps`, `rcps`, `endpoint`",
    ),
    (
        r#""identity":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/identity` (line 1, column 39): expected an array, found an object",
    ),
    (
        r#""identity":["x"]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/identity/0` (line 1, column 40): a policy is an object, found a string (V-JSON)",
    ),
    (
        r#""boundary":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/boundary` (line 1, column 39): a policy is an object, found an array (V-JSON)",
    ),
    (
        r#""session":[]"#,
        r#""principal":"arn:aws:iam::111122223333:role/app","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/session` (line 1, column 38): `session` needs at least one policy; leave it out where none was passed",
    ),
    (
        r#""scps":[]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/scps` (line 1, column 35): `scps` needs at least one level; leave it out where there is none",
    ),
    (
        r#""rcps":[]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/rcps` (line 1, column 35): `rcps` needs at least one level; leave it out where there is none",
    ),
    (
        r#""scps":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/scps/0` (line 1, column 36): expected an array, found an object",
    ),
    (
        r#""scps":{}"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/scps` (line 1, column 35): expected an array, found an object",
    ),
    (
        r#""session":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/session` (line 1, column 38): a user has no session policies; the caller of `/requests/0` is one",
    ),
    (
        r#""boundary":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#""principal":{"Service":"ec2.amazonaws.com"},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/boundary` (line 1, column 39): a service has no permissions boundary; the caller of `/requests/0` is one",
    ),
    (
        r#""identity":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]"#,
        r#""principal":"*","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/identity` (line 1, column 39): an anonymous caller has no identity policies; the caller of `/requests/0` is one",
    ),
    (
        r#""identity":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]"#,
        r#""principal":"arn:aws:iam::111122223333:root","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/identity` (line 1, column 39): the root user has no identity policies; the caller of `/requests/0` is one",
    ),
    (
        r#""session":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}]"#,
        r#""principal":{"Federated":"accounts.google.com"},"action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/session` (line 1, column 38): an unsigned caller has no session policies; the caller of `/requests/0` is one",
    ),
    (
        r#""boundary":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#""principal":"arn:aws:sts::111122223333:federated-user/c","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","federating":"arn:aws:iam::111122223333:root""#,
        "at `/policies/boundary` (line 1, column 39): a federated session of root has no permissions boundary; the caller of `/requests/0` is one",
    ),
    (
        r#""identity":[{"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"*","Resource":"*"}}]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/identity/0/Statement/Effect` (line 1, column 86): unknown effect `allow`; did you mean `Allow`? (V-EFFECT)",
    ),
    (
        r#""identity":[{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["GetObject","x"],"Resource":"*"}}]"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/identity/0/Statement/Action/0` (line 1, column 104): `GetObject` needs the prefix of a service, such as `s3:GetObject`; only `*` may stand alone (V-ACTION), and 1 more in this policy",
    ),
    (
        r#""resource":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/k""#,
        "at `/policies/resource/Statement` (line 1, column 75): `Principal` is missing (V-PRINCIPAL)",
    ),
    (
        r#""resource":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#,
        r#""principal":"arn:aws:iam::111122223333:user/alice","action":"sts:AssumeRole","resource":"arn:aws:iam::111122223333:role/app""#,
        "at `/policies/resource/Statement/Action` (line 1, column 118): a trust policy may only have actions of `sts`, not `*` (V-ACTION), and 1 more in this policy",
    ),
];

/// A text that is no case of `corpus/cited/`.
const REFUSED_CITATIONS: &[(&str, &str)] = &[
    (r#"{"because":"x","policies":{},"requests":[]}"#, "at line 1, column 1: the field `rule` is missing"),
    (
        r#"{"because":"x","rule":"EVAL-3","policies":{},"requests":[]}"#,
        "at line 1, column 1: the field `source` is missing",
    ),
    (
        r#"{"because":"x","rule":"rule 3","source":"y","policies":{},"requests":[]}"#,
        "at `/rule` (line 1, column 23): expected a rule id such as `EVAL-3`, found `rule 3`",
    ),
    (
        r#"{"because":"x","rule":"EVAL-3","source":"","policies":{},"requests":[]}"#,
        "at `/source` (line 1, column 41): expected a sentence, found an empty text",
    ),
];

fn message(text: &str, citation: Citation) -> String {
    match read(text.as_bytes(), citation, Strictness::Strict) {
        Ok(case) => panic!("{text} is a case: {case:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_no_case_is_refused_with_its_place() {
    for (text, expected) in REFUSED {
        assert_eq!(message(text, Citation::Optional), *expected, "{text}");
    }
}

#[test]
fn what_is_no_request_or_policy_is_refused_with_its_place() {
    for (policies, request, expected) in REFUSED_DECISIONS {
        let text = format!(
            r#"{{"because":"x","policies":{{{policies}}},"requests":[{{{request},"expect":"allow"}}]}}"#
        );
        assert_eq!(message(&text, Citation::Optional), *expected, "{text}");
    }
}

#[test]
fn a_cited_case_must_cite() {
    for (text, expected) in REFUSED_CITATIONS {
        assert_eq!(message(text, Citation::Required), *expected, "{text}");
    }
}
