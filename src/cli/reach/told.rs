//! Paths in words and as JSON.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cli::output::{Style, printable, wrapped};
use crate::cli::run::told::call_lines;
use crate::cli::{Failure, Outcome, Output};
use crate::corpus::account::Description;
use crate::corpus::steps::operation_as_json;
use crate::reach::{Call, Changes, Doubt, Found, From, Path, To};

/// What an answer is about.
pub(super) struct Scene<'s> {
    pub(super) described: &'s Description,
    pub(super) changes: Changes,
}

/// What is not known makes the answer one that is not complete.
pub(super) fn outcome(doubts: &BTreeSet<Doubt>) -> Outcome {
    if doubts.is_empty() { Outcome::Holds } else { Outcome::Unknown }
}

impl Scene<'_> {
    pub(super) fn print_from(
        &self,
        principal: &str,
        from: &From,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        self.print_head(output)?;
        let (roles, users) = (from.roles.len(), from.users.len());
        line(output, &format!("{principal} can come to hold {}", counted(roles, users)))?;
        if let Some(path) = &from.everything {
            output.line("")?;
            let text = "it comes to allow itself everything that boundaries and the organization leave";
            line(output, &output.styled(Style::Bad, text))?;
            self.print_path(path, output)?;
        }
        for found in from.roles.iter().chain(&from.users) {
            self.print_found(&found.principal, &found.path, output)?;
        }
        for (service, roles) in &from.services {
            output.line("")?;
            line(output, &format!("it can have {service} act with {}", counted(roles.len(), 0)))?;
        }
        self.print_end(&from.doubts, output)
    }

    pub(super) fn print_to(&self, role: &str, to: &To, output: &mut Output<'_>) -> Result<(), Failure> {
        self.print_head(output)?;
        let count = to.principals.len();
        let noun = if count == 1 { "principal" } else { "principals" };
        line(output, &format!("{count} {noun} can come to hold {role}"))?;
        for found in &to.principals {
            self.print_found(&found.principal, &found.path, output)?;
        }
        self.print_outsiders(role, output)?;
        self.print_end(&to.doubts, output)
    }

    pub(super) fn print_between(
        &self,
        principal: &str,
        role: &str,
        path: Option<&Path>,
        doubts: &BTreeSet<Doubt>,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        self.print_head(output)?;
        match path {
            Some(path) => {
                line(output, &format!("{principal} can come to hold {role}"))?;
                self.print_path(path, output)?;
            }
            None => line(output, &format!("no way found from {principal} to {role}"))?,
        }
        self.print_end(doubts, output)
    }

    fn print_head(&self, output: &mut Output<'_>) -> Result<(), Failure> {
        let world = &self.described.world;
        let described = || {
            let accounts = world.accounts.iter();
            accounts.filter(|(id, _)| !self.described.outside.contains(*id)).map(|(_, account)| account)
        };
        let users: usize = described().map(|account| account.users.len()).sum();
        let roles: usize = described().map(|account| account.roles.len()).sum();
        let text =
            format!("{users} users and {roles} roles in {} accounts, at {}", described().count(), world.now);
        let text = output.styled(Style::Faint, &text);
        line(output, &text)
    }

    fn print_found(&self, principal: &str, path: &Path, output: &mut Output<'_>) -> Result<(), Failure> {
        output.line("")?;
        let calls = path.length();
        let noun = if calls == 1 { "call" } else { "calls" };
        let through = path.service.map_or_else(String::new, |service| format!(", through {service}"));
        let name = output.styled(Style::Strong, &printable(principal));
        output.line(&format!("{name}  {calls} {noun}{through}"))?;
        self.print_path(path, output)
    }

    fn print_path(&self, path: &Path, output: &mut Output<'_>) -> Result<(), Failure> {
        let mut number = 0;
        for call in &path.calls {
            let (name, about) = call_lines(&call.step);
            let label = if call.caller.is_some() {
                number += 1;
                format!("{number}.")
            } else {
                "->".to_owned()
            };
            let caller = call.caller.clone().unwrap_or_else(|| "the service".to_owned());
            labelled(&label, &format!("{caller} calls {name}"), output)?;
            for (name, value) in about {
                labelled("", &format!("{name} {}", shortened(&value)), output)?;
            }
            for (key, value) in call.step.context.entries() {
                labelled("", &format!("with {key} = {value}"), output)?;
            }
            if let Some(serial) = self.supposed_device(call) {
                labelled("", &format!("supposed: a device {serial}, which nothing tells of"), output)?;
            }
        }
        Ok(())
    }

    /// The MFA device that a call shows and that the world does not have.
    fn supposed_device(&self, call: &Call) -> Option<String> {
        let serial = call.step.operation.mfa_code()?.serial_number.as_ref()?;
        let user = self.described.world.user_by_arn(call.caller.as_ref()?)?;
        (!user.found.mfa_devices.contains_key(serial)).then(|| serial.clone())
    }

    /// Principals of accounts that no file describes, which the trust policy of a role names.
    fn outsiders(&self, role: &str) -> Vec<String> {
        let Some(role) = self.described.world.role_by_arn(role) else { return Vec::new() };
        let statements = role.found.trust.policy.statements.iter();
        let listed = statements.filter_map(|statement| statement.principal.as_ref());
        let mut outsiders = BTreeSet::new();
        for entry in listed.flat_map(|selection| &selection.listed().entries) {
            use crate::iam::principal::PrincipalEntry;
            let (account, name) = match entry {
                PrincipalEntry::AccountId(account) | PrincipalEntry::AccountRoot { account, .. } => {
                    (account.clone(), format!("the account {account}"))
                }
                PrincipalEntry::User(arn) | PrincipalEntry::Role(arn) | PrincipalEntry::AssumedRole(arn) => {
                    let account = crate::iam::arn::Arn::parse(arn).map_or("", |arn| arn.account);
                    (account.to_owned(), arn.clone())
                }
                PrincipalEntry::Federated(provider) => {
                    (String::new(), format!("whoever {provider} vouches for"))
                }
                PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => {
                    (String::new(), "everybody, in any account".to_owned())
                }
                PrincipalEntry::FederatedUser(_)
                | PrincipalEntry::UniqueId(_)
                | PrincipalEntry::Service(_)
                | PrincipalEntry::CanonicalUser(_) => continue,
            };
            let is_described = self.described.world.accounts.contains_key(&account)
                && !self.described.outside.contains(&account);
            if !is_described {
                outsiders.insert(name);
            }
        }
        outsiders.into_iter().collect()
    }

    fn print_outsiders(&self, role: &str, output: &mut Output<'_>) -> Result<(), Failure> {
        let outsiders = self.outsiders(role);
        if outsiders.is_empty() {
            return Ok(());
        }
        output.line("")?;
        line(output, "its trust policy names others, of whom the files tell nothing:")?;
        for outsider in outsiders {
            labelled("", &outsider, output)?;
        }
        Ok(())
    }

    fn print_end(&self, doubts: &BTreeSet<Doubt>, output: &mut Output<'_>) -> Result<(), Failure> {
        if !doubts.is_empty() {
            output.line("")?;
            let text = format!("not known: {} calls, of which some request may be allowed", doubts.len());
            line(output, &output.styled(Style::Odd, &text))?;
            for doubt in doubts {
                let keys: Vec<&str> = doubt.keys.iter().map(String::as_str).collect();
                let Doubt { caller, action, resource, .. } = doubt;
                labelled("", &format!("{caller} calls {action} on {resource}: {}", keys.join(", ")), output)?;
            }
        }
        match self.changes {
            Changes::None => Ok(()),
            Changes::Tried => {
                output.line("")?;
                let text = "Changes of policies are tried as `docs/accounts.md` lists them; others may lead further.";
                let text = output.styled(Style::Faint, text);
                line(output, &text)
            }
        }
    }

    pub(super) fn reached_as_json(&self, principal: &str, from: &From) -> Value {
        let list = |list: &[Found]| list.iter().map(found_as_json).collect::<Vec<_>>();
        json!({
            "from": principal,
            "roles": list(&from.roles),
            "users": list(&from.users),
            "services": from.services,
            "everything": from.everything.as_ref().map(path_as_json),
            "unknown": doubts_as_json(&from.doubts),
        })
    }

    pub(super) fn reaching_as_json(&self, role: &str, to: &To) -> Value {
        json!({
            "to": role,
            "principals": to.principals.iter().map(found_as_json).collect::<Vec<_>>(),
            "outside": self.outsiders(role),
            "unknown": doubts_as_json(&to.doubts),
        })
    }

    pub(super) fn between_as_json(
        &self,
        principal: &str,
        role: &str,
        path: Option<&Path>,
        doubts: &BTreeSet<Doubt>,
    ) -> Value {
        json!({
            "from": principal,
            "to": role,
            "path": path.map(path_as_json),
            "unknown": doubts_as_json(doubts),
        })
    }
}

fn found_as_json(found: &Found) -> Value {
    json!({
        "principal": found.principal,
        "calls": found.path.length(),
        "service": found.path.service,
        "path": path_as_json(&found.path),
    })
}

fn path_as_json(path: &Path) -> Value {
    let call = |call: &Call| {
        let context: serde_json::Map<String, Value> = call
            .step
            .context
            .entries()
            .iter()
            .map(|(key, value)| {
                let value = match value {
                    crate::iam::context::ContextValue::Single(text) => Value::from(text.clone()),
                    crate::iam::context::ContextValue::Many(texts) => Value::from(texts.clone()),
                };
                (key.spelling().to_owned(), value)
            })
            .collect();
        let mut told = operation_as_json(&call.step.operation);
        if let Value::Object(fields) = &mut told {
            fields.insert("caller".to_owned(), call.caller.clone().into());
            if !context.is_empty() {
                fields.insert("context".to_owned(), context.into());
            }
        }
        told
    };
    path.calls.iter().map(call).collect()
}

fn doubts_as_json(doubts: &BTreeSet<Doubt>) -> Value {
    let one = |doubt: &Doubt| json!({ "caller": doubt.caller, "action": doubt.action, "resource": doubt.resource, "keys": doubt.keys });
    doubts.iter().map(one).collect()
}

/// The most characters of a parameter that people are shown; JSON has the whole.
const MOST_SHOWN: usize = 160;

/// A parameter as people are shown it.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(MOST_SHOWN) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or(value)),
    }
}

/// So many roles and users.
fn counted(roles: usize, users: usize) -> String {
    let noun = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    if users == 0 {
        noun(roles, "role")
    } else {
        format!("{} and {}", noun(roles, "role"), noun(users, "other user"))
    }
}

fn line(output: &mut Output<'_>, text: &str) -> Result<(), Failure> {
    for line in wrapped(text, 78) {
        output.line(&line)?;
    }
    Ok(())
}

fn labelled(label: &str, text: &str, output: &mut Output<'_>) -> Result<(), Failure> {
    for (index, line) in wrapped(&printable(text), 74).into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        output.line(&format!("  {label:3} {line}"))?;
    }
    Ok(())
}
