//! What the reader of documents has to say about one: a code, how bad it is, where, and what was expected.

use std::fmt;

use crate::iam::json::{Place, Position};

/// How strictly a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// As AWS would on saving it.
    Strict,
    /// What AWS would refuse on saving, but what has a plain meaning all the same, is a warning (an anonymised account id, a
    /// repeated Sid). What would have to be skipped stays an error.
    Lenient,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The document is not valid.
    Error,
    /// The document is valid, but this is worth a look.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal),+ $(,)?) => {
        /// The code of a finding: `V-…` of GRAM-29 for what is not valid, `W-…` for the warnings of GRAM-31.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $name),+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// The spelling in answers, such as `V-ACTION`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Code::$name => $code),+
                }
            }

            /// The code with this spelling, if there is one.
            pub fn from_name(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

// Rule: GRAM-29.
codes! {
    /// The text is no JSON, or its top value is no object (GRAM-1).
    Json "V-JSON",
    /// A character that policies may not contain (GRAM-2).
    Charset "V-CHARSET",
    /// Two members of one object have the same name (GRAM-3).
    DuplicateKey "V-DUPLICATE-KEY",
    /// An element that does not exist, or is forbidden in this type of policy (GRAM-4, 6, 8).
    Element "V-ELEMENT",
    /// The Version element (GRAM-5).
    Version "V-VERSION",
    /// The Statement element (GRAM-7).
    Statement "V-STATEMENT",
    /// The Effect element (GRAM-9, 24).
    Effect "V-EFFECT",
    /// The Sid element (GRAM-10).
    Sid "V-SID",
    /// The Action or NotAction element (GRAM-11, 21, 24).
    Action "V-ACTION",
    /// The Principal or NotPrincipal element (GRAM-12 to 14, 20).
    Principal "V-PRINCIPAL",
    /// A principal that does not exist when a trust policy is saved (GRAM-13); the text alone never shows it.
    PrincipalUnknown "V-PRINCIPAL-UNKNOWN",
    /// The Resource or NotResource element (GRAM-15, 16, 21).
    Resource "V-RESOURCE",
    /// A condition operator that does not exist (GRAM-17).
    Operator "V-OPERATOR",
    /// A condition key that cannot be one, or stands there twice (GRAM-18).
    ConditionKey "V-CONDITION-KEY",
    /// A condition value, or the shape of a Condition (GRAM-17, 19).
    ConditionValue "V-CONDITION-VALUE",
    /// A policy variable's syntax or position (VAR-3, 14).
    Variable "V-VARIABLE",
    /// The document is too large (GRAM-27).
    Size "V-SIZE",
    /// An action that the service does not have.
    UnknownAction "W-UNKNOWN-ACTION",
    /// A condition key that the documents' tables do not have (KEY-9).
    UnknownKey "W-UNKNOWN-KEY",
    /// A set operator on a key that has one value.
    SetOperatorOnSingle "W-SET-OPERATOR-ON-SINGLE-VALUE",
    /// A multivalued key without a set operator; such an entry is never true (COND-10).
    ManyWithoutSetOperator "W-MANY-VALUES-WITHOUT-SET-OPERATOR",
    /// `ForAllValues` in an Allow is true where the key is missing (COND-11).
    ForAllValuesAllow "W-FOR-ALL-VALUES-ALLOW",
    /// `Bool` on `aws:MultiFactorAuthPresent` in a Deny misses requests without the key.
    MfaDenyWithoutIfExists "W-MFA-DENY-WITHOUT-IF-EXISTS",
    /// NotPrincipal, which denies more callers than it seems to (PRIN-9).
    NotPrincipal "W-NOT-PRINCIPAL",
    /// A trust policy that names everybody (GRAM-21).
    TrustEverybody "W-TRUST-EVERYBODY",
    /// Allow with NotAction.
    AllowNotAction "W-ALLOW-NOT-ACTION",
    /// Allow with NotResource.
    AllowNotResource "W-ALLOW-NOT-RESOURCE",
    /// A wildcard in the value of a key that names accounts, organizations or networks.
    SensitiveWildcard "W-SENSITIVE-WILDCARD",
    /// `${` where the Version makes it plain text (VAR-2).
    VariableWithoutVersion "W-VARIABLE-WITHOUT-VERSION",
    /// A variable in the region or account field of an ARN (VAR-3).
    VariablePosition "W-VARIABLE-POSITION",
    /// Allow with NotResource and a variable: where it has no value, nothing is excluded (VAR-8).
    VariableInAllowNotResource "W-VARIABLE-IN-ALLOW-NOT-RESOURCE",
    /// An ARN operator's value with fewer than six fields; it equals nothing (COND-33).
    ArnFields "W-ARN-FIELDS",
    /// An IPv6 address without a prefix (COND-30, D-45).
    Ipv6WithoutPrefix "W-IPV6-WITHOUT-PREFIX",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing that the reader has to say about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule it is about.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands; the pointer leads from the top of the text, also where the policy is only a part of it.
    pub place: Place,
    /// What is wrong and what was expected; texts of the user in backticks.
    pub message: String,
}

impl Finding {
    /// The JSON pointer.
    pub fn pointer(&self) -> &str {
        &self.place.pointer
    }

    /// The line and the column.
    pub fn position(&self) -> Position {
        self.place.position
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.place, self.message, self.code)
    }
}
