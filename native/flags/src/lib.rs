//! Feature flags: who gets what.
//!
//! Definitions are compiled once into an immutable set and evaluated by any number of threads without locks.
//! Pure: no clock, no network, no catalog; what the catalog knows comes in as an argument.

mod date;
mod hash;
mod operator;
mod property;

pub use date::Zone;
pub use hash::{
    bucket, bucket_many, holdout_bucket, holdout_includes, rollout_bucket, rollout_includes, variant_at,
    variant_bucket,
};
pub use operator::Operator;
pub use property::{FilterError, PropertyFilter};
