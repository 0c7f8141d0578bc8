//! How long a session lasts: what is asked, what is granted, and what is refused (STS-19 to STS-25).

use super::operation::Operation;
use super::session::{difference, equal};
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// The shortest session, in seconds.
const SHORTEST: i64 = 900;
/// The default, and the longest session of the strict profile, of chained calls and of root, in seconds.
const HOUR: i64 = 3_600;
/// The most that AssumeRole and its siblings take, in seconds.
const MOST_OF_ROLES: i64 = 43_200;
/// The most that GetSessionToken and GetFederationToken take, in seconds.
const MOST_OF_TOKENS: i64 = 129_600;
/// What GetSessionToken and GetFederationToken give a user who asks for nothing, in seconds.
const DEFAULT_OF_TOKENS: i64 = 43_200;

/// The parameter DurationSeconds.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// It is passed.
    pub given: Formula,
    /// Its value, where it is.
    pub seconds: IntegerVariable,
}

/// What a duration depends on beside the parameter.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The profile is `strict` (GEN-3).
    pub strict: Formula,
    /// Root calls.
    pub root: Formula,
    /// A role session calls.
    pub chained: Formula,
    /// A service calls, for a session of its own.
    pub service: Formula,
    /// The role's MaxSessionDuration, in seconds.
    pub role_maximum: IntegerVariable,
    /// The assertion says when its session ends.
    pub assertion_ends: Formula,
    /// How many seconds are left until then.
    pub assertion_left: IntegerVariable,
}

/// What comes of it.
#[derive(Clone, Copy, Debug)]
pub struct Granted {
    /// The parameter is outside of what the operation, the role or the chain permit: `ValidationError`.
    pub out_of_range: Formula,
    /// The assertion ends too soon: `ExpiredToken`.
    pub ends_too_soon: Formula,
    /// The seconds that are granted, where neither holds.
    pub seconds: IntegerVariable,
    /// Holds iff `seconds` is what the rules say.
    pub definition: Formula,
}

/// What is granted to this operation.
// Rules: STS-19, STS-20, STS-21, STS-22, STS-23, STS-24, STS-25.
pub fn granted(formulas: &mut Formulas, operation: Operation, asked: Asked, limits: &Limits) -> Granted {
    let most = match operation {
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::ByService => MOST_OF_ROLES,
        Operation::GetSessionToken | Operation::GetFederationToken => MOST_OF_TOKENS,
    };
    let outside = outside(formulas, asked, SHORTEST, most);
    let too_much = too_much(formulas, operation, asked, limits);
    let loose = formulas.not(limits.strict);
    let too_much = formulas.and([loose, too_much]);

    // What is asked for, and then each cut in turn.
    let wished = formulas.new_integer("seconds wished for");
    let default = default_seconds(formulas, operation, limits);
    let by_request = equal(formulas, wished, asked.seconds);
    let by_request = formulas.implies(asked.given, by_request);
    let by_default = default.is(formulas, wished);
    let by_default = formulas.or([asked.given, by_default]);
    let hour = is_cut_to_an_hour(formulas, operation, limits);
    let (cut, cut_by_hour) = cut(formulas, "seconds after the cut to an hour", wished, hour, Bound::Hour);
    let ends = match operation {
        Operation::AssumeRoleWithSaml => limits.assertion_ends,
        Operation::AssumeRole
        | Operation::AssumeRoleWithWebIdentity
        | Operation::GetSessionToken
        | Operation::GetFederationToken
        | Operation::ByService => formulas.falsum(),
    };
    let (seconds, cut_by_end) =
        self::cut(formulas, "seconds granted", cut, ends, Bound::Integer(limits.assertion_left));
    let short = formulas.compare(seconds, Relation::Less, BigInt::from(SHORTEST));
    Granted {
        out_of_range: formulas.or([outside, too_much]),
        ends_too_soon: formulas.and([ends, short]),
        seconds,
        definition: formulas.and([by_request, by_default, cut_by_hour, cut_by_end]),
    }
}

/// Holds iff the parameter is passed and not between the two.
fn outside(formulas: &mut Formulas, asked: Asked, least: i64, most: i64) -> Formula {
    let below = formulas.compare(asked.seconds, Relation::Less, BigInt::from(least));
    let within = formulas.compare(asked.seconds, Relation::LessOrEqual, BigInt::from(most));
    let above = formulas.not(within);
    let outside = formulas.or([below, above]);
    formulas.and([asked.given, outside])
}

/// Holds iff, in the profile `aws`, the role or the chain does not permit what is asked for, the default included.
// Rules: STS-21, STS-22, STS-25.
fn too_much(formulas: &mut Formulas, operation: Operation, asked: Asked, limits: &Limits) -> Formula {
    let of_role = |formulas: &mut Formulas| {
        let asked_more = difference(formulas, limits.role_maximum, asked.seconds, Relation::Less, 0);
        let asked_more = formulas.and([asked.given, asked_more]);
        let default_more = formulas.compare(limits.role_maximum, Relation::Less, BigInt::from(HOUR));
        let nothing_asked = formulas.not(asked.given);
        let default_more = formulas.and([nothing_asked, default_more]);
        formulas.or([asked_more, default_more])
    };
    match operation {
        Operation::AssumeRole => {
            let hour = formulas.compare(asked.seconds, Relation::LessOrEqual, BigInt::from(HOUR));
            let longer = formulas.not(hour);
            let of_chain = formulas.and([limits.chained, asked.given, longer]);
            let of_role = of_role(formulas);
            let by_another = formulas.not(limits.service);
            let of_role = formulas.and([by_another, of_role]);
            formulas.or([of_chain, of_role])
        }
        Operation::AssumeRoleWithSaml | Operation::AssumeRoleWithWebIdentity => of_role(formulas),
        Operation::GetSessionToken | Operation::GetFederationToken | Operation::ByService => {
            formulas.falsum()
        }
    }
}

/// Holds iff more than an hour is cut to an hour.
// Rules: STS-20, STS-23.
fn is_cut_to_an_hour(formulas: &mut Formulas, operation: Operation, limits: &Limits) -> Formula {
    match operation {
        Operation::GetSessionToken | Operation::GetFederationToken => {
            formulas.or([limits.strict, limits.root])
        }
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::ByService => limits.strict,
    }
}

/// A number of seconds that depends on a condition.
struct Either {
    condition: Formula,
    then: i64,
    otherwise: i64,
}

impl Either {
    fn is(&self, formulas: &mut Formulas, seconds: IntegerVariable) -> Formula {
        let then = formulas.compare(seconds, Relation::Equal, BigInt::from(self.then));
        let otherwise = formulas.compare(seconds, Relation::Equal, BigInt::from(self.otherwise));
        let first = formulas.implies(self.condition, then);
        let second = formulas.or([self.condition, otherwise]);
        formulas.and([first, second])
    }
}

/// What is granted to who asks for nothing.
// Rules: STS-20, STS-21, STS-23, STS-25.
fn default_seconds(formulas: &mut Formulas, operation: Operation, limits: &Limits) -> Either {
    match operation {
        Operation::GetSessionToken | Operation::GetFederationToken => {
            let short = formulas.or([limits.strict, limits.root]);
            Either { condition: short, then: HOUR, otherwise: DEFAULT_OF_TOKENS }
        }
        Operation::AssumeRole
        | Operation::AssumeRoleWithSaml
        | Operation::AssumeRoleWithWebIdentity
        | Operation::ByService => Either { condition: formulas.verum(), then: HOUR, otherwise: HOUR },
    }
}

/// What a duration is cut to.
#[derive(Clone, Copy)]
enum Bound {
    Hour,
    Integer(IntegerVariable),
}

/// The lesser of the two where the condition holds, else what there was; with the formula that says so.
fn cut(
    formulas: &mut Formulas,
    name: &str,
    before: IntegerVariable,
    condition: Formula,
    bound: Bound,
) -> (IntegerVariable, Formula) {
    let after = formulas.new_integer(name);
    let (exceeds, is_bound) = match bound {
        Bound::Hour => {
            let within = formulas.compare(before, Relation::LessOrEqual, BigInt::from(HOUR));
            (formulas.not(within), formulas.compare(after, Relation::Equal, BigInt::from(HOUR)))
        }
        Bound::Integer(bound) => {
            let exceeds = difference(formulas, bound, before, Relation::Less, 0);
            (exceeds, equal(formulas, after, bound))
        }
    };
    let cuts = formulas.and([condition, exceeds]);
    let unchanged = equal(formulas, after, before);
    let to_bound = formulas.implies(cuts, is_bound);
    let otherwise = formulas.or([cuts, unchanged]);
    (after, formulas.and([to_bound, otherwise]))
}
