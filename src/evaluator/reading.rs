//! How the evaluator reads: by the rules, where other readings of open points can be assumed (section 15), or (in builds with debug
//! assertions) with one planted mistake.

#[cfg(debug_assertions)]
use super::fault::Fault;
use crate::iam::assumption::{Alternative, Assumptions};

/// A way to read policies, fixed when they are compiled.
///
/// [`Reading::default`] is the one of `docs/semantics.md`, with all its decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    assumptions: Assumptions,
    #[cfg(debug_assertions)]
    fault: Option<Fault>,
}

impl Reading {
    /// The reading by the rules under these assumptions.
    pub fn assuming(assumptions: Assumptions) -> Reading {
        Reading::default().under(assumptions)
    }

    /// The same reading under these assumptions in place of its own.
    #[must_use]
    pub fn under(self, assumptions: Assumptions) -> Reading {
        Reading { assumptions, ..self }
    }

    /// What is assumed of the open points.
    pub fn assumptions(self) -> Assumptions {
        self.assumptions
    }

    /// Whether this reading of an open point is taken. Each is asked for in one place.
    // Rule: OPEN-1.
    #[inline]
    pub(super) fn takes(self, alternative: Alternative) -> bool {
        self.assumptions.has(alternative)
    }

    /// The reading that makes this one mistake. Some mistakes are a reading of an open point, and are planted as that.
    #[cfg(debug_assertions)]
    pub fn with_fault(fault: Fault) -> Reading {
        match fault.reading() {
            Some(alternative) => Reading::assuming(Assumptions::default().with(alternative)),
            None => Reading { fault: Some(fault), ..Reading::default() },
        }
    }

    /// Whether this mistake is made. Ask through [`mistaken!`], which release builds read as `false`.
    #[cfg(debug_assertions)]
    pub(super) fn makes(self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Whether no mistake is planted. Short cuts that only the rules justify are for such readings alone; no reading of an open
    /// point makes a pattern match a text without the pattern's literal pieces.
    pub(super) fn is_by_the_rules(self) -> bool {
        #[cfg(debug_assertions)]
        let answer = self.fault.is_none();
        #[cfg(not(debug_assertions))]
        let answer = true;
        answer
    }
}

/// Whether a reading makes the named mistake of `fault::Fault`; the constant `false` in release builds.
macro_rules! mistaken {
    ($reading:expr, $fault:ident) => {{
        #[cfg(debug_assertions)]
        let answer = $reading.makes($crate::evaluator::fault::Fault::$fault);
        #[cfg(not(debug_assertions))]
        let answer = {
            let _: $crate::evaluator::reading::Reading = $reading;
            false
        };
        answer
    }};
}

pub(super) use mistaken;
