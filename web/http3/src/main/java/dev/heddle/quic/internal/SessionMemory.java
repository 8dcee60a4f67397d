package dev.heddle.quic.internal;

import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of TLS 1.3 that a client may resume, one for each server: the last that it was given. Each is used once
 * (RFC 8446, appendix C.4), and none is older than {@link #MAX_AGE}, counted from when the certificate was checked.
 *
 * <p>Threads: any.
 */
public final class SessionMemory {

    /** The most servers; the one whose session is the oldest is forgotten for one more. */
    static final int MAX_SESSIONS = 256;

    /** The most bytes of a session, with the server's certificates in it; a larger one is not kept. */
    static final int MAX_BYTES = 16 * 1024;

    /** How long a certificate is taken for checked. */
    static final Duration MAX_AGE = Duration.ofHours(2);

    private final Map<Key, Session> sessions = new LinkedHashMap<>();

    /**
     * Whose session it is.
     *
     * @param trust which has checked the certificate: another one, also an equal one, shares nothing
     */
    record Key(String host, int port, TlsTrust trust, List<String> protocols) {}

    /** A session. */
    static final class Session {

        private final byte[] bytes;
        private final long checkedNanos;

        /** @param checkedNanos when its certificate was checked, by the loop's clock */
        Session(byte[] bytes, long checkedNanos) {
            this.bytes = bytes;
            this.checkedNanos = checkedNanos;
        }

        byte[] bytes() {
            return bytes;
        }

        long checkedNanos() {
            return checkedNanos;
        }
    }

    /** Takes a session out; null if there is none that is fresh enough. */
    synchronized @Nullable Session take(Key key, long nowNanos) {
        Session found = sessions.remove(key);
        return found != null && nowNanos - found.checkedNanos <= MAX_AGE.toNanos() ? found : null;
    }

    synchronized void keep(Key key, Session session) {
        sessions.remove(key);
        if (session.bytes.length <= MAX_BYTES) {
            sessions.put(key, session);
            if (sessions.size() > MAX_SESSIONS) {
                sessions.remove(sessions.keySet().iterator().next());
            }
        }
    }

    synchronized int size() {
        return sessions.size();
    }

    @Override
    public String toString() {
        return size() + " sessions";
    }
}
