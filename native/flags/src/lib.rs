//! Feature flags: who gets what.
//!
//! Definitions are compiled once into an immutable [`FlagSet`] and evaluated by any number of threads without locks.
//! Pure: no clock, no network, no catalog; what the catalog knows comes in as [`Known`].
//!
//! Promises:
//! - No definition and no request makes it panic, and each takes time and stack in proportion to limits that have names.
//! - A flag or cohort that cannot be understood costs itself an error code, and nothing else.
//! - What the catalog has to be asked for a request is known beforehand, [`FlagSet::asked`]; while it cannot be asked,
//!   flags that do not depend on it come to the same as ever, and the others say that they failed.
//! - The same question has the same answer, in whatever shape it is told.
//!
//! Layout: `request` reads what a client says, `definition` what is stored; `compile` makes the one's names into slots
//! and places (`flag`, `cohort`, `graph`, `keys`), `properties` fills the slots, `evaluate` walks the flags and `answer`
//! writes what they came to. Under them are the leaves: `hash` for buckets, `property` and its neighbours for filters.
//! `check` says what is wrong in definitions, for those who write them.

mod answer;
mod check;
mod cohort;
mod compile;
mod date;
mod date_text;
mod definition;
mod evaluate;
mod failure;
mod filter_error;
mod flag;
mod graph;
mod hash;
mod keys;
mod operator;
mod pattern;
mod properties;
mod property;
mod reason;
mod refusal;
mod request;
mod search_cost;
mod semver;
mod set;
mod text;
mod value;

pub use answer::{Envelope, empty};
pub use check::{Problem, check};
pub use date::Zone;
pub use evaluate::Known;
pub use filter_error::FilterError;
pub use hash::{
    bucket, bucket_many, holdout_bucket, holdout_includes, rollout_bucket, rollout_includes, variant_at,
    variant_bucket,
};
pub use operator::Operator;
pub use property::PropertyFilter;
pub use refusal::Refusal;
pub use request::{Options, Request, Route, Sender, Shape};
pub use set::{Asked, FlagSet};
