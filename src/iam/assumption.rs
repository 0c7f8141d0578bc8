//! The points that AWS's documents leave open, the readings that can be taken of each (section 15 of the rules), and a choice among
//! them.
//!
//! This names readings; what each means is written in `docs/semantics.md`, and each of the two readings of the policy language follows
//! it by itself.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::spelling::quoted;

macro_rules! open_points {
    ($($point:ident $id:literal $rule:literal $decision:literal {
        $($alternative:ident $name:literal $summary:literal),+ $(,)?
    })+) => {
        /// A point that the documents leave open, and that section 11 decides.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum OpenPoint {
            $(#[doc = concat!("`", $id, "`: ", $decision, ".")] $point),+
        }

        /// A reading of an open point that is not the decision.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Alternative {
            $($(#[doc = concat!("`", $id, "=", $name, "`: ", $summary, ".")] $alternative),+),+
        }

        impl OpenPoint {
            /// Every open point, by number.
            pub const ALL: &[OpenPoint] = &[$(OpenPoint::$point),+];

            /// The id of the decision, such as `D-39`.
            pub fn id(self) -> &'static str {
                match self {
                    $(OpenPoint::$point => $id),+
                }
            }

            /// The rule that the decision belongs to, such as `COND-10`.
            pub fn rule(self) -> &'static str {
                match self {
                    $(OpenPoint::$point => $rule),+
                }
            }

            /// What the decision says, as a phrase.
            pub fn decision(self) -> &'static str {
                match self {
                    $(OpenPoint::$point => $decision),+
                }
            }

            /// The other readings of the point, at least one.
            pub fn alternatives(self) -> &'static [Alternative] {
                match self {
                    $(OpenPoint::$point => &[$(Alternative::$alternative),+]),+
                }
            }
        }

        impl Alternative {
            /// Every alternative, in the order of the points.
            pub const ALL: &[Alternative] = &[$($(Alternative::$alternative),+),+];

            /// The point that it is a reading of.
            pub fn point(self) -> OpenPoint {
                match self {
                    $($(Alternative::$alternative => OpenPoint::$point),+),+
                }
            }

            /// The whole name, such as `D-39=any`.
            pub fn name(self) -> &'static str {
                match self {
                    $($(Alternative::$alternative => concat!($id, "=", $name)),+),+
                }
            }

            /// What it says, as a phrase; exactly so in section 15 of the rules.
            pub fn summary(self) -> &'static str {
                match self {
                    $($(Alternative::$alternative => $summary),+),+
                }
            }
        }
    };
}

open_points! {
    CaseFolding "D-2" "COND-16" "StringEqualsIgnoreCase folds A to Z only" {
        FoldsLatin1 "latin-1" "StringEqualsIgnoreCase folds the letters À to Þ as well",
    }
    ResourceWildcards "D-22" "RES-1" "wildcards in Resource match colons too" {
        ResourceBySegment "segments" "in Resource only a `*` that ends a segment matches a colon",
        ResourceByField "fields" "Resource is matched field by field, as ARNs are in conditions",
    }
    ShortResource "D-23" "RES-3" "a Resource pattern of fewer than six fields is a pattern like any other" {
        ShortResourceNever "never" "a Resource pattern of fewer than six fields matches nothing",
    }
    StarSpellings "D-24" "PRIN-3" "`\"*\"` and `{\"AWS\": \"*\"}` name the same callers" {
        AwsStarWithoutServices "services" "`{\"AWS\": \"*\"}` does not name services",
    }
    NotPrincipalChain "D-27" "PRIN-9" "NotPrincipal exempts whoever has all links of his chain listed" {
        NotPrincipalAnyLink "any" "NotPrincipal exempts whoever has any link of his chain listed",
    }
    VariablesInBool "D-28" "VAR-1" "values of Bool may have variables" {
        NoVariablesInBool "literal" "`${…}` in a value of Bool is plain text",
    }
    VariablesInRcps "D-29" "VAR-1" "RCPs may have variables" {
        NoVariablesInRcps "literal" "`${…}` in an RCP is plain text",
    }
    SubstitutedText "D-30" "VAR-6" "`*` and `?` in a variable's value are plain characters" {
        ValuesHaveWildcards "wildcards" "`*` and `?` in a variable's value are wildcards",
    }
    UnresolvedMember "D-31" "VAR-8" "a Resource with a variable without value matches nothing, others in the list count" {
        UnresolvedVoidsStatement "void" "a Resource with a variable without value voids the whole statement",
    }
    MultivaluedVariable "D-32" "VAR-9" "a multivalued key gives a variable no value" {
        FirstValueOfVariable "first" "a multivalued key gives a variable its first value",
    }
    ArnSplitting "D-33" "VAR-12" "ARN patterns of conditions are cut into fields before values are filled in" {
        ArnSplitAfterFilling "after" "ARN patterns of conditions are cut into fields after values are filled in",
    }
    EmptyVariable "D-34" "VAR-13" "the empty text is a variable's value like any other" {
        EmptyIsNoValue "absent" "a key with the empty text gives a variable no value",
    }
    EmptyList "D-37" "COND-9" "a key with an empty list is missing" {
        EmptyListIsPresent "present" "a key with an empty list is present, with no values",
    }
    ListOfEmptyText "D-38" "COND-9" "a key with the list `[\"\"]` is missing" {
        ListOfEmptyTextForNull "null" "a key with the list `[\"\"]` is present for Null, and missing elsewhere",
        ListOfEmptyTextIsPresent "present" "a key with the list `[\"\"]` is present, with one value",
    }
    MultivaluedWithoutSetOperator "D-39" "COND-10" "a multivalued key without set operator is false, negated too" {
        FirstOfMany "first" "a multivalued key without set operator stands for its first value",
        AnyOfMany "any" "a multivalued key without set operator is read as with ForAnyValue",
        AnyOrNoneOfMany "dual" "without set operator some value must match, and under a negated operator none",
    }
    ForAnyValueIfExists "D-40" "COND-11" "ForAnyValue with IfExists is true of a missing key" {
        ForAnyValueNeedsItsKey "false" "ForAnyValue with IfExists is false of a missing key",
    }
    WrongType "D-41" "COND-21" "a value of the wrong type matches nothing, so that a negated operator is true of it" {
        WrongTypeIsFalse "false" "a value of the wrong type makes every operator false",
        WrongTypeIsAnError "error" "a value of the wrong type is an error: an Allow is void, a Deny holds",
    }
    NumberSyntax "D-42" "COND-22" "numbers have no exponent" {
        Exponents "exponents" "numbers in a request may have an exponent",
    }
    FourDigits "D-43" "COND-25" "a date of four digits is a number of seconds" {
        FourDigitsAreAYear "year" "a date of four digits is a year",
    }
    Ipv6WithoutPrefix "D-45" "COND-30" "an IPv6 address without prefix is one address" {
        Ipv6WithoutPrefixIs32 "32" "an IPv6 address without prefix is a /32",
    }
    MappedAddresses "D-47" "COND-31" "an IPv4-mapped IPv6 address is IPv6" {
        MappedIsIpv4 "unwrapped" "an IPv4-mapped IPv6 address is IPv4",
    }
    ShortArn "D-48" "COND-33" "an ARN pattern of fewer than six fields in a condition matches nothing" {
        ShortArnIsPattern "short" "an ARN pattern of fewer than six fields in a condition matches whole texts",
    }
    ServicePrincipalKeys "D-50" "KEY-4" "services have no PrincipalAccount, PrincipalType and userid" {
        OpaqueServiceKeys "opaque" "services have PrincipalAccount, PrincipalType and userid, equal to nothing",
    }
    SeveralSessionPolicies "D-54" "EVAL-7" "several session policies allow what one of them allows" {
        SessionPoliciesIntersect "intersection" "several session policies allow what all of them allow",
    }
    FederatedDefault "D-55" "EVAL-14" "without session policy a federated session has only what resource policies grant it" {
        FederatedNeedsNone "allow" "without session policy a federated session may do what its user may",
    }
    RcpsOnStar "D-99" "EVAL-22" "RCPs do not apply to requests on the resource `*`" {
        RcpsApplyToStar "apply" "RCPs apply to requests on the resource `*` as well",
    }
    StarForFederated "D-103" "EVAL-11" "a grant to `*` reaches a federated session without session policy" {
        StarMissesFederated "named" "a federated session without session policy must be named by a grant",
    }
    BoolSyntax "D-104" "COND-28" "under Bool a text other than `true` and `false` matches nothing" {
        AnythingElseIsFalse "false" "under Bool any text other than `true` is false",
    }
    Base64 "D-105" "COND-29" "BinaryEquals compares bytes, of canonical base64 only" {
        BinaryAsText "text" "BinaryEquals compares the texts, whatever they are",
        UnusedBitsIgnored "bytes" "BinaryEquals ignores the unused bits of the last character",
    }
}

impl fmt::Display for OpenPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a text names no reading, or no choice of readings.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AssumptionError {
    /// It names no open point.
    #[error("{given} is no open point with another reading; these are: {}", listed(OpenPoint::ALL))]
    UnknownPoint {
        /// What was given, quoted.
        given: String,
    },
    /// It names a point, but none of its readings.
    #[error("{given} is no reading of {point}; write one of: {}", listed(point.alternatives()))]
    UnknownReading {
        /// What was given, quoted.
        given: String,
        /// The point that it names.
        point: OpenPoint,
    },
    /// Two readings of one point.
    #[error("`{first}` and `{second}` are two readings of one point; assume one of them")]
    Contradiction {
        /// The one.
        first: Alternative,
        /// The other.
        second: Alternative,
    },
}

fn listed<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

impl FromStr for Alternative {
    type Err = AssumptionError;

    /// Reads a name such as `D-39=any`.
    fn from_str(text: &str) -> Result<Alternative, AssumptionError> {
        let id = text.split_once('=').map_or(text, |(id, _)| id);
        let Some(point) = OpenPoint::ALL.iter().copied().find(|point| point.id() == id) else {
            return Err(AssumptionError::UnknownPoint { given: quoted(text) });
        };
        let mut alternatives = point.alternatives().iter().copied();
        alternatives
            .find(|alternative| alternative.name() == text)
            .ok_or_else(|| AssumptionError::UnknownReading { given: quoted(text), point })
    }
}

/// One reading of every open point: the decision, but for the alternatives that are assumed, of each point at most one.
///
/// [`Assumptions::default`] takes all decisions.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Assumptions {
    /// A bit for each alternative, by its place in [`Alternative::ALL`].
    assumed: u64,
}

// Every alternative has its bit.
const _: () = assert!(Alternative::ALL.len() <= 64);

impl Assumptions {
    /// These alternatives, and else the decisions.
    ///
    /// # Errors
    ///
    /// [`AssumptionError::Contradiction`] where two of them are readings of one point.
    pub fn of(alternatives: impl IntoIterator<Item = Alternative>) -> Result<Assumptions, AssumptionError> {
        let mut assumptions = Assumptions::default();
        for second in alternatives {
            match assumptions.reading_of(second.point()) {
                Some(first) if first != second => {
                    return Err(AssumptionError::Contradiction { first, second });
                }
                Some(_) | None => assumptions = assumptions.with(second),
            }
        }
        Ok(assumptions)
    }

    /// Whether this alternative is assumed.
    #[inline]
    pub fn has(self, alternative: Alternative) -> bool {
        self.assumed & bit(alternative) != 0
    }

    /// The alternative that is assumed of this point; `None`: the decision holds.
    pub fn reading_of(self, point: OpenPoint) -> Option<Alternative> {
        point.alternatives().iter().copied().find(|alternative| self.has(*alternative))
    }

    /// The same, but with this reading of its point.
    #[must_use]
    pub fn with(self, alternative: Alternative) -> Assumptions {
        let Assumptions { assumed } = self.without(alternative.point());
        Assumptions { assumed: assumed | bit(alternative) }
    }

    /// The same, but with the decision of this point.
    #[must_use]
    pub fn without(self, point: OpenPoint) -> Assumptions {
        let others = point.alternatives().iter().fold(self.assumed, |assumed, other| assumed & !bit(*other));
        Assumptions { assumed: others }
    }

    /// The same, but with what the other assumes of the points that it assumes something of.
    #[must_use]
    pub fn overridden_by(self, other: Assumptions) -> Assumptions {
        other.alternatives().fold(self, Assumptions::with)
    }

    /// The alternatives that are assumed, in the order of the points.
    pub fn alternatives(self) -> impl Iterator<Item = Alternative> {
        Alternative::ALL.iter().copied().filter(move |alternative| self.has(*alternative))
    }

    /// Whether all decisions hold.
    pub fn is_decided(self) -> bool {
        self == Assumptions::default()
    }
}

#[inline]
fn bit(alternative: Alternative) -> u64 {
    1 << alternative as u32
}

/// The names of the alternatives, with commas between; nothing where all decisions hold.
impl fmt::Display for Assumptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&listed(&self.alternatives().collect::<Vec<_>>()))
    }
}

impl fmt::Debug for Assumptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Assumptions({self})")
    }
}

impl FromStr for Assumptions {
    type Err = AssumptionError;

    /// Reads names with commas between, blanks around them allowed; the empty text takes all decisions.
    fn from_str(text: &str) -> Result<Assumptions, AssumptionError> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        Assumptions::of(names.map(str::parse).collect::<Result<Vec<Alternative>, _>>()?)
    }
}
