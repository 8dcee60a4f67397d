package dev.heddle.cli.sight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** Programs in JVMs of their own, and the command that looks into them, apart from all others on this machine. */
public final class ObservedPrograms implements AutoCloseable {

    /**
     * In a child, a guest waits for a mutex, held by a cook who waits for a full channel, whose waiter sleeps on another
     * loop; the parent's main task waits for the child.
     */
    public static final String CHAIN = """
            run(() -> {
                try (ProcessPool pool = ProcessPool.of(1)) {
                    IO.println("ready");
                    pool.call(() -> Heddle.run(Config.DEFAULT.withLoops(2), () -> {
                        Mutex kitchen = Mutex.named("kitchen");
                        Channel<String> pass = Channel.of(1);
                        currentLoop().siblings().get(1).spawn("waiter", () -> {
                            pass.receive();
                            sleep(Duration.ofHours(1));
                        });
                        spawn("cook", () -> kitchen.run(() -> {
                            pass.send("soup");
                            pass.send("noodles");
                            pass.send("tea");
                        }));
                        checkpoint();
                        spawn("guest", () -> {
                            kitchen.acquire();
                        }).join();
                        return 1;
                    }));
                }
            });""";

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final String SOCKETS = "HEDDLE_OBSERVE_DIRECTORY";

    private final Path directory;
    private final List<Process> started = new ArrayList<>();

    /** @param directory empty; the path is short */
    public ObservedPrograms(Path directory) {
        this.directory = directory;
    }

    /** The directory of sockets. */
    public Path sockets() {
        return directory.resolve("heddle");
    }

    /**
     * Starts a program and waits until it says {@code ready} and can be observed.
     *
     * @param body of the main method, with Heddle's words
     */
    public Process start(String body, String... jvmOptions) throws IOException {
        return observed(startUnobserved(body, jvmOptions));
    }

    /** As {@link #start}, but compiled here, which is quicker than from its source; it has another name then. */
    public Process startCompiled(String body, String... jvmOptions) throws IOException {
        Path source = source(body);
        String path = System.getProperty("java.class.path");
        if (ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-proc:none", "-nowarn",
                "-cp", path, "-d", directory.toString(), source.toString()) != 0) {
            throw new AssertionError("the program does not compile");
        }
        List<String> command = javaWith(path + File.pathSeparator + directory, jvmOptions);
        command.add(source.getFileName().toString().replace(".java", ""));
        return observed(ready(start(command)));
    }

    private Process observed(Process process) {
        while (!Files.exists(sockets().resolve(process.pid() + ".sock"))) {
            if (!process.isAlive()) {
                throw new AssertionError("the program has ended");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return process;
    }

    /** Starts a program and waits until it says {@code ready}. */
    Process startUnobserved(String body, String... jvmOptions) throws IOException {
        List<String> command = java(jvmOptions);
        command.add(source(body).toString());
        return ready(start(command));
    }

    private Path source(String body) throws IOException {
        Path source = directory.resolve("Program" + started.size() + ".java");
        return Files.writeString(source, """
                import static dev.heddle.Heddle.*;
                import dev.heddle.*;
                import dev.heddle.http.client.HttpClient;
                import dev.heddle.http.server.*;
                import dev.heddle.net.*;
                import dev.heddle.process.*;
                import dev.heddle.sync.*;
                import java.time.Duration;

                void main() throws Exception {
                """ + body + "\n}\n");
    }

    private static Process ready(Process process) throws IOException {
        BufferedReader out = process.inputReader(UTF_8);
        for (String line = out.readLine(); !"ready".equals(line); line = out.readLine()) {
            if (line == null) {
                throw new AssertionError("the program does not say that it is ready");
            }
        }
        return process;
    }

    /** Runs the command to its end. */
    CommandLine heddle(String... words) throws Exception {
        return heddleWith(List.of(), words);
    }

    CommandLine heddleWith(List<String> jvmOptions, String... words) throws Exception {
        return ended(begin(jvmOptions, words));
    }

    /** Begins to run the command. */
    Process begin(List<String> jvmOptions, String... words) throws IOException {
        List<String> command = java(jvmOptions.toArray(String[]::new));
        command.add(Main.class.getName());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(directory.resolve("err").toFile());
        builder.environment().put(SOCKETS, sockets().toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Waits for the end of a command that was begun. */
    CommandLine ended(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new CommandLine(process.waitFor(), out, Files.readString(directory.resolve("err")));
    }

    /** What the command tells when the program is where it is to stay, which is seen by that. */
    CommandLine heddleUntil(Pattern wanted, String... words) throws Exception {
        CommandLine told = heddle(words);
        for (int tries = 1; tries < 20 && !wanted.matcher(told.out()).find(); tries++) {
            told = heddle(words);
        }
        assertTrue(wanted.matcher(told.out()).find(), told.out() + told.err());
        return told;
    }

    private static List<String> java(String... jvmOptions) {
        return javaWith(System.getProperty("java.class.path"), jvmOptions);
    }

    private static List<String> javaWith(String classPath, String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", classPath));
        return command;
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put(SOCKETS, sockets().toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    static void signal(Process process, String name) throws Exception {
        signal(process.toHandle(), name);
    }

    /** Sends a signal, such as {@code STOP}. */
    public static void signal(ProcessHandle process, String name) throws Exception {
        if (new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor() != 0) {
            throw new AssertionError("kill failed");
        }
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
