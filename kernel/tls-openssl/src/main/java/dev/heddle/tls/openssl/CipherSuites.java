package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.UnmappedException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cipher suites by the names that the library has for them. What the JVM has disabled ({@code
 * jdk.tls.disabledAlgorithms}) is never among them.
 *
 * @param tls13 for TLS 1.3, divided by colons
 * @param tls12 for TLS 1.2
 */
record CipherSuites(String tls13, String tls12) {

    /** {@code OPENSSL_cipher_name} of what it does not know. */
    private static final String UNKNOWN = "(NONE)";

    /** Key agreement over finite fields in TLS 1.2. */
    private static final String FINITE = "TLS_DHE_";

    /**
     * @param names IANA's, in the order of preference; empty for the JDK's own choice
     * @param server whether it is for a server, which has no numbers for finite fields here
     * @throws UnmappedException if the JVM does not allow one that is named, or the library does not know it
     */
    static CipherSuites of(List<String> names, boolean server) throws UnmappedException {
        List<String> allowed = JvmRules.cipherSuites();
        Set<String> known = Set.copyOf(allowed);
        List<String> tls13 = new ArrayList<>();
        List<String> tls12 = new ArrayList<>();
        for (String name : names.isEmpty() ? allowed : names) {
            String native12 = nativeName(name);
            boolean usable = known.contains(name) && !native12.equals(UNKNOWN) && !(server && name.startsWith(FINITE));
            if (!names.isEmpty() && !usable) {
                throw new UnmappedException("the cipher suite " + name + " is not among those that both know");
            }
            if (!usable || name.endsWith("_SCSV")) {
                continue;
            }
            if (name.contains("_WITH_")) {
                tls12.add(native12);
            } else {
                tls13.add(name);
            }
        }
        return new CipherSuites(String.join(":", tls13), String.join(":", tls12));
    }

    private static String nativeName(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return Libraries.text(Crypto.CIPHER_NAME.call(arena.allocateFrom(name).address()));
        }
    }
}
