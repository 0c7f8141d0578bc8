//! Bounded search: four steps in a world of ten principals and ten roles, every role assumable by one of the users and all roles before it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use iamproof::corpus::read::{Citation, read};
use iamproof::corpus::{Case, Question};
use iamproof::iam::document::Strictness;
use iamproof::iam::world::World;
use iamproof::model::bounded::{Begin, Goal, Which};
use iamproof::search::{Parties, Search, Verdict};
use iamproof::solver::Limits;
use mimalloc::MiMalloc;
use serde_json::{Map, Value, json};

// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const ACCOUNT: &str = "111122223333";

fn policy(principal: Option<Vec<String>>) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Action": "sts:AssumeRole" });
    if let Value::Object(statement) = &mut statement {
        match principal {
            Some(arns) => statement.insert("Principal".to_owned(), json!({ "AWS": arns })),
            None => statement.insert("Resource".to_owned(), "*".into()),
        };
    }
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn world() -> World {
    let (mut users, mut roles) = (Map::new(), Map::new());
    for number in 0..10 {
        users.insert(format!("user-{number}"), json!({ "policies": { "chain": policy(None) } }));
        let mut trusted = vec![format!("arn:aws:iam::{ACCOUNT}:user/user-{number}")];
        trusted.extend((0..number).map(|before| format!("arn:aws:iam::{ACCOUNT}:role/role-{before}")));
        let role = json!({
            "trust": policy(Some(trusted)),
            "policies": { "chain": policy(None) },
            "maxSessionDuration": 3_600 * (number + 1),
        });
        roles.insert(format!("role-{number}"), role);
    }
    let case = json!({
        "because": "A world.",
        "world": {
            "profile": "aws",
            "time": "2026-03-02T09:00:00Z",
            "accounts": { ACCOUNT: { "users": users, "roles": roles } },
        },
        "steps": [{ "event": "wait", "expect": "allow" }],
    });
    match read(case.to_string().as_bytes(), Citation::Optional, Strictness::Strict) {
        Ok(Case { question: Question::Trace { world, .. }, .. }) => *world,
        other => panic!("the world is well-formed: {other:?}"),
    }
}

/// Whether it is reached in four steps.
fn is_reached(world: &World, goal: &Goal) -> bool {
    let (parties, limits) = (Parties::default(), Limits::default());
    let search = Search { world, goal, bound: 4, begin: &Begin::Anybody, parties, limits };
    match search.run().map(|answer| answer.verdict) {
        Ok(Verdict::Reached(_)) => true,
        Ok(Verdict::NotWithinBound) => false,
        other @ (Ok(Verdict::Unknown(_) | Verdict::Defect(_)) | Err(_)) => panic!("{other:?}"),
    }
}

fn four_steps(criterion: &mut Criterion) {
    let world = world();
    let questions = [
        (
            "a session of the last role",
            Goal::Holds { role: format!("arn:aws:iam::{ACCOUNT}:role/role-9") },
            true,
        ),
        ("a session that outlives its parent", Goal::Outlives, true),
        (
            "no chained session of more than an hour",
            Goal::Lasts { longer_than: 3_600, which: Which::Chained },
            false,
        ),
        ("no cycle", Goal::Renews, false),
    ];
    let mut group = criterion.benchmark_group("search, 4 steps, 10 principals, 10 roles");
    group.sample_size(10);
    for (name, goal, expected) in questions {
        group.bench_function(name, |bencher| {
            bencher.iter(|| assert_eq!(is_reached(black_box(&world), &goal), expected));
        });
    }
    group.finish();
}

criterion_group!(benches, four_steps);
criterion_main!(benches);
