package dev.heddle.sim;

/** Connections over links as they are by default. */
final class DefaultSimTransportTest extends SimTransportContract {

    DefaultSimTransportTest() {
        super(LinkOptions.DEFAULT);
    }
}
