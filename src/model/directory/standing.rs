//! How a directory stands to a domain: whether it accepts its users, looks into it, and by which right it asks it (DIR-17 to DIR-21).

use super::kind::{Kind, Kinds};
use crate::solver::formula::{Formula, Formulas};

/// What the relation of a directory to a domain depends on.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Of which kind the directory is.
    pub kinds: Kinds,
    /// The domain is the one that the directory itself is or stores.
    pub own: Formula,
    /// The domain is of the same forest; true of its own.
    pub one_forest: Formula,
    /// The domain is the target of the connector.
    pub target: Formula,
    /// The directory's domain trusts it ([`super::Trusts::trusts`]).
    pub trusts: Formula,
    /// It trusts the directory's domain.
    pub trusted: Formula,
    /// Both ends of the path between them answer each other (DIR-7).
    pub link: Formula,
}

/// By which right a directory asks a domain.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The domain is its own.
    pub own: Formula,
    /// Another domain of its forest.
    pub in_forest: Formula,
    /// On the other side of a trust.
    pub by_trust: Formula,
    /// The target of the connector.
    pub target: Formula,
}

/// Holds iff the directory may hand a logon of a user at home in the domain to the domain.
// Rules: DIR-17, DIR-20, DIR-21.
pub fn accepts(formulas: &mut Formulas, standing: &Standing) -> Formula {
    let Standing { kinds, own, target, trusts, one_forest, .. } = *standing;
    let of_forest = formulas.or([one_forest, trusts]);
    let of_own = formulas.or([own, trusts]);
    let ways = [
        formulas.and([kinds.is(Kind::OnPremises), of_forest]),
        formulas.and([kinds.is(Kind::Managed), of_own]),
        formulas.and([kinds.is(Kind::Connector), target]),
        formulas.and([kinds.is(Kind::Simple), own]),
    ];
    formulas.or(ways)
}

/// Holds iff the directory can list and read users and groups of the domain.
// Rules: DIR-18, DIR-20, DIR-21.
pub fn looks_up(formulas: &mut Formulas, standing: &Standing) -> Formula {
    let Standing { kinds, own, target, trusts, trusted, .. } = *standing;
    let has_trusts = formulas.or([kinds.is(Kind::OnPremises), kinds.is(Kind::Managed)]);
    let connector = kinds.is(Kind::Connector);
    let stores = formulas.not(connector);
    let ways = [
        formulas.and([stores, own]),
        formulas.and([has_trusts, trusts, trusted]),
        formulas.and([connector, target]),
    ];
    formulas.or(ways)
}

/// Holds iff the domain answers when the directory asks it.
// Rules: DIR-7, DIR-19.
pub fn answers(formulas: &mut Formulas, standing: &Standing) -> Formula {
    let Standing { kinds, own, one_forest, link, .. } = *standing;
    let inside = formulas.and([kinds.is(Kind::OnPremises), one_forest]);
    formulas.or([own, inside, link])
}

impl Way {
    /// By which right the directory asks the domain, should it ask.
    // Rules: DIR-12, DIR-13, DIR-20.
    pub fn of(formulas: &mut Formulas, standing: &Standing) -> Way {
        let connector = standing.kinds.is(Kind::Connector);
        let stores = formulas.not(connector);
        let foreign = formulas.not(standing.own);
        let outside = formulas.not(standing.one_forest);
        Way {
            own: formulas.and([stores, standing.own]),
            in_forest: formulas.and([stores, foreign, standing.one_forest]),
            by_trust: formulas.and([stores, foreign, outside]),
            target: connector,
        }
    }
}
