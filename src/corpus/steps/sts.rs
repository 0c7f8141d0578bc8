//! The operations of STS among the steps of a case.

use super::parameters::Parameters;
use crate::corpus::error::Error;
use crate::corpus::world::text;
use crate::iam::json::{Node, Shape};
use crate::iam::operation::{
    AssumeRole, AssumeRoleWithSaml, AssumeRoleWithWebIdentity, EncodedMessage, GetFederationToken,
    GetSessionToken, MfaCode, StsOperation, Tampering,
};

pub(super) const ACTIONS: &[&str] = &[
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:GetSessionToken",
    "sts:GetFederationToken",
    "sts:GetCallerIdentity",
    "sts:DecodeAuthorizationMessage",
];

/// Reads the parameters of an operation of STS; `None` where the action is none.
pub(super) fn read(
    action: &str,
    parameters: Option<Node<'_>>,
    step: Node<'_>,
) -> Result<Option<StsOperation>, Error> {
    let given = |allowed: &[&str]| Parameters::new(parameters, step, allowed);
    Ok(Some(match action {
        "sts:AssumeRole" => assume_role(&given(&[
            "RoleArn",
            "RoleSessionName",
            "DurationSeconds",
            "ExternalId",
            "Policy",
            "PolicyArns",
            "Tags",
            "TransitiveTagKeys",
            "SourceIdentity",
            "SerialNumber",
            "TokenCode",
        ])?)?,
        "sts:AssumeRoleWithSAML" => {
            let allowed =
                ["RoleArn", "PrincipalArn", "SAMLAssertion", "DurationSeconds", "Policy", "PolicyArns"];
            let given = given(&allowed)?;
            StsOperation::AssumeRoleWithSaml(AssumeRoleWithSaml {
                role_arn: given.required_text("RoleArn")?,
                principal_arn: given.required_text("PrincipalArn")?,
                saml_assertion: given.required_text("SAMLAssertion")?,
                duration_seconds: given.number("DurationSeconds")?,
                policy: given.policy("Policy")?,
                policy_arns: given.texts("PolicyArns")?,
            })
        }
        "sts:AssumeRoleWithWebIdentity" => {
            let given = given(&[
                "RoleArn",
                "RoleSessionName",
                "WebIdentityToken",
                "ProviderId",
                "DurationSeconds",
                "Policy",
                "PolicyArns",
            ])?;
            StsOperation::AssumeRoleWithWebIdentity(AssumeRoleWithWebIdentity {
                role_arn: given.required_text("RoleArn")?,
                role_session_name: given.required_text("RoleSessionName")?,
                web_identity_token: given.required_text("WebIdentityToken")?,
                provider_id: given.text("ProviderId")?,
                duration_seconds: given.number("DurationSeconds")?,
                policy: given.policy("Policy")?,
                policy_arns: given.texts("PolicyArns")?,
            })
        }
        "sts:GetSessionToken" => {
            let given = given(&["DurationSeconds", "SerialNumber", "TokenCode"])?;
            StsOperation::GetSessionToken(GetSessionToken {
                duration_seconds: given.number("DurationSeconds")?,
                mfa: mfa(&given)?,
            })
        }
        "sts:GetFederationToken" => {
            let given = given(&["Name", "DurationSeconds", "Policy", "PolicyArns", "Tags"])?;
            StsOperation::GetFederationToken(GetFederationToken {
                name: given.required_text("Name")?,
                duration_seconds: given.number("DurationSeconds")?,
                policy: given.policy("Policy")?,
                policy_arns: given.texts("PolicyArns")?,
                tags: given.tags("Tags")?,
            })
        }
        "sts:GetCallerIdentity" => {
            given(&[])?;
            StsOperation::GetCallerIdentity
        }
        "sts:DecodeAuthorizationMessage" => {
            let given = given(&["EncodedMessage"])?;
            StsOperation::DecodeAuthorizationMessage(encoded_message(given.required("EncodedMessage")?)?)
        }
        _ => return Ok(None),
    }))
}

fn assume_role(given: &Parameters<'_>) -> Result<StsOperation, Error> {
    Ok(StsOperation::AssumeRole(AssumeRole {
        role_arn: given.required_text("RoleArn")?,
        role_session_name: given.required_text("RoleSessionName")?,
        duration_seconds: given.number("DurationSeconds")?,
        external_id: given.text("ExternalId")?,
        policy: given.policy("Policy")?,
        policy_arns: given.texts("PolicyArns")?,
        tags: given.tags("Tags")?,
        transitive_tag_keys: given.texts("TransitiveTagKeys")?,
        source_identity: given.text("SourceIdentity")?,
        mfa: mfa(given)?,
    }))
}

fn mfa(given: &Parameters<'_>) -> Result<MfaCode, Error> {
    Ok(MfaCode { serial_number: given.text("SerialNumber")?, token_code: given.text("TokenCode")? })
}

/// A text, or the message of an earlier step, tampered with or not.
fn encoded_message(node: Node<'_>) -> Result<EncodedMessage, Error> {
    if let Shape::String(text) = node.shape() {
        return Ok(EncodedMessage::Text(text.clone().into_owned()));
    }
    let fields = node.fields(&["of", "tampering"])?;
    let tampering = match fields.optional("tampering") {
        None => Tampering::None,
        Some(node) => match node.string()? {
            "altered" => Tampering::Altered,
            "cut" => Tampering::Cut,
            _ => return Err(node.error("expected `altered` or `cut`").into()),
        },
    };
    Ok(EncodedMessage::Of { name: text(fields.required("of")?)?, tampering })
}
