use crate::{Answer, DropReason, Limits, Projects, Request};

pub(crate) fn accept(_request: &Request<'_>, _projects: &Projects, _limits: &Limits) -> Answer {
    Answer::refuse(404, DropReason::RejectedUnsupported, "not served")
}
