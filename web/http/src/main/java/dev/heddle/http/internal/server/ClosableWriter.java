package dev.heddle.http.internal.server;

import dev.heddle.http.BodyWriter;

/** The writer of a body that holds something open, whether or not it is ever run. */
public interface ClosableWriter extends BodyWriter {

    /** Whether it writes another body, or holds it. */
    default boolean owns(ResponseBody other) {
        return other instanceof ResponseBody.Streamed streamed && streamed.writer() == this;
    }

    /** Frees what is held; called once the response is over. Does nothing the second time. */
    void release();
}
