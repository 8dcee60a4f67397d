package dev.heddle.cluster.zookeeper;

import dev.heddle.internal.Hash;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The system properties by which ZooKeeper's server is configured, and the way to it as one who may do everything, with
 * a password that is drawn for this JVM and told in its directory alone. ZooKeeper reads the password once in the life
 * of a JVM.
 */
final class PeerAccess {

    static final PeerAccess OF_THIS_JVM = new PeerAccess();

    /** Nobody's: what is created is for those who may do everything. */
    private static final List<ACL> NOBODY = List.of(new ACL(Perms.ALL, new Id("digest", "heddle:nobody")));

    private static final long PAUSE_MILLIS = 100;

    private final String secret;
    private final Set<String> set = ConcurrentHashMap.newKeySet();

    private PeerAccess() {
        byte[] password = new byte[24];
        new SecureRandom().nextBytes(password);
        secret = "super:" + HexFormat.of().formatHex(password);
    }

    /** Sets these properties and that of the password. */
    void set(Map<String, String> properties) {
        properties.forEach(this::set);
        set("zookeeper.DigestAuthenticationProvider.superDigest", digest());
    }

    private void set(String name, String value) {
        System.setProperty(name, value);
        set.add(name);
    }

    void clear() {
        set.forEach(System::clearProperty);
        set.clear();
    }

    /** As ZooKeeper's own class makes it, which must not be loaded before the property is set. */
    private String digest() {
        byte[] hash = Hash.of("SHA-1", secret.getBytes(StandardCharsets.UTF_8));
        return "super:" + Base64.getEncoder().encodeToString(hash);
    }

    ZooKeeperStore engine(int port) {
        return engine(port, secret);
    }

    /** The way to a server of this machine, whose password was told. */
    static ZooKeeperStore engine(int port, String secret) {
        return ZooKeeperStore.connect(address(port)).withAccess(secret, NOBODY);
    }

    String secret() {
        return secret;
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    /**
     * Changes who is in the ensemble, trying again while the others are not ready for it.
     *
     * @param wanted the servers that shall be in it, of those that are
     */
    @SuppressWarnings("try") // ZooKeeper's close() may be interrupted
    void change(int port, Duration patience, UnaryOperator<List<ZooKeeperPeer>> wanted) throws InterruptedException {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        long begin = System.nanoTime();
        @Nullable KeeperException last = null;
        try (ZooKeeperAdmin admin = new ZooKeeperAdmin(address(port), 10_000, _ -> {}, config)) {
            admin.addAuthInfo("digest", secret.getBytes(StandardCharsets.UTF_8));
            while (System.nanoTime() - begin < patience.toNanos()) {
                try {
                    if (tryChange(admin, wanted)) {
                        return;
                    }
                } catch (KeeperException e) {
                    last = e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            throw new EmbeddedZooKeeperException("cannot make a client of ZooKeeper", e);
        }
        throw new EmbeddedZooKeeperException("the servers did not agree on a change within " + patience, last);
    }

    /** Says whether it is done; errors of others than those that pass are thrown on. */
    private static boolean tryChange(ZooKeeperAdmin admin, UnaryOperator<List<ZooKeeperPeer>> wanted)
            throws InterruptedException, KeeperException, IOException {
        Properties now = new Properties();
        now.load(new StringReader(new String(admin.getConfig(false, new Stat()), StandardCharsets.UTF_8)));
        List<ZooKeeperPeer> before = new ArrayList<>();
        for (String name : now.stringPropertyNames()) {
            if (name.startsWith("server.")) {
                before.add(ZooKeeperPeer.parse(name + '=' + now.getProperty(name)));
            }
        }
        List<ZooKeeperPeer> after = wanted.apply(before);
        if (after.equals(before)) {
            return true;
        }
        String lines = after.stream().map(ZooKeeperPeer::line).collect(Collectors.joining(","));
        long version = Long.parseLong(now.getProperty("version"), 16);
        try {
            admin.reconfigure((String) null, null, lines, version, new Stat());
            return true;
        } catch (KeeperException.NoAuthException | KeeperException.BadArgumentsException e) {
            throw new EmbeddedZooKeeperException("the servers refuse a change: " + lines, e);
        }
    }
}
