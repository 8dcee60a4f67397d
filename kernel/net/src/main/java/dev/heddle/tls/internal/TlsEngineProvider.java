package dev.heddle.tls.internal;

import java.util.Optional;

/** The provider of another implementation of TLS than the JDK's; found by {@link java.util.ServiceLoader}. */
public interface TlsEngineProvider {

    /** The name by which it can be asked for. */
    String name();

    /** How good it is where it works: the highest is taken. The JDK's has 0. */
    int rank();

    /** Why it cannot work here, in a few words; empty if it can. Any thread. */
    Optional<String> whyNot();

    /**
     * What makes engines of these keys and this trust. Reads and computes: on a worker.
     *
     * @throws UnmappedException if they are of a kind that this implementation does not know
     */
    TlsEngineSource source(TlsCredentials credentials) throws UnmappedException;
}
