//! iam-rs behind iamproof's protocol for evaluators (`docs/protocol.md`): JSON Lines in, JSON Lines out.
//!
//! iam-rs decides a request under a set of policies: some Allow matches and no Deny does. It has one principal a request and no layers. So
//! it is asked about identity policies, and about a resource's policy where the two form one set: the caller is a user of the owner's
//! account, or a service. Everything else is answered `unsupported`: other layers, sessions (a request cannot say of which role or user they are),
//! anonymous callers (its request needs a single principal), policies that must take part, and the resource `*` (its request needs an ARN).
//!
//! Context values are typed in iam-rs, and its Bool operator reads Booleans only. A key whose value is `true` or `false` is passed as a Boolean if a
//! Bool operator asks for it; if a String operator asks for the same key too, the question cannot be put.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};

use iam_rs::{
    Arn, Context, ContextValue, Decision, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator,
    Principal, PrincipalId,
};
use serde_json::{Value, json};

#[cfg(test)]
mod tests;

fn main() -> io::Result<()> {
    answer(io::stdin().lock(), io::stdout().lock())
}

/// Answers each line of the input, in order, until one is no JSON.
fn answer(input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    for line in input.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let question: Value = serde_json::from_str(&line)?;
        let answer = json!({ "id": question["id"], "decisions": answers(&question) });
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

fn answers(question: &Value) -> Vec<String> {
    let policies = &question["policies"];
    let requests = question["requests"].as_array().cloned().unwrap_or_default();
    let evaluator = evaluator(policies);
    let answer = |request: &Value| match (&evaluator, question_of(policies, request)) {
        (Ok(None), _) | (_, None) => "unsupported".to_owned(),
        (Err(message), Some(_)) => format!("error: V-POLICY {message}"),
        (Ok(Some(evaluator)), Some(request)) => decided(evaluator, &request),
    };
    requests.iter().map(answer).collect()
}

/// The policies of a question as one set; `None` where they are no set.
fn evaluator(policies: &Value) -> Result<Option<PolicyEvaluator>, String> {
    let layers =
        policies.as_object().map(|layers| layers.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    if !layers.iter().all(|layer| layer == "identity" || layer == "resource") {
        return Ok(None);
    }
    let read = |policy: &Value| {
        serde_json::from_value::<IAMPolicy>(policy.clone()).map_err(|error| error.to_string())
    };
    let set: Result<Vec<IAMPolicy>, String> = documents(policies).map(read).collect();
    // Its limit of 1,000 statements is a matter of safety, and an option.
    let options = EvaluationOptions { max_statements: usize::MAX, ..EvaluationOptions::default() };
    Ok(Some(PolicyEvaluator::with_policies(set?).with_options(options)))
}

fn documents(policies: &Value) -> impl Iterator<Item = &Value> {
    policies["identity"].as_array().into_iter().flatten().chain(policies.get("resource"))
}

/// The request as iam-rs knows it; `None` where it cannot say it.
fn question_of(policies: &Value, request: &Value) -> Option<IAMRequest> {
    let flag = |name: &str| request[name].as_bool().unwrap_or(false);
    if flag("expired") || flag("policyRequired") || request["credential"] == "session-token" {
        return None;
    }
    let action = request["action"].as_str()?;
    let resource = Arn::parse(request["resource"].as_str()?).ok()?;
    let principal = principal(policies, request, action, &resource)?;
    let context = context(policies, &request["context"])?;
    Some(IAMRequest::new_with_context(principal, action, resource, context))
}

fn decided(evaluator: &PolicyEvaluator, request: &IAMRequest) -> String {
    match evaluator.evaluate(request) {
        Ok(result) => match result.decision {
            Decision::Allow => "allow".to_owned(),
            Decision::Deny => "explicit-deny".to_owned(),
            Decision::NotApplicable => "implicit-deny".to_owned(),
        },
        Err(error) => format!("error: {error}"),
    }
}

/// The caller, if iam-rs can be asked about him under these policies.
fn principal(policies: &Value, request: &Value, action: &str, resource: &Arn) -> Option<Principal> {
    let has_resource_policy = policies.get("resource").is_some();
    let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let needs_its_policy =
        service == "kms" && resource.service == "kms" && resource.resource.starts_with("key/");
    // In sts, roles need their trust policy, and who calls may settle a request before any policy does.
    if needs_its_policy || service == "sts" {
        return None;
    }
    if let Some(name) = request["principal"]["Service"].as_str() {
        return Some(Principal::Service(PrincipalId::String(name.to_owned())));
    }
    let text = request["principal"].as_str()?;
    let caller = Arn::parse(text).ok()?;
    if caller.partition != resource.partition {
        return None;
    }
    let owner = request["resourceAccount"].as_str().unwrap_or(match resource.account_id.as_str() {
        "" => caller.account_id.as_str(),
        account => account,
    });
    let is_home = owner == caller.account_id;
    let is_user = caller.resource.starts_with("user/");
    let is_session = caller.resource.starts_with("assumed-role/") || caller.resource.starts_with("role/");
    let fits = is_home && (is_user || (is_session && !has_resource_policy));
    fits.then(|| Principal::Aws(PrincipalId::String(text.to_owned())))
}

/// The context with its types; `None` where two operators need a key in two types.
fn context(policies: &Value, given: &Value) -> Option<Context> {
    let (flags, texts) = asked_for(policies);
    let mut context = Context::new();
    for (key, value) in given.as_object().into_iter().flatten() {
        let folded = key.to_ascii_lowercase();
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let typed = match value {
            Value::Array(items) => ContextValue::StringList(items.iter().map(text).collect()),
            single => {
                let text = text(single);
                match text.as_str() {
                    "true" | "false" if flags.contains(&folded) && texts.contains(&folded) => return None,
                    "true" | "false" if flags.contains(&folded) => ContextValue::Boolean(text == "true"),
                    _ => ContextValue::String(text),
                }
            }
        };
        context.insert(key.clone(), typed);
    }
    Some(context)
}

/// The keys that Bool operators ask for, and those that others do, in lower case.
fn asked_for(policies: &Value) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut flags, mut texts) = (BTreeSet::new(), BTreeSet::new());
    for policy in documents(policies) {
        let statements = match &policy["Statement"] {
            Value::Array(statements) => statements.clone(),
            single => vec![single.clone()],
        };
        for statement in &statements {
            for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
                let names = keys.as_object().into_iter().flatten().map(|(key, _)| key.to_ascii_lowercase());
                let base = operator.rsplit(':').next().unwrap_or_default();
                match base.trim_end_matches("IfExists") {
                    "Bool" => flags.extend(names),
                    // Null asks for presence, whatever the type.
                    "Null" => {}
                    _ => texts.extend(names),
                }
            }
        }
    }
    (flags, texts)
}
