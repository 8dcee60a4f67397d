package dev.heddle.http.internal.codec;

import dev.heddle.http.internal.syntax.FieldSyntax;
import org.jspecify.annotations.Nullable;

/** The parser of the fields behind the last chunk of a body (RFC 9112, section 7.1.2). */
final class TrailerParser extends HeadParser {

    /** Trailers are few. */
    private static final int FIRST_BYTES = 256;

    private static final int FIRST_FIELDS = 8;

    TrailerParser(HeadLimits limits, Fault fault) {
        super(FIRST_BYTES, FIRST_FIELDS, limits.maxHeaderCount(), "trailer", fault);
        limitFields(limits.maxHeaderBytes());
    }

    @Override
    boolean readStart() {
        return true;
    }

    @Override
    void take(@Nullable FieldName known, String value) {
        if (FieldSyntax.hasDisguisedSpace(value)) {
            throw fault(400, "trailer value ends in a byte that some readers trim");
        }
    }
}
