package dev.heddle.sim;

import dev.heddle.Action;
import dev.heddle.conformance.ReliabilityContract;
import java.time.Duration;

/** In simulated time: what happened comes again with its seed. */
final class SimReliabilityTest extends ReliabilityContract {

    @Override
    protected void run(Action body) {
        Sim.run(21, body);
    }

    @Override
    protected long transferBytes() {
        return 2 << 20;
    }

    @Override
    protected Duration unplugged() {
        return Duration.ofMillis(500);
    }
}
