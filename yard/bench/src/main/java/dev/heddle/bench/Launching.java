package dev.heddle.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server of one page, from the start of its process: {@code java -jar}, with a manifest as users write it and only
 * the jars that it needs, or a program in Python.
 */
final class Launching implements Workload {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SOON_MILLIS = 300;
    private static final double SMALL_MEGABYTES = 60;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** What a server has on its class path, as files or in a build as directories: the names without versions. */
    static final String HEDDLE = "heddle-(core|net|linux|http)";
    static final String HELIDON = "helidon(-.*)?|jakarta\\..*";
    private static final String JAVALIN = "javalin|jetty-.*|jakarta\\..*|kotlin-stdlib|asm.*|slf4j-api";
    static final String VERTX = "vertx-.*|netty-.*|jackson-core";
    static final String NOTHING = "";

    private final List<String> command;

    private Launching(List<String> command) {
        this.command = command;
    }

    /** The command of a server without a cache. */
    static List<String> jar(Class<?> program, String needed) {
        try {
            return java(List.of(), write(program, needed));
        } catch (IOException e) {
            throw new IllegalStateException("cannot prepare " + program.getSimpleName(), e);
        }
    }

    /** The command of a server with a cache of what its first answer has needed. */
    static List<String> cached(Class<?> program, String needed) {
        try {
            Path jar = write(program, needed);
            Path cache = jar.resolveSibling(jar.getFileName() + ".aot");
            cache.toFile().deleteOnExit();
            train(jar, cache);
            return java(List.of("-XX:AOTCache=" + cache), jar);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("cannot prepare " + program.getSimpleName(), e);
        }
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "start",
                "A server of one page, by java -jar or python, from the start of its process until its port is open and"
                        + " the page is there",
                2,
                15,
                List.of(
                        new Measure("time until the port is open", "ms", Target.atMost(SOON_MILLIS)),
                        new Measure("CPU until then", "ms"),
                        new Measure("resident memory then", "MB", Target.atMost(SMALL_MEGABYTES)),
                        new Measure("time until the first answer", "ms")),
                List.of(
                        Side.peer("com.sun.net.httpserver", () -> new Launching(jar(HelloJdk.class, NOTHING))),
                        Side.peer("com.sun.net.httpserver, AOT cache",
                                () -> new Launching(cached(HelloJdk.class, NOTHING))),
                        Side.peer("Helidon", () -> new Launching(jar(HelloHelidon.class, HELIDON))),
                        Side.peer("Javalin", () -> new Launching(jar(HelloJavalin.class, JAVALIN))),
                        Side.peer("Vert.x", () -> new Launching(jar(HelloVertx.class, VERTX))),
                        Side.peer("Starlette on uvicorn", () -> new Launching(Python.command("hello_starlette.py")))
                                .needing(Python.need("uvicorn"))
                                .needing(Python.need("starlette")),
                        Side.ours("Heddle", () -> new Launching(jar(HelloHeddle.class, HEDDLE))),
                        Side.ours("Heddle, AOT cache", () -> new Launching(cached(HelloHeddle.class, HEDDLE))))));
    }

    /** A jar with nothing but a manifest. */
    private static Path write(Class<?> program, String needed) throws IOException {
        Pattern part = Pattern.compile("/(" + needed + "|heddle-bench)-[0-9][^/]*\\.jar$|/("
                + needed.replace("heddle-", "") + "|bench)/target/classes$");
        Path directory = Files.createTempDirectory("heddle-bench").toRealPath();
        directory.toFile().deleteOnExit(); // behind what is in it
        Path file = directory.resolve("server.jar");
        file.toFile().deleteOnExit();
        var manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, program.getName());
        attributes.put(Attributes.Name.CLASS_PATH,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(entry -> part.matcher(entry).find())
                        // Relative, as users write it: what an URL names would be in no cache.
                        .map(entry -> directory.relativize(Path.of(entry).toAbsolutePath()).toString())
                        .collect(Collectors.joining(" ")));
        attributes.putValue("Add-Opens", "java.base/java.lang");
        attributes.putValue("Add-Exports", "java.base/jdk.internal.vm");
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file;
    }

    /** Has the JVM record a start and an answer, which it writes down when it ends. */
    private static void train(Path jar, Path cache) throws IOException, InterruptedException {
        try (var running = new LaunchedServer(java(List.of("-XX:AOTCacheOutput=" + cache), jar))) {
            running.awaitAnswer();
            running.process.destroy();
            if (!running.process.waitFor(LIMIT) || !Files.exists(cache)) {
                throw new IllegalStateException("the JVM has made no cache of " + jar);
            }
        }
    }

    private static List<String> java(List<String> options, Path jar) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What is wrong with an old JDK is said once, in a line that costs a few milliseconds; so does SLF4J.
        command.addAll(List.of("-Dheddle.jdk.warning=false", "-Dslf4j.internal.verbosity=ERROR"));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    @Override
    public double[] round() throws IOException, InterruptedException {
        try (var running = new LaunchedServer(command)) {
            running.awaitOpen();
            double open = running.millis();
            double cpu = new ProcessClock(running.process.pid()).nanos() / NANOS_PER_MILLI;
            double resident = Memory.residentOf(running.process.pid()) / Memory.BYTES_PER_MEGABYTE;
            running.awaitAnswer();
            return new double[]{open, cpu, resident, running.millis()};
        }
    }
}
