//! What holds for kinds of callers (section 9.4): INV-49 to INV-52.

use super::arrangement::{Arrangement, Levels, OfResource, Part, Side};
use super::fact::{Callers, granted, policies_decide};
use super::{Stated, all, allowed_only_if};
use crate::evaluator::GrantKind;
use crate::invariants::claim::Claim;

const GIVEN: Arrangement = Arrangement::GIVEN;

/// What a law of callers says, if it is one.
pub(super) fn stated(id: &str) -> Option<Stated> {
    let law = match id {
        "INV-49" => anonymous(),
        "INV-50" => services(),
        "INV-51" => root(),
        "INV-52" => deny_reaches_sessions(),
        _ => return None,
    };
    Some(law)
}

fn anonymous() -> Stated {
    Stated::of(Callers::Anonymous, vec![Side::of(GIVEN)], allowed_only_if(0, granted(&[GrantKind::Star])))
        .provided(policies_decide())
}

fn services() -> Stated {
    let sides = vec![
        Side::of(GIVEN),
        Side::of(Arrangement { scps: Levels::Absent, ..GIVEN }),
        Side::of(Arrangement { identity: Part::Refusing, ..GIVEN }),
    ];
    let named = allowed_only_if(0, granted(&[GrantKind::Service, GrantKind::Star]));
    Stated::of(Callers::Service, sides, all([named, Claim::same(0, 1), Claim::same(0, 2)]))
        .provided(policies_decide())
        .with("that an organization's SCPs bind no service is EVAL-8")
}

fn root() -> Stated {
    let with = |identity, boundary, session| Side::of(Arrangement { identity, boundary, session, ..GIVEN });
    let sides = vec![
        Side::of(GIVEN),
        with(Part::Absent, Part::Absent, Part::Absent),
        with(Part::Refusing, Part::Refusing, Part::Refusing),
    ];
    Stated::of(Callers::Root, sides, all([Claim::same(0, 1), Claim::same(0, 2)]))
}

fn deny_reaches_sessions() -> Stated {
    let side = Side::of(Arrangement { resource: OfResource::RefusingTheCaller, ..Arrangement::TWO_SIDES });
    Stated::of(Callers::OfAnAccount, vec![side], Claim::Denies(0)).provided(policies_decide())
}
