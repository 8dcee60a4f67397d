package dev.heddle.cluster;

import dev.heddle.cluster.internal.pool.Peer;
import dev.heddle.cluster.internal.pool.Peers;
import dev.heddle.cluster.internal.wire.Hello;
import dev.heddle.engine.WaitSlot;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Nodes on simulated hosts, whose members the test tells. */
final class SimNodes {

    static final String CLASSES = "0123456789abcdef";

    private static final int PORT = 7400;

    interface Body {
        void run(SimNodes nodes) throws Exception;
    }

    private final Map<String, SimHost> hosts = new HashMap<>();
    private final Map<String, Told> told = new TreeMap<>();
    private final Map<String, Peer> members = new TreeMap<>();
    private final Map<String, Peer> before = new HashMap<>();
    private final List<ClusterPool> pools = new ArrayList<>();

    static void run(Body body) throws Exception {
        var nodes = new SimNodes();
        try {
            body.run(nodes);
        } finally {
            Sim.current().network().heal();
            nodes.pools.forEach(ClusterPool::shutdownNow);
            nodes.pools.forEach(ClusterPool::close);
        }
    }

    /** What one node is told. */
    private final class Told implements Peers {
        private final WaitSlot news = new WaitSlot("news of nodes");
        private boolean believes = true;
        private boolean fenced;

        @Override
        public List<Peer> now() {
            return List.copyOf(members.values());
        }

        @Override
        public boolean believes() {
            return believes;
        }

        @Override
        public void follow(Runnable changed, Runnable fence) {
            while (true) {
                changed.run();
                if (fenced) {
                    fenced = false;
                    fence.run();
                }
                news.await();
            }
        }
    }

    ClusterPool start(String name) throws Exception {
        return start(name, Map.of());
    }

    ClusterPool start(String name, Map<String, String> labels) throws Exception {
        return start(name, "shop", CLASSES, labels, options -> options);
    }

    ClusterPool start(String name, UnaryOperator<ClusterPoolOptions> change) throws Exception {
        return start(name, "shop", CLASSES, Map.of(), change);
    }

    ClusterPool start(String name, String cluster, String classes, Map<String, String> labels) throws Exception {
        return start(name, cluster, classes, labels, options -> options);
    }

    private ClusterPool start(
            String name, String cluster, String classes, Map<String, String> labels,
            UnaryOperator<ClusterPoolOptions> change)
            throws Exception {
        return start(name, labels, change, (peers, options) -> ClusterPool.of(cluster, name, classes, peers, options));
    }

    /** Starts a node that speaks the wire from one version to another. */
    ClusterPool startOfVersion(String name, int oldest, int newest, Map<String, String> labels) throws Exception {
        return start(name, labels, options -> options, (peers, options) -> ClusterPool.of(
                new Hello(newest, oldest, "shop", name, CLASSES, 1, options.processes().maxBytes()), peers, options));
    }

    private ClusterPool start(
            String name, Map<String, String> labels, UnaryOperator<ClusterPoolOptions> change,
            BiFunction<Peers, ClusterPoolOptions, ClusterPool> how)
            throws Exception {
        SimHost host = hosts.computeIfAbsent(name, each -> Sim.current().network().host(each));
        var mine = new Told();
        told.put(name, mine);
        ClusterPoolOptions options = change.apply(
                ClusterPoolOptions.of(PORT, NodeSecurity.none()).withProcesses(ClusterPoolTest.processes()));
        ClusterPool pool = host.run(() -> how.apply(mine, options));
        pools.add(pool);
        members.put(name, new Peer(name, members.size(), name, PORT, labels));
        tell();
        return pool;
    }

    SimHost host(String name) {
        return Objects.requireNonNull(hosts.get(name));
    }

    private void tell() {
        told.values().forEach(each -> each.news.wake());
    }

    /** The others hear that a node is gone. */
    void gone(String name) {
        Peer peer = members.remove(name);
        if (peer != null) {
            before.put(name, peer);
        }
        tell();
    }

    /** A node that was gone has joined again. */
    void back(String name) {
        Peer peer = Objects.requireNonNull(before.get(name));
        members.put(name, new Peer(name, peer.incarnation() + 100, peer.host(), peer.port(), peer.labels()));
        tell();
    }

    /** A node is told that its lease is over. */
    void fence(String name) {
        Told mine = Objects.requireNonNull(told.get(name));
        mine.believes = false;
        mine.fenced = true;
        tell();
    }

    /** A node has a lease again. */
    void unfence(String name) {
        Objects.requireNonNull(told.get(name)).believes = true;
        tell();
    }

    void part(String one, String other) {
        Sim.current().network().partition(host(one), host(other));
    }

    /** A node is known by another name than it says. */
    void rename(String name, String other) {
        Peer peer = Objects.requireNonNull(members.remove(name));
        members.put(other, new Peer(other, peer.incarnation(), peer.host(), peer.port(), peer.labels()));
        tell();
    }
}
