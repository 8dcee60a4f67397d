package dev.heddle.tls;

import dev.heddle.engine.Transport;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsKey;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.TlsTerms.Clients;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The TLS options of a server: who it is, under which names, and whether its clients must say who they are.
 *
 * <pre>{@code
 * ServerTls tls = ServerTls.of(TlsIdentity.pem(Path.of("chain.pem"), Path.of("key.pem")));
 * try (Listener listener = Tls.listen("0.0.0.0", 443, tls)) {
 *     listener.serve(1_000, stream -> stream.write("hello\n"));
 * }
 * }</pre>
 *
 * <p>By default TLS 1.3 and 1.2 with forward-secret, authenticated ciphers, this side's preference, no certificates of
 * clients, ten seconds for the handshake. Renegotiation is refused.
 *
 * <p>Threads: immutable, for any.
 *
 * <p>To test code that takes one, give it a {@link TlsIdentity#selfSigned}.
 */
public final class ServerTls {

    /** AEAD ciphers with ephemeral keys only (RFC 9325, section 4.2), the fastest first. */
    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final TlsContext context;
    private final @Nullable TlsIdentity identity;
    private final Map<String, TlsIdentity> names;
    private final boolean strictNames;
    private final Clients clients;
    private final TlsTrust trust;
    private final TlsSettings settings;
    private final TlsTerms terms;

    private ServerTls(TlsContext context, @Nullable TlsIdentity identity, Map<String, TlsIdentity> names,
            boolean strictNames, Clients clients, TlsTrust trust, TlsSettings settings) {
        this.context = context;
        this.identity = identity;
        this.names = names;
        this.strictNames = strictNames;
        this.clients = clients;
        this.trust = trust;
        this.settings = settings;
        this.terms = settings.terms(true, CIPHER_SUITES, TlsTerms.GROUPS, clients, strictNames ? names.keySet() : null,
                false);
    }

    /** A server that shows this certificate. */
    public static ServerTls of(TlsIdentity identity) {
        return new ServerTls(context(identity, Map.of(), TlsTrust.system()), identity, Map.of(), false, Clients.UNKNOWN,
                TlsTrust.system(), TlsSettings.DEFAULT);
    }

    /** Takes certificates and trust from a context of the JDK, whose own key manager chooses by name if it can. */
    public static ServerTls of(SSLContext context) {
        return new ServerTls(TlsContext.of(context), null, Map.of(), false, Clients.UNKNOWN, TlsTrust.system(),
                TlsSettings.DEFAULT);
    }

    /**
     * These options with another certificate for clients that ask for a name (SNI, RFC 6066 section 3).
     *
     * @param name {@code a.example}, or {@code *.example} for all names with one label more; an exact name goes first
     * @throws IllegalStateException if the certificates are those of a context of the JDK
     */
    public ServerTls withName(String name, TlsIdentity identity) {
        TlsIdentity main = requireIdentity();
        Map<String, TlsIdentity> more = new LinkedHashMap<>(names);
        more.put(name.toLowerCase(Locale.ROOT), identity);
        return new ServerTls(context(main, more, trust), main, more, strictNames, clients, trust, settings);
    }

    /**
     * These options, but clients that ask for a name that is not among {@link #withName} are refused
     * (unrecognized_name), as are addresses; those that ask for none still get the first certificate. Otherwise such
     * clients get that one, too.
     */
    public ServerTls withUnknownNamesRefused() {
        return new ServerTls(context, identity, names, true, clients, trust, settings);
    }

    /**
     * These options, but each client must show a certificate that is trusted.
     *
     * @throws IllegalStateException if a context of the JDK decides whom to trust
     */
    public ServerTls withClientsNeeded(TlsTrust trust) {
        return withClients(Clients.NEEDED, trust);
    }

    /** These options, but each client must show a certificate that the context of the JDK, or else the JVM, trusts. */
    public ServerTls withClientsNeeded() {
        return new ServerTls(context, identity, names, strictNames, Clients.NEEDED, trust, settings);
    }

    /**
     * These options, but a client may show a certificate, which must be trusted then; see {@link
     * TlsSession#peerCertificates}.
     *
     * @throws IllegalStateException if a context of the JDK decides whom to trust
     */
    public ServerTls withClientsWanted(TlsTrust trust) {
        return withClients(Clients.WANTED, trust);
    }

    /** These options, but a client may show a certificate that the context of the JDK, or else the JVM, trusts. */
    public ServerTls withClientsWanted() {
        return new ServerTls(context, identity, names, strictNames, Clients.WANTED, trust, settings);
    }

    private ServerTls withClients(Clients wish, TlsTrust trusted) {
        TlsIdentity main = requireIdentity();
        return new ServerTls(context(main, names, trusted), main, names, strictNames, wish, trusted, settings);
    }

    private TlsIdentity requireIdentity() {
        if (identity == null) {
            throw new IllegalStateException(
                    "the context of the JDK decides on certificates and trust; begin with of(TlsIdentity) instead");
        }
        return identity;
    }

    /** These options with these versions only. */
    public ServerTls withVersions(TlsVersion... versions) {
        return with(settings.withVersions(versions));
    }

    /** These options with these cipher suites, by their IANA names, the best first; none for the default. */
    public ServerTls withCipherSuites(List<String> cipherSuites) {
        return with(settings.withCipherSuites(cipherSuites));
    }

    /**
     * These options with these named groups for the exchange of keys, by their IANA names, the best first; none for the
     * default: X25519MLKEM768, which holds against quantum computers (RFC 9954), then the elliptic curves. A group that
     * the JDK or OpenSSL below does not know is passed over.
     */
    public ServerTls withGroups(List<String> groups) {
        return with(settings.withGroups(groups));
    }

    /**
     * These options with application protocols (ALPN, RFC 7301), the best first. A client that offers some, but none of
     * these, is refused; one that offers none is served without.
     */
    public ServerTls withProtocols(String... protocols) {
        return with(settings.withProtocols(protocols));
    }

    /** These options with another bound for the handshake, more than zero. */
    public ServerTls withHandshakeTimeout(Duration timeout) {
        return with(settings.withHandshakeTimeout(timeout));
    }

    private ServerTls with(TlsSettings changed) {
        return new ServerTls(context, identity, names, strictNames, clients, trust, changed);
    }

    private static TlsContext context(TlsIdentity main, Map<String, TlsIdentity> names, TlsTrust trust) {
        return new TlsContext(
                () -> JdkContexts.make(new KeyManager[]{new IdentityKeyManager(main, names)}, trust.managers()),
                () -> {
                    Map<String, TlsKey> keys = new LinkedHashMap<>();
                    names.forEach((name, identity) -> keys.put(name, identity.asKey()));
                    return new TlsCredentials(main.asKey(), keys, trust.manager());
                });
    }

    /**
     * The one identity that every client is shown, for a protocol with a TLS of its own, as QUIC.
     *
     * @throws IllegalStateException if there is more to it: a context of the JDK, other identities for some names, or
     *     certificates of clients
     */
    public TlsIdentity soleIdentity() {
        TlsIdentity main = requireIdentity();
        if (!names.isEmpty() || strictNames || clients != Clients.UNKNOWN) {
            throw new IllegalStateException("it asks clients for certificates, or has other ones for some names");
        }
        return main;
    }

    /** Reads the keys, so that the first connection need not wait for it. */
    void prepare() {
        context.prepare(terms);
    }

    /** Puts the server's end of TLS over a transport; waits at most while the keys are read. */
    TlsTransport over(Transport inner) {
        return new TlsTransport(inner, context.engine(terms, TlsPeer.CLIENT), settings.handshakeTimeout());
    }

    @Override
    public String toString() {
        return "ServerTls[" + settings.versions() + ", " + (identity == null ? "a context of the JDK" : identity) + "]";
    }
}
