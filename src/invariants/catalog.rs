//! What each law says: the invariants of section 9 of `docs/semantics.md` that speak of single decisions, and the tempting statements that
//! are false. How a law is known is not said here but found out.

/// What a law ranges over (section 9.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every well-formed world and request.
    Universal,
    /// Every finite trace of operations.
    Trace,
    /// A question about one account.
    Account,
}

impl Kind {
    /// The letter in section 9.
    pub fn letter(self) -> &'static str {
        match self {
            Kind::Universal => "U",
            Kind::Trace => "T",
            Kind::Account => "A",
        }
    }
}

/// What must come out when a law is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The law holds.
    Proved,
    /// The statement is false, and a counterexample shows it.
    Refuted,
}

impl Expected {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Expected::Proved => "proved",
            Expected::Refuted => "refuted",
        }
    }
}

/// A law of section 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Law {
    /// `INV-…` or `F-…`.
    pub id: &'static str,
    /// What it says, in one sentence.
    pub statement: &'static str,
    /// What it ranges over.
    pub kind: Kind,
    /// What must come out.
    pub expected: Expected,
}

const fn universal(id: &'static str, statement: &'static str) -> Law {
    Law { id, statement, kind: Kind::Universal, expected: Expected::Proved }
}

const fn tempting(id: &'static str, statement: &'static str) -> Law {
    Law { id, statement, kind: Kind::Universal, expected: Expected::Refuted }
}

/// The laws of sets of policies (section 9.1).
pub const LAWS_OF_SETS: &[Law] = &[
    universal("INV-1", "A matching Deny wins, whatever else matches."),
    universal("INV-2", "Without a matching Allow nothing is allowed."),
    universal("INV-3", "Every request gets exactly one decision, for exactly one reason."),
    universal("INV-4", "The order of statements and of policies does not matter."),
    universal("INV-5", "Cutting a policy into several, or joining several of one Version, changes nothing."),
    universal("INV-6", "A second copy of a statement changes nothing."),
    universal("INV-7", "A new Allow only widens."),
    universal("INV-8", "A new Deny only narrows."),
    universal("INV-9", "A decision depends on policies only through which statements match."),
    universal("INV-10", "Turning an Allow into a Deny never widens."),
    universal("INV-11", "A statement that does not match does not matter."),
    universal("INV-12", "Sids and Ids do not matter."),
    universal("INV-13", "One value, and a list of that value, mean the same."),
    universal("INV-14", "The normal form of a policy decides as the policy does."),
    universal("INV-15", "The case of letters in actions does not matter."),
    universal("INV-16", "The case of letters in names of context keys does not matter."),
    universal("INV-17", "NotAction is the exact complement of Action."),
    universal("INV-18", "NotResource is the exact complement of Resource."),
    universal("INV-19", "A negated operator is the exact complement of its twin, on a single value or none."),
    universal(
        "INV-20",
        "ForAllValues of a negated operator is the complement of ForAnyValue of its twin, and the reverse.",
    ),
    universal("INV-21", "IfExists only weakens, and changes nothing where the key is present."),
    universal("INV-22", "One more condition can only take matches away."),
    universal("INV-23", "One more value widens a positive operator and narrows a negated one."),
    universal("INV-24", "StringEquals implies StringLike, and is the same for a value without wildcards."),
    universal("INV-25", "ArnLike implies StringLike."),
    universal("INV-26", "A variable's value stands for itself only: no wildcard in it widens a pattern."),
    universal("INV-27", "The Version of a policy without `${` does not matter."),
    universal(
        "INV-28",
        "A Deny under BoolIfExists MultiFactorAuthPresent false lets nothing through without MFA.",
    ),
];

/// The tempting statements of section 9.11 that sets of policies refute by themselves.
pub const FALSE_STATEMENTS_OF_SETS: &[Law] = &[
    tempting("F-10", "Deny under Bool MultiFactorAuthPresent false forces MFA."),
    tempting("F-12", "StringNotEquals with two values holds for a value that differs from one of them."),
    tempting("F-13", "A missing key makes a condition false."),
    tempting("F-14", "ForAllValues implies ForAnyValue."),
    tempting("F-15", "Taking keys out of the context can only reduce access."),
    tempting("F-16", "Deny under NotIpAddress SourceIp spares exactly the calls that come from the office."),
    tempting("F-17", "Deny NotAction of a list is the same as Allow of it."),
    tempting(
        "F-18",
        "Allow NotAction iam:* allows nothing of other services that matters, such as sts:AssumeRole.",
    ),
    tempting("F-19", "ArnLike and StringLike agree on ARNs."),
    tempting("F-29", "Resource arn:aws:ec2:*:A:* covers all EC2 actions."),
];
