//! Changes: what a step that is not refused leaves behind. A step is judged on the ground as it was, and then changes it at once.

use crate::iam::directory::{
    AccountName, Assignment, AwsDirectory, AwsDirectoryKind, ConsoleAccess, Directories, DirectoryId,
    DirectoryState, Domain, DomainName, Forest, Link, Object, ObjectKind, Radius, Reach, ServiceAccount, Sid,
    Tree, TrustRecord, UserStatus,
};

/// One change of the directories.
#[derive(Clone, Debug)]
pub(super) enum Change {
    AddForest(DomainName),
    AddTree { root: DomainName, name: DomainName },
    AddChild { below: DomainName, name: DomainName },
    AddDirectory(AwsDirectory),
    RemoveDirectory(DirectoryId),
    AddObject { domain: DomainName, object: Object },
    RemoveObject { domain: DomainName, account: AccountName },
    SetMembers { domain: DomainName, group: AccountName, members: Vec<Sid> },
    SetUser { domain: DomainName, account: AccountName, password: String, status: UserStatus },
    AddTrust(TrustRecord),
    RemoveTrust { owner: DomainName, partner: DomainName },
    SetLink { link: Link, reach: Reach },
    SetState { id: DirectoryId, state: DirectoryState },
    SetRadius { id: DirectoryId, radius: Option<Radius> },
    SetServiceAccount { id: DirectoryId, service_account: ServiceAccount },
    SetAccessUrl { id: DirectoryId, url: String },
    SetConsole { id: DirectoryId, console: ConsoleAccess },
    SetSessionLength { id: DirectoryId, seconds: u64 },
    AddAssignment { id: DirectoryId, assignment: Assignment },
    RemoveAssignment { id: DirectoryId, assignment: Assignment },
}

impl Change {
    /// Makes the change. What it names is there: the step that asks for it has looked.
    pub(super) fn make(self, world: &mut Directories) {
        match self {
            Change::AddForest(name) => {
                let root = Tree { root: Domain::new(name), others: Vec::new() };
                world.forests.push(Forest { root, others: Vec::new() });
            }
            Change::AddTree { root, name } => {
                let mut forests = world.forests.iter_mut();
                if let Some(forest) = forests.find(|forest| forest.root.root.name == root) {
                    forest.others.push(Tree { root: Domain::new(name), others: Vec::new() });
                }
            }
            Change::AddChild { below, name } => {
                let mut trees =
                    world.forests.iter_mut().flat_map(|f| std::iter::once(&mut f.root).chain(&mut f.others));
                if let Some(tree) = trees.find(|tree| tree.domains().any(|domain| domain.name == below)) {
                    tree.others.push(Domain::new(name));
                }
            }
            Change::AddDirectory(directory) => world.aws.push(directory),
            Change::RemoveDirectory(id) => remove_directory(world, id),
            Change::AddObject { domain, object } => {
                // Numbers of SIDs only rise, so that none is issued twice (DIR-2).
                let next = object.sid.number().map_or(world.next_sid, |number| number.saturating_add(1));
                world.next_sid = world.next_sid.max(next);
                if let Some(domain) = world.domain_mut(&domain) {
                    domain.objects.push(object);
                }
            }
            Change::RemoveObject { domain, account } => {
                if let Some(domain) = world.domain_mut(&domain) {
                    domain.objects.retain(|object| object.account != account);
                }
            }
            Change::SetMembers { domain, group, members } => {
                if let Some(object) = world.domain_mut(&domain).and_then(|domain| domain.object_mut(&group)) {
                    object.kind = ObjectKind::Group { members };
                }
            }
            Change::SetUser { domain, account, password, status } => {
                if let Some(object) = world.domain_mut(&domain).and_then(|domain| domain.object_mut(&account))
                {
                    object.kind = ObjectKind::User { password, status };
                }
            }
            Change::AddTrust(record) => world.trusts.push(record),
            Change::RemoveTrust { owner, partner } => {
                world.trusts.retain(|record| record.owner != owner || record.partner != partner);
            }
            Change::SetLink { link, reach } => match reach {
                Reach::Up => {
                    world.links_down.remove(&link);
                }
                Reach::Down => {
                    world.links_down.insert(link);
                }
            },
            Change::SetState { id, state } => of(world, &id, |directory| directory.state = state),
            Change::SetRadius { id, radius } => of(world, &id, |directory| set_radius(directory, radius)),
            Change::SetServiceAccount { id, service_account } => {
                of(world, &id, |directory| set_service_account(directory, service_account));
            }
            Change::SetAccessUrl { id, url } => of(world, &id, |directory| directory.access_url = Some(url)),
            Change::SetConsole { id, console } => of(world, &id, |directory| directory.console = console),
            Change::SetSessionLength { id, seconds } => {
                of(world, &id, |directory| directory.session_length_s = seconds);
            }
            Change::AddAssignment { id, assignment } => {
                of(world, &id, |directory| directory.assignments.push(assignment));
            }
            Change::RemoveAssignment { id, assignment } => {
                of(world, &id, |directory| directory.assignments.retain(|other| *other != assignment));
            }
        }
    }
}

/// Changes one directory.
fn of(world: &mut Directories, id: &DirectoryId, change: impl FnOnce(&mut AwsDirectory)) {
    if let Some(directory) = world.directory_mut(id) {
        change(directory);
    }
}

fn set_radius(directory: &mut AwsDirectory, to: Option<Radius>) {
    match &mut directory.kind {
        AwsDirectoryKind::Managed { radius, .. } | AwsDirectoryKind::Connector { radius, .. } => *radius = to,
        AwsDirectoryKind::Simple { .. } => {}
    }
}

fn set_service_account(directory: &mut AwsDirectory, to: ServiceAccount) {
    match &mut directory.kind {
        AwsDirectoryKind::Connector { service_account, .. } => *service_account = to,
        AwsDirectoryKind::Managed { .. } | AwsDirectoryKind::Simple { .. } => {}
    }
}

/// Takes a directory away, with its objects, its side of trusts and all links to and from it; its id is never issued again.
// Rules: DIR-7, DIR-9, DIR-32.
fn remove_directory(world: &mut Directories, id: DirectoryId) {
    let domain = world.directory(&id).and_then(AwsDirectory::domain).map(|domain| domain.name.clone());
    world.aws.retain(|directory| directory.id != id);
    world.trusts.retain(|record| Some(&record.owner) != domain.as_ref());
    world.links_down.retain(|link| {
        let ends_there = domain.as_ref().is_some_and(|gone| link.domain == *gone);
        link.directory != id && !ends_there
    });
    world.ids_gone.insert(id);
}
