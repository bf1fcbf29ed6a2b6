//! Data points of metrics. Besides the shared members:
//!
//! ```text
//! metric_name, metric_type, unit, description
//! metric_type              gauge, sum, histogram, exponential_histogram, summary
//! start_time_unix_nano     string
//! value                    the number; the sum of a histogram or summary; null where there is none
//! count                    how many measurements; 1 for a gauge or sum
//! min, max                 where the point has them
//! aggregation_temporality  delta, cumulative, unspecified
//! is_monotonic             of a sum
//! flags
//! histogram_bounds         ascending; bucket i ends at bound i, the last bucket has no end
//! histogram_counts         one more than bounds
//! quantiles                of a summary: [{"quantile":0.5,"value":2.0}, …]
//! ```
//!
//! The trace and span ids are those of the first exemplar that has any. An exponential histogram is spelled out
//! as explicit bounds, so that whoever reads a histogram needs to know one kind.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Exemplar, ExponentialHistogramDataPoint, HistogramDataPoint, Metric,
    NumberDataPoint, SummaryDataPoint, metric::Data, number_data_point,
};

use super::{Members, Moment, Rows};
use crate::otlp::value::{push_display, push_number};
use crate::refusal::Refusal;

/// A metric without data is no record.
pub(super) fn write(metric: &Metric, shared: &str, rows: &mut Rows<'_>) -> Result<(), Refusal> {
    match &metric.data {
        None => Ok(()),
        Some(Data::Gauge(gauge)) => gauge
            .data_points
            .iter()
            .try_for_each(|point| number(Point::of(metric, "gauge", shared, point), point, rows, |_| {})),
        Some(Data::Sum(sum)) => sum.data_points.iter().try_for_each(|point| {
            number(Point::of(metric, "sum", shared, point), point, rows, |members| {
                members.text("aggregation_temporality", temporality(sum.aggregation_temporality));
                members.integer("is_monotonic", sum.is_monotonic);
            })
        }),
        Some(Data::Histogram(data)) => data.data_points.iter().try_for_each(|point| {
            histogram(
                Point::of(metric, "histogram", shared, point),
                point,
                data.aggregation_temporality,
                rows,
            )
        }),
        Some(Data::ExponentialHistogram(data)) => data.data_points.iter().try_for_each(|point| {
            let head = Point::of(metric, "exponential_histogram", shared, point);
            exponential(head, point, data.aggregation_temporality, rows)
        }),
        Some(Data::Summary(data)) => data
            .data_points
            .iter()
            .try_for_each(|point| summary(Point::of(metric, "summary", shared, point), point, rows)),
    }
}

/// What all kinds of point have.
#[derive(Clone, Copy)]
struct Point<'a> {
    metric: &'a Metric,
    metric_type: &'static str,
    shared: &'a str,
    times: (u64, u64),
    flags: u32,
    attributes: &'a [KeyValue],
    exemplars: &'a [Exemplar],
}

/// The fields that the generated types of points share without a trait to say so.
trait Fields {
    fn times(&self) -> (u64, u64);
    fn flags(&self) -> u32;
    fn attributes(&self) -> &[KeyValue];
    fn exemplars(&self) -> &[Exemplar];
}

macro_rules! fields {
    ($type:ty, $self:ident => $exemplars:expr) => {
        impl Fields for $type {
            fn times(&self) -> (u64, u64) {
                (self.time_unix_nano, self.start_time_unix_nano)
            }

            fn flags(&self) -> u32 {
                self.flags
            }

            fn attributes(&self) -> &[KeyValue] {
                &self.attributes
            }

            fn exemplars(&$self) -> &[Exemplar] {
                $exemplars
            }
        }
    };
}

fields!(NumberDataPoint, self => &self.exemplars);
fields!(HistogramDataPoint, self => &self.exemplars);
fields!(ExponentialHistogramDataPoint, self => &self.exemplars);
fields!(SummaryDataPoint, self => &[]);

impl<'a> Point<'a> {
    fn of(metric: &'a Metric, metric_type: &'static str, shared: &'a str, point: &'a impl Fields) -> Self {
        Self {
            metric,
            metric_type,
            shared,
            times: point.times(),
            flags: point.flags(),
            attributes: point.attributes(),
            exemplars: point.exemplars(),
        }
    }

    /// Writes the shared members, lets `body` write the others, and keeps the record.
    fn write(self, rows: &mut Rows<'_>, body: impl FnOnce(&mut Members)) -> Result<(), Refusal> {
        let (time, start) = self.times;
        let moment: Moment = rows.settle(time)?;
        let exemplar = self.exemplars.iter().find(|exemplar| exemplar.trace_id.len() == 16);
        let ids = exemplar.map_or((&[][..], &[][..]), |exemplar| (&exemplar.trace_id, &exemplar.span_id));
        let mut members = Members::new(&moment, self.shared);
        members.id::<16>("trace_id", ids.0);
        members.id::<8>("span_id", ids.1);
        members.text("metric_name", &self.metric.name);
        members.text("metric_type", self.metric_type);
        members.text("unit", &self.metric.unit);
        members.text("description", &self.metric.description);
        members.text("start_time_unix_nano", &start.to_string());
        members.integer("flags", self.flags);
        body(&mut members);
        members.attributes("attributes", self.attributes, moment.attribute());
        rows.push(&moment, &members.finish())
    }
}

fn number(
    head: Point<'_>,
    point: &NumberDataPoint,
    rows: &mut Rows<'_>,
    more: impl FnOnce(&mut Members),
) -> Result<(), Refusal> {
    head.write(rows, |members| {
        match point.value {
            Some(number_data_point::Value::AsInt(number)) => members.integer("value", number),
            Some(number_data_point::Value::AsDouble(number)) => members.number("value", number),
            None => members.integer("value", "null"),
        }
        members.integer("count", 1);
        more(members);
    })
}

fn histogram(
    head: Point<'_>,
    point: &HistogramDataPoint,
    aggregation_temporality: i32,
    rows: &mut Rows<'_>,
) -> Result<(), Refusal> {
    head.write(rows, |members| {
        totals(members, point.sum, point.count, point.min, point.max);
        members.text("aggregation_temporality", temporality(aggregation_temporality));
        members.list("histogram_bounds", &point.explicit_bounds, |out, bound| push_number(out, *bound));
        members.list("histogram_counts", &point.bucket_counts, push_display);
    })
}

fn exponential(
    head: Point<'_>,
    point: &ExponentialHistogramDataPoint,
    aggregation_temporality: i32,
    rows: &mut Rows<'_>,
) -> Result<(), Refusal> {
    let (bounds, counts) = spell_out(point);
    head.write(rows, |members| {
        totals(members, point.sum, point.count, point.min, point.max);
        members.text("aggregation_temporality", temporality(aggregation_temporality));
        members.list("histogram_bounds", bounds, push_number);
        members.list("histogram_counts", counts, push_display);
    })
}

fn summary(head: Point<'_>, point: &SummaryDataPoint, rows: &mut Rows<'_>) -> Result<(), Refusal> {
    head.write(rows, |members| {
        totals(members, Some(point.sum), point.count, None, None);
        members.list("quantiles", &point.quantile_values, |out, at| {
            let mut pair = Members { out: String::from("{") };
            pair.number("quantile", at.quantile);
            pair.number("value", at.value);
            out.push_str(&pair.finish());
        });
    })
}

fn totals(members: &mut Members, sum: Option<f64>, count: u64, min: Option<f64>, max: Option<f64>) {
    members.number("value", sum.unwrap_or(f64::NAN));
    members.integer("count", count);
    for (key, number) in [("min", min), ("max", max)] {
        if let Some(number) = number {
            members.number(key, number);
        }
    }
}

fn temporality(number: i32) -> &'static str {
    match AggregationTemporality::try_from(number) {
        Ok(AggregationTemporality::Delta) => "delta",
        Ok(AggregationTemporality::Cumulative) => "cumulative",
        _ => "unspecified",
    }
}

/// Explicit bounds and counts: the negative buckets from the far end inwards, the zeroes, the positive buckets.
///
/// Bucket `i` holds values up to base^(i+1), where base = 2^(2^-scale). A side without buckets still gets a bound,
/// the mirror image of the other side's, so that the zeroes have a bucket of their own.
fn spell_out(point: &ExponentialHistogramDataPoint) -> (Vec<f64>, Vec<u64>) {
    let side = |side: &Option<Buckets>| side.clone().filter(|buckets| !buckets.bucket_counts.is_empty());
    let (positive, negative) = (side(&point.positive), side(&point.negative));
    let mirror = |other: &Option<Buckets>| {
        let offset = other.as_ref().map_or(0, |other| other.offset);
        Buckets { offset, bucket_counts: Vec::new() }
    };
    let positive_or_mirror = positive.clone().unwrap_or_else(|| mirror(&negative));
    let negative = &negative.unwrap_or_else(|| mirror(&positive));
    let positive = &positive_or_mirror;
    let edge = |buckets: &Buckets, index: usize| {
        let at = f64::from(buckets.offset) + index as f64;
        // Doubles end before indexes do; the last of them stands for whatever lies beyond.
        let exponent = if at == 0.0 { 0.0 } else { at * (-f64::from(point.scale)).exp2() };
        exponent.exp2().min(f64::MAX)
    };
    let mut bounds = Vec::with_capacity(positive.bucket_counts.len() + negative.bucket_counts.len() + 2);
    let mut counts = Vec::with_capacity(bounds.capacity() + 1);
    counts.push(0);
    for (index, count) in negative.bucket_counts.iter().enumerate().rev() {
        bounds.push(-edge(negative, index + 1));
        counts.push(*count);
    }
    bounds.push(-edge(negative, 0));
    counts.push(point.zero_count);
    bounds.push(edge(positive, 0));
    for (index, count) in positive.bucket_counts.iter().enumerate() {
        bounds.push(edge(positive, index + 1));
        counts.push(*count);
    }
    counts.push(0);
    (bounds, counts)
}
