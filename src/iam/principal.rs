//! The Principal element as it was written (GRAM-12, GRAM-13).

/// What a Principal or NotPrincipal element lists, in the order of the document; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principals {
    /// The entries; the bare `"*"` is one entry [`PrincipalEntry::Everyone`].
    pub entries: Vec<PrincipalEntry>,
}

/// One value of a Principal element.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrincipalEntry {
    /// The string `"*"` in place of an object.
    Everyone,
    /// `{"AWS": "*"}`.
    EveryoneAws,
    /// Twelve digits, without a partition.
    AccountId(String),
    /// `arn:P:iam::ACCT:root`.
    AccountRoot {
        /// The partition field.
        partition: String,
        /// The account field.
        account: String,
    },
    /// `arn:P:iam::ACCT:user/…`, the whole ARN.
    User(String),
    /// `arn:P:iam::ACCT:role/…`, the whole ARN with its path.
    Role(String),
    /// `arn:P:sts::ACCT:assumed-role/Role/Session`, the whole ARN.
    AssumedRole(String),
    /// `arn:P:sts::ACCT:federated-user/Name`, the whole ARN.
    FederatedUser(String),
    /// A unique id such as `AIDA…` or `AROA…`, which AWS leaves behind when the entity is deleted (PRIN-8).
    UniqueId(String),
    /// A service principal such as `ec2.amazonaws.com`.
    Service(String),
    /// The ARN of a SAML or OIDC provider, or the name of a built-in web identity provider.
    Federated(String),
    /// 64 hexadecimal digits.
    CanonicalUser(String),
}
