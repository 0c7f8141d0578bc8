//! A set of policies read by itself, without the layers around a request: what EVAL-3 asks of it, and what `compare` does.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::compile_error::{CompileError, Place};
use super::question::{ActionRoom, Asked, CallersBoundary, Question};
use super::reading::Reading;
use super::service_keys;
use super::statements::{Gathered, Statements};
use crate::iam::context::Context;
use crate::iam::policy::{Effect, Policy};

/// Compiled policies of one set. Cheap to ask: nothing is parsed or allocated per question.
#[derive(Clone, Debug)]
pub struct CompiledSet {
    pub(super) statements: Statements,
    reading: Reading,
}

/// What a set of policies says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SetVerdict {
    /// Some Allow statement matches.
    pub allow: bool,
    /// Some Deny statement matches.
    pub deny: bool,
}

impl CompiledSet {
    /// Compiles the set.
    ///
    /// # Errors
    ///
    /// [`CompileError`] where a statement has no meaning or none that is supported yet.
    pub fn compile(policies: &[Policy]) -> Result<CompiledSet, CompileError> {
        CompiledSet::compile_with(policies, Reading::default())
    }

    /// Compiles the set to be read in a given way.
    ///
    /// # Errors
    ///
    /// As [`CompiledSet::compile`].
    pub fn compile_with(policies: &[Policy], reading: Reading) -> Result<CompiledSet, CompileError> {
        let mut gathered = Gathered::new(reading);
        for (index, policy) in policies.iter().enumerate() {
            gathered.add(policy, 0, Place { layer: None, policy: index, statement: None })?;
        }
        Ok(CompiledSet { statements: gathered.index(), reading })
    }

    /// Which effects match. A Principal element is tested against the caller, who has no permissions boundary here.
    // Rule: EVAL-3.
    pub fn verdict(&self, question: &Question<'_>) -> SetVerdict {
        let mut room = ActionRoom::new();
        let context = self.context_of(question);
        let asked = self.asked(&Question { context: &context, ..*question }, &mut room);
        let mut verdict = SetVerdict { allow: false, deny: false };
        let _: ControlFlow<()> = self.statements.visit(&asked, |filed| {
            let known = match filed.statement.effect {
                Effect::Allow => &mut verdict.allow,
                Effect::Deny => &mut verdict.deny,
            };
            *known = *known || filed.statement.matches(&asked);
            if verdict.allow && verdict.deny { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        verdict
    }

    /// Whether the policies, taken as one document by themselves, allow the request: some Allow matches and no Deny does.
    pub fn allows(&self, question: &Question<'_>) -> bool {
        let mut room = ActionRoom::new();
        let context = self.context_of(question);
        let asked = self.asked(&Question { context: &context, ..*question }, &mut room);
        let mut allowed = false;
        let denied = self.statements.visit(&asked, |filed| {
            match filed.statement.effect {
                Effect::Allow => allowed = allowed || filed.statement.matches(&asked),
                Effect::Deny if filed.statement.matches(&asked) => return ControlFlow::Break(()),
                Effect::Deny => {}
            }
            ControlFlow::Continue(())
        });
        allowed && denied.is_continue()
    }

    /// The context as it is read.
    pub(super) fn context_of<'a>(&self, question: &Question<'a>) -> Cow<'a, Context> {
        service_keys::context_of(question.caller, question.context, self.reading)
    }

    pub(super) fn asked<'a>(&self, question: &Question<'a>, room: &'a mut ActionRoom) -> Asked<'a> {
        Asked {
            action: room.folded(question.action, self.reading),
            resource: question.resource.as_bytes(),
            caller: question.caller,
            boundary: CallersBoundary::Absent,
            context: question.context,
            reading: self.reading,
        }
    }
}
