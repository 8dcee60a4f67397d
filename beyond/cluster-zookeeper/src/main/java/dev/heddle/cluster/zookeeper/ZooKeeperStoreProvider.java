package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The ZooKeeper servers, by addresses like {@code zookeeper:zk1:2181,zk2:2181}. */
public final class ZooKeeperStoreProvider implements StoreProvider {

    private static final String PREFIX = "zookeeper:";

    /** What ZooKeeper's client has beside its own jars when it speaks TLS. */
    private static final List<String> NETTY = List.of(
            "io.netty.resolver.AddressResolverGroup", "io.netty.channel.epoll.Epoll");

    /** For {@link java.util.ServiceLoader}. */
    public ZooKeeperStoreProvider() {}

    @Override
    public List<String> prefixes() {
        return List.of(PREFIX);
    }

    @Override
    public StoreEngine at(StoreAddress address) {
        ZooKeeperStore store = ZooKeeperStore.connect(address.text().substring(PREFIX.length()));
        if (address.user().isPresent()) {
            store = store.withDigest(address.user().get(), address.password()
                    .orElseThrow(() -> new IllegalArgumentException("a user of ZooKeeper has a password")));
        }
        Optional<Path> certificate = address.certificate();
        if (certificate.isEmpty() && address.trust().isEmpty()) {
            return store;
        }
        if (certificate.isEmpty() || address.trust().isEmpty()) {
            throw new IllegalArgumentException(
                    "TLS to ZooKeeper is mutual: it needs the own certificate and those to trust");
        }
        if (!address.key().equals(certificate)) {
            throw new IllegalArgumentException("ZooKeeper's client takes the key from the file of the certificate: put"
                    + " both into one, and leave the key out");
        }
        requireNetty();
        return store.withTls(new PemFiles(certificate.get(), address.trust().get()));
    }

    private static void requireNetty() {
        for (String name : NETTY) {
            try {
                Class.forName(name, false, ZooKeeperStoreProvider.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("TLS to ZooKeeper needs netty-resolver and"
                        + " netty-transport-classes-epoll, of the version of the other Netty jars: " + name
                        + " is missing", e);
            }
        }
    }
}
