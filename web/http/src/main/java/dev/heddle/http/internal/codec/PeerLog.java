package dev.heddle.http.internal.codec;

import dev.heddle.internal.ReportLog;
import dev.heddle.io.ByteStream;
import java.lang.System.Logger.Level;

/**
 * The log of what either side says of peers that go away, which is everyday life, through the {@link System.Logger}
 * {@code dev.heddle.http}.
 */
public final class PeerLog {

    private static final ReportLog LOG = new ReportLog("dev.heddle.http", ByteStream.class);

    private PeerLog() {}

    public static void lost(Object connection, Throwable failure) {
        if (LOG.isLoggable(Level.DEBUG)) {
            LOG.log(Level.DEBUG, "lost " + connection, failure);
        }
    }
}
