//! What the policies of a world spell: the session names, tags and source identities of which it can matter whether a session has them.
//!
//! A call is tried with each of these and with none, and with one that no policy spells. A pattern stands for one of its texts. That need not be
//! all that matters: what such a list leaves out is found by asking what a refused call wants ([`super::wanting`]), and learned from there.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::Clocks;
use super::wanting::Values;
use crate::iam::context::ContextValue;
use crate::iam::key::KeyName;
use crate::iam::pattern::{Token, tokens_with_variables};
use crate::iam::policy::{ConditionEntry, Policy};
use crate::iam::principal::PrincipalEntry;
use crate::iam::tags::Tags;
use crate::iam::world::{Account, HolderPolicies, Unit, World};

/// What the policies of a world spell.
#[derive(Clone, Debug, Default)]
pub struct Spelled {
    /// Session names, by the name of the role.
    names_of: BTreeMap<String, BTreeSet<String>>,
    /// Session names that may be those of any role, or of a federated session.
    names: BTreeSet<String>,
    /// Names of federated sessions.
    names_of_federated: BTreeSet<String>,
    /// Tags of callers and of requests.
    pub tags: BTreeSet<(String, String)>,
    /// Source identities.
    pub identities: BTreeSet<String>,
    /// Names of services that policies trust.
    pub services: BTreeSet<String>,
    /// Some policy asks for MFA.
    pub asks_for_mfa: bool,
    /// The constants that clocks are compared with.
    pub clocks: Clocks,
    /// The keys that conditions and policy variables speak of and that follow from how a session is called, tagged or asked for, folded.
    pub chosen: BTreeSet<String>,
    /// Keys of tags that a policy variable stands for.
    variables: BTreeSet<String>,
}

/// A text that no policy spells, for tags and source identities of which policies speak without spelling one.
const UNSPELLED: &str = "unspelled";

impl Spelled {
    /// What the policies of this world spell.
    pub fn in_world(world: &World) -> Spelled {
        let mut spelled = Spelled::default();
        policies(world, &mut |policy| spelled.add(policy));
        for account in world.accounts.values() {
            let users = account.users.values().map(|user| &user.tags);
            users.chain(account.roles.values().map(|role| &role.tags)).for_each(|tags| spelled.meet(tags));
        }
        world.resources.values().for_each(|resource| spelled.meet(&resource.tags));
        spelled.try_unspelled();
        spelled
    }

    /// One tag and one source identity like any other, where policies speak of them.
    fn try_unspelled(&mut self) {
        let speak_of =
            |wanted: &[&str]| self.chosen.iter().any(|key| wanted.iter().any(|start| key.starts_with(start)));
        if speak_of(&["aws:sourceidentity", "sts:sourceidentity"]) {
            self.identities.insert(UNSPELLED.to_owned());
        }
        if speak_of(&["aws:tagkeys", "sts:transitivetagkeys"]) {
            self.tags.insert((UNSPELLED.to_owned(), UNSPELLED.to_owned()));
        }
        for key in &self.chosen {
            let tag = ["aws:principaltag/", "aws:requesttag/"]
                .into_iter()
                .find_map(|start| key.strip_prefix(start));
            if let Some(tag) = tag
                && !self.tags.iter().any(|(known, _)| known.eq_ignore_ascii_case(tag))
            {
                self.tags.insert((tag.to_owned(), UNSPELLED.to_owned()));
            }
        }
    }

    /// Tries these values, too; whether any of them is new.
    pub fn learn(&mut self, values: &Values) -> bool {
        let before = self.count();
        for (key, value) in values {
            match value {
                ContextValue::Single(text) => self.spell(key, text.clone()),
                ContextValue::Many(keys) => {
                    self.tags.extend(keys.iter().map(|key| (key.clone(), UNSPELLED.to_owned())));
                }
            }
        }
        self.count() > before
    }

    fn count(&self) -> usize {
        self.names.len() + self.names_of_federated.len() + self.tags.len() + self.identities.len()
    }

    /// A value of a key.
    fn spell(&mut self, key: &KeyName, text: String) {
        let folded = key.folded();
        match folded.as_str() {
            "aws:sourceidentity" | "sts:sourceidentity" => {
                self.identities.insert(text);
            }
            "aws:userid" => {
                let name = text.split_once(':').map(|(_, name)| name.to_owned());
                self.names.extend(name);
            }
            "aws:principalarn" => self.spell_federated(&text),
            "aws:tagkeys" | "sts:transitivetagkeys" => {
                self.tags.insert((text, UNSPELLED.to_owned()));
            }
            _ if folded.starts_with("aws:principaltag/") || folded.starts_with("aws:requesttag/") => {
                if let Some((_, tag)) = key.spelling().split_once('/') {
                    self.tags.insert((tag.to_owned(), text));
                }
            }
            _ => {}
        }
    }

    /// The name in the ARN of a federated session.
    fn spell_federated(&mut self, arn: &str) {
        let name = arn.split_once(":federated-user/").map(|(_, name)| name.to_owned());
        self.names_of_federated.extend(name);
    }

    /// The session names that some policy spells for a role.
    pub fn names(&self, role: &str) -> impl Iterator<Item = &String> {
        self.names_of.get(role).into_iter().flatten().chain(&self.names)
    }

    /// The names that some policy spells for a federated session.
    pub fn names_of_federated(&self) -> impl Iterator<Item = &String> {
        self.names_of_federated.iter().chain(&self.names)
    }

    /// Tags of the world whose keys a policy variable stands for: a caller may need the same.
    fn meet(&mut self, tags: &Tags) {
        for (key, value) in tags.iter() {
            if self.variables.contains(&key.to_ascii_lowercase()) {
                self.tags.insert((key.to_owned(), value.to_owned()));
            }
        }
    }

    fn add(&mut self, policy: &Policy) {
        self.clocks.add(policy);
        for statement in &policy.statements {
            for entry in statement.principal.iter().flat_map(|principals| &principals.listed().entries) {
                self.add_principal(entry);
            }
            for entry in &statement.condition {
                self.add_condition(entry);
            }
            let resources = statement.resource.iter().flat_map(|resources| resources.listed());
            resources.clone().for_each(|arn| self.spell_federated(&instance(arn)));
            for text in resources.chain(statement.condition.iter().flat_map(|entry| &entry.values)) {
                variables(text).for_each(|key| self.add_variable(key));
            }
        }
    }

    fn add_principal(&mut self, entry: &PrincipalEntry) {
        match entry {
            PrincipalEntry::AssumedRole(arn) => {
                if let Some((_, rest)) = arn.split_once(":assumed-role/")
                    && let Some((role, name)) = rest.split_once('/')
                {
                    self.names_of.entry(role.to_owned()).or_default().insert(name.to_owned());
                }
            }
            PrincipalEntry::FederatedUser(arn) => self.spell_federated(arn),
            PrincipalEntry::Service(name) => {
                self.services.insert(name.clone());
            }
            PrincipalEntry::Everyone
            | PrincipalEntry::EveryoneAws
            | PrincipalEntry::AccountId(_)
            | PrincipalEntry::AccountRoot { .. }
            | PrincipalEntry::User(_)
            | PrincipalEntry::Role(_)
            | PrincipalEntry::UniqueId(_)
            | PrincipalEntry::Federated(_)
            | PrincipalEntry::CanonicalUser(_) => {}
        }
    }

    fn add_condition(&mut self, entry: &ConditionEntry) {
        self.asks_for_mfa |= entry.key.folded().starts_with("aws:multifactorauth");
        if is_chosen(&entry.key.folded()) {
            self.chosen.insert(entry.key.folded());
        }
        for value in entry.values.iter().filter(|value| !value.contains("${")) {
            self.spell(&entry.key, instance(value));
        }
    }

    fn add_variable(&mut self, key: String) {
        self.asks_for_mfa |= key.starts_with("aws:multifactorauth");
        self.variables.extend(key.strip_prefix("aws:principaltag/").map(str::to_owned));
        if is_chosen(&key) {
            self.chosen.insert(key);
        }
    }
}

/// Whether a key follows from how a session is called, tagged or asked for.
fn is_chosen(folded: &str) -> bool {
    let names = [
        "aws:userid",
        "aws:principalarn",
        "aws:sourceidentity",
        "sts:sourceidentity",
        "aws:tagkeys",
        "sts:transitivetagkeys",
        "aws:ec2instancesourcevpc",
        "aws:ec2instancesourceprivateipv4",
        "ec2:sourceinstancearn",
        "ec2:roledelivery",
    ];
    names.contains(&folded)
        || folded.starts_with("aws:principaltag/")
        || folded.starts_with("aws:requesttag/")
}

/// One of the texts of a pattern.
fn instance(pattern: &str) -> String {
    pattern.replace(['*', '?'], "x")
}

/// The keys of the policy variables in a text, folded.
pub fn variables(text: &str) -> impl Iterator<Item = String> {
    tokens_with_variables(text).unwrap_or_default().into_iter().filter_map(|token| match token {
        Token::Variable(variable) => Some(variable.key.folded()),
        Token::Literal(_) | Token::Star | Token::Question => None,
    })
}

/// Every policy of a world that is in force.
fn policies(world: &World, add: &mut dyn FnMut(&Policy)) {
    for account in world.accounts.values() {
        of_account(account, add);
    }
    for policy in world.aws_managed.values() {
        policy.versions.get(&policy.default_version).iter().for_each(|stored| add(&stored.policy));
    }
    for resource in world.resources.values() {
        resource.policy.iter().for_each(&mut *add);
    }
    for endpoint in world.endpoints.values() {
        endpoint.policy.iter().for_each(&mut *add);
    }
    for organization in world.organizations.values() {
        of_unit(&organization.root, add);
    }
}

fn of_account(account: &Account, add: &mut dyn FnMut(&Policy)) {
    let mut inline = |holder: &HolderPolicies| {
        holder.inline.values().for_each(|stored| add(&stored.policy));
    };
    account.users.values().for_each(|user| inline(&user.policies));
    account.groups.values().for_each(|group| inline(&group.policies));
    account.roles.values().for_each(|role| inline(&role.policies));
    account.roles.values().for_each(|role| add(&role.trust.policy));
    for policy in account.policies.values() {
        policy.versions.get(&policy.default_version).iter().for_each(|stored| add(&stored.policy));
    }
}

fn of_unit(unit: &Unit, add: &mut dyn FnMut(&Policy)) {
    let mut attached = vec![&unit.attached];
    attached.extend(unit.accounts.values());
    for attachments in attached {
        attachments.scps.iter().chain(&attachments.rcps).for_each(&mut *add);
    }
    unit.units.iter().for_each(|below| of_unit(below, add));
}
