package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.conformance.TransportContract;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The contract of transports, over TLS over simulated connections. */
@Tag("full")
final class TlsSimTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Sim.run(SimOptions.DEFAULT.withSeed(12), sim -> body.run());
    }

    @Override
    protected Ends connect() throws Exception {
        Peers peers = TlsStreamsTest.secure(Peers.connect());
        return new Ends(peers.client().transport(), peers.server().transport());
    }

    @Override
    public Duration patience() {
        return Duration.ofHours(1);
    }

    @Override
    public void letArrive() {
        Heddle.sleep(Duration.ofSeconds(5));
    }
}
