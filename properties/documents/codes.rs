//! Each code has a text that gets it, and a near miss that does not.

use iamproof::iam::document::{Code, Severity};
use iamproof::iam::policy::PolicyType;

use super::{codes, conditions, elements, principals, strict, warnings};

/// A code, a text that gets it (first, if it is an error), and a text that has no such finding (and no error at all).
pub(super) struct Row {
    code: Code,
    policy_type: PolicyType,
    hit: String,
    near_miss: String,
}

fn check(Row { code, policy_type, hit, near_miss }: &Row) {
    let document = strict(*policy_type, hit);
    if code.name().starts_with("V-") {
        assert_eq!(document.findings.first().map(|finding| finding.code), Some(*code), "{hit}");
    } else {
        assert_eq!(codes(&document, Severity::Error), [], "{hit}");
        assert!(codes(&document, Severity::Warning).contains(code), "{code} for {hit}");
    }
    let document = strict(*policy_type, near_miss);
    assert_eq!(codes(&document, Severity::Error), [], "{near_miss}");
    assert!(!codes(&document, Severity::Warning).contains(code), "{code} for {near_miss}");
    assert!(document.policy.is_some());
}

#[test]
fn each_error_is_found_and_its_near_miss_is_legal() {
    let rows: Vec<Row> = [
        elements::top_rows(),
        elements::statement_rows(),
        elements::action_rows(),
        elements::resource_rows(),
        principals::rows(),
        conditions::rows(),
    ]
    .into_iter()
    .flatten()
    .collect();
    rows.iter().for_each(check);
    for code in Code::ALL.iter().filter(|code| code.name().starts_with("V-")) {
        // A text alone does not show whether a principal exists; sizes have a test of their own.
        let shown =
            matches!(code, Code::PrincipalUnknown | Code::Size) || rows.iter().any(|row| row.code == *code);
        assert!(shown, "no row for {code}");
    }
}

#[test]
fn each_warning_is_given_and_its_near_miss_is_not() {
    let rows = warnings::rows();
    rows.iter().for_each(check);
    for code in Code::ALL.iter().filter(|code| code.name().starts_with("W-")) {
        assert!(rows.iter().any(|row| row.code == *code), "no row for {code}");
    }
}

pub(super) fn row(
    code: Code,
    policy_type: PolicyType,
    hit: impl Into<String>,
    near_miss: impl Into<String>,
) -> Row {
    Row { code, policy_type, hit: hit.into(), near_miss: near_miss.into() }
}
