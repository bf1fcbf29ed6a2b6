"""Numbers: arithmetic, mathematics, rounding, bits, places on earth, vectors."""

from appliance.query.hogql.functions.signature import listed

ARITHMETIC = listed("""
plus 2 number
minus 2 number
multiply 2 number
divide 2 Float
intDiv 2 Integer
intDivOrZero 2 Integer
modulo 2 number
moduloOrZero 2 number
positiveModulo 2 number
negate 1 same
abs 1 same
gcd 2 Integer
lcm 2 Integer
max2 2 Float
min2 2 Float
multiplyDecimal 2..3 Decimal
divideDecimal 2..3 Decimal
""")

MATHEMATICS = listed("""
e 0 Float
pi 0 Float
exp 1 Float
log 1 Float
ln 1 Float
exp2 1 Float
log2 1 Float
exp10 1 Float
log10 1 Float
log1p 1 Float
sqrt 1 Float
cbrt 1 Float
erf 1 Float
erfc 1 Float
lgamma 1 Float
tgamma 1 Float
sin 1 Float
cos 1 Float
tan 1 Float
asin 1 Float
acos 1 Float
atan 1 Float
atan2 2 Float
sinh 1 Float
cosh 1 Float
asinh 1 Float
acosh 1 Float
atanh 1 Float
tanh 1 Float
hypot 2 Float
pow 2 Float
power 2 Float
intExp2 1 Integer
intExp10 1 Integer
sign 1 Integer
degrees 1 Float
radians 1 Float
factorial 1 Integer
width_bucket 4 Integer
floor 1..2 number
ceil 1..2 number
ceiling 1..2 number
trunc 1..2 number
truncate 1..2 number
round 1..2 number
roundBankers 1..2 number
roundBankersRounding 1..2 number = roundBankers
roundToExp2 1 number
roundDuration 1 Integer
roundAge 1 Integer
roundDown 2 number
rand 0..1 Integer
rand32 0..1 Integer
rand64 0..1 Integer
generateUUIDv4 0..1 UUID
""")

BITS = listed("""
bitAnd 2 Integer
bitOr 2 Integer
bitXor 2 Integer
bitNot 1 Integer
bitShiftLeft 2 Integer
bitShiftRight 2 Integer
bitRotateLeft 2 Integer
bitRotateRight 2 Integer
bitSlice 2..3 String
bitTest 2 Integer
bitTestAll 2.. Integer
bitTestAny 2.. Integer
bitCount 1 Integer
bitHammingDistance 2 Integer
bitmapBuild 1 Unknown
bitmapToArray 1 [Integer]
bitmapSubsetInRange 3 Unknown
bitmapSubsetLimit 3 Unknown
subBitmap 3 Unknown
bitmapContains 2 Integer
bitmapHasAny 2 Integer
bitmapHasAll 2 Integer
bitmapCardinality 1 Integer
bitmapMin 1 Integer
bitmapMax 1 Integer
bitmapTransform 3 Unknown
bitmapAnd 2 Unknown
bitmapOr 2 Unknown
bitmapXor 2 Unknown
bitmapAndnot 2 Unknown
bitmapAndCardinality 2 Integer
bitmapOrCardinality 2 Integer
bitmapXorCardinality 2 Integer
bitmapAndnotCardinality 2 Integer
""")

PLACES = listed("""
greatCircleDistance 4 Float
geoDistance 4 Float
greatCircleAngle 4 Float
pointInEllipses 6.. Integer
pointInPolygon 2.. Integer
geohashEncode 2..3 String
geohashDecode 1 Tuple
geohashesInBox 5 [String]
""")

VECTORS = listed("""
L1Norm 1 Float
L2Norm 1 Float
L2SquaredNorm 1 Float
LinfNorm 1 Float
LpNorm 2 Float
L1Distance 2 Float
L2Distance 2 Float
L2SquaredDistance 2 Float
LinfDistance 2 Float
LpDistance 3 Float
cosineDistance 2 Float
""")

SHOWN = listed("""
bar 3..4 String
formatReadableDecimalSize 1 String
formatReadableSize 1 String
formatReadableQuantity 1 String
formatReadableTimeDelta 1..3 String
""")

FUNCTIONS = ARITHMETIC | MATHEMATICS | BITS | PLACES | VECTORS | SHOWN
