package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.conformance.DatagramContract;

/** The contract of datagrams, over simulated links. */
final class SimDatagramTest extends DatagramContract {

    @Override
    protected void run(Action body) {
        Sim.run(SimOptions.DEFAULT.withSeed(5), sim -> body.run());
    }
}
