package dev.heddle.file;

import dev.heddle.Heddle;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Another process that holds a lock file until its input ends or it is killed. */
final class LockHolder implements AutoCloseable {

    private static final String HELD = "held";

    private final Process process;

    private LockHolder(Process process) {
        this.process = process;
    }

    /** Starts the process and waits until it holds the lock. */
    static LockHolder of(Path file) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                java, "-cp", classPath(), LockHolder.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            var output = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            String line = output.readLine();
            if (!HELD.equals(line)) {
                throw new IOException("the other process says " + line);
            }
            return new LockHolder(process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static String classPath() {
        return place(LockHolder.class) + File.pathSeparator + place(LockRegistry.class) + File.pathSeparator
                + place(Heddle.class);
    }

    private static String place(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    /** The other process. */
    public static void main(String[] args) throws IOException {
        Optional<LockRegistry.Held> held = LockRegistry.tryHold(Path.of(args[0]));
        System.out.println(held.isPresent() ? HELD : "somebody else holds it");
        if (held.isPresent()) {
            while (System.in.read() >= 0) {
                // until the input ends
            }
            LockRegistry.release(held.get());
        }
    }
}
