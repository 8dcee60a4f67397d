package dev.heddle.sim;

/** Connections that take no time. */
final class SimInstantTransportTest extends SimTransportContract {

    SimInstantTransportTest() {
        super(LinkOptions.INSTANT);
    }
}
