//! Action and Resource by what it is about their patterns that decides: named by how a pattern and the request's text relate, which is asked of the
//! built-in evaluator, one changed pattern at a time.

use super::construct::{Cause, cause_of_variable, wildcards};
use super::neutral::{anything, matches};
use crate::iam::policy::{Selection, Statement, Version};
use crate::iam::request::Request;

/// Resource or NotResource, by the oddest thing about the texts.
pub(super) fn cause_of_resource(
    resource: &Selection<Vec<String>>,
    version: Version,
    request: &Request,
) -> Cause {
    let (name, listed) = match resource {
        Selection::Only(listed) => ("Resource", listed),
        Selection::AllExcept(listed) => ("NotResource", listed),
    };
    if let Some(cause) = listed.iter().find_map(|text| cause_of_variable(text, version, request)) {
        return Cause::new(format!("{} in {name}", cause.construct), cause.rule);
    }
    if listed.len() > 1 {
        let rule = if name == "Resource" { "RES-1" } else { "RES-5" };
        return Cause::new(format!("{name} with several patterns"), rule);
    }
    if name == "NotResource" {
        return Cause::new("NotResource", "RES-5");
    }
    let Some(pattern) = listed.first() else { return Cause::new(name, "RES-1") };
    if request.resource == "*" && pattern != "*" {
        return Cause::new("Resource other than `*` for a request on `*`", "RES-6");
    }
    if pattern == "*" {
        return Cause::new("Resource `*`", "RES-4");
    }
    if pattern.split(':').count() < 6 {
        return Cause::new("Resource with fewer than six fields", "RES-3");
    }
    let does = |pattern: String| {
        let resource = Some(Selection::Only(vec![pattern]));
        matches(version, Statement { resource, ..anything() }, request) == Some(true)
    };
    let what = relation(pattern, &does).unwrap_or_else(|| wildcards(pattern));
    Cause::new(format!("Resource {what}"), if what.contains('`') { "GLOB-1" } else { "RES-1" })
}

/// Action or NotAction.
pub(super) fn cause_of_action(action: &Selection<Vec<String>>, request: &Request) -> Cause {
    let listed = match action {
        Selection::Only(listed) if listed.len() > 1 => {
            return Cause::new("Action with several patterns", "ACT-4");
        }
        Selection::Only(listed) => listed,
        Selection::AllExcept(listed) if listed.len() > 1 => {
            return Cause::new("NotAction with several patterns", "ACT-5");
        }
        Selection::AllExcept(_) => return Cause::new("NotAction", "ACT-5"),
    };
    let Some(pattern) = listed.first() else { return Cause::new("Action", "ACT-4") };
    let Some((service, name)) = pattern.split_once(':') else {
        return Cause::new(format!("Action {}", wildcards(pattern)), "ACT-2");
    };
    if service == "*" {
        return Cause::new("Action of any service (`*:Name`)", "ACT-2");
    }
    let own = request.action.split(':').next().unwrap_or_default();
    let does = |pattern: String| {
        let action = Selection::Only(vec![pattern]);
        matches(Version::V2012, Statement { action, ..anything() }, request) == Some(true)
    };
    if !service.eq_ignore_ascii_case(own) && does(format!("{own}:{name}")) {
        return Cause::new("Action of another service with the same name", "ACT-2");
    }
    let what = relation(name, &|name| does(format!("{service}:{name}"))).unwrap_or_else(|| wildcards(name));
    let rule = match what {
        what if what.contains("`?`") => "ACT-3",
        what if what.contains('`') => "ACT-2",
        _ => "ACT-4",
    };
    Cause::new(format!("Action {what}"), rule)
}

/// How the pattern, which does or does not match, is near to the contrary.
fn relation(pattern: &str, does: &dyn Fn(String) -> bool) -> Option<&'static str> {
    if does(pattern.to_owned()) {
        let needs_nothing = pattern.contains('*') && !does(pattern.replace('*', "?*"));
        return needs_nothing.then_some("with `*` over no character");
    }
    let has = pattern.contains('?');
    match () {
        () if has && (does(pattern.replacen('?', "", 1)) || does(pattern.replace('?', ""))) => {
            Some("with `?` over no character")
        }
        () if does(format!("{pattern}*")) => Some("whose pattern ends before the text does"),
        () if has && does(pattern.replace('?', "*")) => Some("with `?` over several characters"),
        () => None,
    }
}
