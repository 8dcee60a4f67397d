package dev.heddle.cluster.etcd;

import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.tls.ClientTls;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An etcd that a company has already, 3.4 or later, as the place where the nodes of a cluster agree.
 *
 * <pre>{@code
 * EtcdStore store = EtcdStore.at("https://etcd-1:2379", "https://etcd-2:2379", "https://etcd-3:2379")
 *         .withTls(ClientTls.DEFAULT.withTrust(TlsTrust.pem(Path.of("etcd-ca.pem"))))
 *         .withUser("heddle", password);
 * }</pre>
 *
 * <p>It is spoken to by its gateway for JSON, which is on by default, so no other library is needed. All that a cluster
 * keeps has keys that begin with {@code heddle/}, its name and {@code /}: the user needs to read and write these. A login
 * by the name in a certificate is not to be had, since the gateway does not know it; a certificate that the server only
 * wants to see is.
 *
 * <p>A session is a lease of whole seconds, at least as many as etcd grants (two, by default). One of its commits is under
 * way at a time, since etcd keeps no order between requests. Values of a directory are listed in pages of
 * {@value EtcdSession#PAGE}.
 *
 * <p>Threads: immutable, for any; sessions are opened in tasks. To test code that uses it, take the simulated store.
 */
public final class EtcdStore implements StoreEngine {

    private final List<String> endpoints;
    private final ClientTls tls;
    private final @Nullable Login login;

    /** Who asks. */
    record Login(String user, String password) {

        /** The name alone. */
        @Override
        public String toString() {
            return user;
        }
    }

    private EtcdStore(List<String> endpoints, ClientTls tls, @Nullable Login login) {
        this.endpoints = endpoints;
        this.tls = tls;
        this.login = login;
    }

    /**
     * An etcd by the URLs of its servers, without a path. The first is asked, and the next when one does not answer.
     *
     * @throws IllegalArgumentException if there is none, or one does not begin with {@code http://} or {@code https://}
     */
    public static EtcdStore at(String... endpoints) {
        List<String> urls = List.of(endpoints);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("an etcd has at least one endpoint");
        }
        for (String url : urls) {
            if (!url.matches("https?://[^/?#@]+")) {
                throw new IllegalArgumentException(
                        "an endpoint is http:// or https:// with a host, a port and no more");
            }
        }
        return new EtcdStore(urls, ClientTls.DEFAULT, null);
    }

    /** The same with other TLS for its https endpoints. */
    public EtcdStore withTls(ClientTls tls) {
        return new EtcdStore(endpoints, Objects.requireNonNull(tls), login);
    }

    /** The same for a user of etcd's own. */
    public EtcdStore withUser(String name, String password) {
        return new EtcdStore(endpoints, tls, new Login(name, Objects.requireNonNull(password)));
    }

    @Override
    public Store open(SessionOptions options) {
        return EtcdSession.open(new Gateway(endpoints, tls, login, options.timeout()), options);
    }

    /** The servers and the user. */
    @Override
    public String toString() {
        return "etcd at " + String.join(", ", endpoints) + (login == null ? "" : " as " + login);
    }
}
