//! Collects findings while a document is read; places are worked out at the end, and only for what was found.

use std::borrow::Cow;

use super::finding::{Code, Finding, Severity, Strictness};
use crate::iam::json::Json;

/// How many findings of one document are kept; those beyond are counted.
pub const MAX_FINDINGS: usize = 10_000;

/// The findings so far.
pub(super) struct Report<'j> {
    json: &'j Json<'j>,
    strictness: Strictness,
    drafts: Vec<Draft>,
    errors: usize,
    left_out: usize,
}

struct Draft {
    code: Code,
    severity: Severity,
    offset: u32,
    message: Cow<'static, str>,
}

impl<'j> Report<'j> {
    pub(super) fn new(json: &'j Json<'j>, strictness: Strictness) -> Report<'j> {
        Report { json, strictness, drafts: Vec::new(), errors: 0, left_out: 0 }
    }

    /// The text that is being read.
    pub(super) fn json(&self) -> &'j Json<'j> {
        self.json
    }

    /// What has no meaning that could be taken, or what would have to be skipped: an error however strictly we read.
    pub(super) fn error(&mut self, code: Code, offset: u32, message: impl Into<Cow<'static, str>>) {
        self.push(code, Severity::Error, offset, message.into());
    }

    /// What AWS refuses on saving although its meaning is plain: the reader goes on with that meaning.
    pub(super) fn refused_on_saving(
        &mut self,
        code: Code,
        offset: u32,
        message: impl Into<Cow<'static, str>>,
    ) {
        let severity = match self.strictness {
            Strictness::Strict => Severity::Error,
            Strictness::Lenient => Severity::Warning,
        };
        self.push(code, severity, offset, message.into());
    }

    /// What is valid but worth a look.
    pub(super) fn warning(&mut self, code: Code, offset: u32, message: impl Into<Cow<'static, str>>) {
        self.push(code, Severity::Warning, offset, message.into());
    }

    fn push(&mut self, code: Code, severity: Severity, offset: u32, message: Cow<'static, str>) {
        if severity == Severity::Error {
            self.errors += 1;
        }
        if self.drafts.len() < MAX_FINDINGS {
            self.drafts.push(Draft { code, severity, offset, message });
        } else {
            self.left_out += 1;
        }
    }

    /// Whether an error was found, kept or not.
    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The findings, errors first, each kind in the order in which it was found; and how many were left out.
    pub(super) fn finish(self) -> (Vec<Finding>, usize) {
        let mut drafts = self.drafts;
        drafts.sort_by_key(|draft| draft.severity);
        let json = self.json;
        let findings = drafts
            .into_iter()
            .map(|Draft { code, severity, offset, message }| Finding {
                code,
                severity,
                place: json.place(offset),
                message: message.into_owned(),
            })
            .collect();
        (findings, self.left_out)
    }
}
