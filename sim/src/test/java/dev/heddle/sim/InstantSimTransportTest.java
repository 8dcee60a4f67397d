package dev.heddle.sim;

/** Connections that take no time. */
final class InstantSimTransportTest extends SimTransportContract {

    InstantSimTransportTest() {
        super(LinkOptions.INSTANT);
    }
}
