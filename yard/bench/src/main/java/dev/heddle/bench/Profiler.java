package dev.heddle.bench;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The samples of where another JVM spends its processor time, by async-profiler: with the kernel's stacks under those
 * of Java, and those of the JVM's own threads beside.
 */
final class Profiler {

    private static final String USED = "heddle.bench.profiled";

    /** A prime number, so that nothing that happens each millisecond is always met, or never. */
    private static final String START = "start,log=stderr,event=cpu-clock,interval=499us,cstack=vm";

    private static final String STOP = "stop,log=stderr,collapsed,ann,file=";

    private final Path library;
    private final VirtualMachine machine;

    private Profiler(Path library, VirtualMachine machine) {
        this.library = library;
        this.machine = machine;
    }

    /** JVMs that are started from now on are to be profiled. */
    static void use() {
        System.setProperty(USED, "true");
    }

    /** What such a JVM needs: it tells inlined methods apart, and does not wonder at the profiler. */
    static List<String> options() {
        return Boolean.getBoolean(USED)
                ? List.of(
                        "-XX:+EnableDynamicAgentLoading", "-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints")
                : List.of();
    }

    /**
     * Begins to take samples of a JVM of this user.
     *
     * @throws IOException if it cannot be reached, or the kernel does not let itself be looked at
     */
    static Profiler start(long pid) throws IOException {
        Path library = library();
        try {
            var profiler = new Profiler(library, VirtualMachine.attach(Long.toString(pid)));
            profiler.load(START);
            return profiler;
        } catch (AttachNotSupportedException e) {
            throw new IOException("process " + pid + " cannot be profiled", e);
        }
    }

    /** Ends it, and gives the stacks, a line each: frames from the outermost on, and how often it was met. */
    List<String> stop() throws IOException {
        Path file = Files.createTempFile("heddle-bench", ".collapsed");
        try {
            load(STOP + file);
            machine.detach();
            return Files.readAllLines(file);
        } finally {
            Files.delete(file);
        }
    }

    private void load(String command) throws IOException {
        try {
            machine.loadAgentPath(library.toString(), command);
        } catch (AgentLoadException | AgentInitializationException e) {
            throw new IOException("async-profiler does not take \"" + command + "\"; see its message above", e);
        }
    }

    /** The library for this processor, out of its jar. */
    private static Path library() throws IOException {
        String name = (System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64")
                + "/libasyncProfiler.so";
        Path file = Files.createDirectories(Home.FLAMES).resolve("libasyncProfiler.so");
        try (InputStream library = Profiler.class.getResourceAsStream("/" + name)) {
            if (library == null) {
                throw new IOException("no " + name + " on the class path");
            }
            Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
