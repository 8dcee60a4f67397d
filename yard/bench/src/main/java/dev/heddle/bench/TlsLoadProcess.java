package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link TlsLoad} as a child of this process, pinned to the second processor. It stays, so that its code is compiled
 * once.
 */
final class TlsLoadProcess implements AutoCloseable {

    private static final List<String> PIN = List.of("taskset", "-c", "1");

    private final EchoServer server;
    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;

    private TlsLoadProcess(EchoServer server, Process process) {
        this.server = server;
        this.process = process;
        this.answers = process.inputReader();
        this.requests = process.outputWriter();
    }

    static TlsLoadProcess start(EchoProcess server) {
        List<String> command = new ArrayList<>(PIN);
        command.addAll(Peer.java(
                List.of(), TlsLoad.class, Integer.toString(server.port()), Long.toString(server.pid())));
        try {
            return new TlsLoadProcess(
                    server.server(), new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the load on " + server.server(), e);
        }
    }

    /**
     * Loads the server.
     *
     * @throws IOException if the server fails under the load, or echoes something else
     */
    TlsLoad.Answer run(TlsLoad.Plan plan) throws IOException {
        requests.write(plan.line() + "\n");
        requests.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the load on " + server + " failed; see its message above");
        }
        return TlsLoad.Answer.parse(line);
    }

    @Override
    public void close() {
        ServerProcess.end(process, requests);
    }
}
