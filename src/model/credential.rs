//! Before any policy: whether the credentials hold, and whether they may call the operation at all (EVAL-6).

use super::caller::{CallerKind, SymbolicCaller};
use super::decision::Credentials;
use super::regular::{any_of, choice, sequence};
use super::request::SymbolicRequest;
use crate::iam::key::KeyName;
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;

/// Services that take anonymous requests (EVAL-6).
const TAKE_ANONYMOUS: [&str; 3] = ["s3:", "sqs:", "sns:"];

/// What credentials from GetSessionToken may call of STS: AssumeRole with its companions, which are permissions only (STS-42).
const STS_OF_SESSION_TOKENS: [&str; 4] = ["sts:assumerole", TAG_SESSION, SET_SOURCE_IDENTITY, WHO_AM_I];

const TAG_SESSION: &str = "sts:tagsession";
const SET_SOURCE_IDENTITY: &str = "sts:setsourceidentity";
const WITH_SAML: &str = "sts:assumerolewithsaml";
const WITH_WEB_IDENTITY: &str = "sts:assumerolewithwebidentity";
const WHO_AM_I: &str = "sts:getcalleridentity";
const SESSION_TOKEN: &str = "sts:getsessiontoken";
const FEDERATION_TOKEN: &str = "sts:getfederationtoken";

/// What stands against the credentials of the request; all four fail to hold where nothing does.
// Rules: EVAL-6, GEN-12, STS-1, STS-12, STS-60.
pub(super) fn check(formulas: &mut Formulas, request: &mut SymbolicRequest) -> Credentials {
    let mfa = shows_mfa(formulas, request);
    request.caller(formulas);
    let action = request.action();
    let Some(caller) = &request.caller else {
        let falsum = formulas.falsum();
        return Credentials {
            expired: falsum,
            not_authenticated: falsum,
            root_cannot_assume: falsum,
            restricted: falsum,
        };
    };
    let calls = |formulas: &mut Formulas, operations: &[&str]| {
        formulas.in_language(action, any_of(operations.iter().copied()))
    };
    let expired = formulas.flag(caller.expired);
    let anonymous = caller.is(formulas, CallerKind::Anonymous);
    let unsigned = caller.is_one_of(formulas, &[CallerKind::Saml, CallerKind::WebIdentity]);
    let takes = choice(TAKE_ANONYMOUS.map(|prefix| sequence([Regular::text(prefix), Regular::anything()])));
    let takes = formulas.in_language(action, takes);
    let takes_none = formulas.not(takes);
    let nobody = formulas.and([anonymous, takes_none]);
    let asks_who = calls(formulas, &[WHO_AM_I]);
    let asks_unsigned = formulas.and([unsigned, asks_who]);
    let root = caller.is(formulas, CallerKind::Root);
    let assumes = calls(formulas, &["sts:assumerole"]);
    Credentials {
        expired,
        not_authenticated: formulas.or([nobody, asks_unsigned]),
        root_cannot_assume: formulas.and([root, assumes]),
        restricted: restricted(formulas, request, caller, mfa),
    }
}

/// Holds iff the operation needs no permission, given that the credentials hold.
// Rules: STS-43, STS-50.
pub(super) fn no_permission_required(formulas: &mut Formulas, request: &SymbolicRequest) -> Formula {
    formulas.in_language(request.action(), any_of([WHO_AM_I, SESSION_TOKEN]))
}

fn is_signed(formulas: &mut Formulas, caller: &SymbolicCaller) -> Formula {
    let member = caller.is_one_of(formulas, &CallerKind::IN_ACCOUNT);
    let service = caller.is(formulas, CallerKind::Service);
    formulas.or([member, service])
}

/// Holds iff the context says that MFA took part.
// Rule: KEY-2.
fn shows_mfa(formulas: &mut Formulas, request: &mut SymbolicRequest) -> Formula {
    let key = request.key(formulas, &KeyName::new("aws:MultiFactorAuthPresent"));
    let text = request.text(formulas, key);
    let single = request.at(key).single(formulas);
    let says_so = formulas.in_language(text, Regular::text("true"));
    formulas.and([single, says_so])
}

/// Holds iff the kind of credential is barred from the operation.
// Rules: EVAL-6, STS-39, STS-42, STS-45.
fn restricted(
    formulas: &mut Formulas,
    request: &SymbolicRequest,
    caller: &SymbolicCaller,
    mfa: Formula,
) -> Formula {
    let action = request.action();
    let calls = |formulas: &mut Formulas, operations: &[&str]| {
        formulas.in_language(action, any_of(operations.iter().copied()))
    };
    let all_of = |service: &str| sequence([Regular::text(service), Regular::anything()]);
    let iam = formulas.in_language(action, all_of("iam:"));
    // iam:PassRole is a permission and no operation (section 14).
    let passes = calls(formulas, &["iam:passrole"]);
    let no_pass = formulas.not(passes);
    let iam = formulas.and([iam, no_pass]);
    let sts = formulas.in_language(action, all_of("sts:"));
    let without_mfa = formulas.not(mfa);

    let session_token = formulas.flag(caller.session_token);
    let owner = caller.is_one_of(formulas, &[CallerKind::User, CallerKind::Root]);
    let open = calls(formulas, &STS_OF_SESSION_TOKENS);
    let closed = formulas.not(open);
    let iam_without_mfa = formulas.and([iam, without_mfa]);
    let closed_sts = formulas.and([sts, closed]);
    let barred = formulas.or([iam_without_mfa, closed_sts]);
    let of_session_token = formulas.and([owner, session_token, barred]);

    let federated = caller.is(formulas, CallerKind::FederatedSession);
    let asks_who = calls(formulas, &[WHO_AM_I]);
    let asks_else = formulas.not(asks_who);
    let other_sts = formulas.and([sts, asks_else]);
    let barred = formulas.or([iam, other_sts]);
    let of_federated = formulas.and([federated, barred]);

    let role = caller.is(formulas, CallerKind::RoleSession);
    let tokens = calls(formulas, &[SESSION_TOKEN, FEDERATION_TOKEN]);
    let of_role = formulas.and([role, tokens]);

    let service = caller.is(formulas, CallerKind::Service);
    let token = calls(formulas, &[SESSION_TOKEN, FEDERATION_TOKEN]);
    let of_service = formulas.and([service, token]);

    let signed = is_signed(formulas, caller);
    let for_unsigned = calls(formulas, &[WITH_SAML, WITH_WEB_IDENTITY]);
    let of_signed = formulas.and([signed, for_unsigned]);

    let mut parts = vec![of_session_token, of_federated, of_role, of_service, of_signed];
    for (kind, own) in [(CallerKind::Saml, WITH_SAML), (CallerKind::WebIdentity, WITH_WEB_IDENTITY)] {
        let unsigned = caller.is(formulas, kind);
        // The operation of an unsigned caller includes its companions, which are permissions only (STS-39).
        let calls_own = calls(formulas, &[own, TAG_SESSION, SET_SOURCE_IDENTITY]);
        let calls_else = formulas.not(calls_own);
        parts.push(formulas.and([unsigned, calls_else]));
    }
    formulas.or(parts)
}
