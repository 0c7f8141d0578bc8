//! The context keys that follow the caller and its credential (KEY-2, KEY-4). They bind wherever a question has a caller.

use super::caller::{CallerKind, Part, SymbolicCaller};
use super::context::within;
use super::date::SECOND;
use super::keys::{Rules, fact};
use super::number;
use super::regular::{any_of, word};
use super::request::KeyIndex;
use crate::solver::formula::{Formula, Piece, Relation, TextVariable};
use crate::solver::regular::Regular;

use CallerKind::{Anonymous, FederatedSession, RoleSession, Root, Service, User, WebIdentity};

/// How strictly the kinds of caller decide whether a key is there.
#[derive(Clone, Copy)]
enum When {
    /// Just for these kinds.
    Exactly,
    /// For no other kinds; for these it depends.
    Only,
}

/// For which kinds of caller a key is there: the third column of KEY-4. A name that ends in `/` stands for all keys behind the slash.
const PRESENCE: &[(&str, When, &[CallerKind])] = &[
    ("aws:PrincipalArn", When::Exactly, &[Root, User, RoleSession, FederatedSession]),
    ("aws:PrincipalAccount", When::Exactly, &[Root, User, RoleSession, FederatedSession, Anonymous]),
    ("aws:PrincipalOrgID", When::Only, &[Root, User, RoleSession, FederatedSession]),
    ("aws:PrincipalOrgPaths", When::Only, &[Root, User, RoleSession, FederatedSession]),
    ("aws:PrincipalTag/", When::Only, &[User, RoleSession, FederatedSession]),
    ("aws:PrincipalIsAWSService", When::Exactly, &[Root, User, RoleSession, FederatedSession, Service]),
    ("aws:PrincipalServiceNamesList", When::Exactly, &[Service]),
    ("aws:PrincipalType", When::Exactly, &[Root, User, RoleSession, FederatedSession, Anonymous]),
    ("aws:userid", When::Exactly, &[Root, User, RoleSession, FederatedSession, Anonymous]),
    ("aws:username", When::Exactly, &[User]),
    ("aws:FederatedProvider", When::Only, &[RoleSession, WebIdentity]),
    ("aws:TokenIssueTime", When::Only, &[Root, User, RoleSession, FederatedSession]),
    ("aws:MultiFactorAuthPresent", When::Only, &[Root, User, RoleSession]),
    ("aws:MultiFactorAuthAge", When::Only, &[User]),
    ("aws:SourceIdentity", When::Only, &[RoleSession]),
    ("aws:Ec2InstanceSourceVpc", When::Only, &[RoleSession]),
    ("aws:Ec2InstanceSourcePrivateIPv4", When::Only, &[RoleSession]),
    ("ec2:SourceInstanceArn", When::Only, &[RoleSession]),
    ("ec2:RoleDelivery", When::Only, &[RoleSession]),
];

/// The values of aws:PrincipalType.
const TYPES: &[(CallerKind, &str)] = &[
    (Root, "Account"),
    (User, "User"),
    (RoleSession, "AssumedRole"),
    (FederatedSession, "FederatedUser"),
    (Anonymous, "Anonymous"),
];

impl Rules<'_> {
    /// What follows the caller; nothing where the question has none.
    // Rules: KEY-1, KEY-4, KEY-8.
    pub(super) fn callers(&mut self) {
        if self.request.caller.is_none() {
            self.values_without_caller();
            return;
        }
        for &(name, when, kinds) in PRESENCE {
            let keys: Vec<KeyIndex> = if name.ends_with('/') {
                let tagged = self.request.tagged(&name.to_ascii_lowercase());
                tagged.into_iter().map(|(key, _)| key).collect()
            } else {
                self.request.in_use(name).into_iter().collect()
            };
            for key in keys {
                let present = self.formulas.flag(self.request.at(key).present);
                let of_kind = self.is_one_of(kinds);
                let part = match when {
                    When::Exactly => self.formulas.iff(present, of_kind),
                    When::Only => self.formulas.implies(present, of_kind),
                };
                self.parts.push(part);
            }
        }
        self.names();
        self.ids();
        self.services_names();
        self.principal_organization();
        self.instances();
        self.session_tokens();
        self.multi_factor();
    }

    /// Without a caller its keys are free, but each value is one that some caller has, where there are but few.
    // Rule: KEY-10.
    fn values_without_caller(&mut self) {
        if let Some(key) = self.request.in_use("aws:PrincipalType") {
            let some = any_of(TYPES.iter().map(|&(_, name)| name));
            let part = self.value_in(key, some);
            self.parts.push(part);
        }
    }

    fn names(&mut self) {
        if let Some(key) = self.request.in_use("aws:PrincipalAccount") {
            let account = self.caller_text(|caller| caller.account);
            self.value_for(key, &CallerKind::IN_ACCOUNT, vec![account]);
            self.constant_for(key, Anonymous, "anonymous");
        }
        if let Some(key) = self.request.in_use("aws:PrincipalType") {
            for &(kind, name) in TYPES {
                self.constant_for(key, kind, name);
            }
        }
        if let Some(key) = self.request.in_use("aws:username") {
            let name = self.caller_text(|caller| caller.name);
            self.value_for(key, &[User], vec![name]);
        }
        if let Some(key) = self.request.in_use("aws:FederatedProvider") {
            let provider = self.caller_text(|caller| caller.provider);
            self.value_for(key, &[WebIdentity], vec![provider]);
            let present = self.formulas.flag(self.request.at(key).present);
            let unsigned = self.is_one_of(&[WebIdentity]);
            self.implies(unsigned, present);
        }
        if let Some(key) = self.request.in_use("aws:PrincipalArn") {
            self.principal_arn(key);
        }
    }

    /// The user's, the role's with its path, the federated session's, or root's ARN.
    fn principal_arn(&mut self, key: KeyIndex) {
        let Some(caller) = &self.request.caller else {
            return;
        };
        let (path, name, session) = (caller.path, caller.name, caller.session);
        let root = caller.arn(self.formulas, "iam", &[Part::Text("root")]);
        let entity = |kind| [Part::Text(kind), Part::Value(path), Part::Value(name)];
        let user = caller.arn(self.formulas, "iam", &entity("user"));
        let role = caller.arn(self.formulas, "iam", &entity("role"));
        let session = [Part::Text("federated-user/"), Part::Value(session)];
        let federated = caller.arn(self.formulas, "sts", &session);
        for (kind, pieces) in [(Root, root), (User, user), (RoleSession, role), (FederatedSession, federated)]
        {
            self.value_for(key, &[kind], pieces);
        }
    }

    /// Unique ids of users and roles are AWS's own business (GEN-10): letters and digits, whatever they are.
    fn ids(&mut self) {
        let Some(key) = self.request.in_use("aws:userid") else {
            return;
        };
        let unique = word(&[('A', 'Z'), ('0', '9')]);
        let unique = Piece::Some(self.formulas.language(unique));
        let colon = Piece::Some(self.formulas.language(Regular::text(":")));
        let account = self.caller_text(|caller| caller.account);
        let session = self.caller_text(|caller| caller.session);
        self.value_for(key, &[Root], vec![account]);
        self.value_for(key, &[User], vec![unique]);
        self.value_for(key, &[RoleSession], vec![unique, colon, session]);
        self.value_for(key, &[FederatedSession], vec![account, colon, session]);
        self.constant_for(key, Anonymous, "anonymous");
    }

    /// The name of the service that calls is among its names.
    fn services_names(&mut self) {
        let service = self.caller_text(|caller| caller.service);
        if let Some(key) = self.request.in_use("aws:PrincipalServiceName") {
            self.value_for(key, &[Service], vec![service]);
        }
        let Some(list) = self.request.in_use("aws:PrincipalServiceNamesList") else {
            return;
        };
        let listed = self.listed(list);
        let mut ways = Vec::with_capacity(listed.len());
        for (element, in_list) in listed.into_iter().enumerate() {
            let text = self.request.element_text(self.formulas, list, element);
            let same = self.formulas.concatenation(text, [service]);
            ways.push(self.formulas.and([in_list, same]));
        }
        let named = self.formulas.or(ways);
        let calls = self.is_one_of(&[Service]);
        self.implies(calls, named);
    }

    fn principal_organization(&mut self) {
        let organized = fact(self.formulas, "the caller's account is in an organization");
        for name in ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"] {
            if let Some(present) = self.presence(name) {
                let part = self.formulas.iff(present, organized);
                self.parts.push(part);
            }
        }
        self.organization("aws:PrincipalOrgID", "aws:PrincipalOrgPaths");
    }

    /// A session delivered to an instance has all keys of the instance, any other none.
    // Rules: KEY-4, KEY-5.
    fn instances(&mut self) {
        let delivered = fact(self.formulas, "the session was delivered to an instance");
        for name in [
            "aws:Ec2InstanceSourceVpc",
            "aws:Ec2InstanceSourcePrivateIPv4",
            "ec2:SourceInstanceArn",
            "ec2:RoleDelivery",
        ] {
            if let Some(present) = self.presence(name) {
                let part = self.formulas.iff(present, delivered);
                self.parts.push(part);
            }
        }
    }

    /// Temporary credentials say when they were issued. In a call that a service forwards for a user's long-term keys the key is free.
    // Rules: KEY-2, KEY-4.
    fn session_tokens(&mut self) {
        let Some(present) = self.presence("aws:TokenIssueTime") else {
            return;
        };
        let (temporary, forwarded_user) = (self.temporary(), self.forwarded_for_user());
        self.implies(temporary, present);
        let may_be = self.formulas.or([temporary, forwarded_user]);
        self.implies(present, may_be);
    }

    /// Holds iff the credential is temporary: a session, or a user's or root's from GetSessionToken.
    fn temporary(&mut self) -> Formula {
        let sessions = self.is_one_of(&[RoleSession, FederatedSession]);
        let owners = self.is_one_of(&[Root, User]);
        let session_token = self.session_token();
        let issued = self.formulas.and([owners, session_token]);
        self.formulas.or([sessions, issued])
    }

    /// Holds iff a service forwards a call of a user with long-term keys.
    fn forwarded_for_user(&mut self) -> Formula {
        let user = self.is_one_of(&[User]);
        let session_token = self.session_token();
        let long_term = self.formulas.not(session_token);
        self.formulas.and([user, long_term, self.forwarded])
    }

    /// The table of KEY-2, with section 14: who shows that MFA took part, and how long ago.
    ///
    /// aws:MultiFactorAuthPresent is `true` for users only: with a session from GetSessionToken, or in an AssumeRole call (and its
    /// companions) that passes a code; just then aws:MultiFactorAuthAge is there. It is `false` for the other sessions of users and root, in
    /// forwarded calls of users, and for role sessions that AssumeRole made.
    // Rule: KEY-2.
    fn multi_factor(&mut self) {
        let key = self.request.in_use("aws:MultiFactorAuthPresent");
        let age = self.request.in_use("aws:MultiFactorAuthAge");
        if key.is_none() && age.is_none() {
            return;
        }
        let with_code = fact(self.formulas, "MFA took part");
        let [root, user, role] = [Root, User, RoleSession].map(|kind| self.is_one_of(&[kind]));
        let session_token = self.session_token();
        let forwarded = self.forwarded_for_user();
        let assuming = self.formulas.in_language(
            self.request.action,
            any_of(["sts:assumerole", "sts:tagsession", "sts:setsourceidentity"]),
        );
        let not_forwarded = self.formulas.not(forwarded);
        let may_pass_code = self.formulas.or([session_token, assuming]);
        let may = self.formulas.and([user, may_pass_code, not_forwarded]);
        self.implies(with_code, may);
        let shown = self.formulas.or([session_token, forwarded]);
        let by_user = self.formulas.and([user, shown]);
        let by_root = self.formulas.and([root, session_token]);
        let must = self.formulas.or([with_code, by_user, by_root]);
        if let Some(key) = key {
            let present = self.formulas.flag(self.request.at(key).present);
            self.implies(must, present);
            let may = self.formulas.or([must, role]);
            self.implies(present, may);
            let says_so = self.value_in(key, Regular::text("true"));
            let agrees = self.formulas.iff(says_so, with_code);
            self.implies(present, agrees);
            if let Some(provider) = self.presence("aws:FederatedProvider") {
                let both = self.formulas.and([provider, present]);
                let never = self.formulas.not(both);
                self.parts.push(never);
            }
        }
        if let Some(age) = age {
            self.multi_factor_age(age, with_code, assuming);
        }
    }

    /// Whole seconds since the token was issued, no fewer than none; 0 in the call that passes a code with long-term keys.
    fn multi_factor_age(&mut self, age: KeyIndex, with_code: Formula, assuming: Formula) {
        let present = self.formulas.flag(self.request.at(age).present);
        let part = self.formulas.iff(present, with_code);
        self.parts.push(part);
        let (_, number) = self.request.value(self.formulas, age, 0).number(self.formulas);
        let seconds = self.formulas.new_integer("seconds since MFA");
        let terms = [(1.into(), number), (-number::one(), seconds)];
        let whole = self.formulas.linear(terms, Relation::Equal, 0.into());
        let bounded = within(self.formulas, seconds, 0, 400_000_000_000_i64);
        self.implies(present, whole);
        self.parts.push(bounded);
        let session_token = self.session_token();
        let long_term = self.formulas.not(session_token);
        let zero = self.formulas.compare(seconds, Relation::Equal, 0.into());
        let just_now = self.formulas.and([present, long_term]);
        self.implies(just_now, zero);
        if let Some(issued) = self.request.in_use("aws:TokenIssueTime") {
            let clock = self.clock();
            let (_, issued) = self.request.value(self.formulas, issued, 0).instant(self.formulas);
            let since = [(1.into(), clock.now), ((-1).into(), issued), ((-SECOND).into(), seconds)];
            let too_early = self.formulas.linear(since.clone(), Relation::Less, 0.into());
            let begun = self.formulas.not(too_early);
            let not_over = self.formulas.linear(since, Relation::Less, SECOND.into());
            let counted = self.formulas.and([begun, not_over]);
            let fresh = self.formulas.and([assuming, zero]);
            let right = self.formulas.or([counted, fresh]);
            let from_token = self.formulas.and([present, session_token]);
            self.implies(from_token, right);
        }
    }

    fn session_token(&mut self) -> Formula {
        match &self.request.caller {
            Some(caller) => self.formulas.flag(caller.session_token),
            None => self.formulas.falsum(),
        }
    }

    fn is_one_of(&mut self, kinds: &[CallerKind]) -> Formula {
        match &self.request.caller {
            Some(caller) => caller.is_one_of(self.formulas, kinds),
            None => self.formulas.falsum(),
        }
    }

    fn caller_text(&mut self, part: impl Fn(&SymbolicCaller) -> TextVariable) -> Piece {
        Piece::Value(part(self.request.caller(self.formulas)))
    }

    /// Says that the key's value, where it is there and the caller is of these kinds, is one text of each piece.
    fn value_for(&mut self, key: KeyIndex, kinds: &[CallerKind], pieces: Vec<Piece>) {
        let of_kind = self.is_one_of(kinds);
        let present = self.formulas.flag(self.request.at(key).present);
        let premise = self.formulas.and([of_kind, present]);
        let same = self.value_is(key, pieces);
        self.implies(premise, same);
    }

    fn constant_for(&mut self, key: KeyIndex, kind: CallerKind, value: &str) {
        let of_kind = self.is_one_of(&[kind]);
        let same = self.value_in(key, Regular::text(value));
        self.implies(of_kind, same);
    }
}
