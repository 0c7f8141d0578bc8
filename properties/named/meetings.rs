//! Mistakes that show only for one kind of value, in one layer, or where two things meet, each by deciding other policies, or another request, than were
//! asked.

use iamproof::crosscheck::external::Answer;
use iamproof::iam::condition::BaseOperator;
use iamproof::iam::context::ContextValue;
use iamproof::iam::key::KeyName;
use iamproof::iam::layers::{Layer, Layers};
use iamproof::iam::policy::{Effect, Selection, Statement, Version};
use iamproof::iam::principal::{PrincipalEntry, Principals};
use iamproof::iam::request::{Caller, Request};

use super::changed::{nobody, with_context, with_entries, with_layers, with_principals, with_statements};
use super::look_alikes::Deciding;
use super::right;

/// What a look-alike does, how, and by which rules and words it must be named.
pub(super) const MEETINGS: &[(&str, Deciding, &str, &str)] = &[
    (
        "a dot in a pattern is any character",
        |layers, request| {
            with_statements(layers, request, |statement| {
                each_pattern(statement, |text| {
                    if !text.contains("${") {
                        *text = text.replace('.', "?");
                    }
                });
            })
        },
        "GLOB-1 COND-15",
        "special in regular expressions",
    ),
    (
        "a sharp s is two letters where case is ignored",
        |layers, request| {
            let has = layers.documents().flat_map(|(.., policy)| &policy.statements).any(|statement| {
                statement.condition.iter().any(|entry| entry.operator.base.name().ends_with("IgnoreCase"))
            });
            let mut layers = layers.clone();
            for statement in layers.documents_mut().flat_map(|(_, policy)| &mut policy.statements) {
                for entry in statement.condition.iter_mut().filter(|_| has) {
                    entry.values.iter_mut().for_each(|text| *text = text.replace('\u{df}', "ss"));
                }
            }
            with_context(&layers, request, |value| match value {
                ContextValue::Single(text) if has => ContextValue::Single(text.replace('\u{df}', "ss")),
                ContextValue::Single(_) | ContextValue::Many(_) => value.clone(),
            })
        },
        "COND-16",
        "a character outside ASCII",
    ),
    (
        "wildcards in a default are some",
        |layers, request| {
            let defaults = [("*", "aws:PrincipalTag/team"), ("a?", "svc:color"), ("r*", "svc:color")];
            with_variable_texts(layers, request, |text| {
                for (default, key) in defaults {
                    if request.context.value(&KeyName::new(key)).is_none() {
                        *text = text.replace(&format!("${{{key}, '{default}'}}"), default);
                    }
                }
            })
        },
        "VAR-6 VAR-7",
        "the default of a policy variable whose key is missing",
    ),
    (
        "of the variables of a text two are read",
        |layers, request| {
            with_variable_texts(layers, request, |text| {
                if text.matches("${aws:").count() > 2 {
                    text.push_str("${iamproof:gone}");
                }
            })
        },
        "VAR-5",
        "three or more policy variables",
    ),
    (
        "of the values of a condition two are read",
        |layers, request| with_entries(layers, request, |entry| entry.values.truncate(2)),
        "COND-3 COND-6 COND-11",
        "several values",
    ),
    (
        "of the values of Null one is read",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if entry.operator.base == BaseOperator::Null {
                    entry.values.truncate(1);
                }
            })
        },
        "COND-12",
        "Null: ",
    ),
    (
        "texts are trimmed",
        |layers, request| with_context_of(layers, request, "String", |text| text.trim().to_owned()),
        "COND-14 COND-15 COND-16 GLOB-1",
        "a blank",
    ),
    (
        "no date is before 1970",
        |layers, request| {
            with_context_of(layers, request, "Date", |text| {
                let is_early = text.starts_with("1969-") || text.starts_with('-');
                if is_early { "never" } else { text }.to_owned()
            })
        },
        "COND-25",
        "before 1970",
    ),
    (
        "the minutes of an offset are dropped",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if entry.operator.base.name().starts_with("Date") {
                    entry.values.iter_mut().for_each(|value| {
                        *value = value.replace("+05:30", "+05:00").replace("-03:30", "-03:00");
                    });
                }
            })
        },
        "COND-25",
        "a date with an offset",
    ),
    (
        "long numbers of seconds are milliseconds",
        |layers, request| {
            with_context_of(layers, request, "Date", |text| text.replace("1704067200000", "1704067200"))
        },
        "COND-25",
        "over seconds since 1970",
    ),
    (
        "all of IPv6 is its first address",
        |layers, request| {
            with_entries(layers, request, |entry| {
                if entry.operator.base.name().contains("IpAddress") {
                    entry.values.iter_mut().for_each(|value| *value = value.replace("::/0", "::/128"));
                }
            })
        },
        "COND-30",
        "over all of IPv6",
    ),
    (
        "the last address of a block is none of it",
        |layers, request| {
            with_context(layers, request, |value| match value {
                ContextValue::Single(text) if text == "203.0.113.255" => {
                    ContextValue::Single("198.51.100.1".to_owned())
                }
                ContextValue::Single(_) | ContextValue::Many(_) => value.clone(),
            })
        },
        "COND-30",
        "IPv4",
    ),
    (
        "the Condition of an endpoint's policy is not read",
        |layers, request| {
            with_layers(layers, request, |layers| {
                for (_, policy) in layers.documents_mut().filter(|(layer, _)| *layer == Layer::Endpoint) {
                    policy.statements.iter_mut().for_each(|statement| statement.condition.clear());
                }
            })
        },
        "COND-1",
        "a Condition that does not hold",
    ),
    (
        "variables in SCPs are plain text",
        |layers, request| {
            with_layers(layers, request, |layers| {
                let scps = layers.documents_mut().filter(|(layer, _)| matches!(layer, Layer::Scp { .. }));
                for statement in { scps }.flat_map(|(_, policy)| &mut policy.statements) {
                    each_pattern(statement, |text| {
                        *text = text.replace("${aws:", "${$}{aws:");
                    });
                }
            })
        },
        "VAR-5 VAR-7 VAR-8 VAR-9 VAR-10 VAR-13",
        "policy variable",
    ),
    (
        "NotPrincipal makes the Condition void",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if let Some(Selection::AllExcept(_)) = statement.principal {
                    statement.condition.clear();
                }
            })
        },
        "PRIN-9",
        "NotPrincipal ",
    ),
    (
        "a Deny with NotAction and NotResource hits what one of them hits",
        |layers, request| {
            with_layers(layers, request, |layers| {
                for (_, policy) in layers.documents_mut() {
                    let both: Vec<Statement> = policy
                        .statements
                        .iter()
                        .filter(|statement| {
                            statement.effect == Effect::Deny
                                && matches!(statement.action, Selection::AllExcept(_))
                                && matches!(statement.resource, Some(Selection::AllExcept(_)))
                        })
                        .cloned()
                        .collect();
                    for statement in both {
                        let everything = || vec!["*".to_owned()];
                        policy
                            .statements
                            .push(Statement { action: Selection::Only(everything()), ..statement.clone() });
                        policy
                            .statements
                            .push(Statement { resource: Some(Selection::Only(everything())), ..statement });
                    }
                }
            })
        },
        "ACT-5 RES-5",
        "Not",
    ),
    (
        "of several principals the first is read",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if let Some(Selection::Only(Principals { entries })) = &mut statement.principal {
                    entries.truncate(1);
                }
            })
        },
        "PRIN-2 PRIN-4 PRIN-5 PRIN-6",
        "Principal ",
    ),
    (
        "a service of a region is the service",
        |layers, request| {
            with_principals(layers, request, |entry| {
                if let PrincipalEntry::Service(name) = entry {
                    PrincipalEntry::Service(name.replace(".us-east-1", ""))
                } else {
                    entry.clone()
                }
            })
        },
        "PRIN-11 PRIN-9",
        "ervice",
    ),
    (
        "NotPrincipal exempts a session whose role is listed",
        |layers, request| {
            with_statements(layers, request, |statement| {
                if let (
                    Some(Selection::AllExcept(Principals { entries })),
                    Caller::RoleSession { role, session },
                ) = (&mut statement.principal, &request.caller)
                    && entries.contains(&PrincipalEntry::Role(role.arn("role")))
                {
                    let arn = format!(
                        "arn:{}:sts::{}:assumed-role/{}/{session}",
                        role.partition, role.account, role.name
                    );
                    entries.push(PrincipalEntry::AssumedRole(arn));
                }
            })
        },
        "PRIN-9",
        "for role session",
    ),
    (
        "a key of another account needs no policy for sessions of roles",
        |layers, request| {
            with_layers(layers, request, |layers| {
                let is_foreign = |own: &str| !request.resource.contains(&format!(":{own}:"));
                if let (Caller::RoleSession { role, .. }, Some(policy)) =
                    (&request.caller, &mut layers.resource)
                    && request.resource.starts_with("arn:aws:kms:")
                    && is_foreign(&role.account)
                {
                    let entries = vec![PrincipalEntry::AccountId(role.account.clone())];
                    policy.statements.push(Statement {
                        sid: None,
                        effect: Effect::Allow,
                        principal: Some(Selection::Only(Principals { entries })),
                        action: Selection::Only(vec!["kms:*".to_owned()]),
                        resource: Some(Selection::Only(vec!["*".to_owned()])),
                        condition: Vec::new(),
                    });
                }
            })
        },
        "EVAL-17",
        "role session of another account, on a key",
    ),
    (
        "of several session policies the first is read",
        |layers, request| {
            with_layers(layers, request, |layers| {
                if let Some(session) = &mut layers.session {
                    session.truncate(1);
                }
            })
        },
        "EVAL-1 EVAL-13 EVAL-17",
        "session policies (2 documents)",
    ),
    (
        "a level of SCPs without documents allows",
        |layers, request| {
            with_layers(layers, request, |layers| {
                if let Some(levels) = &mut layers.scps {
                    levels.retain(|level| !level.is_empty());
                    if levels.is_empty() {
                        layers.scps = None;
                    }
                }
            })
        },
        "EVAL-21",
        "SCPs: ",
    ),
    (
        "RCPs bind no service",
        |layers, request| {
            with_layers(layers, request, |layers| {
                if matches!(request.caller, Caller::Service { .. }) {
                    layers.rcps = None;
                }
            })
        },
        "EVAL-1",
        "a service",
    ),
    (
        "a user's ARN is nobody's where another account owns the resource",
        |layers, request| {
            let foreign = request.resource_account.is_some()
                && request.resource_account.as_deref() != request.caller.account();
            with_principals(layers, request, |entry| {
                let is_lost = foreign && matches!(entry, PrincipalEntry::User(_));
                if is_lost { nobody() } else { entry.clone() }
            })
        },
        "PRIN-6 PRIN-2 EVAL-17 PRIN-9",
        "user",
    ),
];

/// Decides with every pattern changed in which variables are some (VAR-2).
fn with_variable_texts(layers: &Layers, request: &Request, change: impl Fn(&mut String)) -> Answer {
    with_layers(layers, request, |layers| {
        let documents = layers.documents_mut().map(|(_, policy)| policy);
        for policy in documents.filter(|policy| policy.version == Version::V2012) {
            policy.statements.iter_mut().for_each(|statement| each_pattern(statement, &change));
        }
    })
}

/// Decides with other values in the context, if conditions have operators of this family and no others.
fn with_context_of(
    layers: &Layers,
    request: &Request,
    family: &str,
    change: impl Fn(&str) -> String,
) -> Answer {
    let mut entries = layers
        .documents()
        .flat_map(|(.., policy)| &policy.statements)
        .flat_map(|statement| &statement.condition);
    if !entries.all(|entry| entry.operator.base.name().starts_with(family)) {
        return right(layers, request);
    }
    with_context(layers, request, |value| match value {
        ContextValue::Single(text) => ContextValue::Single(change(text)),
        ContextValue::Many(_) => value.clone(),
    })
}

fn each_pattern(statement: &mut Statement, change: impl Fn(&mut String)) {
    if let Some(Selection::Only(listed) | Selection::AllExcept(listed)) = &mut statement.resource {
        listed.iter_mut().for_each(&change);
    }
    let are_patterns =
        |base: BaseOperator| matches!(base, BaseOperator::StringLike | BaseOperator::StringNotLike);
    for entry in statement.condition.iter_mut().filter(|entry| are_patterns(entry.operator.base)) {
        entry.values.iter_mut().for_each(&change);
    }
}
