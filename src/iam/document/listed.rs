//! "A value or a non-empty array of values", the shape that most elements share (INV-13), and small things about objects.

use super::finding::Code;
use super::report::Report;
use crate::iam::json::{Member, Shape, Value};
use crate::iam::spelling::{self, quoted};

/// Hands each text of a string, or of a non-empty array of strings, to `read`; anything else is reported under `code`.
pub(super) fn each_text<'j>(
    member: &'j Member<'j>,
    code: Code,
    report: &mut Report<'_>,
    mut read: impl FnMut(&'j str, u32, &mut Report<'_>),
) {
    let mut one = |value: &'j Value<'j>, report: &mut Report<'_>| match &value.shape {
        Shape::String(text) => read(text, value.span.start, report),
        shape @ (Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Array(_) | Shape::Object(_)) => {
            let message =
                format!("`{}` must be a string or an array of strings, found {}", member.name, shape.kind());
            report.error(code, value.span.start, message);
        }
    };
    match &member.value.shape {
        Shape::Array(items) if items.is_empty() => {
            let message = format!("`{}` is an empty array; it must list something", member.name);
            report.error(code, member.value.span.start, message);
        }
        Shape::Array(items) => items.iter().for_each(|item| one(item, report)),
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::String(_) | Shape::Object(_) => {
            one(&member.value, report);
        }
    }
}

/// The member with this name; where it comes twice, the first.
pub(super) fn member<'j>(members: &'j [Member<'j>], name: &str) -> Option<&'j Member<'j>> {
    members.iter().find(|member| member.name == name)
}

/// Reports the members whose names are not among the known ones.
pub(super) fn check_names(members: &[Member<'_>], known: &[&str], report: &mut Report<'_>) {
    for member in members.iter().filter(|member| !known.contains(&member.name.as_ref())) {
        let message = format!("unknown element {}; {}", quoted(&member.name), hint(&member.name, known));
        report.error(Code::Element, member.name_start, message);
    }
}

/// "did you mean", or what there is to choose from.
pub(super) fn hint(word: &str, known: &[&str]) -> String {
    match spelling::nearest(word, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of `{}`", known.join("`, `")),
    }
}
