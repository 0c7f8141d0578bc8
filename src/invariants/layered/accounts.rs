//! What holds across accounts, and within one (section 9.3): INV-42 to INV-48.

use super::arrangement::{Arrangement, Asked, OfResource, Side};
use super::fact::{
    Callers, Fact, allows, caller, direct, entity, given, granted_somehow, other_account, policies_decide,
    same_account,
};
use super::{LayeredClaim, Stated, all, allowed_only_if, any};
use crate::evaluator::PolicyKind;
use crate::invariants::claim::Claim;

const GIVEN: Arrangement = Arrangement::GIVEN;

/// What a law of accounts says, if it is one.
pub(super) fn stated(id: &str) -> Option<Stated> {
    let law = match id {
        "INV-42" => both_sides(),
        "INV-43" => the_owner_decides(),
        "INV-44" => the_whole_side_of_the_caller(),
        "INV-45" => no_bypass(),
        "INV-46" => whose_ceilings(),
        "INV-47" => partitions(),
        "INV-48" => either_side(),
        _ => return None,
    };
    Some(law)
}

fn across_accounts() -> LayeredClaim {
    all([policies_decide(), other_account()])
}

/// `I` of EVAL-10, for callers of an account.
fn identity_allows() -> LayeredClaim {
    any([allows(PolicyKind::Identity), caller(Callers::Root), caller(Callers::FederatedByRoot)])
}

fn both_sides() -> Stated {
    Stated::of(
        Callers::OfAnAccount,
        vec![Side::of(GIVEN)],
        allowed_only_if(0, all([identity_allows(), granted_somehow()])),
    )
    .provided(all([across_accounts(), caller(Callers::Root).negated()]))
}

fn the_owner_decides() -> Stated {
    Stated::of(Callers::Any, vec![Side::of(GIVEN)], allowed_only_if(0, granted_somehow()))
        .provided(across_accounts())
}

fn the_whole_side_of_the_caller() -> Stated {
    let boundary = any([
        given(PolicyKind::Boundary).negated(),
        caller(Callers::WithEntity).negated(),
        allows(PolicyKind::Boundary),
    ]);
    let session = any([
        caller(Callers::Session).negated(),
        all([caller(Callers::RoleSession), given(PolicyKind::Session).negated()]),
        all([given(PolicyKind::Session), allows(PolicyKind::Session)]),
    ]);
    let scps = any([
        given(PolicyKind::Scp).negated(),
        Claim::Fact(Fact::Binds(PolicyKind::Scp)).negated(),
        allows(PolicyKind::Scp),
    ]);
    Stated::of(
        Callers::OfAnAccount,
        vec![Side::of(GIVEN)],
        allowed_only_if(0, all([identity_allows(), boundary, session, scps])),
    )
    .provided(across_accounts())
}

fn no_bypass() -> Stated {
    let for_everybody = Arrangement { resource: OfResource::ForEverybody, ..GIVEN };
    Stated::of(Callers::OfAnAccount, vec![Side::of(GIVEN), Side::of(for_everybody)], Claim::same(0, 1))
        .provided(all([across_accounts(), granted_somehow()]))
}

fn whose_ceilings() -> Stated {
    let elsewhere = Side { arrangement: GIVEN, asked: Asked::OfAThirdOwner };
    Stated::of(Callers::OfAnAccount, vec![Side::of(GIVEN), elsewhere], Claim::same(0, 1))
        .provided(across_accounts())
        .with("the levels of a case are the caller's SCPs and the owner's RCPs, and no others")
}

fn partitions() -> Stated {
    let refused = all([Claim::Allows(0).negated(), Claim::Denies(0).negated()]);
    Stated::of(Callers::OfAnAccount, vec![Side::of(GIVEN)], refused)
        .provided(Claim::Fact(Fact::OtherPartition))
}

fn either_side() -> Stated {
    let by_entity = all([caller(Callers::RoleSession), entity()]);
    let enough = any([allows(PolicyKind::Identity), direct(), by_entity]);
    Stated::of(Callers::WithEntity, vec![Side::of(Arrangement::TWO_SIDES)], Claim::Allows(0).iff(enough))
        .provided(all([
            policies_decide(),
            same_account(),
            Claim::Fact(Fact::PolicyRequired).negated(),
            any([caller(Callers::User), caller(Callers::RoleSession)]),
            Claim::Denies(0).negated(),
            Claim::Fact(Fact::GrantsFitTheCaller),
        ]))
}
