package dev.heddle.http;

import java.util.Objects;

/**
 * One place of a document of JSON that is not as it must be, in the words that programs read. No value of the document
 * is in it.
 *
 * @param pointer where it stands, as a JSON Pointer (RFC 6901); empty for the whole document. Where a name of the
 *     document is too long to be told, the object around it
 * @param expected what must stand there; empty if that cannot be said
 * @param rule what is broken, by the keyword that a JSON Schema has for it: {@code type}, {@code required}, {@code
 *     maxLength}; empty if it has none
 * @param line from 1; 0 if it is not known
 * @param column from 1; 0 if it is not known
 */
public record JsonFault(String pointer, String expected, String rule, int line, int column) {

    /** Checks the parts. */
    public JsonFault {
        Objects.requireNonNull(expected);
        Objects.requireNonNull(rule);
        if (!pointer.isEmpty() && !pointer.startsWith("/")) {
            throw new IllegalArgumentException("a JSON Pointer is empty or begins with /");
        }
        if (line < 0 || column < 0) {
            throw new IllegalArgumentException(
                    "line and column are " + line + " and " + column + ", must be 0 or more");
        }
    }
}
