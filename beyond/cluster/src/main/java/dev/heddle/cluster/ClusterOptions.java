package dev.heddle.cluster;

import dev.heddle.Backoff;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.StoreEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The options with which a node joins a cluster.
 */
public final class ClusterOptions {

    /** How many labels a node may have. */
    public static final int MAX_LABELS = 32;

    /** How many characters a label and its value may have together. */
    public static final int MAX_LABEL = 200;

    private final String cluster;
    private final StoreEngine store;
    private final String node;
    private final Duration timeout;
    private final Map<String, String> labels;
    private final Backoff backoff;

    /** Checks the arguments. */
    private ClusterOptions(String cluster, StoreEngine store, String node, Duration timeout, Map<String, String> labels,
            Backoff backoff) {
        Names.encode(cluster);
        Objects.requireNonNull(store, "store");
        if (!node.isEmpty()) {
            Names.encode(node);
        }
        session(cluster, timeout);
        labels = Map.copyOf(labels);
        if (labels.size() > MAX_LABELS) {
            throw new IllegalArgumentException("a node has at most " + MAX_LABELS + " labels, not " + labels.size());
        }
        labels.forEach((label, value) -> {
            if (label.isEmpty() || label.length() + value.length() > MAX_LABEL) {
                throw new IllegalArgumentException("a label has a name, and with its value at most " + MAX_LABEL
                        + " characters, not " + (label.length() + value.length()));
            }
        });
        Objects.requireNonNull(backoff, "backoff");
        this.cluster = cluster;
        this.store = store;
        this.node = node;
        this.timeout = timeout;
        this.labels = labels;
        this.backoff = backoff;
    }

    /** The name of the cluster; clusters of different names share nothing, also in one store. */
    public String cluster() {
        return cluster;
    }

    /** Where the nodes keep what they agree on; the same for all of them. */
    public StoreEngine store() {
        return store;
    }

    /** The name of this node, which no other has at the same time; if empty one that is new each time. */
    public String node() {
        return node;
    }

    /** For how long the others keep the place of a node that they do not hear of; the store may choose another. */
    public Duration timeout() {
        return timeout;
    }

    /** Facts about this node that others choose it by: {@code gpu=yes}; at most {@value #MAX_LABELS}. */
    public Map<String, String> labels() {
        return labels;
    }

    /** How long to wait between tries while the store does not answer. */
    public Backoff backoff() {
        return backoff;
    }

    /** A cluster of a name, kept by a store; the rest as usual. */
    public static ClusterOptions of(String cluster, StoreEngine store) {
        return new ClusterOptions(
                cluster,
                store,
                "",
                SessionOptions.DEFAULT_TIMEOUT,
                Map.of(),
                Backoff.DEFAULT.withDelays(Duration.ofMillis(20), Duration.ofSeconds(2)));
    }

    /** A cluster of one node, in the memory of this JVM. */
    public static ClusterOptions local() {
        return of("local", InMemoryStore.create());
    }

    /** Another name for this node. */
    public ClusterOptions withNode(String node) {
        return new ClusterOptions(cluster, store, node, timeout, labels, backoff);
    }

    /** Another timeout. */
    public ClusterOptions withTimeout(Duration timeout) {
        return new ClusterOptions(cluster, store, node, timeout, labels, backoff);
    }

    /** Other labels. */
    public ClusterOptions withLabels(Map<String, String> labels) {
        return new ClusterOptions(cluster, store, node, timeout, labels, backoff);
    }

    /** Other waits between tries. */
    public ClusterOptions withBackoff(Backoff backoff) {
        return new ClusterOptions(cluster, store, node, timeout, labels, backoff);
    }

    /** The session that they ask for. */
    SessionOptions session() {
        return session(cluster, timeout);
    }

    private static SessionOptions session(String cluster, Duration timeout) {
        return SessionOptions.of(Names.encode(cluster)).withTimeout(timeout);
    }

    @Override
    public String toString() {
        return "ClusterOptions[cluster=" + cluster + ", store=" + store + ", node=" + node + ", timeout=" + timeout
                + ", labels=" + labels + ", backoff=" + backoff + "]";
    }
}
