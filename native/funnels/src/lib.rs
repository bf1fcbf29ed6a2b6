//! Funnels: how far each actor came through a sequence of steps.
//!
//! The store groups the events of each actor; this kernel walks them once, in time order, by the rules of
//! `contracts/query.md` §3.3, and keeps only tallies (or the actors somebody asked for).
//!
//! Promises:
//! - Exact: no approximation, no sampling, no limit on how many actors take part.
//! - Memory grows with the breakdown values and conversions counted, never with the events seen.
//! - No input makes it panic; a malformed row is an error and nothing after it is read.
//!
//! Input: `ClickHouse`'s `RowBinary`, see [`row`]. Times are whole microseconds.

mod attribution;
mod best;
mod funnel;
mod ordered;
mod row;
mod tally;
mod trend;
mod unordered;

pub use attribution::Attribution;
pub use best::Best;
pub use funnel::{Funnel, Order, Shape, Way};
pub use row::{Actor, Error, Event, Moment, Rows};
pub use tally::{Selection, StepTally, Tally, Times, Wanted};
pub use trend::{Bucket, Entrants, Trend};

/// Most steps that a funnel may have: each has a bit of a mask, and each exclusion another.
pub const STEPS_MAX: usize = 31;
