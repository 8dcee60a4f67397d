package dev.heddle.json;

import dev.heddle.json.NumberRule.Bound;
import java.math.BigDecimal;

/** The rules of numbers, with their words. */
final class Bounds {

    private Bounds() {}

    static NumberRule atLeast(BigDecimal limit) {
        return new NumberRule(Bound.MIN, limit, "at least " + limit.toPlainString());
    }

    static NumberRule atMost(BigDecimal limit) {
        return new NumberRule(Bound.MAX, limit, "at most " + limit.toPlainString());
    }

    static NumberRule above(BigDecimal limit) {
        return new NumberRule(Bound.ABOVE, limit, "more than " + limit.toPlainString());
    }

    static NumberRule below(BigDecimal limit) {
        return new NumberRule(Bound.BELOW, limit, "less than " + limit.toPlainString());
    }

    /** With at most so many digits behind the point. */
    static NumberRule fraction(int digits) {
        return new NumberRule(Bound.MULTIPLE, BigDecimal.ONE.scaleByPowerOfTen(-digits),
                "a number of at most " + digits + " digits behind the point");
    }
}
