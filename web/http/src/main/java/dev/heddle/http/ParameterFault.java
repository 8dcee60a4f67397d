package dev.heddle.http;

import java.util.Locale;
import java.util.Objects;

/**
 * One parameter of a request that is not as it must be, in the words that programs read. No value of the request is in
 * it.
 *
 * @param in where it belongs
 * @param name as the route calls it; empty for a query or form that has no parts at all, since it is malformed
 * @param expected what it must be; empty if that cannot be said
 * @param rule what is broken, by the keyword that a JSON Schema has for it: {@code type}, {@code required}, {@code
 *     maximum}; empty if it has none
 */
public record ParameterFault(In in, String name, String expected, String rule) {

    /** Checks the parts. */
    public ParameterFault {
        Objects.requireNonNull(in);
        Objects.requireNonNull(name);
        Objects.requireNonNull(expected);
        Objects.requireNonNull(rule);
    }

    /** Where a parameter stands in a request. */
    public enum In {

        /** Behind the question mark of the target. */
        QUERY,

        /** A segment of the target. */
        PATH,

        /** A field of the head. */
        HEADER,

        /** A field of a form that is the body. */
        FORM;

        /** As documents write it, in small letters. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
