//! The symbolic request: every request at once, as variables.

use std::collections::{HashMap, HashSet};

use super::caller::{CallerKind, SymbolicCaller};
use super::combination::KeyState;
use super::context::{SymbolicKey, SymbolicValue};
use super::readings::Readings;
use super::regular::{sequence, word};
use crate::iam::assumption::Alternative;
use crate::iam::key::KeyName;
use crate::iam::request::{Caller, Credential};
use crate::solver::formula::{Flag, Formula, Formulas, TextVariable};
use crate::solver::regular::Regular;

/// Whose requests a symbolic request ranges over (KEY-10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Documents are compared: no caller, and the keys that follow the caller are free within KEY-8. As soon as a document asks for a
    /// principal there is a caller after all, of any kind, and its keys follow it.
    Documents,
    /// Callers of every kind, each with its keys.
    AnyCaller,
    /// One caller with one credential.
    Caller(Box<Caller>, Credential),
}

/// Every request at once. Variables for context keys come into being as formulas ask for them.
#[derive(Debug)]
pub struct SymbolicRequest {
    pub(super) scope: Scope,
    /// Which reading of each open point the formulas take.
    pub(super) readings: Readings,
    /// `service:Name` in lower case: no rule looks at the case of an action (ACT-2).
    pub(super) action: TextVariable,
    pub(super) resource: TextVariable,
    /// The account that owns the resource (GEN-8).
    pub(super) owner: TextVariable,
    /// A test world marks the resource as policy-required (GRAM-26).
    pub(super) marked: Flag,
    pub(super) caller: Option<SymbolicCaller>,
    /// The layers have an endpoint policy, so the request goes through that endpoint (EVAL-8).
    pub(super) through_endpoint: bool,
    keys: Vec<SymbolicKey>,
    by_name: HashMap<KeyName, KeyIndex>,
    /// What [`Self::definitions`] said last, and how many variables there were then.
    pub(super) defined: Option<(usize, Formula)>,
    /// Action patterns as documents spell them, so that a witness can be spelled as its reader knows it.
    pub(super) action_spellings: Vec<String>,
    /// The same, to see which are there.
    action_spellings_seen: HashSet<String>,
    /// Accounts that documents name, of twelve digits or not.
    pub(super) named_accounts: Vec<String>,
}

/// Which operator asks for the state of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AskedBy {
    /// `Null`.
    Null,
    /// Any other.
    Others,
}

/// The position of a key in a symbolic request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct KeyIndex(usize);

impl SymbolicRequest {
    /// A symbolic request of this scope, read as the documents are decided to be read.
    pub fn new(formulas: &mut Formulas, scope: Scope) -> SymbolicRequest {
        let readings = Readings::decided(formulas);
        SymbolicRequest::read_as(formulas, scope, readings)
    }

    /// A symbolic request of this scope, of which policies are read in these ways.
    pub fn read_as(formulas: &mut Formulas, scope: Scope, readings: Readings) -> SymbolicRequest {
        let caller = match scope {
            Scope::Documents => None,
            Scope::AnyCaller | Scope::Caller(..) => Some(SymbolicCaller::new(formulas)),
        };
        SymbolicRequest {
            action: formulas.new_text("action", actions()),
            resource: formulas.new_text("resource", Regular::anything()),
            owner: formulas.new_text("owner", Regular::anything()),
            marked: formulas.new_flag("the resource's policy must take part"),
            scope,
            readings,
            caller,
            through_endpoint: false,
            keys: Vec::new(),
            by_name: HashMap::new(),
            defined: None,
            action_spellings: Vec::new(),
            action_spellings_seen: HashSet::new(),
            named_accounts: Vec::new(),
        }
    }

    /// The action in lower case.
    pub fn action(&self) -> TextVariable {
        self.action
    }

    /// The resource.
    pub fn resource(&self) -> TextVariable {
        self.resource
    }

    /// Holds iff the caller signs with credentials of GetSessionToken.
    // Rule: GEN-12.
    pub fn signs_with_session_token(&mut self, formulas: &mut Formulas) -> Formula {
        let session_token = self.caller(formulas).session_token;
        formulas.flag(session_token)
    }

    /// The keys that formulas asked for so far, in the order of their names.
    pub fn keys_in_use(&self) -> Vec<&KeyName> {
        let mut names: Vec<&KeyName> = self.keys.iter().map(|key| &key.name).collect();
        names.sort();
        names
    }

    /// Holds iff the context has the key, whatever its value; asking puts the key into use.
    pub fn presence(&mut self, formulas: &mut Formulas, name: &KeyName) -> Formula {
        let key = self.key(formulas, name);
        formulas.flag(self.at(key).present)
    }

    /// The key of this name, made if it is not in use yet.
    pub(super) fn key(&mut self, formulas: &mut Formulas, name: &KeyName) -> KeyIndex {
        if let Some(&key) = self.by_name.get(name) {
            return key;
        }
        let key = KeyIndex(self.keys.len());
        self.keys.push(SymbolicKey::new(formulas, name));
        self.by_name.insert(name.clone(), key);
        key
    }

    /// The key of this name if it is in use.
    pub(super) fn in_use(&self, name: &str) -> Option<KeyIndex> {
        self.by_name.get(&KeyName::new(name)).copied()
    }

    /// Which readings are taken.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// What a condition finds for the key, values aside; `Null` tells fewer lists from an absent key under one reading.
    // Rules: COND-9, KEY-4.
    pub(super) fn state(&mut self, formulas: &mut Formulas, key: KeyIndex, asked: AskedBy) -> KeyState {
        let readings = self.readings;
        let opaque = self.opaque(formulas, key);
        let key = self.at(key);
        let (present, many) = (formulas.flag(key.present), formulas.flag(key.many));
        let (empty, blank) = (formulas.flag(key.empty), formulas.flag(key.blank));
        let mut lists = Vec::with_capacity(2);
        lists.push(readings.unless(formulas, &[Alternative::EmptyListIsPresent], empty));
        let kept: &[Alternative] = match asked {
            AskedBy::Null => &[Alternative::ListOfEmptyTextForNull, Alternative::ListOfEmptyTextIsPresent],
            AskedBy::Others => &[Alternative::ListOfEmptyTextIsPresent],
        };
        lists.push(readings.unless(formulas, kept, blank));
        KeyState { present: formulas.or([present, opaque]), many, hollow: formulas.or(lists) }
    }

    /// Holds iff the key is one that a service has with a value that nothing equals, and the context does not have it.
    // Rule: KEY-4.
    pub(super) fn opaque(&mut self, formulas: &mut Formulas, key: KeyIndex) -> Formula {
        let readings = self.readings;
        let name = self.at(key).name.folded();
        let concerned = matches!(name.as_ref(), "aws:principalaccount" | "aws:principaltype" | "aws:userid");
        if !concerned || !readings.may_take(formulas, Alternative::OpaqueServiceKeys) {
            return formulas.falsum();
        }
        self.text(formulas, key);
        let service = self.caller(formulas).is(formulas, CallerKind::Service);
        let present = formulas.flag(self.at(key).present);
        let absent = formulas.not(present);
        let taken = readings.takes(Alternative::OpaqueServiceKeys);
        formulas.and([taken, service, absent])
    }

    /// Holds iff the key's list, where it has one, has a first element.
    pub(super) fn first_listed(&mut self, formulas: &mut Formulas, key: KeyIndex) -> Formula {
        let key = self.at_mut(key);
        key.reserve(1);
        key.lengthen(formulas, 1);
        key.listed.first().map_or(formulas.falsum(), |&first| formulas.flag(first))
    }

    /// The positions of all keys in use.
    pub(super) fn indexes(&self) -> Vec<KeyIndex> {
        (0..self.keys.len()).map(KeyIndex).collect()
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "an index is made where its key is pushed, and keys are never taken out"
    )]
    pub(super) fn at(&self, key: KeyIndex) -> &SymbolicKey {
        &self.keys[key.0]
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "an index is made where its key is pushed, and keys are never taken out"
    )]
    pub(super) fn at_mut(&mut self, key: KeyIndex) -> &mut SymbolicKey {
        &mut self.keys[key.0]
    }

    /// The text of the key's one value.
    pub(super) fn text(&mut self, formulas: &mut Formulas, key: KeyIndex) -> TextVariable {
        self.element_text(formulas, key, 0)
    }

    /// The text of an element, which is made if there is none.
    pub(super) fn element_text(
        &mut self,
        formulas: &mut Formulas,
        key: KeyIndex,
        element: usize,
    ) -> TextVariable {
        self.value(formulas, key, element).text(formulas)
    }

    /// An element of the key, which is made if there is none; element 0 is the one value.
    #[expect(clippy::indexing_slicing, reason = "the row was just made long enough")]
    pub(super) fn value(
        &mut self,
        formulas: &mut Formulas,
        key: KeyIndex,
        element: usize,
    ) -> &mut SymbolicValue {
        let key = self.at_mut(key);
        if key.values.len() <= element {
            key.lengthen(formulas, element + 1);
        }
        &mut key.values[element]
    }

    /// Holds iff the caller, if it belongs to this account, belongs to this partition: an account has one.
    // Rule: GEN-4.
    pub fn account_lives_in(&mut self, formulas: &mut Formulas, partition: &str, account: &str) -> Formula {
        let caller = self.caller.get_or_insert_with(|| SymbolicCaller::new(formulas));
        caller.is_at_home(formulas, partition, account)
    }

    /// Remembers how a document spells an action pattern; the same policies may be written down more than once.
    pub(super) fn spells(&mut self, pattern: &str) {
        if self.action_spellings_seen.insert(pattern.to_owned()) {
            self.action_spellings.push(pattern.to_owned());
        }
    }

    /// Says that documents name this account, so that it counts as one whatever its digits.
    pub fn name_account(&mut self, account: &str) {
        self.named_accounts.push(account.to_owned());
    }

    /// The caller, made if there is none yet.
    pub(super) fn caller(&mut self, formulas: &mut Formulas) -> &SymbolicCaller {
        self.caller.get_or_insert_with(|| SymbolicCaller::new(formulas))
    }
}

/// The actions of KEY-10, in lower case.
pub(super) fn actions() -> Regular {
    let service = word(&[('a', 'z'), ('0', '9'), ('.', '.'), ('-', '-')]);
    let name = word(&[('a', 'z'), ('0', '9'), ('_', '_'), ('.', '.'), ('-', '-')]);
    sequence([service, Regular::text(":"), name])
}
