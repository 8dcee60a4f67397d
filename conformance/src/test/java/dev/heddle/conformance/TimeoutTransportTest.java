package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.net.ByteStream;
import dev.heddle.net.MemoryStreams;
import dev.heddle.net.StreamTimeouts;
import dev.heddle.net.Streams;
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

    private static final Duration HOUR = Duration.ofHours(1);

    private static ByteStream wrap(ByteStream stream) {
        return Streams.withTimeouts(stream, new StreamTimeouts(HOUR, HOUR, HOUR));
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
