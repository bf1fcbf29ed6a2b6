//! Feature flags: who gets what.
//!
//! Definitions are compiled once into an immutable set and evaluated by any number of threads without locks.
//! Pure: no clock, no network, no catalog; what the catalog knows comes in as an argument.

mod hash;

pub use hash::{bucket, holdout_bucket};
