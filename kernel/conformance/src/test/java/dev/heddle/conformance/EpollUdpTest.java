package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.linux.EpollEngine;

/** The suite of datagrams on epoll. */
@OnEngine("epoll")
final class EpollUdpTest extends UdpContract {

    @Override
    protected Engine newEngine() {
        return new EpollEngine();
    }

    @Override
    protected boolean tellsReceivers() {
        return true;
    }
}
