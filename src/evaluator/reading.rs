//! How the evaluator reads: by the rules, or (in builds with debug assertions) with one planted mistake.

#[cfg(debug_assertions)]
use super::fault::Fault;

/// A way to read policies, fixed when they are compiled.
///
/// [`Reading::default`] is the one of `docs/semantics.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    #[cfg(debug_assertions)]
    fault: Option<Fault>,
}

impl Reading {
    /// The reading that makes this one mistake.
    #[cfg(debug_assertions)]
    pub fn with_fault(fault: Fault) -> Reading {
        Reading { fault: Some(fault) }
    }

    /// Whether this mistake is made. Ask through [`mistaken!`], which release builds read as `false`.
    #[cfg(debug_assertions)]
    pub(super) fn makes(self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Whether no mistake is planted. Short cuts that only the rules justify are for this reading alone.
    pub(super) fn is_by_the_rules(self) -> bool {
        self == Reading::default()
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
