//! Cases with a world and steps that cannot be used: each names the place, and says what was expected there.

use iamproof::corpus::read::{Citation, read};
use iamproof::iam::document::Strictness;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}"#;

/// The message, with its place, of a case with this world and these steps.
fn error(world: &str, steps: &str) -> String {
    let world = world.replace("TRUST", TRUST);
    let text = format!(
        r#"{{"because":"x","world":{{"time":"2024-06-01T12:00:00Z","accounts":{{"111122223333":{{"users":{{"alice":{{}}}}}}}}{world}}},"steps":[{steps}]}}"#
    );
    match read(text.as_bytes(), Citation::Optional, Strictness::Strict) {
        Ok(_) => panic!("it reads: {text}"),
        Err(error) => error.to_string(),
    }
}

const WHO: &str = r#""action":"sts:GetCallerIdentity","expect":"allow""#;

fn alice(rest: &str) -> String {
    format!(r#"{{"principal":"arn:aws:iam::111122223333:user/alice",{rest}}}"#)
}

/// Steps, the pointer of the mistake, and a part of the message.
fn check_step(steps: &str, pointer: &str, message: &str) {
    let error = error("", steps);
    assert!(error.contains(&format!("`{pointer}` (line 1, column ")), "{error}");
    assert!(error.contains(message), "{error}");
}

#[test]
fn times_that_run_backwards_are_refused() {
    let step = alice(&format!(r#""time":"2024-06-01T11:59:59Z",{WHO}"#));
    check_step(&step, "/steps/0/time", "time runs backwards");
    let end = alice(&format!(r#""after":999999999999,{WHO}"#));
    check_step(&end, "/steps/0/after", "beyond the year 9999");
}

#[test]
fn credentials_come_from_somewhere() {
    check_step(&format!("{{{WHO}}}"), "/steps/0", "exactly one of `principal`, `session` and `token`");
    check_step(
        &format!(r#"{{"session":"other",{WHO}}}"#),
        "/steps/0/session",
        "no earlier step issues a session",
    );
    let role = format!(r#"{{"principal":"arn:aws:iam::111122223333:role/r",{WHO}}}"#);
    check_step(&role, "/steps/0/principal", "a session is named by `session`");
    let refused = format!(
        r#"{},{{"session":"s",{WHO}}}"#,
        alice(r#""as":"s","action":"sts:GetSessionToken","expect":"ValidationError""#)
    );
    check_step(&refused, "/steps/1/session", "no earlier step issues a session");
    let keyed = format!(r#"{{"principal":{{"Service":"ec2.amazonaws.com"}},"accessKey":"AKIA1",{WHO}}}"#);
    check_step(&keyed, "/steps/0/accessKey", "only a user or root has access keys");
}

#[test]
fn a_step_cannot_answer_what_it_does_not() {
    let result = alice(r#""action":"sts:GetCallerIdentity","expect":"allow","result":{"VersionId":"v1"}"#);
    check_step(&result, "/steps/0/result/VersionId", "unknown field `VersionId`");
    let refused = alice(r#""action":"sts:GetCallerIdentity","expect":"AccessDenied","result":{"Arn":"x"}"#);
    check_step(&refused, "/steps/0/result", "a step that is refused has no `result`");
    let reason = alice(r#""action":"sts:GetCallerIdentity","expect":"allow","reason":"DENY_PARTITION""#);
    check_step(&reason, "/steps/0/reason", "does not go with allow");
    let code = alice(r#""action":"sts:GetCallerIdentity","expect":"Denied""#);
    check_step(&code, "/steps/0/expect", "expected `allow`");
    let name = alice(r#""as":"me","action":"sts:GetCallerIdentity","expect":"allow""#);
    check_step(&name, "/steps/0/as", "issues nothing that could be named");
}

#[test]
fn parameters_belong_to_their_operation() {
    let unknown = alice(r#""action":"sts:GetSessionToken","parameters":{"Duration":1},"expect":"allow""#);
    check_step(&unknown, "/steps/0/parameters/Duration", "unknown field `Duration`");
    let missing = alice(r#""action":"sts:AssumeRole","parameters":{"RoleArn":"x"},"expect":"allow""#);
    check_step(&missing, "/steps/0/parameters", "the field `RoleSessionName` is missing");
    let text =
        alice(r#""action":"sts:GetSessionToken","parameters":{"DurationSeconds":"1"},"expect":"allow""#);
    check_step(&text, "/steps/0/parameters/DurationSeconds", "expected a number");
    let half =
        alice(r#""action":"sts:GetSessionToken","parameters":{"DurationSeconds":1.5},"expect":"allow""#);
    check_step(&half, "/steps/0/parameters/DurationSeconds", "expected a whole number");
    let cased = alice(r#""action":"sts:assumerole","resource":"*","expect":"allow""#);
    check_step(&cased, "/steps/0/action", "is spelled `sts:AssumeRole`");
    let event = r#"{"event":"waiting","expect":"allow"}"#;
    check_step(event, "/steps/0/event", "unknown event `waiting`");
}

/// A part of the world, the pointer of the mistake, and a part of the message.
fn check_world(world: &str, pointer: &str, message: &str) {
    let error = error(world, &alice(WHO));
    assert!(error.contains(&format!("`{pointer}` (line 1, column ")), "{error}");
    assert!(error.contains(message), "{error}");
}

#[test]
fn references_lead_somewhere() {
    check_world(
        r#","resources":{"arn:aws:s3:::b":{"account":"444455556666"}}"#,
        "/world/resources/arn:aws:s3:::b/account",
        "the world has no account `444455556666`",
    );
    check_world(
        r#","endpoints":{"vpce-1":{"account":"444455556666"}}"#,
        "/world/endpoints/vpce-1/account",
        "the world has no account `444455556666`",
    );
    check_world(
        r#","organizations":{"o-x":{"management":"111122223333","root":{"id":"r-x"}}}"#,
        "/world/organizations/o-x/management",
        "is not in it",
    );
    check_world(r#","profil":"aws""#, "/world/profil", "did you mean `profile`?");
    check_world(r#","profile":"loose""#, "/world/profile", "expected `strict` or `aws`");
}

/// The same for what stands in the account itself.
fn check_account(account: &str, pointer: &str, message: &str) {
    let account = account.replace("TRUST", TRUST);
    let text = format!(
        r#"{{"because":"x","world":{{"time":"2024-06-01T12:00:00Z","accounts":{{"111122223333":{{{account}}}}}}},"steps":[{{"event":"wait","expect":"allow"}}]}}"#
    );
    let error = match read(text.as_bytes(), Citation::Optional, Strictness::Strict) {
        Ok(_) => panic!("it reads: {text}"),
        Err(error) => error.to_string(),
    };
    assert!(error.contains(&format!("`/world/accounts/111122223333{pointer}` (line 1, column ")), "{error}");
    assert!(error.contains(message), "{error}");
}

#[test]
fn accounts_hold_together() {
    check_account(
        r#""users":{"a":{"attached":["arn:aws:iam::111122223333:policy/p"]}}"#,
        "/users/a/attached",
        "there is no policy",
    );
    check_account(r#""users":{"a":{"groups":["g"]}}"#, "/users/a/groups", "the account has no group `g`");
    check_account(
        r#""users":{"a":{"boundary":"arn:aws:iam::aws:policy/P"}}"#,
        "/users/a/boundary",
        "there is no policy",
    );
    check_account(r#""users":{"a":{},"A":{}}"#, "/users/A", "upper and lower case only");
    check_account(r#""users":{"a b":{}}"#, "/users/a b", "is no name");
    check_account(r#""users":{"a":{"id":"AROA1"}}"#, "/users/a/id", "begins with `AIDA`");
    check_account(r#""instanceProfiles":{"p":{"role":"r"}}"#, "/instanceProfiles/p/role", "no role `r`");
    check_account(
        r#""roles":{"r":{"trust":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/gone"},"Action":"sts:AssumeRole"}]}}}"#,
        "/roles/r/trust",
        "there is no `arn:aws:iam::111122223333:user/gone`",
    );
    check_account(
        r#""roles":{"r":{"trust":TRUST,"maxSessionDuration":60}}"#,
        "/roles/r/maxSessionDuration",
        "3600 to 43200",
    );
    check_account(
        r#""policies":{"p":{"versions":{"v1":TRUST},"default":"v2"}}"#,
        "/policies/p/versions/v1/Statement/0",
        "`Resource`",
    );
    check_account(r#""policies":{"p":{"versions":{}}}"#, "/policies/p", "`default`");
}

#[test]
fn ids_and_devices_belong_to_one() {
    let twice = r#""users":{"a":{"id":"AIDA1"},"b":{"id":"AIDA1"}}"#;
    check_account(twice, "/users/b/id", "another one's already");
    let device = r#""users":{"a":{"mfaDevices":{"123456789":[]}},"b":{"mfaDevices":{"123456789":[]}}}"#;
    check_account(device, "/users/b/mfaDevices", "another one's already");
}

#[test]
fn devices_and_providers_are_what_calls_can_name() {
    check_account(r#""mfaDevices":{"1":["111111"]}"#, "/mfaDevices/1", "9 to 256");
    check_account(r#""mfaDevices":{"123456789":["11111"]}"#, "/mfaDevices/123456789/0", "six digits");
    let twice = r#""mfaDevices":{"123456789":["111111","111111"]}"#;
    check_account(twice, "/mfaDevices/123456789/1", "twice");
    let never = r#""mfaDevices":{"123456789":[{"code":"111111","from":"2024-06-01T13:00:00Z","until":"2024-06-01T13:00:00Z"}]}"#;
    check_account(never, "/mfaDevices/123456789/0", "never shown");
    check_account(r#""samlProviders":["a/b"]"#, "/samlProviders", "SAML provider's name");
    check_account(
        r#""oidcProviders":{"https://x.com":[]}"#,
        "/oidcProviders/https:~1~1x.com",
        "without `https://`",
    );
}

#[test]
fn what_providers_sign_is_theirs_to_say() {
    let assertion = |name: &str, rest: &str| {
        format!(
            r#","assertions":{{"{name}":{{"provider":"arn:aws:iam::111122223333:saml-provider/AD","roles":[]{rest}}}}}"#
        )
    };
    check_world(&assertion("abc", ""), "/world/assertions/abc", "4 to 100000 characters");
    let username = assertion("text", r#","context":{"aws:username":"x"}"#);
    check_world(&username, "/world/assertions/text/context", "no key that the provider saml chooses");
    let named = r#","assertions":{"text":{"provider":"AD","roles":[]}}"#;
    check_world(named, "/world/assertions/text/provider", "the ARN of a SAML provider");
    let token = r#","webIdentityTokens":{"text":{"provider":"www.amazon.com","audience":"a","subject":"s","context":{"www.amazon.com:sub":"x"}}}"#;
    check_world(
        token,
        "/world/webIdentityTokens/text/context",
        "no key that the provider www.amazon.com chooses",
    );
    let odd = r#","webIdentityTokens":{"text":{"provider":"idp","audience":"a","subject":"s"}}"#;
    check_world(odd, "/world/webIdentityTokens/text/provider", "the ARN of an OIDC provider");
}

#[test]
fn organizations_have_ids_of_their_own() {
    let of = |id: &str, units: &str| {
        format!(
            r#","organizations":{{"{id}":{{"management":"111122223333","root":{{"id":"r-1","accounts":{{"111122223333":{{}}}},"units":[{units}]}}}}}}"#
        )
    };
    check_world(&of("x", ""), "/world/organizations/x", "begins with `o-`");
    check_world(&of("o-1", r#"{"id":"r-1"}"#), "/world/organizations/o-1", "two units have the id `r-1`");
}

#[test]
fn callers_and_addresses_are_ones_that_there_are() {
    let root = |arn: &str| format!(r#"{{"principal":"{arn}",{WHO}}}"#);
    let unknown = "the world has no account whose root user is";
    check_step(&root("arn:aws:iam::444455556666:root"), "/steps/0/principal", unknown);
    check_step(&root("arn:aws-cn:iam::111122223333:root"), "/steps/0/principal", unknown);
    let service = format!(r#"{{"principal":{{"Service":"ec2"}},{WHO}}}"#);
    check_step(&service, "/steps/0/principal/Service", "ends in `.amazonaws.com`");
    let private = alice(&format!(r#""context":{{"aws:VpcSourceIp":"10.0.0.1"}},{WHO}"#));
    check_step(&private, "/steps/0/context/aws:VpcSourceIp", "only a call through an endpoint");
}
