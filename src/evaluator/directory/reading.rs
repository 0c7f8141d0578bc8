//! How directories are read: by the rules, or (in builds with debug assertions) with one planted mistake.

#[cfg(debug_assertions)]
use super::fault::DirectoryFault;

/// A way to read what happens in directories. [`DirectoryReading::default`] is the one of `docs/semantics.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryReading {
    #[cfg(debug_assertions)]
    fault: Option<DirectoryFault>,
}

impl DirectoryReading {
    /// The reading that makes this one mistake.
    #[cfg(debug_assertions)]
    pub fn with_fault(fault: DirectoryFault) -> DirectoryReading {
        DirectoryReading { fault: Some(fault) }
    }

    /// Whether this mistake is made. Ask through [`errs!`], which release builds read as `false`.
    #[cfg(debug_assertions)]
    pub(super) fn makes(self, fault: DirectoryFault) -> bool {
        self.fault == Some(fault)
    }
}

/// Whether a reading makes the named mistake of `fault::DirectoryFault`; the constant `false` in release builds.
macro_rules! errs {
    ($reading:expr, $fault:ident) => {{
        #[cfg(debug_assertions)]
        let answer = $reading.makes($crate::evaluator::directory::fault::DirectoryFault::$fault);
        #[cfg(not(debug_assertions))]
        let answer = {
            let _: $crate::evaluator::directory::reading::DirectoryReading = $reading;
            false
        };
        answer
    }};
}

pub(super) use errs;
