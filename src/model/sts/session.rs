//! The record of a session, as variables (STS-2).

use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// What a session is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SessionKind {
    /// Of a role.
    Role,
    /// Of a user, from GetSessionToken.
    User,
    /// Of root, from GetSessionToken.
    Root,
    /// Of GetFederationToken.
    Federated,
}

impl SessionKind {
    /// Every kind.
    pub const ALL: [SessionKind; 4] =
        [SessionKind::Role, SessionKind::User, SessionKind::Root, SessionKind::Federated];
}

/// A session: what is frozen when it is issued.
///
/// Of its tags the record holds one, whose key is any key: what is proved of it is proved of every key.
#[derive(Clone, Copy, Debug)]
pub struct SessionRecord {
    /// For each of [`SessionKind::ALL`] whether the session is of it.
    pub kinds: [Formula; 4],
    /// When it was issued, in seconds since the epoch.
    pub issued: IntegerVariable,
    /// From when on it is no longer valid, in seconds since the epoch.
    pub expires: IntegerVariable,
    /// It was issued to a role session that called AssumeRole (STS-18).
    pub chained: Formula,
    /// Its credentials show that MFA took part.
    pub mfa: Formula,
    /// The source identity.
    pub source_identity: Tag,
    /// The transitive tag of the key that is looked at.
    pub transitive: Tag,
    /// Whatever else it holds (whose it is, its policies, its other tags): two of these are the same, or not.
    pub rest: IntegerVariable,
}

/// A text that is there or not.
#[derive(Clone, Copy, Debug)]
pub struct Tag {
    /// It is there.
    pub present: Formula,
    /// Which text it is.
    pub text: IntegerVariable,
}

impl Tag {
    /// Any text, or none.
    pub fn free(formulas: &mut Formulas, name: &str) -> Tag {
        let flag = formulas.new_flag(format!("{name} is there"));
        Tag { present: formulas.flag(flag), text: formulas.new_integer(name) }
    }

    /// Holds iff both are absent, or both are there and equal.
    pub fn same(self, formulas: &mut Formulas, other: Tag) -> Formula {
        let alike = formulas.iff(self.present, other.present);
        let equal = equal(formulas, self.text, other.text);
        let equal = formulas.implies(self.present, equal);
        formulas.and([alike, equal])
    }
}

impl SessionRecord {
    /// Any record.
    pub fn free(formulas: &mut Formulas, name: &str) -> SessionRecord {
        let flag = |formulas: &mut Formulas, what: String| {
            let flag = formulas.new_flag(what);
            formulas.flag(flag)
        };
        SessionRecord {
            kinds: SessionKind::ALL.map(|kind| flag(formulas, format!("{name} is of kind {kind:?}"))),
            issued: formulas.new_integer(format!("{name}: issued")),
            expires: formulas.new_integer(format!("{name}: expires")),
            chained: flag(formulas, format!("{name} is chained")),
            mfa: flag(formulas, format!("{name} shows MFA")),
            source_identity: Tag::free(formulas, &format!("{name}: source identity")),
            transitive: Tag::free(formulas, &format!("{name}: transitive tag")),
            rest: formulas.new_integer(format!("{name}: whatever else it holds")),
        }
    }

    /// Holds iff the session is of this kind.
    pub fn is(&self, kind: SessionKind) -> Formula {
        let [role, user, root, federated] = self.kinds;
        match kind {
            SessionKind::Role => role,
            SessionKind::User => user,
            SessionKind::Root => root,
            SessionKind::Federated => federated,
        }
    }

    /// Holds iff both records say the same.
    pub fn same(&self, formulas: &mut Formulas, other: &SessionRecord) -> Formula {
        let mut parts = Vec::new();
        for (&kind, &other) in self.kinds.iter().zip(&other.kinds) {
            parts.push(formulas.iff(kind, other));
        }
        parts.push(equal(formulas, self.issued, other.issued));
        parts.push(equal(formulas, self.expires, other.expires));
        parts.push(formulas.iff(self.chained, other.chained));
        parts.push(formulas.iff(self.mfa, other.mfa));
        parts.push(self.source_identity.same(formulas, other.source_identity));
        parts.push(self.transitive.same(formulas, other.transitive));
        parts.push(equal(formulas, self.rest, other.rest));
        formulas.and(parts)
    }

    /// Holds iff the session is of exactly one kind.
    pub fn has_one_kind(&self, formulas: &mut Formulas) -> Formula {
        exactly_one(formulas, &self.kinds)
    }

    /// Holds iff the session is valid at this instant.
    // Rules: EVAL-6, STS-60.
    pub fn is_valid_at(&self, formulas: &mut Formulas, now: IntegerVariable) -> Formula {
        let begun = at_most(formulas, self.issued, now);
        let ended = at_most(formulas, self.expires, now);
        let not_ended = formulas.not(ended);
        formulas.and([begun, not_ended])
    }
}

/// Holds iff one of the formulas does and no other.
pub(super) fn exactly_one(formulas: &mut Formulas, options: &[Formula]) -> Formula {
    let mut parts = vec![formulas.or(options.iter().copied())];
    for (position, &first) in options.iter().enumerate() {
        for &second in options.iter().skip(position + 1) {
            let both = formulas.and([first, second]);
            parts.push(formulas.not(both));
        }
    }
    formulas.and(parts)
}

/// Holds iff the two integers are equal.
pub(super) fn equal(formulas: &mut Formulas, left: IntegerVariable, right: IntegerVariable) -> Formula {
    difference(formulas, left, right, Relation::Equal, 0)
}

/// Holds iff the first integer is no more than the second.
pub(super) fn at_most(formulas: &mut Formulas, left: IntegerVariable, right: IntegerVariable) -> Formula {
    difference(formulas, left, right, Relation::LessOrEqual, 0)
}

/// Holds iff the first integer less the second stands in the relation to the constant.
pub(super) fn difference(
    formulas: &mut Formulas,
    left: IntegerVariable,
    right: IntegerVariable,
    relation: Relation,
    constant: i64,
) -> Formula {
    let terms = [(BigInt::from(1), left), (BigInt::from(-1), right)];
    formulas.linear(terms, relation, BigInt::from(constant))
}
