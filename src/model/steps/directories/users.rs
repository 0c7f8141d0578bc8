//! What users of directories do: lookups, logons, and letting an identity provider vouch for them (DIR-18, DIR-23, DIR-33).

use super::facts::{Place, in_one_forest, may_log_on, service_account_is_usable, standing, user};
use super::{Asking, Atoms, demand, refused};
use crate::iam::context::Context;
use crate::iam::directory::{
    AccountName, DirectoryName, Domain, LogonAttempt, LogonUse, Object, ObjectKind, ObjectName, Outcome,
    Radius, Reach, Refusal, Sid, UserAction,
};
use crate::iam::outcome::Answer;
use crate::iam::world::{Assertion, Genuineness, Pair};
use crate::model::directory::{Logon, Lookup, Uses, log_on, look_up};
use crate::model::steps::{Moment, Stepping};

impl Moment<'_> {
    pub(super) fn user_action(&mut self, action: &UserAction) -> Stepping<Answer> {
        match action {
            UserAction::LookUp { at, of, account } => self.look_up(at, of, account.as_ref()),
            UserAction::LogOn { at, attempt, purpose } => self.log_on(at, attempt, *purpose),
            UserAction::SignIn { at, attempt, role } => self.sign_in(at, attempt, role),
            UserAction::IssueAssertion { provider, user, password } => {
                self.issue_assertion(provider, user, password)
            }
        }
    }

    // Rules: DIR-18, DIR-19, DIR-20, DIR-21.
    fn look_up(
        &mut self,
        at: &DirectoryName,
        of: &DirectoryName,
        account: Option<&AccountName>,
    ) -> Stepping<Answer> {
        let directories = self.world.directories.clone();
        let place = self.place(at)?.name();
        let Some(place) = Place::named(&directories, &place) else {
            return Err(super::defect("it was there"));
        };
        let looked_into = Place::named(&directories, of);
        let itself = looked_into.is_some_and(|other| other.name() == place.name());
        let domain = match of {
            // A domain that is nowhere is one that is not looked up: who stands alone learns nothing of others (INV-91).
            DirectoryName::Domain(name) => name,
            DirectoryName::Id(_) => {
                demand(place.active(), Refusal::Unavailable, "DIR-23", "the directory is not active")?;
                let missing =
                    || refused(Refusal::DoesNotExist, "DIR-37", "what is to be looked into is not there");
                looked_into.and_then(Place::face).ok_or_else(missing)?
            }
        };
        let mut atoms = Atoms::new();
        let mut standing = standing(&mut atoms, &directories, place, domain);
        // A connector that is looked into by others is not its target.
        if looked_into.and_then(Place::target).is_some() && !itself {
            for way in [&mut standing.target, &mut standing.own, &mut standing.trusts] {
                *way = atoms.formulas.falsum();
            }
        }
        let stored: Vec<&Object> =
            directories.domain(domain).map_or_else(Vec::new, |domain| listed(domain, account));
        let facts = Lookup {
            standing,
            active: atoms.truth(place.active()),
            closed: atoms.truth(looked_into.is_some_and(is_closed) && !itself),
            service_account: atoms.truth(service_account_is_usable(&directories, place)),
            one: atoms.truth(account.is_some()),
        };
        let outcome = look_up(&mut atoms.formulas, &facts);
        let asking = Asking { by: place.name(), standing: &standing, domain, account };
        self.told(&mut atoms, &outcome, Some(&asking))?;
        let name = |object: &&Object| ObjectName { account: object.account.clone(), domain: domain.clone() };
        Ok(Answer::Directory(Outcome::Found { objects: stored.iter().map(name).collect() }))
    }

    // Rules: DIR-22, DIR-23.
    fn log_on(&mut self, at: &DirectoryName, attempt: &LogonAttempt, purpose: LogonUse) -> Stepping<Answer> {
        let directories = self.world.directories.clone();
        let place = self.place(at)?.name();
        let Some(place) = Place::named(&directories, &place) else {
            return Err(super::defect("it was there"));
        };
        let mut atoms = Atoms::new();
        let facts = self.logon_facts(&mut atoms, place, attempt, purpose);
        let outcome = log_on(&mut atoms.formulas, &facts);
        let asking = Asking {
            by: place.name(),
            standing: &facts.standing,
            domain: &attempt.user.domain,
            account: Some(&attempt.user.account),
        };
        self.told(&mut atoms, &outcome, Some(&asking))?;
        let (domain, sid) = self.who(&attempt.user)?;
        Ok(Answer::Directory(Outcome::LoggedOn { user: sid, home: domain.name.clone() }))
    }

    /// The facts of a logon.
    // Rules: DIR-2, DIR-20, DIR-23, DIR-24.
    pub(super) fn logon_facts(
        &self,
        atoms: &mut Atoms,
        place: Place<'_>,
        attempt: &LogonAttempt,
        purpose: LogonUse,
    ) -> Logon {
        let directories = &self.world.directories;
        let LogonAttempt { user: name, password, otp } = attempt;
        let stored = user(directories.domain(&name.domain), &name.account);
        let radius = place.kept().and_then(|directory| directory.radius());
        let code_valid =
            radius.zip(otp.as_ref()).is_some_and(|(radius, otp)| self.is_code(radius, &name.account, otp));
        Logon {
            standing: standing(atoms, directories, place, &name.domain),
            active: atoms.truth(place.active()),
            uses: Uses::of(&atoms.formulas, purpose),
            service_account: atoms.truth(service_account_is_usable(directories, place)),
            radius: atoms.truth(radius.is_some()),
            otp: atoms.truth(otp.is_some()),
            radius_reached: atoms.truth(radius.is_some_and(|radius| radius.reach == Reach::Up)),
            code_valid: atoms.truth(code_valid),
            exists: atoms.truth(stored.is_some()),
            may_log_on: atoms.truth(stored.as_ref().is_some_and(|stored| may_log_on(stored.status))),
            password: atoms.truth(stored.as_ref().is_some_and(|stored| stored.password == password)),
        }
    }

    /// `radius_valid`.
    // Rule: DIR-23.
    fn is_code(&self, radius: &Radius, account: &AccountName, otp: &str) -> bool {
        let now = self.step.time.epoch_seconds();
        radius.codes.iter().any(|known| {
            known.account == *account
                && known.code == otp
                && known.from_s.is_none_or(|from| from <= now)
                && known.until_s.is_none_or(|until| now < until)
        })
    }

    /// A user that is there, and its home.
    pub(super) fn who(&self, name: &ObjectName) -> Stepping<(&Domain, Sid)> {
        let domain = self.world.directories.domain(&name.domain);
        match domain.and_then(|domain| Some((domain, user(Some(domain), &name.account)?))) {
            Some((domain, user)) => Ok((domain, user.object.sid.clone())),
            None => Err(super::defect("who logged on is not there")),
        }
    }

    /// The user's UPN as it is stored.
    // Rules: DIR-2, DIR-28.
    pub(super) fn upn(&self, name: &ObjectName) -> Option<String> {
        let domain = self.world.directories.domain(&name.domain)?;
        let object = domain.object(&name.account)?;
        Some(format!("{}@{}", object.account, domain.name))
    }

    /// An identity provider vouches for the users of the forest that feeds it, and for nobody else.
    // Rule: DIR-33.
    fn issue_assertion(&mut self, provider: &str, name: &ObjectName, password: &str) -> Stepping<Answer> {
        let directories = self.world.directories.clone();
        let known = directories.identity_providers.iter().find(|known| known.arn == provider);
        let Some(known) = known else {
            return Err(refused(Refusal::DoesNotExist, "DIR-33", "there is no such identity provider"));
        };
        let place = Place::named(&directories, &DirectoryName::Domain(known.domain.clone()));
        let of_forest = in_one_forest(&directories, &known.domain, &name.domain);
        demand(of_forest, Refusal::BadCredentials, "DIR-33", "the user is of another forest")?;
        let Some(place) = place else {
            return Err(refused(Refusal::BadCredentials, "DIR-33", "the forest is not there any more"));
        };
        let attempt = LogonAttempt { user: name.clone(), password: password.to_owned(), otp: None };
        let mut atoms = Atoms::new();
        let facts = self.logon_facts(&mut atoms, place, &attempt, LogonUse::Host);
        let outcome = log_on(&mut atoms.formulas, &facts);
        let asking = Asking {
            by: place.name(),
            standing: &facts.standing,
            domain: &name.domain,
            account: Some(&name.account),
        };
        self.told(&mut atoms, &outcome, Some(&asking))?;
        let (_, sid) = self.who(name)?;
        let in_group = |group: &Sid| {
            directories.object(group).is_some_and(|(domain, object)| match &object.kind {
                ObjectKind::Group { members } => {
                    in_one_forest(&directories, &domain.name, &known.domain) && members.contains(&sid)
                }
                ObjectKind::User { .. } | ObjectKind::Computer => false,
            })
        };
        let mut roles = Vec::new();
        for mapping in &known.mappings {
            if in_group(&mapping.group) && !roles.contains(&mapping.role) {
                roles.push(mapping.role.clone());
            }
        }
        let session_name = self.upn(name).unwrap_or_default();
        let assertion = Assertion {
            provider: provider.to_owned(),
            genuineness: Genuineness::Genuine,
            not_on_or_after: None,
            session_not_on_or_after: None,
            roles: roles
                .iter()
                .map(|role| Pair { role: role.clone(), provider: provider.to_owned() })
                .collect(),
            role_session_name: Some(session_name.clone()),
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            keys: Context::new(),
        };
        let text = self.name();
        self.world.assertions.insert(text, assertion);
        Ok(Answer::Directory(Outcome::Asserted { provider: provider.to_owned(), session_name, roles }))
    }
}

/// Whether nobody else can ever look into it.
// Rules: DIR-21, DIR-35.
pub(super) fn is_closed(place: Place<'_>) -> bool {
    match place.kind() {
        crate::model::directory::Kind::Simple | crate::model::directory::Kind::Connector => true,
        crate::model::directory::Kind::OnPremises | crate::model::directory::Kind::Managed => false,
    }
}

/// The users and groups of a domain, or the one that is named.
// Rule: DIR-18.
fn listed<'w>(domain: &'w Domain, account: Option<&AccountName>) -> Vec<&'w Object> {
    let is_listed = |object: &&Object| match object.kind {
        ObjectKind::User { .. } | ObjectKind::Group { .. } => {
            account.is_none_or(|name| object.account == *name)
        }
        ObjectKind::Computer => false,
    };
    domain.objects.iter().filter(is_listed).collect()
}
