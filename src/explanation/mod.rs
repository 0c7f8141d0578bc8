//! What to tell somebody whose request was decided: the smallest change of the request that turns the decision, and what the policies lack.
//!
//! Why a request was decided as it was is the evaluator's to say ([`Explanation`](crate::evaluator::Explanation)). Here is what one does about
//! it. [`turn`](turn::turn) looks for changes of the request: one at a time, two at a time, then small sets, with values that the policies and the
//! request itself bring to mind; first such as leave it the same request, then others. Whatever it finds, the evaluator has decided the changed request before anybody hears of it. Where
//! nothing is found, the second reading is asked whether any request of the same caller is decided otherwise; only its *no* is called proved.
//! [`lacks`](lack::lacks) says what the policies would have to say instead.

pub mod change;
pub mod lack;
pub mod nearest;
pub mod reach;
pub mod written;

mod candidates;
mod otherwise;
mod search;
pub mod turn;
mod values;
