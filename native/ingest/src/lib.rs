//! One pass over a batch of journal records. The modules beside this file join it once the crate `persons` has
//! its state machine.
