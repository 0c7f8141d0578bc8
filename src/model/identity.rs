//! What GetCallerIdentity tells of a caller: the account, and the UserId, made of the id of the entity and the name of the session (STS-51).

use super::regular::{digits, sequence, word};
use crate::solver::formula::{Formula, Formulas, Piece, TextVariable};
use crate::solver::regular::{CharacterSet, Regular};

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signer {
    /// The root user.
    Root,
    /// A user, with either kind of credentials.
    User,
    /// A session of a role.
    RoleSession,
    /// A session of GetFederationToken.
    FederatedSession,
}

impl Signer {
    /// Every kind of caller that has an identity.
    pub const ALL: [Signer; 4] = [Signer::Root, Signer::User, Signer::RoleSession, Signer::FederatedSession];
}

/// A caller with what it is told.
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    /// Who signs.
    pub signer: Signer,
    /// The account of the entity.
    pub account: TextVariable,
    /// The unique id of the user, or of the session's role.
    pub id: TextVariable,
    /// The name of the session.
    pub session: TextVariable,
    /// What is told.
    pub user_id: TextVariable,
}

impl Identity {
    /// Any caller of this kind.
    // Rules: GEN-4, GEN-10, STS-3, STS-6.
    pub fn free(formulas: &mut Formulas, name: &str, signer: Signer) -> Identity {
        let prefix = match signer {
            Signer::Root | Signer::User | Signer::FederatedSession => "AIDA",
            Signer::RoleSession => "AROA",
        };
        let id = sequence([Regular::text(prefix), word(&[('A', 'Z'), ('0', '9')])]);
        let letters = CharacterSet::of_ranges([('A', 'Z'), ('a', 'z'), ('0', '9')]);
        let others = CharacterSet::of(['_', '+', '=', ',', '.', '@', '-']);
        let letter = Regular::Choice(vec![Regular::Character(letters), Regular::Character(others)]);
        Identity {
            signer,
            account: formulas.new_text(format!("{name}: account"), digits(12, 12)),
            id: formulas.new_text(format!("{name}: id"), id),
            session: formulas.new_text(format!("{name}: session name"), letter.at_least_once()),
            user_id: formulas.new_text(format!("{name}: UserId"), Regular::anything()),
        }
    }

    /// Holds iff [`Self::user_id`] is what the caller is told.
    // Rules: STS-48, STS-51.
    pub fn is_told(&self, formulas: &mut Formulas) -> Formula {
        let colon = Piece::Some(formulas.language(Regular::text(":")));
        let pieces = match self.signer {
            Signer::Root => vec![Piece::Value(self.account)],
            Signer::User => vec![Piece::Value(self.id)],
            Signer::RoleSession => vec![Piece::Value(self.id), colon, Piece::Value(self.session)],
            Signer::FederatedSession => vec![Piece::Value(self.account), colon, Piece::Value(self.session)],
        };
        formulas.concatenation(self.user_id, pieces)
    }
}
