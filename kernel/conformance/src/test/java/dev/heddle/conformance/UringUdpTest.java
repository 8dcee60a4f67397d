package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.UringEngine;

/** The suite of datagrams on io_uring. */
@OnEngine("io_uring")
final class UringUdpTest extends UdpContract {

    @Override
    protected Engine newEngine() {
        return new UringEngine();
    }

    @Override
    protected boolean tellsReceivers() {
        return true;
    }
}
