package dev.heddle.cluster.sqlite;

import dev.heddle.Heddle;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process that raises a counter in a file, and prints a line for each raise that was answered, until it is killed. */
final class CountingProcess implements AutoCloseable {

    static final Key COUNTER = new Key("things", "counter");

    static final SessionOptions SHOP = SessionOptions.of("shop").withTimeout(Duration.ofSeconds(4));

    private final Process process;
    private final BufferedReader lines;
    private int raised;

    CountingProcess(Path file) throws IOException {
        process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens", "java.base/java.lang=ALL-UNNAMED", "--add-exports",
                "java.base/jdk.internal.vm=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                CountingProcess.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Waits for more raises. Blocks. */
    void awaitRaises(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            if (lines.readLine() == null) {
                throw new IOException("the process has ended");
            }
            raised++;
        }
    }

    /** Kills it, and gives the raises that it was answered. Blocks. */
    int kill() throws IOException {
        // Not by the process, which would close what it has printed.
        process.toHandle().destroyForcibly();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            raised += line.equals("raised") ? 1 : 0;
        }
        return raised;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] arguments) {
        Heddle.run(() -> {
            Store store = SqliteStore.at(Path.of(arguments[0])).open(SHOP);
            store.commit(List.of(new Op.Create(
                    new Key("processes", "" + ProcessHandle.current().pid()), Bytes.EMPTY, Lifetime.EPHEMERAL))).join();
            for (;;) {
                Optional<Entry> now = store.read(COUNTER, ReadConsistency.LOCAL).join();
                Op op = now.<Op>map(entry -> new Op.Set(
                        COUNTER, Bytes.utf8("" + (Integer.parseInt(entry.value().utf8()) + 1)), entry.version()))
                        .orElse(new Op.Create(COUNTER, Bytes.utf8("1"), Lifetime.DURABLE));
                if (store.commit(List.of(op)).join() instanceof CommitOutcome.Committed) {
                    System.out.println("raised");
                }
            }
        });
    }
}
