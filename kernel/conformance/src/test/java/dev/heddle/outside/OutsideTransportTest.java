package dev.heddle.outside;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.conformance.TransportContract;
import dev.heddle.outside.OutsideTransport.Fault;

/** The suite of streams over a right transport that knows nothing but public types. */
final class OutsideTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(body);
    }

    @Override
    protected Ends connect() {
        OutsideTransport[] pair = OutsideTransport.pair(Fault.NONE);
        return new Ends(pair[0], pair[1]);
    }

    @Override
    public int moreThanBuffered() {
        return 1_000_000;
    }
}
