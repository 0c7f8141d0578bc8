//! Whoever answers the questions: a program behind the protocol, or an evaluator within this process.

use super::question::Written;
use super::session::{Reply, Session};
use crate::iam::request::Request;

/// Somebody who can be asked for decisions.
pub trait Respondent {
    /// Asks for decisions; one reply for each request.
    fn ask(&mut self, policies: &Written, requests: &[Request]) -> Vec<Reply>;
}

impl Respondent for Session<'_> {
    fn ask(&mut self, policies: &Written, requests: &[Request]) -> Vec<Reply> {
        Session::ask(self, &policies.text(), requests)
    }
}
