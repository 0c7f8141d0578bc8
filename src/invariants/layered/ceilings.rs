//! What ceilings do (section 9.2): INV-29 to INV-41.

use super::arrangement::{Arrangement, Asked, Levels, OfResource, Part, Side};
use super::fact::{Callers, Fact, allows, binds, caller, denies, given, policies_decide, same_and_direct};
use super::{Stated, all, allowed_only_if, any};
use crate::evaluator::PolicyKind;
use crate::iam::policy::Effect;
use crate::invariants::claim::Claim;

const GIVEN: Arrangement = Arrangement::GIVEN;

/// What a law of ceilings says, if it is one.
pub(super) fn stated(id: &str) -> Option<Stated> {
    let law = match id {
        "INV-29" => boundary_contains(),
        "INV-30" => neutral_boundary(),
        "INV-31" => session_policies_narrow(),
        "INV-32" => session_policies_contain(),
        "INV-33" => federated_without_session_policy(),
        "INV-34" => federated_within_its_user(),
        "INV-35" => scps_contain(),
        "INV-36" => scps_never_grant(),
        "INV-37" => rcps_contain(),
        "INV-38" => management_account(),
        "INV-39" => service_linked(),
        "INV-40" => neutral_level(),
        "INV-41" => no_restoration(),
        _ => return None,
    };
    Some(law)
}

fn boundary_contains() -> Stated {
    let inside = any([allows(PolicyKind::Boundary), same_and_direct()]);
    let conclusion =
        all([allowed_only_if(0, inside), allowed_only_if(0, denies(PolicyKind::Boundary).negated())]);
    Stated::of(Callers::WithEntity, vec![Side::of(GIVEN)], conclusion)
        .provided(all([policies_decide(), given(PolicyKind::Boundary)]))
}

fn neutral_boundary() -> Stated {
    let with = |boundary| Side::of(Arrangement { boundary, ..GIVEN });
    let without_not_principal = Claim::Fact(Fact::WithoutNotPrincipal);
    let conclusion =
        all([without_not_principal.implies(Claim::same(0, 1)), allowed_only_if(2, Claim::Allows(1))]);
    let sides = vec![with(Part::Everything), with(Part::Absent), with(Part::Given)];
    Stated::of(Callers::WithEntity, sides, conclusion)
}

fn session_policies_narrow() -> Stated {
    let sides = vec![Side::of(GIVEN), Side::of(Arrangement { session: Part::Absent, ..GIVEN })];
    Stated::of(Callers::RoleSession, sides, allowed_only_if(0, Claim::Allows(1)))
        .provided(given(PolicyKind::Session))
}

fn session_policies_contain() -> Stated {
    let inside = any([allows(PolicyKind::Session), same_and_direct()]);
    Stated::of(Callers::Session, vec![Side::of(GIVEN)], allowed_only_if(0, inside))
        .provided(all([policies_decide(), given(PolicyKind::Session)]))
}

fn federated_without_session_policy() -> Stated {
    let side = Side::of(Arrangement { session: Part::Absent, ..GIVEN });
    Stated::of(Callers::Federated, vec![side], allowed_only_if(0, same_and_direct()))
        .provided(policies_decide())
}

/// The policies that name principals are those without conditions, variables, NotPrincipal and federated-user principals.
fn federated_within_its_user() -> Stated {
    let arrangement = Arrangement { resource: OfResource::Plain, endpoint: Part::Absent, ..GIVEN };
    let of_the_user =
        Side { arrangement: Arrangement { session: Part::Absent, ..arrangement }, asked: Asked::OfTheSource };
    let sides = vec![Side::of(arrangement), of_the_user];
    Stated::of(Callers::FederatedByUser, sides, allowed_only_if(0, Claim::Allows(1)))
        .provided(all([policies_decide(), Claim::Fact(Fact::GrantsFitTheCaller)]))
        .with("that every statement matches both callers or none, unless it names the session, is PRIN-2")
}

fn scps_contain() -> Stated {
    let inside = all([allows(PolicyKind::Scp), denies(PolicyKind::Scp).negated()]);
    Stated::of(Callers::OfAnAccount, vec![Side::of(GIVEN)], allowed_only_if(0, inside)).provided(all([
        policies_decide(),
        given(PolicyKind::Scp),
        binds(PolicyKind::Scp),
    ]))
}

fn scps_never_grant() -> Stated {
    let sides = vec![Side::of(GIVEN), Side::of(Arrangement { scps: Levels::Absent, ..GIVEN })];
    Stated::of(Callers::OfAnAccount, sides, allowed_only_if(0, Claim::Allows(1)))
        .provided(given(PolicyKind::Scp))
}

/// That every level allows needs no words: the default that allows everything is attached to each (EVAL-22).
fn rcps_contain() -> Stated {
    let sides = vec![Side::of(GIVEN), Side::of(Arrangement { rcps: Levels::Absent, ..GIVEN })];
    let none_denies = all([policies_decide(), binds(PolicyKind::Rcp)])
        .implies(allowed_only_if(0, denies(PolicyKind::Rcp).negated()));
    let conclusion = all([none_denies, allowed_only_if(0, Claim::Allows(1))]);
    Stated::of(Callers::Any, sides, conclusion).provided(given(PolicyKind::Rcp))
}

/// EVAL-25 says that an organization's policies do not bind its management account. A case says so by giving no levels.
fn management_account() -> Stated {
    let scps = |scps| Side::of(Arrangement { scps, ..GIVEN });
    let rcps = |rcps| Side::of(Arrangement { rcps, ..GIVEN });
    let sides = vec![
        Side::of(GIVEN),
        scps(Levels::Absent),
        scps(Levels::Refusing),
        rcps(Levels::Absent),
        rcps(Levels::Refusing),
    ];
    let unbound = |kind, first: usize| {
        let alike = all([Claim::same(0, first), Claim::same(0, first + 1)]);
        binds(kind).negated().implies(alike)
    };
    let conclusion = all([unbound(PolicyKind::Scp, 1), unbound(PolicyKind::Rcp, 3)]);
    Stated::of(Callers::Any, sides, conclusion)
        .provided(any([binds(PolicyKind::Scp).negated(), binds(PolicyKind::Rcp).negated()]))
        .with("that an organization's policies do not bind its management account is how a case is written (EVAL-25)")
}

fn service_linked() -> Stated {
    let without = Arrangement { scps: Levels::Absent, rcps: Levels::Absent, ..GIVEN };
    Stated::of(Callers::ServiceLinked, vec![Side::of(GIVEN), Side::of(without)], Claim::same(0, 1))
        .provided(caller(Callers::ServiceLinked))
}

fn neutral_level() -> Stated {
    let sides = vec![
        Side::of(GIVEN),
        Side::of(Arrangement { scps: Levels::AndNeutral, ..GIVEN }),
        Side::of(Arrangement { rcps: Levels::AndNeutral, ..GIVEN }),
    ];
    Stated::of(Callers::Any, sides, all([Claim::same(0, 1), Claim::same(0, 2)]))
        .provided(any([given(PolicyKind::Scp), given(PolicyKind::Rcp)]))
}

/// The other levels are free where all policies are meant; drawn ones are tried as they are, and with others that allow everything.
fn no_restoration() -> Stated {
    let sides = vec![Side::of(GIVEN), Side::of(Arrangement { scps: Levels::FirstAmongNeutral, ..GIVEN })];
    let first_refuses = any([
        Claim::Fact(Fact::FirstLevelSays(Effect::Allow)).negated(),
        Claim::Fact(Fact::FirstLevelSays(Effect::Deny)),
    ]);
    let refused = all([Claim::Allows(0).negated(), Claim::Allows(1).negated()]);
    Stated::of(Callers::OfAnAccount, sides, refused).provided(all([
        policies_decide(),
        given(PolicyKind::Scp),
        binds(PolicyKind::Scp),
        first_refuses,
    ]))
}
