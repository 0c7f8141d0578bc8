//! Random policies and requests, as proptest strategies over tiny alphabets that are aimed at confusions.
//!
//! A policy and a request drawn from wide alphabets almost never meet, and a decision that no statement takes part in tests nothing.
//! So every text comes from a short list ([`fragments`]) in which each entry stands for a mistake that some evaluator has made, and
//! requests draw from the same lists as policies: they hit, or miss by a hair. Everything generated obeys the grammar.

pub mod conditions;
pub mod directories;
pub mod fragments;
mod parties;
pub mod pointed;
pub mod policies;
pub mod requests;
pub mod traces;
mod turning;
pub mod worlds;
