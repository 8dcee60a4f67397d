package dev.heddle.cli;

import dev.heddle.Results;
import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.NodeProgram;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A map over all nodes of a cluster; prints which nodes have done something, and the sum. */
public final class Squares implements NodeProgram {

    /** One item of the map. */
    record Square(long of, String node) {}

    @Override
    public void run(Cluster cluster, ClusterPool pool, List<String> arguments) throws Exception {
        List<Integer> numbers = IntStream.rangeClosed(1, Integer.parseInt(arguments.getFirst())).boxed().toList();
        var nodes = new TreeSet<String>();
        long sum = 0;
        try (Results<Integer, Square> squares = pool.retrying(5).imapUnordered(numbers, Squares::square)) {
            for (Square square : squares) {
                sum += square.of();
                if (nodes.add(square.node())) {
                    IO.println("the first of " + square.node());
                }
            }
        }
        IO.println("sum " + sum + " by " + nodes);
    }

    private static Square square(int n) throws InterruptedException {
        Thread.sleep(5); // what a real body would compute
        return new Square((long) n * n, ClusterPool.node());
    }
}
