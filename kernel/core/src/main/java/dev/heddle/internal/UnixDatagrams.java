package dev.heddle.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A sender of datagrams to Unix sockets, which Java has none of; who can make system calls offers one to {@link
 * ServiceLoader}.
 *
 * <p>Threads: any.
 */
public interface UnixDatagrams {

    /** One that works here, looked up once; empty if there is none. */
    static Optional<UnixDatagrams> find() {
        return Found.FIRST;
    }

    /** Why it cannot work here, in a few words; empty if it can. */
    Optional<String> whyNot();

    /**
     * Sends one datagram, and never waits.
     *
     * @param path the receiver: a path, or an abstract name behind an {@code @}
     * @return whether there was room for it
     * @throws IOException if there is no such receiver, or the path is too long
     */
    boolean trySend(String path, byte[] message) throws IOException;

    /** Loaded when first asked for. */
    final class Found {

        private static final Optional<UnixDatagrams> FIRST = Services.first(UnixDatagrams.class,
                each -> each.whyNot().isEmpty());

        private Found() {}
    }
}
