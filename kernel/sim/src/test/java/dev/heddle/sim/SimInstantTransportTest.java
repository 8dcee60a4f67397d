package dev.heddle.sim;

/** SimConnections that take no time. */
final class SimInstantTransportTest extends SimTransportContract {

    SimInstantTransportTest() {
        super(LinkOptions.INSTANT);
    }
}
