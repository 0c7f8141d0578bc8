//! The operations of STS, with their parameters by the names of its API (STS-1, STS-3).

use super::PolicyText;

/// An operation of STS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StsOperation {
    /// AssumeRole.
    AssumeRole(AssumeRole),
    /// AssumeRoleWithSAML.
    AssumeRoleWithSaml(AssumeRoleWithSaml),
    /// AssumeRoleWithWebIdentity.
    AssumeRoleWithWebIdentity(AssumeRoleWithWebIdentity),
    /// GetSessionToken.
    GetSessionToken(GetSessionToken),
    /// GetFederationToken.
    GetFederationToken(GetFederationToken),
    /// GetCallerIdentity.
    GetCallerIdentity,
    /// DecodeAuthorizationMessage.
    DecodeAuthorizationMessage(EncodedMessage),
}

impl StsOperation {
    /// The action, such as `sts:AssumeRole`.
    pub fn action(&self) -> &'static str {
        match self {
            StsOperation::AssumeRole(_) => "sts:AssumeRole",
            StsOperation::AssumeRoleWithSaml(_) => "sts:AssumeRoleWithSAML",
            StsOperation::AssumeRoleWithWebIdentity(_) => "sts:AssumeRoleWithWebIdentity",
            StsOperation::GetSessionToken(_) => "sts:GetSessionToken",
            StsOperation::GetFederationToken(_) => "sts:GetFederationToken",
            StsOperation::GetCallerIdentity => "sts:GetCallerIdentity",
            StsOperation::DecodeAuthorizationMessage(_) => "sts:DecodeAuthorizationMessage",
        }
    }
}

/// Parameters of AssumeRole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRole {
    /// RoleArn.
    pub role_arn: String,
    /// RoleSessionName.
    pub role_session_name: String,
    /// DurationSeconds.
    pub duration_seconds: Option<i128>,
    /// ExternalId.
    pub external_id: Option<String>,
    /// Policy.
    pub policy: Option<PolicyText>,
    /// PolicyArns.
    pub policy_arns: Vec<String>,
    /// Tags, in their order; a key may come twice, and is refused then.
    pub tags: Vec<(String, String)>,
    /// TransitiveTagKeys.
    pub transitive_tag_keys: Vec<String>,
    /// SourceIdentity.
    pub source_identity: Option<String>,
    /// SerialNumber and TokenCode.
    pub mfa: MfaCode,
}

/// SerialNumber and TokenCode: both, neither, or, wrongly, one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MfaCode {
    /// SerialNumber.
    pub serial_number: Option<String>,
    /// TokenCode.
    pub token_code: Option<String>,
}

/// Parameters of AssumeRoleWithSAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRoleWithSaml {
    /// RoleArn.
    pub role_arn: String,
    /// PrincipalArn: the provider.
    pub principal_arn: String,
    /// SAMLAssertion.
    pub saml_assertion: String,
    /// DurationSeconds.
    pub duration_seconds: Option<i128>,
    /// Policy.
    pub policy: Option<PolicyText>,
    /// PolicyArns.
    pub policy_arns: Vec<String>,
}

/// Parameters of AssumeRoleWithWebIdentity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRoleWithWebIdentity {
    /// RoleArn.
    pub role_arn: String,
    /// RoleSessionName.
    pub role_session_name: String,
    /// WebIdentityToken.
    pub web_identity_token: String,
    /// ProviderId, for OAuth 2.0 providers.
    pub provider_id: Option<String>,
    /// DurationSeconds.
    pub duration_seconds: Option<i128>,
    /// Policy.
    pub policy: Option<PolicyText>,
    /// PolicyArns.
    pub policy_arns: Vec<String>,
}

/// Parameters of GetSessionToken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GetSessionToken {
    /// DurationSeconds.
    pub duration_seconds: Option<i128>,
    /// SerialNumber and TokenCode.
    pub mfa: MfaCode,
}

/// Parameters of GetFederationToken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetFederationToken {
    /// Name.
    pub name: String,
    /// DurationSeconds.
    pub duration_seconds: Option<i128>,
    /// Policy.
    pub policy: Option<PolicyText>,
    /// PolicyArns.
    pub policy_arns: Vec<String>,
    /// Tags, in their order.
    pub tags: Vec<(String, String)>,
}

/// EncodedMessage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodedMessage {
    /// This text.
    Text(String),
    /// The message that a step with this name yielded.
    Of {
        /// The step's name.
        name: String,
        /// What was done to the text on the way.
        tampering: Tampering,
    },
}

/// What was done to an encoded message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tampering {
    /// Nothing.
    None,
    /// One character is another one.
    Altered,
    /// The last character is missing.
    Cut,
}
