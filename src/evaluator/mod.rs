//! The first reading: one concrete request, decided in well under a microsecond, with a reason.
//!
//! Policies are compiled once: patterns are cut at their wildcards, numbers, dates and addresses are read, and statements are
//! filed under literal texts of their actions and resources. A decision looks once at the statements that can still match, at
//! their conditions last, and puts what they say together in a step that sees no policy.
//!
//! Everything here is written from the rules of `docs/semantics.md` and the nouns of [`crate::iam`] alone, and shares nothing
//! with the second reading. The modules follow the rules: texts (`glob`, `variable`), elements (`action`, `resource`,
//! `principal`, `condition`), statements, sets.

mod acting;
mod action;
mod address;
mod arn_pattern;
mod at_directory;
mod base64;
mod compile_error;
mod compiled_set;
mod conclusion;
mod condition;
mod decision;
pub mod directory;
mod explanation;
mod failure;
#[cfg(debug_assertions)]
pub mod fault;
mod folding;
mod gather;
mod glob;
mod gram_index;
mod grants;
mod instant;
mod interpreter;
mod lifecycle;
mod number;
mod operation;
mod passing;
mod patterns;
#[cfg(debug_assertions)]
mod planted;
mod prefix_index;
mod principal;
mod question;
mod reading;
mod relation;
mod resource;
mod rule;
mod segments;
mod service_keys;
mod statement;
mod statement_finding;
mod statements;
mod sts;
mod surroundings;
mod variable;

pub use compile_error::{CompileError, Place};
pub use compiled_set::{CompiledSet, SetVerdict};
pub use conclusion::{CallerClass, Findings, PolicyKind};
pub use decision::Evaluator;
pub use explanation::{Explanation, SetFinding, Stage};
pub use failure::Unusable;
pub use gather::MOST_SETS;
pub use grants::{GrantKind, Grants};
pub use interpreter::Interpreter;
pub use question::Question;
pub use reading::Reading;
pub use statement_finding::{
    ConditionFinding, ElementFinding, Ground, MemberFinding, PrincipalFinding, StatementFinding,
    ValueStanding,
};
