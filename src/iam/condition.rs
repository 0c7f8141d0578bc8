//! Condition operators as they are spelled: a base, an optional quantifier before it, an optional `IfExists` behind it (COND-13).

use std::fmt;

/// An operator with its modifiers, such as `ForAllValues:StringLikeIfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operator {
    /// `ForAllValues:`, `ForAnyValue:` or nothing.
    pub quantifier: Quantifier,
    /// The operator without its modifiers.
    pub base: BaseOperator,
    /// Whether `IfExists` is written behind the base.
    pub existence: Existence,
}

/// The set operator in front of a base operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantifier {
    /// No set operator.
    None,
    /// `ForAllValues:`.
    ForAllValues,
    /// `ForAnyValue:`.
    ForAnyValue,
}

/// The `IfExists` suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Existence {
    /// No suffix.
    Required,
    /// `IfExists`.
    IfExists,
}

macro_rules! base_operators {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// An operator of COND-20, without modifiers. Variants are spelled as in a policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum BaseOperator {
            $($(#[$doc])* $name),+
        }

        impl BaseOperator {
            /// Every base operator, in the order of COND-20.
            pub const ALL: &[BaseOperator] = &[$(BaseOperator::$name),+];

            /// The spelling in a policy.
            pub fn name(self) -> &'static str {
                match self {
                    $(BaseOperator::$name => stringify!($name)),+
                }
            }
        }
    };
}

base_operators! {
    /// Equality of texts.
    StringEquals,
    /// Negation of `StringEquals`.
    StringNotEquals,
    /// Equality of texts ignoring ASCII case.
    StringEqualsIgnoreCase,
    /// Negation of `StringEqualsIgnoreCase`.
    StringNotEqualsIgnoreCase,
    /// Wildcard match.
    StringLike,
    /// Negation of `StringLike`.
    StringNotLike,
    /// Equality of numbers.
    NumericEquals,
    /// Negation of `NumericEquals`.
    NumericNotEquals,
    /// Context value below the policy's.
    NumericLessThan,
    /// Context value at most the policy's.
    NumericLessThanEquals,
    /// Context value above the policy's.
    NumericGreaterThan,
    /// Context value at least the policy's.
    NumericGreaterThanEquals,
    /// Same instant.
    DateEquals,
    /// Negation of `DateEquals`.
    DateNotEquals,
    /// Context instant before the policy's.
    DateLessThan,
    /// Context instant at or before the policy's.
    DateLessThanEquals,
    /// Context instant after the policy's.
    DateGreaterThan,
    /// Context instant at or after the policy's.
    DateGreaterThanEquals,
    /// Equality of truth values.
    Bool,
    /// Equality of bytes given as base64.
    BinaryEquals,
    /// Address in a block.
    IpAddress,
    /// Negation of `IpAddress`.
    NotIpAddress,
    /// Wildcard match field by field; the same as `ArnLike`.
    ArnEquals,
    /// Negation of `ArnEquals`.
    ArnNotEquals,
    /// Wildcard match field by field.
    ArnLike,
    /// Negation of `ArnLike`.
    ArnNotLike,
    /// Presence of the key.
    Null,
}

impl Operator {
    /// The operator without modifiers.
    pub fn plain(base: BaseOperator) -> Operator {
        Operator { quantifier: Quantifier::None, base, existence: Existence::Required }
    }

    /// Reads a spelling such as `ForAnyValue:StringEqualsIfExists`; `None` where COND-13 and COND-20 know none such.
    ///
    /// `Null` takes no modifier (COND-12).
    pub fn parse(text: &str) -> Option<Operator> {
        let (quantifier, rest) = if let Some(rest) = text.strip_prefix("ForAllValues:") {
            (Quantifier::ForAllValues, rest)
        } else if let Some(rest) = text.strip_prefix("ForAnyValue:") {
            (Quantifier::ForAnyValue, rest)
        } else {
            (Quantifier::None, text)
        };
        let (existence, name) = match rest.strip_suffix("IfExists") {
            Some(name) => (Existence::IfExists, name),
            None => (Existence::Required, rest),
        };
        let base = BaseOperator::ALL.iter().copied().find(|base| base.name() == name)?;
        let modified = quantifier != Quantifier::None || existence == Existence::IfExists;
        if base == BaseOperator::Null && modified {
            return None;
        }
        Some(Operator { quantifier, base, existence })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.quantifier {
            Quantifier::None => "",
            Quantifier::ForAllValues => "ForAllValues:",
            Quantifier::ForAnyValue => "ForAnyValue:",
        })?;
        f.write_str(self.base.name())?;
        f.write_str(match self.existence {
            Existence::Required => "",
            Existence::IfExists => "IfExists",
        })
    }
}
