//! Feature flags: who gets what.
//!
//! Definitions are compiled once into an immutable set and evaluated by any number of threads without locks.
//! Pure: no clock, no network, no catalog; what the catalog knows comes in as an argument.

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
