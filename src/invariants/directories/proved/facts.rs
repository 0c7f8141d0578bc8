//! Free facts about directories: every choice that a world can make, and nothing that none can.

use crate::invariants::obligation::Proof;
use crate::model::directory::{
    Assigning, Finding, Joining, Kind, Kinds, Logon, Lookup, Record, SignIn, Standing, Trusting, Trusts, Uses,
};
use crate::solver::formula::Formula;

/// How many domains there are in the world of trusts.
const DOMAINS: usize = 4;

/// The facts of one request at one directory.
#[derive(Clone, Copy)]
pub(super) struct Free {
    pub(super) logon: Logon,
    pub(super) lookup: Lookup,
    /// Holds iff a world can be so.
    pub(super) consistent: Formula,
}

impl Free {
    pub(super) fn new(proof: &mut Proof, also: &str) -> Free {
        let (kinds, one_kind) = Kinds::free(&mut proof.formulas, &format!("the directory{also}"));
        let mut free = |name: &str| proof.free(&format!("{name}{also}"));
        let standing = Standing {
            kinds,
            own: free("the domain is its own"),
            one_forest: free("the domain is of its forest"),
            target: free("the domain is its target"),
            trusts: free("it trusts the domain"),
            trusted: free("the domain trusts it"),
            link: free("the path to the domain works"),
        };
        let uses = Uses {
            host: free("for a host"),
            app: free("for an application"),
            console: free("for the console"),
        };
        let logon = Logon {
            standing,
            active: free("the directory runs"),
            uses,
            service_account: free("the service account is usable"),
            radius: free("RADIUS is configured"),
            otp: free("a code is sent"),
            radius_reached: free("the RADIUS server answers"),
            code_valid: free("the code is good"),
            exists: free("the domain has such a user"),
            may_log_on: free("the user may log on"),
            password: free("the password is right"),
        };
        let lookup = Lookup {
            standing,
            active: logon.active,
            closed: free("nobody else looks into it"),
            service_account: logon.service_account,
            one: free("one object is asked for"),
        };
        let of_world = can_be(proof, &standing);
        let one_use = exactly_one(proof, [uses.host, uses.app, uses.console]);
        let consistent = proof.formulas.and([one_kind, one_use, of_world]);
        Free { logon, lookup, consistent }
    }

    /// The same at the directory itself, and anything at all outside it.
    pub(super) fn otherwise_outside(&self, proof: &mut Proof) -> Free {
        let other = Free::new(proof, ", otherwise");
        let Standing { kinds, own, one_forest, .. } = self.logon.standing;
        let standing = Standing { kinds, own, one_forest, ..other.logon.standing };
        // What the domain says of its users is its own, or lies outside.
        let mut said = |here: Formula, there: Formula| {
            let formulas = &mut proof.formulas;
            let (if_own, if_other) = (formulas.implies(own, here), formulas.or([own, there]));
            formulas.and([if_own, if_other])
        };
        let (here, there) = (self.logon, other.logon);
        let outside = Logon {
            standing,
            service_account: there.service_account,
            exists: said(here.exists, there.exists),
            may_log_on: said(here.may_log_on, there.may_log_on),
            password: said(here.password, there.password),
            ..here
        };
        let closed = said(self.lookup.closed, other.lookup.closed);
        let lookup = Lookup { standing, closed, service_account: outside.service_account, ..self.lookup };
        let consistent = can_be(proof, &standing);
        Free { logon: outside, lookup, consistent }
    }

    /// A sign-in by this logon, to the console.
    pub(super) fn sign_in(&self, proof: &mut Proof) -> SignIn {
        let formulas = &proof.formulas;
        let (verum, falsum) = (formulas.verum(), formulas.falsum());
        let uses = Uses { host: falsum, app: falsum, console: verum };
        SignIn {
            logon: Logon { uses, ..self.logon },
            access_url: proof.free("it has an access URL"),
            console: proof.free("its console is enabled"),
            assigned: proof.free("the user holds an assignment of the role"),
            trusting: proof.free("the role trusts the directory service"),
            session_name: proof.free("the UPN is a session name"),
        }
    }

    /// A computer that is taken in.
    pub(super) fn joining(&self, proof: &mut Proof) -> Joining {
        Joining {
            standing: self.logon.standing,
            active: self.logon.active,
            service_account: self.logon.service_account,
            taken: proof.free("the name is taken there"),
        }
    }

    /// An assignment of a role to somebody who is looked for there.
    pub(super) fn assigning(&self, proof: &mut Proof) -> Assigning {
        Assigning {
            permitted: proof.free("the caller may assign and pass the role"),
            finding: Finding {
                lookup: self.lookup,
                known: proof.free("it is known where the subject would be"),
                there: proof.free("the subject is there"),
            },
            computer: proof.free("the subject is a computer"),
            role_exists: proof.free("the role is there"),
            service_linked: proof.free("the role is linked to a service"),
            trusting: proof.free("the role trusts the directory service at the assignment"),
            assigned: proof.free("the subject has the role already"),
        }
    }
}

/// Holds iff a directory can stand so to a domain: a connector has a target and no forest, the others have no target; within a forest
/// everybody trusts everybody; a directory that AWS keeps is alone in its forest.
// Rules: DIR-4, DIR-12.
fn can_be(proof: &mut Proof, standing: &Standing) -> Formula {
    let Standing { kinds, own, one_forest, target, trusts, trusted, .. } = *standing;
    let formulas = &mut proof.formulas;
    let connector = kinds.is(Kind::Connector);
    let homeless = formulas.not(one_forest);
    let alone = formulas.or([kinds.is(Kind::Managed), kinds.is(Kind::Simple)]);
    let forest = formulas.implies(own, one_forest);
    let inside = formulas.and([trusts, trusted]);
    let inside = formulas.implies(one_forest, inside);
    let only_own = formulas.implies(one_forest, own);
    let parts = [
        forest,
        inside,
        formulas.implies(target, connector),
        formulas.implies(connector, homeless),
        formulas.implies(alone, only_own),
    ];
    formulas.and(parts)
}

fn exactly_one(proof: &mut Proof, [first, second, third]: [Formula; 3]) -> Formula {
    let formulas = &mut proof.formulas;
    let some = formulas.or([first, second, third]);
    let pairs = [[first, second], [first, third], [second, third]].map(|pair| {
        let both = formulas.and(pair);
        formulas.not(both)
    });
    formulas.and(pairs.into_iter().chain([some]))
}

/// Any records between four domains, of which the first is alone in its forest.
// Rules: DIR-1, DIR-9, DIR-11.
pub(super) fn records(proof: &mut Proof) -> (Trusts, Formula) {
    let mut one_forest = vec![vec![proof.formulas.falsum(); DOMAINS]; DOMAINS];
    let mut parts = Vec::new();
    for (first, row) in one_forest.iter_mut().enumerate() {
        for (second, cell) in row.iter_mut().enumerate() {
            if first == second {
                *cell = proof.formulas.verum();
            } else if first != 0 && second != 0 {
                *cell = proof.free(&format!("domains {first} and {second} are of one forest"));
            }
        }
    }
    let trusts = Trusts { records: Vec::new(), one_forest };
    for first in 1..DOMAINS {
        for second in 1..DOMAINS {
            let forth = trusts.in_one_forest(&proof.formulas, first, second);
            let back = trusts.in_one_forest(&proof.formulas, second, first);
            parts.push(proof.formulas.iff(forth, back));
            for third in 1..DOMAINS {
                let on = trusts.in_one_forest(&proof.formulas, second, third);
                let whole = trusts.in_one_forest(&proof.formulas, first, third);
                let both = proof.formulas.and([forth, on]);
                parts.push(proof.formulas.implies(both, whole));
            }
        }
    }
    let mut records = Vec::new();
    for owner in 0..DOMAINS {
        for partner in (0..DOMAINS).filter(|partner| *partner != owner) {
            let mut free = |what: &str| proof.free(&format!("the record of {owner} of {partner} {what}"));
            let record = Record {
                owner,
                partner,
                exists: free("is there"),
                incoming: free("is incoming"),
                outgoing: free("is outgoing"),
                two_way: free("is two-way"),
                forest: free("is of type Forest"),
                password: proof.formulas.new_integer(format!("the password of {owner} for {partner}")),
            };
            parts.push(exactly_one(proof, [record.incoming, record.outgoing, record.two_way]));
            records.push(record);
        }
    }
    let consistent = proof.formulas.and(parts);
    (Trusts { records, ..trusts }, consistent)
}

/// Any side of a trust that is to be made.
pub(super) fn trusting(proof: &mut Proof) -> (Trusting, Formula) {
    let (kinds, one) = Kinds::free(&mut proof.formulas, "the side that gets the record");
    let (other, another) = Kinds::free(&mut proof.formulas, "the other side");
    let facts = Trusting {
        kinds,
        other_exists: proof.free("the other side is there"),
        other,
        single_label: proof.free("a name has a single label"),
        itself: proof.free("both sides are one"),
        forest: proof.free("the trust is of type Forest"),
        roots: proof.free("both sides are roots"),
        one_forest: proof.free("both sides are of one forest"),
        on_record: proof.free("there is a record already"),
    };
    (facts, proof.formulas.and([one, another]))
}
