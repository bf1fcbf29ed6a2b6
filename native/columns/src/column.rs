//! The kinds of column that the store's tables have.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BooleanBuilder, FixedSizeBinaryBuilder, PrimitiveBuilder, StringBuilder, TimestampMicrosecondBuilder,
    TimestampSecondBuilder,
};
use arrow_array::types::{Int8Type, Int16Type, Int64Type, UInt8Type, UInt64Type};
use arrow_schema::{DataType, TimeUnit};

/// A column under construction.
pub trait Column: Default {
    /// What one row holds.
    type Value<'a>: Copy;
    /// The type in Arrow.
    fn data_type() -> DataType;
    /// Room for `rows` values, so that the column's memory does not move while it grows.
    fn with_capacity(rows: usize) -> Self;
    /// Appends one row's value.
    fn push(&mut self, value: Self::Value<'_>);
    /// The finished column; the builder starts anew.
    fn finish(&mut self) -> ArrayRef;
}

macro_rules! primitive {
    ($(#[$doc:meta])* $name:ident $arrow:ty, $native:ty, $type:expr) => {
        $(#[$doc])*
        #[derive(Default)]
        pub struct $name(PrimitiveBuilder<$arrow>);

        impl Column for $name {
            type Value<'a> = $native;

            fn data_type() -> DataType {
                $type
            }

            fn with_capacity(rows: usize) -> Self {
                Self(PrimitiveBuilder::with_capacity(rows))
            }

            fn push(&mut self, value: $native) {
                self.0.append_value(value);
            }

            fn finish(&mut self) -> ArrayRef {
                Arc::new(self.0.finish())
            }
        }
    };
}

primitive!(
    /// `Int8`, and enums of it.
    Int8 Int8Type, i8, DataType::Int8
);
primitive!(
    /// `UInt8`
    UInt8 UInt8Type, u8, DataType::UInt8
);
primitive!(
    /// `Int16`
    Int16 Int16Type, i16, DataType::Int16
);
primitive!(
    /// `Int64`
    Int64 Int64Type, i64, DataType::Int64
);
primitive!(
    /// `UInt64`
    UInt64 UInt64Type, u64, DataType::UInt64
);

/// `DateTime64(6, 'UTC')`, in microseconds since 1970.
pub struct Microseconds(TimestampMicrosecondBuilder);

impl Default for Microseconds {
    fn default() -> Self {
        Self(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
    }
}

impl Column for Microseconds {
    type Value<'a> = i64;

    fn with_capacity(rows: usize) -> Self {
        Self(TimestampMicrosecondBuilder::with_capacity(rows).with_timezone("UTC"))
    }

    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    }

    fn push(&mut self, value: i64) {
        self.0.append_value(value);
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

impl Microseconds {
    /// Sets the value of `row`; the rows since the last value are 1970.
    pub(crate) fn set(&mut self, row: usize, value: i64) {
        self.pad(row);
        self.0.append_value(value);
    }

    pub(crate) fn pad(&mut self, rows: usize) {
        self.0.append_value_n(0, rows.saturating_sub(self.length()));
    }

    pub(crate) fn length(&self) -> usize {
        self.0.values_slice().len()
    }
}

/// `DateTime`, in seconds since 1970.
pub struct Seconds(TimestampSecondBuilder);

impl Default for Seconds {
    fn default() -> Self {
        Self(TimestampSecondBuilder::new().with_timezone("UTC"))
    }
}

impl Column for Seconds {
    type Value<'a> = i64;

    fn with_capacity(rows: usize) -> Self {
        Self(TimestampSecondBuilder::with_capacity(rows).with_timezone("UTC"))
    }

    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Second, Some("UTC".into()))
    }

    fn push(&mut self, value: i64) {
        self.0.append_value(value);
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// `Bool`
#[derive(Default)]
pub struct Bool(BooleanBuilder);

impl Column for Bool {
    type Value<'a> = bool;

    fn with_capacity(rows: usize) -> Self {
        Self(BooleanBuilder::with_capacity(rows))
    }

    fn data_type() -> DataType {
        DataType::Boolean
    }

    fn push(&mut self, value: bool) {
        self.0.append_value(value);
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// `UUID`, as its sixteen bytes in the order in which it is written.
pub struct Uuid(FixedSizeBinaryBuilder);

impl Default for Uuid {
    fn default() -> Self {
        Self(FixedSizeBinaryBuilder::new(16))
    }
}

impl Column for Uuid {
    type Value<'a> = [u8; 16];

    fn with_capacity(rows: usize) -> Self {
        Self(FixedSizeBinaryBuilder::with_capacity(rows, 16))
    }

    fn data_type() -> DataType {
        DataType::FixedSizeBinary(16)
    }

    fn push(&mut self, value: [u8; 16]) {
        let appended = self.0.append_value(value);
        debug_assert!(appended.is_ok(), "sixteen bytes fit a column of sixteen bytes");
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// `String` and `LowCardinality(String)`
#[derive(Default)]
pub struct Text(StringBuilder);

impl Column for Text {
    type Value<'a> = &'a str;

    fn with_capacity(rows: usize) -> Self {
        Self::with_text_capacity(rows, rows * TEXT_BYTES_GUESS)
    }

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn push(&mut self, value: &str) {
        self.0.append_value(value);
    }

    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// `Nullable(String)` and `LowCardinality(Nullable(String))`: a row that nobody sets is NULL.
#[derive(Default)]
pub struct OptionalText(StringBuilder);

impl OptionalText {
    pub(crate) fn data_type() -> DataType {
        DataType::Utf8
    }

    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self(StringBuilder::with_capacity(rows, rows * TEXT_BYTES_GUESS))
    }

    /// Sets the value of `row`; the rows since the last value are NULL.
    pub(crate) fn set(&mut self, row: usize, value: &str) {
        self.pad(row);
        self.0.append_value(value);
    }

    pub(crate) fn pad(&mut self, rows: usize) {
        let length = self.length();
        if length < rows {
            self.0.append_nulls(rows - length);
        }
    }

    pub(crate) fn length(&self) -> usize {
        self.0.offsets_slice().len() - 1
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// How long most texts are at most.
const TEXT_BYTES_GUESS: usize = 16;

impl Text {
    /// Room for `rows` values of `bytes` bytes together.
    pub(crate) fn with_text_capacity(rows: usize, bytes: usize) -> Self {
        Self(StringBuilder::with_capacity(rows, bytes))
    }

    /// Sets the value of `row`; the rows since the last value are empty.
    pub(crate) fn set(&mut self, row: usize, value: &str) {
        self.pad(row);
        self.0.append_value(value);
    }

    pub(crate) fn pad(&mut self, rows: usize) {
        let length = self.length();
        if length < rows {
            self.0.append_value_n("", rows - length);
        }
    }

    pub(crate) fn length(&self) -> usize {
        self.0.offsets_slice().len() - 1
    }
}
