//! How long reading takes: a policy of about 3 KB, as JSON and as a document; and one as large as AWS takes.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iamproof::iam::document::{Strictness, TypeChoice, read};
use iamproof::iam::json::Json;
use iamproof::iam::policy::PolicyType;

/// One statement of an ordinary policy, laid out as people do; `N` is its number.
const STATEMENT: &str = r#"
        {
            "Sid": "ReadAndList0N",
            "Effect": "Allow",
            "Action": [
                "s3:GetObject",
                "s3:GetObjectVersion*",
                "s3:ListBucket",
                "kms:Decrypt"
            ],
            "Resource": [
                "arn:aws:s3:::ledger-N",
                "arn:aws:s3:::ledger-N/home/${aws:username}/*"
            ],
            "Condition": {
                "StringEquals": {"aws:PrincipalTag/team": ["finance", "audit"]},
                "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
                "Bool": {"aws:SecureTransport": "true"}
            }
        }"#;

fn document(statements: usize) -> String {
    let statements: Vec<String> =
        (0..statements).map(|number| STATEMENT.replace('N', &number.to_string())).collect();
    format!("{{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [{}\n    ]\n}}\n", statements.join(","))
}

fn reading(criterion: &mut Criterion) {
    for (name, statements) in [("3 KB", 4), ("130 KB", 165)] {
        let text = document(statements);
        let choice = TypeChoice::Given(PolicyType::Identity);
        assert!(read(text.as_bytes(), choice, Strictness::Strict).policy.is_some());
        let mut group = criterion.benchmark_group(format!("read {name}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("JSON", |bencher| {
            bencher.iter(|| Json::read(black_box(text.as_bytes())).is_ok())
        });
        group.bench_function("document", |bencher| {
            bencher.iter(|| read(black_box(text.as_bytes()), choice, Strictness::Strict));
        });
        group.finish();
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
