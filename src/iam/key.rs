//! Names of context keys, and the table of the keys that AWS documents (KEY-4, KEY-5) with the type and arity of their values.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A context key's name. It keeps its spelling; equality, order and hash ignore ASCII case (COND-4, GEN-6).
///
/// Names are compared far more often than made, so the folded text is made once and kept.
#[derive(Clone, Debug)]
pub struct KeyName {
    spelling: String,
    /// The spelling in lower case, where that is another text.
    folded: Option<Box<str>>,
    /// The same for all spellings, and nearly always another for another key: what differs here need not be compared letter by letter.
    fingerprint: u64,
}

impl KeyName {
    /// The key with this spelling.
    pub fn new(spelling: impl Into<String>) -> KeyName {
        let spelling = spelling.into();
        let folded = spelling
            .bytes()
            .any(|byte| byte.is_ascii_uppercase())
            .then(|| spelling.to_ascii_lowercase().into_boxed_str());
        let fingerprint = fingerprint(folded.as_deref().unwrap_or(&spelling));
        KeyName { spelling, folded, fingerprint }
    }

    /// The name as it was spelled.
    pub fn spelling(&self) -> &str {
        &self.spelling
    }

    /// The name in lower case: the one text that all its spellings share.
    pub fn folded(&self) -> String {
        self.folded_text().to_owned()
    }

    fn folded_text(&self) -> &str {
        self.folded.as_deref().unwrap_or(&self.spelling)
    }
}

/// FNV-1a, in 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl PartialEq for KeyName {
    fn eq(&self, other: &KeyName) -> bool {
        self.fingerprint == other.fingerprint && self.folded_text() == other.folded_text()
    }
}

impl Eq for KeyName {}

impl PartialOrd for KeyName {
    fn partial_cmp(&self, other: &KeyName) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for KeyName {
    fn cmp(&self, other: &KeyName) -> Ordering {
        self.folded_text().cmp(other.folded_text())
    }
}

impl Hash for KeyName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded_text().hash(state);
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelling)
    }
}

/// The type of a documented key's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// Any text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number (COND-22).
    Numeric,
    /// An instant (COND-25).
    Date,
    /// An instant as seconds since the epoch, usable as a number too (`aws:EpochTime`).
    Epoch,
    /// An IPv4 or IPv6 address.
    Address,
}

/// How many values a documented key has (the column S/M of KEY-4 and KEY-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// One value.
    Single,
    /// A list of values.
    Many,
}

/// Whether a documented key is in every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In every request.
    Always,
    /// In some requests; KEY-4 and KEY-5 say when.
    Sometimes,
}

/// A row of KEY-4 or KEY-5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentedKey {
    /// The name; one that ends in `/` stands for all keys with a name behind the slash (`aws:RequestTag/`).
    pub name: &'static str,
    /// The type of its values.
    pub value: KeyType,
    /// One value or a list.
    pub arity: Arity,
    /// Whether every request has it.
    pub presence: Presence,
}

const fn single(name: &'static str, value: KeyType) -> DocumentedKey {
    DocumentedKey { name, value, arity: Arity::Single, presence: Presence::Sometimes }
}

const fn always(name: &'static str, value: KeyType) -> DocumentedKey {
    DocumentedKey { name, value, arity: Arity::Single, presence: Presence::Always }
}

const fn many(name: &'static str) -> DocumentedKey {
    DocumentedKey { name, value: KeyType::String, arity: Arity::Many, presence: Presence::Sometimes }
}

/// The keys of KEY-4 and KEY-5 that are named there in full, with section 14's additions.
pub const DOCUMENTED_KEYS: &[DocumentedKey] = &[
    single("aws:PrincipalArn", KeyType::Arn),
    single("aws:PrincipalAccount", KeyType::String),
    single("aws:PrincipalOrgID", KeyType::String),
    many("aws:PrincipalOrgPaths"),
    single("aws:PrincipalTag/", KeyType::String),
    single("aws:PrincipalIsAWSService", KeyType::Bool),
    single("aws:PrincipalServiceName", KeyType::String),
    many("aws:PrincipalServiceNamesList"),
    single("aws:PrincipalType", KeyType::String),
    single("aws:userid", KeyType::String),
    single("aws:username", KeyType::String),
    single("aws:FederatedProvider", KeyType::String),
    single("aws:TokenIssueTime", KeyType::Date),
    single("aws:MultiFactorAuthPresent", KeyType::Bool),
    single("aws:MultiFactorAuthAge", KeyType::Numeric),
    single("aws:SourceIdentity", KeyType::String),
    single("aws:Ec2InstanceSourceVpc", KeyType::String),
    single("aws:Ec2InstanceSourcePrivateIPv4", KeyType::Address),
    single("aws:SourceIp", KeyType::Address),
    single("aws:SourceVpc", KeyType::String),
    single("aws:SourceVpce", KeyType::String),
    single("aws:SourceVpcArn", KeyType::Arn),
    single("aws:VpcSourceIp", KeyType::Address),
    single("aws:VpceAccount", KeyType::String),
    single("aws:VpceOrgID", KeyType::String),
    many("aws:VpceOrgPaths"),
    single("aws:ResourceAccount", KeyType::String),
    single("aws:ResourceOrgID", KeyType::String),
    many("aws:ResourceOrgPaths"),
    single("aws:ResourceTag/", KeyType::String),
    single("aws:RequestTag/", KeyType::String),
    many("aws:TagKeys"),
    always("aws:CurrentTime", KeyType::Date),
    always("aws:EpochTime", KeyType::Epoch),
    always("aws:RequestedRegion", KeyType::String),
    always("aws:SecureTransport", KeyType::Bool),
    always("aws:UserAgent", KeyType::String),
    single("aws:referer", KeyType::String),
    always("aws:ViaAWSService", KeyType::Bool),
    many("aws:CalledVia"),
    single("aws:CalledViaFirst", KeyType::String),
    single("aws:CalledViaLast", KeyType::String),
    single("aws:SourceArn", KeyType::Arn),
    single("aws:SourceAccount", KeyType::String),
    single("aws:SourceOrgID", KeyType::String),
    many("aws:SourceOrgPaths"),
    single("sts:ExternalId", KeyType::String),
    single("sts:RoleSessionName", KeyType::String),
    single("sts:SourceIdentity", KeyType::String),
    single("sts:RoleAuthorizedByIdp", KeyType::Bool),
    many("sts:TransitiveTagKeys"),
    single("sts:DurationSeconds", KeyType::Numeric),
    single("iam:ResourceTag/", KeyType::String),
    single("iam:PassedToService", KeyType::String),
    single("iam:AssociatedResourceArn", KeyType::Arn),
    single("iam:PermissionsBoundary", KeyType::Arn),
    single("iam:PolicyARN", KeyType::Arn),
    single("iam:AWSServiceName", KeyType::String),
    single("saml:aud", KeyType::String),
    single("saml:iss", KeyType::String),
    single("saml:sub", KeyType::String),
    single("saml:sub_type", KeyType::String),
    single("saml:doc", KeyType::String),
    single("saml:namequalifier", KeyType::String),
    single("ec2:SourceInstanceArn", KeyType::Arn),
    single("ec2:RoleDelivery", KeyType::Numeric),
    single("s3:prefix", KeyType::String),
    single("s3:max-keys", KeyType::Numeric),
    single("s3:ExistingObjectTag/", KeyType::String),
    single("kms:ViaService", KeyType::String),
];

/// The row of the table for this key, if the documents have one.
pub fn documented(key: &KeyName) -> Option<&'static DocumentedKey> {
    let spelling = key.spelling();
    DOCUMENTED_KEYS.iter().find(|row| {
        if row.name.ends_with('/') {
            spelling.len() > row.name.len()
                && spelling.get(..row.name.len()).is_some_and(|start| start.eq_ignore_ascii_case(row.name))
        } else {
            spelling.eq_ignore_ascii_case(row.name)
        }
    })
}
