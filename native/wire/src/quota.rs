//! Which quota an event counts against.

use crate::{DropReason, Quotas};

/// Why an event of this name may not be kept; `None` if it may. Names with a quota of their own go by that
/// one alone, so they survive when the project as a whole is over.
pub fn over(exceeded: Quotas, name: &str, has_product_tour: bool) -> Option<DropReason> {
    if exceeded == Quotas::default() {
        return None;
    }
    let own = match name {
        "$exception" => Some((Quotas::EXCEPTIONS, DropReason::QuotaExceptions)),
        "survey sent" | "survey shown" | "survey dismissed" if !has_product_tour => {
            Some((Quotas::SURVEYS, DropReason::QuotaSurveys))
        }
        _ if name.starts_with("$ai_") => Some((Quotas::LLM_EVENTS, DropReason::QuotaLlmEvents)),
        _ => None,
    };
    match own {
        Some((scope, reason)) => exceeded.any(scope).then_some(reason),
        None if exceeded.any(Quotas::EVENTS) => Some(DropReason::QuotaEvents),
        None => exceeded.any(Quotas::ALL).then_some(DropReason::QuotaAll),
    }
}
