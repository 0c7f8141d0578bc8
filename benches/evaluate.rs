//! How long the evaluator takes for a decision: policies compiled beforehand, requests plain strings, one core, warm.
//!
//! Every workload has n statements, each with two action patterns with wildcards and one or two resource patterns; every fifth is
//! a Deny; conditions come in rotation (none, StringLike, IpAddress, Bool, two at once); only the last statement can allow; half
//! of the requests are denied. The workloads differ in what tells statements apart:
//!
//! - `actions`: each statement speaks of a service of its own;
//! - `resources`: all speak of the same actions, each of resources of its own;
//! - `middles`: all speak of the same actions, and resources differ only behind a wildcard.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use iamproof::evaluator::{CompiledSet, Evaluator, Question};
use iamproof::iam::condition::{BaseOperator, Operator};
use iamproof::iam::context::{Context, ContextValue};
use iamproof::iam::decision::Decision;
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{ConditionEntry, Effect, Policy, Selection, Statement, Version};
use iamproof::iam::principal::{PrincipalEntry, Principals};
use iamproof::iam::request::{
    Caller, Credential, CredentialKind, Entity, Request, ResourcePolicyMark, Validity,
};

/// What tells the statements of a workload apart.
#[derive(Clone, Copy)]
enum Apart {
    Actions,
    Resources,
    Middles,
}

impl Apart {
    const ALL: [(&str, Apart); 3] =
        [("actions", Apart::Actions), ("resources", Apart::Resources), ("middles", Apart::Middles)];

    fn actions(self, number: u64) -> Vec<String> {
        match self {
            Apart::Actions => vec![format!("service{number}:Get*"), format!("service{number}:List?s*")],
            Apart::Resources | Apart::Middles => vec!["s3:Get*".to_owned(), "s3:List?s*".to_owned()],
        }
    }

    fn action(self, number: u64) -> String {
        match self {
            Apart::Actions => format!("service{number}:GetObject"),
            Apart::Resources | Apart::Middles => "s3:GetObject".to_owned(),
        }
    }

    fn resources(self, number: u64) -> Vec<String> {
        let patterns = match self {
            Apart::Actions | Apart::Resources => [
                format!("arn:aws:s3:::bucket-{number}/home/*"),
                format!("arn:aws:s3:::bucket-{number}/shared/*/report-?.csv"),
            ],
            Apart::Middles => [
                format!("arn:aws:s3:::*/team-{number}/home/*"),
                format!("arn:aws:s3:::*/team-{number}/shared/*/report-?.csv"),
            ],
        };
        patterns.into_iter().take(if number.is_multiple_of(2) { 1 } else { 2 }).collect()
    }

    fn resource(self, number: u64) -> String {
        match self {
            Apart::Actions | Apart::Resources => format!("arn:aws:s3:::bucket-{number}/home/alice/notes.txt"),
            Apart::Middles => format!("arn:aws:s3:::archive/team-{number}/home/alice/notes.txt"),
        }
    }
}

fn entry(base: BaseOperator, key: &str, value: &str) -> ConditionEntry {
    ConditionEntry { operator: Operator::plain(base), key: KeyName::new(key), values: vec![value.to_owned()] }
}

fn conditions(number: u64) -> Vec<ConditionEntry> {
    let like = || entry(BaseOperator::StringLike, "aws:PrincipalTag/team", "red-*");
    let address = || entry(BaseOperator::IpAddress, "aws:SourceIp", "203.0.113.0/24");
    let secure = || entry(BaseOperator::Bool, "aws:SecureTransport", "true");
    match number % 5 {
        0 => vec![],
        1 => vec![like()],
        2 => vec![address()],
        3 => vec![secure()],
        _ => vec![like(), address()],
    }
}

fn document(apart: Apart, count: u64) -> Policy {
    let statement = |number: u64| Statement {
        sid: None,
        effect: if number % 5 == 2 { Effect::Deny } else { Effect::Allow },
        principal: None,
        action: Selection::Only(apart.actions(number)),
        resource: Some(Selection::Only(apart.resources(number))),
        condition: conditions(number),
    };
    Policy { version: Version::V2012, id: None, statements: (0..count).map(statement).collect() }
}

fn context(team: &str) -> Context {
    let entries = [
        ("aws:PrincipalTag/team", team),
        ("aws:SourceIp", "203.0.113.7"),
        ("aws:SecureTransport", "true"),
        ("aws:username", "alice"),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/alice"),
        ("aws:PrincipalAccount", "111122223333"),
        ("aws:RequestedRegion", "eu-west-1"),
        ("aws:CurrentTime", "2026-01-01T12:00:00Z"),
    ];
    let single = |(key, value): (&str, &str)| (KeyName::new(key), ContextValue::Single(value.to_owned()));
    Context::from_entries(entries.map(single)).unwrap_or_default()
}

/// Requests that meet the last statement; every second one is denied, in turn for want of the tag and of the resource.
fn requests(apart: Apart, count: u64) -> Vec<Request> {
    let last = count - 1;
    let request = |number: u64| {
        let (resource, team) = match number % 4 {
            1 => (apart.resource(last), "blue"),
            3 => (apart.resource(last).replace("/home/", "/tmp/"), "red-1"),
            _ => (apart.resource(last), "red-1"),
        };
        Request {
            caller: Caller::User(Entity {
                partition: "aws".to_owned(),
                account: "111122223333".to_owned(),
                path: "/".to_owned(),
                name: "alice".to_owned(),
            }),
            credential: Credential { kind: CredentialKind::LongTerm, validity: Validity::Current },
            action: apart.action(last),
            resource,
            resource_account: None,
            resource_policy_mark: ResourcePolicyMark::Unmarked,
            context: context(team),
        }
    };
    (0..8).map(request).collect()
}

/// The last statement of every workload: two conditions, of which the requests fail the first.
const SIZES: [u64; 5] = [1, 10, 100, 1_000, 10_000];

fn with_last_condition(mut policy: Policy) -> Policy {
    if let Some(last) = policy.statements.last_mut() {
        last.effect = Effect::Allow;
        last.condition = conditions(4);
    }
    policy
}

fn decisions(criterion: &mut Criterion) {
    for (name, apart) in Apart::ALL {
        let mut group = criterion.benchmark_group(format!("decide/{name}"));
        for count in SIZES {
            let identity = vec![with_last_condition(document(apart, count))];
            let evaluator = Evaluator::compile(&Layers { identity, ..Layers::default() });
            let Ok(evaluator) = evaluator else { continue };
            let requests = requests(apart, count);
            let allowed = requests
                .iter()
                .filter(|request| evaluator.decide(request).decision() == Decision::Allow)
                .count();
            assert_eq!(allowed * 2, requests.len(), "half of the requests are denied");
            let mut next = requests.iter().cycle();
            group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
                bencher.iter(|| next.next().map(|request| evaluator.decide(black_box(request))));
            });
        }
    }
}

/// Ten thousand statements, of which some speak of the request's action and resource and have conditions that fail: what a decision costs
/// grows with these, not with the rest.
fn candidates(criterion: &mut Criterion) {
    const STATEMENTS: u64 = 10_000;
    let mut group = criterion.benchmark_group("decide/candidates of 10000");
    for count in [1_u64, 10, 100, 1_000] {
        let mut policy = with_last_condition(document(Apart::Resources, STATEMENTS));
        let own = Apart::Resources.resources(STATEMENTS - 1);
        for statement in policy.statements.iter_mut().rev().skip(1).take(count as usize - 1) {
            statement.effect = Effect::Allow;
            statement.resource = Some(Selection::Only(own.clone()));
            statement.condition = vec![entry(BaseOperator::StringLike, "aws:PrincipalTag/team", "green-*")];
        }
        let Ok(evaluator) = Evaluator::compile(&Layers { identity: vec![policy], ..Layers::default() })
        else {
            continue;
        };
        let requests = requests(Apart::Resources, STATEMENTS);
        let mut next = requests.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| next.next().map(|request| evaluator.decide(black_box(request))));
        });
    }
}

/// A document by itself, as the comparison of documents asks it.
fn sets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("set");
    for count in SIZES {
        let Ok(set) = CompiledSet::compile(&[with_last_condition(document(Apart::Actions, count))]) else {
            continue;
        };
        let requests = requests(Apart::Actions, count);
        let mut next = requests.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| {
                next.next().map(|request| {
                    set.allows(&Question {
                        action: black_box(&request.action),
                        resource: &request.resource,
                        caller: &request.caller,
                        context: &request.context,
                    })
                })
            });
        });
    }
}

/// Ten statements in each layer that there is: identity, boundary, session, resource, three levels of SCPs and of RCPs, endpoint.
fn layers(criterion: &mut Criterion) {
    let plain = with_last_condition(document(Apart::Resources, 10));
    let everyone = || Some(Selection::Only(Principals { entries: vec![PrincipalEntry::Everyone] }));
    let with_principal = |effect: Option<Effect>| {
        let mut policy = plain.clone();
        for statement in &mut policy.statements {
            statement.principal = everyone();
            statement.effect = effect.unwrap_or(statement.effect);
        }
        policy
    };
    let mut rcp = with_principal(Some(Effect::Deny));
    rcp.statements.pop();
    let layers = Layers {
        identity: vec![plain.clone()],
        boundary: Some(plain.clone()),
        session: Some(vec![plain.clone()]),
        resource: Some(with_principal(None)),
        scps: Some(vec![vec![plain.clone()]; 3]),
        rcps: Some(vec![vec![rcp]; 3]),
        endpoint: Some(with_principal(None)),
    };
    let Ok(evaluator) = Evaluator::compile(&layers) else { return };
    let mut requests = requests(Apart::Resources, 10);
    for request in &mut requests {
        if let Caller::User(role) = &request.caller {
            request.caller = Caller::RoleSession { role: role.clone(), session: "s".to_owned() };
        }
    }
    let mut next = requests.iter().cycle();
    criterion.bench_function("layers/10 statements each", |bencher| {
        bencher.iter(|| next.next().map(|request| evaluator.decide(black_box(request))));
    });
}

/// The pattern on which backtracking matchers hang: `*a` twelve times and `*b`, against a hundred `a`s.
fn blow_up(criterion: &mut Criterion) {
    let mut policy = document(Apart::Resources, 1);
    for statement in &mut policy.statements {
        statement.resource = Some(Selection::Only(vec![format!("arn:aws:s3:::{}*b", "*a".repeat(12))]));
    }
    let Ok(set) = CompiledSet::compile(&[policy]) else { return };
    let resource = format!("arn:aws:s3:::{}", "a".repeat(100));
    let context = Context::new();
    criterion.bench_function("blow-up", |bencher| {
        bencher.iter(|| {
            set.allows(&Question {
                action: "s3:GetObject",
                resource: black_box(&resource),
                caller: &Caller::Anonymous,
                context: &context,
            })
        });
    });
}

criterion_group!(benches, decisions, candidates, sets, layers, blow_up);
criterion_main!(benches);
