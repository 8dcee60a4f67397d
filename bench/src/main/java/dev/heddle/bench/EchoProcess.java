package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An echo server that runs, as a child of this process. */
final class EchoProcess implements AutoCloseable {

    private static final String ENGINE = "HEDDLE_ENGINE";
    private static final List<String> PIN = List.of("taskset", "-c", "0");
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);
    private static final int PORT = 1;
    private static final int ENGINE_NAME = 2;

    private final EchoServer server;
    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;
    private final String[] ready;

    private EchoProcess(EchoServer server, Process process) throws IOException {
        this.server = server;
        this.process = process;
        this.answers = process.inputReader();
        this.requests = process.outputWriter();
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException("the server " + server + " did not start; see its messages above");
        }
        this.ready = line.split(" ", -1);
    }

    /**
     * Starts a server and returns when it can be reached.
     *
     * @param options for its JVM, if it has one
     * @throws IllegalStateException if it ends instead
     */
    static EchoProcess start(EchoServer server, String... options) {
        List<String> command = new ArrayList<>(server.isPinned() ? PIN : List.of());
        command.addAll(server.command(List.of(options)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (!server.engine().isEmpty()) {
            builder.environment().put(ENGINE, server.engine());
        }
        try {
            return new EchoProcess(server, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the server " + server, e);
        }
    }

    EchoServer server() {
        return server;
    }

    int port() {
        return Integer.parseInt(ready[PORT]);
    }

    /** What a server of ours waits with; empty for servers that do not say. */
    String engine() {
        return ready.length > ENGINE_NAME ? ready[ENGINE_NAME] : "";
    }

    /** taskset becomes the server, so that is this process. */
    long pid() {
        return process.pid();
    }

    /** The bytes of its heap that are in use after a collection; 0 if it is no JVM. */
    long heapBytes() {
        if (!server.isJava()) {
            return 0;
        }
        try {
            requests.write("heap\n");
            requests.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the server " + server + " has ended; see its messages above");
            }
            return Long.parseLong(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        end(process, requests);
    }

    /** Ends a child that ends with its input, by force if it takes too long. */
    static void end(Process process, Writer requests) {
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
