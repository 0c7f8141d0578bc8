//! What the policies of a world spell: the session names, tags and source identities of which it can matter whether a session has them.
//!
//! A call is tried with each of these and with none. A pattern stands for one of its texts. A name, tag or source identity that no policy
//! spells is like any other such, and one of them is tried.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::Clocks;
use crate::iam::policy::{ConditionEntry, Policy};
use crate::iam::principal::PrincipalEntry;
use crate::iam::tags::Tags;
use crate::iam::world::{Account, HolderPolicies, Unit, World};

/// What the policies of a world spell.
#[derive(Clone, Debug, Default)]
pub struct Spelled {
    /// Session names, by the name of the role.
    names_of: BTreeMap<String, BTreeSet<String>>,
    /// Session names that may be those of any role.
    names: BTreeSet<String>,
    /// Tags of callers and of requests.
    pub tags: BTreeSet<(String, String)>,
    /// Source identities.
    pub identities: BTreeSet<String>,
    /// Names of services in trust policies.
    pub services: BTreeSet<String>,
    /// Some policy asks for MFA.
    pub asks_for_mfa: bool,
    /// The constants that clocks are compared with.
    pub clocks: Clocks,
    /// Keys of tags that a policy variable stands for.
    variables: BTreeSet<String>,
}

impl Spelled {
    /// What the policies of this world spell.
    pub fn in_world(world: &World) -> Spelled {
        let mut spelled = Spelled::default();
        policies(world, &mut |policy| spelled.add(policy));
        for account in world.accounts.values() {
            for role in account.roles.values() {
                let listed = role.trust.policy.statements.iter().flat_map(|statement| &statement.principal);
                for entry in listed.flat_map(|principals| &principals.listed().entries) {
                    if let PrincipalEntry::Service(name) = entry {
                        spelled.services.insert(name.clone());
                    }
                }
            }
            let users = account.users.values().map(|user| &user.tags);
            users.chain(account.roles.values().map(|role| &role.tags)).for_each(|tags| spelled.meet(tags));
        }
        world.resources.values().for_each(|resource| spelled.meet(&resource.tags));
        spelled
    }

    /// The session names that some policy spells for a role.
    pub fn names(&self, role: &str) -> impl Iterator<Item = &String> {
        self.names_of.get(role).into_iter().flatten().chain(&self.names)
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
            for text in resources.chain(statement.condition.iter().flat_map(|entry| &entry.values)) {
                self.add_variables(text);
            }
        }
    }

    fn add_principal(&mut self, entry: &PrincipalEntry) {
        if let PrincipalEntry::AssumedRole(arn) = entry
            && let Some((_, rest)) = arn.split_once(":assumed-role/")
            && let Some((role, name)) = rest.split_once('/')
        {
            self.names_of.entry(role.to_owned()).or_default().insert(name.to_owned());
        }
    }

    fn add_condition(&mut self, entry: &ConditionEntry) {
        let folded = entry.key.folded();
        let texts = entry.values.iter().filter(|value| !value.contains("${"));
        let texts = texts.map(|value| value.replace(['*', '?'], "x"));
        if folded.starts_with("aws:multifactorauth") {
            self.asks_for_mfa = true;
        } else if matches!(folded.as_str(), "aws:sourceidentity" | "sts:sourceidentity") {
            self.identities.extend(texts);
        } else if folded == "aws:userid" {
            let names = texts.filter_map(|text| text.split_once(':').map(|(_, name)| name.to_owned()));
            self.names.extend(names);
        } else if let Some((_, key)) = entry.key.spelling().split_once('/')
            && (folded.starts_with("aws:principaltag/") || folded.starts_with("aws:requesttag/"))
        {
            self.tags.extend(texts.map(|text| (key.to_owned(), text)));
        }
    }

    fn add_variables(&mut self, text: &str) {
        let folded = text.to_ascii_lowercase();
        for (position, start) in folded.match_indices("${aws:principaltag/") {
            let rest = folded.get(position + start.len()..).unwrap_or_default();
            let end = rest.find(['}', ',']).unwrap_or(rest.len());
            self.variables.extend(rest.get(..end).map(|key| key.trim().to_owned()));
        }
    }
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
