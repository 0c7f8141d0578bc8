//! What happens around directories: links, states, RADIUS servers (DIR-6, DIR-7).

use super::{demand, done, refused};
use crate::iam::directory::{AwsDirectoryKind, DirectoryEvent, Link, Reach, Refusal};
use crate::iam::outcome::Answer;
use crate::model::steps::{Moment, Stepping};

impl Moment<'_> {
    // Rules: DIR-6, DIR-7, DIR-23.
    pub(super) fn directory_event(&mut self, event: &DirectoryEvent) -> Stepping<Answer> {
        let id = match event {
            DirectoryEvent::SetLink { directory, .. }
            | DirectoryEvent::SetState { directory, .. }
            | DirectoryEvent::SetRadiusReach { directory, .. } => directory,
        };
        let missing = || refused(Refusal::DoesNotExist, "DIR-37", "there is no such directory");
        match event {
            DirectoryEvent::SetLink { directory, domain, reach } => {
                let directories = &mut self.world.directories;
                let there =
                    directories.directory(directory).is_some() && directories.domain(domain).is_some();
                demand(there, Refusal::DoesNotExist, "DIR-7", "an end of the link is not there")?;
                let link = Link { directory: directory.clone(), domain: domain.clone() };
                match reach {
                    Reach::Up => directories.links_down.remove(&link),
                    Reach::Down => directories.links_down.insert(link),
                };
            }
            DirectoryEvent::SetState { state, .. } => {
                self.world.directories.directory_mut(id).ok_or_else(missing)?.state = *state;
            }
            DirectoryEvent::SetRadiusReach { reach, .. } => {
                let directory = self.world.directories.directory_mut(id).ok_or_else(missing)?;
                let radius = match &mut directory.kind {
                    AwsDirectoryKind::Managed { radius, .. } | AwsDirectoryKind::Connector { radius, .. } => {
                        radius.as_mut()
                    }
                    AwsDirectoryKind::Simple { .. } => None,
                };
                let none = || refused(Refusal::DoesNotExist, "DIR-24", "no RADIUS server is configured");
                radius.ok_or_else(none)?.reach = *reach;
            }
        }
        Ok(done())
    }
}
