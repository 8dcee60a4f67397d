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

    /**
     * The groups of who names none: the hybrid one that holds against quantum computers first, then curves. The large
     * finite fields let a client buy much of the server's time for little of its own (CVE-2002-20001). From RFC 8446,
     * section 4.2.7, and RFC 9954 of 2026-07.
     */
    public static final List<String> GROUPS = List.of(
            "X25519MLKEM768", "x25519", "secp256r1", "secp384r1", "secp521r1");

    /** What a server asks of its clients. */
    public enum Clients {
        UNKNOWN,
        WANTED,
        NEEDED
    }
}
