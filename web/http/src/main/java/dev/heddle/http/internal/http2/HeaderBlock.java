package dev.heddle.http.internal.http2;

import java.nio.ByteBuffer;

/** The fields of a head or of trailers, which are written when their turn comes, in the code of the connection. */
public interface HeaderBlock {

    /** The most bytes that {@link #write} writes. */
    int mostBytes();

    /** Writes the fields; never waits. */
    void write(FieldWriter writer, ByteBuffer target);
}
