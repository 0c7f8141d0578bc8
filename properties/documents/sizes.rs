//! How long a document may be, and which of its characters count.

use iamproof::iam::document::{Code, Severity};
use iamproof::iam::policy::PolicyType::{
    self, Boundary, Endpoint, Identity, Rcp, Resource, Scp, Session, Trust,
};

use super::strict;

/// A document without any white space outside of its strings, of so many bytes in all.
fn of_length(policy_type: PolicyType, length: usize) -> String {
    let document = match policy_type {
        Trust => {
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:*","Condition":{"Null":{"a:":"true"}}}}"#
        }
        Resource | Endpoint | Rcp => {
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Null":{"a:":"true"}}}}"#
        }
        Identity | Boundary | Session | Scp => {
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Null":{"a:":"true"}}}}"#
        }
    };
    let blanks = " ".repeat(length - document.len() - 1);
    document.replace("a:", &format!("a:b{blanks}"))
}

/// Type, limit, and what exceeding it is: with characters that count in every type, and with white space between the tokens.
const LIMITS: [(PolicyType, usize, Severity, Option<Severity>); 9] = [
    (Identity, 6_144, Severity::Warning, None),
    (Boundary, 6_144, Severity::Warning, None),
    (Trust, 2_048, Severity::Warning, None),
    (Trust, 8_192, Severity::Error, Some(Severity::Warning)),
    (Session, 2_048, Severity::Error, Some(Severity::Error)),
    (Scp, 10_240, Severity::Error, Some(Severity::Error)),
    (Rcp, 5_120, Severity::Error, Some(Severity::Error)),
    (Endpoint, 20_480, Severity::Error, Some(Severity::Error)),
    (Resource, 20_480, Severity::Warning, Some(Severity::Warning)),
];

#[test]
fn sizes_are_counted_as_each_type_counts_them() {
    for (policy_type, limit, beyond, spaced) in LIMITS {
        let size = |text: &str| {
            let document = strict(policy_type, text);
            document
                .findings
                .iter()
                .find(|finding| finding.code == Code::Size)
                .map(|finding| finding.severity)
        };
        let at_limit = of_length(policy_type, limit);
        assert_eq!(at_limit.len(), limit);
        assert_eq!(size(&of_length(policy_type, limit + 1)), Some(beyond), "{policy_type} {limit}");
        assert_eq!(size(&format!("{at_limit}\n")), spaced, "{policy_type} {limit}");
        if limit != 8_192 {
            assert_eq!(size(&at_limit), None, "{policy_type} {limit}");
        }
    }
}
