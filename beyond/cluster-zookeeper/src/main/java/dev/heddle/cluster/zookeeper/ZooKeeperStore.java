package dev.heddle.cluster.zookeeper;

import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * An ensemble of ZooKeeper servers that is there already, 3.6 or later.
 *
 * <pre>{@code
 * StoreEngine store = ZooKeeperStore.connect("zk1:2181,zk2:2181,zk3:2181").withDigest("heddle", password);
 * }</pre>
 *
 * <p>Everything stands below {@code /heddle/CLUSTER}. Without {@link #withDigest} everybody who reaches the servers may
 * read and change it; with it, whoever has the same name and password.
 *
 * <p>A commit takes a write to the disks of a majority; so does a fresh read, since ZooKeeper has no other answer that a
 * server which is no longer the leader cannot give. The servers choose the timeout of a session between bounds of their
 * own, two and twenty ticks if nobody has said otherwise.
 *
 * <p>To test code that uses it, give it the simulated store, or the one in memory.
 */
public final class ZooKeeperStore implements StoreEngine {

    private final String servers;
    private final String chroot;
    private final @Nullable String digest;
    private final @Nullable PemFiles tls;
    private final List<ACL> access;

    private ZooKeeperStore(
            String servers, String chroot, @Nullable String digest, @Nullable PemFiles tls, List<ACL> access) {
        this.servers = servers;
        this.chroot = chroot;
        this.digest = digest;
        this.tls = tls;
        this.access = access;
    }

    /**
     * An ensemble by the addresses of its servers.
     *
     * @param servers {@code HOST:PORT} with commas between them; a path behind the last one is where everything stands in,
     *     as in {@code zk1:2181,zk2:2181/apps}
     * @throws IllegalArgumentException if it is something else
     */
    public static ZooKeeperStore connect(String servers) {
        ConnectStringParser parsed = new ConnectStringParser(servers);
        if (parsed.getServerAddresses().isEmpty()) {
            throw new IllegalArgumentException("no server in " + servers);
        }
        String chroot = Objects.requireNonNullElse(parsed.getChrootPath(), "");
        String hosts = servers.indexOf('/') < 0 ? servers : servers.substring(0, servers.indexOf('/'));
        return new ZooKeeperStore(hosts, chroot, null, null, Ids.OPEN_ACL_UNSAFE);
    }

    /** Shows a name and a password, and lets nobody without them at what is created. */
    public ZooKeeperStore withDigest(String name, String password) {
        if (name.isEmpty() || name.contains(":")) {
            throw new IllegalArgumentException("a name for ZooKeeper's digest is not empty and has no colon");
        }
        return new ZooKeeperStore(servers, chroot, name + ':' + password, tls, Ids.CREATOR_ALL_ACL);
    }

    /**
     * Talks by mutual TLS, to the servers' secure port. ZooKeeper does this by Netty, which needs {@code netty-resolver} and
     * {@code netty-transport-classes-epoll} beside what comes with this artifact, of the same version.
     */
    public ZooKeeperStore withTls(PemFiles files) {
        return new ZooKeeperStore(servers, chroot, digest, files, access);
    }

    /** As {@link #withDigest}, for whoever may do everything; what is created is for such alone. */
    ZooKeeperStore withAccess(String secret, List<ACL> entries) {
        return new ZooKeeperStore(servers, chroot, secret, tls, entries);
    }

    /**
     * {@inheritDoc} It ends its client first, which may be in the middle of a connection: that takes up to two seconds
     * more.
     *
     * @throws CancelledException if the enclosing scope is cancelled
     */
    @Override
    public Store open(SessionOptions options) {
        QuietLog.choose();
        ZooKeeperSession session;
        try {
            session = new ZooKeeperSession(
                    servers, config(), NodePaths.of(chroot, options.cluster()), access, options.timeout());
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot make a client of ZooKeeper", e);
        }
        boolean opened = false;
        try {
            if (digest != null) {
                session.authenticate("digest", digest.getBytes(StandardCharsets.UTF_8));
            }
            Heddle.timeout(options.timeout(), session::awaitOpen);
            opened = true;
            return session;
        } catch (DeadlineExceededException e) {
            throw new StoreUnavailableException("no session with ZooKeeper at " + servers, e);
        } finally {
            if (!opened) {
                // A client that is left alone connects again and again, with files that are perhaps gone by then.
                Heddle.shield(session::close);
            }
        }
    }

    private ZKClientConfig config() {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        // Answers may be longer than requests: the names of a large directory.
        config.setProperty(ZKClientConfig.JUTE_MAXBUFFER, Integer.toString(64 * 1024 * 1024));
        if (tls != null) {
            config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
            config.setProperty(
                    ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
            config.setProperty("zookeeper.ssl.keyStore.location", tls.identity().toString());
            config.setProperty("zookeeper.ssl.keyStore.type", "PEM");
            config.setProperty("zookeeper.ssl.trustStore.location", tls.trust().toString());
            config.setProperty("zookeeper.ssl.trustStore.type", "PEM");
            config.setProperty("zookeeper.ssl.allowReverseDnsLookup", "false");
        }
        return config;
    }

    /** Where it is; never the password. */
    @Override
    public String toString() {
        return "ZooKeeper at " + servers + chroot;
    }
}
