package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.cluster.internal.pool.Peer;
import dev.heddle.cluster.internal.pool.Peers;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.sync.Event;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node on the loopback, also as a program of its own, whose members are given to it. */
final class PoolNode {

    static final char[] PASSWORD = "changeit".toCharArray();

    /** More than a long body takes on a busy machine, less than a caller waits for the end of one that is cancelled. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private PoolNode() {}

    /** Members that are told by hand. */
    static final class Given implements Peers {
        private final List<Peer> peers;
        private final Event changed = Event.create();

        Given(Peer... peers) {
            this.peers = new CopyOnWriteArrayList<>(peers);
        }

        void gone(String name) {
            peers.removeIf(peer -> peer.name().equals(name));
            changed.set();
        }

        @Override
        public List<Peer> now() {
            return peers;
        }

        @Override
        public boolean believes() {
            return true;
        }

        @Override
        public void follow(Runnable onChange, Runnable fenced) {
            while (true) {
                changed.clear();
                onChange.run();
                changed.await();
            }
        }
    }

    static Peer peer(String name, int port) {
        return new Peer(name, 1, "127.0.0.1", port, Map.of("name", name));
    }

    /** Trusts the own certificate, and others. */
    static NodeSecurity security(Path keys, Path... others) throws IOException, GeneralSecurityException {
        KeyStore store = store(keys);
        X509Certificate certificate = certificate(store);
        List<X509Certificate> trusted = new ArrayList<>(List.of(certificate));
        for (Path other : others) {
            trusted.add(certificate(store(other)));
        }
        TlsIdentity identity = TlsIdentity.of((PrivateKey) store.getKey("node", PASSWORD), certificate);
        return NodeSecurity.mutualTls(identity, TlsTrust.of(trusted.toArray(X509Certificate[]::new)));
    }

    private static KeyStore store(Path keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static X509Certificate certificate(KeyStore store) throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate("node");
    }

    static ClusterPool pool(String name, int port, Path keys, Peers peers) throws Exception {
        return pool(name, port, security(keys), peers);
    }

    static ClusterPool pool(String name, int port, NodeSecurity security, Peers peers) throws Exception {
        return ClusterPool.of("shop", name, peers, ClusterPoolOptions.of(port, security)
                .withProcesses(ProcessPoolOptions.DEFAULT
                        .withWorkers(1)
                        .withGrace(GRACE)
                        .withMaxBytes(256 * 1024 * 1024)
                        .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx1g")));
    }

    /** Keys, own name and port, until the standard input ends. */
    public static void main(String[] arguments) throws Exception {
        Heddle.run(() -> {
            int port = Integer.parseInt(arguments[2]);
            try (ClusterPool _ = pool(
                    arguments[1], port, Path.of(arguments[0]), new Given(peer(arguments[1], port)))) {
                System.out.println("ready");
                Heddle.offload(() -> System.in.read());
            }
        });
    }
}
