//! The `principal` of a request: from the text of a case to the caller it names, and back.

use crate::iam::arn::{Arn, is_account_id};
use crate::iam::document::Strictness;
use crate::iam::json::{Error, Node, Shape};
use crate::iam::request::{Caller, Entity, FederationSource};
use crate::iam::spelling::quoted;

/// The session name of a caller that is given as the role itself.
const SESSION_OF_A_BARE_ROLE: &str = "session";

/// The web identity providers that have a name instead of an ARN (GRAM-13).
const BUILT_IN_PROVIDERS: [&str; 4] =
    ["cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com"];

const EXPECTED_ARN: &str = "expected the ARN of a root, user, role, role session or federated user";

/// Reads the fields `principal`, `role` and `federating` of a request. A lenient reader takes an anonymised account for one.
///
/// # Errors
///
/// What no policy can name (a group, an account, an ARN of another service), and fields that contradict each other.
pub fn caller_from(
    principal: Node<'_>,
    role: Option<Node<'_>>,
    federating: Option<Node<'_>>,
    strictness: Strictness,
) -> Result<Caller, Error> {
    let caller = match principal.shape() {
        Shape::String(text) if text == "*" => Caller::Anonymous,
        Shape::String(text) => {
            signed(text, strictness).map_err(|reason| unnameable(principal, text, reason))?
        }
        Shape::Object(_) => unsigned_or_service(principal, strictness)?,
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Array(_) => {
            let message = "expected an ARN, `\"*\"`, or an object with `Service` or `Federated`";
            return Err(principal.error(format!("{message}, found {}", principal.shape().kind())));
        }
    };
    let caller = match role {
        None => caller,
        Some(node) => {
            if matches!(principal.shape(), Shape::String(text) if text.contains(":role/")) {
                return Err(
                    node.error("`role` is only for `assumed-role/…`: this principal shows its path itself")
                );
            }
            with_role(caller, node, strictness)?
        }
    };
    match federating {
        None => Ok(caller),
        Some(node) => with_source(caller, node, strictness),
    }
}

fn unnameable(node: Node<'_>, text: &str, reason: &str) -> Error {
    node.error(format!("nobody calls as {}: {reason}", quoted(text)))
}

/// The caller that an ARN names.
fn signed(text: &str, strictness: Strictness) -> Result<Caller, &'static str> {
    let arn = principal_arn(text, strictness)?;
    let (partition, account) = (arn.partition.to_owned(), arn.account.to_owned());
    match (arn.service, arn.resource.split_once('/')) {
        ("iam", None) if arn.resource == "root" => Ok(Caller::Root { partition, account }),
        ("iam", Some(("user", _))) => Ok(Caller::User(entity(arn, "user")?)),
        ("iam", Some(("role", _))) => {
            let session = SESSION_OF_A_BARE_ROLE.to_owned();
            Ok(Caller::RoleSession { role: entity(arn, "role")?, session })
        }
        ("sts", Some(("assumed-role", names))) => match names.split_once('/') {
            Some((role, session)) if is_name(role) && is_name(session) => {
                let (path, name) = ("/".to_owned(), role.to_owned());
                let role = Entity { partition, account, path, name };
                Ok(Caller::RoleSession { role, session: session.to_owned() })
            }
            Some(_) | None => Err("expected `assumed-role/Role/Session`, the role without its path"),
        },
        ("sts", Some(("federated-user", name))) if is_name(name) => {
            let (name, source) = (name.to_owned(), FederationSource::UnnamedUser);
            Ok(Caller::FederatedSession { partition, account, name, source })
        }
        ("iam", Some(("group", _))) => Err("a group makes no requests"),
        ("iam", Some(("instance-profile", _))) => Err("an instance profile makes no requests; its role does"),
        _ => Err(EXPECTED_ARN),
    }
}

fn principal_arn(text: &str, strictness: Strictness) -> Result<Arn<'_>, &'static str> {
    if is_account_id(text) {
        return Err("an account makes no requests; its root, users and role sessions do, each by its ARN");
    }
    let arn = Arn::parse(text).ok_or("expected `*` or an ARN with six fields")?;
    if !matches!(arn.service, "iam" | "sts") {
        return Err(EXPECTED_ARN);
    }
    let is_partition_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if arn.partition.is_empty() || !arn.partition.bytes().all(is_partition_byte) {
        return Err("the second field of the ARN is a partition such as `aws`");
    }
    if !arn.region.is_empty() {
        return Err("the region field of the ARN must be empty");
    }
    match strictness {
        Strictness::Strict if !is_account_id(arn.account) => return Err("an account id has 12 digits"),
        Strictness::Lenient if arn.account.is_empty() => return Err("the account is missing"),
        Strictness::Strict | Strictness::Lenient => {}
    }
    Ok(arn)
}

/// The user or role of an ARN, whose resource field is the kind, the path and the name.
fn entity(arn: Arn<'_>, kind: &str) -> Result<Entity, &'static str> {
    let rest = arn.resource.strip_prefix(kind).unwrap_or_default();
    let (folders, name) = rest.rsplit_once('/').ok_or("the name is missing")?;
    if !is_name(name) || folders.contains(':') {
        return Err("a name is any text without `/` and `:`, and not empty");
    }
    Ok(Entity {
        partition: arn.partition.to_owned(),
        account: arn.account.to_owned(),
        path: format!("{folders}/"),
        name: name.to_owned(),
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', ':'])
}

/// The caller that `{"Service": …}` or `{"Federated": …}` names.
fn unsigned_or_service(node: Node<'_>, strictness: Strictness) -> Result<Caller, Error> {
    let fields = node.fields(&["Service", "Federated"])?;
    match (fields.optional("Service"), fields.optional("Federated")) {
        (Some(service), None) => {
            let name = service.string()?;
            if is_service_name(name) {
                Ok(Caller::Service { name: name.to_owned() })
            } else {
                Err(unnameable(
                    service,
                    name,
                    "expected a name in small letters that ends with `.amazonaws.com`, such as `ec2.amazonaws.com`",
                ))
            }
        }
        (None, Some(provider)) => {
            let text = provider.string()?;
            provider_caller(text, strictness).map_err(|reason| unnameable(provider, text, reason))
        }
        (None, None) | (Some(_), Some(_)) => {
            Err(node.error("expected exactly one of `Service` and `Federated`"))
        }
    }
}

/// Whether a text is the name of a service (GRAM-13).
pub(in crate::corpus) fn is_service_name(text: &str) -> bool {
    let name = text.strip_suffix(".cn").unwrap_or(text).strip_suffix(".amazonaws.com").unwrap_or_default();
    let is_name_byte =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    !name.is_empty() && name.bytes().all(is_name_byte)
}

/// The caller that a provider vouches for; or why the text names none.
pub(in crate::corpus) fn provider_caller(text: &str, strictness: Strictness) -> Result<Caller, &'static str> {
    let provider = text.to_owned();
    if BUILT_IN_PROVIDERS.contains(&text) {
        return Ok(Caller::WebIdentity { provider });
    }
    let expected = "expected the ARN of a SAML or OIDC provider, or a built-in web identity provider";
    if !text.starts_with("arn:") {
        return Err(expected);
    }
    let arn = principal_arn(text, strictness)?;
    match (arn.service, arn.resource.split_once('/')) {
        ("iam", Some(("saml-provider", name))) if !name.is_empty() => Ok(Caller::Saml { provider }),
        ("iam", Some(("oidc-provider", name))) if !name.is_empty() => Ok(Caller::WebIdentity { provider }),
        _ => Err(expected),
    }
}

/// Gives a role session the role's own ARN, which alone shows the path.
fn with_role(caller: Caller, node: Node<'_>, strictness: Strictness) -> Result<Caller, Error> {
    let Caller::RoleSession { role: bare, session } = caller else {
        return Err(node.error("`role` is only for a principal that is a role session"));
    };
    let text = node.string()?;
    let role = match signed(text, strictness) {
        Ok(Caller::RoleSession { role, .. }) if text.contains(":role/") => role,
        Ok(_) => return Err(node.error(format!("expected the ARN of a role, found {}", quoted(text)))),
        Err(reason) => return Err(unnameable(node, text, reason)),
    };
    let same = (&role.partition, &role.account, &role.name) == (&bare.partition, &bare.account, &bare.name);
    if !same {
        let message = format!("the principal is no session of {}", quoted(text));
        return Err(node.error(message));
    }
    Ok(Caller::RoleSession { role, session })
}

/// Gives a federated session the user, or the root, that made it.
fn with_source(caller: Caller, node: Node<'_>, strictness: Strictness) -> Result<Caller, Error> {
    let Caller::FederatedSession { partition, account, name, .. } = caller else {
        return Err(node.error("`federating` is only for a principal that is a federated user"));
    };
    let text = node.string()?;
    let source = match signed(text, strictness) {
        Ok(Caller::User(user)) if (&user.partition, &user.account) == (&partition, &account) => {
            FederationSource::User(user)
        }
        Ok(Caller::Root { partition: of, account: owner }) if (&of, &owner) == (&partition, &account) => {
            FederationSource::Root
        }
        Ok(_) => {
            let message = "expected a user of the federated user's account, or its root";
            return Err(node.error(format!("{message}, found {}", quoted(text))));
        }
        Err(reason) => return Err(unnameable(node, text, reason)),
    };
    Ok(Caller::FederatedSession { partition, account, name, source })
}

/// The fields `principal`, `role` and `federating` that name this caller, in the shape of JSON; the latter two where needed.
pub fn principal_of(caller: &Caller) -> (serde_json::Value, Option<String>, Option<String>) {
    let arn = caller.arn().unwrap_or_default();
    match caller {
        Caller::Root { .. } | Caller::User(_) => (arn.into(), None, None),
        Caller::RoleSession { role, .. } => (arn.into(), (role.path != "/").then(|| role.arn("role")), None),
        Caller::FederatedSession { partition, account, source, .. } => {
            let federating = match source {
                FederationSource::User(user) => Some(user.arn("user")),
                FederationSource::Root => Some(format!("arn:{partition}:iam::{account}:root")),
                FederationSource::UnnamedUser => None,
            };
            (arn.into(), None, federating)
        }
        Caller::Service { name } => (serde_json::json!({ "Service": name }), None, None),
        Caller::Saml { provider } | Caller::WebIdentity { provider } => {
            (serde_json::json!({ "Federated": provider }), None, None)
        }
        Caller::Anonymous => ("*".into(), None, None),
    }
}
