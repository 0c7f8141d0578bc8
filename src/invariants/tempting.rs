//! The tempting statements that are false (section 9.11), as far as sets of policies refute them: each on policies with which it fails.
//!
//! A false statement that a tool proves shows a mistake of the tool. So for each one the model has to find a request for which it fails, and
//! the evaluator has to decide that request in the same way.

use super::built::{all, entry, listed, set};
use super::claim::{Claim, Instance, Side};
use super::known::{Counterexample, Found, Scope, Verdict, Way};
use super::material::{allow_if, of_entry};
use super::readings::{Premises, Readings, Shown, Symbolic, Trial};
use super::tempting_layers;
use crate::iam::key::KeyName;
use crate::iam::policy::{ConditionEntry, Effect, Selection, Statement, Version};
use crate::model;

/// How a false statement of the catalog is refuted; `None` where its law is not one of these.
pub fn refute(id: &str, readings: Readings<'_>) -> Option<Way> {
    let instance = match id {
        "F-10" => deny_under_bool_forces_mfa(),
        "F-12" => differing_from_one_is_enough(),
        "F-13" => a_missing_key_is_false(),
        "F-14" => for_all_implies_for_any(),
        "F-15" => return Some(refuted_by_removal(readings)),
        "F-16" => the_office_is_spared(),
        "F-17" => deny_all_except_allows(),
        "F-18" => all_but_iam_is_harmless(),
        "F-19" => arn_and_string_agree(),
        "F-29" => an_account_covers_all(),
        _ => {
            return tempting_layers::instance(id)
                .map(|about_layers| refuted(about_layers, readings, model::Scope::AnyCaller));
        }
    };
    Some(refuted(instance, readings, model::Scope::Documents))
}

fn refuted(instance: Instance, readings: Readings<'_>, scope: model::Scope) -> Way {
    let done = format!("asked of every request: {}", instance.about);
    let mut symbolic = Symbolic::new(readings, scope);
    let verdict = match symbolic.write(instance) {
        Err(problem) => Verdict::Unknown(problem.to_string()),
        Ok(()) => symbolic.shown(Premises::Asked).pop().map_or(Verdict::Vacuous, |shown| match shown {
            Shown::Holds => Verdict::Proved,
            Shown::NotMet => Verdict::Vacuous,
            Shown::Unknown(reason) => Verdict::Unknown(reason),
            Shown::Fails(witness) => match witness.found {
                Found::ByBoth | Found::ByTheEvaluator => Verdict::Refuted(Counterexample::Request(witness)),
                Found::ByTheModelAlone => Verdict::Unknown(
                    "the model has a counterexample that the evaluator decides otherwise".to_owned(),
                ),
            },
        }),
    };
    Way { scope: Scope::AllPolicies, verdict, done }
}

fn if_entry(operator: &str, key: &str, values: &[&str]) -> Side {
    of_entry(entry(operator, key, values), Version::V2012)
}

fn deny_if(entry: ConditionEntry) -> Statement {
    Statement { effect: Effect::Deny, ..allow_if(vec![entry]) }
}

fn on(action: Selection<Vec<String>>, resource: &str) -> Statement {
    Statement { action, resource: Some(Selection::Only(vec![resource.to_owned()])), ..all() }
}

fn instance(about: &str, sides: Vec<Side>, premise: Claim, conclusion: Claim) -> Instance {
    Instance { about: about.to_owned(), sides, premise, conclusion }
}

fn deny_under_bool_forces_mfa() -> Instance {
    let mfa = "aws:MultiFactorAuthPresent";
    instance(
        "what Allow all and Deny if Bool MFA false allow is asked with MFA",
        vec![set(vec![all(), deny_if(entry("Bool", mfa, &["false"]))]), if_entry("Bool", mfa, &["true"])],
        Claim::Allows(0),
        Claim::Allows(1),
    )
}

fn differing_from_one_is_enough() -> Instance {
    let tag = "aws:PrincipalTag/team";
    instance(
        "a tag that differs from red or from blue passes StringNotEquals of both",
        vec![
            if_entry("StringNotEquals", tag, &["red", "blue"]),
            if_entry("StringNotEquals", tag, &["red"]),
            if_entry("StringNotEquals", tag, &["blue"]),
        ],
        Claim::Any(vec![Claim::Allows(1), Claim::Allows(2)]),
        Claim::Allows(0),
    )
}

fn a_missing_key_is_false() -> Instance {
    let tag = "aws:PrincipalTag/team";
    instance(
        "a tag that is missing fails StringNotEquals",
        vec![if_entry("StringNotEquals", tag, &["red"]), if_entry("Null", tag, &["true"])],
        Claim::Allows(1),
        Claim::Allows(0).negated(),
    )
}

fn for_all_implies_for_any() -> Instance {
    let keys = "aws:TagKeys";
    instance(
        "tag keys that pass ForAllValues pass ForAnyValue",
        vec![
            if_entry("ForAllValues:StringEquals", keys, &["team"]),
            if_entry("ForAnyValue:StringEquals", keys, &["team"]),
        ],
        Claim::Allows(0),
        Claim::Allows(1),
    )
}

/// The office reaches the service over the internet, and through a VPC endpoint from its own network.
fn the_office_is_spared() -> Instance {
    let office = ["203.0.113.0/24", "2001:db8:7::/48"];
    let network = ["10.7.0.0/16"];
    let deny = deny_if(entry("NotIpAddress", "aws:SourceIp", &["203.0.113.0/24"]));
    let calls_of_office = set(vec![
        allow_if(vec![entry("IpAddress", "aws:SourceIp", &office)]),
        allow_if(vec![entry("IpAddress", "aws:VpcSourceIp", &network)]),
    ]);
    instance(
        "calls from the office, and only they, pass a Deny under NotIpAddress",
        vec![set(vec![all(), deny]), calls_of_office],
        Claim::always(),
        Claim::Allows(0).iff(Claim::Allows(1)),
    )
}

fn deny_all_except_allows() -> Instance {
    let reads = listed(&["s3:GetObject", "s3:ListBucket"]);
    let deny = Statement { effect: Effect::Deny, ..on(Selection::AllExcept(reads.clone()), "*") };
    instance(
        "Deny of all but two reads allows what Allow of the two reads does",
        vec![set(vec![deny]), set(vec![on(Selection::Only(reads), "*")])],
        Claim::always(),
        Claim::Allows(0).iff(Claim::Allows(1)),
    )
}

fn all_but_iam_is_harmless() -> Instance {
    let matters = listed(&["sts:AssumeRole", "organizations:LeaveOrganization"]);
    instance(
        "Allow of all but iam:* allows neither sts:AssumeRole nor organizations:LeaveOrganization",
        vec![
            set(vec![on(Selection::AllExcept(listed(&["iam:*"])), "*")]),
            set(vec![on(Selection::Only(matters), "*")]),
        ],
        Claim::Allows(1),
        Claim::Allows(0).negated(),
    )
}

fn arn_and_string_agree() -> Instance {
    let (key, pattern) = ("aws:SourceArn", "arn:aws:someservice:*:111122223333:finance/*");
    instance(
        "an ARN passes StringLike of a pattern iff it passes ArnLike of it",
        vec![
            if_entry("ArnLike", key, &["arn:*:*:*:*:*"]),
            if_entry("ArnLike", key, &[pattern]),
            if_entry("StringLike", key, &[pattern]),
        ],
        Claim::Allows(0),
        Claim::Allows(1).iff(Claim::Allows(2)),
    )
}

/// An EC2 action on something of the account, or on no resource in particular (RES-6).
fn an_account_covers_all() -> Instance {
    let of_account = "arn:aws:ec2:*:111122223333:*";
    let actions = || Selection::Only(listed(&["ec2:*"]));
    let nowhere =
        Statement { resource: Some(Selection::AllExcept(listed(&["arn:*"]))), ..on(actions(), "*") };
    instance(
        "every EC2 action of the account is covered by its resources",
        vec![set(vec![on(actions(), of_account)]), set(vec![on(actions(), of_account), nowhere])],
        Claim::Allows(1),
        Claim::Allows(0),
    )
}

/// Two requests are compared: the model finds one that is refused while the key is there; without the key it is allowed, say both readings.
fn refuted_by_removal(readings: Readings<'_>) -> Way {
    let tag = KeyName::new("aws:PrincipalTag/team");
    let guarded = if_entry("StringNotEquals", tag.spelling(), &["red"]);
    let refused = instance(
        "a request with the tag, refused by StringNotEquals, and the same request without the tag",
        vec![guarded.clone(), if_entry("Null", tag.spelling(), &["false"])],
        Claim::Allows(1),
        Claim::Allows(0),
    );
    let done = format!("asked of every request: {}", refused.about);
    let mut symbolic = Symbolic::new(readings, model::Scope::Documents);
    let found = symbolic.write(refused.clone()).map(|()| symbolic.shown(Premises::Asked).pop());
    let verdict = match found {
        Err(problem) => Verdict::Unknown(problem.to_string()),
        Ok(Some(Shown::Fails(mut witness))) => {
            let mut without = witness.request.clone();
            without.context.remove(&tag);
            // What the statement claims of the second request: it is refused too.
            let still = instance(&refused.about, vec![guarded], Claim::always(), Claim::Allows(0).negated());
            let evaluator = readings.compile(&still).map(|compiled| compiled.tried(&without));
            let mut symbolic = Symbolic::new(readings, model::Scope::Documents);
            let model = symbolic.write(still).map(|()| symbolic.shown_of(&without).pop());
            match (evaluator, model) {
                (Ok(Trial::Fails), Ok(Some(Shown::Fails(_)))) => {
                    witness.about.push_str(&format!(" (the witness still has {tag})"));
                    Verdict::Refuted(Counterexample::Request(witness))
                }
                (Ok(_) | Err(_), Ok(_) | Err(_)) => {
                    Verdict::Unknown("without the key the request is still refused".to_owned())
                }
            }
        }
        Ok(Some(Shown::Unknown(reason))) => Verdict::Unknown(reason),
        Ok(Some(Shown::NotMet) | None) => Verdict::Vacuous,
        Ok(Some(Shown::Holds)) => Verdict::Proved,
    };
    Way { scope: Scope::AllPolicies, verdict, done }
}
