package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimRandom;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The days of a year on which the certificates of its nodes end. Links that stand go on, also that of the node whose
 * renewal is late. New ones with that node are refused by name, both ways, and come when it has its file; the others
 * miss nothing.
 *
 * <p>TLS runs over simulated connections, but certificates have the system's time. So what ends by the year's clock is
 * replaced by its twin, which has ended by the system's.
 */
final class YearOfCertificates {

    static final int PORT = 7400;

    private static final Duration VALID = Duration.ofDays(300);

    /** Certificates are valid from an hour ago. */
    private static final Duration OVER = Duration.ofMinutes(30);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TlsAuthority authority = TlsAuthority.create("shop", VALID);
    private final Rules rules;
    private final Cluster[] nodes;
    private final List<AtomicReference<TlsIdentity>> files = new ArrayList<>();
    private final List<ClusterPool> pools = new ArrayList<>();

    private YearOfCertificates(Rules rules, Cluster... nodes) {
        this.rules = rules;
        this.nodes = nodes;
    }

    /** Lives such a day; the labels of the nodes have their names and addresses. */
    static void day(SimRandom random, Rules rules, Cluster... nodes) throws Exception {
        var day = new YearOfCertificates(rules, nodes);
        try {
            day.begin();
            day.live(random.below(nodes.length), random.below(nodes.length));
        } finally {
            day.pools.forEach(ClusterPool::shutdownNow);
            day.pools.forEach(ClusterPool::close);
        }
    }

    private void begin() throws Exception {
        for (Cluster node : nodes) {
            var file = new AtomicReference<>(issued(node, VALID));
            files.add(file);
            NodeSecurity security = NodeSecurity.mutualTls(file::get, authority.trust());
            pools.add(host(node).run(() -> ClusterPool.of(node, ClusterPoolOptions.of(PORT, security)
                    .withProcesses(ClusterPoolTest.processes()))));
        }
    }

    private void live(int late, int early) {
        expect("when all is new", -1);
        if (early != late) {
            files.get(early).set(issued(nodes[early], VALID));
        }
        files.get(late).set(issued(nodes[late], OVER));
        expect("on the day that they end, over links that stand", -1);
        for (int i = 0; i < nodes.length; i++) {
            if (i != late) {
                files.get(i).set(issued(nodes[i], VALID));
            }
        }
        cutAll();
        expect("with one that is not renewed", late);
        files.get(late).set(issued(nodes[late], VALID));
        Heddle.sleep(PATIENCE);
        expect("when the last one is renewed", -1);
        cutAll();
        expect("over new links", -1);
    }

    private TlsIdentity issued(Cluster node, Duration valid) {
        return authority.issue(valid, node.self().name());
    }

    private static SimHost host(Cluster node) {
        return Sim.current().network().host(node.self().name());
    }

    private void cutAll() {
        for (Cluster node : nodes) {
            host(node).cutAll();
        }
        Heddle.sleep(Duration.ofSeconds(10));
    }

    /**
     * Has each node run a body on each other one.
     *
     * @param late the node with which none may; -1 for none
     */
    private void expect(String when, int late) {
        for (int i = 0; i < nodes.length; i++) {
            for (int k = 0; k < nodes.length; k++) {
                if (i != k) {
                    expect(when, nodes[i].self().name(), pools.get(i), nodes[k].self().name(), i == late || k == late);
                }
            }
        }
    }

    private void expect(String when, String from, ClusterPool pool, String to, boolean refused) {
        String what = "a body of " + from + " on " + to + " " + when;
        String end = Heddle.moveOnAfter(PATIENCE, () -> end(pool, to)).orElse("waits");
        rules.that(refused ? end.startsWith("the ") && end.contains("certificate") : end.equals(to), what + ": " + end);
    }

    private static String end(ClusterPool pool, String to) throws Exception {
        try {
            return pool.on(ClusterYear.NAME, to).call(() -> ClusterPool.node());
        } catch (NodeRefusedException refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
