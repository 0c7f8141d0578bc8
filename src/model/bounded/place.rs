//! Whose credentials are held, as far as later calls can tell: all of it but the times.

use std::collections::BTreeSet;

use super::clock::WhoseClock;
use crate::iam::instant::Instant;
use crate::iam::operation::Credentials;
use crate::iam::world::{Federating, Mfa, Session, SessionKind, World};

/// The last second of the calendar: 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

/// Whose credentials sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The long-term credentials of the user with this ARN.
    User(String),
    /// The long-term credentials of the root user of an account.
    Root(String),
    /// A service that calls directly.
    Service(String),
    /// Nobody's: unsigned calls, and what happens without a call.
    Nobody,
    /// A session. Its times say nothing.
    Session(Box<Session>),
}

/// Whose credentials are held, and what was used up for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose they are.
    pub standing: Standing,
    /// Codes of MFA devices that were accepted on the way, by the serial number of the device.
    pub used: BTreeSet<(String, String)>,
    /// The ARN by which it is told.
    pub arn: String,
}

impl Place {
    /// Somebody who has not called yet.
    pub fn start(standing: Standing, world: &World) -> Place {
        let arn = match &standing {
            Standing::User(arn) => arn.clone(),
            Standing::Root(account) => {
                let partition = world.accounts.get(account).map_or("aws", |account| &account.partition);
                format!("arn:{partition}:iam::{account}:root")
            }
            Standing::Service(name) => name.clone(),
            Standing::Nobody => "nobody: the call is not signed".to_owned(),
            Standing::Session(session) => arn_of(session, world),
        };
        Place { standing, used: BTreeSet::new(), arn }
    }

    /// Whoever holds a session that was just issued to this one.
    pub fn holding(&self, session: &Session, code: Option<(String, String)>, world: &World) -> Place {
        let mut session = session.clone();
        session.parent = None;
        session.issued = Instant::from_epoch_seconds(0).unwrap_or(session.issued);
        session.expires = session.issued;
        session.mfa = match session.mfa {
            Mfa::Since(_) => Mfa::Since(session.issued),
            Mfa::Absent => Mfa::Absent,
            Mfa::Unknown => Mfa::Unknown,
        };
        let mut used = self.used.clone();
        used.extend(code);
        let arn = arn_of(&session, world);
        Place { standing: Standing::Session(Box::new(session)), used, arn }
    }

    /// The session as it is if it was issued then; `None` at the edge of the calendar.
    pub fn issued_at(&self, session: &Session, seconds: i64) -> Option<Session> {
        let issued = Instant::from_epoch_seconds(seconds)?;
        let mfa = match session.mfa {
            Mfa::Since(_) => Mfa::Since(issued),
            Mfa::Absent => Mfa::Absent,
            Mfa::Unknown => Mfa::Unknown,
        };
        // No policy asks when a session ends. So it lasts beyond every instant at which something is asked.
        let expires = Instant::from_epoch_seconds(LAST_SECOND)?;
        Some(Session { issued, expires, mfa, ..session.clone() })
    }

    /// Marks the codes as accepted.
    pub fn use_codes(&self, world: &mut World) {
        for account in world.accounts.values_mut() {
            let devices = account.users.values_mut().flat_map(|user| user.mfa_devices.iter_mut());
            for (serial, device) in devices.chain(account.root_mfa_devices.iter_mut()) {
                let used = self.used.iter().filter(|(of, _)| of == serial);
                device.used.extend(used.map(|(_, code)| code.clone()));
            }
        }
    }

    /// The credentials of a call, where the session that is held has this name.
    pub fn credentials(&self, session: &str) -> Credentials {
        match &self.standing {
            Standing::User(arn) => Credentials::User { arn: arn.clone(), access_key: None },
            Standing::Root(account) => Credentials::Root { account: account.clone(), access_key: None },
            Standing::Service(name) => Credentials::Service(name.clone()),
            Standing::Nobody => Credentials::None,
            Standing::Session(_) => Credentials::Session(session.to_owned()),
        }
    }

    /// What of clocks the credentials show.
    pub fn clock(&self) -> WhoseClock {
        match &self.standing {
            Standing::User(_) | Standing::Root(_) | Standing::Service(_) | Standing::Nobody => {
                WhoseClock::LongTerm
            }
            Standing::Session(session) => match session.mfa {
                Mfa::Since(_) => WhoseClock::WithMfa,
                Mfa::Absent | Mfa::Unknown => WhoseClock::Session,
            },
        }
    }

    /// The session that is held.
    pub fn session(&self) -> Option<&Session> {
        match &self.standing {
            Standing::Session(session) => Some(session),
            Standing::User(_) | Standing::Root(_) | Standing::Service(_) | Standing::Nobody => None,
        }
    }

    /// The unique id of the role of which a session is held.
    pub fn role_id(&self) -> Option<&str> {
        match &self.session()?.kind {
            SessionKind::Role { role, .. } => Some(role),
            SessionKind::User { .. } | SessionKind::Root | SessionKind::Federated { .. } => None,
        }
    }
}

/// The ARN of whoever holds the session.
// Rule: STS-6.
fn arn_of(session: &Session, world: &World) -> String {
    let account = &session.account;
    let partition = world.accounts.get(account).map_or("aws", |account| &account.partition);
    match &session.kind {
        SessionKind::Role { name, session_name, .. } => {
            format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}")
        }
        SessionKind::User { user } => world.user_by_id(user).map_or_else(|| user.clone(), |user| user.arn()),
        SessionKind::Root => format!("arn:{partition}:iam::{account}:root"),
        SessionKind::Federated { name, source: Federating::User(_) | Federating::Root } => {
            format!("arn:{partition}:sts::{account}:federated-user/{name}")
        }
    }
}
