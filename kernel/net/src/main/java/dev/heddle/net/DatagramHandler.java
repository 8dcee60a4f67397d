package dev.heddle.net;

/** The handler of a server's datagrams: what it does with each. */
@FunctionalInterface
public interface DatagramHandler {

    /** Handles one datagram, in a task of its own. What it throws is reported and harms no other datagram. */
    void handle(Datagram datagram) throws Exception;
}
