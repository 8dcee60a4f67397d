package dev.heddle.bench;

import dev.heddle.internal.sight.Observer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * The main program of a side's JVM: for each line on the standard input it runs a round and answers with a line of
 * numbers. The line is the number for {@link Workload#round(double)}. It ends with its input, so it outlives nobody.
 */
final class Worker {

    private Worker() {}

    /** Takes the name of a benchmark and that of one of its sides. */
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Side side = Suite.find(args[0]).side(args[1]);
        if (!(side.program() instanceof Side.Jvm jvm)) {
            throw new IllegalArgumentException(side.name() + " is not for a JVM");
        }
        if (!jvm.observable() && ServiceLoader.load(Observer.class).findFirst().isPresent()) {
            throw new IllegalStateException(side.name() + " has the module observe on its path");
        }
        serve(jvm.workload(), answers);
    }

    /** Answers all requests, and ends the process. */
    static void serve(Supplier<? extends Workload> maker, PrintStream answers) throws Exception {
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Workload workload = maker.get()) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(DoubleStream.of(workload.round(Double.parseDouble(line)))
                        .mapToObj(Double::toString)
                        .collect(Collectors.joining(" ")));
            }
        }
        System.exit(0);
    }
}
