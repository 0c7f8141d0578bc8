//! Which contexts there are: the types of documented keys, and what one key says of another (KEY-4, KEY-8, KEY-10).
//!
//! A rule here that is too weak gives false counterexamples, one that is too strong gives false proofs; so each says why it is as strong as it
//! is. Rules speak of *facts* (the request goes through an endpoint, a service forwards it, a service calls), of which the keys in use are
//! signs. A fact is a flag of its own even where its own key is not in use, and free there: the keys in use are then those of some well-formed
//! request, which is what is asked. Whatever follows the caller is in [`super::caller_keys`].

use num_bigint::BigInt;

use super::address::ADDRESS;
use super::caller::CallerKind;
use super::context::within;
use super::date::{INSTANT, SECOND, calendar_range, rendered, rendered_seconds};
use super::number::{self, NUMBER};
use super::regular::{Case, any_of, arn, literal};
use super::request::{KeyIndex, SymbolicRequest};
use crate::iam::key::{Arity, KeyType, Presence};
use crate::solver::formula::{Flag, Formula, Formulas, IntegerVariable, Piece, Relation};
use crate::solver::regular::Regular;

/// Collects what has to hold of a well-formed context.
pub(super) struct Rules<'a> {
    pub(super) formulas: &'a mut Formulas,
    pub(super) request: &'a mut SymbolicRequest,
    pub(super) parts: Vec<Formula>,
    /// The request goes through a VPC endpoint.
    endpoint: Formula,
    /// A service forwards the request with the caller's credentials.
    pub(super) forwarded: Formula,
    /// A service calls directly.
    service: Formula,
    /// The second in which the request is made, and the instant; only made where two keys tell the time.
    clock: Option<Clock>,
}

/// The time of the request.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    /// The instant in nanoseconds.
    pub(super) now: IntegerVariable,
    /// Its second.
    second: IntegerVariable,
}

impl<'a> Rules<'a> {
    /// What has to hold of the keys in use, conjunct by conjunct.
    pub(super) fn hold(formulas: &'a mut Formulas, request: &'a mut SymbolicRequest) -> Vec<Formula> {
        let mut rules = Rules::new(formulas, request);
        rules.types();
        rules.routes();
        rules.forwarding();
        rules.tags();
        rules.times();
        rules.services();
        rules.sources();
        rules.owner();
        rules.callers();
        rules.parts
    }

    fn new(formulas: &'a mut Formulas, request: &'a mut SymbolicRequest) -> Rules<'a> {
        let endpoint = fact(formulas, "the request goes through an endpoint");
        let forwarded = fact(formulas, "a service forwards the request");
        let service = match &request.caller {
            Some(caller) => caller.is(formulas, CallerKind::Service),
            None => fact(formulas, "a service calls"),
        };
        Rules { formulas, request, parts: Vec::new(), endpoint, forwarded, service, clock: None }
    }

    /// Each documented key has values of its type and its arity, and is there if it always is.
    ///
    /// Types that KEY-10 defines bind wherever the value is asked for; an ARN has six fields, the first of them `arn` (GEN-7).
    // Rules: KEY-3, KEY-10.
    fn types(&mut self) {
        for key in self.request.indexes() {
            let symbolic = self.request.at(key);
            let Some(row) = symbolic.row else {
                continue;
            };
            let present = self.formulas.flag(symbolic.present);
            let many = self.formulas.flag(symbolic.many);
            if row.presence == Presence::Always {
                self.parts.push(present);
            }
            match row.arity {
                Arity::Single => self.parts.push(self.formulas.not(many)),
                Arity::Many => self.implies(present, many),
            }
            let times = ["aws:CurrentTime", "aws:TokenIssueTime"];
            let rendered_in_full = times.into_iter().any(|name| self.request.in_use(name) == Some(key));
            match row.value {
                KeyType::String => {}
                KeyType::Arn => self.text_if_asked(key, arn),
                KeyType::Bool => self.text_if_asked(key, || any_of(["true", "false"])),
                KeyType::Numeric => self.text_if_asked(key, NUMBER.spellings),
                KeyType::Date if rendered_in_full => self.text_if_asked(key, rendered),
                KeyType::Date => self.text_if_asked(key, INSTANT.spellings),
                KeyType::Epoch => self.text_if_asked(key, rendered_seconds),
                KeyType::Address => self.text_if_asked(key, ADDRESS.spellings),
            }
            self.spelled(key, row.value);
        }
    }

    /// Constrains the text of the value, if anybody asked for it.
    fn text_if_asked(&mut self, key: KeyIndex, language: impl Fn() -> Regular) {
        let texts: Vec<_> = self.request.at(key).values.iter().filter_map(|value| value.text).collect();
        for text in texts {
            let part = self.formulas.in_language(text, language());
            self.parts.push(part);
        }
    }

    /// Says that the typed view of the key's own type has something to show.
    fn spelled(&mut self, key: KeyIndex, value_type: KeyType) {
        for value in &self.request.at(key).values {
            let number = value.number.map(|(flag, _)| flag);
            let instant = value.instant.map(|(flag, _)| flag);
            let address = value.address.map(|(flag, _)| flag);
            let flags: [Option<Flag>; 2] = match value_type {
                KeyType::Numeric => [number, None],
                KeyType::Date => [instant, None],
                KeyType::Epoch => [number, instant],
                KeyType::Address => [address, None],
                KeyType::String | KeyType::Arn | KeyType::Bool => [None, None],
            };
            for flag in flags.into_iter().flatten() {
                let flag = self.formulas.flag(flag);
                self.parts.push(flag);
            }
        }
    }

    /// A request goes through an endpoint or comes from a public address; the keys of each are there just then.
    ///
    /// The equivalence binds direct calls only: a forwarded call goes through no endpoint and may show the address of the first call, and
    /// a service may show either. The last four keys exist for the actions of some services only: they may be absent at an endpoint.
    // Rules: KEY-4, KEY-8.
    fn routes(&mut self) {
        let direct = self.formulas.or([self.forwarded, self.service]);
        let direct = self.formulas.not(direct);
        if let Some(source_ip) = self.presence("aws:SourceIp") {
            let public = self.formulas.not(self.endpoint);
            let as_public = self.formulas.iff(source_ip, public);
            self.implies(direct, as_public);
        }
        for name in ["aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"] {
            if let Some(present) = self.presence(name) {
                let part = self.formulas.iff(present, self.endpoint);
                self.parts.push(part);
            }
        }
        for name in ["aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"] {
            if let Some(present) = self.presence(name) {
                self.implies(present, self.endpoint);
            }
        }
        let not_forwarded = self.formulas.not(self.forwarded);
        self.implies(self.endpoint, not_forwarded);
        if self.request.through_endpoint {
            self.parts.push(self.endpoint);
        }
    }

    /// aws:ViaAWSService says whether a service forwards the request; just then aws:CalledVia is there, not empty, between its two ends.
    // Rules: EVAL-28, KEY-4, KEY-8.
    fn forwarding(&mut self) {
        if let Some(via) = self.request.in_use("aws:ViaAWSService") {
            let says_so = self.value_in(via, Regular::text("true"));
            let part = self.formulas.iff(says_so, self.forwarded);
            self.parts.push(part);
        }
        for name in ["aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"] {
            if let Some(present) = self.presence(name) {
                let part = self.formulas.iff(present, self.forwarded);
                self.parts.push(part);
            }
        }
        let Some(list) = self.request.in_use("aws:CalledVia") else {
            return;
        };
        self.never_hollow(list);
        let listed = self.listed(list);
        if let Some(first) = self.request.in_use("aws:CalledViaFirst")
            && !listed.is_empty()
        {
            let same = self.value_is_element(first, list, 0);
            self.implies(self.forwarded, same);
        }
        if let Some(last) = self.request.in_use("aws:CalledViaLast") {
            for (element, &in_list) in listed.iter().enumerate() {
                let next = listed.get(element + 1).copied().unwrap_or(self.formulas.falsum());
                let no_next = self.formulas.not(next);
                let is_last = self.formulas.and([self.forwarded, in_list, no_next]);
                let same = self.value_is_element(last, list, element);
                self.implies(is_last, same);
            }
        }
    }

    /// A request that passes a tag lists its key, in some case; it may list keys without a value, or of tags to be taken away.
    // Rules: KEY-4, KEY-6, KEY-8.
    fn tags(&mut self) {
        let Some(list) = self.request.in_use("aws:TagKeys") else {
            return;
        };
        self.never_hollow(list);
        let there = self.formulas.flag(self.request.at(list).present);
        for (tag, name) in self.request.request_tags() {
            let present = self.formulas.flag(self.request.at(tag).present);
            let named = self.some_element(list, &literal(&name, Case::Folded));
            let both = self.formulas.and([there, named]);
            self.implies(present, both);
        }
    }

    /// The keys of time tell one instant: aws:CurrentTime itself, aws:EpochTime its second, and no session is younger than its request.
    ///
    /// The instant is one that aws:CurrentTime can render (COND-27), since every request has that key.
    // Rules: COND-27, KEY-4, KEY-8.
    fn times(&mut self) {
        let current = self.request.in_use("aws:CurrentTime");
        let epoch = self.request.in_use("aws:EpochTime");
        let issued = self.request.in_use("aws:TokenIssueTime");
        if let Some(current) = current {
            let clock = self.clock();
            let (_, instant) = self.request.value(self.formulas, current, 0).instant(self.formulas);
            self.equal(&[(1.into(), instant), ((-1).into(), clock.now)]);
        }
        if let Some(epoch) = epoch {
            let clock = self.clock();
            let value = self.request.value(self.formulas, epoch, 0);
            let (number, instant) = (value.number, value.instant);
            let number = if value.text.is_some() { Some(value.number(self.formulas)) } else { number };
            if let Some((_, number)) = number {
                self.equal(&[(1.into(), number), (-number::one(), clock.second)]);
            }
            if let Some((_, instant)) = instant {
                self.equal(&[(1.into(), instant), (BigInt::from(-SECOND), clock.second)]);
            }
        }
        if let Some(issued) = issued {
            let clock = self.clock();
            let present = self.formulas.flag(self.request.at(issued).present);
            let (_, instant) = self.request.value(self.formulas, issued, 0).instant(self.formulas);
            let terms = [(1.into(), instant), ((-1).into(), clock.now)];
            let not_later = self.formulas.linear(terms, Relation::LessOrEqual, 0.into());
            self.implies(present, not_later);
            let (first, last) = calendar_range();
            let rendered = within(self.formulas, instant, first, last);
            self.implies(present, rendered);
        }
    }

    /// The time of the request, of which aws:EpochTime tells the second.
    pub(super) fn clock(&mut self) -> Clock {
        if let Some(clock) = self.clock {
            return clock;
        }
        let now = self.formulas.new_integer("the time of the request");
        let second = self.formulas.new_integer("the second of the request");
        let (first, last) = calendar_range();
        let in_calendar = within(self.formulas, now, first, last);
        self.parts.push(in_calendar);
        let since = [(1.into(), now), (BigInt::from(-SECOND), second)];
        let before = self.formulas.linear(since.clone(), Relation::Less, 0.into());
        let begun = self.formulas.not(before);
        let not_over = self.formulas.linear(since, Relation::Less, SECOND.into());
        self.parts.extend([begun, not_over]);
        *self.clock.insert(Clock { now, second })
    }

    /// aws:PrincipalIsAWSService is true and aws:PrincipalServiceName there just where a service calls.
    // Rule: KEY-8.
    fn services(&mut self) {
        if let Some(key) = self.request.in_use("aws:PrincipalIsAWSService") {
            let single = self.request.at(key).single(self.formulas);
            let says_so = self.value_in(key, Regular::text("true"));
            let says_so = self.formulas.and([single, says_so]);
            let part = self.formulas.iff(says_so, self.service);
            self.parts.push(part);
        }
        if let Some(present) = self.presence("aws:PrincipalServiceName") {
            let part = self.formulas.iff(present, self.service);
            self.parts.push(part);
        }
    }

    /// The keys of the originating resource are there where a service acts for one, those of its organization where its account has one.
    ///
    /// Nothing ties the account in aws:SourceArn to aws:SourceAccount: who owns a resource is not in its ARN (GEN-8).
    // Rule: KEY-4.
    fn sources(&mut self) {
        let acts = fact(self.formulas, "a service acts for a resource");
        let organized = fact(self.formulas, "the originating account is in an organization");
        self.implies(acts, self.service);
        self.implies(organized, acts);
        for (name, when) in [
            ("aws:SourceArn", acts),
            ("aws:SourceAccount", acts),
            ("aws:SourceOrgID", organized),
            ("aws:SourceOrgPaths", organized),
        ] {
            if let Some(present) = self.presence(name) {
                let part = self.formulas.iff(present, when);
                self.parts.push(part);
            }
        }
        self.organization("aws:SourceOrgID", "aws:SourceOrgPaths");
    }

    /// The owner's keys: its account, where the request has an owner, and its organization.
    // Rules: GEN-8, KEY-4.
    fn owner(&mut self) {
        if let (Some(key), true) = (self.request.in_use("aws:ResourceAccount"), self.request.caller.is_some())
        {
            let owner = Piece::Value(self.request.owner);
            let same = self.value_is(key, vec![owner]);
            let present = self.formulas.flag(self.request.at(key).present);
            self.implies(present, same);
        }
        let organized = fact(self.formulas, "the owner is in an organization");
        for name in ["aws:ResourceOrgID", "aws:ResourceOrgPaths"] {
            if let Some(present) = self.presence(name) {
                let part = self.formulas.iff(present, organized);
                self.parts.push(part);
            }
        }
        self.organization("aws:ResourceOrgID", "aws:ResourceOrgPaths");
    }

    /// The paths of an organization are one element, which begins with the organization's id and a slash.
    pub(super) fn organization(&mut self, id: &str, paths: &str) {
        let Some(paths) = self.request.in_use(paths) else {
            return;
        };
        self.never_hollow(paths);
        if let Some(&second) = self.listed(paths).get(1) {
            let only_one = self.formulas.not(second);
            self.parts.push(only_one);
        }
        if let (Some(id), true) = (self.request.in_use(id), !self.listed(paths).is_empty()) {
            let present = self.formulas.flag(self.request.at(id).present);
            let id = Piece::Value(self.request.text(self.formulas, id));
            let slash = Piece::Some(self.formulas.language(Regular::text("/")));
            let rest = Piece::Some(self.formulas.language(Regular::anything()));
            let path = self.request.element_text(self.formulas, paths, 0);
            let begins = self.formulas.concatenation(path, [id, slash, rest]);
            self.implies(present, begins);
        }
    }

    /// Says that the list, where there is one, does not count as missing.
    fn never_hollow(&mut self, list: KeyIndex) {
        let present = self.formulas.flag(self.request.at(list).present);
        let key = self.request.at(list);
        let (empty, blank) = (key.empty, key.blank);
        let (empty, blank) = (self.formulas.flag(empty), self.formulas.flag(blank));
        let hollow = self.formulas.or([empty, blank]);
        let not_hollow = self.formulas.not(hollow);
        self.implies(present, not_hollow);
    }

    /// Holds iff some element of the list is in the language.
    pub(super) fn some_element(&mut self, list: KeyIndex, language: &Regular) -> Formula {
        let listed = self.listed(list);
        let mut ways = Vec::with_capacity(listed.len());
        for (element, in_list) in listed.into_iter().enumerate() {
            let text = self.request.element_text(self.formulas, list, element);
            let is_it = self.formulas.in_language(text, language.clone());
            ways.push(self.formulas.and([in_list, is_it]));
        }
        self.formulas.or(ways)
    }

    pub(super) fn listed(&mut self, list: KeyIndex) -> Vec<Formula> {
        self.request.at(list).listed.iter().map(|&flag| self.formulas.flag(flag)).collect()
    }

    fn value_is_element(&mut self, key: KeyIndex, list: KeyIndex, element: usize) -> Formula {
        let text = self.request.element_text(self.formulas, list, element);
        self.value_is(key, vec![Piece::Value(text)])
    }

    /// Holds iff the key is in the context; `None` where it is not in use.
    pub(super) fn presence(&mut self, name: &str) -> Option<Formula> {
        let key = self.request.in_use(name)?;
        Some(self.formulas.flag(self.request.at(key).present))
    }

    /// Holds iff the key's value is in the language.
    pub(super) fn value_in(&mut self, key: KeyIndex, language: Regular) -> Formula {
        let text = self.request.text(self.formulas, key);
        self.formulas.in_language(text, language)
    }

    /// Holds iff the key's value is one text of each piece.
    pub(super) fn value_is(&mut self, key: KeyIndex, pieces: Vec<Piece>) -> Formula {
        let text = self.request.text(self.formulas, key);
        self.formulas.concatenation(text, pieces)
    }

    pub(super) fn implies(&mut self, premise: Formula, conclusion: Formula) {
        let part = self.formulas.implies(premise, conclusion);
        self.parts.push(part);
    }

    fn equal(&mut self, terms: &[(BigInt, IntegerVariable)]) {
        let part = self.formulas.linear(terms.iter().cloned(), Relation::Equal, 0.into());
        self.parts.push(part);
    }
}

/// A fact of which keys are signs.
pub(super) fn fact(formulas: &mut Formulas, name: &str) -> Formula {
    let flag = formulas.new_flag(name);
    formulas.flag(flag)
}
