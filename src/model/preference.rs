//! What a witness should look like where it can: plain texts, and a resource of the action's own service.
//!
//! Nothing depends on it but how easily a person reads the witness.

use super::regular::{choice, digits, optional, sequence, word};
use super::request::SymbolicRequest;
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;

/// More services than these are too many wishes for one witness.
const MOST_SERVICES: usize = 24;

impl SymbolicRequest {
    /// Formulas that a pleasant witness makes true, the most wanted first.
    // Rule: KEY-10.
    pub fn preferences(&mut self, formulas: &mut Formulas) -> Vec<Formula> {
        let services = word(&[('a', 'z'), ('0', '9'), ('-', '-')]);
        let mut wishes = vec![formulas.in_language(self.resource, resources_of(services))];
        for service in self.services_named() {
            let calls = sequence([Regular::text(format!("{service}:")), Regular::anything()]);
            let calls = formulas.in_language(self.action, calls);
            let own = formulas.in_language(self.resource, resources_of(Regular::text(service)));
            wishes.push(formulas.implies(calls, own));
        }
        let plain = word(&[('a', 'z'), ('A', 'Z'), ('0', '9'), ('-', '/'), ('_', '_'), (':', ':')]);
        let texts: Vec<_> = self
            .indexes()
            .into_iter()
            .flat_map(|key| self.at(key).values.iter().filter_map(|value| value.text))
            .collect();
        wishes.extend(texts.into_iter().map(|text| formulas.in_language(text, plain.clone())));
        wishes
    }

    /// The services of the action patterns, without repetition; none if they are too many.
    fn services_named(&self) -> Vec<String> {
        let mut services: Vec<String> = self
            .action_spellings
            .iter()
            .filter_map(|pattern| pattern.split_once(':'))
            .filter(|(service, _)| !service.contains('*'))
            .map(|(service, _)| service.to_ascii_lowercase())
            .collect();
        services.sort_unstable();
        services.dedup();
        if services.len() > MOST_SERVICES { Vec::new() } else { services }
    }
}

/// `*`, or an ARN of a service that looks like one: a region or none, an account or none, and a resource.
fn resources_of(service: Regular) -> Regular {
    let colon = || Regular::text(":");
    let region = optional(word(&[('a', 'z'), ('0', '9'), ('-', '-')]));
    let account = optional(digits(12, 12));
    let resource =
        word(&[('a', 'z'), ('A', 'Z'), ('0', '9'), ('-', '/'), ('_', '_'), (':', ':'), ('=', '=')]);
    let arn =
        sequence([Regular::text("arn:aws:"), service, colon(), region, colon(), account, colon(), resource]);
    choice([Regular::text("*"), arn])
}
