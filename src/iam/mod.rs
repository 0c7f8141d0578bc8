//! The nouns: what was written in policies and requests, and nothing of what it means.
//!
//! Both readings share these types, so nothing here may answer a question that begins with *does*, *may*, *applies*,
//! *matches* or *effective*. The code here parses, prints, orders and gives access.

pub mod arn;
pub mod assumption;
pub mod condition;
pub mod context;
pub mod decision;
pub mod directory;
pub mod document;
pub mod instant;
pub mod json;
pub mod key;
pub mod layers;
pub mod normal;
pub mod operation;
pub mod outcome;
pub mod pattern;
pub mod policy;
pub mod principal;
pub mod request;
pub mod spelling;
pub mod tags;
pub mod world;
