package dev.heddle.cluster.storm;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link StormNode} in its process, which can be started again. The options of the program:
 *
 * <pre>
 *   name        of the node
 *   folder      for its journal, its log, and the data of its server
 *   timeout     of its session, in milliseconds
 *   long        how long a long job takes, in milliseconds
 *   pool        the port of its pool
 *   address     where others ask it; not there if it only asks
 *   wire        the oldest and the newest version of the wire that it speaks: 1,2
 *   keys        the folder of cert.pem, key.pem and identity.pem; not there if nothing is encrypted
 *   peer        the number of its own ZooKeeper server, and
 *   peers         all of them: 1/HOST/QUORUM/ELECTION/voter,2/...
 *   engine      or what is beside it: ZOOKEEPER, ETCD, POSTGRES, and
 *   servers       where: HOST:PORT,..., or the URL for JDBC
 * </pre>
 */
final class StormProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 90;
    private static final long DUMP_SECONDS = 20;

    private final StormJvm jvm;
    private final Map<String, String> options;
    private final List<String> before;
    private @Nullable Process process;
    private @Nullable BufferedReader output;

    /**
     * @param before what it is started by; may be empty
     */
    StormProcess(StormJvm jvm, Map<String, String> options, List<String> before) {
        this.jvm = jvm;
        this.options = new TreeMap<>(options);
        this.before = before;
    }

    String name() {
        return Objects.requireNonNull(options.get("name"));
    }

    /** Changes an option for the next start. */
    void option(String key, String value) {
        options.put(key, value);
    }

    /** Starts it, without waiting until it is ready. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(before);
        // It is never struck: the one that asks.
        command.addAll(jvm.command(
                !options.containsKey("address"), "-Xmx256m", "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"));
        command.add(StormNode.class.getName());
        options.forEach((key, value) -> command.add(key + '=' + value));
        Process started = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log())).start();
        process = started;
        output = started.inputReader(StandardCharsets.UTF_8);
    }

    void awaitReady() throws IOException {
        String line = readLine();
        if (!line.equals("ready")) {
            throw new IOException(name() + " does not start: " + line);
        }
    }

    /** Asks it, and waits for its answer. */
    String ask(String line) throws IOException {
        var to = process().getOutputStream();
        to.write((line + '\n').getBytes(StandardCharsets.UTF_8));
        to.flush();
        return readLine();
    }

    private String readLine() throws IOException {
        BufferedReader from = Objects.requireNonNull(output);
        var line = new CompletableFuture<@Nullable String>();
        Thread.ofVirtual().start(() -> {
            try {
                line.complete(from.readLine());
            } catch (IOException e) {
                line.completeExceptionally(e);
            }
        });
        try {
            String answer = line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException(name() + " has ended: see its log");
            }
            return answer;
        } catch (ExecutionException e) {
            throw new IOException(name(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            dump();
            throw new IOException(name() + " does not answer: see its log", e);
        }
    }

    /** Has it write into its log what its tasks and threads wait for, as far as it can still do that. */
    private void dump() throws IOException {
        Path wish = StormNode.wishForADump(folder(), name());
        Files.createFile(wish);
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process threads = new ProcessBuilder(jcmd, Long.toString(process().pid()), "Thread.print", "-l")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DUMP_SECONDS);
            while ((threads.isAlive() || Files.exists(wish)) && System.nanoTime() < end) {
                Thread.sleep(100);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        threads.destroyForcibly(); // one that is stopped does not answer this either
        Files.deleteIfExists(wish);
    }

    private Path folder() {
        return Path.of(Objects.requireNonNull(options.get("folder")));
    }

    private File log() {
        return folder().resolve(name() + ".log").toFile();
    }

    Process process() {
        return Objects.requireNonNull(process);
    }

    /** Lets it leave the cluster, and waits for its end. */
    void leave() throws IOException, InterruptedException {
        process().getOutputStream().close();
        if (!process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(name() + " does not leave: see its log");
        }
    }

    /** Kills it, and gives what it had started: that should end by itself. */
    List<ProcessHandle> kill() {
        List<ProcessHandle> children = process().descendants().toList();
        boolean were = process().toHandle().isAlive(); // else its number may be another's
        process().destroyForcibly().onExit().join();
        return were ? children : List.of();
    }

    @Override
    public void close() {
        if (process != null) {
            kill().forEach(ProcessHandle::destroyForcibly);
        }
    }
}
