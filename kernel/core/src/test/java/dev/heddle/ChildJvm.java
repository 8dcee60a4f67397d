package dev.heddle;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM that runs a main class of these tests: for signals and flags. It is killed when it takes a minute, so no
 * test waits forever.
 */
public final class ChildJvm implements AutoCloseable {

    public static final String OPEN_LANG = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    public static final String EXPORT_VM = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED";

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
        CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES).execute(process::destroyForcibly);
    }

    public static ChildJvm start(Class<?> main, List<String> flags) throws Exception {
        return start(List.of(), main, flags);
    }

    /** @param before the words before the command of the JVM, such as those of {@code env} */
    public static ChildJvm start(List<String> before, Class<?> main, List<String> flags) throws Exception {
        List<String> arguments = new ArrayList<>(flags);
        arguments.add("-cp");
        arguments.add(placeOf(Heddle.class) + System.getProperty("path.separator") + placeOf(main));
        arguments.add(main.getName());
        return run(before, arguments);
    }

    /** The JVM with these arguments and no others that say what runs. */
    public static ChildJvm run(List<String> arguments) throws Exception {
        return run(List.of(), arguments);
    }

    private static ChildJvm run(List<String> before, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.addAll(arguments);
        return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    public static ChildJvm start(Class<?> main) throws Exception {
        return start(main, List.of(OPEN_LANG, EXPORT_VM));
    }

    public static String placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    /** Reads lines up to one; fails if it does not come. */
    public void awaitLine(String wanted) throws IOException {
        List<String> seen = new ArrayList<>();
        String line = output.readLine();
        while (line != null && !line.equals(wanted)) {
            seen.add(line);
            line = output.readLine();
        }
        if (line == null) {
            throw new AssertionError("no line '" + wanted + "' but: " + seen);
        }
    }

    /** Everything printed until the end. */
    public String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            rest.append(line).append('\n');
        }
        return rest.toString();
    }

    public void signal(String name) throws Exception {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -" + name + " ended with " + exit);
        }
    }

    public int exitCode() throws InterruptedException {
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + process);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
