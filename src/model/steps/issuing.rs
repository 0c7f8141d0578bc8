//! The relation of [`crate::model::sts`] with the values of one call: what they force is the outcome.
//!
//! The relation speaks of one tag, whose key is any key. A call passes and inherits several, so it is asked once for each key, and once where
//! there is none: the call is refused at the first check that fails for any of them.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use crate::iam::key::KeyName;
use crate::iam::request::Caller as Kind;
use crate::iam::world::{Mfa, Profile, Session, SessionKind as Whose};
use crate::model::modelled::NoAnswer;
use crate::model::sts::{
    Asked, Call, Caller, Check, Facts, Operation, Passed, Refusal, SessionKind, SessionRecord, Tag, Terms,
    issue,
};
use crate::solver::forced::Forced;
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};

/// A call with everything that its outcome depends on.
pub(super) struct Wanted<'s> {
    pub(super) operation: Operation,
    /// The caller, or whoever the credentials were of.
    pub(super) caller: Option<&'s Kind>,
    /// The session that signs.
    pub(super) session: Option<&'s Session>,
    pub(super) seconds: Option<i128>,
    pub(super) source_identity: Option<&'s str>,
    pub(super) tags: &'s [(String, String)],
    pub(super) transitive: &'s [String],
    pub(super) code_passed: bool,
    pub(super) now: i64,
    pub(super) profile: Profile,
    pub(super) role_maximum: u32,
    /// How many seconds are left until the assertion's session must end.
    pub(super) assertion_left: Option<i64>,
    pub(super) holds: Holds,
}

/// What holds in the world at the call; by default nothing stands against it.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of the relation, under its name there")]
pub(super) struct Holds {
    pub(super) bad_parameter: bool,
    pub(super) credentials_gone: bool,
    pub(super) assertion_expired: bool,
    pub(super) assertion_invalid: bool,
    pub(super) assertion_rejected: bool,
    pub(super) role_exists: bool,
    pub(super) code_valid: bool,
    pub(super) authorised: bool,
    pub(super) malformed_policy: bool,
    pub(super) policies_too_large: bool,
    pub(super) unknown_policy: bool,
}

impl Default for Holds {
    fn default() -> Holds {
        Holds {
            bad_parameter: false,
            credentials_gone: false,
            assertion_expired: false,
            assertion_invalid: false,
            assertion_rejected: false,
            role_exists: true,
            code_valid: false,
            authorised: true,
            malformed_policy: false,
            policies_too_large: false,
            unknown_policy: false,
        }
    }
}

/// What comes of a call.
pub(super) enum Issued {
    /// A session with this record.
    Session(Record),
    /// None: the check that fails, and the refusal.
    Refused(Check, Refusal),
}

/// What the relation says of a new session.
pub(super) struct Record {
    /// Seconds since the epoch.
    pub(super) issued: i64,
    /// Seconds since the epoch.
    pub(super) expires: i64,
    pub(super) shows_mfa: bool,
    pub(super) source_identity: Option<String>,
    /// The transitive tags with their keys.
    pub(super) transitive: Vec<(String, String)>,
}

/// What the relation makes of the call.
// Rules: STS-1, STS-2, STS-5.
pub(super) fn outcome(wanted: &Wanted<'_>) -> Result<Issued, NoAnswer> {
    let mut first: Option<(usize, Check, Refusal)> = None;
    let mut record: Option<Record> = None;
    for key in keys(wanted) {
        match with_key(wanted, key.as_ref())? {
            OfKey::Refused(position, check, refusal) => {
                if first.is_none_or(|(known, _, _)| position < known) {
                    first = Some((position, check, refusal));
                }
            }
            OfKey::Session(of_key) => match &mut record {
                Some(record) => record.transitive.extend(of_key.transitive),
                None => record = Some(of_key),
            },
        }
    }
    match (first, record) {
        (Some((_, check, refusal)), _) => Ok(Issued::Refused(check, refusal)),
        (None, Some(record)) => Ok(Issued::Session(record)),
        (None, None) => Err(NoAnswer::Defect("the relation of sessions was asked of no key".to_owned())),
    }
}

/// Every key that is passed or inherited, or none.
fn keys(wanted: &Wanted<'_>) -> Vec<Option<KeyName>> {
    let inherited = wanted.session.iter().flat_map(|session| session.transitive_keys.iter().cloned());
    let passed = wanted.tags.iter().map(|(key, _)| KeyName::new(key));
    let mut keys: Vec<KeyName> = inherited.chain(passed).collect();
    keys.sort();
    keys.dedup();
    if keys.is_empty() { vec![None] } else { keys.into_iter().map(Some).collect() }
}

enum OfKey {
    Session(Record),
    /// Where among the checks, and which.
    Refused(usize, Check, Refusal),
}

/// Texts as the integers that the relation compares.
#[derive(Default)]
struct Texts {
    numbers: BTreeMap<String, i64>,
}

impl Texts {
    fn number(&mut self, text: &str) -> BigInt {
        let next = i64::try_from(self.numbers.len()).unwrap_or(i64::MAX);
        BigInt::from(*self.numbers.entry(text.to_owned()).or_insert(next))
    }

    fn text(&self, number: &BigInt) -> Option<String> {
        self.numbers.iter().find(|(_, known)| BigInt::from(**known) == *number).map(|(text, _)| text.clone())
    }
}

/// Values for variables of the relation.
struct Values {
    formulas: Formulas,
    /// Each value that was given, as an equation.
    given: Vec<Formula>,
    texts: Texts,
}

impl Values {
    fn truth(&self, holds: bool) -> Formula {
        if holds { self.formulas.verum() } else { self.formulas.falsum() }
    }

    fn integer(&mut self, name: &str, value: impl Into<BigInt>) -> IntegerVariable {
        let integer = self.formulas.new_integer(name);
        self.given.push(self.formulas.compare(integer, Relation::Equal, value.into()));
        integer
    }

    fn tag(&mut self, name: &str, text: Option<&str>) -> Tag {
        let number = text.map_or_else(BigInt::default, |text| self.texts.number(text));
        Tag { present: self.truth(text.is_some()), text: self.integer(name, number) }
    }
}

fn with_key(wanted: &Wanted<'_>, key: Option<&KeyName>) -> Result<OfKey, NoAnswer> {
    let mut values = Values { formulas: Formulas::new(), given: Vec::new(), texts: Texts::default() };
    let call = call(&mut values, wanted, key);
    let record = SessionRecord::free(&mut values.formulas, "the new session");
    let terms = Terms::of(&mut values.formulas, &call);
    let issue = issue(&mut values.formulas, &call, &terms, &record);
    let Values { mut formulas, mut given, texts } = values;
    given.push(issue.definition);
    let premise = formulas.and(given);
    let mut forced = Forced::by(&formulas, premise)
        .map_err(|_| NoAnswer::Defect("no call of the relation of sessions is this one".to_owned()))?;
    for (position, (check, refusal, formula)) in issue.refusals.iter().enumerate() {
        match forced.truth(*formula) {
            Some(true) => return Ok(OfKey::Refused(position, *check, *refusal)),
            Some(false) => {}
            None => return Err(open("whether the call is refused")),
        }
    }
    if forced.truth(issue.issued) != Some(true) {
        return Err(open("whether a session is issued"));
    }
    let truth = |forced: &mut Forced<'_>, formula, what| forced.truth(formula).ok_or_else(|| open(what));
    let seconds = |forced: &Forced<'_>, variable, what| {
        forced.integer(variable).and_then(|value| i64::try_from(value).ok()).ok_or_else(|| open(what))
    };
    let read = |forced: &mut Forced<'_>, tag: Tag, what| match truth(forced, tag.present, what)? {
        false => Ok(None),
        true => match forced.integer(tag.text).and_then(|number| texts.text(number)) {
            Some(text) => Ok(Some(text)),
            None => Err(open(what)),
        },
    };
    let transitive = read(&mut forced, record.transitive, "a transitive tag")?;
    let spelled = key.map(|key| key.spelling().to_owned());
    Ok(OfKey::Session(Record {
        issued: seconds(&forced, record.issued, "when the session begins")?,
        expires: seconds(&forced, record.expires, "when the session ends")?,
        shows_mfa: truth(&mut forced, record.mfa, "whether the session shows MFA")?,
        source_identity: read(&mut forced, record.source_identity, "the source identity")?,
        transitive: spelled.zip(transitive).into_iter().collect(),
    }))
}

fn open(what: &str) -> NoAnswer {
    NoAnswer::Unknown(format!("the relation of sessions leaves open {what}"))
}

/// The call as the relation has it.
fn call(values: &mut Values, wanted: &Wanted<'_>, key: Option<&KeyName>) -> Call {
    let holds = wanted.holds;
    let caller = caller(values, wanted, key);
    let asked = Asked {
        given: values.truth(wanted.seconds.is_some()),
        seconds: values.integer("DurationSeconds", wanted.seconds.unwrap_or_default()),
    };
    let tag = wanted.tags.iter().find(|(passed, _)| key.is_some_and(|key| KeyName::new(passed) == *key));
    let transitive =
        wanted.transitive.iter().any(|listed| key.is_some_and(|key| KeyName::new(listed) == *key));
    let passed = Passed {
        source_identity: values.tag("SourceIdentity", wanted.source_identity),
        tag: values.tag("the tag passed", tag.map(|(_, value)| value.as_str())),
        transitive: values.truth(transitive),
        code: values.truth(wanted.code_passed),
    };
    let facts = Facts {
        bad_parameter: values.truth(holds.bad_parameter),
        credentials_gone: values.truth(holds.credentials_gone),
        assertion_expired: values.truth(holds.assertion_expired),
        assertion_invalid: values.truth(holds.assertion_invalid),
        assertion_rejected: values.truth(holds.assertion_rejected),
        role_exists: values.truth(holds.role_exists),
        code_valid: values.truth(holds.code_valid),
        authorised: values.truth(holds.authorised),
        malformed_policy: values.truth(holds.malformed_policy),
        policies_too_large: values.truth(holds.policies_too_large),
        unknown_policy: values.truth(holds.unknown_policy),
        now: values.integer("now", wanted.now),
        strict: values.truth(wanted.profile == Profile::Strict),
        role_maximum: values.integer("MaxSessionDuration", wanted.role_maximum),
        assertion_ends: values.truth(wanted.assertion_left.is_some()),
        assertion_left: values.integer("seconds left", wanted.assertion_left.unwrap_or_default()),
    };
    Call { operation: wanted.operation, caller, asked, passed, facts }
}

/// The caller, with the record of its session.
// Rule: GEN-12.
fn caller(values: &mut Values, wanted: &Wanted<'_>, key: Option<&KeyName>) -> Caller {
    let is = |such: fn(&Kind) -> bool| wanted.caller.is_some_and(such);
    let of_session = |such: fn(&Whose) -> bool| wanted.session.is_some_and(|session| such(&session.kind));
    let role = of_session(|kind| matches!(kind, Whose::Role { .. }));
    let federated = of_session(|kind| matches!(kind, Whose::Federated { .. }));
    let user_token = of_session(|kind| matches!(kind, Whose::User { .. }));
    let root_token = of_session(|kind| matches!(kind, Whose::Root));
    let session = SessionRecord {
        kinds: SessionKind::ALL.map(|kind| {
            values.truth(match kind {
                SessionKind::Role => role,
                SessionKind::User => user_token,
                SessionKind::Root => root_token,
                SessionKind::Federated => federated,
            })
        }),
        issued: values.integer(
            "the caller's session: issued",
            wanted.session.map_or(0, |session| session.issued.epoch_seconds()),
        ),
        expires: values.integer(
            "the caller's session: expires",
            wanted.session.map_or(0, |session| session.expires.epoch_seconds()),
        ),
        // What the caller's own session came from decides nothing of the call.
        chained: values.formulas.falsum(),
        mfa: values.truth(wanted.session.is_some_and(|session| match session.mfa {
            Mfa::Since(_) => true,
            Mfa::Absent | Mfa::Unknown => false,
        })),
        source_identity: values.tag(
            "the caller's source identity",
            wanted.session.and_then(|session| session.source_identity.as_deref()),
        ),
        transitive: values.tag(
            "the caller's transitive tag",
            wanted.session.and_then(|session| {
                let key = key.filter(|key| session.transitive_keys.contains(key))?;
                session.tags.value(key.spelling())
            }),
        ),
        rest: values.integer("whatever else the caller's session holds", 0),
    };
    // Credentials of which nothing is known are somebody's: the check of credentials refuses them.
    let nobody_known = wanted.caller.is_none() && wanted.session.is_none();
    Caller {
        anonymous: values.truth(is(|caller| matches!(caller, Kind::Anonymous))),
        service: values.truth(is(|caller| matches!(caller, Kind::Service { .. }))),
        unsigned: values.truth(is(|caller| matches!(caller, Kind::Saml { .. } | Kind::WebIdentity { .. }))),
        root: values.truth(root_token || is(|caller| matches!(caller, Kind::Root { .. }))),
        user: values.truth(nobody_known || user_token || is(|caller| matches!(caller, Kind::User(_)))),
        role_session: values.truth(role),
        federated: values.truth(federated),
        temporary: values.truth(wanted.session.is_some()),
        session,
    }
}
