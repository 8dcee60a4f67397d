package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A side's process, seen from the JVM that leads the contest. */
final class Peer implements AutoCloseable {

    /** The longest time for one round. Millions of jobs take their time. */
    static final Duration ROUND_LIMIT = Counts.isQuick() ? Duration.ofMinutes(5) : Duration.ofHours(2);

    /** The option of a JVM that gets one processor when it runs already: what it does by itself where it begins on one. */
    static final String ONE_PROCESSOR = "-XX:ActiveProcessorCount=1";

    /** What the archetype's Dockerfile gives the JVM. */
    static final List<String> IMAGE = List.of(
            "-XX:+UseSerialGC", "-Xms48m", "-Xmn32m", "-XX:SurvivorRatio=2", "-XX:TrimNativeHeapInterval=2000");

    /** Its file, or in a build its directory; and the command, whose jar names those that it needs. */
    private static final Pattern OBSERVE = Pattern
            .compile("/heddle-(observe|cli)-[0-9][^/]*$|/observe/target/classes$");

    private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);

    private final Side side;
    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    private Peer(Side side, Process process) {
        this.side = side;
        this.process = process;
        this.requests = process.outputWriter();
        this.answers = process.inputReader();
    }

    /** Starts the process of a side. */
    static Peer start(Benchmark benchmark, Side side) {
        List<String> command = switch (side.program()) {
            case Side.Jvm jvm -> Stream.concat(jvm.launcher().stream(), java(
                    jvm.options(), path(jvm.observable()), Worker.class, benchmark.name(), side.name()).stream())
                    .toList();
            case Side.Command program -> program.line();
        };
        try {
            return new Peer(side, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + side.name(), e);
        }
    }

    /**
     * The command that starts a JVM with this JVM's options, those in HEDDLE_BENCH_JVM, and more.
     *
     * @param options what it gets besides
     * @param program its main class
     */
    static List<String> java(List<String> options, Class<?> program, String... arguments) {
        return java(options, path(true), program, arguments);
    }

    /** As {@link #java}, with the options that the archetype's image has: for a server of ours. */
    static List<String> image(List<String> options, Class<?> program, String... arguments) {
        return java(Stream.concat(IMAGE.stream(), options.stream()).toList(), program, arguments);
    }

    private static List<String> java(List<String> options, String path, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(words(System.getenv().getOrDefault("HEDDLE_BENCH_JVM", "")));
        command.addAll(Counts.options());
        command.addAll(Profiler.options());
        command.addAll(options);
        command.addAll(List.of("-cp", path, program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The class path of this JVM, or what is left of it without the module {@code observe}. */
    private static String path(boolean observable) {
        String path = System.getProperty("java.class.path");
        return observable
                ? path
                : Stream.of(path.split(File.pathSeparator, -1))
                        .filter(part -> !OBSERVE.matcher(part).find())
                        .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    long pid() {
        return process.pid();
    }

    /** Lets it work on the processor of the servers alone; not those that it has started, of which each has its own. */
    void pin() {
        pin(process.pid(), ServerProcess.PIN, side.name());
    }

    /**
     * Lets a process that runs work on one processor alone, with all its threads.
     *
     * @param pin the command that would start it there
     * @param name who it is, for messages
     */
    static void pin(long pid, List<String> pin, String name) {
        var command = List.of("taskset", "-a", "-c", "-p", pin.getLast(), Long.toString(pid));
        try {
            Process taskset = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (taskset.waitFor() != 0) {
                throw new IllegalStateException("cannot give " + name + " one processor");
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("cannot give " + name + " one processor", e);
        }
    }

    /**
     * Has the side run one round.
     *
     * @param pace what {@link Workload#round(double)} gets
     * @throws IllegalStateException if the process ends instead or takes longer than {@link #ROUND_LIMIT}
     */
    double[] round(double pace) {
        begin(pace);
        return end();
    }

    /** Begins a round, of which {@link #end} has the numbers. */
    void begin(double pace) {
        try {
            requests.write(pace + "\n");
            requests.flush();
        } catch (IOException e) {
            throw gaveNoAnswer(e);
        }
    }

    double[] end() {
        CompletableFuture<double[]> answer = CompletableFuture.supplyAsync(this::answer);
        try {
            return answer.get(ROUND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException | InterruptedException e) {
            throw gaveNoAnswer(e);
        }
    }

    private IllegalStateException gaveNoAnswer(Exception cause) {
        // Not forcibly: it may have started an nginx that it must stop.
        process.destroy();
        return new IllegalStateException(side.name() + " gave no answer", cause);
    }

    private double[] answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("its process ended; see its messages above");
            }
            return words(line).stream().mapToDouble(Double::parseDouble).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(EXIT_LIMIT)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
