//! How a decision begins: the answer, the statement that it rests on or that came nearest, and the request.

use super::super::Output;
use super::super::output::{Style, WriteError};
use super::elements::{Elements, Told};
use super::told::{Page, located};
use super::words::printable;
use super::{Decided, Subject, words};
use crate::corpus::principal_of;
use crate::evaluator::Explanation;
use crate::explanation::nearest::{nearest, nearest_set, silent_set};
use crate::explanation::written;
use crate::iam::decision::{Decision, Reason};
use crate::iam::key::KeyName;
use crate::iam::policy::Effect;
use crate::iam::request::{CredentialKind, Validity};

/// Prints the answer and the request.
pub(super) fn head(
    subject: &Subject<'_>,
    index: usize,
    decided: &Decided<'_>,
    output: &mut Output<'_>,
) -> Result<(), WriteError> {
    let explanation = &decided.explanation;
    let reason = explanation.reason;
    let style = if decided.is_expected() { Style::Good } else { Style::Bad };
    let verdict = output.styled(style, reason.decision().name());
    let mut page = Page::new(output);
    let because = because(explanation);
    let deny = first_deny(subject, decided);
    page.item(0, &format!("request {}: {verdict}: {because}{deny}", index + 1))?;
    if let Some(culprit) = culprit(subject, decided) {
        page.item(2, &culprit)?;
    }
    page.item(2, &format!("{reason}, rule {}: {}", explanation.rule, words::rule_says(explanation.rule)))?;
    asked(subject, decided, &mut page)?;
    if !decided.is_expected() {
        let expected = decided.asked.expected;
        let reason = decided.asked.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        page.styled(Style::Bad, &format!("  the case expects {expected}{reason}"))?;
    }
    Ok(())
}

fn asked(subject: &Subject<'_>, decided: &Decided<'_>, page: &mut Page<'_, '_>) -> Result<(), WriteError> {
    let request = &decided.asked.request;
    let (_, role, federating) = principal_of(&request.caller);
    page.item(2, &format!("principal  {}", words::principal(&request.caller)))?;
    if let Some(role) = role {
        page.item(2, &format!("role       {}", printable(&role)))?;
    }
    if let Some(user) = federating {
        page.item(2, &format!("federating {}", printable(&user)))?;
    }
    let kind = match request.credential.kind {
        CredentialKind::LongTerm => None,
        CredentialKind::SessionToken => Some("session token, from GetSessionToken"),
    };
    let validity = match request.credential.validity {
        Validity::Current => None,
        Validity::Expired => Some("expired"),
    };
    let credential: Vec<&str> = kind.into_iter().chain(validity).collect();
    if !credential.is_empty() {
        page.item(2, &format!("credential {}", credential.join(", ")))?;
    }
    page.item(2, &format!("action     {}", printable(&request.action)))?;
    page.item(2, &format!("resource   {}", printable(&request.resource)))?;
    if let Some(account) = &request.resource_account {
        page.item(2, &format!("owner      {}", printable(account)))?;
    }
    // Of the keys that no policy asks for, somebody who wants to know why needs not hear.
    let asked_for = if decided.turn.is_some() { Some(written::keys(subject.layers)) } else { None };
    let is_told = |key: &KeyName| asked_for.as_ref().is_none_or(|keys| keys.contains(key));
    let (told, untold): (Vec<_>, Vec<_>) =
        request.context.entries().iter().partition(|(key, _)| is_told(key));
    for (key, value) in told {
        page.item(2, &format!("{} = {}", printable(key.spelling()), words::value(value)))?;
    }
    if !untold.is_empty() {
        page.item(
            2,
            &format!("(and {} that no policy asks for)", words::counted(untold.len(), "context key")),
        )?;
    }
    Ok(())
}

/// What the reason says, as the end of a sentence.
fn because(explanation: &Explanation) -> String {
    match (explanation.reason, silent_set(explanation)) {
        (Reason::DenyImplicitResource, None) => words::NO_RESOURCE_POLICY.to_owned(),
        (Reason::DenyImplicitScp, Some(set)) => format!("{} does not allow it", set.layer),
        (reason, _) => words::because(reason).to_owned(),
    }
}

/// Where the Deny stands that decides, for the end of the first line.
fn first_deny(subject: &Subject<'_>, decided: &Decided<'_>) -> String {
    let Explanation { reason, sets, statements, .. } = &decided.explanation;
    if reason.decision() != Decision::ExplicitDeny {
        return String::new();
    }
    let denying = sets.iter().find(|set| set.applies && set.verdict.deny);
    let is_it = |set: &crate::evaluator::SetFinding| {
        statements
            .iter()
            .find(|finding| set.holds(finding.place) && finding.effect == Effect::Deny && finding.matches())
    };
    denying
        .and_then(is_it)
        .map_or_else(String::new, |finding| format!(", {}", located(subject, finding.place)))
}

/// Which Allow came nearest, where the silence of some policies decides, and what is wrong with it.
fn culprit(subject: &Subject<'_>, decided: &Decided<'_>) -> Option<String> {
    let explanation = &decided.explanation;
    let set = nearest_set(explanation, subject.layers, &decided.asked.request)?;
    let near = nearest(explanation, set, subject.layers, &decided.asked.request);
    let Some(first) = near.statements.first().copied() else {
        let none = || words::names_no_service(set.layer, near.allows, &decided.asked.request);
        return (near.allows > 0).then(none);
    };
    let elements = Elements::of(subject, decided, first)?;
    let place = match silent_set(explanation) == Some(set) {
        true => located(subject, first.place),
        false => format!("{} of the {}", located(subject, first.place), set.layer),
    };
    Some(match elements.lines(Told::Failing).as_slice() {
        [only] => format!("nearest: Allow {place}, but {only}"),
        _ => format!("nearest: Allow {place}, but not its {}", elements.failing()),
    })
}
