"""Functions that only our own queries may use: their names begin with `_`, which no user's may."""

from appliance.query.hogql.functions.signature import listed

FUNCTIONS = listed("""
_toDate 1 Date = toDate
_toDateTime 1..2 DateTime = toDateTime
_toDateTime64 2..3 DateTime = toDateTime64
_toInt64 1 Integer = toInt64
_toFloat64 1 Float = toFloat64
_toUnixTimestamp64Micro 1 Integer = toUnixTimestamp64Micro
_emptyArrayString 0 Array = emptyArrayString
_toUInt64 1 Integer = toUInt64
_toUInt128 1 Unknown = toUInt128
_toInt64OrNull 1 Integer? = toInt64OrNull
_arraySortBy 2.. second = arraySort
_mapFromArrays 2 Map = mapFromArrays
_parseDateTime64BestEffortOrNull 1..3 DateTime? = parseDateTime64BestEffortOrNull
""")
