//! Other spellings of policy texts: names of variables in the other case, values in place of variables.

use crate::iam::key::KeyName;
use crate::iam::pattern::{Token, Variable, tokens_with_variables, tokens_without_variables};
use crate::iam::policy::Version;

/// Whether a text has `${`, which one Version reads as a variable and the other does not.
pub fn has_dollar_brace(text: &str) -> bool {
    text.contains("${")
}

/// Whether a text has a wildcard, as its Version cuts it.
pub fn has_wildcard(text: &str, version: Version) -> bool {
    tokens(text, version).is_some_and(|tokens| {
        tokens.iter().any(|token| match token {
            Token::Star | Token::Question => true,
            Token::Literal(_) | Token::Variable(_) => false,
        })
    })
}

/// The text with the names of its variables spelled otherwise; without variables under a Version that has none.
pub fn respelled_names(text: &str, version: Version, change: fn(&str) -> String) -> String {
    if version != Version::V2012 {
        return text.to_owned();
    }
    let rename = |variable: Variable| {
        let key = KeyName::new(change(variable.key.spelling()));
        Token::Variable(Variable { key, ..variable })
    };
    spelled(text, rename).unwrap_or_else(|| text.to_owned())
}

/// The text with a value as literal text in place of every variable of this key; `None` where it has none.
pub fn with_literal(text: &str, key: &KeyName, value: &str) -> Option<String> {
    spelled(text, |variable| {
        if variable.key == *key { Token::Literal(value.to_owned()) } else { Token::Variable(variable) }
    })
}

/// A text that under Version 2012-10-17 stands for this one.
pub fn escaped(value: &str) -> String {
    let mut escaped = String::new();
    for character in value.chars() {
        match character {
            '*' | '?' | '$' => escaped.extend(["${", character.encode_utf8(&mut [0; 4]), "}"]),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text with its variables changed; `None` where no text has these tokens.
fn spelled(text: &str, change: impl Fn(Variable) -> Token) -> Option<String> {
    let mut spelled = String::new();
    for token in tokens_with_variables(text).ok()? {
        let token = match token {
            Token::Variable(variable) => change(variable),
            other @ (Token::Literal(_) | Token::Star | Token::Question) => other,
        };
        match token {
            Token::Literal(literal) => spelled.push_str(&escaped(&literal)),
            Token::Star => spelled.push('*'),
            Token::Question => spelled.push('?'),
            Token::Variable(variable) => spelled.push_str(&variable.to_string()),
        }
    }
    Some(spelled)
}

fn tokens(text: &str, version: Version) -> Option<Vec<Token>> {
    match version {
        Version::V2012 => tokens_with_variables(text).ok(),
        Version::Absent | Version::V2008 => Some(tokens_without_variables(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariants::claim::recased;

    #[test]
    fn a_value_stands_for_itself_in_place_of_a_variable() {
        let key = KeyName::new("aws:username");
        let filled = with_literal("a/${aws:UserName}/${?}*", &key, "*${x}");
        assert_eq!(filled.as_deref(), Some("a/${*}${$}{x}/${?}*"));
    }

    #[test]
    fn names_are_recased_where_they_are_names() {
        let text = "${aws:username, 'Ab'}a${*}";
        assert_eq!(respelled_names(text, Version::V2012, recased), "${AWS:USERNAME, 'Ab'}a${*}");
        assert_eq!(respelled_names(text, Version::V2008, recased), text);
    }
}
