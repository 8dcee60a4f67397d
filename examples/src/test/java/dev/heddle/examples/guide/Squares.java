package dev.heddle.examples.guide;

import dev.heddle.cluster.Cluster;
import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.NodeProgram;
import java.util.List;
import java.util.stream.IntStream;

public final class Squares implements NodeProgram {

    @Override
    public void run(Cluster cluster, ClusterPool pool, List<String> arguments) {
        int millis = Integer.parseInt(arguments.getFirst());
        List<Integer> numbers = IntStream.rangeClosed(1, 2000).boxed().toList();
        List<Long> squares = pool.retrying(5).map(numbers, n -> square(n, millis));
        IO.println(squares.stream().mapToLong(n -> n).sum());
    }

    private static long square(int n, int millis) throws InterruptedException {
        Thread.sleep(millis); // as if it were work
        return (long) n * n;
    }
}
