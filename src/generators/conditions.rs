//! Condition entries: every operator with every modifier, on keys that requests draw too.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::fragments::{self, Place, at, place};
use crate::iam::condition::{BaseOperator, Existence, Operator, Quantifier};
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::policy::ConditionEntry;

/// A family of operators: they read their values in the same way, and are asked of the same keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// String operators.
    String,
    /// Numeric operators.
    Numeric,
    /// Date operators.
    Date,
    /// Bool.
    Bool,
    /// BinaryEquals.
    Binary,
    /// IpAddress and NotIpAddress.
    Address,
    /// Arn operators.
    Arn,
    /// Null.
    Null,
}

impl Family {
    /// The families, often used ones first.
    pub const ALL: [Family; 8] = [
        Family::String,
        Family::Bool,
        Family::Address,
        Family::Arn,
        Family::Numeric,
        Family::Date,
        Family::Null,
        Family::Binary,
    ];

    /// The family of an operator.
    pub fn of(base: BaseOperator) -> Family {
        match base {
            BaseOperator::StringEquals
            | BaseOperator::StringNotEquals
            | BaseOperator::StringEqualsIgnoreCase
            | BaseOperator::StringNotEqualsIgnoreCase
            | BaseOperator::StringLike
            | BaseOperator::StringNotLike => Family::String,
            BaseOperator::NumericEquals
            | BaseOperator::NumericNotEquals
            | BaseOperator::NumericLessThan
            | BaseOperator::NumericLessThanEquals
            | BaseOperator::NumericGreaterThan
            | BaseOperator::NumericGreaterThanEquals => Family::Numeric,
            BaseOperator::DateEquals
            | BaseOperator::DateNotEquals
            | BaseOperator::DateLessThan
            | BaseOperator::DateLessThanEquals
            | BaseOperator::DateGreaterThan
            | BaseOperator::DateGreaterThanEquals => Family::Date,
            BaseOperator::Bool => Family::Bool,
            BaseOperator::BinaryEquals => Family::Binary,
            BaseOperator::IpAddress | BaseOperator::NotIpAddress => Family::Address,
            BaseOperator::ArnEquals
            | BaseOperator::ArnNotEquals
            | BaseOperator::ArnLike
            | BaseOperator::ArnNotLike => Family::Arn,
            BaseOperator::Null => Family::Null,
        }
    }

    /// The texts that a policy may compare with.
    pub fn policy_values(self) -> &'static [&'static str] {
        match self {
            Family::String => fragments::STRING_VALUES,
            Family::Numeric => fragments::NUMBERS,
            Family::Date => fragments::DATES,
            Family::Bool => fragments::TRUTHS,
            Family::Binary => fragments::BINARIES,
            Family::Address => fragments::BLOCKS,
            Family::Arn => fragments::ARN_VALUES,
            Family::Null => fragments::TRUTHS,
        }
    }

    /// The keys that are asked in this family: a documented one, one that nobody documents, and one of another type.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Family::String => &[
                "aws:PrincipalTag/team",
                "svc:color",
                "aws:TagKeys",
                "aws:username",
                "AWS:principaltag/TEAM",
            ],
            Family::Numeric => {
                &["s3:max-keys", "svc:count", "aws:MultiFactorAuthAge", "aws:EpochTime", "svc:color"]
            }
            Family::Date => &["aws:CurrentTime", "svc:when", "aws:TokenIssueTime", "aws:EpochTime"],
            Family::Bool => &["aws:SecureTransport", "aws:MultiFactorAuthPresent", "svc:color"],
            Family::Binary => &["svc:blob", "svc:color"],
            Family::Address => &["aws:SourceIp", "svc:address", "aws:VpcSourceIp"],
            Family::Arn => &["aws:SourceArn", "aws:PrincipalArn", "svc:target"],
            Family::Null => &["aws:TagKeys", "svc:color", "aws:MultiFactorAuthPresent", "aws:TokenIssueTime"],
        }
    }

    /// The texts that a request may hold under a key of this family.
    pub fn context_values(self) -> &'static [&'static str] {
        match self {
            Family::String | Family::Null => fragments::STRING_CONTEXT,
            Family::Numeric => fragments::NUMERIC_CONTEXT,
            Family::Date => fragments::DATE_CONTEXT,
            Family::Bool => fragments::BOOL_CONTEXT,
            Family::Binary => fragments::BINARY_CONTEXT,
            Family::Address => fragments::ADDRESS_CONTEXT,
            Family::Arn => fragments::ARN_CONTEXT,
        }
    }
}

/// One entry of a Condition.
pub fn entry() -> impl Strategy<Value = ConditionEntry> {
    (operator(), place(), vec(place(), 1..4))
        .prop_map(|(operator, key, values)| entry_of(operator, key, values))
}

/// The entry of this operator whose key and values stand at these places.
pub(super) fn entry_of(operator: Operator, key: Place, values: Vec<Place>) -> ConditionEntry {
    let family = Family::of(operator.base);
    // Null has one value mostly: of two that differ one always holds.
    let most = match (operator.base, values.first()) {
        (BaseOperator::Null, Some(first)) if !first.is_multiple_of(4) => 1,
        (_, Some(_) | None) => values.len(),
    };
    let texts = values.into_iter().map(|place| at(family.policy_values(), place).to_owned());
    let values = texts.take(most).collect();
    ConditionEntry { operator, key: KeyName::new(at(family.keys(), key)), values }
}

/// The entries of a Condition, no two of them with the same operator and key (GRAM-3, GRAM-18).
pub fn condition() -> impl Strategy<Value = Vec<ConditionEntry>> {
    // No entry in four of eleven statements, one in five of them, more in two.
    (0..11_u8, vec(entry(), 1..4)).prop_map(|(kind, mut entries)| {
        entries.truncate(match kind {
            0..4 => 0,
            4..9 => 1,
            _ => entries.len(),
        });
        distinct(entries)
    })
}

/// The entries as a document lists them: the keys of one operator together, none twice.
pub(super) fn distinct(mut entries: Vec<ConditionEntry>) -> Vec<ConditionEntry> {
    entries.sort_by_key(|entry| entry.operator);
    let mut seen: Vec<(Operator, KeyName)> = Vec::new();
    entries.retain(|entry| {
        let pair = (entry.operator, entry.key.clone());
        let new = !seen.contains(&pair);
        seen.push(pair);
        new
    });
    entries
}

/// An operator with its modifiers; plain ones come as often as all others together.
pub(super) fn operator() -> impl Strategy<Value = Operator> {
    (select(BaseOperator::ALL), 0..6_u8, 0..4_u8).prop_map(|(base, quantifier, existence)| {
        if base == BaseOperator::Null {
            return Operator::plain(base);
        }
        let quantifier = match quantifier {
            0..4 => Quantifier::None,
            4 => Quantifier::ForAllValues,
            _ => Quantifier::ForAnyValue,
        };
        let existence = if existence < 3 { Existence::Required } else { Existence::IfExists };
        Operator { quantifier, base, existence }
    })
}

/// The value of a context key of this family, or none: single ones mostly, lists of every length.
pub fn context_value(family: Family) -> impl Strategy<Value = Option<ContextValue>> {
    drawn_value().prop_map(move |drawn| drawn.of(family))
}

/// A context value before it is known which texts it is drawn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct DrawnValue {
    kind: u8,
    places: (Place, Place, Place),
}

/// Draws a value.
pub(super) fn drawn_value() -> impl Strategy<Value = DrawnValue> {
    (0..20_u8, (place(), place(), place())).prop_map(|(kind, places)| DrawnValue { kind, places })
}

impl DrawnValue {
    /// The value, its texts taken from those of this family.
    pub(super) fn of(self, family: Family) -> Option<ContextValue> {
        let text = |place| at(family.context_values(), place).to_owned();
        let (first, second, third) = self.places;
        Some(match self.kind {
            0..6 => return None,
            6..15 => ContextValue::Single(text(first)),
            15 => ContextValue::Many(Vec::new()),
            16 => ContextValue::Many(vec![text(first)]),
            17 => ContextValue::Many(vec![text(first), text(second)]),
            18 => ContextValue::Many(vec![text(first), text(second), text(third)]),
            // The list that counts as missing (COND-9).
            _ => ContextValue::Many(vec![String::new()]),
        })
    }
}
