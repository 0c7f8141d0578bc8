//! ARNs: six fields separated by the first five colons (GEN-7).

use std::fmt;

/// An ARN cut into its fields; they borrow from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arn<'a> {
    /// The second field: `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// The third field: `s3`, `iam`, …
    pub service: &'a str,
    /// The fourth field, often empty.
    pub region: &'a str,
    /// The fifth field: an account id, often empty.
    pub account: &'a str,
    /// The sixth field; it may contain colons.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Cuts a text at its first five colons; `None` if it has fewer or does not begin with `arn:`.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut fields = text.splitn(6, ':');
        if fields.next()? != "arn" {
            return None;
        }
        Some(Arn {
            partition: fields.next()?,
            service: fields.next()?,
            region: fields.next()?,
            account: fields.next()?,
            resource: fields.next()?,
        })
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Arn { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// Whether a text has the form of an account id: twelve digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
