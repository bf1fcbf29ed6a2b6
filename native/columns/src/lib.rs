//! Events to typed columns.

pub mod shredded;
