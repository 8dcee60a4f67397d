package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.conformance.TransportContract;
import java.time.Duration;

/** The contract of transports over simulated connections; what the links are like is for subclasses to say. */
abstract class SimTransportContract extends TransportContract {

    private final LinkOptions link;

    SimTransportContract(LinkOptions link) {
        this.link = link;
    }

    @Override
    protected final void run(Action body) {
        Sim.run(SimOptions.DEFAULT.withSeed(11).withLink(link), sim -> body.run());
    }

    @Override
    protected final Ends connect() throws Exception {
        Peers peers = Peers.connect();
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

    @Override
    public boolean closesBeforeUnreadAreResets() {
        return true;
    }
}
