//! `appliance._native.funnels`: how far actors came, see the crate `funnels` for its promises.

#![allow(clippy::needless_pass_by_value, reason = "arguments from Python are owned or borrowed from it")]

use std::sync::Mutex;

use funnels::{
    Actor, Attribution, Entrants, Funnel, Order, Rows, STEPS_MAX, Selection, Shape, Tally, Times, Trend,
    Wanted,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors::funnel_failure;

/// Adds the submodule to the module.
pub fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = PyModule::new(parent.py(), "funnels")?;
    module.add_class::<Walk>()?;
    module.add("STEPS_MAX", STEPS_MAX)?;
    parent.add_submodule(&module)
}

/// Steps, window in microseconds, order, optional steps, attribution and its step: see the stub.
type ShapeArguments = (usize, i64, String, u32, String, usize);

enum Goal {
    Tally(Tally),
    Times(Times),
    Trend(Trend),
    Selection(Selection),
    Entrants(Entrants),
}

impl Goal {
    fn add(&mut self, actor: Actor) {
        match self {
            Self::Tally(goal) => goal.add(actor),
            Self::Times(goal) => goal.add(actor),
            Self::Trend(goal) => goal.add(actor),
            Self::Selection(goal) => goal.add(actor),
            Self::Entrants(goal) => goal.add(actor),
        }
    }
}

struct Under {
    rows: Rows,
    goal: Goal,
}

/// A walk under way. Results are asked for once, at its end.
#[pyclass(frozen, module = "appliance._native.funnels")]
struct Walk {
    under: Mutex<Option<Under>>,
}

type TallyRow = (Vec<String>, Vec<(u64, Option<f64>, Option<f64>)>);
type TrendRow = (Vec<String>, Vec<(u64, u64)>);

#[pymethods]
impl Walk {
    #[staticmethod]
    fn tally(shape: ShapeArguments) -> PyResult<Self> {
        let funnel = funnel(shape)?;
        Ok(Self::toward(Goal::Tally(Tally::new(funnel))))
    }

    #[staticmethod]
    #[pyo3(signature = (shape, *, from_step, to_step))]
    fn times(shape: ShapeArguments, from_step: usize, to_step: usize) -> PyResult<Self> {
        let funnel = funnel(shape)?;
        within(&funnel, &[from_step, to_step])?;
        Ok(Self::toward(Goal::Times(Times::new(funnel, from_step, to_step))))
    }

    #[staticmethod]
    #[pyo3(signature = (
        shape, *, from_step, to_step, starts_us
    ))]
    fn trend(shape: ShapeArguments, from_step: usize, to_step: usize, starts_us: Vec<i64>) -> PyResult<Self> {
        let funnel = funnel(shape)?;
        within(&funnel, &[from_step, to_step])?;
        if !starts_us.is_sorted() {
            return Err(PyValueError::new_err("the starts of intervals must ascend"));
        }
        Ok(Self::toward(Goal::Trend(Trend::new(funnel, from_step, to_step, starts_us))))
    }

    #[staticmethod]
    #[pyo3(signature = (
        shape, *, wanted, step, breakdown, actors_max
    ))]
    fn actors(
        shape: ShapeArguments,
        wanted: &str,
        step: usize,
        breakdown: Option<Vec<String>>,
        actors_max: usize,
    ) -> PyResult<Self> {
        let funnel = funnel(shape)?;
        let wanted = match wanted {
            "reached" => Wanted::Reached(step),
            "dropped" => Wanted::DroppedBefore(step),
            "done" => Wanted::Done(u32::try_from(step).unwrap_or(0)),
            _ => return Err(PyValueError::new_err("wanted must be reached, dropped or done")),
        };
        if !matches!(wanted, Wanted::Done(_)) {
            within(&funnel, &[step])?;
        }
        Ok(Self::toward(Goal::Selection(Selection::new(funnel, wanted, breakdown, actors_max))))
    }

    #[staticmethod]
    #[pyo3(signature = (
        shape, *, from_step, to_step, between_us, has_converted, breakdown, actors_max
    ))]
    fn entrants(
        shape: ShapeArguments,
        from_step: usize,
        to_step: usize,
        between_us: (i64, i64),
        has_converted: bool,
        breakdown: Option<Vec<String>>,
        actors_max: usize,
    ) -> PyResult<Self> {
        let funnel = funnel(shape)?;
        within(&funnel, &[from_step, to_step])?;
        let trend =
            Trend::new(funnel, from_step, to_step, vec![between_us.0, between_us.1.max(between_us.0)]);
        Ok(Self::toward(Goal::Entrants(Entrants::new(trend, has_converted, breakdown, actors_max))))
    }

    fn feed(&self, py: Python<'_>, piece: &[u8]) -> PyResult<()> {
        py.detach(|| {
            let mut under = self.under.lock().map_err(|_| funnels::Error::Malformed)?;
            let Under { rows, goal } = under.as_mut().ok_or(funnels::Error::Malformed)?;
            rows.feed(piece, |actor| goal.add(actor))
        })
        .map_err(funnel_failure)
    }

    fn tallied(&self) -> PyResult<Vec<TallyRow>> {
        let Goal::Tally(goal) = self.end()? else { return Err(another_goal()) };
        let step = |step: funnels::StepTally| (step.count, step.average_s, step.median_s);
        let row = |(value, steps): (_, Vec<_>)| (value, steps.into_iter().map(step).collect());
        Ok(goal.finish().into_iter().map(row).collect())
    }

    fn times_s(&self) -> PyResult<Vec<f64>> {
        let Goal::Times(goal) = self.end()? else { return Err(another_goal()) };
        Ok(goal.finish())
    }

    fn trends(&self) -> PyResult<Vec<TrendRow>> {
        let Goal::Trend(goal) = self.end()? else { return Err(another_goal()) };
        let bucket = |bucket: funnels::Bucket| (bucket.reached_from, bucket.reached_to);
        let row = |(value, buckets): (_, Vec<_>)| (value, buckets.into_iter().map(bucket).collect());
        Ok(goal.finish().into_iter().map(row).collect())
    }

    fn selected(&self) -> PyResult<Vec<String>> {
        match self.end()? {
            Goal::Selection(goal) => Ok(goal.finish()),
            Goal::Entrants(goal) => Ok(goal.finish()),
            _ => Err(another_goal()),
        }
    }
}

impl Walk {
    fn toward(goal: Goal) -> Self {
        Self { under: Mutex::new(Some(Under { rows: Rows::default(), goal })) }
    }

    fn end(&self) -> PyResult<Goal> {
        let mut under = self.under.lock().map_err(|_| another_goal())?;
        let Under { rows, goal } = under.take().ok_or_else(another_goal)?;
        rows.finish().map_err(funnel_failure)?;
        Ok(goal)
    }
}

fn funnel(shape: ShapeArguments) -> PyResult<Funnel> {
    let (steps, window_us, order, optional, attribution, attribution_step) = shape;
    let order = match order.as_str() {
        "ordered" => Order::Ordered,
        "strict" => Order::Strict,
        "unordered" => Order::Unordered,
        _ => return Err(PyValueError::new_err("order must be ordered, strict or unordered")),
    };
    let attribution = match attribution.as_str() {
        "" => Attribution::None,
        "first_touch" => Attribution::FirstTouch,
        "last_touch" => Attribution::LastTouch,
        "all_events" => Attribution::AllEvents,
        "step" => Attribution::Step(attribution_step),
        _ => return Err(PyValueError::new_err("attribution is not one that a funnel knows")),
    };
    Funnel::new(Shape { steps, window_us, order, optional, attribution })
        .ok_or_else(|| PyValueError::new_err(format!("a funnel has 1 to {STEPS_MAX} steps")))
}

fn within(funnel: &Funnel, asked: &[usize]) -> PyResult<()> {
    if asked.iter().all(|step| *step < funnel.shape().steps) {
        return Ok(());
    }
    Err(PyValueError::new_err("the funnel has no such step"))
}

fn another_goal() -> PyErr {
    PyValueError::new_err("this walk has another goal, or has ended")
}
