package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.StreamTimeouts;
import dev.heddle.io.Streams;
import java.time.Duration;

/** With limits that are never reached. */
final class TimeoutTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(body);
    }

    @Override
    protected Ends connect() {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        return new Ends(wrap(pair.left()).transport(), wrap(pair.right()).transport());
    }

    private static final StreamTimeouts TIMEOUTS = StreamTimeouts.NONE
            .withRead(Duration.ofHours(1))
            .withWrite(Duration.ofHours(1))
            .withIdle(Duration.ofHours(1));

    private static ByteStream wrap(ByteStream stream) {
        return Streams.withTimeouts(stream, TIMEOUTS);
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
