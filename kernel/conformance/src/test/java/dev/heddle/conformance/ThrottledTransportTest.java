package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.io.ByteRateLimiter;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.Streams;

/** Fast enough that real time does not matter, and yet so slow that streams wait in line. */
final class ThrottledTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(body);
    }

    @Override
    protected Ends connect() {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        return new Ends(wrap(pair.left()).transport(), wrap(pair.right()).transport());
    }

    private static ByteStream wrap(ByteStream stream) {
        return Streams.throttled(stream, ByteRateLimiter.of(200_000_000, 50_000),
                ByteRateLimiter.of(200_000_000, 50_000));
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
