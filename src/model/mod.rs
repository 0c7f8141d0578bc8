//! The second reading: every request at once, as formulas.
//!
//! A [`SymbolicRequest`] is a request whose action, resource, context and caller are variables. [`statement`] writes down which requests a
//! statement matches, [`gather`] what the layers around a request decide, and [`SymbolicRequest::well_formed`] which requests there are at all.
//! Nothing here decides a concrete request; that is the solver's work, also where a request is given ([`pin`]).

pub mod modelled;

pub mod decision;
pub mod gather;
pub mod layers;

pub mod readings;

pub mod combination;
pub mod entry_readings;
pub mod statement;

pub mod bounded;
pub mod directory;
pub mod entity;
pub mod identity;
pub mod lifecycle;
pub mod passing;
pub mod principal;
pub mod steps;
pub mod sts;

mod condition;
mod values;
mod variable;
mod wildcards;

mod checks;
mod regular;

pub mod address;
mod arn;
mod base64;
mod calendar;
mod date;
mod decimal;
mod number;

mod context;

mod caller_keys;
mod keys;
mod well_formed;

mod caller;
mod credential;
mod decode;
mod pin;
mod preference;
mod request;

mod problem;

pub use caller::CallerKind;
pub use decode::decode;
pub use pin::{pin, pin_all_but, pin_but};
pub use problem::Problem;
pub use readings::Readings;
pub use request::{Scope, SymbolicRequest};
