package dev.heddle.sim;

/** SimConnections over links as they are by default. */
final class SimTransportTest extends SimTransportContract {

    SimTransportTest() {
        super(LinkOptions.DEFAULT);
    }
}
