//! DecodeAuthorizationMessage (STS-55 to STS-57).
//!
//! An encoded text says nothing by itself: it is a name for what the world keeps. So whatever was altered, cut or made up names
//! nothing, and there is nothing in it that could be read without permission.

use super::parameter;
use crate::evaluator::acting::Acting;
use crate::evaluator::failure::{Failure, Unusable, refuse};
use crate::evaluator::interpreter::Scene;
use crate::evaluator::reading::mistaken;
use crate::iam::operation::{EncodedMessage, Tampering};
use crate::iam::outcome::{Answer, RefusalCode};

/// How long a message can be decoded, in seconds (STS-57).
const LIFETIME: i64 = 86_400;

/// The encoded text of the message with this number.
pub(in crate::evaluator) fn encoded_text(number: u64) -> String {
    // A permutation of 64 bits (SplitMix64's), so that no two numbers share a text and neighbours look nothing alike.
    let mix = |mut bits: u64| {
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    };
    let first = mix(number.wrapping_add(0x9e37_79b9_7f4a_7c15));
    format!("{first:016x}{:016x}", mix(first))
}

// Rules: STS-55, STS-56, STS-57.
pub(super) fn decode(scene: &mut Scene<'_>, message: &EncodedMessage) -> Result<Answer, Failure> {
    let text = text(scene, message)?;
    parameter::check_length("EncodedMessage", &text, 1, 10_240)?;
    let acting = Acting::identify(&scene.world, scene.step, scene.reading)?;
    if !mistaken!(scene.reading, AnybodyDecodes) {
        acting.authorise(&acting.item("sts:DecodeAuthorizationMessage", "*"))?;
    }
    let found = scene.world.messages.values().find(|message| message.encoded == text);
    let lives = |issued: crate::iam::instant::Instant| {
        let age = scene.step.time.epoch_nanoseconds() - issued.epoch_nanoseconds();
        age < i128::from(LIFETIME) * 1_000_000_000 || mistaken!(scene.reading, MessagesNeverExpire)
    };
    match found.filter(|message| lives(message.issued)) {
        Some(message) => Ok(Answer::Decoded(Box::new(message.content.clone()))),
        None => {
            refuse(RefusalCode::InvalidAuthorizationMessage, "STS-57", "this is no message, or no longer one")
        }
    }
}

/// The text that arrives.
fn text(scene: &Scene<'_>, message: &EncodedMessage) -> Result<String, Failure> {
    let (name, tampering) = match message {
        EncodedMessage::Text(text) => return Ok(text.clone()),
        EncodedMessage::Of { name, tampering } => (name, *tampering),
    };
    let Some(message) = scene.world.messages.get(name) else {
        let message = format!("no step of this world left a message `{name}`");
        return Err(Unusable::new("parameters/EncodedMessage/of", message).into());
    };
    let mut text = message.encoded.clone();
    match tampering {
        Tampering::None => {}
        Tampering::Cut => {
            text.pop();
        }
        Tampering::Altered => {
            // No text has this character, so that the altered one is that of no other message.
            text.pop();
            text.push('-');
        }
    }
    Ok(text)
}
