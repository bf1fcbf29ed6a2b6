//! Feature flags: who gets what.
//!
//! Definitions are compiled once into an immutable set and evaluated by any number of threads without locks.
//! Pure: no clock, no network, no catalog; what the catalog knows comes in as an argument.

mod date;
mod date_text;
mod filter_error;
mod hash;
mod operator;
mod pattern;
mod property;
mod semver;
mod text;
mod value;

pub use date::Zone;
pub use filter_error::FilterError;
pub use hash::{
    bucket, bucket_many, holdout_bucket, holdout_includes, rollout_bucket, rollout_includes, variant_at,
    variant_bucket,
};
pub use operator::Operator;
pub use property::PropertyFilter;
