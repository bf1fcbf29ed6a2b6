//! A table declared as a list of columns: its row, its builder and its schema follow from the list.

/// Declares a table: the type of its rows, the type that gathers them, and each column's field, name and kind.
macro_rules! table {
    ($(#[$doc:meta])* $row:ident, $rows:ident, $name:literal {
        $($(#[$field_doc:meta])* $field:ident $column:literal $kind:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $row<'a> {
            $($(#[$field_doc])* pub $field: <$kind as $crate::column::Column>::Value<'a>,)*
        }

        #[doc = concat!("Gathers rows of `", $name, "`.")]
        #[derive(Default)]
        pub struct $rows {
            $(pub(crate) $field: $kind,)*
            rows: usize,
        }

        impl $rows {
            /// Room for `rows` rows.
            pub fn with_capacity(rows: usize) -> Self {
                Self { $($field: <$kind as $crate::column::Column>::with_capacity(rows),)* rows: 0 }
            }

            /// The table's name in the store.
            pub const NAME: &'static str = $name;

            /// Appends one row.
            pub fn push(&mut self, row: &$row<'_>) {
                $($crate::column::Column::push(&mut self.$field, row.$field);)*
                self.rows += 1;
            }

            /// Rows so far in the open record batch.
            pub fn rows(&self) -> usize {
                self.rows
            }

            /// The columns' names and types.
            pub fn fields() -> Vec<arrow_schema::Field> {
                vec![$(arrow_schema::Field::new(
                    $column,
                    <$kind as $crate::column::Column>::data_type(),
                    false,
                ),)*]
            }

            pub(crate) fn arrays(&mut self) -> Vec<arrow_array::ArrayRef> {
                self.rows = 0;
                vec![$($crate::column::Column::finish(&mut self.$field),)*]
            }

            /// The rows as a table for the store.
            pub fn finish(mut self) -> Result<$crate::Table, $crate::Error> {
                let mut stream = $crate::stream::Stream::new(Self::fields());
                if self.rows > 0 {
                    stream.write(self.arrays())?;
                }
                stream.finish(Self::NAME)
            }
        }
    };
}
