package dev.heddle.json;

import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.JsonParserDelegate;

/**
 * A parser that refuses numbers for which a {@code double} or {@code float} has no place, instead of making infinities
 * of them.
 */
final class FiniteParser extends JsonParserDelegate {

    /** Most places that the exponent of a decimal moves its point by: a few bytes must not stand for gigabytes. */
    static final int MAX_EXPONENT = 10_000;

    FiniteParser(JsonParser parser) {
        super(parser);
    }

    @Override
    public double getDoubleValue() {
        return require(super.getDoubleValue(), double.class);
    }

    @Override
    public float getFloatValue() {
        float value = super.getFloatValue();
        require(value, float.class);
        return value;
    }

    @Override
    public Number getNumberValue() {
        return require(super.getNumberValue());
    }

    @Override
    public Number getNumberValueExact() {
        return require(super.getNumberValueExact());
    }

    /** One whose integer, or whose text without an exponent, would be longer than a number may be here is refused. */
    @Override
    public BigDecimal getDecimalValue() {
        BigDecimal value = super.getDecimalValue();
        if (Math.abs((long) value.scale()) > MAX_EXPONENT) {
            throw new InputCoercionException(
                    this, "the exponent of a number is too large", currentToken(), BigDecimal.class);
        }
        return value;
    }

    private Number require(Number value) {
        if (value instanceof Double || value instanceof Float) {
            require(value.doubleValue(), value.getClass());
        }
        return value;
    }

    private double require(double value, Class<?> type) {
        if (!Double.isFinite(value)) {
            throw new InputCoercionException(this, "a number is beyond the range of its type", currentToken(), type);
        }
        return value;
    }
}
