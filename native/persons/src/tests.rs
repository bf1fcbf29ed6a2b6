//! Small scenes, each a promise; the contract's rows; and random histories against a slow model.

mod contract;
mod memory;
mod model;
mod properties;
mod random;
mod scene;
