package dev.heddle.quic;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.conformance.TransportContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("full")
final class QuicTransportTest extends TransportContract {

    private final List<QuicEnds> ends = new ArrayList<>();

    @Override
    protected void run(Action body) {
        Heddle.run(body);
    }

    @Override
    protected Ends connect() {
        var connected = new QuicEnds();
        ends.add(connected);
        QuicEnds.Streams streams = connected.open();
        return new Ends(streams.client().transport(), streams.server().transport());
    }

    @Override
    protected void awaitEnd() {
        ends.forEach(QuicEnds::close);
        ends.clear();
    }

    @Override
    public int moreThanBuffered() {
        return 1_000_000;
    }
}
