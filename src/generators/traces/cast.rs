//! Who and what is there when a random trace begins.

use std::collections::{BTreeMap, BTreeSet};

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::documents;
use crate::generators::directories::directories;
use crate::iam::context::{Context, ContextValue};
use crate::iam::document::{self, Strictness, TypeChoice};
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::policy::{Policy, PolicyType, Version};
use crate::iam::request::ResourcePolicyMark;
use crate::iam::tags::Tags;
use crate::iam::world::{
    AccessKey, Account, Assertion, Genuineness, Group, HolderPolicies, IdKind, IdentityToken,
    InstanceProfile, KeyState, LoginProfile, ManagedPolicy, MfaDevice, OneTimeCode, Pair, Profile, Resource,
    Role, StoredPolicy, User, World,
};

pub const HOME: &str = "111122223333";
const FAR: &str = "444455556666";
pub const CAROL: &str = "arn:aws:iam::444455556666:user/carol";
/// Users of the home account; the last is not there at first.
pub const USERS: [&str; 3] = ["alice", "bob", "dora"];
/// Roles of the home account; the last is not there at first.
pub const ROLE_NAMES: [&str; 5] = ["reader", "writer", "linked", "AWSReservedSSO_x", "fresh"];
/// Roles by ARN, one of the other account and one that is no role among them.
pub const ROLES: [&str; 8] = [
    "arn:aws:iam::111122223333:role/reader",
    "arn:aws:iam::111122223333:role/writer",
    "arn:aws:iam::111122223333:role/reader",
    "arn:aws:iam::111122223333:role/writer",
    "arn:aws:iam::111122223333:role/fresh",
    "arn:aws:iam::111122223333:role/AWSReservedSSO_x",
    "arn:aws:iam::444455556666:role/far",
    "arn:aws:iam::111122223333:user/alice",
];
pub const OF_AWS: &str = "arn:aws:iam::aws:policy/Everything";
/// Managed policies; the last but one is the other account's, the last is nowhere.
pub const POLICIES: [&str; 5] = [
    "arn:aws:iam::111122223333:policy/limit",
    "arn:aws:iam::111122223333:policy/fresh",
    OF_AWS,
    "arn:aws:iam::444455556666:policy/limit",
    "arn:aws:iam::111122223333:policy/nowhere",
];
pub const SERVICES: [&str; 2] = ["lambda.amazonaws.com", "ec2.amazonaws.com"];
pub const GOOD_KEY: &str = "AKIA0000000000000101";
pub const DEAD_KEY: &str = "AKIA0000000000000102";
pub const DEVICE: &str = "arn:aws:iam::111122223333:mfa/alice";
/// Codes: shown always, shown for the first hour, never shown.
pub const CODES: [&str; 3] = ["111111", "222222", "333333"];
pub const SAML: &str = "arn:aws:iam::111122223333:saml-provider/adfs";
pub const FAR_SAML: &str = "arn:aws:iam::444455556666:saml-provider/adfs";
const OIDC: &str = "arn:aws:iam::111122223333:oidc-provider/idp.example.com";
pub const ASSERTIONS: [&str; 6] = ["plain", "short", "tagged", "forged", "rejected", "nothing"];
pub const TOKENS: [&str; 5] = ["token", "google", "forged-token", "stranger", "nothing"];
pub const BUCKET: &str = "arn:aws:s3:::ledger";
pub const OBJECT: &str = "arn:aws:s3:::ledger/2024";
pub const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:f";
pub const PROFILE: &str = "arn:aws:iam::111122223333:instance-profile/box";

pub fn user_arn(name: &str) -> String {
    format!("arn:aws:iam::{HOME}:user/{name}")
}

/// What is drawn of a world.
#[derive(Clone, Debug)]
struct Drawn {
    profile: Profile,
    of_users: [usize; 2],
    of_roles: [usize; 2],
    trusts: [usize; 3],
    maxima: [u32; 2],
    bucket: Option<usize>,
    team: Option<&'static str>,
    attached: Option<usize>,
}

/// The cast, with policies drawn.
pub fn world() -> impl Strategy<Value = World> {
    // The first policy allows everything: without it most steps would be denied.
    let identity = || prop_oneof![2 => Just(0), 3 => 0..documents::IDENTITY.len()];
    let trust = || prop_oneof![2 => 0_usize..2, 3 => 0..documents::TRUST.len()];
    let maximum = || select(&[3_600_u32, 7_200, 43_200][..]);
    let profile = select(&[Profile::Strict, Profile::Aws][..]);
    (
        profile,
        [identity(), identity()],
        [identity(), identity()],
        [trust(), trust(), trust()],
        [maximum(), maximum()],
        option::of(0..documents::RESOURCE.len()),
        option::of(select(&["red", "blue"][..])),
        option::of(0_usize..2),
    )
        .prop_map(|(profile, of_users, of_roles, trusts, maxima, bucket, team, attached)| {
            build(&Drawn { profile, of_users, of_roles, trusts, maxima, bucket, team, attached })
        })
}

/// The cast, and directories beside it whose service the first two roles may trust.
pub fn world_with_directories() -> impl Strategy<Value = World> {
    let trusts = [0, 0].map(|_| option::weighted(0.9, 0..documents::TRUST_OF_DIRECTORIES.len()));
    (world(), directories(), trusts).prop_map(|(mut world, directories, trusts)| {
        for (name, trust) in ["reader", "writer"].into_iter().zip(trusts) {
            let role = world.accounts.get_mut(HOME).and_then(|account| account.roles.get_mut(name));
            if let Some((role, trust)) = role.zip(trust) {
                let text = policy(documents::TRUST_OF_DIRECTORIES, trust, PolicyType::Trust);
                role.trust = StoredPolicy::new(text);
            }
        }
        world.directories = directories;
        world
    })
}

/// A text of [`documents`] as a policy.
fn policy(texts: &[&str], which: usize, policy_type: PolicyType) -> Policy {
    let text = texts.get(which).copied().unwrap_or_default();
    let read = document::read(text.as_bytes(), TypeChoice::Given(policy_type), Strictness::Strict);
    read.policy.unwrap_or(Policy { version: Version::V2012, id: None, statements: Vec::new() })
}

fn identity(which: usize) -> StoredPolicy {
    StoredPolicy::new(policy(documents::IDENTITY, which, PolicyType::Identity))
}

fn team(value: Option<&str>) -> Tags {
    value.map(|value| ("team", value)).into_iter().collect()
}

fn holding(which: usize) -> HolderPolicies {
    let inline = BTreeMap::from([("p".to_owned(), identity(which))]);
    HolderPolicies { inline, attached: BTreeSet::new() }
}

fn user(world: &mut World, which: usize, tags: Tags) -> User {
    User {
        id: world.fresh_id(IdKind::User),
        path: "/".to_owned(),
        policies: holding(which),
        boundary: None,
        groups: BTreeSet::new(),
        tags,
        access_keys: BTreeMap::new(),
        mfa_devices: BTreeMap::new(),
        login_profile: LoginProfile::Absent,
    }
}

fn role(world: &mut World, path: &str, trust: usize, which: usize, maximum: u32) -> Role {
    Role {
        id: world.fresh_id(IdKind::Role),
        path: path.to_owned(),
        trust: StoredPolicy::new(policy(documents::TRUST, trust, PolicyType::Trust)),
        policies: holding(which),
        boundary: None,
        tags: Tags::new(),
        max_session_duration: maximum,
    }
}

fn build(drawn: &Drawn) -> World {
    let now = Instant::parse("2024-06-01T12:00:00Z").or_else(|| Instant::from_epoch_seconds(0));
    let Some(now) = now else { panic!("the epoch is an instant") };
    let mut world = World::empty(drawn.profile, now);
    let mut home = Account::empty("aws");
    let mut alice = user(&mut world, drawn.of_users[0], team(drawn.team));
    let key = |state| AccessKey { state };
    alice.access_keys.insert(GOOD_KEY.to_owned(), key(KeyState::Active));
    alice.access_keys.insert(DEAD_KEY.to_owned(), key(KeyState::Inactive));
    let hour = OneTimeCode { from: None, until: now.after_seconds(3_600) };
    let codes = BTreeMap::from([("111111".to_owned(), OneTimeCode::default()), ("222222".to_owned(), hour)]);
    alice.mfa_devices.insert(DEVICE.to_owned(), MfaDevice { codes, used: BTreeSet::new() });
    alice.groups.insert("staff".to_owned());
    let bob = user(&mut world, drawn.of_users[1], Tags::new());
    home.users = BTreeMap::from([("alice".to_owned(), alice), ("bob".to_owned(), bob)]);
    let id = world.fresh_id(IdKind::Group);
    let staff = Group { id, path: "/".to_owned(), policies: HolderPolicies::default() };
    home.groups.insert("staff".to_owned(), staff);
    let mut reader = role(&mut world, "/", drawn.trusts[0], drawn.of_roles[0], drawn.maxima[0]);
    reader.tags = team(drawn.team);
    let limit = "arn:aws:iam::111122223333:policy/limit";
    if let Some(which) = drawn.attached {
        let holder =
            if which == 0 { home.groups.get_mut("staff").map(|group| &mut group.policies) } else { None };
        holder.unwrap_or(&mut reader.policies).attached.insert(limit.to_owned());
    }
    let writer = role(&mut world, "/", drawn.trusts[1], drawn.of_roles[1], drawn.maxima[1]);
    let linked = role(&mut world, "/aws-service-role/lambda.amazonaws.com/", 4, 0, 3_600);
    let reserved = role(&mut world, "/", 5, 0, 3_600);
    for (name, role) in
        [("reader", reader), ("writer", writer), ("linked", linked), ("AWSReservedSSO_x", reserved)]
    {
        home.roles.insert(name.to_owned(), role);
    }
    let managed =
        |world: &mut World, which| ManagedPolicy::new(world.fresh_id(IdKind::Policy), identity(which));
    home.policies.insert(limit.to_owned(), managed(&mut world, 2));
    let profile = InstanceProfile { path: "/".to_owned(), role: None };
    home.instance_profiles.insert("box".to_owned(), profile);
    home.saml_providers.insert(SAML.to_owned());
    home.oidc_providers.insert(OIDC.to_owned(), BTreeSet::from(["app".to_owned()]));
    let mut far = Account::empty("aws");
    far.users.insert("carol".to_owned(), user(&mut world, 0, Tags::new()));
    far.roles.insert("far".to_owned(), role(&mut world, "/", drawn.trusts[2], 0, 3_600));
    far.policies.insert("arn:aws:iam::444455556666:policy/limit".to_owned(), managed(&mut world, 2));
    far.saml_providers.insert(FAR_SAML.to_owned());
    let of_aws = managed(&mut world, 0);
    world.aws_managed.insert(OF_AWS.to_owned(), of_aws);
    world.accounts = BTreeMap::from([(HOME.to_owned(), home), (FAR.to_owned(), far)]);
    let bucket = drawn.bucket.map(|which| policy(documents::RESOURCE, which, PolicyType::Resource));
    world.resources.insert(BUCKET.to_owned(), resource(bucket));
    world.assertions = assertions(now);
    world.tokens = tokens(now);
    world
}

fn resource(policy: Option<Policy>) -> Resource {
    Resource {
        account: HOME.to_owned(),
        policy,
        tags: Tags::new(),
        policy_mark: ResourcePolicyMark::Unmarked,
        passed_role: None,
    }
}

fn assertions(now: Instant) -> BTreeMap<String, Assertion> {
    let pairs = ["reader", "writer", "AWSReservedSSO_x", "fresh"]
        .map(|role| Pair { role: format!("arn:aws:iam::{HOME}:role/{role}"), provider: SAML.to_owned() });
    let subject = (KeyName::new("saml:sub"), ContextValue::Single("sam".to_owned()));
    let issuer = (KeyName::new("saml:iss"), ContextValue::Single("https://adfs".to_owned()));
    let plain = Assertion {
        provider: SAML.to_owned(),
        genuineness: Genuineness::Genuine,
        not_on_or_after: now.after_seconds(43_200),
        session_not_on_or_after: None,
        roles: pairs.to_vec(),
        role_session_name: Some("sam".to_owned()),
        tags: Vec::new(),
        transitive_tag_keys: Vec::new(),
        source_identity: None,
        keys: Context::from_entries([subject, issuer]).unwrap_or_default(),
    };
    let tagged = Assertion {
        tags: vec![("team".to_owned(), "red".to_owned())],
        transitive_tag_keys: vec!["Team".to_owned()],
        source_identity: Some("alice".to_owned()),
        ..plain.clone()
    };
    let short = Assertion { session_not_on_or_after: now.after_seconds(2_700), ..plain.clone() };
    let forged = Assertion { genuineness: Genuineness::Forged, ..plain.clone() };
    let rejected = Assertion { genuineness: Genuineness::Rejected, ..plain.clone() };
    let all = [plain, short, tagged, forged, rejected];
    ASSERTIONS.iter().map(|name| (*name).to_owned()).zip(all).collect()
}

fn tokens(now: Instant) -> BTreeMap<String, IdentityToken> {
    let token = IdentityToken {
        provider: OIDC.to_owned(),
        genuineness: Genuineness::Genuine,
        audience: "app".to_owned(),
        subject: "sam".to_owned(),
        expires: now.after_seconds(7_200),
        tags: Vec::new(),
        transitive_tag_keys: Vec::new(),
        source_identity: None,
        keys: Context::new(),
    };
    let google = IdentityToken { provider: "accounts.google.com".to_owned(), ..token.clone() };
    let forged = IdentityToken { genuineness: Genuineness::Forged, ..token.clone() };
    let stranger = IdentityToken { audience: "other".to_owned(), ..token.clone() };
    TOKENS.iter().map(|name| (*name).to_owned()).zip([token, google, forged, stranger]).collect()
}
