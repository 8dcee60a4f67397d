package dev.heddle.http.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The log of a client for its owner, through the {@link System.Logger} {@code dev.heddle.http}. */
final class ClientLog {

    private static final Logger LOG = System.getLogger("dev.heddle.http");

    private ClientLog() {}

    static void tracerFailed(RequestTracer tracer, Throwable failure) {
        LOG.log(Level.ERROR, "a tracer failed and is told nothing more: " + tracer.getClass().getName(), failure);
    }
}
