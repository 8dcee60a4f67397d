package dev.heddle.tls;

import dev.heddle.engine.Transport;
import dev.heddle.net.internal.HostNames;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.TlsTerms.Clients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The TLS options of a client: whom it trusts, who it is, what it offers. By default it trusts the authorities of the
 * JVM, offers TLS 1.3 and 1.2, and checks that the certificate is for the host it connects to (RFC 9525).
 *
 * <pre>{@code
 * ClientTls tls = ClientTls.DEFAULT
 *         .withTrust(TlsTrust.pem(Path.of("our-authority.pem")))
 *         .withProtocols("h2", "http/1.1");
 * try (ByteStream stream = Tls.connect("intern.example", 443, tls)) { ... }
 * }</pre>
 *
 * <p>Make one and share it: the sessions of the servers it has spoken to are kept in it, so a second connection costs
 * less. Options made from it by {@code with...} share them, unless trust or identity differ.
 *
 * <p>Threads: immutable, for any.
 *
 * <p>To test code that takes one, let it trust the certificate of a {@link TlsIdentity#selfSigned}.
 */
public final class ClientTls {

    private static final TlsContext JVM = new TlsContext(SSLContext::getDefault, JdkContexts::defaultCredentials);

    /** The JVM's authorities, no certificate of its own, TLS 1.3 and 1.2, ten seconds for the handshake. */
    public static final ClientTls DEFAULT = new ClientTls(JVM, TlsTrust.system(), null, TlsSettings.DEFAULT, true);

    private final TlsContext context;

    /** Null if a context of the JDK decides. */
    private final @Nullable TlsTrust trust;

    private final @Nullable TlsIdentity identity;
    private final TlsSettings settings;
    private final boolean secure;
    private final TlsTerms terms;

    private ClientTls(TlsContext context, @Nullable TlsTrust trust, @Nullable TlsIdentity identity,
            TlsSettings settings,
            boolean secure) {
        this.context = context;
        this.trust = trust;
        this.identity = identity;
        this.settings = settings;
        this.secure = secure;
        this.terms = settings.terms(false, List.of(), List.of(), Clients.UNKNOWN, null, secure);
    }

    /**
     * Takes trust and identity from a context of the JDK, and nowhere else. The certificate is still checked to be for
     * the host.
     */
    public static ClientTls of(SSLContext context) {
        return new ClientTls(TlsContext.of(context), null, null, TlsSettings.DEFAULT, true);
    }

    /**
     * These options with another trust.
     *
     * @throws IllegalStateException if a context of the JDK decides that
     */
    public ClientTls withTrust(TlsTrust trust) {
        requireOwnContext();
        return new ClientTls(context(trust, identity, secure), trust, identity, settings, secure);
    }

    /**
     * These options with a certificate for servers that want one.
     *
     * @throws IllegalStateException if a context of the JDK decides that
     */
    public ClientTls withIdentity(TlsIdentity identity) {
        TlsTrust trusted = requireOwnContext();
        return new ClientTls(context(trusted, identity, secure), trusted, identity, settings, secure);
    }

    /**
     * These options without any check of who the server is: whoever is on the way can read and change everything. For
     * tests on machines without secrets.
     *
     * @throws IllegalStateException if a context of the JDK decides that
     */
    public ClientTls insecure() {
        TlsTrust trusted = requireOwnContext();
        return new ClientTls(context(trusted, identity, false), trusted, identity, settings, false);
    }

    private TlsTrust requireOwnContext() {
        if (trust == null) {
            throw new IllegalStateException(
                    "the context of the JDK decides whom to trust and what to show; begin with DEFAULT instead of of(context)");
        }
        return trust;
    }

    /**
     * Whom it trusts, for a protocol with a TLS of its own, as QUIC.
     *
     * @throws IllegalStateException if there is more to it: a context of the JDK, a certificate to show, or no check
     */
    public TlsTrust soleTrust() {
        if (trust == null || identity != null || !secure) {
            throw new IllegalStateException("it shows a certificate, checks none, or a context of the JDK decides");
        }
        return trust;
    }

    /** These options with these versions only. */
    public ClientTls withVersions(TlsVersion... versions) {
        return with(settings.withVersions(versions));
    }

    /** These options with these cipher suites, by their IANA names, the best first; none for the JDK's own choice. */
    public ClientTls withCipherSuites(List<String> cipherSuites) {
        return with(settings.withCipherSuites(cipherSuites));
    }

    /**
     * These options with these named groups for the exchange of keys, by their IANA names, the best first; none for the
     * JDK's own choice, and that of {@link ServerTls#withGroups} with OpenSSL. A group that the JDK or OpenSSL below does
     * not know is passed over.
     */
    public ClientTls withGroups(List<String> groups) {
        return with(settings.withGroups(groups));
    }

    /** These options with these application protocols to offer (ALPN, RFC 7301), the best first; none to offer none. */
    public ClientTls withProtocols(String... protocols) {
        return with(settings.withProtocols(protocols));
    }

    /** These options with another bound for the handshake, more than zero. */
    public ClientTls withHandshakeTimeout(Duration timeout) {
        return with(settings.withHandshakeTimeout(timeout));
    }

    private ClientTls with(TlsSettings changed) {
        return new ClientTls(context, trust, identity, changed, secure);
    }

    private static TlsContext context(TlsTrust trust, @Nullable TlsIdentity identity, boolean secure) {
        return new TlsContext(
                () -> JdkContexts.make(
                        identity == null ? null : new KeyManager[]{new IdentityKeyManager(identity)},
                        secure ? trust.managers() : TlsTrust.ANYBODY),
                () -> new TlsCredentials(
                        identity == null ? null : identity.asKey(),
                        Map.of(),
                        secure ? trust.manager() : new InsecureTrustManager()));
    }

    /** Puts the client's end of TLS over a transport; waits at most while the keys are read. */
    TlsTransport over(Transport inner, String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String serverName = serverName(name);
        TlsEngine engine = context.engine(terms, new TlsPeer(name, portOf(inner.remoteAddress()), serverName));
        return new TlsTransport(inner, engine, settings.handshakeTimeout());
    }

    /** The name to announce; empty for addresses (RFC 6066, section 3), and for names of other than letters and digits. */
    private static String serverName(String host) {
        HostNames.Host read = HostNames.read(host);
        try {
            return read.address().isPresent() ? "" : new SNIHostName(read.name()).getAsciiName();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Sessions are kept for a host and its port; 0 stands for transports that have none. */
    private static int portOf(String address) {
        String last = address.substring(address.lastIndexOf(':') + 1);
        boolean port = !last.isEmpty() && last.length() <= 5 && last.chars().allMatch(c -> c >= '0' && c <= '9');
        return port ? Integer.parseInt(last) : 0;
    }

    @Override
    public String toString() {
        return "ClientTls[" + settings.versions() + (secure ? "]" : ", INSECURE]");
    }
}
