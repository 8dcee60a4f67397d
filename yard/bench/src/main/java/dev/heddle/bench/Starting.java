package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Whole processes, from their start to their end. */
final class Starting implements Workload {

    private static final int PAGES = 20_000;
    private static final double TWICE_AS_FAST = 0.5;
    private static final double AT_ONCE_FOR_PEOPLE = 300;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Need NGINX = Need.program("nginx");
    private static final Need CURL = Need.program("curl");
    private static final Measure CPU = new Measure("CPU of the process", "ms");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Nginx nginx = Nginx.start("A page of a few words.");
    private final List<String> command;

    /**
     * @param pages how many URLs there are
     * @param command makes the command line from the file of the URLs
     */
    private Starting(int pages, Function<Path, List<String>> command) {
        this.command = command.apply(urls(nginx, pages));
    }

    static List<Benchmark> benchmarks() {
        return List.of(
                new Benchmark(
                        "one-url",
                        "One page from a local nginx, from the start of the process to its end",
                        2,
                        11,
                        List.of(CPU, new Measure("time of the process", "ms", Target.atMost(AT_ONCE_FOR_PEOPLE))),
                        List.of(
                                Side.peer("a JVM that does nothing",
                                        () -> new Starting(1, urls -> java(Nothing.class))).needing(NGINX),
                                Side.peer("curl", () -> new Starting(1, urls -> curl(urls))).needing(NGINX)
                                        .needing(CURL),
                                Side.peer("java.net.http", () -> new Starting(1, urls -> jdkFetch(urls)))
                                        .needing(NGINX),
                                Side.ours("heddle fetch", () -> new Starting(1, urls -> heddleFetch(urls)))
                                        .needing(NGINX))),
                new Benchmark(
                        "many-urls",
                        "20,000 pages from a local nginx, 100 at a time, from the start of the process to its end",
                        1,
                        5,
                        List.of(CPU, new Measure("time of the process", "ms", Target.atMostTimesFloor(TWICE_AS_FAST))),
                        List.of(
                                Side.peer("java.net.http", () -> new Starting(PAGES, urls -> jdkFetch(urls)))
                                        .needing(NGINX),
                                Side.ours("heddle fetch", () -> new Starting(PAGES, urls -> heddleFetch(urls)))
                                        .needing(NGINX))));
    }

    private static Path urls(Nginx nginx, int pages) {
        try {
            Path file = Files.createTempFile("heddle-bench", ".txt");
            file.toFile().deleteOnExit();
            return Files.write(
                    file,
                    IntStream.range(0, pages)
                            .mapToObj(i -> nginx.address() + "/page/" + i)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> java(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> curl(Path urls) {
        return List.of("sh", "-c", "exec curl -sS $(cat " + urls + ")");
    }

    private static List<String> jdkFetch(Path urls) {
        return java(JdkFetch.class, urls.toString());
    }

    private static List<String> heddleFetch(Path urls) {
        String launcher = System.getProperty("heddle.launcher");
        if (launcher == null) {
            throw new IllegalStateException(
                    "-Dheddle.launcher does not say where the heddle command is; use yard/bench/run");
        }
        return List.of(launcher, "fetch", "-c", "100", "-i", urls.toString());
    }

    @Override
    public double[] round() throws Exception {
        long cpu = Clock.childrenCpuNanos();
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(LIMIT) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " failed");
        }
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        return new double[]{(Clock.childrenCpuNanos() - cpu) / NANOS_PER_MILLI, millis};
    }

    @Override
    public void close() {
        nginx.close();
    }

    /** The least that a JVM can do. */
    static final class Nothing {

        private Nothing() {}

        public static void main(String[] args) {}
    }
}
