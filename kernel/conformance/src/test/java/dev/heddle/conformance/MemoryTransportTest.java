package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.io.MemoryStreams;

/** The suite of transports in memory. */
final class MemoryTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(body);
    }

    @Override
    protected Ends connect() {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        return new Ends(pair.left().transport(), pair.right().transport());
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
