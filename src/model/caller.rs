//! The symbolic caller: its kind, and the parts of its ARN (GEN-12).
//!
//! Kinds exclude each other, so users, roles and federating users share the variables of their path and name, and sessions of both
//! kinds the variable of their name.

use super::regular::{Reach, any_of, choice, digits, sequence, word};
use crate::iam::request::{Caller, Credential, CredentialKind, Entity, FederationSource, Validity};
use crate::solver::formula::{Flag, Formula, Formulas, Piece, TextVariable};
use crate::solver::regular::{CharacterSet, Regular};

/// The kinds of GEN-12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallerKind {
    /// The root user of an account.
    Root,
    /// An IAM user.
    User,
    /// A session of a role.
    RoleSession,
    /// A session of GetFederationToken.
    FederatedSession,
    /// A service principal that calls directly.
    Service,
    /// The unsigned caller of AssumeRoleWithSAML.
    Saml,
    /// The unsigned caller of AssumeRoleWithWebIdentity.
    WebIdentity,
    /// Nobody.
    Anonymous,
}

impl CallerKind {
    /// Every kind, in the order of GEN-12.
    pub const ALL: [CallerKind; 8] = [
        CallerKind::Root,
        CallerKind::User,
        CallerKind::RoleSession,
        CallerKind::FederatedSession,
        CallerKind::Service,
        CallerKind::Saml,
        CallerKind::WebIdentity,
        CallerKind::Anonymous,
    ];

    /// The kinds that belong to an account.
    pub(super) const IN_ACCOUNT: [CallerKind; 4] =
        [CallerKind::Root, CallerKind::User, CallerKind::RoleSession, CallerKind::FederatedSession];
}

/// A caller of any kind.
#[derive(Debug)]
pub(super) struct SymbolicCaller {
    kinds: [(CallerKind, Flag); 8],
    pub(super) partition: TextVariable,
    pub(super) account: TextVariable,
    /// `/` or `/…/`: the path of the user, the role, or the federating user.
    pub(super) path: TextVariable,
    /// The name of the same, without the path.
    pub(super) name: TextVariable,
    /// The name of a role session or of a federated session.
    pub(super) session: TextVariable,
    /// The name of a service.
    pub(super) service: TextVariable,
    /// The provider that authenticated an unsigned caller.
    pub(super) provider: TextVariable,
    /// A federated session was made by root.
    pub(super) federated_by_root: Flag,
    /// A federated session was made by a user that no policy names.
    pub(super) federated_by_unnamed: Flag,
    /// A user's or root's credential comes from GetSessionToken.
    pub(super) session_token: Flag,
    /// The credential's time is over.
    pub(super) expired: Flag,
}

impl SymbolicCaller {
    pub(super) fn new(formulas: &mut Formulas) -> SymbolicCaller {
        let label =
            || sequence([Regular::Character(CharacterSet::of([':', '/']).complement()).at_least_once()]);
        let root = Regular::text("/");
        let deep = sequence([Regular::text("/"), Reach::WithinField.anything(), Regular::text("/")]);
        SymbolicCaller {
            kinds: CallerKind::ALL.map(|kind| (kind, formulas.new_flag(format!("the caller is {kind:?}")))),
            partition: formulas.new_text("caller's partition", word(&[('a', 'z'), ('0', '9'), ('-', '-')])),
            account: formulas.new_text("caller's account", Reach::WithinField.anything()),
            path: formulas.new_text("caller's path", choice([root, deep])),
            name: formulas.new_text("caller's name", label()),
            session: formulas.new_text("session name", label()),
            service: formulas.new_text("service's name", Regular::anything()),
            provider: formulas.new_text("provider", Regular::anything()),
            federated_by_root: formulas.new_flag("the session was made by root"),
            federated_by_unnamed: formulas.new_flag("the session was made by a user that no policy names"),
            session_token: formulas.new_flag("the credential comes from GetSessionToken"),
            expired: formulas.new_flag("the credential's time is over"),
        }
    }

    pub(super) fn kind_flags(&self) -> &[(CallerKind, Flag)] {
        &self.kinds
    }

    /// Holds iff the caller is of one of these kinds.
    pub(super) fn is_one_of(&self, formulas: &mut Formulas, kinds: &[CallerKind]) -> Formula {
        let flags: Vec<Formula> = self
            .kinds
            .iter()
            .filter(|(kind, _)| kinds.contains(kind))
            .map(|&(_, flag)| formulas.flag(flag))
            .collect();
        formulas.or(flags)
    }

    /// Holds iff the caller is of this kind.
    pub(super) fn is(&self, formulas: &mut Formulas, kind: CallerKind) -> Formula {
        self.is_one_of(formulas, &[kind])
    }

    /// Holds iff the caller is a federated session whose source is a user.
    pub(super) fn federated_by_user(&self, formulas: &mut Formulas) -> Formula {
        let federated = self.is(formulas, CallerKind::FederatedSession);
        let by_root = formulas.flag(self.federated_by_root);
        let by_user = formulas.not(by_root);
        formulas.and([federated, by_user])
    }

    /// Holds iff the caller is a federated session whose source is the user of [`Self::path`] and [`Self::name`].
    pub(super) fn federated_by_named_user(&self, formulas: &mut Formulas) -> Formula {
        let by_user = self.federated_by_user(formulas);
        let unnamed = formulas.flag(self.federated_by_unnamed);
        let named = formulas.not(unnamed);
        formulas.and([by_user, named])
    }

    /// Holds iff user, role or federating user, its session, or nobody has an entity that a boundary can be put on.
    pub(super) fn has_entity(&self, formulas: &mut Formulas) -> Formula {
        let own = self.is_one_of(formulas, &[CallerKind::User, CallerKind::RoleSession]);
        let behind = self.federated_by_user(formulas);
        formulas.or([own, behind])
    }

    /// Holds iff the caller is a session of a service-linked role.
    // Rule: GEN-13.
    pub(super) fn is_service_linked(&self, formulas: &mut Formulas) -> Formula {
        let session = self.is(formulas, CallerKind::RoleSession);
        let below = sequence([Regular::text("/aws-service-role/"), Regular::anything()]);
        let path = formulas.in_language(self.path, below);
        formulas.and([session, path])
    }

    /// Holds for exactly the callers that are someone: one kind, a source where there is one, an account of twelve digits or of those
    /// that documents name.
    pub(super) fn well_formed(&self, formulas: &mut Formulas, named_accounts: &[String]) -> Formula {
        let flags: Vec<Formula> = self.kinds.iter().map(|&(_, flag)| formulas.flag(flag)).collect();
        let mut parts = vec![formulas.or(flags.iter().copied())];
        for (position, &first) in flags.iter().enumerate() {
            for &second in flags.iter().skip(position + 1) {
                let both = formulas.and([first, second]);
                parts.push(formulas.not(both));
            }
        }
        let by_root = formulas.flag(self.federated_by_root);
        let unnamed = formulas.flag(self.federated_by_unnamed);
        let both = formulas.and([by_root, unnamed]);
        parts.push(formulas.not(both));
        let accounts = choice([digits(12, 12), any_of(named_accounts.iter().cloned())]);
        parts.push(formulas.in_language(self.account, accounts));
        formulas.and(parts)
    }

    /// Holds iff the caller is this one, with this credential.
    pub(super) fn is_exactly(
        &self,
        formulas: &mut Formulas,
        caller: &Caller,
        credential: Credential,
    ) -> Formula {
        let mut parts = vec![self.is(formulas, kind(caller))];
        for &(other, flag) in &self.kinds {
            if other != kind(caller) {
                let flag = formulas.flag(flag);
                parts.push(formulas.not(flag));
            }
        }
        match caller {
            Caller::Root { partition, account } => {
                parts.push(self.is_in(formulas, partition, account));
            }
            Caller::User(entity) => parts.push(self.is_entity(formulas, entity)),
            Caller::RoleSession { role, session } => {
                parts.push(self.is_entity(formulas, role));
                parts.push(equals(formulas, self.session, session));
            }
            Caller::FederatedSession { partition, account, name, source } => {
                parts.push(self.is_in(formulas, partition, account));
                parts.push(equals(formulas, self.session, name));
                parts.push(self.has_source(formulas, source));
            }
            Caller::Service { name } => parts.push(equals(formulas, self.service, name)),
            Caller::Saml { provider } | Caller::WebIdentity { provider } => {
                parts.push(equals(formulas, self.provider, provider));
            }
            Caller::Anonymous => {}
        }
        let session_token = formulas.flag(self.session_token);
        parts.push(match credential.kind {
            CredentialKind::LongTerm => formulas.not(session_token),
            CredentialKind::SessionToken => session_token,
        });
        let expired = formulas.flag(self.expired);
        parts.push(match credential.validity {
            Validity::Current => formulas.not(expired),
            Validity::Expired => expired,
        });
        formulas.and(parts)
    }

    fn has_source(&self, formulas: &mut Formulas, source: &FederationSource) -> Formula {
        let by_root = formulas.flag(self.federated_by_root);
        let unnamed = formulas.flag(self.federated_by_unnamed);
        let (not_by_root, not_unnamed) = (formulas.not(by_root), formulas.not(unnamed));
        match source {
            FederationSource::User(user) => {
                let same = self.is_entity(formulas, user);
                formulas.and([not_by_root, not_unnamed, same])
            }
            FederationSource::UnnamedUser => formulas.and([not_by_root, unnamed]),
            FederationSource::Root => formulas.and([by_root, not_unnamed]),
        }
    }

    /// Holds iff the caller, if it belongs to this account, belongs to this partition.
    pub(super) fn is_at_home(&self, formulas: &mut Formulas, partition: &str, account: &str) -> Formula {
        let in_account = equals(formulas, self.account, account);
        let in_partition = equals(formulas, self.partition, partition);
        formulas.implies(in_account, in_partition)
    }

    pub(super) fn is_in(&self, formulas: &mut Formulas, partition: &str, account: &str) -> Formula {
        let partition = equals(formulas, self.partition, partition);
        let account = equals(formulas, self.account, account);
        formulas.and([partition, account])
    }

    fn is_entity(&self, formulas: &mut Formulas, entity: &Entity) -> Formula {
        let Entity { partition, account, path, name } = entity;
        let place = self.is_in(formulas, partition, account);
        let path = equals(formulas, self.path, path);
        let name = equals(formulas, self.name, name);
        formulas.and([place, path, name])
    }

    /// The pieces of `arn:P:SERVICE::ACCOUNT:` followed by these.
    pub(super) fn arn(&self, formulas: &mut Formulas, service: &str, behind: &[Part<'_>]) -> Vec<Piece> {
        let mut text = |text: &str| Piece::Some(formulas.language(Regular::text(text)));
        let mut pieces = vec![
            text("arn:"),
            Piece::Value(self.partition),
            text(&format!(":{service}::")),
            Piece::Value(self.account),
            text(":"),
        ];
        pieces.extend(behind.iter().map(|part| match part {
            Part::Text(constant) => text(constant),
            Part::Value(variable) => Piece::Value(*variable),
        }));
        pieces
    }
}

/// A part of the sixth field of an ARN.
pub(super) enum Part<'a> {
    /// A constant.
    Text(&'a str),
    /// What a variable holds.
    Value(TextVariable),
}

/// Holds iff the variable has this value.
pub(super) fn equals(formulas: &mut Formulas, variable: TextVariable, text: &str) -> Formula {
    formulas.in_language(variable, Regular::text(text))
}

fn kind(caller: &Caller) -> CallerKind {
    match caller {
        Caller::Root { .. } => CallerKind::Root,
        Caller::User(_) => CallerKind::User,
        Caller::RoleSession { .. } => CallerKind::RoleSession,
        Caller::FederatedSession { .. } => CallerKind::FederatedSession,
        Caller::Service { .. } => CallerKind::Service,
        Caller::Saml { .. } => CallerKind::Saml,
        Caller::WebIdentity { .. } => CallerKind::WebIdentity,
        Caller::Anonymous => CallerKind::Anonymous,
    }
}
