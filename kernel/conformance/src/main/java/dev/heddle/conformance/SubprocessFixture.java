package dev.heddle.conformance;

import dev.heddle.Heddle;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The fixture under the parts of {@link SubprocessContract}. */
public interface SubprocessFixture extends EngineFixture {

    /** Whether the engine tells a death by a signal from the exit codes above 128. */
    default boolean tellsSignals() {
        return true;
    }

    /** Whether processes may lead groups, and any signal may be sent. */
    default boolean knowsGroupsAndSignals() {
        return true;
    }

    /**
     * Whether the output is read on while another process keeps it open; Java's own processes may end it with the
     * process.
     */
    default boolean readsBeyondTheEnd() {
        return true;
    }

    /** What a failure says. */
    static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    /** A command for the shell. */
    static List<String> sh(String line) {
        return List.of("/bin/sh", "-c", line);
    }

    /** A body over a file. */
    interface FileBody {
        void run(Path file) throws Exception;
    }

    /** Runs a body over a file that is there until its end. */
    static void withFile(String text, FileBody body) throws Exception {
        Path file = Files.writeString(Files.createTempFile("heddle", ""), text);
        try {
            body.run(file);
        } finally {
            Files.delete(file);
        }
    }

    /** Starts a script that says {@code ready} first, and waits for that. */
    static Subprocess ready(SubprocessOptions options, String line) {
        Subprocess process = Subprocess.start(options, sh(line));
        if (!process.stdout().readLine(100).orElse("").equals("ready")) {
            throw new AssertionError(process + " did not get ready");
        }
        return process;
    }

    /** Whether the system still has a process of this number, be it a dead one that nobody has asked for. */
    static boolean isInTable(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    /** A grandchild is reaped by another process, some of which take seconds; what has ended has no command any more. */
    static void awaitGone(long pid) {
        while (ProcessHandle.of(pid).flatMap(each -> each.info().command()).isPresent()) {
            Heddle.sleep(Duration.ofMillis(5));
        }
    }
}
