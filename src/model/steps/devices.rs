//! Access keys, passwords and MFA devices of users and root (EVAL-6, STS-15, STS-64, POL-11).

use super::acting::Checked;
use super::deciding::Item;
use super::holders::Home;
use super::{Moment, Stepping, leaves_message, names, require};
use crate::iam::decision::Decision;
use crate::iam::operation::{KeyOf, MfaCode};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::iam::request::Caller;
use crate::iam::world::{AccessKey, Holder, IdKind, KeyState, LoginProfile, MfaDevice, OneTimeCode, User};

/// Whose keys a call is about.
enum Owner {
    User(String),
    Root,
}

impl Moment<'_> {
    /// Whether a device of the caller shows this code now, for the first time.
    // Rules: STS-15, STS-43.
    pub(super) fn code_is_valid(&self, checked: &Checked, mfa: &MfaCode) -> bool {
        let (Some(serial), Some(code)) = (&mfa.serial_number, &mfa.token_code) else { return false };
        let now = self.step.time;
        let device = checked.as_ref().ok().and_then(|acting| self.device(&acting.caller, serial));
        device.is_some_and(|device| {
            let shown = device.codes.get(code).is_some_and(|OneTimeCode { from, until }| {
                from.is_none_or(|from| from <= now) && until.is_none_or(|until| now < until)
            });
            shown && !device.used.contains(code)
        })
    }

    fn device(&self, caller: &Caller, serial: &str) -> Option<&MfaDevice> {
        match caller {
            Caller::User(user) => self.world.user_by_arn(&user.arn("user"))?.found.mfa_devices.get(serial),
            Caller::Root { account, .. } => self.world.accounts.get(account)?.root_mfa_devices.get(serial),
            Caller::RoleSession { .. }
            | Caller::FederatedSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => None,
        }
    }

    /// Marks the code of a call that succeeded as used.
    // Rule: STS-15.
    pub(super) fn use_code(&mut self, checked: &Checked, mfa: &MfaCode) {
        let (Some(serial), Some(code)) = (&mfa.serial_number, &mfa.token_code) else { return };
        let Ok(acting) = checked else { return };
        let device = match &acting.caller {
            Caller::User(user) => {
                let account = self.world.accounts.get_mut(&user.account);
                let user = account.and_then(|account| account.users.get_mut(&user.name));
                user.and_then(|user| user.mfa_devices.get_mut(serial))
            }
            Caller::Root { account, .. } => {
                let account = self.world.accounts.get_mut(account);
                account.and_then(|account| account.root_mfa_devices.get_mut(serial))
            }
            Caller::RoleSession { .. }
            | Caller::FederatedSession { .. }
            | Caller::Service { .. }
            | Caller::Saml { .. }
            | Caller::WebIdentity { .. }
            | Caller::Anonymous => None,
        };
        if let Some(device) = device {
            device.used.insert(code.clone());
        }
    }

    /// Whose keys are meant: a user's by name, or the caller's own.
    fn owner(&self, checked: &Checked, of: &KeyOf) -> Stepping<Option<Owner>> {
        Ok(match (of, checked) {
            (KeyOf::User(name), _) => {
                Self::named(&Holder::User(name.clone()))?;
                Some(Owner::User(name.clone()))
            }
            (KeyOf::Caller, Ok(acting)) => match &acting.caller {
                Caller::User(user) => Some(Owner::User(user.name.clone())),
                Caller::Root { .. } => Some(Owner::Root),
                Caller::RoleSession { .. }
                | Caller::FederatedSession { .. }
                | Caller::Service { .. }
                | Caller::Saml { .. }
                | Caller::WebIdentity { .. }
                | Caller::Anonymous => None,
            },
            (KeyOf::Caller, Err(_)) => None,
        })
    }

    /// The owner of keys, once the call on them is allowed.
    // Rule: POL-16.
    fn owner_allowed(&self, action: &str, of: &KeyOf) -> Stepping<(Home, Owner)> {
        let checked = self.checked()?;
        let owner = self.owner(&checked, of)?;
        let home = self.home(&checked)?;
        let item = match &owner {
            Some(Owner::User(name)) => self.item_on_holder(action, &home, &Holder::User(name.clone())),
            Some(Owner::Root) => Item::plain(action, home.arn("root", "", ""), Some(&home.account)),
            None => Item::plain(action, "*", Some(&home.account)),
        };
        match (&owner, &checked) {
            (None, Ok(acting)) if acting.caller.account().is_some() => {
                // Nothing is named that policies could speak of: of the decision only the credentials are looked at.
                let decided = self.decided(acting, &item)?;
                if decided.reason.decision() != Decision::Allow && !leaves_message(decided.reason) {
                    return Err(decided.into_stop("EVAL-6"));
                }
            }
            (_, _) => {
                self.allowed(&checked, &item, "POL-16")?;
            }
        }
        match owner {
            Some(Owner::User(name)) => {
                self.there(&home, &Holder::User(name.clone()))?;
                Ok((home, Owner::User(name)))
            }
            Some(Owner::Root) => Ok((home, Owner::Root)),
            None => Err(super::Stop::refused(
                RefusalCode::ValidationError,
                "POL-13",
                "the caller has no keys of its own: name a user",
            )),
        }
    }

    pub(super) fn create_access_key(&mut self, action: &str, of: &KeyOf) -> Stepping<Answer> {
        let (home, owner) = self.owner_allowed(action, of)?;
        let id = self.world.fresh_id(IdKind::AccessKey);
        let key = AccessKey { state: KeyState::Active };
        self.keys(&home, &owner)?.insert(id.clone(), key);
        Ok(Answer::AccessKey(id))
    }

    /// Sets the state of a key, or takes it away.
    // Rule: STS-64.
    pub(super) fn change_access_key(
        &mut self,
        action: &str,
        of: &KeyOf,
        id: &str,
        state: Option<KeyState>,
    ) -> Stepping<Answer> {
        let (home, owner) = self.owner_allowed(action, of)?;
        let keys = self.keys(&home, &owner)?;
        require(keys.contains_key(id), RefusalCode::NoSuchEntity, "POL-13", "there is no such access key")?;
        match state {
            Some(state) => keys.insert(id.to_owned(), AccessKey { state }),
            None => keys.remove(id),
        };
        Ok(Answer::Nothing)
    }

    fn keys(
        &mut self,
        home: &Home,
        owner: &Owner,
    ) -> Stepping<&mut std::collections::BTreeMap<String, AccessKey>> {
        let account = self.account_mut(home)?;
        match owner {
            Owner::Root => Ok(&mut account.root_access_keys),
            Owner::User(name) => match account.users.get_mut(name) {
                Some(user) => Ok(&mut user.access_keys),
                None => Err(super::calls::defect("keys of a user that is not there")),
            },
        }
    }

    /// A user of the caller's account, once the call on it is allowed.
    fn user_allowed(&mut self, action: &str, name: &str) -> Stepping<&mut User> {
        let holder = Holder::User(name.to_owned());
        Self::named(&holder)?;
        let checked = self.checked()?;
        let home = self.home(&checked)?;
        self.allowed(&checked, &self.item_on_holder(action, &home, &holder), "POL-16")?;
        self.there(&home, &holder)?;
        let user = self.account_mut(&home)?.users.get_mut(name);
        user.ok_or_else(|| super::calls::defect("a user that is not there"))
    }

    pub(super) fn login_profile(
        &mut self,
        action: &str,
        name: &str,
        wanted: LoginProfile,
    ) -> Stepping<Answer> {
        let user = self.user_allowed(action, name)?;
        let (code, message) = match wanted {
            LoginProfile::Present => (RefusalCode::EntityAlreadyExists, "there is a password already"),
            LoginProfile::Absent => (RefusalCode::NoSuchEntity, "there is no password"),
        };
        require(user.login_profile != wanted, code, "POL-13", message)?;
        user.login_profile = wanted;
        Ok(Answer::Nothing)
    }

    pub(super) fn enable_device(
        &mut self,
        action: &str,
        user: &str,
        serial: &str,
        codes: &[String],
    ) -> Stepping<Answer> {
        let fits = names::is_serial_number(serial) && codes.iter().all(|code| names::is_token_code(code));
        require(fits, RefusalCode::ValidationError, "STS-3", "no serial number or codes of a device")?;
        self.user_allowed(action, user)?;
        let home = self.home(&self.checked()?)?;
        let account = self.account_mut(&home)?;
        let mut devices = account.users.values().map(|user| &user.mfa_devices);
        let taken =
            account.root_mfa_devices.contains_key(serial) || devices.any(|held| held.contains_key(serial));
        require(!taken, RefusalCode::EntityAlreadyExists, "POL-13", "the device is somebody's already")?;
        let user = self.user_allowed(action, user)?;
        let shown = codes.iter().map(|code| (code.clone(), OneTimeCode::default())).collect();
        user.mfa_devices.insert(serial.to_owned(), MfaDevice { codes: shown, ..MfaDevice::default() });
        Ok(Answer::Nothing)
    }

    pub(super) fn deactivate_device(&mut self, action: &str, user: &str, serial: &str) -> Stepping<Answer> {
        let fits = names::is_serial_number(serial);
        require(fits, RefusalCode::ValidationError, "STS-3", "no serial number of a device")?;
        let user = self.user_allowed(action, user)?;
        let known = user.mfa_devices.contains_key(serial);
        require(known, RefusalCode::NoSuchEntity, "POL-13", "there is no such device")?;
        user.mfa_devices.remove(serial);
        Ok(Answer::Nothing)
    }
}
