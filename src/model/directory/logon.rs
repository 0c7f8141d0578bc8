//! Logons and sign-ins to the console (DIR-22 to DIR-30): the checks of DIR-23 and DIR-27 over their facts.

use super::kind::{Ability, Kind};
use super::lines::{Ask, Lines, Outcome};
use super::standing::{Standing, accepts, answers, looks_up};
use crate::iam::directory::{LogonUse, Refusal};
use crate::solver::formula::{Formula, Formulas};

/// What a logon is for: one formula for each use, of which exactly one holds.
#[derive(Clone, Copy, Debug)]
pub struct Uses {
    /// To a computer that was joined.
    pub host: Formula,
    /// To an AWS application.
    pub app: Formula,
    /// To the console.
    pub console: Formula,
}

impl Uses {
    /// Exactly this use.
    pub fn of(formulas: &Formulas, purpose: LogonUse) -> Uses {
        let is = |other| if purpose == other { formulas.verum() } else { formulas.falsum() };
        Uses { host: is(LogonUse::Host), app: is(LogonUse::App), console: is(LogonUse::Console) }
    }
}

/// What a logon depends on.
#[derive(Clone, Copy, Debug)]
pub struct Logon {
    /// How the directory stands to the domain that is named.
    pub standing: Standing,
    /// The directory runs.
    pub active: Formula,
    /// What for.
    pub uses: Uses,
    /// The connector's service account is one of its target, may log on, and its password is right.
    pub service_account: Formula,
    /// A RADIUS server is configured.
    pub radius: Formula,
    /// A one-time code is sent.
    pub otp: Formula,
    /// The RADIUS server answers.
    pub radius_reached: Formula,
    /// It accepts this code of this user now.
    pub code_valid: Formula,
    /// The domain stores a user of this name.
    pub exists: Formula,
    /// The user may log on.
    pub may_log_on: Formula,
    /// The password is the user's.
    pub password: Formula,
}

/// What a sign-in depends on.
#[derive(Clone, Copy, Debug)]
pub struct SignIn {
    /// The logon; its use is the console.
    pub logon: Logon,
    /// The directory has an access URL.
    pub access_url: Formula,
    /// Its console is enabled.
    pub console: Formula,
    /// The user holds an assignment of the role (DIR-26).
    pub assigned: Formula,
    /// The role lets `ds.amazonaws.com` assume it: a decision.
    pub trusting: Formula,
    /// The UPN is a session name (STS-3).
    pub session_name: Formula,
}

/// The rule of the line at which the role's trust policy decides on a sign-in; no other line has it.
pub const TRUST_RULE: &str = "EVAL-19";

/// What a logon comes to.
// Rules: DIR-22, DIR-23.
pub fn log_on(formulas: &mut Formulas, facts: &Logon) -> Outcome {
    let mut lines = Lines::new(formulas);
    logon_lines(&mut lines, facts);
    lines.outcome()
}

/// What a sign-in comes to.
// Rules: DIR-27, DIR-28, DIR-35.
pub fn sign_in(formulas: &mut Formulas, facts: &SignIn) -> Outcome {
    let mut lines = Lines::new(formulas);
    let able = facts.logon.standing.kinds.can(lines.formulas, Ability::Console);
    lines.demand(able, Refusal::NotSupported, "DIR-35");
    lines.demand(facts.access_url, Refusal::ConsoleDisabled, "DIR-27");
    lines.demand(facts.console, Refusal::ConsoleDisabled, "DIR-27");
    logon_lines(&mut lines, &facts.logon);
    lines.demand(facts.assigned, Refusal::NoRole, "DIR-26");
    lines.demand(facts.trusting, Refusal::NoRole, TRUST_RULE);
    lines.demand(facts.session_name, Refusal::NoRole, "DIR-28");
    lines.outcome()
}

// Rules: DIR-17, DIR-18, DIR-19, DIR-20, DIR-23, DIR-24.
fn logon_lines(lines: &mut Lines<'_>, facts: &Logon) {
    let Logon { standing, active, uses, service_account, radius, otp, radius_reached, code_valid, .. } =
        *facts;
    let verum = lines.formulas.verum();
    let connector = standing.kinds.is(Kind::Connector);
    let at_aws = lines.formulas.or([uses.app, uses.console]);
    let outside = lines.formulas.and([at_aws, standing.kinds.is(Kind::OnPremises)]);
    let accepted = accepts(lines.formulas, &standing);
    let looked_up = looks_up(lines.formulas, &standing);
    let one_way = lines.formulas.not(looked_up);
    let one_way = lines.formulas.and([at_aws, one_way]);
    let reached = answers(lines.formulas, &standing);

    lines.demand(active, Refusal::Unavailable, "DIR-23");
    lines.refuse(outside, Refusal::NotSupported, "DIR-23");
    lines.demand(accepted, Refusal::BadCredentials, "DIR-17");
    lines.refuse(one_way, Refusal::TrustRequired, "DIR-18");

    lines.ask(connector, Ask::ServiceAccount, reached, service_account);
    let unheard = {
        let direct = lines.formulas.not(connector);
        let lost = lines.formulas.not(reached);
        lines.formulas.and([direct, lost])
    };
    lines.ask(unheard, Ask::Logon, reached, verum);
    lines.demand(reached, Refusal::Unavailable, "DIR-19");
    let unusable = lines.formulas.not(service_account);
    let unusable = lines.formulas.and([connector, unusable]);
    lines.refuse(unusable, Refusal::Unavailable, "DIR-20");

    let coded = lines.formulas.and([at_aws, radius]);
    let missing = lines.formulas.not(otp);
    let missing = lines.formulas.and([coded, missing]);
    lines.refuse(missing, Refusal::MfaRequired, "DIR-23");
    lines.ask(coded, Ask::Code, radius_reached, code_valid);
    for good in [radius_reached, code_valid] {
        let bad = lines.formulas.not(good);
        let bad = lines.formulas.and([coded, bad]);
        lines.refuse(bad, Refusal::MfaFailed, "DIR-23");
    }

    let vouched = lines.formulas.and([facts.exists, facts.may_log_on, facts.password]);
    lines.ask(verum, Ask::Logon, verum, vouched);
    lines.demand(vouched, Refusal::BadCredentials, "DIR-23");
}
