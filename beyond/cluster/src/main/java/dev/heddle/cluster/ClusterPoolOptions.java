package dev.heddle.cluster;

import dev.heddle.internal.Checks;
import dev.heddle.process.ProcessPoolOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of a {@link ClusterPool}. Immutable; each {@code with} gives a changed copy.
 */
public final class ClusterPoolOptions {

    private static final int MAX_PORT = 65_535;

    private final int port;
    private final NodeSecurity security;
    private final ProcessPoolOptions processes;
    private final int maxUnderWay;
    private final Duration patience;
    private final Duration drain;

    /** Checks the arguments. */
    private ClusterPoolOptions(int port, NodeSecurity security, ProcessPoolOptions processes, int maxUnderWay,
            Duration patience, Duration drain) {
        Checks.atLeast("port", port, 1);
        if (port > MAX_PORT) {
            throw new IllegalArgumentException("a port is at most " + MAX_PORT + ", not " + port);
        }
        Objects.requireNonNull(security);
        Objects.requireNonNull(processes);
        Checks.atLeast("maxUnderWay", maxUnderWay, 1);
        Checks.notNegative("patience", patience);
        Checks.notNegative("drain", drain);
        this.port = port;
        this.security = security;
        this.processes = processes;
        this.maxUnderWay = maxUnderWay;
        this.patience = patience;
        this.drain = drain;
    }

    /** Where this node listens for bodies of others, 1 to 65535. */
    public int port() {
        return port;
    }

    /** Who may have bodies done here, and whom this node trusts with its own. */
    public NodeSecurity security() {
        return security;
    }

    /**
     * The processes of this node that do bodies, its own and those of others. The longest body, the formats and the
     * scoped values that go along are the same on all nodes.
     */
    public ProcessPoolOptions processes() {
        return processes;
    }

    /** Most bodies of this node that are submitted and have not ended, at least 1; who submits more waits. */
    public int maxUnderWay() {
        return maxUnderWay;
    }

    /** How long another node has to answer a cancel, until the body is taken for lost. */
    public Duration patience() {
        return patience;
    }

    /** How long bodies of others have to end when this node leaves. */
    public Duration drain() {
        return drain;
    }

    /**
     * Those of a port, with 10,000 bodies under way, 5 s for a node to answer a cancel, 30 s for bodies of others to end,
     * and a worker for each processor.
     */
    public static ClusterPoolOptions of(int port, NodeSecurity security) {
        return new ClusterPoolOptions(
                port, security, ProcessPoolOptions.DEFAULT, 10_000, Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    /** With other processes. */
    public ClusterPoolOptions withProcesses(ProcessPoolOptions processes) {
        return new ClusterPoolOptions(port, security, processes, maxUnderWay, patience, drain);
    }

    /** With another bound of bodies. */
    public ClusterPoolOptions withMaxUnderWay(int maxUnderWay) {
        return new ClusterPoolOptions(port, security, processes, maxUnderWay, patience, drain);
    }

    /** With another time to answer a cancel. */
    public ClusterPoolOptions withPatience(Duration patience) {
        return new ClusterPoolOptions(port, security, processes, maxUnderWay, patience, drain);
    }

    /** With another time to end. */
    public ClusterPoolOptions withDrain(Duration drain) {
        return new ClusterPoolOptions(port, security, processes, maxUnderWay, patience, drain);
    }

    @Override
    public String toString() {
        return "ClusterPoolOptions[port=" + port + ", processes=" + processes
                + ", maxUnderWay=" + maxUnderWay + ", patience=" + patience + ", drain=" + drain + "]";
    }
}
