package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsKey;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.TlsTerms.Clients;
import dev.heddle.tls.internal.UnmappedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The maker of {@code SSL_CTX *} out of terms, keys and trust. */
final class ContextMaker {

    /** Keys of at least 112 bits of security, and no SHA-1 in signatures: SSL_CTX_set_security_level(3). */
    private static final int SECURITY_LEVEL = 2;

    /** The longest message with the peer's certificates. */
    private static final long MAX_CHAIN_BYTES = 32 * 1024;

    /** Sessions that a server keeps itself, as many as the JDK does. */
    private static final int MAX_SERVER_SESSIONS = 20_480;

    /** A ticket for each handshake: who wants to come more often gets another with each. */
    private static final int TICKETS = 1;

    private static final int TLS_1_2 = 0x303;

    private final TlsTerms terms;
    private final TlsCredentials credentials;
    private final byte[] ticketKeys;
    private final CipherSuites suites;
    private final List<String> versions;

    ContextMaker(TlsTerms terms, TlsCredentials credentials, byte[] ticketKeys) throws UnmappedException {
        this.terms = terms;
        this.credentials = credentials;
        this.ticketKeys = ticketKeys;
        this.suites = CipherSuites.of(terms.cipherSuites(), terms.server());
        this.versions = new ArrayList<>(terms.versions());
        // A version without a suite cannot be agreed on.
        if (suites.tls13().isEmpty()) {
            versions.remove(Agreed.TLS_1_3);
        }
        if (suites.tls12().isEmpty()) {
            versions.remove(Agreed.TLS_1_2);
        }
        if (versions.isEmpty()) {
            throw new UnmappedException("none of the cipher suites is for a version that is allowed");
        }
        OpensslContext.requireKnownKind(credentials.key());
        for (TlsKey key : credentials.names().values()) {
            OpensslContext.requireKnownKind(key);
        }
    }

    /** A context that the caller owns. */
    long make(@Nullable TlsKey key) throws UnmappedException {
        long context = SslCtx.NEW.call(SslCtx.METHOD.call(0));
        if (context == 0) {
            throw new UnmappedException("it makes no context: " + OpensslFailure.reason());
        }
        boolean whole = false;
        try (Arena arena = Arena.ofConfined()) {
            general(context, arena);
            verification(context);
            sessions(context, arena);
            protocols(context, arena);
            if (key != null) {
                identity(context, key);
            }
            whole = true;
            return context;
        } finally {
            if (!whole) {
                SslCtx.FREE.call(context);
            }
        }
    }

    private void general(long context, Arena arena) throws UnmappedException {
        SslCtx.SET_SECURITY_LEVEL.call(context, SECURITY_LEVEL);
        SslCtx.SET_OPTIONS.call(context,
                SslCtx.OP_NO_COMPRESSION | SslCtx.OP_NO_RENEGOTIATION | SslCtx.OP_SERVER_PREFERENCE);
        SslCtx.CTRL.call(context, SslCtx.CTRL_MODE, SslCtx.MODE_PARTIAL_WRITE | SslCtx.MODE_MOVING_WRITE_BUFFER
                | SslCtx.MODE_NO_AUTO_CHAIN | SslCtx.MODE_RELEASE_BUFFERS);
        SslCtx.CTRL.call(context, SslCtx.CTRL_MAX_CERT_LIST, MAX_CHAIN_BYTES);
        boolean tls12 = versions.contains(Agreed.TLS_1_2);
        boolean tls13 = versions.contains(Agreed.TLS_1_3);
        require(SslCtx.CTRL.number(context, SslCtx.CTRL_MIN_VERSION, tls12 ? TLS_1_2 : Ssl.TLS_1_3), "versions");
        require(SslCtx.CTRL.number(context, SslCtx.CTRL_MAX_VERSION, tls13 ? Ssl.TLS_1_3 : TLS_1_2), "versions");
        require(SslCtx.SET_CIPHERSUITES.number(context, arena.allocateFrom(suites.tls13()).address()), "suites");
        if (!suites.tls12().isEmpty()) {
            require(SslCtx.SET_CIPHER_LIST.number(context, arena.allocateFrom(suites.tls12()).address()), "suites");
        }
        List<String> wanted = terms.groups().isEmpty() ? TlsTerms.GROUPS : terms.groups();
        // A list with one that this version does not know would be refused as a whole.
        String known = wanted.stream()
                .map(ContextMaker::groupName)
                .filter(name -> setGroups(context, name, arena) == 1)
                .collect(Collectors.joining(":"));
        Crypto.clearErrors();
        require(setGroups(context, known, arena), "groups");
    }

    private static int setGroups(long context, String groups, Arena arena) {
        return SslCtx.CTRL.number(context, SslCtx.CTRL_GROUPS_LIST, 0, arena.allocateFrom(groups).address());
    }

    private static String groupName(String name) {
        return switch (name) {
            case "x25519" -> "X25519";
            case "secp256r1" -> "P-256";
            case "secp384r1" -> "P-384";
            case "secp521r1" -> "P-521";
            default -> name;
        };
    }

    private void verification(long context) throws UnmappedException {
        SslCtx.SET_VERIFY_CALLBACK.call(context, OpensslCallbacks.VERIFY, 0);
        int mode = SslCtx.VERIFY_PEER;
        if (terms.server()) {
            mode = switch (terms.clients()) {
                case UNKNOWN -> SslCtx.VERIFY_NONE;
                case WANTED -> SslCtx.VERIFY_PEER;
                case NEEDED -> SslCtx.VERIFY_PEER | SslCtx.VERIFY_FAIL_IF_NONE;
            };
            SslCtx.SET_CLIENT_HELLO_CALLBACK.call(context, OpensslCallbacks.CLIENT_HELLO, 0);
        }
        SslCtx.SET_VERIFY.call(context, mode, 0);
        if (terms.server() && terms.clients() != Clients.UNKNOWN) {
            for (X509Certificate authority : credentials.trust().getAcceptedIssuers()) {
                long x509 = certificate(authority);
                int taken = SslCtx.ADD_CLIENT_CA.number(context, x509);
                Crypto.X509_FREE.call(x509);
                require(taken, "authorities");
            }
        }
    }

    /**
     * Servers give their sessions away in tickets. Those that ask for certificates keep them, since a ticket has no room
     * for a chain, and none may be resumed where less was demanded.
     */
    private void sessions(long context, Arena arena) throws UnmappedException {
        boolean kept = terms.server() && terms.clients() != Clients.UNKNOWN;
        SslCtx.CTRL.call(context, SslCtx.CTRL_SESSION_CACHE_MODE, kept ? SslCtx.CACHE_SERVER : SslCtx.CACHE_OFF);
        SslCtx.SET_TIMEOUT.call(context, OpensslSource.SESSION_LIFE.toSeconds());
        SslCtx.SET_NUM_TICKETS.call(context, TICKETS);
        if (kept) {
            SslCtx.SET_OPTIONS.call(context, SslCtx.OP_NO_TICKET);
            SslCtx.CTRL.call(context, SslCtx.CTRL_SESSION_CACHE_SIZE, MAX_SERVER_SESSIONS);
        } else if (terms.server()) {
            MemorySegment keys = arena.allocate(ticketKeys.length);
            MemorySegment.copy(ticketKeys, 0, keys, ValueLayout.JAVA_BYTE, 0, ticketKeys.length);
            int taken = SslCtx.CTRL.number(context, SslCtx.CTRL_TICKET_KEYS, ticketKeys.length, keys.address());
            keys.fill((byte) 0);
            require(taken, "keys of tickets");
        }
    }

    private void protocols(long context, Arena arena) throws UnmappedException {
        if (terms.protocols().isEmpty()) {
            return;
        }
        if (terms.server()) {
            SslCtx.SET_ALPN_CALLBACK.call(context, OpensslCallbacks.SELECT_PROTOCOL, 0);
            return;
        }
        int length = terms.protocols().stream().mapToInt(protocol -> 1 + protocol.length()).sum();
        MemorySegment wire = arena.allocate(length);
        long at = 0;
        for (String protocol : terms.protocols()) {
            byte[] bytes = protocol.getBytes(StandardCharsets.ISO_8859_1);
            wire.set(ValueLayout.JAVA_BYTE, at, (byte) bytes.length);
            MemorySegment.copy(bytes, 0, wire, ValueLayout.JAVA_BYTE, at + 1, bytes.length);
            at += 1 + bytes.length;
        }
        // The one function that gives 0 where all is well.
        require(SslCtx.SET_ALPN_PROTOCOLS.number(context, wire.address(), length) == 0 ? 1 : 0, "protocols");
    }

    private static void identity(long context, TlsKey key) throws UnmappedException {
        List<X509Certificate> chain = key.chain();
        long own = certificate(chain.getFirst());
        int taken = SslCtx.USE_CERTIFICATE.number(context, own);
        Crypto.X509_FREE.call(own);
        require(taken, "certificate");
        for (X509Certificate issuer : chain.subList(1, chain.size())) {
            long x509 = certificate(issuer);
            if (SslCtx.CTRL.number(context, SslCtx.CTRL_CHAIN_CERTIFICATE, 0, x509) != 1) {
                Crypto.X509_FREE.call(x509);
                throw new UnmappedException("it does not take a certificate of the chain: " + OpensslFailure.reason());
            }
        }
        byte[] encoded = key.key().getEncoded();
        long pkey = Crypto.key(encoded);
        if (key.key().getEncoded() != encoded) {
            // A copy, as from the JDK's keys, and not the key's own.
            Arrays.fill(encoded, (byte) 0);
        }
        int fits = pkey == 0 ? 0 : SslCtx.USE_PRIVATE_KEY.number(context, pkey);
        Crypto.KEY_FREE.call(pkey);
        require(fits, "private key");
    }

    private static long certificate(X509Certificate certificate) throws UnmappedException {
        try {
            long x509 = Crypto.certificate(certificate.getEncoded());
            require(x509 == 0 ? 0 : 1, "certificate");
            return x509;
        } catch (CertificateEncodingException e) {
            throw new UnmappedException("a certificate has no encoding: " + e.getMessage());
        }
    }

    private static void require(int result, String what) throws UnmappedException {
        if (result != 1) {
            throw new UnmappedException("it does not take the " + what + ": " + OpensslFailure.reason());
        }
    }
}
