package dev.heddle.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.node.ObjectNode;

/** A rule of how large a number may be, or how fine. */
record NumberRule(Bound bound, BigDecimal limit, String expected) implements Rule {

    /** What the limit is to the number. */
    enum Bound {
        MIN("minimum"),
        MAX("maximum"),
        ABOVE("exclusiveMinimum"),
        BELOW("exclusiveMaximum"),
        MULTIPLE("multipleOf");

        private final String keyword;

        Bound(String keyword) {
            this.keyword = keyword;
        }
    }

    /** Whether numbers of this class can be compared with a limit. */
    static boolean isNumber(Class<?> type) {
        return type == int.class || type == long.class || type == short.class || type == byte.class
                || type == double.class || type == float.class || Number.class.isAssignableFrom(type);
    }

    @Override
    public String keyword() {
        return bound.keyword;
    }

    @Override
    public boolean holds(Object value, PatternSteps steps) {
        BigDecimal number = switch (value) {
            case Integer _,Long _,Short _,Byte _ -> BigDecimal.valueOf(((Number) value).longValue());
            case BigInteger whole -> new BigDecimal(whole);
            case BigDecimal exact -> exact;
            // As it is written, not as its bits are: 0.1 is 0.1.
            default -> new BigDecimal(value.toString());
        };
        return switch (bound) {
            case MIN -> number.compareTo(limit) >= 0;
            case MAX -> number.compareTo(limit) <= 0;
            case ABOVE -> number.compareTo(limit) > 0;
            case BELOW -> number.compareTo(limit) < 0;
            case MULTIPLE -> number.stripTrailingZeros().scale() <= limit.scale();
        };
    }

    @Override
    public void describe(ObjectNode schema) {
        Rule.add(schema, keyword(), node -> {
            if (limit.signum() == 0 || limit.stripTrailingZeros().scale() <= 0) {
                node.put(keyword(), limit.toBigInteger());
            } else {
                node.put(keyword(), limit);
            }
        });
    }
}
