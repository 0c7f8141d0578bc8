//! Condition entries: every operator with every modifier, on keys that requests draw too.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::fragments;
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
    pub fn context_values(self) -> Vec<&'static str> {
        match self {
            Family::String | Family::Null => [fragments::STRING_CONTEXT, fragments::NAMES].concat(),
            Family::Numeric => fragments::NUMERIC_CONTEXT.to_vec(),
            Family::Date => fragments::DATE_CONTEXT.to_vec(),
            Family::Bool => fragments::BOOL_CONTEXT.to_vec(),
            Family::Binary => fragments::BINARY_CONTEXT.to_vec(),
            Family::Address => fragments::ADDRESS_CONTEXT.to_vec(),
            Family::Arn => fragments::ARN_CONTEXT.to_vec(),
        }
    }
}

/// One entry of a Condition.
pub fn entry() -> impl Strategy<Value = ConditionEntry> {
    operator().prop_flat_map(|operator| {
        let family = Family::of(operator.base);
        let values = if operator.base == BaseOperator::Null { 1..2 } else { 1..4 };
        (select(family.keys()), vec(select(family.policy_values()), values)).prop_map(move |(key, values)| {
            ConditionEntry {
                operator,
                key: KeyName::new(key),
                values: values.into_iter().map(str::to_owned).collect(),
            }
        })
    })
}

/// The entries of a Condition, no two of them with the same operator and key (GRAM-3, GRAM-18).
pub fn condition() -> impl Strategy<Value = Vec<ConditionEntry>> {
    prop_oneof![4 => Just(Vec::new()), 5 => vec(entry(), 1..2), 2 => vec(entry(), 2..4)].prop_map(
        |mut entries| {
            let mut seen: Vec<(Operator, KeyName)> = Vec::new();
            entries.retain(|entry| {
                let pair = (entry.operator, entry.key.clone());
                let new = !seen.contains(&pair);
                seen.push(pair);
                new
            });
            entries
        },
    )
}

/// An operator with its modifiers; plain ones come as often as all others together.
fn operator() -> impl Strategy<Value = Operator> {
    let quantifier = prop_oneof![
        4 => Just(Quantifier::None),
        1 => Just(Quantifier::ForAllValues),
        1 => Just(Quantifier::ForAnyValue),
    ];
    let existence = prop_oneof![3 => Just(Existence::Required), 1 => Just(Existence::IfExists)];
    (select(BaseOperator::ALL), quantifier, existence).prop_map(|(base, quantifier, existence)| {
        if base == BaseOperator::Null {
            Operator::plain(base)
        } else {
            Operator { quantifier, base, existence }
        }
    })
}

/// The value of a context key of this family, or none: single ones mostly, lists of every length.
pub fn context_value(family: Family) -> impl Strategy<Value = Option<ContextValue>> {
    let one = || select(family.context_values()).prop_map(str::to_owned);
    option::weighted(
        0.7,
        prop_oneof![
            5 => one().prop_map(ContextValue::Single),
            2 => vec(one(), 0..4).prop_map(ContextValue::Many),
            // The list that counts as missing (COND-9).
            1 => Just(ContextValue::Many(vec![String::new()])),
        ],
    )
}
