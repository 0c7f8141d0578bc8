//! The last step, from the named booleans of EVAL-10 to a decision and its reason, exhaustively: every combination, evaluator against model.
//!
//! There are 1536 × 512 × 128 of them: what surrounds the grants, the nine kinds of grant, the seven layers that may deny. The model's formulas are
//! evaluated for 64 combinations at a time, one a bit; the evaluator is asked about each. Where several layers deny, it is told the first
//! in the order of EVAL-26, as it tells itself.

use iamproof::evaluator::{CallerClass, Findings, GrantKind, Grants, PolicyKind};
use iamproof::iam::decision::Reason;
use iamproof::model::decision::{NamedBooleans, decide};
use iamproof::solver::formula::{Formula, Formulas, Node};

/// The layers that may deny, in the order of EVAL-26.
const KINDS: [PolicyKind; 7] = [
    PolicyKind::Scp,
    PolicyKind::Rcp,
    PolicyKind::Endpoint,
    PolicyKind::Resource,
    PolicyKind::Identity,
    PolicyKind::Boundary,
    PolicyKind::Session,
];

const CALLERS: [CallerClass; 6] = [
    CallerClass::Anonymous,
    CallerClass::Service,
    CallerClass::Provider,
    CallerClass::Root,
    CallerClass::Identity,
    CallerClass::FederatedWithoutSessionPolicy,
];

/// The truth of a formula in 64 combinations.
type Bits = u64;

/// For each of six flags, the combinations of a word in which it is true.
const WITHIN_A_WORD: [Bits; 6] = [
    0xAAAA_AAAA_AAAA_AAAA,
    0xCCCC_CCCC_CCCC_CCCC,
    0xF0F0_F0F0_F0F0_F0F0,
    0xFF00_FF00_FF00_FF00,
    0xFFFF_0000_FFFF_0000,
    0xFFFF_FFFF_0000_0000,
];

fn all_or_none(holds: bool) -> Bits {
    if holds { Bits::MAX } else { 0 }
}

/// The formulas of the model, to be evaluated.
struct Model {
    formulas: Formulas,
    named: NamedBooleans,
    reasons: Vec<(Reason, Formula)>,
    /// What the formulas depend on, parts before wholes.
    order: Vec<Formula>,
    values: Vec<Bits>,
}

impl Model {
    fn new() -> Model {
        let mut formulas = Formulas::new();
        let named = NamedBooleans::free(&mut formulas);
        let decision = decide(&mut formulas, &named);
        let mut order = Vec::new();
        let mut seen = vec![false; formulas.len()];
        for &(_, formula) in &decision.reasons {
            visit(&formulas, formula, &mut seen, &mut order);
        }
        let values = vec![0; formulas.len()];
        Model { formulas, named, reasons: decision.reasons, order, values }
    }

    fn set(&mut self, flag: Formula, bits: Bits) {
        self.values[flag.index()] = bits;
    }

    fn evaluate(&mut self) {
        for &formula in &self.order {
            let value = |part: &Formula| self.values[part.index()];
            let bits = match self.formulas.node(formula) {
                Node::True => Bits::MAX,
                Node::False => 0,
                Node::Flag(_) => continue,
                Node::Not(part) => !value(part),
                Node::And(parts) => parts.iter().map(value).fold(Bits::MAX, |all, one| all & one),
                Node::Or(parts) => parts.iter().map(value).fold(0, |some, one| some | one),
                Node::InLanguage(..)
                | Node::Concatenation(..)
                | Node::Linear(..)
                | Node::InBlock(..)
                | Node::Spells(..)
                | Node::SpellsAddress(..) => panic!("the last step reads texts"),
            };
            self.values[formula.index()] = bits;
        }
    }
}

fn visit(formulas: &Formulas, formula: Formula, seen: &mut [bool], order: &mut Vec<Formula>) {
    if std::mem::replace(&mut seen[formula.index()], true) {
        return;
    }
    match formulas.node(formula) {
        Node::Not(part) => visit(formulas, *part, seen, order),
        Node::And(parts) | Node::Or(parts) => {
            for &part in parts {
                visit(formulas, part, seen, order);
            }
        }
        Node::True
        | Node::False
        | Node::Flag(_)
        | Node::InLanguage(..)
        | Node::Concatenation(..)
        | Node::Linear(..)
        | Node::InBlock(..)
        | Node::Spells(..)
        | Node::SpellsAddress(..) => {}
    }
    order.push(formula);
}

/// What surrounds the grants, with no Deny yet; `number` counts through all combinations.
fn surroundings(number: usize) -> Findings {
    let bit = |position: usize| ((number / 6) >> position) & 1 == 1;
    Findings {
        denied_by: None,
        caller: CALLERS[number % 6],
        rcp_ok: bit(0),
        scp_ok: bit(1),
        endpoint_ok: bit(2),
        same_account: bit(3),
        policy_required: bit(4),
        identity_allows: bit(5),
        boundary_allows: bit(6),
        session_allows: bit(7),
        grants: Grants::NONE,
    }
}

fn set_surroundings(model: &mut Model, findings: &Findings) {
    let named = model.named;
    let is = |caller| all_or_none(findings.caller == caller);
    for (flag, bits) in [
        (named.caller.anonymous, is(CallerClass::Anonymous)),
        (named.caller.service, is(CallerClass::Service)),
        (named.caller.unsigned, is(CallerClass::Provider)),
        (named.caller.root, is(CallerClass::Root)),
        (named.caller.federated_without_session_policy, is(CallerClass::FederatedWithoutSessionPolicy)),
        (named.rcp_ok, all_or_none(findings.rcp_ok)),
        (named.scp_ok, all_or_none(findings.scp_ok)),
        (named.endpoint_ok, all_or_none(findings.endpoint_ok)),
        (named.same_account, all_or_none(findings.same_account)),
        (named.required, all_or_none(findings.policy_required)),
        (named.identity, all_or_none(findings.identity_allows)),
        (named.boundary, all_or_none(findings.boundary_allows)),
        (named.session, all_or_none(findings.session_allows)),
    ] {
        model.set(flag, bits);
    }
}

/// The grants of a combination, of 512.
fn grants(number: usize) -> Grants {
    let there = GrantKind::ALL.into_iter().enumerate().filter(|(position, _)| (number >> position) & 1 == 1);
    there.map(|(_, kind)| Grants::from(kind)).fold(Grants::NONE, Grants::union)
}

fn set_grants(model: &mut Model, word: usize) {
    let of = model.named.grants;
    let flags = [
        (of.star, GrantKind::Star),
        (of.account, GrantKind::Account),
        (of.user, GrantKind::User),
        (of.federating, GrantKind::Federating),
        (of.role, GrantKind::Role),
        (of.session, GrantKind::Session),
        (of.federated_user, GrantKind::FederatedUser),
        (of.service, GrantKind::Service),
        (of.provider, GrantKind::Provider),
    ];
    for (flag, kind) in flags {
        let position = GrantKind::ALL.iter().position(|&other| other == kind).unwrap();
        let bits = match WITHIN_A_WORD.get(position) {
            Some(&bits) => bits,
            None => all_or_none((word >> (position - WITHIN_A_WORD.len())) & 1 == 1),
        };
        model.set(flag, bits);
    }
}

fn set_denies(model: &mut Model, denies: usize) {
    let of = model.named.denies;
    let flags = [of.scp, of.rcp, of.endpoint, of.resource, of.identity, of.boundary, of.session];
    for (position, flag) in flags.into_iter().enumerate() {
        model.set(flag, all_or_none((denies >> position) & 1 == 1));
    }
}

/// For each reason the combinations of the word of which the evaluator gives it.
fn by_evaluator(surroundings: &Findings, denied_by: Option<PolicyKind>, word: usize) -> Vec<Bits> {
    let mut reasons = vec![0; Reason::ALL.len()];
    for bit in 0..64 {
        let findings = Findings { denied_by, grants: grants(word * 64 + bit), ..*surroundings };
        reasons[findings.conclude() as usize] |= 1 << bit;
    }
    reasons
}

#[test]
fn every_combination_of_the_named_booleans_is_concluded_alike() {
    let mut model = Model::new();
    let mut combinations = 0_u64;
    for number in 0..1536 {
        let around = surroundings(number);
        set_surroundings(&mut model, &around);
        for word in 0..8 {
            set_grants(&mut model, word);
            let mut told: Vec<Vec<Bits>> = Vec::new();
            for denied_by in KINDS.map(Some).into_iter().chain([None]) {
                told.push(by_evaluator(&around, denied_by, word));
            }
            for denies in 0..128_usize {
                set_denies(&mut model, denies);
                model.evaluate();
                // The first that denies, or none: the last of what was told.
                let first = (denies.trailing_zeros() as usize).min(KINDS.len());
                for &(reason, formula) in &model.reasons {
                    let (evaluator, found) = (told[first][reason as usize], model.values[formula.index()]);
                    assert_eq!(evaluator, found, "{reason}, {denies:07b} deny, word {word} of {around:?}");
                }
                combinations += 64;
            }
        }
    }
    assert_eq!(combinations, 1536 * 512 * 128);
}
