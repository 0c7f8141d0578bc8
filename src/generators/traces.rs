//! Random worlds, and steps in them: sections 5 to 8 of the rules.
//!
//! One small cast in every world: two accounts, users, a group, roles that trust each other, providers, a bucket, a function, an instance
//! profile. Names come again and again, so that a role that is deleted and made anew is met by sessions of the old one; instants fall on the
//! ends of sessions, and durations on their bounds. What is passed is often right and sometimes absurd.

mod cast;
mod documents;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::{bool, option};

use crate::generators::directories::any_operation;
use crate::iam::context::{Context, ContextValue};
use crate::iam::directory::DirectoryOperation;
use crate::iam::key::KeyName;
use crate::iam::operation::{
    AccountOperation, AssumeRole, AssumeRoleWithSaml, AssumeRoleWithWebIdentity, Credentials, DefaultChoice,
    DeletionBy, EncodedMessage, Event, GetFederationToken, GetSessionToken, KeyOf, MfaCode, Operation,
    Passed, PassedToService, Passing, PolicyOperation, PolicyText, ServiceRequest, Step, StsOperation,
    Tampering,
};
use crate::iam::world::{Holder, KeyState, VersionNumber, World};

pub use cast::world;

/// A world with the steps that are taken in it.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The world.
    pub world: World,
    /// The steps; one that is signed with a session which no step before it issued is to be left out.
    pub steps: Vec<Step>,
}

/// A world with up to so many steps, at least one. Every third has directories, and most of its steps are about them.
pub fn trace(most_steps: usize) -> impl Strategy<Value = Trace> {
    let directory = || any_operation().prop_map(Operation::Directory);
    let with_directories = prop_oneof![4 => directory().boxed(), 1 => operation().boxed()];
    prop_oneof![
        2 => trace_of(world().boxed(), operation().boxed(), most_steps).boxed(),
        1 => trace_of(cast::world_with_directories().boxed(), with_directories, most_steps).boxed(),
    ]
}

fn trace_of(
    world: impl Strategy<Value = World>,
    operation: impl Strategy<Value = Operation>,
    most_steps: usize,
) -> impl Strategy<Value = Trace> {
    let step = (seconds(), credentials(), operation, context());
    (world, vec(step, 1..=most_steps.max(1))).prop_map(|(world, drawn)| {
        let mut time = world.now;
        let steps =
            drawn.into_iter().enumerate().map(|(position, (after, credentials, operation, context))| {
                time = time.after_seconds(after).unwrap_or(time);
                let credentials = match &operation {
                    Operation::Event(_)
                    | Operation::Directory(
                        DirectoryOperation::Administration(_)
                        | DirectoryOperation::Event(_)
                        | DirectoryOperation::UserAction(_),
                    ) => Credentials::None,
                    Operation::Sts(
                        StsOperation::AssumeRoleWithSaml(_) | StsOperation::AssumeRoleWithWebIdentity(_),
                    ) if position % 8 != 7 => Credentials::None,
                    Operation::Sts(_)
                    | Operation::Pass(_)
                    | Operation::Policy(_)
                    | Operation::Account(_)
                    | Operation::Directory(DirectoryOperation::Call(_))
                    | Operation::Request(_) => credentials,
                };
                let context = if matches!(operation, Operation::Event(_)) { Context::new() } else { context };
                let name = Some(format!("s{position}"));
                Step { time, credentials, operation, context, endpoint: None, name }
            });
        let steps = steps.collect();
        Trace { world, steps }
    })
}

/// Seconds between steps: mostly none, and often to the very end of a session.
fn seconds() -> impl Strategy<Value = i64> {
    select(&[0_i64, 0, 0, 0, 0, 1, 899, 900, 901, 1_800, 3_599, 3_600, 3_601, 43_200, 86_400][..])
}

fn duration() -> impl Strategy<Value = Option<i128>> {
    let bounds = &[900_i128, 3_600, 3_601, 7_200, 43_200, 129_600, 899, 43_201, 129_601, 0, -1, 1 << 63][..];
    option::weighted(0.5, select(bounds))
}

fn credentials() -> impl Strategy<Value = Credentials> {
    let user = |name: &str| Credentials::User { arn: cast::user_arn(name), access_key: None };
    let key = |id: &str| Credentials::User { arn: cast::user_arn("alice"), access_key: Some(id.to_owned()) };
    let far = Credentials::User { arn: cast::CAROL.to_owned(), access_key: None };
    let root = Credentials::Root { account: cast::HOME.to_owned(), access_key: None };
    prop_oneof![
        8 => Just(user("alice")),
        4 => Just(user("bob")),
        2 => Just(far),
        1 => Just(key(cast::GOOD_KEY)),
        1 => Just(key(cast::DEAD_KEY)),
        1 => Just(key("AKIAFOREIGN")),
        2 => Just(root),
        1 => Just(Credentials::Foreign("made-up".to_owned())),
        2 => select(&cast::SERVICES[..]).prop_map(|name| Credentials::Service(name.to_owned())),
        1 => Just(Credentials::None),
        16 => (0_usize..20).prop_map(|step| Credentials::Session(format!("s{step}"))),
    ]
}

fn context() -> impl Strategy<Value = Context> {
    let single = |key: &str, value: &str| {
        let entry = (KeyName::new(key), ContextValue::Single(value.to_owned()));
        Context::from_entries([entry]).unwrap_or_default()
    };
    prop_oneof![
        8 => Just(Context::new()),
        1 => Just(single("aws:SourceIp", "203.0.113.7")),
        1 => Just(single("aws:ViaAWSService", "true")),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    // Boxed: the alternatives side by side are larger than the stack of a thread bears without optimisation.
    prop_oneof![
        14 => sts().prop_map(Operation::Sts).boxed(),
        5 => request().prop_map(Operation::Request).boxed(),
        2 => passing().prop_map(Operation::Pass).boxed(),
        6 => policy().prop_map(Operation::Policy).boxed(),
        5 => account().prop_map(Operation::Account).boxed(),
        2 => event().prop_map(Operation::Event).boxed(),
    ]
}

fn sts() -> impl Strategy<Value = StsOperation> {
    prop_oneof![
        8 => assume_role().prop_map(StsOperation::AssumeRole),
        2 => with_saml().prop_map(StsOperation::AssumeRoleWithSaml),
        2 => with_web_identity().prop_map(StsOperation::AssumeRoleWithWebIdentity),
        3 => (duration(), code()).prop_map(|(duration_seconds, mfa)| {
            StsOperation::GetSessionToken(GetSessionToken { duration_seconds, mfa })
        }),
        2 => federation_token().prop_map(StsOperation::GetFederationToken),
        2 => Just(StsOperation::GetCallerIdentity),
        1 => message().prop_map(StsOperation::DecodeAuthorizationMessage),
    ]
}

fn assume_role() -> impl Strategy<Value = AssumeRole> {
    let name =
        prop_oneof![12 => Just("work".to_owned()), 1 => Just("x".to_owned()), 1 => Just("a b".to_owned())];
    (
        (role_arn(), name, duration(), option::weighted(0.2, select(&["e-1", "e-2", "!"][..]))),
        session_policies(),
        (tags(), option::weighted(0.3, select(&["team", "TEAM", "cost"][..]))),
        option::weighted(0.3, select(&["alice", "mallory", "b"][..])),
        code(),
    )
        .prop_map(|(first, (policy, policy_arns), (tags, transitive), identity, mfa)| {
            let (role_arn, role_session_name, duration_seconds, external_id) = first;
            AssumeRole {
                role_arn,
                role_session_name,
                duration_seconds,
                external_id: external_id.map(str::to_owned),
                policy,
                policy_arns,
                transitive_tag_keys: transitive.map(str::to_owned).into_iter().collect(),
                tags,
                source_identity: identity.map(str::to_owned),
                mfa,
            }
        })
}

fn role_arn() -> impl Strategy<Value = String> {
    select(&cast::ROLES[..]).prop_map(str::to_owned)
}

fn tags() -> impl Strategy<Value = Vec<(String, String)>> {
    let tag = (select(&["team", "Team", "cost", "aws:x"][..]), select(&["red", "blue", ""][..]));
    let tag = tag.prop_map(|(key, value)| (key.to_owned(), value.to_owned()));
    prop_oneof![4 => Just(Vec::new()), 3 => vec(tag, 1..=2)]
}

fn code() -> impl Strategy<Value = MfaCode> {
    let pair = |serial: &str, code: &str| MfaCode {
        serial_number: Some(serial.to_owned()),
        token_code: Some(code.to_owned()),
    };
    prop_oneof![
        6 => Just(MfaCode::default()),
        3 => select(&cast::CODES[..]).prop_map(move |code| pair(cast::DEVICE, code)),
        1 => Just(pair("000000000", "111111")),
        1 => Just(MfaCode { serial_number: None, token_code: Some("111111".to_owned()) }),
    ]
}

fn session_policies() -> impl Strategy<Value = (Option<PolicyText>, Vec<String>)> {
    let text = select(documents::SESSION).prop_map(|text| PolicyText(text.to_owned()));
    let arn = select(&cast::POLICIES[..]).prop_map(str::to_owned);
    prop_oneof![
        6 => Just((None, Vec::new())),
        2 => text.prop_map(|text| (Some(text), Vec::new())),
        1 => vec(arn, 1..=2).prop_map(|arns| (None, arns)),
    ]
}

fn with_saml() -> impl Strategy<Value = AssumeRoleWithSaml> {
    let provider = select(&[cast::SAML, cast::SAML, cast::SAML, cast::FAR_SAML][..]);
    (role_arn(), provider, select(&cast::ASSERTIONS[..]), duration(), session_policies()).prop_map(
        |(role_arn, provider, assertion, duration_seconds, (policy, policy_arns))| AssumeRoleWithSaml {
            role_arn,
            principal_arn: provider.to_owned(),
            saml_assertion: assertion.to_owned(),
            duration_seconds,
            policy,
            policy_arns,
        },
    )
}

fn with_web_identity() -> impl Strategy<Value = AssumeRoleWithWebIdentity> {
    let told = option::weighted(0.1, select(&["www.amazon.com", "example.com"][..]));
    (role_arn(), select(&cast::TOKENS[..]), told, duration(), session_policies()).prop_map(
        |(role_arn, token, provider_id, duration_seconds, (policy, policy_arns))| AssumeRoleWithWebIdentity {
            role_arn,
            role_session_name: "web".to_owned(),
            web_identity_token: token.to_owned(),
            provider_id: provider_id.map(str::to_owned),
            duration_seconds,
            policy,
            policy_arns,
        },
    )
}

fn federation_token() -> impl Strategy<Value = GetFederationToken> {
    let name = select(&["Bob", "Bob", "Bob", "Eve", "b"][..]);
    (name, duration(), session_policies(), tags()).prop_map(
        |(name, duration_seconds, (policy, policy_arns), tags)| GetFederationToken {
            name: name.to_owned(),
            duration_seconds,
            policy,
            policy_arns,
            tags,
        },
    )
}

fn message() -> impl Strategy<Value = EncodedMessage> {
    let tampering = select(&[Tampering::None, Tampering::None, Tampering::Altered, Tampering::Cut][..]);
    let of = (0_usize..20, tampering)
        .prop_map(|(step, tampering)| EncodedMessage::Of { name: format!("s{step}"), tampering });
    prop_oneof![8 => of, 1 => Just(EncodedMessage::Text("made up".to_owned()))]
}

fn request() -> impl Strategy<Value = ServiceRequest> {
    let action = select(&["s3:GetObject", "s3:PutObject", "ec2:StopInstances", "iam:GetUser"][..]);
    let resource = select(&[cast::OBJECT, cast::BUCKET, "*", cast::FUNCTION, cast::ROLES[0]][..]);
    (action, resource).prop_map(|(action, resource)| ServiceRequest {
        action: action.to_owned(),
        resource: resource.to_owned(),
        resource_account: None,
    })
}

fn passing() -> impl Strategy<Value = Passing> {
    let passed = prop_oneof![
        4 => role_arn().prop_map(Passed::Role),
        1 => Just(Passed::InstanceProfile(cast::PROFILE.to_owned())),
    ];
    let told = prop_oneof![4 => Just(PassedToService::Told), 1 => Just(PassedToService::Untold)];
    (passed, select(&cast::SERVICES[..]), told).prop_map(|(passed, service, passed_to_service)| Passing {
        action: "lambda:CreateFunction".to_owned(),
        resource: cast::FUNCTION.to_owned(),
        passed,
        service: service.to_owned(),
        passed_to_service,
    })
}

fn event() -> impl Strategy<Value = Event> {
    let name = select(&["fn", "fn", "!"][..]);
    prop_oneof![
        1 => Just(Event::Wait),
        1 => Just(Event::AwsChangesPolicy {
            policy: cast::OF_AWS.to_owned(),
            document: PolicyText(documents::EVERYTHING_OF_STS_AND_IAM.to_owned()),
        }),
        4 => (name, duration()).prop_map(|(name, duration_seconds)| Event::RoleTakenUp {
            resource: cast::FUNCTION.to_owned(),
            session_name: name.to_owned(),
            duration_seconds,
        }),
    ]
}

fn holder() -> impl Strategy<Value = Holder> {
    prop_oneof![
        3 => select(&cast::USERS[..]).prop_map(|name| Holder::User(name.to_owned())),
        2 => select(&cast::ROLE_NAMES[..]).prop_map(|name| Holder::Role(name.to_owned())),
        1 => Just(Holder::Group("staff".to_owned())),
    ]
}

/// A user or role: what has a boundary and tags.
fn bounded() -> impl Strategy<Value = Holder> {
    prop_oneof![
        select(&cast::USERS[..]).prop_map(|name| Holder::User(name.to_owned())),
        select(&cast::ROLE_NAMES[..]).prop_map(|name| Holder::Role(name.to_owned())),
    ]
}

fn identity_text() -> impl Strategy<Value = PolicyText> {
    prop_oneof![
        9 => select(documents::IDENTITY).prop_map(|text| PolicyText(text.to_owned())),
        1 => Just(PolicyText("{}".to_owned())),
    ]
}

fn trust_text() -> impl Strategy<Value = PolicyText> {
    prop_oneof![
        12 => select(documents::TRUST).prop_map(|text| PolicyText(text.to_owned())),
        1 => Just(PolicyText(documents::TRUST_IN_A_STRANGER.to_owned())),
    ]
}

fn policy() -> impl Strategy<Value = PolicyOperation> {
    let policy = || select(&cast::POLICIES[..]).prop_map(str::to_owned);
    let version = || (1_u64..=7).prop_map(VersionNumber);
    let inline = || select(&["p", "P", "q"][..]).prop_map(str::to_owned);
    let default = prop_oneof![Just(DefaultChoice::NewVersion), Just(DefaultChoice::Unchanged)];
    prop_oneof![
        1 => (select(&["limit", "LIMIT", "fresh"][..]), identity_text()).prop_map(|(name, document)| {
            PolicyOperation::CreatePolicy { name: name.to_owned(), path: "/".to_owned(), document }
        }),
        4 => (policy(), identity_text(), default).prop_map(|(policy, document, default)| {
            PolicyOperation::CreatePolicyVersion { policy, document, default }
        }),
        3 => (policy(), version())
            .prop_map(|(policy, version)| PolicyOperation::SetDefaultPolicyVersion { policy, version }),
        2 => (policy(), version())
            .prop_map(|(policy, version)| PolicyOperation::DeletePolicyVersion { policy, version }),
        1 => policy().prop_map(|policy| PolicyOperation::DeletePolicy { policy }),
        1 => (policy(), tags()).prop_map(|(policy, tags)| PolicyOperation::TagPolicy { policy, tags }),
        3 => (holder(), policy()).prop_map(|(holder, policy)| PolicyOperation::Attach { holder, policy }),
        3 => (holder(), policy()).prop_map(|(holder, policy)| PolicyOperation::Detach { holder, policy }),
        3 => (holder(), inline(), identity_text())
            .prop_map(|(holder, name, document)| PolicyOperation::PutInline { holder, name, document }),
        2 => (holder(), inline()).prop_map(|(holder, name)| PolicyOperation::DeleteInline { holder, name }),
        1 => (bounded(), policy())
            .prop_map(|(holder, policy)| PolicyOperation::PutBoundary { holder, policy }),
        1 => bounded().prop_map(|holder| PolicyOperation::DeleteBoundary { holder }),
        3 => (select(&cast::ROLE_NAMES[..]), trust_text()).prop_map(|(role, document)| {
            PolicyOperation::UpdateTrust { role: role.to_owned(), document }
        }),
        2 => select(documents::RESOURCE).prop_map(|text| PolicyOperation::PutResourcePolicy {
            action: "s3:PutBucketPolicy".to_owned(),
            resource: cast::BUCKET.to_owned(),
            document: PolicyText(text.to_owned()),
        }),
        1 => Just(PolicyOperation::DeleteResourcePolicy {
            action: "s3:DeleteBucketPolicy".to_owned(),
            resource: cast::BUCKET.to_owned(),
        }),
    ]
}

fn account() -> impl Strategy<Value = AccountOperation> {
    let user = || select(&cast::USERS[..]).prop_map(str::to_owned);
    let role = || select(&cast::ROLE_NAMES[..]).prop_map(str::to_owned);
    let boundary = || option::weighted(0.3, select(&cast::POLICIES[..]).prop_map(str::to_owned));
    let key_of = || prop_oneof![user().prop_map(KeyOf::User), Just(KeyOf::Caller)];
    let key = || select(&[cast::GOOD_KEY, cast::DEAD_KEY, "AKIAFOREIGN"][..]).prop_map(str::to_owned);
    let by = bool::ANY.prop_map(|api| if api { DeletionBy::Api } else { DeletionBy::Console });
    let group = || select(&["staff", "nobody"][..]).prop_map(str::to_owned);
    let maximum = || select(&[3_600_i128, 7_200, 43_200, 43_201][..]);
    prop_oneof![
        2 => (user(), boundary(), tags()).prop_map(|(name, boundary, tags)| {
            AccountOperation::CreateUser { name, path: "/".to_owned(), boundary, tags }
        }),
        1 => Just(AccountOperation::CreateGroup { name: "staff".to_owned(), path: "/".to_owned() }),
        3 => (role(), trust_text(), option::of(maximum()), boundary(), tags()).prop_map(
            |(name, trust, max_session_duration, boundary, tags)| AccountOperation::CreateRole {
                name,
                path: "/".to_owned(),
                trust,
                max_session_duration,
                boundary,
                tags,
            }
        ),
        1 => (role(), maximum()).prop_map(|(name, max_session_duration)| {
            AccountOperation::UpdateRole { name, max_session_duration }
        }),
        5 => (holder(), by).prop_map(|(holder, by)| AccountOperation::Delete { holder, by }),
        1 => (user(), group()).prop_map(|(user, group)| AccountOperation::AddUserToGroup { user, group }),
        1 => (user(), group())
            .prop_map(|(user, group)| AccountOperation::RemoveUserFromGroup { user, group }),
        2 => (bounded(), tags()).prop_map(|(holder, tags)| AccountOperation::Tag { holder, tags }),
        1 => bounded().prop_map(|holder| {
            AccountOperation::Untag { holder, tag_keys: vec!["TEAM".to_owned()] }
        }),
        1 => key_of().prop_map(|user| AccountOperation::CreateAccessKey { user }),
        2 => (key_of(), key(), bool::ANY).prop_map(|(user, key, active)| {
            let state = if active { KeyState::Active } else { KeyState::Inactive };
            AccountOperation::UpdateAccessKey { user, key, state }
        }),
        1 => (key_of(), key()).prop_map(|(user, key)| AccountOperation::DeleteAccessKey { user, key }),
        1 => user().prop_map(|user| AccountOperation::CreateLoginProfile { user }),
        1 => user().prop_map(|user| AccountOperation::DeleteLoginProfile { user }),
        1 => user().prop_map(|user| AccountOperation::DeactivateMfaDevice {
            user,
            serial_number: cast::DEVICE.to_owned(),
        }),
        1 => user().prop_map(|user| AccountOperation::EnableMfaDevice {
            user,
            serial_number: cast::DEVICE.to_owned(),
            codes: vec!["444444".to_owned()],
        }),
        1 => Just(AccountOperation::DeleteInstanceProfile { name: "box".to_owned() }),
        1 => Just(AccountOperation::CreateInstanceProfile { name: "box".to_owned(), path: "/".to_owned() }),
        2 => role().prop_map(|role| {
            AccountOperation::AddRoleToInstanceProfile { profile: "box".to_owned(), role }
        }),
        1 => role().prop_map(|role| {
            AccountOperation::RemoveRoleFromInstanceProfile { profile: "box".to_owned(), role }
        }),
    ]
}
