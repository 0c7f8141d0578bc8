//! An instance's role and a bucket's policy (section 9.9): INV-102 to INV-106.

use super::arrangement::{Arrangement, Asked, OfResource, Side};
use super::fact::{
    Callers, Fact, allows, denies, given, granted, granted_somehow, other_account, policies_decide,
    same_account,
};
use super::{LayeredClaim, Stated, all, any};
use crate::evaluator::{GrantKind, PolicyKind};
use crate::invariants::claim::Claim;

const TWO_SIDES: Arrangement = Arrangement::TWO_SIDES;

/// What a law of the bucket scenarios says, if it is one.
pub(super) fn stated(id: &str) -> Option<Stated> {
    let law = match id {
        "INV-102" => either_allows_and_none_denies(),
        "INV-103" => symmetric(),
        "INV-104" => the_account_is_not_enough(),
        "INV-105" => in_another_account(),
        "INV-106" => renewed(),
        _ => return None,
    };
    Some(law)
}

/// Policies decide, the bucket is a plain resource, and the role has no boundary, which a NotPrincipal would look at (PRIN-10).
fn plain_bucket() -> LayeredClaim {
    all([
        policies_decide(),
        given(PolicyKind::Boundary).negated(),
        Claim::Fact(Fact::PolicyRequired).negated(),
        Claim::Fact(Fact::GrantsFitTheCaller),
    ])
}

fn role_allows() -> LayeredClaim {
    allows(PolicyKind::Identity)
}

fn none_denies() -> LayeredClaim {
    any([denies(PolicyKind::Identity), denies(PolicyKind::Resource)]).negated()
}

fn allowed_iff(conditions: impl IntoIterator<Item = LayeredClaim>) -> Stated {
    Stated::of(Callers::RoleSession, vec![Side::of(TWO_SIDES)], Claim::Allows(0).iff(all(conditions)))
}

fn either_allows_and_none_denies() -> Stated {
    let bucket_allows = granted(&[GrantKind::Role, GrantKind::Session, GrantKind::Star]);
    allowed_iff([none_denies(), any([role_allows(), bucket_allows])])
        .provided(all([plain_bucket(), same_account()]))
}

fn symmetric() -> Stated {
    let naming = |resource| Side::of(Arrangement { resource, ..TWO_SIDES });
    let sides = vec![naming(OfResource::NamingTheRole), naming(OfResource::ExchangedWithIdentity)];
    let alike = Claim::Allows(0).iff(Claim::Allows(1));
    Stated::of(Callers::RoleSession, sides, alike).provided(all([plain_bucket(), same_account()]))
}

fn the_account_is_not_enough() -> Stated {
    let names_more = [GrantKind::Role, GrantKind::Session, GrantKind::Star];
    allowed_iff([none_denies(), role_allows()]).provided(all([
        plain_bucket(),
        same_account(),
        granted(&names_more).negated(),
    ]))
}

fn in_another_account() -> Stated {
    allowed_iff([none_denies(), role_allows(), granted_somehow()])
        .provided(all([plain_bucket(), other_account()]))
}

/// A decision is a function of the request, and two requests of one session that differ in the credentials' time of issue are one to it.
fn renewed() -> Stated {
    let renewed = Side { arrangement: TWO_SIDES, asked: Asked::WithRenewedCredentials };
    Stated::of(Callers::RoleSession, vec![Side::of(TWO_SIDES), renewed], Claim::same(0, 1))
        .provided(Claim::Fact(Fact::SilentOnIssueTime))
}
