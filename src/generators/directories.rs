//! Random directories and operations on them.
//!
//! One cast of domains in every world: a forest of two trees, a second forest, two managed directories, a connector and a Simple AD.
//! The same account names live in every domain, so that a user who is taken for a namesake shows; trusts are drawn as pairs of records
//! in which one side may be missing, of another type, direction or password.

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use crate::iam::directory::{
    AccountName, Administration, Assignment, AwsDirectory, AwsDirectoryKind, Capability, ConsoleAccess,
    Directories, DirectoryCall, DirectoryEvent, DirectoryId, DirectoryName, DirectoryOperation,
    DirectoryState, Domain, DomainName, DomainPlace, Forest, IdentityProvider, Link, LogonAttempt, LogonUse,
    NewDirectory, NewDirectoryKind, Object, ObjectKind, ObjectName, Radius, RadiusCode, Reach, RoleMapping,
    ServiceAccount, Sid, Subject, Tree, TrustDirection, TrustExtent, TrustRecord, UserAction, UserStatus,
};

/// The account of every directory.
pub const ACCOUNT: &str = "111122223333";

/// Roles: the first two are the account's and trust the directory service, the third does not trust it, the fourth is of another
/// account.
pub const ROLES: [&str; 4] = [
    "arn:aws:iam::111122223333:role/reader",
    "arn:aws:iam::111122223333:role/writer",
    "arn:aws:iam::111122223333:role/untrusting",
    "arn:aws:iam::444455556666:role/reader",
];

/// The identity provider of every world.
pub const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/adfs";

/// Domains on premises: the first forest has two trees, the second one.
const ON_PREMISES: [&str; 5] =
    ["corp.local", "emea.corp.local", "sales.test", "partner.local", "eu.partner.local"];

/// Domains of directories that AWS keeps.
const IN_AWS: [&str; 3] = ["corp.aws", "other.aws", "small.aws"];

/// Ids: managed, managed, connector, Simple AD; the last is nobody's.
const IDS: [&str; 5] = ["d-1111111111", "d-1212121212", "d-2222222222", "d-3333333333", "d-9999999999"];

/// Account names. Each domain begins with users of the first three and groups of the last two.
const ACCOUNTS: [&str; 6] = ["sam", "olga", "svc", "o'hara", "staff", "outer"];

/// How many objects each domain begins with: three users, two groups.
const OBJECTS: u64 = 5;

const PASSWORDS: [&str; 2] = ["right", "wrong"];

/// What of the cast is known: texts of this file that are names.
fn domain_name(text: &str) -> Option<DomainName> {
    DomainName::parse(text).ok()
}

fn account_name(text: &str) -> Option<AccountName> {
    AccountName::parse(text).ok()
}

fn select_parsed<T: Clone + std::fmt::Debug + 'static>(
    texts: &[&str],
    parse: fn(&str) -> Option<T>,
) -> impl Strategy<Value = T> + Clone + use<T> {
    select(texts.iter().filter_map(|text| parse(text)).collect::<Vec<T>>())
}

fn any_domain() -> impl Strategy<Value = DomainName> + Clone {
    let all: Vec<&str> = ON_PREMISES.iter().chain(&IN_AWS).copied().collect();
    select_parsed(&all, domain_name)
}

fn any_id() -> impl Strategy<Value = DirectoryId> + Clone {
    select_parsed(&IDS, |text| DirectoryId::parse(text).ok())
}

/// A directory by name or by id.
pub fn any_directory() -> impl Strategy<Value = DirectoryName> {
    prop_oneof![any_domain().prop_map(DirectoryName::Domain), any_id().prop_map(DirectoryName::Id)]
}

fn any_account() -> impl Strategy<Value = AccountName> + Clone {
    select_parsed(&ACCOUNTS, account_name)
}

fn any_object() -> impl Strategy<Value = ObjectName> {
    (any_account(), any_domain()).prop_map(|(account, domain)| ObjectName { account, domain })
}

/// A SID of an object of the first hour, or of one that came later or went.
fn any_sid() -> impl Strategy<Value = Sid> {
    (1..=OBJECTS * 8 + 3).prop_map(Sid::numbered)
}

/// Mostly the first role, so that what is assigned is what is asked for.
fn any_role() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(ROLES[0]), 1 => select(ROLES.to_vec())].prop_map(str::to_owned)
}

fn any_password() -> impl Strategy<Value = String> {
    prop_oneof![8 => Just(PASSWORDS[0]), 1 => Just(PASSWORDS[1])].prop_map(str::to_owned)
}

fn any_status() -> impl Strategy<Value = UserStatus> {
    prop_oneof![8 => Just(UserStatus::Enabled), 1 => select(UserStatus::ALL.to_vec())]
}

fn any_reach() -> impl Strategy<Value = Reach> {
    prop_oneof![3 => Just(Reach::Up), 1 => Just(Reach::Down)]
}

fn any_radius() -> impl Strategy<Value = Radius> {
    let account = prop_oneof![4 => select_parsed(&ACCOUNTS[..2], account_name), 1 => any_account()];
    let (from, until) = (option::weighted(0.2, 0..4_i64), option::weighted(0.3, 0..12_i64));
    let code = (account, prop_oneof![4 => Just("1"), 1 => Just("2")], from, until);
    let code = code.prop_map(|(account, code, from_s, until_s)| RadiusCode {
        account,
        code: code.to_owned(),
        from_s,
        until_s,
    });
    (any_reach(), vec(code, 1..5)).prop_map(|(reach, codes)| Radius { reach, codes })
}

/// The objects of one domain; `first` is the number of the first SID.
fn domain(name: &'static str, first: u64) -> impl Strategy<Value = Option<Domain>> {
    let users = vec((any_password(), any_status()), 3);
    let members = vec(vec(any_sid(), 0..5), 2);
    (users, members).prop_map(move |(users, members)| {
        let users = users.into_iter().map(|(password, status)| ObjectKind::User { password, status });
        let groups = members.into_iter().map(|members| ObjectKind::Group { members });
        let names = [ACCOUNTS[0], ACCOUNTS[1], ACCOUNTS[2], ACCOUNTS[4], ACCOUNTS[5]];
        let objects = users.chain(groups).zip(names).zip(first..).map(|((kind, name), number)| {
            let account = AccountName::parse(name).ok()?;
            Some(Object { sid: Sid::numbered(number), account, kind })
        });
        Some(Domain { name: domain_name(name)?, objects: objects.collect::<Option<_>>()? })
    })
}

/// Every domain of the cast, those on premises first.
fn domains() -> impl Strategy<Value = Vec<Domain>> {
    let all: Vec<_> = ON_PREMISES
        .iter()
        .chain(&IN_AWS)
        .zip(0_u64..)
        .map(|(name, index)| domain(name, index * OBJECTS + 1))
        .collect();
    all.prop_map(|domains| domains.into_iter().flatten().collect())
}

/// Both sides of a trust, most of them complements.
fn trust() -> impl Strategy<Value = Vec<TrustRecord>> {
    let ends = select(vec![
        ("corp.aws", "corp.local", TrustExtent::Forest),
        ("corp.aws", "corp.local", TrustExtent::External),
        ("corp.aws", "emea.corp.local", TrustExtent::External),
        ("corp.aws", "partner.local", TrustExtent::Forest),
        ("corp.aws", "other.aws", TrustExtent::Forest),
        ("corp.local", "partner.local", TrustExtent::Forest),
        ("sales.test", "eu.partner.local", TrustExtent::External),
        ("other.aws", "partner.local", TrustExtent::External),
    ]);
    let flaw = prop_oneof![
        6 => Just(Flaw::None),
        1 => Just(Flaw::OneSided),
        1 => Just(Flaw::OtherPassword),
        1 => Just(Flaw::OtherType),
        1 => select(TrustDirection::ALL.to_vec()).prop_map(Flaw::Facing),
    ];
    let direction = prop_oneof![3 => Just(TrustDirection::TwoWay), 2 => select(TrustDirection::ALL.to_vec())];
    (ends, direction, flaw).prop_map(|((one, other, extent), direction, flaw)| {
        let (Some(one), Some(other)) = (domain_name(one), domain_name(other)) else { return Vec::new() };
        let facing = match (&flaw, direction) {
            (Flaw::Facing(facing), _) => *facing,
            (_, TrustDirection::Incoming) => TrustDirection::Outgoing,
            (_, TrustDirection::Outgoing) => TrustDirection::Incoming,
            (_, TrustDirection::TwoWay) => TrustDirection::TwoWay,
        };
        let (mut other_extent, mut password) = (extent, "a");
        match flaw {
            Flaw::OtherType => {
                other_extent = match extent {
                    TrustExtent::External => TrustExtent::Forest,
                    TrustExtent::Forest => TrustExtent::External,
                }
            }
            Flaw::OtherPassword => password = "b",
            Flaw::None | Flaw::OneSided | Flaw::Facing(_) => {}
        }
        let (owner, partner) = (one.clone(), other.clone());
        let mut records = vec![TrustRecord { owner, partner, direction, extent, password: "a".to_owned() }];
        if !matches!(flaw, Flaw::OneSided) {
            let (owner, partner, password) = (other, one, password.to_owned());
            records.push(TrustRecord { owner, partner, direction: facing, extent: other_extent, password });
        }
        records
    })
}

/// What is wrong between the two sides of a trust.
#[derive(Clone, Debug)]
enum Flaw {
    None,
    OneSided,
    OtherPassword,
    OtherType,
    Facing(TrustDirection),
}

/// A directory that AWS keeps, but for its kind.
fn directory(id: &'static str, kind: AwsDirectoryKind) -> impl Strategy<Value = Option<AwsDirectory>> {
    let state = prop_oneof![8 => Just(DirectoryState::Active), 1 => Just(DirectoryState::Inactive)];
    let console = prop_oneof![4 => Just(ConsoleAccess::Enabled), 1 => Just(ConsoleAccess::Disabled)];
    let role = prop_oneof![4 => Just(ROLES[0]), 1 => select(ROLES[..3].to_vec())];
    let assignments = vec((any_sid(), role), 4..24);
    (state, prop::bool::weighted(0.85), console, assignments, select(vec![900, 3600, 43_200])).prop_map(
        move |(state, has_url, console, assignments, session_length_s)| {
            let mut assignments: Vec<Assignment> = assignments
                .into_iter()
                .map(|(subject, role)| Assignment { subject, role: role.to_owned() })
                .collect();
            assignments.sort();
            assignments.dedup();
            Some(AwsDirectory {
                id: DirectoryId::parse(id).ok()?,
                partition: "aws".to_owned(),
                region: "eu-west-1".to_owned(),
                account: ACCOUNT.to_owned(),
                kind: kind.clone(),
                state,
                access_url: has_url.then(|| format!("https://{id}.awsapps.com")),
                console,
                session_length_s,
                assignments,
            })
        },
    )
}

/// Directories: the whole cast.
pub fn directories() -> impl Strategy<Value = Directories> {
    let rest = (
        vec(option::weighted(0.4, any_radius()), 3),
        select(vec!["corp.local", "emea.corp.local"]),
        any_password(),
    );
    (domains(), rest)
        .prop_flat_map(|(domains, (radius, target, password))| {
            let named = |name: &str| domains.iter().find(|domain| domain.name.spelling() == name).cloned();
            let aws = cast_in_aws(&named, &radius, target, password).unwrap_or_default();
            let links = btree_set(
                (any_id(), any_domain()).prop_map(|(directory, domain)| Link { directory, domain }),
                0..4,
            );
            let forests = cast_on_premises(&named).unwrap_or_default();
            (Just(forests), aws, vec(trust(), 0..8), links, vec((any_sid(), select(ROLES.to_vec())), 0..3))
        })
        .prop_map(|(forests, aws, trusts, links_down, mappings)| {
            let mut directories = Directories {
                forests,
                aws: aws.into_iter().flatten().collect(),
                links_down,
                next_sid: OBJECTS * 8 + 4,
                ..Directories::default()
            };
            for record in trusts.into_iter().flatten() {
                if directories.trust_record(&record.owner, &record.partner).is_none() {
                    directories.trusts.push(record);
                }
            }
            if let Some(domain) = domain_name("corp.local") {
                let mappings =
                    mappings.into_iter().map(|(group, role)| RoleMapping { group, role: role.to_owned() });
                let provider =
                    IdentityProvider { arn: PROVIDER.to_owned(), domain, mappings: mappings.collect() };
                directories.identity_providers.push(provider);
            }
            directories
        })
}

fn cast_on_premises(named: &dyn Fn(&str) -> Option<Domain>) -> Option<Vec<Forest>> {
    let first = Tree { root: named("corp.local")?, others: vec![named("emea.corp.local")?] };
    let second = Tree { root: named("sales.test")?, others: Vec::new() };
    let partner = Tree { root: named("partner.local")?, others: vec![named("eu.partner.local")?] };
    Some(vec![Forest { root: first, others: vec![second] }, Forest { root: partner, others: Vec::new() }])
}

/// The directories that AWS keeps, each still to be drawn but for its kind.
fn cast_in_aws(
    named: &dyn Fn(&str) -> Option<Domain>,
    radius: &[Option<Radius>],
    target: &str,
    password: String,
) -> Option<Vec<impl Strategy<Value = Option<AwsDirectory>> + use<>>> {
    let mut radius = radius.iter().cloned();
    let mut next_radius = || radius.next().flatten();
    let managed = AwsDirectoryKind::Managed { domain: named("corp.aws")?, radius: next_radius() };
    let other = AwsDirectoryKind::Managed { domain: named("other.aws")?, radius: next_radius() };
    let service_account = ServiceAccount { account: AccountName::parse("svc").ok()?, password };
    let connector =
        AwsDirectoryKind::Connector { target: domain_name(target)?, service_account, radius: next_radius() };
    let simple = AwsDirectoryKind::Simple { domain: named("small.aws")? };
    let [first, second, third, fourth, _] = IDS;
    Some(vec![
        directory(first, managed),
        directory(second, other),
        directory(third, connector),
        directory(fourth, simple),
    ])
}

/// Somebody who wants to log on, and where. Most come to a directory that may know them: the way there is what breaks.
pub fn any_attempt() -> impl Strategy<Value = (DirectoryName, LogonAttempt)> {
    let ways: Vec<_> = WAYS.iter().copied().filter_map(known_way).collect();
    let way = prop_oneof![5 => select(ways), 1 => (any_directory(), any_domain())];
    let account = prop_oneof![6 => select_parsed(&ACCOUNTS[..2], account_name), 1 => any_account()];
    let password = prop_oneof![8 => Just(PASSWORDS[0]), 1 => Just(PASSWORDS[1])];
    let otp = prop_oneof![5 => Just(Some("1")), 1 => Just(Some("2")), 2 => Just(None)];
    (way, account, password, otp).prop_map(|((at, domain), account, password, otp)| {
        let user = ObjectName { account, domain };
        (at, LogonAttempt { user, password: password.to_owned(), otp: otp.map(str::to_owned) })
    })
}

/// Directories, and homes of users who may come there.
const WAYS: [(&str, &str); 16] = [
    ("d-1111111111", "corp.aws"),
    ("d-1111111111", "corp.local"),
    ("d-1111111111", "emea.corp.local"),
    ("d-1111111111", "sales.test"),
    ("corp.aws", "partner.local"),
    ("corp.aws", "other.aws"),
    ("d-1212121212", "other.aws"),
    ("d-1212121212", "partner.local"),
    ("d-2222222222", "corp.local"),
    ("d-2222222222", "corp.local"),
    ("d-2222222222", "emea.corp.local"),
    ("d-2222222222", "emea.corp.local"),
    ("d-3333333333", "small.aws"),
    ("corp.local", "emea.corp.local"),
    ("emea.corp.local", "partner.local"),
    ("sales.test", "corp.aws"),
];

fn known_way((at, home): (&str, &str)) -> Option<(DirectoryName, DomainName)> {
    Some((DirectoryName::parse(at).ok()?, domain_name(home)?))
}

/// Any operation: what users do most often, everything else now and then.
pub fn any_operation() -> impl Strategy<Value = DirectoryOperation> {
    prop_oneof![
        8 => user_action().prop_map(DirectoryOperation::UserAction).boxed(),
        4 => call().prop_map(DirectoryOperation::Call).boxed(),
        3 => administration().prop_map(DirectoryOperation::Administration).boxed(),
        2 => event().prop_map(DirectoryOperation::Event).boxed(),
    ]
}

/// What users do.
pub fn user_action() -> impl Strategy<Value = UserAction> {
    let role = any_role;
    prop_oneof![
        2 => (any_directory(), any_directory(), option::of(any_account()))
            .prop_map(|(at, of, account)| UserAction::LookUp { at, of, account }),
        4 => (any_attempt(), select(LogonUse::ALL.to_vec()))
            .prop_map(|((at, attempt), purpose)| UserAction::LogOn { at, attempt, purpose }),
        6 => (any_attempt(), role()).prop_map(|((at, attempt), role)| UserAction::SignIn { at, attempt, role }),
        1 => (any_object(), any_password()).prop_map(|(user, password)| UserAction::IssueAssertion {
            provider: PROVIDER.to_owned(),
            user,
            password,
        }),
    ]
}

fn subject() -> impl Strategy<Value = Subject> {
    prop_oneof![any_object().prop_map(Subject::Named), any_sid().prop_map(Subject::Known)]
}

fn call() -> impl Strategy<Value = DirectoryCall> {
    let at = any_directory;
    let role = any_role;
    let trust = (
        at(),
        at(),
        select(TrustDirection::ALL.to_vec()),
        select(TrustExtent::ALL.to_vec()),
        select(vec!["a", "b"]),
    );
    prop_oneof![
        1 => new_directory().prop_map(DirectoryCall::CreateDirectory),
        1 => at().prop_map(|at| DirectoryCall::DeleteDirectory { at }),
        1 => (at(), any_account(), any_password()).prop_map(|(at, account, password)| {
            DirectoryCall::UpdateServiceAccount { at, service_account: ServiceAccount { account, password } }
        }),
        4 => trust.prop_map(|(at, with, direction, extent, password)| DirectoryCall::CreateTrust {
            at,
            with,
            direction,
            extent,
            password: password.to_owned(),
        }),
        2 => (at(), at()).prop_map(|(at, with)| DirectoryCall::DeleteTrust { at, with }),
        1 => (at(), at()).prop_map(|(at, with)| DirectoryCall::VerifyTrust { at, with }),
        1 => (at(), any_radius()).prop_map(|(at, radius)| DirectoryCall::EnableRadius { at, radius }),
        1 => at().prop_map(|at| DirectoryCall::DisableRadius { at }),
        1 => (at(), any::<Index>()).prop_map(|(at, index)| {
            let url = format!("https://{}.awsapps.com", index.get(&IDS));
            DirectoryCall::CreateAccessUrl { at, url }
        }),
        1 => at().prop_map(|at| DirectoryCall::EnableConsole { at }),
        1 => at().prop_map(|at| DirectoryCall::DisableConsole { at }),
        1 => (at(), select(vec![-1, 0, 899, 900, 43_200, 43_201, 1 << 63]))
            .prop_map(|(at, seconds)| DirectoryCall::SetSessionLength { at, seconds }),
        6 => (at(), subject(), role()).prop_map(|(at, subject, role)| DirectoryCall::AssignRole { at, subject, role }),
        2 => (at(), subject(), role())
            .prop_map(|(at, subject, role)| DirectoryCall::UnassignRole { at, subject, role }),
        2 => (at(), any_account(), any_password())
            .prop_map(|(at, account, password)| DirectoryCall::ResetPassword { at, account, password }),
        1 => (at(), select(Capability::ALL.to_vec())).prop_map(|(at, capability)| DirectoryCall::Use { at, capability }),
    ]
}

fn new_directory() -> impl Strategy<Value = NewDirectory> {
    let service_account =
        (any_account(), any_password()).prop_map(|(account, password)| ServiceAccount { account, password });
    let kind = prop_oneof![
        any_domain().prop_map(|name| NewDirectoryKind::Managed { name }),
        any_domain().prop_map(|name| NewDirectoryKind::Simple { name }),
        (any_domain(), service_account)
            .prop_map(|(target, service_account)| NewDirectoryKind::Connector { target, service_account }),
    ];
    (any_id(), kind).prop_map(|(id, kind)| NewDirectory { id, region: "eu-west-1".to_owned(), kind })
}

fn administration() -> impl Strategy<Value = Administration> {
    let at = any_directory;
    let place = prop_oneof![
        Just(DomainPlace::NewForest),
        any_domain().prop_map(|forest_of| DomainPlace::NewTree { forest_of }),
        any_domain().prop_map(|of| DomainPlace::Child { of }),
    ];
    let new_name =
        select_parsed(&["us.corp.local", "corp.local", "new.test", "a.new.test", "single"], domain_name);
    prop_oneof![
        1 => (new_name, place).prop_map(|(name, place)| Administration::CreateDomain { name, place }),
        2 => (at(), any_account(), any_password())
            .prop_map(|(at, account, password)| Administration::CreateUser { at, account, password }),
        1 => (at(), any_account()).prop_map(|(at, account)| Administration::CreateGroup { at, account }),
        1 => (at(), any_account()).prop_map(|(at, account)| Administration::JoinComputer { at, account }),
        2 => (at(), any_account()).prop_map(|(at, account)| Administration::DeleteObject { at, account }),
        2 => (at(), any_account(), subject())
            .prop_map(|(at, group, member)| Administration::AddMember { at, group, member }),
        1 => (at(), any_account(), subject())
            .prop_map(|(at, group, member)| Administration::RemoveMember { at, group, member }),
        1 => (at(), any_account(), any_status())
            .prop_map(|(at, account, status)| Administration::SetUserStatus { at, account, status }),
    ]
}

fn event() -> impl Strategy<Value = DirectoryEvent> {
    let state = select(vec![DirectoryState::Active, DirectoryState::Inactive]);
    prop_oneof![
        3 => (any_id(), any_domain(), any_reach())
            .prop_map(|(directory, domain, reach)| DirectoryEvent::SetLink { directory, domain, reach }),
        1 => (any_id(), state).prop_map(|(directory, state)| DirectoryEvent::SetState { directory, state }),
        1 => (any_id(), any_reach()).prop_map(|(directory, reach)| DirectoryEvent::SetRadiusReach { directory, reach }),
    ]
}

/// Some of the ids of the cast, in order.
pub fn some_ids() -> impl Strategy<Value = Vec<DirectoryId>> {
    let ids: Vec<DirectoryId> = IDS.iter().filter_map(|id| DirectoryId::parse(id).ok()).collect();
    let most = ids.len();
    subsequence(ids, 0..=most)
}
