package dev.heddle.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** A generator that refuses NaN and infinities, which have no form in JSON (RFC 8259, section 6). */
final class FiniteGenerator extends JsonGeneratorDelegate {

    FiniteGenerator(JsonGenerator generator) {
        super(generator, false);
    }

    @Override
    public JsonGenerator writeNumber(double value) {
        require(value);
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeNumber(float value) {
        require(value);
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeArray(double[] array, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            require(array[i]);
        }
        return super.writeArray(array, offset, length);
    }

    private void require(double value) {
        if (!Double.isFinite(value)) {
            throw new StreamWriteException(this, value + " has no form in JSON");
        }
    }
}
