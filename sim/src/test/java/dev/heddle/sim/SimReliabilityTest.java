package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.conformance.ReliabilityContract;

/** In simulated time, five seconds of pulled cables come again with their seed. */
final class SimReliabilityTest extends ReliabilityContract {

    @Override
    protected void run(Action body) {
        Sim.run(21, body);
    }
}
