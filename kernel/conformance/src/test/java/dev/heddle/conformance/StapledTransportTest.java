package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.Streams;
import org.junit.jupiter.api.Test;

/** Two pairs make one: each end reads of one and writes to the other. */
final class StapledTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(body);
    }

    @Override
    protected Ends connect() {
        MemoryStreams.Pair first = MemoryStreams.pair();
        MemoryStreams.Pair second = MemoryStreams.pair();
        return new Ends(
                Streams.staple(first.left(), second.left()).transport(),
                Streams.staple(second.right(), first.right()).transport());
    }

    /** Each end has two addresses, of which the other end's are in the other order. */
    @Override
    @Test
    public void addressesNameTheEnds() {
        withStreams((left, right) -> {
            assertTrue(left.localAddress().contains(" and "));
            assertNotEquals(left.localAddress(), left.remoteAddress());
            assertTrue(left.toString().contains(left.remoteAddress()));
        });
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
