package dev.heddle.bench;

import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.ClusterPoolOptions;
import dev.heddle.cluster.NodeSecurity;
import dev.heddle.cluster.zookeeper.ZooKeeperStore;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.process.ProcessPoolOptions;
import dev.heddle.sync.Event;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;

/** A node of a cluster with one worker process, on a loop of its own; also as a program, which ends with its input. */
final class ClusterNode implements AutoCloseable {

    static final int MAX_BYTES = 256 * 1024 * 1024;

    private final Event end = Event.create();
    private final Promise<ClusterPool> pool = new Promise<>();
    private final Thread thread;

    ClusterNode(int zooKeeper, String name) {
        thread = Thread.ofPlatform().name(name).start(() -> {
            try {
                TlsCertificate.load(); // which takes its time where there is none yet
                Heddle.run(() -> live(zooKeeper, name));
            } catch (Throwable e) {
                pool.tryFail(e);
            }
        });
    }

    private void live(int zooKeeper, String name) throws GeneralSecurityException, IOException {
        int port = Ports.free();
        ClusterOptions options = ClusterOptions.of("bench", ZooKeeperStore.connect("127.0.0.1:" + zooKeeper))
                .withNode(name)
                .withLabels(Map.of("name", name, ClusterPool.ADDRESS, "localhost:" + port));
        try (Cluster cluster = Cluster.join(options);
                ClusterPool made = ClusterPool.of(cluster, ClusterPoolOptions.of(port, security())
                        .withProcesses(lasting(1).withMaxBytes(MAX_BYTES))
                        .withDrain(Duration.ZERO))) {
            pool.complete(made);
            end.await();
        }
    }

    /** Of a pool whose workers outlast the rounds of other sides. */
    static ProcessPoolOptions lasting(int workers) {
        return ProcessPoolOptions.DEFAULT.withWorkers(workers).withIdleLimit(Duration.ofHours(1));
    }

    private static NodeSecurity security() throws GeneralSecurityException, IOException {
        return NodeSecurity.mutualTls(identity(), trust());
    }

    private static TlsIdentity identity() throws GeneralSecurityException, IOException {
        TlsCertificate certificate = TlsCertificate.load();
        return TlsIdentity.of(certificate.key(), certificate.certificate());
    }

    private static TlsTrust trust() throws GeneralSecurityException, IOException {
        return TlsTrust.of(TlsCertificate.load().certificate());
    }

    /** Listens as a node does. */
    static Listener listen(int port) throws GeneralSecurityException, IOException {
        return Tls.listen("127.0.0.1", port, ServerTls.of(identity()).withClientsNeeded(trust()));
    }

    /** Connects as a node does. */
    static ByteStream connect(int port) throws GeneralSecurityException, IOException {
        return Tls.connect("localhost", port, ClientTls.DEFAULT.withTrust(trust()).withIdentity(identity()));
    }

    ClusterPool pool() {
        return pool.join();
    }

    @Override
    public void close() {
        end.set();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) throws IOException {
        try (var node = new ClusterNode(Integer.parseInt(arguments[0]), arguments[1])) {
            node.pool();
            System.out.println("ready 0");
            while (System.in.read() >= 0) {}
        }
    }
}
