//! Which calls are worth trying: an index over whom trust policies let in and what identity policies may speak of.
//!
//! It never leaves a call out that could be allowed, and names few that cannot: a role that trusts a whole account is tried for those of its
//! principals alone whose policies may name it. So the work grows with the edges that there are, not with the pairs of principals.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::part::Holding;
use super::wishes::may_name;
use crate::iam::arn::Arn;
use crate::iam::policy::{Effect, Policy, Selection};
use crate::iam::principal::PrincipalEntry;
use crate::iam::world::World;

/// The index of one world.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The ARNs of all roles, in the order of [`Text`](str).
    pub(super) roles: Vec<String>,
    /// The ARNs of all users, sorted.
    pub(super) users: Vec<String>,
    /// Roles that name a user or role.
    by_principal: HashMap<String, Vec<usize>>,
    /// Roles that name a session, by the session's ARN.
    by_session: HashMap<String, Vec<usize>>,
    /// The names of sessions that some trust policy names, by account and role.
    session_names: HashMap<(String, String), BTreeSet<String>>,
    /// Roles that trust an account, sorted.
    by_account: HashMap<String, Vec<usize>>,
    /// Roles that trust a service.
    by_service: BTreeMap<String, Vec<usize>>,
    /// Roles that trust everybody, or everybody but some.
    everyone: Vec<usize>,
}

/// The resources of which policies may allow an action.
#[derive(Debug)]
pub(super) enum Spoken {
    /// Any.
    All,
    /// Those that begin with, or are, one of these.
    Some(Vec<Pattern>),
}

/// The text before the first wildcard or variable of a pattern.
#[derive(Debug)]
pub(super) enum Pattern {
    /// There is none: the whole text.
    Exactly(String),
    /// What comes before.
    Beginning(String),
}

impl Index {
    pub(super) fn of(world: &World) -> Index {
        let mut index = Index::default();
        for (id, account) in &world.accounts {
            index.users.extend(account.users.keys().filter_map(|name| Some(world.user(id, name)?.arn())));
            index.roles.extend(account.roles.keys().filter_map(|name| Some(world.role(id, name)?.arn())));
        }
        index.users.sort();
        index.roles.sort();
        for position in 0..index.roles.len() {
            let Some(role) = index.roles.get(position).and_then(|arn| world.role_by_arn(arn)) else {
                continue;
            };
            index.add(position, &role.found.trust.policy);
        }
        index
    }

    fn add(&mut self, role: usize, trust: &Policy) {
        let once = |list: &mut Vec<usize>| {
            if list.last() != Some(&role) {
                list.push(role);
            }
        };
        for statement in trust.statements.iter().filter(|statement| statement.effect == Effect::Allow) {
            let listed = match &statement.principal {
                Some(Selection::Only(listed)) => listed,
                Some(Selection::AllExcept(_)) | None => {
                    once(&mut self.everyone);
                    continue;
                }
            };
            for entry in &listed.entries {
                match entry {
                    PrincipalEntry::Everyone | PrincipalEntry::EveryoneAws => once(&mut self.everyone),
                    PrincipalEntry::AccountId(account) | PrincipalEntry::AccountRoot { account, .. } => {
                        once(self.by_account.entry(account.clone()).or_default());
                    }
                    PrincipalEntry::User(arn) | PrincipalEntry::Role(arn) => {
                        once(self.by_principal.entry(arn.clone()).or_default());
                    }
                    PrincipalEntry::AssumedRole(arn) => {
                        once(self.by_session.entry(arn.clone()).or_default());
                        if let Some((account, role, session)) = session_of(arn) {
                            self.session_names.entry((account, role)).or_default().insert(session);
                        }
                    }
                    PrincipalEntry::Service(name) => {
                        once(self.by_service.entry(name.clone()).or_default());
                    }
                    // Nobody that a search stands for.
                    PrincipalEntry::FederatedUser(_)
                    | PrincipalEntry::UniqueId(_)
                    | PrincipalEntry::Federated(_)
                    | PrincipalEntry::CanonicalUser(_) => {}
                }
            }
        }
    }

    /// The role at a position.
    pub(super) fn role(&self, position: usize) -> &str {
        self.roles.get(position).map_or("", String::as_str)
    }

    /// Roles that may let somebody in, whose policies are these.
    pub(super) fn assumable(&self, holding: &Holding, policies: &[&Policy]) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = self.everyone.iter().copied().collect();
        found.extend(self.by_principal.get(holding.arn()).into_iter().flatten());
        if let Holding::Role { arn, session_name } = holding {
            let session = session_arn(arn, session_name);
            found.extend(self.by_session.get(&session).into_iter().flatten());
        }
        if let Some(trusting) = self.by_account.get(holding.account()) {
            found.extend(self.narrowed(trusting, &spoken(policies, "sts:AssumeRole")));
        }
        found
    }

    /// Roles that trust a service and that these policies may allow to be passed.
    pub(super) fn passable(&self, service: &str, policies: &[&Policy]) -> BTreeSet<usize> {
        let spoken = spoken(policies, "iam:PassRole");
        let trusting = self.by_service.get(service).into_iter().flatten().chain(&self.everyone);
        let trusting: BTreeSet<usize> = trusting.copied().collect();
        self.narrowed(&trusting.into_iter().collect::<Vec<_>>(), &spoken).collect()
    }

    /// Roles of an account of which these policies may allow an action.
    pub(super) fn roles_for(&self, action: &str, account: &str, policies: &[&Policy]) -> Vec<usize> {
        let all: Vec<usize> = (0..self.roles.len()).collect();
        let of_account =
            |role: &usize| Arn::parse(self.role(*role)).is_some_and(|arn| arn.account == account);
        self.narrowed(&all, &spoken(policies, action)).filter(of_account).collect()
    }

    /// Users of an account of which these policies may allow an action.
    pub(super) fn users_for(&self, action: &str, account: &str, policies: &[&Policy]) -> Vec<&str> {
        let spoken = spoken(policies, action);
        let of_account = |arn: &&String| Arn::parse(arn).is_some_and(|arn| arn.account == account);
        let users = self.users.iter().filter(of_account).filter(|arn| spoken.has(arn));
        users.map(String::as_str).collect()
    }

    /// The names that sessions of a role are worth having.
    pub(super) fn session_names(&self, role: &str) -> Vec<String> {
        let mut names = vec![PLAIN_SESSION.to_owned()];
        if let Some(arn) = Arn::parse(role) {
            let name = arn.resource.rsplit('/').next().unwrap_or_default();
            let named = self.session_names.get(&(arn.account.to_owned(), name.to_owned()));
            names.extend(named.into_iter().flatten().filter(|name| *name != PLAIN_SESSION).cloned());
        }
        names
    }

    /// Those of the sorted positions that are spoken of.
    fn narrowed<'a>(&'a self, sorted: &'a [usize], spoken: &Spoken) -> Box<dyn Iterator<Item = usize> + 'a> {
        let patterns = match spoken {
            Spoken::All => return Box::new(sorted.iter().copied()),
            Spoken::Some(patterns) => patterns,
        };
        let mut found = BTreeSet::new();
        for pattern in patterns {
            let (Pattern::Exactly(text) | Pattern::Beginning(text)) = pattern;
            let from = sorted.partition_point(|role| self.role(*role) < text.as_str());
            for role in
                sorted.iter().skip(from).take_while(|role| self.role(**role).starts_with(text.as_str()))
            {
                if pattern.fits(self.role(*role)) {
                    found.insert(*role);
                }
            }
        }
        Box::new(found.into_iter())
    }
}

/// The name of a session that no policy asks to have another.
pub(super) const PLAIN_SESSION: &str = "iamproof";

impl Pattern {
    fn fits(&self, text: &str) -> bool {
        match self {
            Pattern::Exactly(whole) => text == whole,
            Pattern::Beginning(start) => text.starts_with(start.as_str()),
        }
    }
}

impl Spoken {
    pub(super) fn has(&self, text: &str) -> bool {
        match self {
            Spoken::All => true,
            Spoken::Some(patterns) => patterns.iter().any(|pattern| pattern.fits(text)),
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Spoken::All => false,
            Spoken::Some(patterns) => patterns.is_empty(),
        }
    }
}

/// The resources of which some Allow of these policies may speak with this action.
pub(super) fn spoken(policies: &[&Policy], action: &str) -> Spoken {
    let mut patterns = Vec::new();
    for statement in policies.iter().flat_map(|policy| &policy.statements) {
        if statement.effect == Effect::Deny || !may_name(&statement.action, action) {
            continue;
        }
        match &statement.resource {
            None | Some(Selection::AllExcept(_)) => return Spoken::All,
            Some(Selection::Only(listed)) => {
                for text in listed {
                    match text.find(['*', '?', '$']) {
                        Some(0) => return Spoken::All,
                        Some(end) => {
                            patterns.push(Pattern::Beginning(text.get(..end).unwrap_or_default().to_owned()))
                        }
                        None => patterns.push(Pattern::Exactly(text.clone())),
                    }
                }
            }
        }
    }
    Spoken::Some(patterns)
}

/// The ARN of a role's session.
pub(super) fn session_arn(role: &str, session: &str) -> String {
    Arn::parse(role).map_or_else(String::new, |arn| {
        let name = arn.resource.rsplit('/').next().unwrap_or_default();
        format!("arn:{}:sts::{}:assumed-role/{name}/{session}", arn.partition, arn.account)
    })
}

/// Account, role and name of a session.
pub(super) fn session_of(arn: &str) -> Option<(String, String, String)> {
    let arn = Arn::parse(arn)?;
    let (role, session) = arn.resource.strip_prefix("assumed-role/")?.split_once('/')?;
    Some((arn.account.to_owned(), role.to_owned(), session.to_owned()))
}
