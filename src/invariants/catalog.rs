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

/// The laws of layers (sections 9.2 to 9.4, and 9.9).
pub const LAWS_OF_LAYERS: &[Law] = &[
    universal("INV-29", "A boundary contains whatever no grant within the account gives the caller itself."),
    universal(
        "INV-30",
        "A boundary that allows everything is as good as none, and taking one away never narrows.",
    ),
    universal("INV-31", "Session policies only narrow what a role's session may do."),
    universal(
        "INV-32",
        "Session policies contain whatever no grant within the account gives the session itself.",
    ),
    universal(
        "INV-33",
        "A federated session without session policy is allowed only what its own account grants it itself.",
    ),
    universal(
        "INV-34",
        "A federated session is allowed nothing that its user is not, as long as nobody looks closer.",
    ),
    universal("INV-35", "What is allowed, every level of SCPs allows, and none denies."),
    universal("INV-36", "SCPs never grant."),
    universal("INV-37", "What is allowed, no RCP denies; and RCPs never grant."),
    universal("INV-38", "SCPs and RCPs do not matter to the management account."),
    universal("INV-39", "SCPs and RCPs do not matter to sessions of service-linked roles."),
    universal("INV-40", "A level that allows everything changes nothing."),
    universal("INV-41", "What one level of SCPs refuses, no other restores."),
    universal("INV-42", "Across accounts, identity policies and the resource's policy must both allow."),
    universal("INV-43", "Across accounts, nothing is allowed that the owner does not grant."),
    universal(
        "INV-44",
        "Across accounts, the caller's whole side must allow: identity, boundary, session, SCPs.",
    ),
    universal("INV-45", "Across accounts, it does not matter by which kind of grant."),
    universal(
        "INV-46",
        "The owner's SCPs do not bind a caller of another account, nor the caller's RCPs its request.",
    ),
    universal("INV-47", "Nothing is allowed from one partition to another."),
    universal("INV-48", "Within an account and without ceilings, one side is enough."),
    universal("INV-49", "Nobody in particular is allowed only what is granted to everybody."),
    universal("INV-50", "A service is allowed only what names it or everybody; SCPs do not matter to it."),
    universal("INV-51", "Identity policies, boundaries and session policies do not matter to root."),
    universal("INV-52", "A Deny that names a role, a user or an account reaches all their sessions."),
    Law {
        id: "INV-53",
        statement: "What named a deleted user or role names no other of the same name.",
        kind: Kind::Trace,
        expected: Expected::Proved,
    },
    universal("INV-102", "An instance's role may read a bucket iff either policy allows it and none denies."),
    universal(
        "INV-103",
        "It does not matter which of the two policies says what, if the bucket's names the role.",
    ),
    universal("INV-104", "A bucket's policy that names only the account is as good as silent."),
    universal("INV-105", "In another account's bucket, both policies must allow."),
    Law {
        id: "INV-106",
        statement: "An instance's next credentials may do what the last could.",
        kind: Kind::Trace,
        expected: Expected::Proved,
    },
];

/// The tempting statements of section 9.11 that single decisions refute. Those about traces are in [`super::traces::tempting`], the others
/// speak of directories.
pub const FALSE_STATEMENTS: &[Law] = &[
    tempting("F-1", "A boundary limits everything that a user can do."),
    tempting("F-2", "A role's session can do at most what the role's policies allow."),
    tempting("F-3", "A session policy limits everything in the session."),
    tempting("F-4", "Naming the own account in a bucket's policy gives its users access."),
    tempting("F-5", "Allow on both sides suffices across accounts."),
    tempting("F-6", "An SCP of the bucket's owner keeps outsiders out."),
    tempting("F-7", "An administrator can assume every role of the account."),
    tempting("F-8", "Root can do everything in its account."),
    tempting("F-9", "A role can always assume itself."),
    tempting("F-10", "Deny under Bool MultiFactorAuthPresent false forces MFA."),
    tempting("F-11", "A session obtained with MFA shows MFA."),
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
    tempting("F-21", "A session of GetFederationToken can do what its user can."),
    tempting("F-24", "Denying sts:GetSessionToken or sts:GetCallerIdentity has an effect."),
    tempting("F-29", "Resource arn:aws:ec2:*:A:* covers all EC2 actions."),
    tempting("F-30", "NotPrincipal with the user's ARN exempts the user."),
];
