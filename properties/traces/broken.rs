//! Steps broken in ways in which tools of this kind do break; each must refute the law that forbids it.

use iamproof::invariants::traces::steps::Steps;
use iamproof::model::entity::{self, Entity};
use iamproof::model::identity::{Identity, Signer};
use iamproof::model::lifecycle::{self, Change, Outcome, Versions};
use iamproof::model::passing::{self, Pass};
use iamproof::model::sts::{self, Call, Caller, Facts, Issue, Place, SessionRecord, Tag, Terms};
use iamproof::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// More broken steps, each with the law that must notice it.
pub(super) const MORE: &[(&str, &dyn Steps)] =
    &[("INV-76", &SessionsAreTheirRole), ("INV-80", &RolesOfOthers), ("INV-89", &GroupsStay)];

/// A broken step that the law must notice.
pub(super) fn steps(id: &str) -> Option<&'static dyn Steps> {
    Some(match id {
        "INV-54" => &ProfileIgnored,
        "INV-55" => &RoleMaximumIgnored,
        "INV-56" => &ChainNotCapped,
        "INV-57" => &ValidAtItsEnd,
        "INV-58" => &RenewedInPlace,
        "INV-59" => &FederatedAssumes,
        "INV-60" => &ValidForEver,
        "INV-61" => &TokensMintTokens,
        "INV-64" | "INV-65" | "INV-73" | "INV-79" => &PermissionsUnasked,
        "INV-67" => &EverySessionShowsMfa,
        "INV-69" => &SourceIdentityDropped,
        "INV-70" => &TransitiveTagsDropped,
        "INV-71" => &AnotherExternalId,
        "INV-53" | "INV-76" => &IdsUsedAgain,
        "INV-80" => &ReceiverUnasked,
        "INV-82" => &DefaultForgotten,
        "INV-83" | "INV-84" => &NumbersUsedAgain,
        "INV-85" => &EveryVersionIsDefault,
        "INV-86" => &AttachmentsOverlooked,
        "INV-87" => &AwsIsACustomer,
        "INV-88" => &InlinePoliciesComeBack,
        "INV-89" => &LeavingEmptiesTheGroup,
        "INV-90" => &DetachedEverywhere,
        _ => return None,
    })
}

/// The profile strict cuts nothing.
struct ProfileIgnored;

impl Steps for ProfileIgnored {
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        let facts = Facts { strict: formulas.falsum(), ..call.facts };
        Terms::of(formulas, &Call { facts, ..*call })
    }
}

/// MaxSessionDuration is some other number.
struct RoleMaximumIgnored;

impl Steps for RoleMaximumIgnored {
    fn terms(&self, formulas: &mut Formulas, call: &Call) -> Terms {
        let facts = Facts { role_maximum: formulas.new_integer("another maximum"), ..call.facts };
        Terms::of(formulas, &Call { facts, ..*call })
    }
}

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

/// Federated sessions may do what role sessions may.
struct FederatedAssumes;

impl Steps for FederatedAssumes {
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        let role_session = formulas.or([call.caller.role_session, call.caller.federated]);
        let caller = Caller { role_session, ..call.caller };
        sts::issue(formulas, &Call { caller, ..*call }, terms, record)
    }
}

/// Temporary credentials of a user call what long-term ones may.
struct TokensMintTokens;

impl Steps for TokensMintTokens {
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        let caller = Caller { temporary: formulas.falsum(), ..call.caller };
        sts::issue(formulas, &Call { caller, ..*call }, terms, record)
    }
}

/// No policy is asked.
struct PermissionsUnasked;

impl Steps for PermissionsUnasked {
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        let facts = Facts { authorised: formulas.verum(), ..call.facts };
        sts::issue(formulas, &Call { facts, ..*call }, terms, record)
    }
}

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

/// The source identity ends with the session that has it.
struct SourceIdentityDropped;

impl Steps for SourceIdentityDropped {
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        let mut call = *call;
        call.caller.session.source_identity.present = formulas.falsum();
        sts::issue(formulas, &call, terms, record)
    }
}

/// Transitive tags end with the session that has them.
struct TransitiveTagsDropped;

impl Steps for TransitiveTagsDropped {
    fn issue(&self, formulas: &mut Formulas, call: &Call, terms: &Terms, record: &SessionRecord) -> Issue {
        let mut call = *call;
        call.caller.session.transitive.present = formulas.falsum();
        sts::issue(formulas, &call, terms, record)
    }
}

/// Which version is the default is some other number.
struct DefaultForgotten;

impl Steps for DefaultForgotten {
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        let before = Versions { default: formulas.new_integer("another default"), ..*before };
        lifecycle::change(formulas, &before, change, after)
    }
}

/// A new version has the number behind some other one.
struct NumbersUsedAgain;

impl Steps for NumbersUsedAgain {
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        let before = Versions { highest: formulas.new_integer("another highest"), ..*before };
        lifecycle::change(formulas, &before, change, after)
    }
}

/// SetAsDefault is always taken as given.
struct EveryVersionIsDefault;

impl Steps for EveryVersionIsDefault {
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        let change = Change { set_as_default: formulas.verum(), ..*change };
        lifecycle::change(formulas, before, &change, after)
    }
}

/// Deletion looks at one holder only.
struct AttachmentsOverlooked;

impl Steps for AttachmentsOverlooked {
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        let before = Versions { attached_elsewhere: formulas.falsum(), ..*before };
        lifecycle::change(formulas, &before, change, after)
    }
}

/// Policies of AWS are like any other.
struct AwsIsACustomer;

impl Steps for AwsIsACustomer {
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        let before = Versions { of_aws: formulas.falsum(), ..*before };
        let after = Versions { of_aws: formulas.falsum(), ..*after };
        lifecycle::change(formulas, &before, change, &after)
    }
}

/// Detaching a policy from one holder detaches it from all.
struct DetachedEverywhere;

impl Steps for DetachedEverywhere {
    fn change(
        &self,
        formulas: &mut Formulas,
        before: &Versions,
        change: &Change,
        after: &Versions,
    ) -> Outcome {
        match change.operation {
            lifecycle::Operation::Detach => {
                let before = Versions { attached_elsewhere: formulas.falsum(), ..*before };
                lifecycle::change(formulas, &before, change, after)
            }
            lifecycle::Operation::CreateVersion
            | lifecycle::Operation::SetDefault
            | lifecycle::Operation::DeleteVersion
            | lifecycle::Operation::Delete
            | lifecycle::Operation::Attach => lifecycle::change(formulas, before, change, after),
        }
    }
}

/// A new bearer of a name has an id behind some other one.
struct IdsUsedAgain;

impl Steps for IdsUsedAgain {
    fn change_entity(
        &self,
        formulas: &mut Formulas,
        before: &Entity,
        change: &entity::Change,
        after: &Entity,
    ) -> entity::Outcome {
        let before = Entity { highest: formulas.new_integer("another highest"), ..*before };
        entity::change(formulas, &before, change, after)
    }
}

/// Whether the inline policy is there after its holder was deleted is left open.
struct InlinePoliciesComeBack;

impl Steps for InlinePoliciesComeBack {
    fn change_entity(
        &self,
        formulas: &mut Formulas,
        before: &Entity,
        change: &entity::Change,
        after: &Entity,
    ) -> entity::Outcome {
        match change.operation {
            entity::Operation::DeleteInConsole => {
                let after = Entity { inline: formulas.falsum(), ..*after };
                entity::change(formulas, before, change, &after)
            }
            entity::Operation::Create
            | entity::Operation::Delete
            | entity::Operation::PutInline
            | entity::Operation::DeleteInline
            | entity::Operation::Join
            | entity::Operation::Leave
            | entity::Operation::Elsewhere => entity::change(formulas, before, change, after),
        }
    }
}

/// Who leaves a group takes all others along.
struct LeavingEmptiesTheGroup;

impl Steps for LeavingEmptiesTheGroup {
    fn change_entity(
        &self,
        formulas: &mut Formulas,
        before: &Entity,
        change: &entity::Change,
        after: &Entity,
    ) -> entity::Outcome {
        let before = Entity { other_member: formulas.falsum(), ..*before };
        entity::change(formulas, &before, change, after)
    }
}

/// What the group says is heard of whoever was ever in it.
struct GroupsStay;

impl Steps for GroupsStay {
    fn change_entity(
        &self,
        formulas: &mut Formulas,
        before: &Entity,
        change: &entity::Change,
        after: &Entity,
    ) -> entity::Outcome {
        let after = Entity { member: formulas.falsum(), ..*after };
        entity::change(formulas, before, change, &after)
    }
}

/// Sessions are told the id of their role alone.
struct SessionsAreTheirRole;

impl Steps for SessionsAreTheirRole {
    fn is_told(&self, formulas: &mut Formulas, identity: &Identity) -> Formula {
        let signer = if identity.signer == Signer::RoleSession { Signer::User } else { identity.signer };
        Identity { signer, ..*identity }.is_told(formulas)
    }
}

/// Which account receives the role is not looked at.
struct ReceiverUnasked;

impl Steps for ReceiverUnasked {
    fn pass(&self, formulas: &mut Formulas, call: &Pass) -> passing::Outcome {
        passing::pass(formulas, &Pass { receiver: call.caller, ..*call })
    }
}

/// Whose role it is is not looked at.
struct RolesOfOthers;

impl Steps for RolesOfOthers {
    fn pass(&self, formulas: &mut Formulas, call: &Pass) -> passing::Outcome {
        passing::pass(formulas, &Pass { role: call.caller, ..*call })
    }
}
