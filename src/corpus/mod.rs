//! Cases with a known answer: policies and requests with the decision that is right for them, and policy texts with their findings.
//!
//! A case is a file that people write and programs check: `corpus/README.md` says how it looks. This folder reads one
//! ([`read`]), finds all below a path ([`folder`]), and writes one ([`write`](mod@write)), such as the witness of a refuted claim.
//! It knows what was asked and what is expected, never how an answer comes about.
//!
//! The protocol for other evaluators uses the same pieces: [`policies`] and [`request`] read the parts of a line, [`fit`] says
//! whether a layer can belong to a caller, and [`fill`] adds the context keys that follow from the rest of a request.

pub mod account;
mod case;
pub mod directory;
mod error;
pub mod fill;
pub mod fit;
pub mod folder;
mod layout;
mod locate;
pub mod policies;
mod principal;
pub mod protocol;
pub mod read;
pub mod request;
pub mod steps;
pub mod whereabouts;
pub mod world;
pub mod write;

pub use case::{Asked, Case, Question};
pub use error::Error;
pub use locate::locate;
pub use principal::{caller_from, principal_of};
