package dev.heddle.http.internal.syntax;

import dev.heddle.http.Headers;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The headers that a parser has read and checked. Users have no other way than one that checks each field. */
public final class ReadHeaders {

    /** Set while {@link Headers} is initialized, and never again. */
    private static @Nullable Function<FieldList, Headers> maker;

    private ReadHeaders() {}

    /** Headers of fields that nobody will check again. */
    public static Headers of(FieldList read) {
        Headers none = Headers.EMPTY; // asking for it initializes the class
        return read.size() == 0 ? none : Objects.requireNonNull(maker).apply(read);
    }

    /** Tells how headers are made; for that class alone. */
    public static synchronized void makeBy(Function<FieldList, Headers> ofHeaders) {
        if (maker != null) {
            throw new IllegalStateException("it is known already how headers are made");
        }
        maker = ofHeaders;
    }
}
