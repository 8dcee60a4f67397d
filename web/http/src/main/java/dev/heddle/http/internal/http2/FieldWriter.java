package dev.heddle.http.internal.http2;

import dev.heddle.http.internal.codec.FieldName;
import java.nio.ByteBuffer;
import java.util.Locale;

/** The writer of a header block's fields: in HPACK, or in QPACK. */
public interface FieldWriter {

    /** Writes a pseudo-header field, {@code :path}, or another one whose name is in lower case. */
    void raw(ByteBuffer target, String name, String value);

    /** Writes a field whose name may be in any case. */
    default void field(ByteBuffer target, String name, String value) {
        FieldName known = FieldName.find(name);
        raw(target, known == null ? name.toLowerCase(Locale.ROOT) : known.lower(), value);
    }

    default void status(ByteBuffer target, int status) {
        raw(target, ":status", Integer.toString(status));
    }
}
