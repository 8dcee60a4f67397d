package dev.heddle.observe.internal;

import java.io.IOException;

/**
 * One thing that can be seen of this process, such as its tasks. There is one for each request, which is written again
 * and again where somebody watches, and is closed at the end.
 *
 * <p>Threads: one of the observer's own, never a loop's. It waits for a loop a second at most, and says which did not
 * answer.
 */
@FunctionalInterface
public interface View extends AutoCloseable {

    /**
     * Writes what is seen now.
     *
     * @throws BadRequestException if the request asks for what there is not
     * @throws IOException if the peer has gone away or does not read
     */
    void write(ViewRequest request, JsonLines out) throws IOException;

    /** Takes away what it has set up to see, such as instruments. */
    @Override
    default void close() {}
}
