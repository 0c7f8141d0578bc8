//! How long a session lasts (section 5.3 of the rules).

use crate::evaluator::failure::{Failure, refuse};
use crate::evaluator::reading::{Reading, mistaken};
use crate::iam::outcome::RefusalCode;
use crate::iam::world::Profile;

/// The least that can be asked for (STS-19).
const LEAST: i128 = 900;

/// The most that can be asked for a role (STS-19).
const MOST_FOR_A_ROLE: i128 = 43_200;

/// The most that can be asked for GetSessionToken and GetFederationToken (STS-19).
const MOST_FOR_A_TOKEN: i128 = 129_600;

/// What a session lasts where nothing is asked, and in the strict profile at the most.
const HOUR: i128 = 3_600;

/// What a user's token lasts under the profile `aws` where nothing is asked (STS-23).
const DEFAULT_FOR_A_USER: i128 = 43_200;

/// Where a session comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::evaluator) enum Origin {
    /// AssumeRole by a user, or with an assertion or token, for a role with this maximum.
    Role { max_session_duration: u32 },
    /// AssumeRole by a session of a role.
    Chain { max_session_duration: u32 },
    /// A service, for itself or for a user of a directory.
    Service,
    /// GetSessionToken or GetFederationToken by a user.
    User,
    /// GetSessionToken or GetFederationToken by root.
    Root,
}

/// The seconds that are granted.
// Rules: GEN-3, STS-19, STS-20, STS-21, STS-22, STS-23, STS-25, STS-27.
pub(in crate::evaluator) fn granted(
    profile: Profile,
    origin: Origin,
    requested: Option<i128>,
    reading: Reading,
) -> Result<i64, Failure> {
    let most = match origin {
        Origin::Role { .. } | Origin::Chain { .. } | Origin::Service => MOST_FOR_A_ROLE,
        Origin::User | Origin::Root => MOST_FOR_A_TOKEN,
    };
    let least = if mistaken!(reading, ShortDurationsAccepted) { 1 } else { LEAST };
    if let Some(asked) = requested
        && !(least..=most).contains(&asked)
    {
        return refused("STS-19", format!("{asked} seconds are asked for; {LEAST} to {most} can be"));
    }
    let seconds = match profile {
        Profile::Strict if mistaken!(reading, StrictProfileRefuses) && requested > Some(HOUR) => {
            return refused("STS-20", "more than an hour is asked for".to_owned());
        }
        Profile::Strict if mistaken!(reading, StrictProfileUncapped) => requested.unwrap_or(HOUR),
        Profile::Strict => requested.unwrap_or(HOUR).min(HOUR),
        Profile::Aws => match origin {
            Origin::Service => requested.unwrap_or(HOUR),
            Origin::User => requested.unwrap_or(DEFAULT_FOR_A_USER),
            Origin::Root if mistaken!(reading, RootTokensUncapped) => requested.unwrap_or(HOUR),
            Origin::Root => requested.unwrap_or(HOUR).min(HOUR),
            Origin::Role { max_session_duration } => within(requested, max_session_duration, reading)?,
            Origin::Chain { max_session_duration } => {
                if requested > Some(HOUR) && !mistaken!(reading, ChainUncapped) {
                    let message = "a session of a role cannot hand on more than 3600 seconds".to_owned();
                    return refused("STS-22", message);
                }
                within(requested, max_session_duration, reading)?
            }
        },
    };
    // The bounds above keep it far below what fits.
    Ok(i64::try_from(seconds).unwrap_or(0))
}

// Rule: STS-21.
fn within(requested: Option<i128>, max_session_duration: u32, reading: Reading) -> Result<i128, Failure> {
    let seconds = requested.unwrap_or(HOUR);
    if seconds > i128::from(max_session_duration) && !mistaken!(reading, RoleMaximumIgnored) {
        let message = format!("{seconds} seconds are asked for; the role allows {max_session_duration}");
        return refused("STS-21", message);
    }
    Ok(seconds)
}

fn refused<T>(rule: &'static str, message: String) -> Result<T, Failure> {
    refuse(RefusalCode::ValidationError, rule, message)
}
