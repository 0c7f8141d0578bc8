//! What a step is not about: every other user, group and role stays, with its id, its inline policies and its groups.
//!
//! The relation of [`crate::model::entity`] looks at one name, one inline policy and one group, and what is proved of these is proved of each.
//! So what it says of things elsewhere is held here of all that a step does not name.

use std::collections::{BTreeMap, BTreeSet};

use crate::iam::world::{Account, Holder, StoredPolicy, World};

/// What of users, groups and roles a step is about.
pub(super) struct Touched<'w> {
    pub(super) account: &'w str,
    pub(super) holder: &'w Holder,
    pub(super) part: Part<'w>,
}

/// Which part of the holder.
#[derive(Clone, Copy)]
pub(super) enum Part<'w> {
    /// It is made.
    Made,
    /// It is deleted.
    Gone,
    /// Its inline policy of this name.
    Inline(&'w str),
    /// Whether it is in this group.
    Membership(&'w str),
}

/// What is to stay of a holder.
#[derive(Clone, Copy)]
struct Seen<'w> {
    id: &'w str,
    inline: &'w BTreeMap<String, StoredPolicy>,
    groups: Option<&'w BTreeSet<String>>,
}

impl Seen<'_> {
    /// Whether nothing hangs on it, as when it was just made.
    fn is_bare(&self) -> bool {
        self.inline.is_empty() && self.groups.is_none_or(BTreeSet::is_empty)
    }
}

/// Somebody who changed though the step is not about that, in words.
// Rules: GEN-10, POL-8, POL-9, POL-10, POL-11.
pub(super) fn changed(before: &World, after: &World, touched: Option<&Touched<'_>>) -> Option<String> {
    let accounts: BTreeSet<&String> = before.accounts.keys().chain(after.accounts.keys()).collect();
    accounts.into_iter().find_map(|id| {
        let touched = touched.filter(|touched| touched.account == id);
        let [was, is] = [before, after].map(|world| world.accounts.get(id).map(holders).unwrap_or_default());
        let mut all = was.keys().chain(is.keys());
        let who = all.find(|holder| !stays(holder, was.get(*holder), is.get(*holder), touched))?;
        Some(format!("the {} {} of {id}", who.kind(), who.name()))
    })
}

fn holders(account: &Account) -> BTreeMap<Holder, Seen<'_>> {
    let users = account.users.iter().map(|(name, user)| {
        let seen = Seen { id: &user.id, inline: &user.policies.inline, groups: Some(&user.groups) };
        (Holder::User(name.clone()), seen)
    });
    let groups = account.groups.iter().map(|(name, group)| {
        (Holder::Group(name.clone()), Seen { id: &group.id, inline: &group.policies.inline, groups: None })
    });
    let roles = account.roles.iter().map(|(name, role)| {
        (Holder::Role(name.clone()), Seen { id: &role.id, inline: &role.policies.inline, groups: None })
    });
    users.chain(groups).chain(roles).collect()
}

/// Whether nothing of the holder changed but what the step is about.
fn stays(
    holder: &Holder,
    was: Option<&Seen<'_>>,
    is: Option<&Seen<'_>>,
    touched: Option<&Touched<'_>>,
) -> bool {
    let own = touched.filter(|touched| touched.holder == holder).map(|touched| touched.part);
    let (Some(was), Some(is)) = (was, is) else {
        return match own {
            Some(Part::Made) => is.is_some_and(Seen::is_bare),
            Some(Part::Gone) => is.is_none(),
            Some(Part::Inline(_) | Part::Membership(_)) | None => false,
        };
    };
    let mut inline_named = None;
    let mut groups_named = None;
    match own {
        Some(Part::Inline(name)) => inline_named = Some(name),
        Some(Part::Membership(group)) => groups_named = Some(group),
        Some(Part::Made | Part::Gone) | None => {}
    }
    // Who is in a group that goes leaves it.
    let left = touched.and_then(|touched| match (touched.part, touched.holder) {
        (Part::Gone, Holder::Group(group)) => Some(group.as_str()),
        (Part::Gone, Holder::User(_) | Holder::Role(_))
        | (Part::Made | Part::Inline(_) | Part::Membership(_), _) => None,
    });
    was.id == is.id
        && inline(was, inline_named).eq(inline(is, inline_named))
        && groups(was, &[groups_named, left]) == groups(is, &[groups_named])
}

/// The inline policies but for the one named.
fn inline<'w>(seen: &Seen<'w>, but: Option<&str>) -> impl Iterator<Item = (&'w String, &'w StoredPolicy)> {
    seen.inline.iter().filter(move |(name, _)| but != Some(name.as_str()))
}

/// The groups but for those named.
fn groups<'w>(seen: &Seen<'w>, but: &[Option<&str>]) -> BTreeSet<&'w str> {
    let all = seen.groups.into_iter().flatten().map(String::as_str);
    all.filter(|group| !but.contains(&Some(*group))).collect()
}
