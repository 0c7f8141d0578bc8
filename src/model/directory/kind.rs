//! The kinds of directories, and what each can do: the table of DIR-35 as formulas over the kind.

use crate::iam::directory::{Capability, LdapsSide};
use crate::solver::formula::{Formula, Formulas};

/// The kinds of DIR-3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Self-managed.
    OnPremises,
    /// AWS Managed Microsoft AD.
    Managed,
    /// AD Connector.
    Connector,
    /// Simple AD.
    Simple,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::OnPremises, Kind::Managed, Kind::Connector, Kind::Simple];
}

/// Of which kind a directory is: one formula for each of [`Kind::ALL`], of which exactly one holds.
#[derive(Clone, Copy, Debug)]
pub struct Kinds([Formula; 4]);

/// What some kinds can do and others cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// Stores objects of its own, which can be made, changed and deleted there.
    StoresObjects,
    /// Takes computers in, its own or its target's.
    JoinsComputers,
    /// Has trusts on record.
    Trusts,
    /// Asks a RADIUS server.
    Radius,
    /// Signs users in to the console: access URL, roles, session length.
    Console,
    /// Can be deleted by a call, since AWS keeps it.
    IsKeptByAws,
    /// Has a service account.
    ServiceAccount,
    /// Another row of the table.
    Offers(Capability),
}

impl Kinds {
    /// Exactly this kind.
    pub fn of(formulas: &Formulas, kind: Kind) -> Kinds {
        Kinds(Kind::ALL.map(|other| if other == kind { formulas.verum() } else { formulas.falsum() }))
    }

    /// Any kind, with what says that it is one of them.
    pub fn free(formulas: &mut Formulas, name: &str) -> (Kinds, Formula) {
        let kinds = Kind::ALL.map(|kind| {
            let flag = formulas.new_flag(format!("{name} is of kind {kind:?}"));
            formulas.flag(flag)
        });
        let mut parts = vec![formulas.or(kinds)];
        for (position, &first) in kinds.iter().enumerate() {
            for &second in kinds.iter().skip(position + 1) {
                let both = formulas.and([first, second]);
                parts.push(formulas.not(both));
            }
        }
        (Kinds(kinds), formulas.and(parts))
    }

    /// Holds iff the directory is of this kind.
    pub fn is(&self, kind: Kind) -> Formula {
        let Kinds([on_premises, managed, connector, simple]) = *self;
        match kind {
            Kind::OnPremises => on_premises,
            Kind::Managed => managed,
            Kind::Connector => connector,
            Kind::Simple => simple,
        }
    }

    /// Holds iff a directory of this kind can do that.
    // Rules: DIR-8, DIR-24, DIR-35.
    pub fn can(&self, formulas: &mut Formulas, ability: Ability) -> Formula {
        let able: &[Kind] = match ability {
            Ability::StoresObjects => &[Kind::OnPremises, Kind::Managed, Kind::Simple],
            Ability::JoinsComputers => &Kind::ALL,
            Ability::Trusts => &[Kind::OnPremises, Kind::Managed],
            Ability::Radius => &[Kind::Managed, Kind::Connector],
            Ability::Console | Ability::IsKeptByAws => &[Kind::Managed, Kind::Connector, Kind::Simple],
            Ability::ServiceAccount => &[Kind::Connector],
            Ability::Offers(Capability::Share | Capability::RdsForSqlServer) => &[Kind::Managed],
            Ability::Offers(Capability::SchemaExtension | Capability::Ldaps(LdapsSide::Server)) => {
                &[Kind::OnPremises, Kind::Managed]
            }
            Ability::Offers(Capability::Ldaps(LdapsSide::Client)) => {
                &[Kind::OnPremises, Kind::Managed, Kind::Connector]
            }
            Ability::Offers(Capability::Snapshot) => &[Kind::Managed, Kind::Simple],
            Ability::Offers(Capability::IdentityCenter) => &[Kind::Managed, Kind::Connector],
        };
        formulas.or(able.iter().map(|kind| self.is(*kind)))
    }
}
