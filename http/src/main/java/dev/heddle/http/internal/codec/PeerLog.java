package dev.heddle.http.internal.codec;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The log of what either side says of peers that go away, which is everyday life, through the {@link System.Logger}
 * {@code dev.heddle.http}.
 */
public final class PeerLog {

    private static final Logger LOG = System.getLogger("dev.heddle.http");

    private PeerLog() {}

    public static void lost(Object connection, Throwable failure) {
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "lost " + connection, failure);
        }
    }
}
