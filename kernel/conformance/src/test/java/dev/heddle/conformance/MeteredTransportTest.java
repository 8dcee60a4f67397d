package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.io.ByteCounter;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.Streams;

/** A meter changes nothing. */
final class MeteredTransportTest extends TransportContract {

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
        return Streams.metered(stream, new ByteCounter());
    }

    @Override
    public int moreThanBuffered() {
        return 1024 * 1024;
    }
}
