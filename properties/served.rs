//! `iamproof serve`, a line in and a line out.

use std::io::Write;
use std::process::{Command, Stdio};

/// What `iamproof serve` says of these policies, asked by this principal.
fn served(policies: &str, principal: &str) -> String {
    let line = format!(
        r#"{{"id": 7, "policies": {policies}, "requests": [{{"principal": {principal}, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "context": {{}}}}]}}"#
    );
    let mut program = Command::new(env!("CARGO_BIN_EXE_iamproof"))
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = program.stdin.take().expect("its input is ours");
    input.write_all(line.as_bytes()).expect("it reads");
    drop(input);
    let output = program.wait_with_output().expect("it ends");
    String::from_utf8(output.stdout).expect("it writes UTF-8")
}

#[test]
fn what_is_not_supported_is_answered_so_and_what_does_not_fit_with_its_place() {
    let of = |principal: &str| {
        format!(
            r#"{{"resource": {{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Principal": {principal}, "Action": "s3:*", "Resource": "*"}}}}}}"#
        )
    };
    let everything =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let boundary = format!(r#"{{"boundary": {everything}}}"#);
    let (alice, service) =
        (r#""arn:aws:iam::111122223333:user/alice""#, r#"{"Service": "ec2.amazonaws.com"}"#);
    let canonical = of(&format!(r#"{{"CanonicalUser": "{}"}}"#, "0123456789abcdef".repeat(4)));
    let rows = [
        (canonical, alice, r#"["unsupported"]"#),
        (of(r#"{"CanonicalUser": "alice"}"#), alice, r#"["error: V-PRINCIPAL "#),
        (of(r#""*""#), alice, r#"["explicit-deny"]"#),
        (boundary, service, r#"["error: at `/policies/boundary`: a service has no permissions boundary"]"#),
    ];
    for (policies, principal, expected) in rows {
        let answer = served(&policies, principal);
        assert!(answer.starts_with(&format!(r#"{{"id":7,"decisions":{expected}"#)), "{policies}: {answer}");
    }
}
