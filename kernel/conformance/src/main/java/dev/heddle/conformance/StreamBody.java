package dev.heddle.conformance;

import dev.heddle.io.ByteStream;

/** A test over two connected streams, in a task of their loop. */
@FunctionalInterface
public interface StreamBody {

    /**
     * Runs the test.
     *
     * @param left one end
     * @param right the other end
     */
    void run(ByteStream left, ByteStream right) throws Exception;
}
