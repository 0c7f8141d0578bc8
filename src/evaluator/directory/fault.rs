//! Mistakes that interpreters of directories could make, each of which can be planted to see whether the tests notice.
//!
//! As in [`crate::evaluator::fault`]: builds with debug assertions only, each read where the rule that it breaks is decided.

macro_rules! directory_faults {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// A mistake that [`DirectoryReading::with_fault`](super::DirectoryReading::with_fault) plants.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum DirectoryFault {
            $($(#[$doc])* $name),+
        }

        impl DirectoryFault {
            /// Every mistake.
            pub const ALL: &[DirectoryFault] = &[$(DirectoryFault::$name),+];

            /// The name, as the variant is spelled.
            pub fn name(self) -> &'static str {
                match self {
                    $(DirectoryFault::$name => stringify!($name)),+
                }
            }
        }
    };
}

directory_faults! {
    // Trusts.
    /// A one-way trust lets users log on in the wrong direction.
    TrustUsedBackwards,
    /// A record has its effect though the other side has none.
    OneRecordSuffices,
    /// A two-way record and an incoming one make a trust in one direction.
    HalfOfATwoWayTrust,
    /// The trust passwords are not compared.
    TrustPasswordIgnored,
    /// The types of the two records are not compared.
    TrustTypeIgnored,
    /// An external trust covers the forests around the two domains.
    ExternalTrustCoversForests,
    /// A forest trust covers the two root domains alone.
    ForestTrustCoversRoots,
    /// Trust follows from trust: two steps are one.
    TrustIsTransitive,
    /// Domains of one forest trust each other only along the tree.
    ForestDoesNotTrustItself,
    /// A second trust with the same domain replaces the first.
    SecondTrustReplacesFirst,
    /// Domains with one label may trust.
    SingleLabelTrusts,
    /// A Simple AD can be given a trust.
    SimpleJoinsTrust,
    /// Looking at a trust reports on its incoming direction too.
    VerifyLooksAtIncoming,

    // Consultations.
    /// A connector lets in who was let in before while its target does not answer.
    ConnectorCachesPasswords,
    /// A connector stores users.
    ConnectorStoresUsers,
    /// A connector passes on users of the other domains of its target's forest.
    ConnectorFollowsForest,
    /// A connector works though its service account does not.
    ServiceAccountUnchecked,
    /// The network is not looked at.
    LinkIgnored,
    /// A directory that does not run answers.
    InactiveAnswers,
    /// A one-way trust suffices to look up users of the other side.
    OneWayTrustLooksUp,
    /// Simple AD looks up users of a domain on premises.
    SimpleLooksUpOthers,

    // Logons.
    /// A disabled or locked user is let in.
    DisabledUserLetIn,
    /// A wrong password is let pass.
    PasswordUnchecked,
    /// The codes differ for a user who is not there.
    UnknownUserTold,
    /// A connector does not ask for the code.
    ConnectorSkipsMfa,
    /// Users of trusted domains are not asked for the code.
    ForeignUsersSkipMfa,
    /// A RADIUS server that is not reached counts as content.
    UnreachableRadiusPasses,
    /// A code is good for its time and beyond it.
    CodeNeverEnds,
    /// The password is checked before the code.
    PasswordBeforeCode,
    /// Hosts ask for the code.
    HostAsksForCode,
    /// Users sign in to AWS at an on-premises domain.
    OnPremisesConsole,

    // Roles.
    /// Assignments are compared by account names and not by SIDs.
    SidsComparedByName,
    /// A new object gets the SID that a leftover assignment names.
    SidIssuedTwice,
    /// Members of nested groups hold what is assigned to the outer one.
    NestedGroupsCount,
    /// The role's trust policy is asked at assignment only.
    TrustPolicyAtAssignmentOnly,
    /// PassRole is not asked for.
    PassRoleUnchecked,
    /// The directory's own call is not authorised.
    CallUnchecked,
    /// The directory's kind is looked at before the caller's permission.
    KindBeforePermission,
    /// Roles of other accounts can be assigned.
    RoleOfAnotherAccount,
    /// Service-linked roles can be assigned.
    ServiceLinkedRoleAssigned,
    /// A disabled console lets users in.
    ConsoleFlagIgnored,
    /// Characters that a session name must not have are replaced.
    SessionNameMended,
    /// The session is named as the user typed the name.
    SessionNameAsTyped,
    /// The console can be disabled while roles are assigned.
    ConsoleDisabledInUse,
    /// Assignments of deleted subjects do not keep the console.
    LeftoversForgotten,
    /// A directory can be deleted while its console is enabled.
    DeletedWithConsole,

    // Kinds.
    /// RADIUS can be configured on a Simple AD.
    RadiusOnSimple,
    /// A connector offers what only stored directories do.
    ConnectorTakesSnapshots,
    /// An identity provider vouches for disabled users.
    AssertionForDisabledUser,
}
