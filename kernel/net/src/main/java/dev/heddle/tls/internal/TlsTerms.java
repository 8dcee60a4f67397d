package dev.heddle.tls.internal;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The terms of one end: what it offers and what it demands.
 *
 * @param server whether it is the server's end
 * @param versions the JDK's names, at least one
 * @param cipherSuites IANA's names, the best first; empty for the JDK's own choice
 * @param groups named groups, the best first; empty for the JDK's own choice
 * @param protocols application protocols, the best first; empty for none
 * @param clients whether a server asks its clients for certificates
 * @param knownNames the only names that a server answers to; null for any
 * @param hostChecked whether the certificate must be for the host that is connected to
 */
public record TlsTerms(boolean server, List<String> versions, List<String> cipherSuites, List<String> groups,
        List<String> protocols, Clients clients, @Nullable Set<String> knownNames, boolean hostChecked) {

    /** What a server asks of its clients. */
    public enum Clients {
        UNKNOWN,
        WANTED,
        NEEDED
    }
}
