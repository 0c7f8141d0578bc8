//! Whether the caller of a step may make it (DIR-34): `ds:` calls are authorised before anything else is looked at.

use super::account_side::{AccountSide, Call};
use super::ground::{Ground, Party};
use super::reading::errs;
use super::refuse::need_allowed;
use crate::iam::directory::{
    Capability, DirectoryCall, DirectoryName, NewDirectory, NewDirectoryKind, Refused,
};

impl<'w> Ground<'w> {
    /// Refuses what the caller may not call.
    // Rules: DIR-25, DIR-34, PASS-1, PASS-3.
    pub(super) fn need_permission(
        self,
        call: &DirectoryCall,
        account: &dyn AccountSide,
    ) -> Result<(), Refused> {
        match call {
            DirectoryCall::CreateDirectory(NewDirectory { kind, .. }) => {
                let action = match kind {
                    NewDirectoryKind::Managed { .. } => "ds:CreateMicrosoftAD",
                    NewDirectoryKind::Connector { .. } => "ds:ConnectDirectory",
                    NewDirectoryKind::Simple { .. } => "ds:CreateDirectory",
                };
                self.need_call(&Call { action, resource: "*", owner: None, passing: None }, account)
            }
            DirectoryCall::AssignRole { at, role, .. } => {
                let Some(directory) = self.party(at)?.directory() else { return Ok(()) };
                self.need_one_account(directory, role, account)?;
                self.need_call_on(at, "ds:EnableRoleAccess", account)?;
                self.need_pass(directory, role, account)
            }
            DirectoryCall::DeleteDirectory { at } => self.need_call_on(at, "ds:DeleteDirectory", account),
            DirectoryCall::UpdateServiceAccount { at, .. } | DirectoryCall::SetSessionLength { at, .. } => {
                self.need_call_on(at, "ds:UpdateDirectory", account)
            }
            DirectoryCall::CreateTrust { at, .. } => self.need_call_on(at, "ds:CreateTrust", account),
            DirectoryCall::DeleteTrust { at, .. } => self.need_call_on(at, "ds:DeleteTrust", account),
            DirectoryCall::VerifyTrust { at, .. } => self.need_call_on(at, "ds:VerifyTrust", account),
            DirectoryCall::EnableRadius { at, .. } => self.need_call_on(at, "ds:EnableRadius", account),
            DirectoryCall::DisableRadius { at } => self.need_call_on(at, "ds:DisableRadius", account),
            DirectoryCall::CreateAccessUrl { at, .. } => self.need_call_on(at, "ds:CreateAlias", account),
            DirectoryCall::EnableConsole { at } => self.need_call_on(at, "ds:AuthorizeApplication", account),
            DirectoryCall::DisableConsole { at } => {
                self.need_call_on(at, "ds:UnauthorizeApplication", account)
            }
            DirectoryCall::UnassignRole { at, .. } => self.need_call_on(at, "ds:DisableRoleAccess", account),
            DirectoryCall::ResetPassword { at, .. } => self.need_call_on(at, "ds:ResetUserPassword", account),
            DirectoryCall::Use { at, capability } => match action_of(*capability) {
                Some(action) => self.need_call_on(at, action, account),
                None => Ok(()),
            },
        }
    }

    /// The call, on the directory that does it; on premises it is no call but the work of an administrator.
    // Rule: DIR-34.
    fn need_call_on(
        self,
        at: &DirectoryName,
        action: &str,
        account: &dyn AccountSide,
    ) -> Result<(), Refused> {
        let party = self.party(at)?;
        let Some(directory) = party.directory() else { return Ok(()) };
        if errs!(self.reading, KindBeforePermission) && matches!(party, Party::Simple { .. }) {
            return Ok(());
        }
        let arn = directory.arn();
        self.need_call(
            &Call { action, resource: &arn, owner: Some(&directory.account), passing: None },
            account,
        )
    }

    fn need_call(self, call: &Call<'_>, account: &dyn AccountSide) -> Result<(), Refused> {
        if errs!(self.reading, CallUnchecked) {
            return Ok(());
        }
        need_allowed(account.decide(call), call.action, call.resource)
    }
}

/// The call behind a capability; to be chosen by another service is none of the directory's.
fn action_of(capability: Capability) -> Option<&'static str> {
    match capability {
        Capability::Share => Some("ds:ShareDirectory"),
        Capability::SchemaExtension => Some("ds:StartSchemaExtension"),
        Capability::Ldaps(_) => Some("ds:EnableLDAPS"),
        Capability::Snapshot => Some("ds:CreateSnapshot"),
        Capability::IdentityCenter | Capability::RdsForSqlServer => None,
    }
}
