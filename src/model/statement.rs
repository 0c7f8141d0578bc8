//! Statements and documents: which requests they match, and what a set of documents says to them (ACT, RES, EVAL-3).

use super::arn;
use super::combination::{Hearing, Said, Voice, matched, selected};
use super::condition::{self, Entry};
use super::entry_readings;
use super::principal::{self, Around, Carrier, Grants};
use super::problem::Problem;
use super::readings::choose;
use super::regular::{Case, Reach, glob, sequence};
use super::request::SymbolicRequest;
use super::variable::{Part, Values, has_values, matches_pattern, matches_taken, template, tokens};
use crate::iam::assumption::Alternative;
use crate::iam::pattern::{Token, tokens_without_variables};
use crate::iam::policy::{Effect, Policy, Selection, Statement, Version};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::regular::Regular;

/// The formulas of one statement.
#[derive(Clone, Debug)]
pub struct StatementFormulas {
    /// Allow or Deny.
    pub effect: Effect,
    /// Holds for exactly the requests that the statement matches.
    pub matched: Formula,
    /// Holds iff the Action or NotAction element does its part.
    pub action: Formula,
    /// Holds iff the Resource or NotResource element does; always, where there is none.
    pub resource: Formula,
    /// Holds iff the Principal or NotPrincipal element does; always, where there is none.
    pub principal: Formula,
    /// For each entry of the Condition element, in its order, the formula that holds iff it is true.
    pub entries: Vec<Formula>,
    /// The kinds of grant by which a Principal element names the caller, whatever the other elements say.
    pub grants: Grants,
}

impl StatementFormulas {
    /// The statement as its set hears it.
    pub fn voice(&self) -> Voice {
        Voice { effect: self.effect, matched: self.matched, grants: self.grants }
    }
}

/// The formulas of a set of documents.
#[derive(Clone, Debug)]
pub struct SetFormulas {
    /// Holds iff some Allow statement matches.
    pub allow: Formula,
    /// Holds iff some Deny statement matches.
    pub deny: Formula,
    /// The kinds of grant by which matching Allow statements name the caller.
    pub grants: Grants,
    /// The statements, document by document.
    pub statements: Vec<StatementFormulas>,
}

impl SetFormulas {
    /// What the set says.
    pub fn said(&self) -> Said {
        Said { allow: self.allow, deny: self.deny, grants: self.grants }
    }
}

/// The formulas of a set of documents.
///
/// # Errors
///
/// [`Problem`] where a document says what formulas cannot say; its pointer begins with the document's index.
// Rules: EVAL-1, EVAL-3.
pub fn set(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    policies: &[Policy],
    around: Around,
) -> Result<SetFormulas, Problem> {
    let mut statements = Vec::new();
    let mut heard = Hearing::default();
    for (index, policy) in policies.iter().enumerate() {
        let found = document(formulas, request, policy, around).map_err(|problem| problem.within(index))?;
        heard.join(hearing(formulas, &found));
        statements.extend(found);
    }
    let Said { allow, deny, grants } = heard.said(formulas);
    Ok(SetFormulas { allow, deny, grants, statements })
}

/// What a document's statements say.
fn hearing(formulas: &mut Formulas, statements: &[StatementFormulas]) -> Hearing {
    let mut heard = Hearing::default();
    for statement in statements {
        heard.hear(formulas, statement.voice());
    }
    heard
}

/// Holds for exactly the requests that the document allows by itself: some Allow matches and no Deny does.
///
/// # Errors
///
/// [`Problem`] where the document says what formulas cannot say.
pub fn document_allows(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    policy: &Policy,
) -> Result<Formula, Problem> {
    let statements = document(formulas, request, policy, Around::NOTHING)?;
    Ok(hearing(formulas, &statements).said(formulas).allows(formulas))
}

/// The formulas of a document's statements, in their order.
///
/// # Errors
///
/// [`Problem`] where the document says what formulas cannot say.
pub fn document(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    policy: &Policy,
    around: Around,
) -> Result<Vec<StatementFormulas>, Problem> {
    policy
        .statements
        .iter()
        .enumerate()
        .map(|(index, statement)| {
            matches(formulas, request, statement, policy.version, around)
                .map_err(|problem| problem.within(index).within("Statement"))
        })
        .collect()
}

/// The formulas of one statement of a document of this Version.
///
/// # Errors
///
/// [`Problem`] where the statement says what formulas cannot say.
// Rules: COND-1, COND-2, RES-7.
pub fn matches(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    statement: &Statement,
    version: Version,
    around: Around,
) -> Result<StatementFormulas, Problem> {
    let action = action(formulas, request, &statement.action)?;
    let resource = match &statement.resource {
        Some(selection) => resource(formulas, request, selection, version)?,
        None => formulas.verum(),
    };
    let (principal, grants) = match &statement.principal {
        Some(selection) => {
            let carrier = if statement.resource.is_some() { Carrier::Other } else { Carrier::Role };
            principal::matches(formulas, request, selection, carrier, around)?
        }
        None => (formulas.verum(), Grants::none(formulas)),
    };
    let mut entries = Vec::with_capacity(statement.condition.len());
    for entry in &statement.condition {
        let entry = Entry { entry, version, effect: statement.effect };
        entries.push(condition::entry(formulas, request, entry)?);
    }
    let matched = matched(formulas, [action, resource, principal], entries.iter().copied());
    Ok(StatementFormulas { effect: statement.effect, matched, action, resource, principal, entries, grants })
}

/// Holds iff the Action or NotAction element does its part.
// Rules: ACT-4, ACT-5.
fn action(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    selection: &Selection<Vec<String>>,
) -> Result<Formula, Problem> {
    let mut listed = Vec::with_capacity(selection.listed().len());
    for (index, pattern) in selection.listed().iter().enumerate() {
        request.spells(pattern);
        let name = name_of(selection, "Action", "NotAction");
        listed.push(
            action_pattern(formulas, request, pattern)
                .map_err(|problem| problem.within(index).within(name))?,
        );
    }
    let some = formulas.or(listed);
    Ok(selected(formulas, selection, some))
}

/// Holds iff the pattern matches the action.
///
/// An action is `service:Name` with its first colon between the two; so `*:name` is anything but colons, a colon, and the name.
// Rules: ACT-1, ACT-2, ACT-3.
fn action_pattern(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    pattern: &str,
) -> Result<Formula, Problem> {
    if pattern == "*" {
        return Ok(formulas.verum());
    }
    let folded = pattern.to_ascii_lowercase();
    let Some((service, name)) = folded.split_once(':') else {
        return Err(Problem::not_well_formed(format!("`{pattern}` is no action pattern")));
    };
    let language = if service == "*" {
        let name = glob(&tokens_without_variables(name), Reach::Everywhere, Case::Sensitive);
        sequence([Reach::WithinField.anything(), Regular::text(":"), name])
    } else if service.contains(['*', '?']) {
        return Err(Problem::not_well_formed(format!("`{pattern}` has a wildcard in its service")));
    } else {
        glob(&tokens_without_variables(&folded), Reach::Everywhere, Case::Sensitive)
    };
    Ok(formulas.in_language(request.action, language))
}

/// Holds iff the Resource or NotResource element does its part.
///
/// A member with a variable that has no value matches nothing: under Resource the others still count, under NotResource it excludes nothing.
// Rules: RES-5, VAR-8.
fn resource(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    selection: &Selection<Vec<String>>,
    version: Version,
) -> Result<Formula, Problem> {
    let mut listed = Vec::with_capacity(selection.listed().len());
    for (index, pattern) in selection.listed().iter().enumerate() {
        let name = name_of(selection, "Resource", "NotResource");
        listed.push(
            resource_pattern(formulas, request, pattern, version)
                .map_err(|problem| problem.within(index).within(name))?,
        );
    }
    let some = formulas.or(listed);
    let result = selected(formulas, selection, some);
    if !request.readings.may_take(formulas, Alternative::UnresolvedVoidsStatement) {
        return Ok(result);
    }
    let mut resolved = Vec::with_capacity(selection.listed().len());
    for pattern in selection.listed() {
        resolved.push(has_values(formulas, request, &tokens(pattern, version)?));
    }
    let resolved = formulas.and(resolved);
    Ok(entry_readings::selection(formulas, &request.readings, resolved, result))
}

/// Holds iff the pattern, its variables replaced, matches the whole text of the resource.
///
/// Other readings of D-22 keep some wildcards within their segment, one of D-23 lets no short pattern match.
// Rules: RES-1, RES-2, RES-3, RES-4, RES-6, RES-8, VAR-1, VAR-2, VAR-3.
fn resource_pattern(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    pattern: &str,
    version: Version,
) -> Result<Formula, Problem> {
    let tokens = tokens(pattern, version)?;
    if !tokens.is_empty() && tokens.iter().all(|token| *token == Token::Star) {
        return Ok(formulas.verum());
    }
    let template = template(&tokens, Reach::Everywhere, Case::Sensitive);
    let resource = request.resource;
    let decided = matches_pattern(formulas, request, resource, &template)?;
    let fields = arn::cut(&tokens);
    let mut result = decided;
    for reading in [Alternative::ResourceBySegment, Alternative::ResourceByField] {
        if request.readings.may_take(formulas, reading) {
            let other = if reading == Alternative::ResourceBySegment {
                by_segment(formulas, request, &fields)?
            } else if fields.len() == 6 {
                matches_pattern(formulas, request, resource, &arn::by_field(&fields))?
            } else {
                // A pattern of fewer fields is as decided.
                continue;
            };
            let taken = request.readings.takes(reading);
            result = choose(formulas, taken, other, result);
        }
    }
    if fields.len() < 6 {
        result = request.readings.unless(formulas, &[Alternative::ShortResourceNever], result);
    }
    Ok(result)
}

/// Holds iff the resource is matched by the pattern of these segments, only a `*` at the end of one passing colons.
// Rules: RES-1, VAR-6.
fn by_segment(
    formulas: &mut Formulas,
    request: &mut SymbolicRequest,
    segments: &[Vec<Token>],
) -> Result<Formula, Problem> {
    let resource = request.resource;
    let some = |formulas: &mut Formulas, request: &mut SymbolicRequest, values| -> Result<Formula, Problem> {
        let templates: Vec<Vec<Part>> = arn::by_segment(segments, values)?;
        let mut ways = Vec::with_capacity(templates.len());
        for template in &templates {
            ways.push(matches_taken(formulas, request, resource, (template, Case::Sensitive), values)?);
        }
        Ok(formulas.or(ways))
    };
    let decided = some(formulas, request, Values::Literal)?;
    let has_variables = segments.iter().flatten().any(|token| matches!(token, Token::Variable(_)));
    if !has_variables || !request.readings.may_take(formulas, Alternative::ValuesHaveWildcards) {
        return Ok(decided);
    }
    let other = some(formulas, request, Values::Patterns)?;
    let taken = request.readings.takes(Alternative::ValuesHaveWildcards);
    Ok(choose(formulas, taken, other, decided))
}

fn name_of<'a, T>(selection: &Selection<T>, only: &'a str, all_except: &'a str) -> &'a str {
    match selection {
        Selection::Only(_) => only,
        Selection::AllExcept(_) => all_except,
    }
}
