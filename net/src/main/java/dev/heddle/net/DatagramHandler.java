package dev.heddle.net;

/** What a server does with each datagram. */
@FunctionalInterface
public interface DatagramHandler {

    /** Handles one datagram, in a task of its own. What it throws is reported and harms no other datagram. */
    void handle(Datagram datagram) throws Exception;
}
