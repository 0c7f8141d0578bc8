//! The two readings, played against each other.

pub mod forced;
pub mod stream;
