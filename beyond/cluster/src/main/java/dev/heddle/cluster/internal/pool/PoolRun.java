package dev.heddle.cluster.internal.pool;

import dev.heddle.cluster.internal.wire.Hello;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.work.BodyFuture;
import dev.heddle.process.internal.work.Marshaller;
import dev.heddle.sync.Event;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all views of one pool share: the bodies, and the processes of this node.
 *
 * <p>Threads: any.
 */
public final class PoolRun {

    private final ProcessPool processes;
    private final int workers;
    private final Marshaller marshaller;
    private final Dispatcher dispatcher;

    /**
     * Starts it on the loop of the calling task.
     *
     * @param processes of this machine; closed by {@link #close}
     * @param workers how many bodies they run at a time
     */
    public PoolRun(
            Hello self, Dispatcher.Network network, Peers peers, ProcessPool processes, int workers,
            Marshaller marshaller, int maxUnderWay, Duration patience, Duration drain) {
        this.processes = processes;
        this.workers = workers;
        this.marshaller = marshaller;
        Codec codec = marshaller.codec();
        this.dispatcher = new Dispatcher(
                self, network, peers, new BodyWorker(self.node(), processes, workers, codec),
                maxUnderWay, patience, drain);
    }

    public Marshaller marshaller() {
        return marshaller;
    }

    /** The longest value that a body or result of a length is in, with what stands around it. */
    public static int around(int maxBytes) {
        return Limits.message(maxBytes);
    }

    /** How many bodies may run at a time on all nodes, if they are as this one. */
    public int width() {
        return (int) Math.min(Integer.MAX_VALUE, (long) workers * Math.max(1, dispatcher.nodes()));
    }

    /** How many nodes there are, as far as is known. */
    public int nodes() {
        return dispatcher.nodes();
    }

    /** How many bodies of this node have not ended. */
    public int underWay() {
        return dispatcher.underWay();
    }

    /** How many of them no node has been given yet. */
    public int waiting() {
        return dispatcher.waiting();
    }

    /** The cluster, and this node in it. */
    public String name() {
        return dispatcher.self().cluster() + " as " + dispatcher.self().node();
    }

    @Override
    public String toString() {
        return dispatcher.toString();
    }

    public boolean isSimulated() {
        return dispatcher.loop().engine().isSimulated();
    }

    /** Makes the future of an encoded body. */
    public <T> BodyFuture<T> future(
            Class<?> body, Output work, Placement placement, int attempts, Function<@Nullable Object, T> result) {
        return new ClusterJob<>(dispatcher, body, work, marshaller, placement, attempts, result);
    }

    /** Takes a body in; as of a pool. */
    public boolean put(BodyFuture<?> future, boolean wait) {
        return dispatcher.put((ClusterJob<?>) future, wait);
    }

    /** Takes a body in past the bound. */
    public void putUnbounded(BodyFuture<?> future) {
        dispatcher.putUnbounded((ClusterJob<?>) future);
    }

    public boolean isRoomy() {
        return dispatcher.isRoomy();
    }

    /** Takes no more bodies. */
    public void shutdown() {
        dispatcher.shutdown();
    }

    /** Takes no more bodies, and has those end that are under way; gives what has not begun. */
    public List<Runnable> shutdownNow() {
        return dispatcher.shutdownNow();
    }

    public boolean isShutDown() {
        return dispatcher.isShutDown();
    }

    /** Set when all bodies have ended after a shutdown. */
    public Event terminated() {
        return dispatcher.terminated();
    }

    /** Leaves the other nodes, and ends the processes of this one. */
    public void close() {
        dispatcher.close();
        processes.close();
    }
}
