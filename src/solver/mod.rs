//! Decides formulas over Booleans, integers, network addresses and texts, and knows nothing of IAM.

pub mod formula;
pub mod regular;
pub mod version;
