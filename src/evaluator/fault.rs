//! Mistakes that evaluators really make, each of which can be planted to see whether the tests notice.
//!
//! They exist in builds with debug assertions only. Every variant is read in exactly one place of this folder, by the macro
//! `mistaken!`, and stands for a mistake found in a tool of this kind, or for a reading that section 11 of the rules turns down.
//! Those of them that section 15 names are planted as that reading, and read where it is.

use crate::iam::assumption::Alternative;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $(= $reading:ident)?),+ $(,)?) => {
        /// A mistake that [`Reading::with_fault`](super::Reading::with_fault) plants.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[$doc])* $name),+
        }

        impl Fault {
            /// Every mistake.
            pub const ALL: &[Fault] = &[$(Fault::$name),+];

            /// The name, as the variant is spelled.
            pub fn name(self) -> &'static str {
                match self {
                    $(Fault::$name => stringify!($name)),+
                }
            }

            /// The reading of an open point that the mistake is, if it is one.
            pub fn reading(self) -> Option<Alternative> {
                match self {
                    $(Fault::$name => [$(Alternative::$reading)?].first().copied()),+
                }
            }
        }
    };
}

faults! {
    // Actions.
    /// Actions are compared with their case.
    ActionCaseSensitive,
    /// NotAction lists what the statement speaks of.
    NotActionAsAction,
    /// The service in front of an action's colon is not compared.
    ActionServiceIgnored,
    /// `?` is a plain character in action names.
    ActionQuestionMarkIsPlain,
    /// Only the first of several actions counts.
    OnlyFirstAction,

    // Resources.
    /// NotResource matches where some listed resource does not.
    NotResourceAsOrOfNots,
    /// NotResource lists what the statement speaks of.
    NotResourceAsResource,
    /// Resources are compared ignoring case.
    ResourceIgnoresCase,
    /// A request on `*` is matched by every Resource.
    StarRequestMatchesEveryResource,
    /// A Resource pattern of fewer than six fields matches nothing.
    ShortResourceNeverMatches = ShortResourceNever,

    // Wildcards.
    /// `*` and `?` do not match a blank.
    WildcardStopsAtSpace,
    /// `*` and `?` do not match a line feed.
    WildcardStopsAtNewline,
    /// `*` and `?` do not match characters outside ASCII.
    WildcardStopsAtNonAscii,
    /// `*` and `?` do not match a colon.
    WildcardStopsAtColon,
    /// `*` and `?` do not match a slash.
    WildcardStopsAtSlash,
    /// `?` matches one byte of UTF-8.
    QuestionMarkIsAByte,
    /// `?` may match nothing.
    QuestionMarkMayBeEmpty,
    /// `*` needs at least one character.
    StarNeedsACharacter,
    /// A pattern without `*` at its end may leave a remainder of the text.
    PatternEndNotAnchored,

    // Policy variables.
    /// Version 2008-10-17 substitutes too.
    VariablesIn2008,
    /// Version 2012-10-17 does not substitute either.
    NoVariablesIn2012,
    /// A variable's default wins over the key's value.
    DefaultOverridesValue,
    /// A variable's default is never used.
    DefaultIgnored,
    /// A variable without value stands for its own text.
    UnresolvedVariableIsText,
    /// A multivalued key gives a variable its first value.
    MultivaluedVariableTakesFirst = FirstValueOfVariable,
    /// `*` and `?` in a substituted value are wildcards.
    SubstitutedWildcards = ValuesHaveWildcards,
    /// A key with the empty text has no value for a variable.
    EmptyValueIsNoValue = EmptyIsNoValue,
    /// A variable without value voids the whole Resource list.
    UnresolvedMemberVoidsList = UnresolvedVoidsStatement,
    /// `${*}` and `${?}` are wildcards.
    EscapesAreWildcards,
    /// Arn patterns are split at their colons after substitution.
    ArnSplitAfterSubstitution = ArnSplitAfterFilling,

    // Conditions.
    /// A negated operator is false where its key is missing.
    NegatedOperatorNeedsItsKey,
    /// `ForAllValues:` and `ForAnyValue:` are skipped.
    SetOperatorsSkipped,
    /// `ForAllValues:` and `ForAnyValue:` are exchanged.
    SetOperatorsExchanged,
    /// `IfExists` makes a present key true as well.
    IfExistsTrueWhenPresent,
    /// `IfExists` is skipped.
    IfExistsIgnored,
    /// `ForAllValues:` over nothing is false.
    ForAllValuesOfNothingIsFalse,
    /// `ForAnyValue:` over nothing is true.
    ForAnyValueOfNothingIsTrue,
    /// `ForAnyValue:` of a negated operator negates the whole.
    ForAnyValueNegatesTheWhole,
    /// A list that is `[""]` counts as present.
    ListOfEmptyTextIsPresent = ListOfEmptyTextIsPresent,
    /// `Null` takes an empty list for a present key.
    NullFindsEmptyList = EmptyListIsPresent,
    /// `Null` with `true` asks for presence.
    NullInverted,
    /// A multivalued key without set operator matches by any of its values.
    MultivaluedMatchesByAny = AnyOfMany,
    /// A negated operator with several values needs only one to differ.
    NegatedValuesAreOred,
    /// Several keys under one operator are alternatives.
    KeysOfOneOperatorAreOred,
    /// Names of keys are compared with their case.
    KeyNamesCaseSensitive,
    /// StringEquals takes wildcards.
    StringEqualsTakesWildcards,
    /// StringLike ignores case.
    StringLikeIgnoresCase,
    /// StringEqualsIgnoreCase minds case.
    IgnoreCaseMindsCase,
    /// Numbers are compared as texts.
    NumbersAsText,
    /// Numbers are compared as binary floating point numbers.
    NumbersAsFloats,
    /// Less-than includes equality.
    LessThanIncludesEqual,
    /// Dates are compared as texts.
    DatesAsText,
    /// The sign of a date's offset is taken the wrong way round.
    OffsetSignFlipped,
    /// Four digits are a year.
    FourDigitsAreAYear = FourDigitsAreAYear,
    /// Fractions of a second are dropped.
    FractionDropped,
    /// An IPv4-mapped IPv6 address counts as IPv4.
    MappedAddressUnwrapped = MappedIsIpv4,
    /// The prefix of a block counts one bit less.
    PrefixOffByOne,
    /// An address without prefix is every address.
    NoPrefixIsEveryAddress,
    /// IPv6 blocks never match.
    Ipv6NeverMatches,
    /// Host bits written in a block must agree too.
    HostBitsCount,
    /// Bool minds case.
    BoolMindsCase,
    /// Bool takes an absent key for `false`.
    BoolAbsentIsFalse,
    /// BinaryEquals ignores the case of base64.
    BinaryIgnoresCase,
    /// ArnLike wildcards cross colons.
    ArnWildcardCrossesColon,
    /// ArnLike compares the fields that are there where one side has fewer than six.
    ShortArnMatches,
    /// ArnLike ignores case.
    ArnIgnoresCase,
    /// A value of the wrong type makes a negated operator false.
    WrongTypeNegatedIsFalse = WrongTypeIsFalse,

    // Principals.
    /// NotPrincipal is skipped: the statement matches everybody.
    NotPrincipalIgnored,
    /// NotPrincipal exempts whoever has any link of his chain listed.
    NotPrincipalExemptsByAnyLink = NotPrincipalAnyLink,
    /// NotPrincipal exempts callers with a boundary too.
    NotPrincipalForgetsBoundary,
    /// A role entry is compared without its path.
    RolePathIgnored,
    /// A session entry matches every session of the role.
    SessionNameIgnored,
    /// An entry naming a user misses his federated sessions.
    FederatingUserMissed,
    /// `{"AWS": "*"}` misses services and unsigned callers.
    AwsStarMissesOthers,
    /// An account entry matches the root user only.
    AccountMeansRoot,
    /// A role entry counts as naming the session itself.
    RoleGrantIsDirect,
    /// An account entry counts as naming the caller itself.
    AccountGrantIsDirect,

    // Combination.
    /// An Allow is returned before any Deny is looked at.
    AllowBeforeDeny,
    /// A Deny counts only against Allows of its own document.
    DenyWithinItsDocument,
    /// A boundary does not limit a grant to the role or the federating user.
    BoundarySkippedForRoleGrant,
    /// A boundary limits a direct grant.
    BoundaryLimitsDirectGrant,
    /// A session policy limits a direct grant.
    SessionPolicyLimitsDirectGrant,
    /// Session policies add to what the role allows.
    SessionPolicyGrants,
    /// Every session policy must allow.
    SessionPoliciesIntersect = SessionPoliciesIntersect,
    /// SCPs count at the account alone.
    ScpAtAccountOnly,
    /// An SCP's Allow grants.
    ScpGrants,
    /// SCPs and RCPs bind sessions of service-linked roles.
    ServiceLinkedCallerUnderCeilings,
    /// RCPs bind whoever assumes a service-linked role.
    ServiceLinkedRoleUnderRcps,
    /// RCPs cover every service.
    RcpOverEveryService,
    /// RCPs cover requests on the resource `*`.
    RcpOverStarResource = RcpsApplyToStar,
    /// An RCP level without Allow allows nothing.
    RcpWithoutDefaultAllow,
    /// An endpoint policy that is silent does not refuse.
    EndpointOnlyDenies,
    /// Across accounts the resource policy suffices.
    CrossAccountNeedsNoIdentity,
    /// Across accounts a direct grant needs nothing of the caller's side.
    CrossAccountDirectGrantSuffices,
    /// Root may do everything in its account.
    RootBypassesEverything,
    /// Keys are plain resources.
    KeyPolicyNotRequired,
    /// Roles are plain resources.
    TrustPolicyNotRequired,
    /// A federated session without session policy may do what its user may.
    FederatedNeedsNoSessionPolicy = FederatedNeedsNone,
    /// The owner is the account in the ARN, whatever the request says.
    OwnerFromArnOnly,
    /// Partitions are not compared.
    PartitionUnchecked,
    /// Credentials are not held to the operations they may call.
    CredentialsUnrestricted,
    /// Root may assume roles.
    RootMayAssume,
    /// Expired credentials are good.
    ExpiredCredentialsGood,
    /// GetCallerIdentity can be denied.
    CallerIdentityCanBeDenied,

    // Credentials and sessions: from here on mistakes about steps in worlds, which no single decision shows.
    /// A session may still be used at the instant of its end.
    SessionLivesAtItsEnd,
    /// Sessions have no end.
    SessionsNeverExpire,
    /// A session token outlives its user.
    DeletedUserKeepsSessions,
    /// A session belongs to whatever role has the name now.
    SessionsBindNames,
    /// A deactivated access key works.
    InactiveKeyWorks,
    /// `aws:PrincipalArn` of a role session is the session's ARN.
    PrincipalArnIsTheSession,
    /// GetCallerIdentity shows the role instead of the session.
    IdentityShowsTheRole,
    /// A session token counts as one with MFA, however it was obtained.
    TokensHaveMfa,

    // Durations.
    /// Less than 900 seconds can be asked for.
    ShortDurationsAccepted,
    /// The strict profile grants what is asked.
    StrictProfileUncapped,
    /// The strict profile refuses what is more than an hour.
    StrictProfileRefuses,
    /// A session of a role may hand on more than an hour.
    ChainUncapped,
    /// A role's MaxSessionDuration does not count.
    RoleMaximumIgnored,
    /// Root's tokens may last as long as a user's.
    RootTokensUncapped,
    /// A session outlives the provider's SessionNotOnOrAfter.
    SamlEndIgnored,

    // AssumeRole and its kin.
    /// The key `sts:ExternalId` is never there.
    ExternalIdIgnored,
    /// Any code of any of the caller's devices is accepted.
    AnyCodeAccepted,
    /// A code may be used again.
    CodesReusable,
    /// Passing tags needs no permission.
    TagSessionUnchecked,
    /// Transitive tags end with the session that passed them.
    TransitiveTagsLost,
    /// Every session tag is transitive.
    AllTagsTransitive,
    /// A passed tag replaces an inherited one.
    TransitiveTagsOverridden,
    /// Session tags do not override those of the role.
    RoleTagsOverrideSessionTags,
    /// Two tag keys that differ in case are two.
    TagKeysMindCase,
    /// A chain loses its source identity.
    SourceIdentityLost,
    /// A chain may change its source identity.
    SourceIdentityChanges,
    /// The trust policy alone decides on a source identity in a chain.
    SourceIdentityByTrustAlone,
    /// Managed session policies may be another account's.
    ForeignSessionPolicies,
    /// An expired assertion or token is good.
    ExpiredAssertionsGood,
    /// The pairs of an assertion's attribute Role do not count.
    AssertionRolesIgnored,
    /// A provider of another account than the role's is good.
    ForeignProvidersTrusted,
    /// An Allow of `sts:AssumeRole` lets providers in.
    AssumeRoleCoversProviders,

    // Messages of denials.
    /// A decoded message never tells of an explicit deny.
    MessageHidesExplicitDeny,
    /// Decoding needs no permission.
    AnybodyDecodes,
    /// Messages can be decoded for ever.
    MessagesNeverExpire,

    // Passing roles.
    /// Handing a role over needs no permission of its own.
    PassingUnchecked,
    /// A role may be handed over across accounts.
    PassAcrossAccounts,
    /// A role may be handed to a service that it does not trust.
    PassedWithoutTrust,
    /// The key `iam:PassedToService` is never there.
    PassedToServiceMissing,
    /// The tags of the role are in the context of `iam:PassRole`.
    PassRoleShowsRoleTags,
    /// A second role takes the place of the first in an instance profile.
    ProfileRoleReplaced,

    // Policies as objects.
    /// The newest version of a managed policy is in force.
    NewestVersionInForce,
    /// A new version becomes the default unasked.
    NewVersionsBecomeDefault,
    /// Rolling back puts the old text under the number in force.
    RollbackKeepsTheNumber,
    /// Setting the default changes nothing.
    RollbackWithoutEffect,
    /// The number of a deleted version is given out again.
    VersionNumbersReused,
    /// A policy may have any number of versions.
    VersionsUnlimited,
    /// The version in force can be deleted.
    DefaultVersionDeletable,
    /// A policy can be deleted while it is attached.
    AttachedPoliciesDeletable,
    /// A policy can be deleted while it is a boundary.
    BoundariesDeletable,
    /// Policies of AWS can be changed.
    AwsPoliciesWritable,
    /// Any number of managed policies can be attached.
    AttachmentsUnlimited,
    /// Attaching a policy twice needs room for two.
    AttachingTwiceCounts,
    /// A detached policy still counts.
    DetachingWithoutEffect,
    /// A user may be in any number of groups.
    GroupsUnlimited,
    /// Policies of groups do not reach their members.
    GroupPoliciesForgotten,
    /// A deleted boundary still limits.
    BoundaryStays,
    /// Each inline policy is held to the limit of all together.
    InlineSizesApart,
    /// Users and roles can be deleted with everything that hangs on them.
    DeletionWithoutConflicts,
    /// Service-linked roles can be changed.
    ServiceLinkedRolesModifiable,
    /// Policies bind the names that they list, not the ids.
    PoliciesBindNames,
    /// A new entity gets the id of the last one of its name.
    IdsOfNamesReused,
    /// A trust policy may name a user or role that is not there.
    StrangersTrusted,
}

impl Fault {
    /// Whether the mistake is about steps in worlds (sections 5 to 7 of the rules), and not about single decisions.
    pub fn is_about_steps(self) -> bool {
        self >= Fault::SessionLivesAtItsEnd
    }
}
