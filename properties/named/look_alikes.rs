//! Mistakes that look-alikes of IAM make, each by deciding other policies, or another request, than were asked.

use iamproof::crosscheck::external::Answer;
use iamproof::iam::condition::{BaseOperator, Existence, Quantifier};
use iamproof::iam::context::ContextValue;
use iamproof::iam::decision::Decision;
use iamproof::iam::layers::Layers;
use iamproof::iam::policy::{Effect, Policy, Selection, Version};
use iamproof::iam::principal::PrincipalEntry;
use iamproof::iam::request::{Caller, Request};

use super::changed::{
    as_prefix, is_negated, nobody, with_context, with_entries, with_layers, with_operator, with_principals,
    with_statements,
};
use super::right;

pub(super) type Deciding = fn(&Layers, &Request) -> Answer;

/// What a look-alike does, how, and by which rules and words it must be named.
pub(super) const LOOK_ALIKES: &[(&str, Deciding, &str, &str)] = &[
    (
        "StringEquals ignores case",
        |layers, request| {
            with_operator(layers, request, BaseOperator::StringEquals, BaseOperator::StringEqualsIgnoreCase)
        },
        "COND-14",
        "letter case of a value under StringEquals",
    ),
    (
        "StringLike matches prefixes only",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if entry.operator.base == BaseOperator::StringLike {
                    entry.values.iter_mut().for_each(as_prefix);
                }
            })
        },
        "COND-15",
        "StringLike",
    ),
    (
        "a Resource is a prefix",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.resource
                {
                    listed.iter_mut().for_each(as_prefix);
                }
            })
        },
        "GLOB-1 RES-1",
        "Resource whose pattern ends before the text does",
    ),
    (
        "an Action is a prefix",
        |layers, request| {
            with_statements(layers, request, |statement| {
                let (Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.action;
                listed.iter_mut().filter(|text| !text.starts_with('*')).for_each(as_prefix);
            })
        },
        "ACT-2 ACT-3 ACT-4",
        "Action ",
    ),
    (
        "a block of addresses is its first address",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if entry.operator.base.name().contains("IpAddress") {
                    entry.values.iter_mut().for_each(|value| {
                        *value = value.split('/').next().unwrap_or_default().to_owned();
                    });
                }
            })
        },
        "COND-30",
        "IpAddress",
    ),
    (
        "Null is not read",
        |layers, request| {
            with_statements(layers, request, |statement| {
                statement.condition.retain(|entry| entry.operator.base != BaseOperator::Null);
            })
        },
        "COND-12",
        "Null",
    ),
    (
        "conditions of a Deny are not read",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if statement.effect == Effect::Deny {
                    statement.condition.clear();
                }
            })
        },
        "COND-1",
        "a Condition that does not hold",
    ),
    (
        "seconds are no date",
        |layers, request| {
            with_context(layers, request, |value| match value {
                ContextValue::Single(text) if text.len() == 10 && text.starts_with("17040") => {
                    ContextValue::Single("never".to_owned())
                }
                ContextValue::Single(_) | ContextValue::Many(_) => value.clone(),
            })
        },
        "COND-25",
        "Date",
    ),
    (
        "a date's offset is dropped",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if entry.operator.base.name().starts_with("Date") {
                    entry.values.iter_mut().for_each(|value| {
                        *value = value.replace("+01:00", "Z").replace("-01:00", "Z");
                    });
                }
            })
        },
        "COND-25",
        "a date with an offset",
    ),
    (
        "NotAction of a Deny is its Action",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if let (Effect::Deny, Selection::AllExcept(listed)) = (statement.effect, &statement.action) {
                    statement.action = Selection::Only(listed.clone());
                }
            })
        },
        "ACT-5",
        "NotAction",
    ),
    (
        "NotResource is not read",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if let Some(Selection::AllExcept(_)) = &statement.resource {
                    statement.resource = Some(Selection::Only(vec!["*".to_owned()]));
                }
            })
        },
        "RES-5",
        "NotResource",
    ),
    (
        "of a list the first value alone counts",
        |layers, request| {
            with_context(layers, request, |value| match value {
                ContextValue::Many(values) => ContextValue::Many(values.iter().take(1).cloned().collect()),
                ContextValue::Single(_) => value.clone(),
            })
        },
        "COND-11",
        "a list of several",
    ),
    (
        "a list without set operator is its first value",
        |layers, request| {
            let mut request = request.clone();
            let has_set_operators =
                layers.documents().flat_map(|(.., policy)| &policy.statements).any(|statement| {
                    statement.condition.iter().any(|entry| {
                        entry.operator.quantifier != Quantifier::None
                            || entry.operator.base == BaseOperator::Null
                    })
                });
            for (key, value) in request.context.clone().entries() {
                if let ContextValue::Many(values) = value
                    && let Some(first) = values.first()
                    && !first.is_empty()
                    && !has_set_operators
                {
                    request.context.set(key.clone(), ContextValue::Single(first.clone()));
                }
            }
            right(layers, &request)
        },
        "COND-10",
        "without set prefix on a list",
    ),
    (
        "IfExists is dropped from negated operators",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if is_negated(entry.operator.base) && entry.operator.quantifier == Quantifier::ForAnyValue {
                    entry.operator.existence = Existence::Required;
                }
            })
        },
        "COND-8",
        "IfExists on a missing key",
    ),
    (
        "a negated text operator needs its key",
        |layers, request| {
            with_statements(layers, request, |statement| {
                let needs = statement.condition.iter().any(|entry| {
                    entry.operator.base.name().starts_with("StringNot")
                        && entry.operator.quantifier == Quantifier::None
                        && entry.operator.existence == Existence::Required
                        && request.context.value(&entry.key).is_none()
                });
                if needs {
                    statement.action = Selection::Only(vec!["sts:Nothing".to_owned()]);
                }
            })
        },
        "COND-7",
        "a negated operator on a missing key",
    ),
    (
        "the account of a Principal is not known",
        |layers, request| {
            with_principals(layers, request, |entry| {
                let is_account =
                    matches!(entry, PrincipalEntry::AccountId(_) | PrincipalEntry::AccountRoot { .. });
                if is_account { nobody() } else { entry.clone() }
            })
        },
        "PRIN-4 PRIN-9 EVAL-18 EVAL-12 EVAL-17 EVAL-13 GRAM-26",
        "account",
    ),
    (
        "a service as a Principal is not known",
        |layers, request| {
            with_principals(layers, request, |entry| {
                if matches!(entry, PrincipalEntry::Service(_)) { nobody() } else { entry.clone() }
            })
        },
        "PRIN-11 EVAL-19 PRIN-9 PRIN-2",
        "service",
    ),
    (
        "a session's ARN names its role",
        |layers, request| {
            with_principals(layers, request, |entry| match (entry, &request.caller) {
                (PrincipalEntry::AssumedRole(arn), Caller::RoleSession { role, .. })
                    if arn.contains(&format!(":assumed-role/{}/", role.name))
                        && arn.contains(&role.account) =>
                {
                    PrincipalEntry::Role(role.arn("role"))
                }
                (other, _) => other.clone(),
            })
        },
        "PRIN-5 EVAL-11 EVAL-12 EVAL-13 PRIN-9 PRIN-2",
        "role session",
    ),
    (
        "SCPs do not bind root",
        |layers, request| {
            with_layers(layers, request, |layers| {
                if matches!(request.caller, Caller::Root { .. }) {
                    layers.scps = None;
                }
            })
        },
        "EVAL-1 EVAL-21",
        "a root user",
    ),
    (
        "SCPs count at the organization's root alone",
        |layers, request| {
            with_layers(layers, request, |layers| {
                if let Some(levels) = &mut layers.scps {
                    levels.truncate(1);
                }
            })
        },
        "EVAL-1 EVAL-21",
        "SCPs: ",
    ),
    (
        "SCPs of one level are enough",
        |layers, request| {
            with_layers(layers, request, |layers| {
                if let Some(levels) = &mut layers.scps {
                    *levels = vec![levels.concat()];
                }
            })
        },
        "EVAL-21",
        "SCPs: ",
    ),
    (
        "RCPs are not read",
        |layers, request| with_layers(layers, request, |layers| layers.rcps = None),
        "EVAL-1",
        "RCPs: Deny",
    ),
    (
        "a boundary grants",
        |layers, request| {
            with_layers(layers, request, |layers| {
                layers.identity.extend(layers.boundary.clone());
            })
        },
        "EVAL-13",
        "the boundary: Allow",
    ),
    (
        "a boundary is not read",
        |layers, request| with_layers(layers, request, |layers| layers.boundary = None),
        "EVAL-13 EVAL-1",
        "the boundary: ",
    ),
    (
        "an endpoint's policy is not read",
        |layers, request| with_layers(layers, request, |layers| layers.endpoint = None),
        "EVAL-24 EVAL-1",
        "the endpoint's policy: ",
    ),
    (
        "a resource's policy is not read",
        |layers, request| with_layers(layers, request, |layers| layers.resource = None),
        "EVAL-1 EVAL-11 EVAL-12 EVAL-16 EVAL-17 EVAL-18 EVAL-19",
        "the resource's policy: ",
    ),
    (
        "across accounts the identity policies are enough",
        |layers, request| {
            let mut request = request.clone();
            if !request.resource.starts_with("arn:aws:iam") && !request.resource.starts_with("arn:aws:kms") {
                request.resource_account = request.caller.account().map(str::to_owned);
            }
            right(layers, &request)
        },
        "EVAL-17",
        "of another account",
    ),
    (
        "every denial is explicit",
        |layers, request| {
            let answer = right(layers, request);
            let implicit = answer == Answer::Decision(Decision::ImplicitDeny);
            if implicit { Answer::Decision(Decision::ExplicitDeny) } else { answer }
        },
        "EVAL-13 EVAL-17",
        "DENY_IMPLICIT_",
    ),
    (
        "the first statement that matches decides",
        |layers, request| {
            with_layers(layers, request, |layers| {
                let statements = layers.identity.iter().flat_map(|policy| {
                    policy
                        .statements
                        .iter()
                        .map(|statement| Policy { statements: vec![statement.clone()], ..policy.clone() })
                });
                let speaks = |policy: &Policy| {
                    let alone = Layers { identity: vec![policy.clone()], ..Layers::default() };
                    right(&alone, request) != Answer::Decision(Decision::ImplicitDeny)
                };
                let first: Option<Policy> = { statements }.find(speaks);
                layers.identity = first.into_iter().collect();
            })
        },
        "EVAL-1",
        "Deny and Allow",
    ),
    (
        "an escape is a variable without value",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.resource
                {
                    listed.iter_mut().for_each(|text| *text = text.replace("${*}", "${iamproof:gone}"));
                }
            })
        },
        "VAR-4",
        "an escape",
    ),
    (
        "Bool is true of whatever is there",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if entry.operator.base == BaseOperator::Bool
                    && entry.operator.quantifier == Quantifier::None
                    && entry.operator.existence == Existence::Required
                {
                    entry.operator.base = BaseOperator::Null;
                    entry.values = vec!["false".to_owned()];
                }
            })
        },
        "COND-28 COND-21",
        "Bool on a value that is no truth value",
    ),
    (
        "DateGreaterThanEquals excludes its end",
        |layers, request| {
            with_operator(layers, request, BaseOperator::DateGreaterThanEquals, BaseOperator::DateGreaterThan)
        },
        "COND-25",
        "DateLessThanEquals or DateGreaterThanEquals",
    ),
    (
        "NumericLessThanEquals excludes its end",
        |layers, request| {
            with_operator(layers, request, BaseOperator::NumericLessThanEquals, BaseOperator::NumericLessThan)
        },
        "COND-22",
        "NumericLessThanEquals or NumericGreaterThanEquals",
    ),
    (
        "a document without Version has variables",
        |layers, request| {
            with_layers(layers, request, |layers| {
                layers
                    .documents_mut()
                    .map(|(_, policy)| policy)
                    .filter(|policy| policy.version == Version::Absent)
                    .for_each(|policy| {
                        policy.version = Version::V2012;
                    });
            })
        },
        "VAR-2",
        "before Version 2012-10-17",
    ),
    (
        "variables in conditions are plain text",
        |layers, request| {
            with_layers(layers, request, |layers| {
                for policy in layers
                    .documents_mut()
                    .map(|(_, policy)| policy)
                    .filter(|policy| policy.version == Version::V2012)
                {
                    for entry in policy.statements.iter_mut().flat_map(|statement| &mut statement.condition) {
                        for value in entry.values.iter_mut().filter(|value| !value.contains("${*}")) {
                            *value = value.replace("${", "${$}{");
                        }
                    }
                }
            })
        },
        "VAR-5 VAR-7 VAR-10 VAR-13",
        "in a condition",
    ),
    (
        "ArnLike is StringLike",
        |layers, request| with_operator(layers, request, BaseOperator::ArnLike, BaseOperator::StringLike),
        "COND-32 COND-33",
        "an Arn operator",
    ),
    (
        "of several conditions the first alone counts",
        |layers, request| with_statements(layers, request, |statement| statement.condition.truncate(1)),
        "COND-2",
        "several",
    ),
];
