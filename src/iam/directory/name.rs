//! Names in directories: of domains, of the objects in them, of the directories that AWS keeps; and SIDs.
//!
//! Names of domains and objects keep their spelling; equality, order and hash ignore ASCII case (DIR-1, DIR-2, GEN-6).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use thiserror::Error;

use crate::iam::spelling::quoted;

/// A text that is no name of the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected {expected}, found {}", quoted(found))]
pub struct NotAName {
    expected: &'static str,
    found: String,
}

impl NotAName {
    fn new(expected: &'static str, found: &str) -> NotAName {
        NotAName { expected, found: found.to_owned() }
    }
}

macro_rules! names_ignoring_case {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            spelling: String,
            folded: String,
        }

        impl $name {
            /// The name as it was spelled.
            pub fn spelling(&self) -> &str {
                &self.spelling
            }

            /// The name in lower case: the one text that all its spellings share.
            pub fn folded(&self) -> &str {
                &self.folded
            }

            fn spelled(spelling: &str) -> $name {
                $name { spelling: spelling.to_owned(), folded: spelling.to_ascii_lowercase() }
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &$name) -> bool {
                self.folded == other.folded
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &$name) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &$name) -> Ordering {
                self.folded.cmp(&other.folded)
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.folded.hash(state);
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.spelling)
            }
        }
    )+};
}

names_ignoring_case! {
    /// The DNS name of a domain: labels of letters, digits, `-` and `_`, separated by dots. One label alone is a name too (DIR-15).
    DomainName,
    /// The SAM account name of an object, unique in its domain (DIR-2): any text without `@` and control characters.
    AccountName,
}

/// The longest DNS name, in characters.
const MOST_NAME_CHARACTERS: usize = 255;

impl DomainName {
    /// Reads a DNS name.
    ///
    /// # Errors
    ///
    /// [`NotAName`] where a label is empty or has another character, where the text is too long, or has the form of a directory's id.
    pub fn parse(text: &str) -> Result<DomainName, NotAName> {
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        let is_name = text.len() <= MOST_NAME_CHARACTERS && text.split('.').all(is_label);
        if is_name && DirectoryId::parse(text).is_err() {
            Ok(DomainName::spelled(text))
        } else {
            Err(NotAName::new("the DNS name of a domain, such as `corp.local`", text))
        }
    }

    /// The labels, the leftmost first.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.spelling.split('.')
    }

    /// The name without its first label; `None` for a name of one label.
    pub fn parent(&self) -> Option<DomainName> {
        self.spelling.split_once('.').map(|(_, rest)| DomainName::spelled(rest))
    }
}

impl AccountName {
    /// Reads an account name.
    ///
    /// # Errors
    ///
    /// [`NotAName`] where the text is empty, too long, or has an `@` or a control character.
    pub fn parse(text: &str) -> Result<AccountName, NotAName> {
        let is_name = !text.is_empty()
            && text.chars().count() <= MOST_NAME_CHARACTERS
            && !text.chars().any(|character| character == '@' || character.is_control());
        if is_name {
            Ok(AccountName::spelled(text))
        } else {
            Err(NotAName::new("the account name of an object, without `@`", text))
        }
    }
}

/// `name@domain`: an object by its account name and the domain that it is looked for in; a user's UPN (DIR-2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// The account name.
    pub account: AccountName,
    /// The domain.
    pub domain: DomainName,
}

impl ObjectName {
    /// Reads `name@domain`.
    ///
    /// # Errors
    ///
    /// [`NotAName`] where there is no `@`, or what stands beside it is no name.
    pub fn parse(text: &str) -> Result<ObjectName, NotAName> {
        let Some((account, domain)) = text.split_once('@') else {
            return Err(NotAName::new("`name@domain`, such as `sam@corp.local`", text));
        };
        Ok(ObjectName { account: AccountName::parse(account)?, domain: DomainName::parse(domain)? })
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ObjectName { account, domain } = self;
        write!(f, "{account}@{domain}")
    }
}

/// The id of a directory that AWS keeps: `d-` and ten hexadecimal digits (DIR-6).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DirectoryId(String);

impl DirectoryId {
    /// Reads an id.
    ///
    /// # Errors
    ///
    /// [`NotAName`] where the text is not `d-` and ten digits `0`–`9`, `a`–`f`.
    pub fn parse(text: &str) -> Result<DirectoryId, NotAName> {
        let digits = text.strip_prefix("d-").unwrap_or_default();
        if digits.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            Ok(DirectoryId(text.to_owned()))
        } else {
            Err(NotAName::new("the id of a directory, `d-` and ten hexadecimal digits", text))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DirectoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A directory as steps name it: by the DNS name of a domain, or by the id that AWS gave it.
///
/// A managed directory and a Simple AD have both; a connector has an id alone, an on-premises domain a name alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DirectoryName {
    /// The domain of this name.
    Domain(DomainName),
    /// The directory with this id.
    Id(DirectoryId),
}

impl DirectoryName {
    /// Reads an id, or else a DNS name.
    ///
    /// # Errors
    ///
    /// [`NotAName`] where the text is neither.
    pub fn parse(text: &str) -> Result<DirectoryName, NotAName> {
        match DirectoryId::parse(text) {
            Ok(id) => Ok(DirectoryName::Id(id)),
            Err(_) => DomainName::parse(text).map(DirectoryName::Domain),
        }
    }
}

impl fmt::Display for DirectoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DirectoryName::Domain(name) => name.fmt(f),
            DirectoryName::Id(id) => id.fmt(f),
        }
    }
}

/// The security identifier of an object, never issued twice (DIR-2): `S-1-5-21-` and one or more numbers of 32 bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sid(String);

/// What every SID of an object begins with.
const SID_PREFIX: &str = "S-1-5-21-";

impl Sid {
    /// Reads a SID.
    ///
    /// # Errors
    ///
    /// [`NotAName`] where the text is none, or a number in it has needless zeros or is too large.
    pub fn parse(text: &str) -> Result<Sid, NotAName> {
        let is_number = |part: &str| {
            part.bytes().all(|byte| byte.is_ascii_digit())
                && (part == "0" || !part.starts_with('0'))
                && part.parse::<u32>().is_ok()
        };
        match text.strip_prefix(SID_PREFIX) {
            Some(numbers) if numbers.split('-').all(is_number) => Ok(Sid(text.to_owned())),
            Some(_) | None => Err(NotAName::new("a SID such as `S-1-5-21-1001`", text)),
        }
    }

    /// The SID of this number: the form in which new ones are issued.
    pub fn numbered(number: u64) -> Sid {
        Sid(format!("{SID_PREFIX}{number}"))
    }

    /// The number of a SID that has but one; `None` where it has more.
    pub fn number(&self) -> Option<u64> {
        self.0.strip_prefix(SID_PREFIX)?.parse().ok()
    }

    /// The SID as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
