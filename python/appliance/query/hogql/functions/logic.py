"""Comparison, logic, conditions, NULL and conversions."""

from appliance.query.hogql.functions.signature import listed

LOGIC = listed("""
equals 2 Boolean
notEquals 2 Boolean
less 2 Boolean
greater 2 Boolean
lessOrEquals 2 Boolean
greaterOrEquals 2 Boolean
and 2.. Boolean
or 2.. Boolean
xor 2.. Boolean
not 1 Boolean
in 2 Boolean
notIn 2 Boolean
if 3 Unknown
multiIf 3.. Unknown
isNull 1 Boolean!
isNotNull 1 Boolean!
coalesce 1.. Unknown
ifNull 2 Unknown
nullIf 2 same?
assumeNotNull 1 same!
toNullable 1 same?
isFinite 1 Boolean
isInfinite 1 Boolean
ifNotFinite 2 Float
isNaN 1 Boolean
transform 3..4 Unknown
greatest 1.. common
least 1.. common
isDistinctFrom 2 Boolean!
isNotDistinctFrom 2 Boolean!
""")

CONVERSIONS = listed("""
hex 1 String
unhex 1 String
toString 1..2 String
toJSONString 1 String!
toTypeName 1 String!
toBool 1 Boolean
accurateCast 2 Unknown
accurateCastOrNull 2 Unknown
cityHash64 1.. Integer!
sipHash64 0.. Integer!
xxHash64 0.. Integer!
murmurHash3_64 0.. Integer!
MD5 1 String
SHA1 1 String
SHA224 1 String
SHA256 1 String
reinterpretAsUInt8 1 Integer
reinterpretAsUInt16 1 Integer
reinterpretAsUInt32 1 Integer
reinterpretAsUInt64 1 Integer
reinterpretAsUInt128 1 Integer
reinterpretAsUInt256 1 Integer
reinterpretAsInt8 1 Integer
reinterpretAsInt16 1 Integer
reinterpretAsInt32 1 Integer
reinterpretAsInt64 1 Integer
reinterpretAsInt128 1 Integer
reinterpretAsInt256 1 Integer
reinterpretAsFloat32 1 Float
reinterpretAsFloat64 1 Float
reinterpretAsUUID 1 UUID
toIntervalSecond 1 Interval
toIntervalMinute 1 Interval
toIntervalHour 1 Interval
toIntervalDay 1 Interval
toIntervalWeek 1 Interval
toIntervalMonth 1 Interval
toIntervalQuarter 1 Interval
toIntervalYear 1 Interval
toFixedString 2 String
toStringCutToZero 1 String
""")

# Of a NULL these make 0, so they are asked with a text that is not one.
ZEROING = listed("""
toIntOrZero 1 Integer = toInt64OrZero
toFloatOrZero 1 Float = toFloat64OrZero
toFloatOrDefault 1..2 Float = toFloat64OrDefault
""")

FUNCTIONS = LOGIC | CONVERSIONS | ZEROING
