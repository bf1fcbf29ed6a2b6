//! Small scenes, each a promise; the contract's rows; and random histories against a slow model.

mod contract;
mod properties;
mod scene;
