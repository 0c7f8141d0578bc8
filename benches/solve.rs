//! How long the solver takes for a question about documents, the writing of its formulas included; documents are read beforehand.
//!
//! - `open question`: does the set allow any `s3:*` on anything, or `s3:GetObject` on one bucket? To documents whose statements have two action
//!   patterns with wildcards and one or two resource patterns each, every fifth a Deny, conditions in rotation (none, StringLike,
//!   IpAddress, Bool, two at once). Statements differ in their resources, or in a part of them behind a wildcard.
//! - `implication`: does one document allow what another does not? The same questions to both back ends: the atoms, and Z3's own
//!   strings. Only questions that both answer are among them, and the answers agree.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use iamproof::iam::document::{self, Strictness, TypeChoice};
use iamproof::iam::policy::Policy;
use iamproof::model::{Problem, Scope, SymbolicRequest, statement};
use iamproof::solver::formula::{Formula, Formulas};
use iamproof::solver::{Answer, Limits, Solver, z3_strings};
use mimalloc::MiMalloc;

// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What tells the statements of a document apart.
#[derive(Clone, Copy)]
enum Apart {
    Resources,
    Middles,
}

fn statement_text(apart: Apart, number: u64) -> String {
    let bucket = match apart {
        Apart::Resources => format!("arn:aws:s3:::bucket-{number}"),
        Apart::Middles => format!("arn:aws:s3:::*/team-{number}"),
    };
    let resources = match number % 2 {
        0 => format!(r#"["{bucket}/home/*"]"#),
        _ => format!(r#"["{bucket}/home/*", "{bucket}/shared/*/report-?.csv"]"#),
    };
    let like = r#""StringLike": {"aws:PrincipalTag/team": "red-*"}"#;
    let address = r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#;
    let condition = match number % 5 {
        0 => String::new(),
        1 => like.to_owned(),
        2 => address.to_owned(),
        3 => r#""Bool": {"aws:SecureTransport": "true"}"#.to_owned(),
        _ => format!("{like}, {address}"),
    };
    let effect = if number % 5 == 2 { "Deny" } else { "Allow" };
    format!(
        r#"{{"Effect": "{effect}", "Action": ["s3:Get*", "s3:List?s*"], "Resource": {resources}, "Condition": {{{condition}}}}}"#
    )
}

fn read(statements: &[String]) -> Option<Policy> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    document::read(text.as_bytes(), TypeChoice::Guessed, Strictness::Strict).policy
}

fn document(apart: Apart, count: u64) -> Option<Policy> {
    let statements: Vec<String> = (0..count).map(|number| statement_text(apart, number)).collect();
    read(&statements)
}

/// What is asked for, as a document that allows it.
fn asked_for(action: &str, resource: &str) -> Option<Policy> {
    read(&[format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#)])
}

/// Holds iff a request can be made that all of the first and none of the second allow.
fn goal(formulas: &mut Formulas, all: &[&Policy], none: &[&Policy]) -> Result<Formula, Problem> {
    let mut request = SymbolicRequest::new(formulas, Scope::Documents);
    let mut parts = Vec::new();
    for policy in all {
        parts.push(statement::document_allows(formulas, &mut request, policy)?);
    }
    for policy in none {
        let allowed = statement::document_allows(formulas, &mut request, policy)?;
        parts.push(formulas.not(allowed));
    }
    parts.push(request.well_formed(formulas)?);
    Ok(formulas.and(parts))
}

fn by_atoms(all: &[&Policy], none: &[&Policy]) -> Option<Answer> {
    let mut formulas = Formulas::new();
    let goal = goal(&mut formulas, all, none).ok()?;
    Some(Solver::new(&formulas, Limits::default()).check(goal))
}

fn by_strings_of_z3(all: &[&Policy], none: &[&Policy]) -> Option<Answer> {
    let mut formulas = Formulas::new();
    let goal = goal(&mut formulas, all, none).ok()?;
    Some(z3_strings::check(&formulas, goal, Limits::default()))
}

fn open_questions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open question");
    group.sample_size(20);
    for (name, apart) in [("resources", Apart::Resources), ("middles", Apart::Middles)] {
        for (asked, action, resource) in
            [("any s3", "s3:*", "*"), ("an object", "s3:GetObject", "arn:aws:s3:::bucket-996/*")]
        {
            for count in [10, 100, 1_000] {
                let (Some(policy), Some(asked_for)) = (document(apart, count), asked_for(action, resource))
                else {
                    continue;
                };
                let answered = by_atoms(&[&policy, &asked_for], &[]);
                assert!(!matches!(answered, None | Some(Answer::Unknown(_))), "{answered:?}");
                group.bench_function(BenchmarkId::new(format!("{asked}, {name}"), count), |bencher| {
                    bencher.iter(|| by_atoms(black_box(&[&policy, &asked_for]), &[]));
                });
            }
        }
    }
}

/// Documents of a few statements, each against the one before it in the list, both ways.
fn questions() -> Vec<(Policy, Policy)> {
    let mut documents = Vec::new();
    for apart in [Apart::Resources, Apart::Middles] {
        documents.extend([1, 2, 3, 5].map(|count| document(apart, count)));
    }
    let documents: Vec<Policy> = documents.into_iter().flatten().collect();
    let pairs = documents.windows(2).filter_map(|pair| match pair {
        [left, right] => Some([(left.clone(), right.clone()), (right.clone(), left.clone())]),
        _ => None,
    });
    pairs.flatten().collect()
}

fn implications(criterion: &mut Criterion) {
    let mut questions = questions();
    questions.retain(|(a, b)| match (by_atoms(&[a], &[b]), by_strings_of_z3(&[a], &[b])) {
        (Some(Answer::Unknown(_)) | None, _) | (_, Some(Answer::Unknown(_)) | None) => false,
        (Some(atoms), Some(strings)) => {
            assert_eq!(atoms.assignment().is_some(), strings.assignment().is_some(), "the back ends agree");
            true
        }
    });
    assert!(!questions.is_empty(), "both back ends answer some question");
    let mut group = criterion.benchmark_group("implication");
    group.sample_size(10);
    group.bench_function("atoms", |bencher| {
        bencher.iter(|| questions.iter().filter_map(|(a, b)| by_atoms(black_box(&[a]), &[b])).count());
    });
    group.bench_function("strings of Z3", |bencher| {
        bencher
            .iter(|| questions.iter().filter_map(|(a, b)| by_strings_of_z3(black_box(&[a]), &[b])).count());
    });
}

criterion_group!(benches, open_questions, implications);
criterion_main!(benches);
