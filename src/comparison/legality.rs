//! Whether a request can be made at all, which is the model's word to say (KEY-10).
//!
//! The symbolic request is held down to the concrete one, and the solver asked whether that is well-formed. All keys must be in use that could
//! be there without the request telling, or be missing from it without leave: those of its context, and [`TELLING`]. What the model says of
//! any other key, it says of its presence; keys that are absent and that nothing present demands are as they should be.
//!
//! Where no document asks who calls, the model ties neither action nor resource to the context: then contexts are asked about once, and
//! texts by themselves.

use std::cell::RefCell;
use std::collections::HashMap;

use super::desk::Desk;
use super::scene::Cast;
use crate::iam::context::{Context, ContextValue};
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, Request};
use crate::model::{self, Scope, SymbolicRequest};
use crate::solver::{Answer, Limits};

/// Whether a request can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Legality {
    /// It can.
    Legal,
    /// It cannot.
    Illegal,
    /// The solver gave up, for this reason.
    Unknown(String),
}

/// Keys that every request has, and keys that others demand: their absence may be wrong.
const TELLING: &[&str] = &[
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:UserAgent",
    "aws:ViaAWSService",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "aws:TagKeys",
    "aws:PrincipalServiceName",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
];

/// Keys that follow the caller, where there is one.
const OF_CALLER: &[&str] = &[
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceNamesList",
    "aws:userid",
    "aws:username",
    "aws:FederatedProvider",
    "aws:TokenIssueTime",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:ResourceAccount",
];

/// The keys whose absence may be wrong.
pub(super) fn telling(cast: Cast) -> Vec<KeyName> {
    let of_caller = match cast {
        Cast::Nobody => &[],
        Cast::Caller => OF_CALLER,
    };
    TELLING.iter().chain(of_caller).map(|name| KeyName::new(*name)).collect()
}

/// A context as a key of a table.
type Told = Vec<(String, ContextValue)>;

thread_local! {
    static CONTEXTS: RefCell<HashMap<Told, Legality>> = RefCell::default();
    static CALLERS: RefCell<HashMap<(Told, Caller, String), Legality>> = RefCell::default();
}

/// How many contexts a thread remembers.
const MAX_REMEMBERED: usize = 10_000;

/// Whether the request can be made.
pub(super) fn legality(request: &Request, cast: Cast, limits: Limits) -> Legality {
    match cast {
        Cast::Nobody => {
            let known =
                remembered(&CONTEXTS, told(&request.context), || asked(request, Keys::All, cast, limits));
            match known {
                Legality::Legal => asked(request, Keys::None, cast, limits),
                Legality::Illegal | Legality::Unknown(_) => known,
            }
        }
        Cast::Caller => {
            let key = (
                told(&request.context),
                request.caller.clone(),
                format!("{} {}", request.action, request.resource),
            );
            remembered(&CALLERS, key, || asked(request, Keys::All, cast, limits))
        }
    }
}

fn told(context: &Context) -> Told {
    context.entries().iter().map(|(key, value)| (key.folded(), value.clone())).collect()
}

fn remembered<K: std::hash::Hash + Eq>(
    table: &'static std::thread::LocalKey<RefCell<HashMap<K, Legality>>>,
    key: K,
    ask: impl FnOnce() -> Legality,
) -> Legality {
    if let Some(known) = table.with_borrow(|table| table.get(&key).cloned()) {
        return known;
    }
    let legality = ask();
    table.with_borrow_mut(|table| {
        if table.len() >= MAX_REMEMBERED {
            table.clear();
        }
        table.insert(key, legality.clone());
    });
    legality
}

/// Which keys are looked at.
#[derive(Clone, Copy)]
enum Keys {
    /// None: the question is about action and resource.
    None,
    /// All that matter.
    All,
}

fn asked(request: &Request, keys: Keys, cast: Cast, limits: Limits) -> Legality {
    Desk::with(|desk| {
        let scope = match cast {
            Cast::Nobody => Scope::Documents,
            Cast::Caller => Scope::Caller(Box::new(request.caller.clone()), request.credential),
        };
        let mut symbolic = SymbolicRequest::new(&mut desk.formulas, scope);
        if let (Cast::Caller, Some(account)) = (cast, request.caller.account()) {
            // Callers are made of what documents name, anonymised accounts included.
            symbolic.name_account(account);
        }
        let names = match keys {
            Keys::None => Vec::new(),
            Keys::All => telling(cast),
        };
        for name in &names {
            symbolic.presence(&mut desk.formulas, name);
        }
        if let Keys::All = keys {
            for (name, _) in request.context.entries() {
                symbolic.presence(&mut desk.formulas, name);
            }
        }
        let well_formed = match symbolic.well_formed(&mut desk.formulas) {
            Ok(formula) => formula,
            Err(problem) => return Legality::Unknown(problem.to_string()),
        };
        let pinned = match model::pin(&mut desk.formulas, &mut symbolic, request) {
            Ok(formula) => formula,
            Err(problem) => return Legality::Unknown(problem.to_string()),
        };
        let goal = desk.formulas.and([well_formed, pinned]);
        match desk.ask(goal, &[], limits) {
            Answer::Satisfiable(_) => Legality::Legal,
            Answer::Unsatisfiable => Legality::Illegal,
            Answer::Unknown(reason) => Legality::Unknown(reason.to_string()),
        }
    })
}
