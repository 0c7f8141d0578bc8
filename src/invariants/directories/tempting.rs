//! The false statements about directories (section 9.11), each refuted by a written trace that both readings take as it is written.

use crate::corpus::Question;
use crate::corpus::read::{Citation, read};
use crate::crosscheck::trace;
use crate::evaluator::Reading;
use crate::iam::assumption::Assumptions;
use crate::iam::document::Strictness;
use crate::invariants::catalog::{Expected, Kind, Law};
use crate::invariants::known::{Counterexample, Scope, Verdict, Way};

const fn tempting(id: &'static str, statement: &'static str) -> Law {
    Law { id, statement, kind: Kind::Trace, expected: Expected::Refuted }
}

/// The false statements about directories.
pub const FALSE_STATEMENTS_OF_DIRECTORIES: &[Law] = &[
    tempting("F-26", "Disabling a user of a directory ends its AWS sessions."),
    tempting("F-27", "A one-way trust lets users from on premises into the console."),
    tempting("F-28", "RADIUS at the directory satisfies aws:MultiFactorAuthPresent."),
];

/// A trace that refutes a statement: the name of its case, and the case.
fn witness(id: &str) -> Option<(&'static str, &'static str)> {
    Some(match id {
        "F-26" => (
            "cited/false-statements/F-26",
            include_str!(
                "../../../corpus/cited/false-statements/F-26-disabling-a-directory-user-ends-its-sessions.json"
            ),
        ),
        "F-27" => ("cited/examples/DX-5", include_str!("../../../corpus/cited/examples/DX-5.json")),
        "F-28" => (
            "cited/false-statements/F-28",
            include_str!(
                "../../../corpus/cited/false-statements/F-28-radius-is-multi-factor-authentication-of-aws.json"
            ),
        ),
        _ => return None,
    })
}

/// How a false statement is refuted; `None` where it is none of these.
pub fn refute(id: &str, assumptions: Assumptions) -> Option<Way> {
    let (name, text) = witness(id)?;
    Some(replayed(name, text, Reading::assuming(assumptions)))
}

/// Takes a written trace in both readings, the first in a given way: it refutes if each step comes out as written.
pub fn replayed(name: &str, text: &str, reading: Reading) -> Way {
    let (length, verdict) = match read(text.as_bytes(), Citation::Required, Strictness::Strict) {
        Err(error) => (0, Verdict::Unknown(error.to_string())),
        Ok(case) => match case.question {
            Question::Trace { world, steps } => {
                let run = trace::run(&world, &steps, reading);
                let verdict = if run.is_expected(&steps) && run.modelled() == steps.len() {
                    Verdict::Refuted(Counterexample::Example(format!("{name}: {}", case.because)))
                } else {
                    Verdict::Unknown(format!("{name} does not come out as written"))
                };
                (steps.len(), verdict)
            }
            Question::Decisions { .. } | Question::Grammar { .. } => {
                (0, Verdict::Unknown(format!("{name} is no trace")))
            }
        },
    };
    let done = format!("{name}, {length} steps, taken by both readings as it is written");
    Way { scope: Scope::UpTo(length), verdict, done }
}
