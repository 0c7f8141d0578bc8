//! What is written reads as what it was.

use iamproof::corpus::folder::Content;
use iamproof::corpus::read::{Citation, read};
use iamproof::corpus::write::{compact, write};
use iamproof::corpus::{Asked, Case, Question, fit};
use iamproof::iam::assumption::{Alternative, Assumptions};
use iamproof::iam::context::{Context, ContextValue};
use iamproof::iam::decision::Reason;
use iamproof::iam::document::{self, Code, Strictness, TypeChoice};
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{Policy, PolicyType};
use iamproof::iam::request::{
    Caller, Credential, CredentialKind, Entity, FederationSource, Request, ResourcePolicyMark, Validity,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::{collection, option};

fn assert_comes_back(case: &Case) {
    for text in [write(case), compact(case)] {
        match read(text.as_bytes(), Citation::Optional, Strictness::Strict) {
            Ok(again) => assert_eq!(again, *case, "{text}"),
            Err(error) => panic!("{error}\n{text}"),
        }
    }
}

#[test]
fn every_case_of_the_corpus_comes_back() {
    for found in super::found_in("corpus") {
        if let Ok(Content::Case(case)) = found.content {
            assert_comes_back(&case);
        }
    }
}

#[test]
fn a_short_case_is_laid_out_for_people() {
    let text = r#"{"because":"Nothing allows.","policies":{},"requests":[{"principal":"*","action":"s3:GetObject","resource":"*","exactContext":true,"expect":"implicit-deny"}]}"#;
    let case = read(text.as_bytes(), Citation::Optional, Strictness::Strict).unwrap();
    let expected = r#"{
  "because": "Nothing allows.",
  "policies": {},
  "requests": [
    {
      "principal": "*",
      "action": "s3:GetObject",
      "resource": "*",
      "context": {},
      "exactContext": true,
      "expect": "implicit-deny"
    }
  ]
}
"#;
    assert_eq!(write(&case), expected);
}

/// Policies of a type, each with something that is easily lost: a Sid, an escape, a number, a negated element, several kinds.
fn policies(policy_type: PolicyType) -> Vec<Policy> {
    let texts: &[&str] = match policy_type {
        PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp => &[
            r#"{"Version":"2012-10-17","Statement":{"Sid":"A1","Effect":"Allow","Action":"*","Resource":"*"}}"#,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":["s3:Get*","sts:*"],"NotResource":["arn:aws:s3:::b/${aws:username, 'x'}/*"]},{"Effect":"Allow","Action":["s3:*","*"],"Resource":["*","*"]}]}"#,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":"arn:aws:s3:::\"\\é*","Condition":{"NumericLessThan":{"s3:max-keys":[1.50,"2"]},"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a","b"],"aws:Other":true},"StringEquals":{}}}]}"#,
        ],
        PolicyType::Trust => &[
            r#"{"Id":"x y","Statement":{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/p/r"],"Service":"ec2.amazonaws.com","Federated":"accounts.google.com"},"Action":"sts:AssumeRole"}}"#,
            r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}"#,
        ],
        PolicyType::Resource | PolicyType::Endpoint => &[
            r#"{"Version":"2012-10-17","Id":"","Statement":{"Sid":"any text","Effect":"Deny","NotPrincipal":{"AWS":"*"},"Action":"s3:*","Resource":"*"}}"#,
            r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["AIDAEXAMPLE","arn:aws:iam::111122223333:root","arn:aws:sts::111122223333:assumed-role/r/s"]},"Action":"s3:*","Resource":"*"}}"#,
        ],
        PolicyType::Rcp => &[
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":{"AWS":"*"},"Action":["s3:*"],"Resource":"*"}}"#,
        ],
    };
    let read_one = |text: &&str| {
        document::read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict)
            .policy
            .expect(text)
    };
    texts.iter().map(read_one).collect()
}

fn policy(policy_type: PolicyType) -> impl Strategy<Value = Policy> {
    select(policies(policy_type))
}

fn set(policy_type: PolicyType, least: usize) -> impl Strategy<Value = Vec<Policy>> {
    collection::vec(policy(policy_type), least..=2)
}

fn levels(policy_type: PolicyType) -> impl Strategy<Value = Option<Vec<Vec<Policy>>>> {
    option::of(collection::vec(set(policy_type, 0), 1..=3))
}

fn layers(resource: PolicyType) -> impl Strategy<Value = Layers> {
    (
        set(PolicyType::Identity, 0),
        option::of(policy(PolicyType::Boundary)),
        option::of(set(PolicyType::Session, 1)),
        option::of(policy(resource)),
        levels(PolicyType::Scp),
        levels(PolicyType::Rcp),
        option::of(policy(PolicyType::Endpoint)),
    )
        .prop_map(|(identity, boundary, session, resource, scps, rcps, endpoint)| Layers {
            identity,
            boundary,
            session,
            resource,
            scps,
            rcps,
            endpoint,
        })
}

/// Names that are easily taken for something else.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just("alice"), Just("al*"), Just("${x}"), Just("ö \"\\"), Just("root")]
        .prop_map(str::to_owned)
}

fn entity() -> impl Strategy<Value = Entity> {
    (select(vec!["aws", "aws-cn"]), select(vec!["/", "/eng/", "/a/b/"]), name()).prop_map(
        |(partition, path, name)| Entity {
            partition: partition.to_owned(),
            account: "111122223333".to_owned(),
            path: path.to_owned(),
            name,
        },
    )
}

fn caller() -> impl Strategy<Value = Caller> {
    let (partition, account) = ("aws".to_owned(), "111122223333".to_owned());
    let source = prop_oneof![
        Just(FederationSource::Root),
        Just(FederationSource::UnnamedUser),
        entity().prop_map(|user| FederationSource::User(Entity { partition: "aws".to_owned(), ..user })),
    ];
    let (federated_partition, federated_account) = (partition.clone(), account.clone());
    prop_oneof![
        Just(Caller::Root { partition, account }),
        entity().prop_map(Caller::User),
        (entity(), name()).prop_map(|(role, session)| Caller::RoleSession { role, session }),
        (name(), source).prop_map(move |(name, source)| Caller::FederatedSession {
            partition: federated_partition.clone(),
            account: federated_account.clone(),
            name,
            source,
        }),
        Just(Caller::Service { name: "s3.ap-east-1.amazonaws.com".to_owned() }),
        Just(Caller::Saml { provider: "arn:aws:iam::111122223333:saml-provider/corp".to_owned() }),
        Just(Caller::WebIdentity { provider: "accounts.google.com".to_owned() }),
        Just(Caller::Anonymous),
    ]
}

fn context() -> impl Strategy<Value = Context> {
    let value = prop_oneof![
        any::<String>().prop_map(ContextValue::Single),
        collection::vec(any::<String>(), 0..=3).prop_map(ContextValue::Many),
    ];
    let key = select(vec!["aws:PrincipalArn", "AWS:TAGKEYS", "aws:RequestTag/ö", "s3:prefix", "x"]);
    collection::vec((key, value), 0..=3).prop_map(|entries| {
        let mut context = Context::new();
        entries.into_iter().for_each(|(key, value)| context.set(KeyName::new(key), value));
        context
    })
}

/// A request on a role with an `sts` action, or none of that kind: it decides how a resource's policy is read.
fn request(resource: PolicyType) -> impl Strategy<Value = Request> {
    let target = if resource == PolicyType::Trust {
        vec![("sts:AssumeRole", "arn:aws:iam::111122223333:role/target")]
    } else {
        vec![
            ("s3:GetObject", "arn:aws:s3:::b/k ö:*?"),
            ("S3:ListAllMyBuckets", "*"),
            ("sts:GetCallerIdentity", "*"),
        ]
    };
    let target = select(target);
    let account = option::of(Just("444455556666".to_owned()));
    (caller(), any::<bool>(), any::<bool>(), target, account, any::<bool>(), context()).prop_map(
        |(caller, token, expired, (action, resource), resource_account, required, context)| {
            let has_choice = matches!(caller, Caller::User(_) | Caller::Root { .. });
            let is_signed =
                !matches!(caller, Caller::Anonymous | Caller::Saml { .. } | Caller::WebIdentity { .. });
            let kind =
                if token && has_choice { CredentialKind::SessionToken } else { CredentialKind::LongTerm };
            let validity = if expired && is_signed { Validity::Expired } else { Validity::Current };
            Request {
                caller,
                credential: Credential { kind, validity },
                action: action.to_owned(),
                resource: resource.to_owned(),
                resource_account,
                resource_policy_mark: if required {
                    ResourcePolicyMark::PolicyRequired
                } else {
                    ResourcePolicyMark::Unmarked
                },
                context,
            }
        },
    )
}

fn asked(resource: PolicyType) -> impl Strategy<Value = Asked> {
    (request(resource), select(Reason::ALL), any::<bool>()).prop_map(|(request, reason, told)| Asked {
        request,
        expected: reason.decision(),
        reason: told.then_some(reason),
    })
}

fn assumptions() -> impl Strategy<Value = Assumptions> {
    subsequence(Alternative::ALL, 0..=3)
        .prop_map(|chosen| chosen.into_iter().fold(Assumptions::default(), Assumptions::with))
}

fn decisions() -> impl Strategy<Value = Question> {
    select(vec![PolicyType::Trust, PolicyType::Resource])
        .prop_flat_map(|resource| (layers(resource), assumptions(), collection::vec(asked(resource), 1..=3)))
        .prop_map(|(mut layers, assumptions, asked)| {
            for asked in &asked {
                while let Err(misfit) = fit::check(&layers, &asked.request.caller) {
                    match misfit.field {
                        "identity" => layers.identity.clear(),
                        "boundary" => layers.boundary = None,
                        _ => layers.session = None,
                    }
                }
            }
            Question::Decisions { layers: Box::new(layers), assumptions, asked }
        })
}

fn grammar() -> impl Strategy<Value = Question> {
    let errors: Vec<Code> = Code::ALL.iter().copied().filter(|code| code.name().starts_with("V-")).collect();
    (select(PolicyType::ALL.to_vec()), any::<String>(), collection::vec(select(errors), 0..=3))
        .prop_map(|(policy_type, text, findings)| Question::Grammar { policy_type, text, findings })
}

fn case() -> impl Strategy<Value = Case> {
    let sentence = "[a-zö\"\\\\ ]{0,20}[a-z]";
    (sentence, option::of(sentence), option::of(sentence), prop_oneof![4 => decisions(), 1 => grammar()])
        .prop_map(|(because, rule, source, question)| Case { because, rule, source, question })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn every_case_comes_back(case in case()) {
        assert_comes_back(&case);
    }
}
