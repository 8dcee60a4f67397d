package dev.heddle.cluster;

import java.util.List;

/**
 * The program that a node runs beside the work of others: the main method of a program that
 * {@code heddle node --program} starts.
 *
 * <pre>{@code
 * public final class Squares implements NodeProgram {
 *     public void run(Cluster cluster, ClusterPool pool, List<String> arguments) {
 *         IO.println(pool.map(List.of(1, 2, 3), n -> n * n));
 *     }
 * }
 * }</pre>
 *
 * <p>It is made by its constructor without parameters, and runs in a task of the loop on which the node has joined.
 * When it returns, the node leaves in order. One that handles jobs waits until it is cancelled, which it is when the
 * node is to stop: what it has opened is closed then, before the pool and the node are.
 */
@FunctionalInterface
public interface NodeProgram {

    /**
     * Runs it.
     *
     * @param cluster the node, joined
     * @param pool the processes of all nodes
     * @param arguments those of the command line
     */
    void run(Cluster cluster, ClusterPool pool, List<String> arguments) throws Exception;
}
