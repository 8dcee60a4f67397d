package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/** A job queue of Node.js, with a server of its own. Its program is {@code src/main/node/jobs_peer.mjs}. */
final class NodeJobs implements Workload {

    private static final Need NODE = Need.program("node");
    private static final Need MODULES = new Need(
            "the packages of Node.js, which yard/bench/run fetches when it finds npm and a network",
            () -> Files.isDirectory(Home.NODE_MODULES.resolve("node_modules")));

    private final Postgres server = Postgres.start();
    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    private NodeJobs(String kind) {
        List<String> command = List.of(Need.find("node").orElseThrow().toString(),
                Home.NODE_SOURCES.resolve("jobs_peer.mjs").toString(), kind, server.uri(),
                Home.NODE_MODULES.toString(), "" + JobRounds.ONES, "" + JobRounds.BATCHED, "" + JobRounds.SECONDS);
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        }
        requests = process.outputWriter();
        answers = process.inputReader();
    }

    /** @param kind the package */
    static Side side(String kind) {
        return Side.peer(kind, () -> new NodeJobs(kind))
                .needing(NODE)
                .needing(MODULES)
                .needing(Postgres.INSTALLED);
    }

    @Override
    public double[] round() throws IOException {
        requests.write("round\n");
        requests.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException("its process ended; see its messages above");
        }
        return Stream.of(line.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        server.close();
    }
}
