//! The calls that a caller can try: every operation that issues a session, on everything in the world that it can be asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::asking::Choice;
use super::part::{About, Parts};
use super::place::{Place, Standing};
use super::spelled::Spelled;
use crate::iam::instant::Instant;
use crate::iam::key::KeyName;
use crate::iam::operation::{
    AssumeRole, AssumeRoleWithSaml, AssumeRoleWithWebIdentity, Event, GetFederationToken, GetSessionToken,
    MfaCode, Operation, PolicyText, StsOperation,
};
use crate::iam::world::{MfaDevice, OneTimeCode, SessionKind, World};
use crate::model::regular::{between, sequence};
use crate::model::sts;
use crate::solver::regular::{CharacterSet, Regular};

/// The session name of a session that may have any.
pub const ANY_NAME: &str = "session";
/// The most deviations from the plain call that are tried for one role.
pub const MOST_VARIANTS: usize = 48;
/// The policy that a federated session is given: it takes nothing away (STS-47).
const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// A call that can be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its operation in the relation.
    pub operation: sts::Operation,
    /// The call, without DurationSeconds.
    pub call: Operation,
    /// The ARN of what it is about, where that is a role or a resource.
    pub target: Target,
    /// Whether the solver may choose the session name.
    pub session_name: Choice,
    /// Further instants, in seconds, at which its outcome may change.
    pub constants: Vec<i64>,
    /// The code that it uses up, with its device.
    pub code: Option<(String, String)>,
    /// When the session ends by what was asserted, in seconds (STS-24).
    pub ends: Option<i64>,
    /// MaxSessionDuration of the role, where one is assumed.
    pub role_maximum: u32,
}

/// What a call is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nothing that has an ARN in the world.
    Nothing,
    /// The role with this ARN.
    Role(String),
    /// The resource with this ARN.
    Resource(String),
}

impl Target {
    /// The same for a part of a world.
    pub fn about(&self) -> About<'_> {
        match self {
            Target::Nothing => About::Nothing,
            Target::Role(arn) => About::Role(arn),
            Target::Resource(arn) => About::Resource(arn),
        }
    }
}

/// Everything that can be tried in a world.
#[derive(Debug)]
pub struct Calls<'w> {
    world: &'w World,
    spelled: &'w Spelled,
    roles: Vec<(String, u32)>,
    /// A role has more deviations than are tried.
    pub cut: bool,
}

impl<'w> Calls<'w> {
    /// The calls of a world.
    pub fn of(parts: &Parts<'w>, spelled: &'w Spelled) -> Calls<'w> {
        let world = parts.whole();
        let mut roles = Vec::new();
        for (account_id, account) in &world.accounts {
            let names = account.roles.keys();
            let located = names.filter_map(|name| world.role(account_id, name));
            roles.extend(located.map(|role| (role.arn(), role.found.max_session_duration)));
        }
        Calls { world, spelled, roles, cut: false }
    }

    /// What a caller can try.
    // Rules: STS-1, STS-10, STS-12, STS-42, STS-43, STS-45, STS-46.
    pub fn by(&mut self, place: &Place) -> Vec<Offer> {
        match &place.standing {
            Standing::User(arn) => {
                let codes = self.codes_of_user(place, arn);
                let mut offers = self.session_tokens(&codes);
                offers.extend(self.federation_tokens());
                offers.extend(self.assumptions(place, &codes));
                offers
            }
            Standing::Root(account) => {
                let devices = self.world.accounts.get(account).map(|account| &account.root_mfa_devices);
                let codes = devices.map_or_else(Vec::new, |devices| codes(place, devices));
                let mut offers = self.session_tokens(&codes);
                offers.extend(self.federation_tokens());
                offers
            }
            Standing::Service(_) => self.assumptions(place, &[]),
            Standing::Nobody => self.unsigned(),
            Standing::Session(session) => match &session.kind {
                SessionKind::Role { .. } => self.assumptions(place, &[]),
                SessionKind::User { user } => {
                    let arn = self.world.user_by_id(user).map(|user| user.arn()).unwrap_or_default();
                    let codes = self.codes_of_user(place, &arn);
                    self.assumptions(place, &codes)
                }
                SessionKind::Root | SessionKind::Federated { .. } => Vec::new(),
            },
        }
    }

    fn codes_of_user(&self, place: &Place, arn: &str) -> Vec<(String, String, OneTimeCode)> {
        let user = self.world.user_by_arn(arn);
        user.map_or_else(Vec::new, |user| codes(place, &user.found.mfa_devices))
    }

    fn session_tokens(&self, codes: &[(String, String, OneTimeCode)]) -> Vec<Offer> {
        let none = std::iter::once(None);
        let each = none.chain(codes.iter().map(Some)).map(|code| {
            let call = GetSessionToken { duration_seconds: None, mfa: passed(code) };
            let call = Operation::Sts(StsOperation::GetSessionToken(call));
            with_code(plain(sts::Operation::GetSessionToken, call, Target::Nothing), code)
        });
        each.collect()
    }

    /// AssumeRole of each role: plainly, with each code where a policy asks for MFA, and with what policies spell.
    // Rules: STS-38, STS-40.
    fn assumptions(&mut self, place: &Place, codes: &[(String, String, OneTimeCode)]) -> Vec<Offer> {
        let codes = if self.spelled.asks_for_mfa { codes } else { &[] };
        let mut offers = Vec::new();
        for (arn, maximum) in self.roles.clone() {
            // What the session hands on cannot be passed anew.
            for called in self.variants(&arn).into_iter().filter(|called| !repeats(place, called)) {
                let named = called.role_session_name == ANY_NAME;
                for code in std::iter::once(None).chain(codes.iter().map(Some)) {
                    let call = AssumeRole { mfa: passed(code), ..called.clone() };
                    let call = Operation::Sts(StsOperation::AssumeRole(call));
                    let mut offer =
                        with_code(plain(sts::Operation::AssumeRole, call, Target::Role(arn.clone())), code);
                    offer.role_maximum = maximum;
                    offer.session_name = if named { Choice::Free } else { Choice::Fixed };
                    offers.push(offer);
                }
            }
        }
        offers
    }

    /// The plain call, and its deviations by what policies spell, alone and together: those with fewer first.
    fn variants(&mut self, arn: &str) -> Vec<AssumeRole> {
        let spelled = self.spelled;
        let names = self.names(arn);
        let identities = or_none(spelled.identities.iter().cloned());
        let passed_on = tag_sets(&spelled.tags).into_iter();
        let tags = or_none(passed_on.flat_map(|tags| [(tags.clone(), keys_of(&tags)), (tags, Vec::new())]));
        let mut variants = Vec::new();
        for name in &names {
            for tags in &tags {
                for identity in &identities {
                    let deviations =
                        [name.is_some(), tags.is_some(), identity.is_some()].into_iter().filter(|is| *is);
                    let (tags, transitive_tag_keys) = tags.clone().unwrap_or_default();
                    let call = AssumeRole {
                        role_arn: arn.to_owned(),
                        role_session_name: name.clone().unwrap_or_else(|| ANY_NAME.to_owned()),
                        duration_seconds: None,
                        external_id: None,
                        policy: None,
                        policy_arns: Vec::new(),
                        transitive_tag_keys,
                        tags,
                        source_identity: identity.clone(),
                        mfa: MfaCode::default(),
                    };
                    variants.push((deviations.count(), call));
                }
            }
        }
        self.cut |= variants.len() > MOST_VARIANTS;
        variants.sort_by_key(|(deviations, _)| *deviations);
        variants.into_iter().map(|(_, call)| call).take(MOST_VARIANTS).collect()
    }

    /// What is signed by a provider, and roles that resources were handed.
    // Rules: STS-30, STS-32, STS-25, PASS-8.
    fn unsigned(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        for (text, assertion) in &self.world.assertions {
            for pair in &assertion.roles {
                let call = AssumeRoleWithSaml {
                    role_arn: pair.role.clone(),
                    principal_arn: pair.provider.clone(),
                    saml_assertion: text.clone(),
                    duration_seconds: None,
                    policy: None,
                    policy_arns: Vec::new(),
                };
                let call = Operation::Sts(StsOperation::AssumeRoleWithSaml(call));
                let target = Target::Role(pair.role.clone());
                let mut offer = plain(sts::Operation::AssumeRoleWithSaml, call, target);
                offer.role_maximum = self.maximum(&pair.role);
                offer.constants = assertion.not_on_or_after.map(seconds).into_iter().collect();
                offer.ends = assertion.session_not_on_or_after.map(Instant::epoch_seconds);
                offers.push(offer);
            }
        }
        for (text, token) in &self.world.tokens {
            for (role, maximum) in &self.roles {
                for name in self.names(role) {
                    let call = AssumeRoleWithWebIdentity {
                        role_arn: role.clone(),
                        role_session_name: name.clone().unwrap_or_else(|| ANY_NAME.to_owned()),
                        web_identity_token: text.clone(),
                        provider_id: None,
                        duration_seconds: None,
                        policy: None,
                        policy_arns: Vec::new(),
                    };
                    let call = Operation::Sts(StsOperation::AssumeRoleWithWebIdentity(call));
                    let target = Target::Role(role.clone());
                    let mut offer = plain(sts::Operation::AssumeRoleWithWebIdentity, call, target);
                    offer.role_maximum = *maximum;
                    offer.session_name = free_without(name.as_ref());
                    offer.constants = token.expires.map(seconds).into_iter().collect();
                    offers.push(offer);
                }
            }
        }
        for (arn, resource) in &self.world.resources {
            let Some(passed) = &resource.passed_role else { continue };
            let role = self.world.role_by_id(&passed.role).map(|role| role.arn()).unwrap_or_default();
            for name in self.names(&role) {
                let call = Event::RoleTakenUp {
                    resource: arn.clone(),
                    session_name: name.clone().unwrap_or_else(|| ANY_NAME.to_owned()),
                    duration_seconds: None,
                };
                let target = Target::Resource(arn.clone());
                let mut offer = plain(sts::Operation::ByService, Operation::Event(call), target);
                offer.session_name = free_without(name.as_ref());
                offers.push(offer);
            }
        }
        offers
    }

    /// GetFederationToken with the names and tags that policies spell, and a session policy that takes nothing away: without one the session
    /// is powerless (STS-46).
    fn federation_tokens(&self) -> Vec<Offer> {
        let names: BTreeSet<&String> = self.spelled.names_of_federated().collect();
        let mut offers = Vec::new();
        for name in or_none(names.into_iter()) {
            for tags in or_none(tag_sets(&self.spelled.tags).into_iter()) {
                let call = GetFederationToken {
                    name: name.cloned().unwrap_or_else(|| ANY_NAME.to_owned()),
                    duration_seconds: None,
                    policy: Some(PolicyText(EVERYTHING.to_owned())),
                    policy_arns: Vec::new(),
                    tags: tags.unwrap_or_default(),
                };
                let call = Operation::Sts(StsOperation::GetFederationToken(call));
                offers.push(plain(sts::Operation::GetFederationToken, call, Target::Nothing));
            }
        }
        offers
    }

    /// No name in particular, and those that policies spell for sessions of the role with this ARN.
    fn names(&self, arn: &str) -> Vec<Option<String>> {
        let names: BTreeSet<&String> = self.spelled.names(arn.rsplit('/').next().unwrap_or(arn)).collect();
        or_none(names.into_iter().cloned())
    }

    fn maximum(&self, role: &str) -> u32 {
        self.world.role_by_arn(role).map_or(HOUR, |role| role.found.max_session_duration)
    }
}

const HOUR: u32 = 3_600;

fn plain(operation: sts::Operation, call: Operation, target: Target) -> Offer {
    Offer {
        operation,
        call,
        target,
        session_name: Choice::Fixed,
        constants: Vec::new(),
        code: None,
        ends: None,
        role_maximum: HOUR,
    }
}

/// None, and each of these.
fn or_none<T>(each: impl Iterator<Item = T>) -> Vec<Option<T>> {
    std::iter::once(None).chain(each.map(Some)).collect()
}

/// Each tag alone, and all of them together, of tags of one key the first.
fn tag_sets(tags: &BTreeSet<(String, String)>) -> Vec<Vec<(String, String)>> {
    let mut all: Vec<(String, String)> = Vec::new();
    for tag in tags {
        if !all.iter().any(|(key, _)| key.eq_ignore_ascii_case(&tag.0)) {
            all.push(tag.clone());
        }
    }
    let mut sets: Vec<_> = tags.iter().map(|tag| vec![tag.clone()]).collect();
    if all.len() > 1 {
        sets.push(all);
    }
    sets
}

/// Codes that devices show, one of each time: no decision tells them apart.
// Rule: STS-15.
fn codes(place: &Place, devices: &BTreeMap<String, MfaDevice>) -> Vec<(String, String, OneTimeCode)> {
    let mut found: Vec<(String, String, OneTimeCode)> = Vec::new();
    for (serial, MfaDevice { codes, used }) in devices {
        for (code, shown) in codes {
            let taken = used.contains(code) || place.used.contains(&(serial.clone(), code.clone()));
            if !taken && !found.iter().any(|(_, _, other)| other == shown) {
                found.push((serial.clone(), code.clone(), *shown));
            }
        }
    }
    found
}

/// Whether the call passes a tag or source identity that the calling session hands on.
fn repeats(place: &Place, called: &AssumeRole) -> bool {
    place.session().is_some_and(|session| {
        let handed_on = |(key, _): &(String, String)| session.transitive_keys.contains(&KeyName::new(key));
        called.tags.iter().any(handed_on)
            || (called.source_identity.is_some() && session.source_identity.is_some())
    })
}

fn keys_of(tags: &[(String, String)]) -> Vec<String> {
    tags.iter().map(|(key, _)| key.clone()).collect()
}

/// A name in particular stays as it is.
fn free_without(name: Option<&String>) -> Choice {
    if name.is_some() { Choice::Fixed } else { Choice::Free }
}

fn passed(code: Option<&(String, String, OneTimeCode)>) -> MfaCode {
    code.map_or_else(MfaCode::default, |(serial, code, _)| MfaCode {
        serial_number: Some(serial.clone()),
        token_code: Some(code.clone()),
    })
}

fn with_code(mut offer: Offer, code: Option<&(String, String, OneTimeCode)>) -> Offer {
    if let Some((serial, code, OneTimeCode { from, until })) = code {
        offer.code = Some((serial.clone(), code.clone()));
        offer.constants.extend(from.iter().chain(until).copied().map(seconds));
    }
    offer
}

fn seconds(instant: Instant) -> i64 {
    instant.epoch_seconds()
}

/// The name of a session, as STS-3 has it.
// Rule: STS-3.
pub fn session_names() -> Regular {
    between(characters("_+=,.@-"), 2, 64)
}

/// An external id, as STS-3 has it.
// Rule: STS-3.
pub fn external_ids() -> Regular {
    // At most 1,224: a longer one is refused when the call is tried.
    sequence([characters("_+=,.@:/-"), characters("_+=,.@:/-").at_least_once()])
}

/// The value of a tag; of letters outside of ASCII more than STS-3 has.
// Rule: STS-3.
pub fn tag_values() -> Regular {
    let spelled = CharacterSet::of_ranges([('a', 'z'), ('A', 'Z'), ('0', '9'), ('\u{80}', char::MAX)]);
    between(Regular::Character(spelled.union(&CharacterSet::of(" _.:/=+-@".chars()))), 0, 256)
}

fn characters(others: &str) -> Regular {
    let letters = CharacterSet::of_ranges([('a', 'z'), ('A', 'Z'), ('0', '9')]);
    Regular::Character(letters.union(&CharacterSet::of(others.chars())))
}
