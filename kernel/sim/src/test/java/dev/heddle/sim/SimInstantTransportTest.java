package dev.heddle.sim;

import org.junit.jupiter.api.Tag;

/** SimConnections that take no time. */
@Tag("full")
final class SimInstantTransportTest extends SimTransportContract {

    SimInstantTransportTest() {
        super(LinkOptions.INSTANT);
    }
}
