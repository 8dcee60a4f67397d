package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of ours that runs, as a child of this process: it says {@code ready PORT ENGINE} and ends with its input.
 */
final class ServerProcess implements AutoCloseable {

    /** Puts a program on the first processor. It becomes the program, so that is the process that is started. */
    static final List<String> PIN = List.of("taskset", "-c", "0");

    /** The variable that chooses Heddle's engine. */
    static final String ENGINE = "HEDDLE_ENGINE";

    private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);
    private static final int PORT = 1;
    private static final int ENGINE_NAME = 2;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;
    private final String[] ready;

    private ServerProcess(String name, Process process) throws IOException {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader();
        this.requests = process.outputWriter();
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException("the server " + name + " did not start; see its messages above");
        }
        this.ready = line.split(" ", -1);
    }

    /**
     * Starts a server and returns when it can be reached.
     *
     * @param name who it is, for messages
     * @param pinned whether it has the first processor only
     * @param engine what Heddle's engine is chosen by; empty for the others and for the default
     * @throws IllegalStateException if it ends instead
     */
    static ServerProcess start(String name, List<String> program, boolean pinned, String engine) {
        List<String> command = new ArrayList<>(pinned ? PIN : List.of());
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (!engine.isEmpty()) {
            builder.environment().put(ENGINE, engine);
        }
        try {
            return new ServerProcess(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the server " + name, e);
        }
    }

    int port() {
        return Integer.parseInt(ready[PORT]);
    }

    /** What a server of ours waits with; empty for servers that do not say. */
    String engine() {
        return ready.length > ENGINE_NAME ? ready[ENGINE_NAME] : "";
    }

    long pid() {
        return process.pid();
    }

    /** Writes a line and reads one. */
    String ask(String question) {
        try {
            requests.write(question + "\n");
            requests.flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("the server " + name + " has ended; see its messages above");
            }
            return line;
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
