//! Calls that hand a role to a service (section 6).

use num_bigint::BigInt;

use super::acting::{Acting, Checked, as_service, single};
use super::calls::defect;
use super::deciding::Item;
use super::{Moment, Stepping, Stop, require};
use crate::iam::arn::Arn;
use crate::iam::decision::Reason;
use crate::iam::operation::{Passed, PassedToService, Passing};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::request::{Caller, ResourcePolicyMark};
use crate::iam::tags::Tags;
use crate::iam::world::{PassedRole, Resource};
use crate::model::passing::{Pass, pass};
use crate::solver::forced::Forced;
use crate::solver::formula::{Formulas, Relation};

impl Moment<'_> {
    // Rules: PASS-1, PASS-2, PASS-3, PASS-4, PASS-5, PASS-6, PASS-7, PASS-8, PASS-9.
    pub(super) fn pass(&mut self, passing: &Passing) -> Stepping<Answer> {
        let checked = self.acting(&Caller::Anonymous)?;
        let receiver = self.item_on(&passing.action, &passing.resource, None);
        if checked.as_ref().is_ok_and(|acting| acting.caller == Caller::Anonymous) {
            self.allowed(&checked, &receiver, "PASS-1")?;
        }
        let role_arn = match &passing.passed {
            Passed::Role(arn) => arn.clone(),
            Passed::InstanceProfile(arn) => {
                checked.as_ref().map_err(|reason| Stop::denied(*reason, "EVAL-6", None))?;
                self.role_of_profile(arn)?
            }
        };
        let acting = checked.as_ref().map_err(|reason| Stop::denied(*reason, "EVAL-6", None))?;
        let caller = acting.caller.account().map(str::to_owned);
        let owner = receiver.owner.clone().or_else(|| caller.clone());
        let of_role = Arn::parse(&role_arn).map(|arn| arn.account.to_owned());
        if !are_one_account([caller.as_deref(), owner.as_deref(), of_role.as_deref()])? {
            return Err(Stop::denied(Reason::DenyCrossAccountPass, "PASS-3", None));
        }
        let reason = self.allowed(&checked, &receiver, "PASS-1")?;
        let told = passing.passed_to_service == PassedToService::Told;
        self.may_pass(&checked, &role_arn, told.then_some(&passing.service), &passing.resource)?;
        // STS-17: a role that is not there trusts nobody.
        self.trusts(&role_arn, &passing.service)?;
        let Some(role) = self.world.role_by_arn(&role_arn) else {
            return Err(defect("a role that is not there trusts a service"));
        };
        let passed = PassedRole {
            account: role.account_id.to_owned(),
            role: role.found.id.clone(),
            service: passing.service.clone(),
        };
        let account = passed.account.clone();
        let receiving = self.world.resources.entry(passing.resource.clone()).or_insert_with(|| Resource {
            account,
            policy: None,
            tags: Tags::new(),
            policy_mark: ResourcePolicyMark::Unmarked,
            passed_role: None,
        });
        receiving.passed_role = Some(passed);
        Ok(Answer::Allowed(reason))
    }

    /// Whether the caller may hand the role to the service.
    // Rules: PASS-2, PASS-4, PASS-5.
    pub(super) fn may_pass(
        &self,
        checked: &Checked,
        role_arn: &str,
        service: Option<&String>,
        receiver: &str,
    ) -> Stepping<Reason> {
        let owner = Arn::parse(role_arn).map(|arn| arn.account);
        let mut item = Item::plain("iam:PassRole", role_arn, owner);
        item.keys.extend(service.map(|service| single("iam:PassedToService", service)));
        item.keys.push(single("iam:AssociatedResourceArn", receiver));
        self.allowed(checked, &item, "PASS-1")
    }

    /// Whether the role lets the service assume it.
    // Rules: PASS-6, EVAL-19.
    pub(super) fn trusts(&self, role_arn: &str, service: &str) -> Stepping<()> {
        let acting: Acting = as_service(service);
        let item = self.item_on("sts:AssumeRole", role_arn, None);
        let decided = self.decided(&acting, &item)?;
        match decided.reason.decision() {
            crate::iam::decision::Decision::Allow => Ok(()),
            crate::iam::decision::Decision::ExplicitDeny | crate::iam::decision::Decision::ImplicitDeny => {
                Err(decided.into_stop("PASS-6"))
            }
        }
    }

    /// The role that an instance profile carries.
    // Rule: PASS-9.
    fn role_of_profile(&self, arn: &str) -> Stepping<String> {
        let parsed = Arn::parse(arn);
        let named = parsed.and_then(|parsed| {
            let account = self.world.accounts.get(parsed.account)?;
            let name = parsed.resource.strip_prefix("instance-profile/")?.rsplit('/').next()?;
            let profile = account.instance_profiles.get(name)?;
            (parsed.resource == format!("instance-profile{}{name}", profile.path))
                .then_some((parsed.account.to_owned(), profile.role.clone()))
        });
        require(named.is_some(), RefusalCode::NoSuchEntity, "PASS-9", "there is no such instance profile")?;
        let role = named.and_then(|(account, role)| Some((account, role?)));
        let arn = role.and_then(|(account, name)| Some(self.world.role(&account, &name)?.arn()));
        arn.ok_or_else(|| {
            Stop::refused(RefusalCode::ValidationError, "PASS-9", "the instance profile has no role")
        })
    }
}

/// Whether the relation of [`crate::model::passing`] takes caller, receiving resource and role for those of one account.
// Rule: PASS-3.
fn are_one_account([caller, receiver, role]: [Option<&str>; 3]) -> Stepping<bool> {
    let mut formulas = Formulas::new();
    let mut call = Pass::free(&mut formulas);
    call.credentials_hold = formulas.verum();
    call.has_account = if caller.is_some() { formulas.verum() } else { formulas.falsum() };
    let mut known: Vec<Option<&str>> = Vec::new();
    let mut given = Vec::new();
    for (integer, account) in [(call.caller, caller), (call.receiver, receiver), (call.role, role)] {
        let number = known.iter().position(|other| *other == account).unwrap_or(known.len());
        known.push(account);
        given.push(formulas.compare(integer, Relation::Equal, BigInt::from(number)));
    }
    let outcome = pass(&mut formulas, &call);
    let mut forced = Forced::by_all(&formulas, &given).map_err(|_| defect("no call hands over a role so"))?;
    match forced.truth(outcome.other_account) {
        Some(other) => Ok(!other),
        None => Err(defect("the relation of passing leaves open whose the role is")),
    }
}
