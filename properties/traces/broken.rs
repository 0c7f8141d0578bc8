//! Steps broken in ways in which tools of this kind do break; each must refute the law that forbids it.

use iamproof::invariants::traces::steps::Steps;
use iamproof::model::entity::{self, Entity};
use iamproof::model::identity::{Identity, Signer};
use iamproof::model::lifecycle::{self, Change, Outcome, Versions};
use iamproof::model::passing::{self, Pass};
use iamproof::model::sts::{self, Call, Caller, Facts, Issue, Place, SessionRecord, Tag, Terms};
use iamproof::solver::formula::{Formula, Formulas, IntegerVariable, Relation, TextVariable};
use iamproof::solver::regular::{CharacterSet, Regular};
use num_bigint::BigInt;

/// More broken steps, each with the law that must notice it.
pub(super) const MORE: &[(&str, &dyn Steps)] = &[
    ("INV-76", &SESSIONS_ARE_THEIR_ROLE),
    ("INV-76", &ANOTHER_ID),
    ("INV-76", &ANOTHER_NAME),
    ("INV-80", &ROLES_OF_OTHERS),
    ("INV-89", &GROUPS_STAY),
];

/// A broken step that the law must notice.
pub(super) fn steps(id: &str) -> Option<&'static dyn Steps> {
    Some(match id {
        "INV-54" => &PROFILE_IGNORED,
        "INV-55" => &ROLE_MAXIMUM_IGNORED,
        "INV-56" => &ChainNotCapped,
        "INV-57" => &ValidAtItsEnd,
        "INV-58" => &RenewedInPlace,
        "INV-59" => &FEDERATED_ASSUMES,
        "INV-60" => &ValidForEver,
        "INV-61" => &TOKENS_MINT_TOKENS,
        "INV-64" | "INV-65" | "INV-73" | "INV-79" => &PERMISSIONS_UNASKED,
        "INV-67" => &EverySessionShowsMfa,
        "INV-69" => &SOURCE_IDENTITY_DROPPED,
        "INV-70" => &TRANSITIVE_TAGS_DROPPED,
        "INV-71" => &AnotherExternalId,
        "INV-53" | "INV-76" => &IDS_USED_AGAIN,
        "INV-80" => &RECEIVER_UNASKED,
        "INV-82" => &DEFAULT_FORGOTTEN,
        "INV-83" | "INV-84" => &NUMBERS_USED_AGAIN,
        "INV-85" => &EVERY_VERSION_IS_DEFAULT,
        "INV-86" => &ATTACHMENTS_OVERLOOKED,
        "INV-87" => &AWS_IS_A_CUSTOMER,
        "INV-88" => &INLINE_POLICIES_COME_BACK,
        "INV-89" => &LEAVING_EMPTIES_THE_GROUP,
        "INV-90" => &DETACHED_EVERYWHERE,
        _ => return None,
    })
}

/// How long a session lasts is reckoned as if the facts were others.
struct Lasting(fn(&mut Formulas, &mut Facts));

impl Steps for Lasting {
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        let mut call = *call;
        self.0(formulas, &mut call.facts);
        Terms::of(formulas, &call)
    }
}

/// The profile strict cuts nothing.
const PROFILE_IGNORED: Lasting = Lasting(|formulas, facts| facts.strict = formulas.falsum());

/// MaxSessionDuration is some other number.
const ROLE_MAXIMUM_IGNORED: Lasting =
    Lasting(|formulas, facts| facts.role_maximum = formulas.new_integer("another maximum"));

/// A chained call gets as long a session as any.
struct ChainNotCapped;

impl Steps for ChainNotCapped {
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        let caller = Caller { role_session: formulas.falsum(), ..call.caller };
        let Terms { length, .. } = Terms::of(formulas, &Call { caller, ..*call });
        Terms { length, ..Terms::of(formulas, call) }
    }
}

/// A session is still valid at the instant of its end.
struct ValidAtItsEnd;

impl Steps for ValidAtItsEnd {
    fn is_valid_at(&self, formulas: &mut Formulas, session: &SessionRecord, now: IntegerVariable) -> Formula {
        let terms = [(BigInt::from(1), session.expires), (BigInt::from(-1), now)];
        let over = formulas.linear(terms, Relation::Less, BigInt::from(0));
        formulas.not(over)
    }

    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        let valid = self.is_valid_at(formulas, &call.caller.session, call.facts.now);
        Terms { valid, ..Terms::of(formulas, call) }
    }
}

/// Nothing expires.
struct ValidForEver;

impl Steps for ValidForEver {
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        Terms { valid: formulas.verum(), ..Terms::of(formulas, call) }
    }
}

/// A call comes out as if it were another.
struct Calling(fn(&mut Formulas, &mut Call));

impl Steps for Calling {
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        let mut call = *call;
        self.0(formulas, &mut call);
        sts::issue(formulas, &call, terms, record)
    }
}

/// Federated sessions may do what role sessions may.
const FEDERATED_ASSUMES: Calling = Calling(|formulas, call| {
    call.caller.role_session = formulas.or([call.caller.role_session, call.caller.federated]);
});

/// Temporary credentials of a user call what long-term ones may.
const TOKENS_MINT_TOKENS: Calling = Calling(|formulas, call| call.caller.temporary = formulas.falsum());

/// No policy is asked.
const PERMISSIONS_UNASKED: Calling = Calling(|formulas, call| call.facts.authorised = formulas.verum());

/// The source identity ends with the session that has it.
const SOURCE_IDENTITY_DROPPED: Calling =
    Calling(|formulas, call| call.caller.session.source_identity.present = formulas.falsum());

/// Transitive tags end with the session that has them.
const TRANSITIVE_TAGS_DROPPED: Calling =
    Calling(|formulas, call| call.caller.session.transitive.present = formulas.falsum());

/// A new session may take the place of one that is there.
struct RenewedInPlace;

impl Steps for RenewedInPlace {
    fn leaves(
        &self,
        formulas: &mut Formulas,
        put: Formula,
        record: &SessionRecord,
        before: &Place,
        after: &Place,
    ) -> Formula {
        let emptied = Place { taken: formulas.falsum(), ..*before };
        let right = sts::leaves(formulas, put, record, before, after);
        let over = sts::leaves(formulas, put, record, &emptied, after);
        let over = formulas.and([put, over]);
        formulas.or([right, over])
    }
}

/// The context shows some other external id than the one passed.
struct AnotherExternalId;

impl Steps for AnotherExternalId {
    fn shown_external_id(&self, formulas: &mut Formulas, operation: sts::Operation, _: Tag) -> Tag {
        let another = Tag::free(formulas, "another external id");
        sts::shown_external_id(formulas, operation, another)
    }
}

/// Sessions of roles show the MFA of whoever assumed the role.
struct EverySessionShowsMfa;

impl Steps for EverySessionShowsMfa {
    fn shows_mfa(&self, formulas: &mut Formulas, call: &Call) -> Formula {
        let own = sts::shows_mfa(formulas, call);
        formulas.or([own, call.caller.role_session])
    }
}

/// An operation on a managed policy comes out as if it were another, or as if what is there before or after it were.
struct Changing(fn(&mut Formulas, &mut Change, &mut Versions, &mut Versions));

impl Steps for Changing {
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        let (mut before, mut change, mut after) = (*before, *change, *after);
        self.0(formulas, &mut change, &mut before, &mut after);
        lifecycle::change(formulas, &before, &change, &after)
    }
}

/// Which version is the default is some other number.
const DEFAULT_FORGOTTEN: Changing =
    Changing(|formulas, _, before, _| before.default = formulas.new_integer("another default"));

/// A new version has the number behind some other one.
const NUMBERS_USED_AGAIN: Changing =
    Changing(|formulas, _, before, _| before.highest = formulas.new_integer("another highest"));

/// SetAsDefault is always taken as given.
const EVERY_VERSION_IS_DEFAULT: Changing =
    Changing(|formulas, change, _, _| change.set_as_default = formulas.verum());

/// Deletion looks at one holder only.
const ATTACHMENTS_OVERLOOKED: Changing =
    Changing(|formulas, _, before, _| before.attached_elsewhere = formulas.falsum());

/// Policies of AWS are like any other.
const AWS_IS_A_CUSTOMER: Changing = Changing(|formulas, _, before, after| {
    before.of_aws = formulas.falsum();
    after.of_aws = formulas.falsum();
});

/// Detaching a policy from one holder detaches it from all.
const DETACHED_EVERYWHERE: Changing = Changing(|formulas, change, before, _| {
    if change.operation == lifecycle::Operation::Detach {
        before.attached_elsewhere = formulas.falsum();
    }
});

/// An operation on a user, group or role comes out as if what is there before or after it were something else.
struct Becoming(fn(&mut Formulas, entity::Operation, &mut Entity, &mut Entity));

impl Steps for Becoming {
    fn change_entity(
        &self,
        formulas: &mut Formulas,
        before: &Entity,
        change: &entity::Change,
        after: &Entity,
    ) -> entity::Outcome {
        let (mut before, mut after) = (*before, *after);
        self.0(formulas, change.operation, &mut before, &mut after);
        entity::change(formulas, &before, change, &after)
    }
}

/// A new bearer of a name has an id behind some other one.
const IDS_USED_AGAIN: Becoming =
    Becoming(|formulas, _, before, _| before.highest = formulas.new_integer("another highest"));

/// Whether the inline policy is there after its holder was deleted is left open.
const INLINE_POLICIES_COME_BACK: Becoming = Becoming(|formulas, operation, _, after| {
    if operation == entity::Operation::DeleteInConsole {
        after.inline = formulas.falsum();
    }
});

/// Who leaves a group takes all others along.
const LEAVING_EMPTIES_THE_GROUP: Becoming =
    Becoming(|formulas, _, before, _| before.other_member = formulas.falsum());

/// What the group says is heard of whoever was ever in it.
const GROUPS_STAY: Becoming = Becoming(|formulas, _, _, after| after.member = formulas.falsum());

/// A caller is told what another one should be.
struct Telling(fn(&mut Formulas, &mut Identity));

impl Steps for Telling {
    fn is_told(&self, formulas: &mut Formulas, identity: &Identity) -> Formula {
        let mut identity = *identity;
        self.0(formulas, &mut identity);
        identity.is_told(formulas)
    }
}

/// Sessions are told the id of their role alone.
const SESSIONS_ARE_THEIR_ROLE: Telling = Telling(|_, identity| {
    if identity.signer == Signer::RoleSession {
        identity.signer = Signer::User;
    }
});

/// Sessions of roles are told some other id than that of their role.
const ANOTHER_ID: Telling = Telling(|formulas, identity| {
    if identity.signer == Signer::RoleSession {
        identity.id = any_part(formulas, "another id");
    }
});

/// Sessions of roles are told some other name than theirs.
const ANOTHER_NAME: Telling = Telling(|formulas, identity| {
    if identity.signer == Signer::RoleSession {
        identity.session = any_part(formulas, "another name");
    }
});

fn any_part(formulas: &mut Formulas, name: &str) -> TextVariable {
    let letter = Regular::Character(CharacterSet::of([':']).complement());
    formulas.new_text(name, letter.at_least_once())
}

/// A role is handed over as if accounts were others.
struct Passing(fn(&mut Pass));

impl Steps for Passing {
    fn pass(&self, formulas: &mut Formulas, call: &Pass) -> passing::Outcome {
        let mut call = *call;
        self.0(&mut call);
        passing::pass(formulas, &call)
    }
}

/// Which account receives the role is not looked at.
const RECEIVER_UNASKED: Passing = Passing(|call| call.receiver = call.caller);

/// Whose role it is is not looked at.
const ROLES_OF_OTHERS: Passing = Passing(|call| call.role = call.caller);
